"""More at one time than functions may run: behind APIs, behind events that nobody waits for, and in Map states."""

from collections.abc import Iterator, Mapping

from calculator.load.queueing import drain_burst, drain_week
from calculator.metering.aurora_serverless import connections_allowed
from calculator.rules import ERROR, INFO, WARNING, Breach, rule
from calculator.rules.amounts import (
    beyond,
    busy_s,
    by_source,
    by_target,
    joined,
    month_s,
    number,
    outside,
    pools_of,
    runnable,
)
from calculator.rules.bursts import burst_factors
from calculator.rules.changes import peak_is_known
from calculator.rules.containers import on_fargate
from calculator.rules.databases import CONNECTIONS_USED
from calculator.rules.view import APIS, FUNCTIONS, ComponentView, ConnectionView, View

HOURS_PER_WEEK = 168
WEEK_S = HOURS_PER_WEEK * 3600
# From this mean load over the peak load on, capacity that always runs may cost less: the middle of 0.4 to 0.6.
STEADY = 0.5
# So many of the busiest are compared with Fargate's price.
MOST_COMPARED = 5


@rule(
    why="An API lets in far more requests at one time than Lambda runs: rate x duration is what must run.",
    remedy="Throttle the stage at concurrency / duration, answer from a cache, or ask AWS for more concurrency.",
    source="docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits (public mirror; lists MicroVMs, so mid-2026)",
    checked="2026-mid (undated mirror)",
)
def apigw_rps_vs_lambda_concurrency(view: View) -> Iterator[Breach]:
    """An API lets in more than Lambda can run."""
    most_of = runnable(view)
    for connection in view.between(APIS, FUNCTIONS):
        busy = busy_s(connection.target)
        if connection.source is None or connection.asynchronous or busy is None:
            continue
        throttle, most, each = (
            connection.source.get("throttle_rps"),
            most_of(connection.target),
            connection.settings.share * connection.settings.calls,
        )
        comes = connection.peak_calls if throttle is None else min(connection.peak_calls, throttle * each)
        let_in = comes if throttle is None else throttle * each
        if beyond(let_in * busy, most):
            severity = ERROR if beyond(comes * busy, most) else WARNING
            told = f"{number(let_in)}/s x {number(busy)} s = {number(let_in * busy)} executions; at most {number(most)}"
            yield Breach(severity, connection.path, told)


@rule(
    why="Lambda keeps events that nobody waits for in a queue of its own, but only for some hours; "
    "what is older is dropped.",
    remedy="Put an SQS queue between, reserve concurrency, shorten the duration, and set an on-failure destination.",
    source="botocore 1.43.11 service model (model min/max and docstrings)",
    checked="2026-05",
)
def eventbridge_to_lambda_async_flood(view: View) -> Iterator[Breach]:
    """Events come faster than the function works, for longer than Lambda keeps them."""
    most_of, arriving = runnable(view), by_target(view.connections)
    factors, traffic = burst_factors(view), outside(view.architecture)
    length_s = 0.0 if traffic is None else float(traffic["burst_s"])
    for component in view.of(*FUNCTIONS):
        events = [connection for connection in arriving.get(component.number, []) if connection.asynchronous]
        busy = busy_s(component)
        if not events or not busy:
            continue
        most, kept_s = most_of(component), _kept_s(view, component)
        drain_rate = most / busy
        lost = _lost(view, events, drain_rate, busy, kept_s)
        if factors:
            lost = max(lost, _lost_in_burst(events, factors, length_s, drain_rate, busy, kept_s))
        if lost > 0:
            told = (
                f"{number(busy)} s each, at most {number(most)} at one time: {number(100 * lost)} % of the events "
                f"are older than {number(kept_s)} s before their turn comes"
            )
            yield Breach(WARNING, joined(events), told)


def _kept_s(view: View, component: ComponentView) -> float:
    most = view.limit("lambda_function.lambda_async_max_event_age", component.region)
    return float(min(component.get("async_event_age_s") or most, most, WEEK_S))


