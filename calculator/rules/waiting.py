"""Who waits for an answer, how long they wait at most, and how long the answer takes."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from calculator.rules.amounts import by_source
from calculator.rules.view import APIS, FUNCTIONS, ComponentView, ConnectionView, View
from pricing.formula.language import MS_PER_S

RUNNING = (*FUNCTIONS, "lambda_edge_function")
DOORS = (*APIS, "appsync_api", "load_balancer", "cloudfront_distribution")
WAITING = (*DOORS, *RUNNING)


class Answer(NamedTuple):
    """How long a component takes to answer in the mean [s], and the components that take this long."""

    seconds: float
    path: tuple[str, ...]


def waiting(view: View) -> Iterator[ConnectionView]:
    """The connections on which somebody waits for an answer."""
    for connection in view.connections:
        if not connection.asynchronous and (connection.source is None or connection.source.type in WAITING):
            yield connection


def patience_s(view: View, component: ComponentView) -> float | None:
    """How long a component is given to answer, by itself or by AWS [s]; None: that is not known."""
    if component.get("stream_s") is not None:
        return view.limit("rest_api.apigw_rest_stream_duration", component.region)
    if component.type in APIS:
        return _seconds(component.get("integration_timeout_ms"))
    if component.type == "load_balancer":
        return _number(component.get("idle_timeout_s"))
    if component.type == "cloudfront_distribution":
        return _number(component.get("origin_timeout_s"))
    if component.type == "appsync_api" and component.get("api_type") == "graphql":
        return view.limit("appsync_api.appsync_execution_timeout", component.region)
    return _number(component.get("timeout_s")) if component.type in RUNNING else None


def waited_s(view: View, connection: ConnectionView) -> float | None:
    """How long the caller waits at most for an answer on a connection [s]; None: that is not known."""
    if connection.settings.timeout_s is not None:
        return float(connection.settings.timeout_s)
    return None if connection.source is None else patience_s(view, connection.source)


def answers_without_waiting(component: ComponentView) -> float | None:
    """How long a component works on one call [s]; None where it only passes it on, or that is not known."""
    if component.type in RUNNING:
        return _seconds(component.get("duration_ms"))
    if component.type == "state_machine" and component.get("synchronous"):
        return _seconds(component.get("duration_ms"))
    return None


def answers(view: View) -> Mapping[int, Answer]:
    """How long each component takes to answer: a function its own time, a intake as long as the slowest behind it."""
    leaving, found = by_source(waiting(view)), dict[int, Answer]()
    for index in reversed(view.architecture.order):
        component = view.components[index]
        own = answers_without_waiting(component)
        slowest = Answer(own or 0.0, (component.name,))
        for connection in leaving.get(index, ()) if own is None else ():
            behind, waited = found.get(connection.target.number), waited_s(view, connection)
            if behind is None:
                continue
            seconds = behind.seconds if waited is None else min(behind.seconds, waited)
            if seconds > slowest.seconds:
                slowest = Answer(seconds, (component.name, *behind.path))
        found[index] = slowest
    return found


def _seconds(amount_ms: float | None) -> float | None:
    return None if amount_ms is None else float(amount_ms / MS_PER_S)


def _number(amount: float | None) -> float | None:
    return None if amount is None else float(amount)
