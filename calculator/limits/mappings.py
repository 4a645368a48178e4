"""What connections ask of Lambda: executions that mappings start, and environments that a burst needs at once."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from calculator.architecture import Architecture
from calculator.limits.bursts import Arrival, burst_factors, times_in_burst
from calculator.limits.checks import Check, limit_in
from calculator.metering import Carried
from calculator.metering.batches import attempts
from calculator.traffic.inputs import read_traffic
from calculator.traffic.propagate import Flow
from pricing.catalogue.catalogue import quota_named
from pricing.formula.language import MS_PER_S, S_PER_HOUR, Constant, Number, maximum, minimum, ratio, total
from pricing.formula.reading import Reading

# https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html: five executions, 300 more a minute, 1,250.
MOST_OF_MAPPING = "event_source_mapping.lambda_esm_sqs_concurrency_cap"
RAMP_OF_MAPPING = "event_source_mapping.lambda_esm_sqs_scaling_rate"
MINUTE = Constant(60, "s")
FUNCTIONS = ("lambda_function", "lambda_durable_function")
# https://docs.aws.amazon.com/lambda/latest/dg/scaling-behavior.html: 1,000 more of a function in each 10 seconds.
RAMP_OF_FUNCTION = "lambda_function.lambda_scaling_rate"
RAMP_WINDOW = Constant(10, "s")


class _Asked(NamedTuple):
    """What is needed to compare: the traffic in a reading, and its arrivals by where they arrive."""

    architecture: Architecture
    flow: Flow
    reading: Reading
    arriving: Mapping[int, list[Arrival]]


def checks_of_connections(
    architecture: Architecture, flow: Flow, month_hours: Number, reading: Reading
) -> Iterator[Check]:
    """The checks that no component decides alone.

    A queue holds a peak back, so that its mapping must only keep up with the mean of the month: full batches, worked on
    by as many executions as the mapping may start, its own `max_concurrency` or 1,250. What a burst from outside brings
    to a queue within a minute is to be worked off within that minute, by no more executions than a mapping adds in one;
    and a function that somebody waits for gets no more new environments within 10 seconds than Lambda starts.
    """
    asked = _Asked(architecture, flow, reading, _arriving(architecture, flow))
    mappings = _mappings(architecture, flow)
    for (queue, function), links in mappings.items():
        mean, own = flow.inputs[queue]["messages"] / (month_hours * S_PER_HOUR), _most(links)
        if own is not None or not flow.inputs[queue]["fifo"]:  # of a FIFO queue the message groups are the bound
            yield _check(asked, MOST_OF_MAPPING, (queue, function), _executions(links, mean), own)
    traffic = architecture.traffic
    if traffic is None or traffic.inputs["burst_rps"] is None:
        return
    outside = read_traffic(traffic, reading, month_hours)
    # What is less than the peak is no burst.
    times = maximum(ratio(outside["burst_rps"], outside["peak_rps"]), 1)
    factors = burst_factors(architecture, (one for arrivals in asked.arriving.values() for one in arrivals), times)
    within = minimum(outside["burst_s"] / MINUTE, 1)
    for (queue, function), links in mappings.items():
        more = flow.inputs[queue]["peak_rps"] * _more(asked.arriving.get(queue, []), factors) * within
        yield _check(asked, RAMP_OF_MAPPING, (queue, function), _executions(links, more) / Constant(1, "minute"))
    for index, component in enumerate(architecture.components):
        if component.type in FUNCTIONS:
            yield from _new_environments(asked, index, factors)


def _arriving(architecture: Architecture, flow: Flow) -> dict[int, list[Arrival]]:
    arriving: dict[int, list[Arrival]] = {}
    for connection, link in zip(architecture.connections, flow.carried, strict=True):
        arrival = Arrival(connection.source, connection.target, link.peak_calls, waits=not link.asynchronous)
        arriving.setdefault(connection.target, []).append(arrival)
    return arriving


def _mappings(architecture: Architecture, flow: Flow) -> dict[tuple[int, int], list[Carried]]:
    """What mappings carry from queues to functions, without dead letters."""
    mappings: dict[tuple[int, int], list[Carried]] = {}
    for connection, link in zip(architecture.connections, flow.carried, strict=True):
        from_queue = link.source_type == "sqs_queue" and link.target_type in FUNCTIONS
        if from_queue and not link.settings.dead_letter:
            mappings.setdefault((connection.source or 0, connection.target), []).append(link)
    return mappings


def _executions(links: list[Carried], per_s: Number) -> Number:
    """Executions that work on so many messages a second [1/s], in full batches and with the attempts that fail."""
    needed = []
    for link in links:
        said = link.settings
        made = per_s * said.share * said.calls * attempts(said.failure_share, said.max_receive_count)
        needed.append(made / said.batch * _busy_s(vars(link.target)))
    return total(needed)


def _most(links: list[Carried]) -> Number | None:
    """The executions that a mapping may start, where the document says so."""
    stated = [link.settings.max_concurrency for link in links]
    return None if None in stated else total(stated)


def _more(arrivals: list[Arrival], factors: Mapping[int | None, Number]) -> Number:
    """How much more than at the peak arrives in a burst, over what arrives at the peak."""
    return maximum(times_in_burst(arrivals, factors) - 1, 0)


def _new_environments(asked: _Asked, function: int, factors: Mapping[int | None, Number]) -> Iterator[Check]:
    inputs = asked.flow.inputs[function]
    awaited = [one for one in asked.arriving.get(function, ()) if one.waits]
    if inputs.get("burst_executions") is not None or not any(one.source in factors for one in awaited):
        return
    at_peak, busy_s = total(one.peak_calls for one in awaited), _busy_s(inputs)
    idle = maximum(inputs.get("provisioned_concurrency", 0) - at_peak * busy_s, 0)
    new = at_peak * _more(awaited, factors) * minimum(busy_s, RAMP_WINDOW) - idle
    yield _check(asked, RAMP_OF_FUNCTION, (function,), maximum(new, 0))


def _busy_s(inputs: Mapping[str, Any]) -> Number:
    """How long a call keeps an environment of a function busy [s]."""
    return inputs["duration_ms"] * inputs.get("invocations", 1) / MS_PER_S


def _check(asked: _Asked, name: str, components: tuple[int, ...], demand: Number, own: Number | None = None) -> Check:
    quota, region = quota_named(name), asked.architecture.components[components[-1]].region
    if own is None:
        own = asked.reading(limit_in(quota, region, asked.architecture.account), quota.name, quota.unit)
    return Check(quota, region, components, demand, own)
