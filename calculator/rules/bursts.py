"""Bursts from outside: more new environments than Lambda starts, what cold starts ask for, buckets, cold tables."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from calculator.limits.bursts import Arrival
from calculator.limits.bursts import burst_factors as limits_factors
from calculator.load.token_bucket import burst
from calculator.metering.dynamodb_table import units_per_read, units_per_write
from calculator.rules import INFO, WARNING, Breach, rule
from calculator.rules.amounts import beyond, burst_times, busy_s, by_target, joined, metered, number, outside
from calculator.rules.view import FUNCTIONS, ComponentView, ConnectionView, View
from pricing.catalogue.component_type import Quota

# Lambda's limit of new environments holds for so many seconds.
SCALING_WINDOW_S = 10
# A table on demand is ready for so many times its previous peak.
READY_FOR = 2


def burst_factors(view: View) -> Mapping[int | None, float]:
    """How many times its peak leaves each component in a burst; empty where no burst is stated."""
    times = burst_times(view.architecture)
    if times is None or times <= 1:
        return {}
    arrivals = (
        Arrival(_source(one), one.target.number, one.peak_calls, waits=not one.asynchronous) for one in view.connections
    )
    return limits_factors(view.architecture, arrivals, times)


def _source(connection: ConnectionView) -> int | None:
    return None if connection.source is None else connection.source.number


def _times(connections: list[ConnectionView], factors: Mapping[int | None, float]) -> float:
    """How many times the peak comes over some connections in a burst."""
    peak = sum(connection.peak_calls for connection in connections)
    return (
        sum(connection.peak_calls * _factor(connection, factors) for connection in connections) / peak if peak else 1.0
    )


def _factor(connection: ConnectionView, factors: Mapping[int | None, float]) -> float:
    return factors.get(_source(connection), 1.0)


def new_environments(view: View) -> Iterator[tuple[ComponentView, float, float]]:
    """Functions that a burst makes grow: the new environments that are asked for in 10 s, and those that are started.

    Only calls that somebody waits for count: events wait in a queue of Lambda's own.
    """
    factors, arriving = burst_factors(view), by_target(view.connections)
    for component in view.of(*FUNCTIONS):
        wanted = component.get("burst_executions")
        busy = busy_s(component)
        if wanted is None and factors and busy is not None:
            connections = [
                connection for connection in arriving.get(component.number, []) if not connection.asynchronous
            ]
            at_peak = sum(connection.peak_calls for connection in connections)
            idle = max((component.get("provisioned_concurrency") or 0) - at_peak * busy, 0)
            wanted = at_peak * (_times(connections, factors) - 1) * min(busy, SCALING_WINDOW_S) - idle
        if wanted is not None and wanted > 0:
            most = view.limit("lambda_function.lambda_scaling_rate", component.region)
            yield component, float(wanted), float(min(wanted, most))


@rule(
    why="Lambda starts only so many environments of a function in 10 seconds; what rises faster finds none free.",
    remedy="Keep provisioned concurrency for the burst, put a queue before the function, or shorten its duration.",
    source="docs.aws.amazon.com/lambda/latest/dg/scaling-behavior.html (docs public copy)",
    checked="2025-2026",
)
def spike_vs_scaling_rate(view: View) -> Iterator[Breach]:
    """A burst rises faster than Lambda starts environments."""
    for component, wanted, _ in new_environments(view):
        most = view.limit("lambda_function.lambda_scaling_rate", component.region)
        if beyond(wanted, most):
            told = f"{number(wanted)} new environments in {SCALING_WINDOW_S} s; at most {number(most)}"
            yield Breach(WARNING, (component.name,), told)


@rule(
    why="Every new environment reads its parameters at once, and all of them share Parameter Store's standard rate.",
    remedy="Switch higher throughput on, let the Lambda extension keep the values, or read them from Secrets Manager.",
    source="https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-throughput.html (unverified)",
    checked="unverified",
)
def coldstart_ssm_rate(view: View) -> Iterator[Breach]:
    """Cold starts of a burst read Parameter Store faster than it answers."""
    started = {component.number: new / SCALING_WINDOW_S for component, _, new in new_environments(view)}
    for connection in view.between(FUNCTIONS, ("ssm_parameter",)) if started else ():
        if (
            connection.source is None
            or connection.source.number not in started
            or connection.target.inputs.higher_throughput
        ):
            continue
        per_s = started[connection.source.number]
        most = view.limit("ssm_parameter.ssm_get_parameter_rate", connection.target.region)
        if beyond(per_s * connection.settings.calls, most):
            calls = number(connection.settings.calls)
            told = f"{number(per_s)} new environments/s x {calls} calls; {number(most)} calls/s"
            yield Breach(WARNING, connection.path, told)


@rule(
    why="Each new environment opens a log stream of its own, and an account creates only so many in a second.",
    remedy="Leave it, as logs only come later, or ask AWS for a higher rate.",
    source="botocore 1.43.11 service model (model min/max and docstrings)",
    checked="2026-05",
)
def coldstart_log_streams(view: View) -> Iterator[Breach]:
    """Cold starts of a burst open more log streams than CloudWatch creates in a second."""
    started: defaultdict[str, list[tuple[str, float]]] = defaultdict(list)
    for component, _, new in new_environments(view):
        started[component.region].append((component.name, new / SCALING_WINDOW_S))
    for region, functions in started.items():
        per_s = sum(each for _, each in functions)
        most = view.limit("log_group.logs_create_stream", region)
        if beyond(per_s, most):
            told = f"{number(per_s)} new log streams/s; {number(most)}/s are created"
            yield Breach(INFO, tuple(name for name, _ in functions), told)


@rule(
    why="A table on demand is ready at once for twice its previous peak, or for what a new table takes; "
    "for more it grows in some 30 minutes.",
    remedy="Set warm throughput before the launch, or let a queue spread the writes.",
    source="docs.aws.amazon.com/amazondynamodb/.../on-demand-capacity-mode (public mirror)",
    checked="2025-2026",
)
def ondemand_cold_spike(view: View) -> Iterator[Breach]:
    """A burst asks more of an on-demand table than it is ready for."""
    factors = burst_factors(view)
    arriving = by_target(view.connections) if factors else {}
    for component in view.of("dynamodb_table"):
        connections = arriving.get(component.number, [])
        if not connections or component.inputs.capacity != "on_demand":
            continue
        for kind, units in (("write", units_per_write(component.inputs)), ("read", units_per_read(component.inputs))):
            peak = sum(connection.peak_calls * (_each(connection, kind)) for connection in connections) * units
            spike = (
                sum(
                    connection.peak_calls * _each(connection, kind) * _factor(connection, factors)
                    for connection in connections
                )
                * units
            )
            ready = max(_warm(view, component, kind), READY_FOR * peak)
            if beyond(spike, ready):
                told = f"{number(spike)} {kind} units/s in the burst; ready for {number(ready)}"
                yield Breach(WARNING, joined(connections), told)


def _each(connection: ConnectionView, kind: str) -> float:
    return float((connection.settings.writes if kind == "write" else connection.settings.reads) or 0)


def _warm(view: View, component: ComponentView, kind: str) -> float:
    stated = component.get(f"warm_{kind}_units")
    return (
        view.limit(f"dynamodb_table.dynamodb_ondemand_initial_{kind}", component.region) if stated is None else stated
    )


@rule(
    why="A limit with a burst allowance refills at its rate: what a burst takes beyond that empties the bucket, "
    "then AWS throttles.",
    remedy="Smooth the burst with a queue or retries with jitter, shorten it, or ask AWS for a higher rate and bucket.",
    source="docs.aws.amazon.com/apigateway/latest/developerguide/limits.html + general/latest/gr/apigateway.html",
    checked="2026-08-10",
)
def ingest_bucket_token(view: View) -> Iterator[Breach]:
    """A burst empties a token bucket although the mean fits."""
    factors, traffic = burst_factors(view), outside(view.architecture)
    if not factors or traffic is None:
        return
    for check in view.checks:
        if not check.quota.bucket:
            continue
        components = [view.components[index] for index in check.components]
        bucket = view.limit(f"{check.quota.type}.{check.quota.bucket}", check.region)
        rate, length_s = float(check.limit), traffic["burst_s"]
        in_burst = float(check.demand) + sum(_more(view, component, check.quota, factors) for component in components)
        worst = burst(rate, bucket, in_burst, length_s)
        # A peak beyond the rate is a violation anyway.
        if worst.seconds_until_throttle is None or not worst.refused or beyond(float(check.demand), rate):
            continue
        told = (
            f"{number(in_burst)}/s for {number(length_s)} s; {number(rate)}/s and a bucket of {number(bucket)} last "
            f"{number(worst.seconds_until_throttle)} s, then {number(100 * worst.refused_share)} % of it are refused"
        )
        yield Breach(WARNING, tuple(component.name for component in components), told)


def _more(view: View, component: ComponentView, quota: Quota, factors: Mapping[int | None, float]) -> float:
    """What a component demands of a quota beyond its peak while a burst lasts."""
    times = factors.get(component.number, 1.0)
    return (times - 1) * float(_demand(view, component).get(quota.full_name, 0)) if times != 1 else 0.0


def _demand(view: View, component: ComponentView) -> Mapping[str, Any]:
    demand = metered(view, component).demand
    return {name if "." in name else f"{component.type}.{name}": amount for name, amount in demand.items()}