def _lost(view: View, events: list[ConnectionView], drain_rate: float, busy: float, kept_s: float) -> float:
    """Share of the events of a week, in the shape of the traffic, that grow too old."""
    traffic = view.architecture.traffic
    mean = sum(connection.calls for connection in events) / month_s(view.architecture)
    weights = (1.0,) if traffic is None else traffic.weights
    if not beyond(mean * max(weights) / (sum(weights) / len(weights)), drain_rate):
        return 0.0
    week = [weight * mean * len(weights) / sum(weights) for weight in weights] * (HOURS_PER_WEEK // len(weights))
    return drain_week(week, drain_rate, busy, retention_s=kept_s).expired_share


def _lost_in_burst(
    events: list[ConnectionView],
    factors: Mapping[int | None, float],
    length_s: float,
    drain_rate: float,
    busy: float,
    kept_s: float,
) -> float:
    """Share of the events of a burst that grow too old."""
    peak = sum(connection.peak_calls for connection in events)
    if beyond(peak, drain_rate):
        return 0.0
    in_burst = sum(
        connection.peak_calls * factors.get(None if connection.source is None else connection.source.number, 1.0)
        for connection in events
    )
    return drain_burst(peak, in_burst, length_s, drain_rate, busy, retention_s=kept_s).expired_share


@rule(
    why="Every function that subscribes to the topic runs for every message, all at the same time and of one pool.",
    remedy="Put an SQS queue before each subscriber and bound its concurrency, or filter what each gets.",
    source="docs.aws.amazon.com/general/latest/gr/sns.html (public mirror)",
    checked="2025-2026",
)
def sns_fanout_concurrency(view: View) -> Iterator[Breach]:
    """A topic starts several functions at once, together more than may run."""
    pools = pools_of(view)
    for index, connections in by_source(view.between(("sns_topic",), FUNCTIONS)).items():
        region = view.components[index].region
        sharing = [
            connection
            for connection in connections
            if connection.target.get("reserved_concurrency") is None and connection.target.region == region
        ]
        needed = sum(connection.peak_calls * (busy_s(connection.target) or 0.0) for connection in sharing)
        most = pools.get(region, 0.0)
        if len(sharing) > 1 and beyond(needed, most):
            told = f"{number(needed)} executions of {len(sharing)} functions; {number(most)} are left to them"
            yield Breach(WARNING, joined(sharing), told)


@rule(
    why="A Map state starts as many iterations at one time as it may, whatever is behind it: "
    "a distributed one up to 10,000.",
    remedy="Set the Map's MaxConcurrency to what the function and its database take.",
    source="docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html (public mirror)",
    checked="2026",
)
def sfn_map_downstream(view: View) -> Iterator[Breach]:
    """A Map runs more iterations at one time than what is behind it takes."""
    most_of, leaving = runnable(view), by_source(view.connections)
    for connection in view.between(("state_machine",), FUNCTIONS):
        at_once = _iterations(view, connection)
        if at_once is None:
            continue
        most = most_of(connection.target)
        if beyond(at_once, most):
            told = f"{number(at_once)} iterations at one time; {number(most)} executions of the function"
            yield Breach(ERROR, connection.path, told)
        for behind in leaving.get(connection.target.number, []):
            if behind.target.type != "aurora_serverless":
                continue
            opened = min(at_once, most) * behind.settings.open_connections
            allowed = CONNECTIONS_USED * connections_allowed(behind.target.inputs) * behind.target.inputs.instances
            if beyond(opened, allowed):
                told = f"{number(opened)} connections; {number(allowed)} of the database can be used"
                yield Breach(ERROR, (*connection.path, behind.target.name), told)


def _iterations(view: View, connection: ConnectionView) -> float | None:
    """Iterations of a Map at one time; None where that is not known. 0 is what Step Functions takes for no bound."""
    stated = connection.settings.max_concurrency
    if stated is None and connection.source is not None and connection.settings.calls > 1:
        children = connection.source.get("distributed_map_children")
        stated = connection.source.get("map_concurrency") if children is None else children
    if stated == 0:
        return view.limit("state_machine.sfn_distributed_map_children", connection.target.region)
    return None if stated is None else float(stated)


@rule(
    why="Lambda is made for what comes and goes; where the load hardly falls, what always runs may cost less.",
    remedy="Compare the price of the same vCPUs and memory on Fargate or EC2.",
    source="https://aws.amazon.com/lambda/pricing/ (unverified)",
    checked="unverified",
)
def lambda_vs_fargate_breakeven_hint(view: View) -> Iterator[Breach]:
    """A function runs at a steady load all day."""
    for _, component, told in sorted(_steady(view), key=lambda one: -one[0])[:MOST_COMPARED]:
        tasks, instead = on_fargate(view, component)
        yield Breach(INFO, (component.name,), f"{told}; {tasks}" if tasks else told, instead)


def _steady(view: View) -> Iterator[tuple[float, ComponentView, str]]:
    for component in view.of("lambda_function"):
        busy, peak_rps = busy_s(component), component.inputs.peak_rps
        if not busy or not peak_is_known(view, component):
            continue
        mean = component.inputs.requests / month_s(view.architecture)
        if beyond(mean * busy, 1) and beyond(mean, STEADY * peak_rps):
            told = f"{number(mean * busy)} executions at one time in the mean, {number(peak_rps * busy)} at the peak"
            yield mean * busy, component, told
