"""Who waits for an answer, how long they wait at most, and how long the answer takes."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from calculator.rules.amounts import by_source
from calculator.rules.view import APIS, FUNCTIONS, Place, View, Way
from pricing.formula.language import MS_PER_S

RUNNING = (*FUNCTIONS, "lambda_edge_function")
DOORS = (*APIS, "appsync_api", "load_balancer", "cloudfront_distribution")
WAITING = (*DOORS, *RUNNING)


class Answer(NamedTuple):
    """How long a component takes to answer in the mean [s], and the components that take this long."""

    seconds: float
    path: tuple[str, ...]


def waiting(view: View) -> Iterator[Way]:
    """The connections on which somebody waits for an answer."""
    for way in view.ways:
        if not way.asynchronous and (way.source is None or way.source.type in WAITING):
            yield way


def patience_s(view: View, place: Place) -> float | None:
    """How long a component is given to answer, by itself or by AWS [s]; None: that is not known."""
    if place.type in APIS:
        return _seconds(place.get("integration_timeout_ms"))
    if place.type == "load_balancer":
        return _number(place.get("idle_timeout_s"))
    if place.type == "cloudfront_distribution":
        return _number(place.get("origin_timeout_s"))
    if place.type == "appsync_api" and place.get("api_type") == "graphql":
        return view.limit("appsync_api.appsync_execution_timeout", place.region)
    return _number(place.get("timeout_s")) if place.type in RUNNING else None


def waited_s(view: View, way: Way) -> float | None:
    """How long the caller waits at most for an answer on a connection [s]; None: that is not known."""
    if way.c.timeout_s is not None:
        return float(way.c.timeout_s)
    return None if way.source is None else patience_s(view, way.source)


def answers_without_waiting(place: Place) -> float | None:
    """How long a component works on one call [s]; None where it only passes it on, or that is not known."""
    if place.type in RUNNING:
        return _seconds(place.get("duration_ms"))
    if place.type == "state_machine" and place.get("synchronous"):
        return _seconds(place.get("duration_ms"))
    return None


def answers(view: View) -> Mapping[int, Answer]:
    """How long each component takes to answer: a function its own time, a door as long as the slowest behind it."""
    leaving, found = by_source(waiting(view)), dict[int, Answer]()
    for index in reversed(view.architecture.order):
        place = view.places[index]
        own = answers_without_waiting(place)
        slowest = Answer(own or 0.0, (place.name,))
        for way in leaving.get(index, ()) if own is None else ():
            behind, waited = found.get(way.target.number), waited_s(view, way)
            if behind is None:
                continue
            seconds = behind.seconds if waited is None else min(behind.seconds, waited)
            if seconds > slowest.seconds:
                slowest = Answer(seconds, (place.name, *behind.path))
        found[index] = slowest
    return found


def _seconds(amount_ms: float | None) -> float | None:
    return None if amount_ms is None else float(amount_ms / MS_PER_S)


def _number(amount: float | None) -> float | None:
    return None if amount is None else float(amount)
