"""What leaves a component on each of its connections: how often, at what size, in batches of how many."""

from collections.abc import Callable, Mapping
from typing import Any

from calculator.architecture import Connection
from calculator.metering import Carried, Inputs, Sent, sending_of
from calculator.metering.batches import attempts, dead_share
from calculator.traffic.arriving import mean_size
from calculator.traffic.inputs import read_traffic
from calculator.traffic.walk import Walk, arriving_at, ends_of, known_duration_s, mean_batch, share_at_once
from pricing.catalogue.catalogue import component_type
from pricing.catalogue.component_type import TrafficRule
from pricing.formula.language import S_PER_HOUR, Constant, Number, maximum, minimum, ratio

ONE_CALL = Sent(1, None)
SECOND = Constant(1, "s")
# What one more becomes, by finite difference: a 64th more.
STEPS_OF_MORE = 64
# Lambda runs an asynchronous call that fails two more times
# (https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html).
ASYNCHRONOUS_RUNS = 3
# Elements or children of a Map that run at one time
# (https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html).
SIDE_BY_SIDE = {"inline": 40, "distributed": 10_000}


def leaving(walk: Walk, index: int | None) -> list[tuple[int, Carried]]:
    """What a component sends on each of its connections; None: what comes from outside."""
    numbers = walk.leaving.get(index, [])
    if index is not None:
        return [(number, _from_component(walk, index, number)) for number in numbers]
    if not numbers or walk.architecture.traffic is None:
        return []
    outside = read_traffic(walk.architecture.traffic, walk.reading, walk.month_hours)
    return [(number, _from_outside(walk, number, outside)) for number in numbers]


def leaving_on(walk: Walk, index: int | None, number: int) -> Carried:
    """What leaves a component on one connection that comes late."""
    if index is not None:
        return _from_component(walk, index, number)
    assert walk.architecture.traffic is not None  # noqa: S101  nothing else comes from outside
    outside = read_traffic(walk.architecture.traffic, walk.reading, walk.month_hours)
    return _from_outside(walk, number, outside)


def _from_outside(walk: Walk, number: int, outside: Mapping[str, Any]) -> Carried:
    settings, target = ends_of(walk, number)
    each = 0 if settings.control else settings.share * settings.calls
    return Carried(
        "",
        walk.architecture.components[walk.architecture.connections[number].target].type,
        settings,
        target,
        outside["requests_per_month"] * each,
        outside["peak_rps"] * each,
        outside["payload_kb"] if settings.payload_kb is None else settings.payload_kb,
        outside["response_kb"] if settings.response_kb is None else settings.response_kb,
        asynchronous=False,
    )


def _from_component(walk: Walk, index: int, number: int) -> Carried:
    connection, components = walk.architecture.connections[number], walk.architecture.components
    source, values = components[index], walk.inputs[index]
    settings, target = ends_of(walk, number)
    flow = component_type(source.type).flow
    leaves, peak = _leaves(walk, index, flow)
    seconds = walk.month_hours * S_PER_HOUR
    mean = leaves / seconds
    arriving = arriving_at(walk, index)
    sending = _sending(walk, number, settings, target)
    each, at_peak = sending(mean), sending(peak)
    if each.of is not None:
        leaves, peak = each.of, maximum(each.of / seconds, peak * ratio(each.of, leaves))
    share, peak_share = _shares(settings, arriving)
    if "clock" in flow.traits:
        # More of what it starts is more each time, not more often.
        volume = walk.reading(1, f"{source.name}.at_once", "call")
        share, peak_share = share * volume, peak_share * volume
    asynchronous = flow.asynchronous or settings.invocation == "async"
    runs = _runs(settings, source.type, components[connection.target].type, asynchronous=asynchronous)
    share, peak_share = share * runs, peak_share * runs
    if index in walk.circling:
        _note_further(walk, number, runs, [(sending, mean, each), (sending, peak, at_peak)])
    at_once = _at_once(walk, index, settings, share * each.calls)
    peak_calls = peak * (peak_share * at_peak.calls)
    if not _is_nothing(at_once):
        if "clock" in flow.traits:
            at_once = at_once * maximum(1, peak * SECOND)  # several schedules may start within a second
        peak_calls = maximum(leaves / seconds * (share * each.calls), at_once / _spread_s(values, vars(target)))
    return Carried(
        source.type,
        components[connection.target].type,
        settings,
        target,
        leaves * (share * each.calls),
        peak_calls,
        _payload_kb(connection, settings, each, flow, values, arriving),
        _response_kb(settings, flow, arriving),
        asynchronous,
        each.batch,
        at_peak.batch,
        at_once,
    )


def _leaves(walk: Walk, index: int, flow: TrafficRule) -> tuple[Number, Number]:
    """How much leaves a component in a month, and at the peak [1/s] as much as is let through."""
    values = walk.inputs[index]
    leaves = values.get(flow.leaves)
    if leaves is None:
        leaves = values.get(flow.leaves_else, 0)
    mean = leaves / (walk.month_hours * S_PER_HOUR)
    # With some choices there is no input for the peak; what arrives at the peak then goes on.
    peak = values[flow.leaves_peak] if values.get(flow.leaves_peak) is not None else walk.arrived.get(index, mean)
    if values.get("throttle_rps") is not None:
        peak = minimum(peak, values["throttle_rps"])
    if values.get("reserved_concurrency") is not None and known_duration_s(values) is not None:
        peak = minimum(peak, ratio(values["reserved_concurrency"], maximum(known_duration_s(values), SECOND / 1000)))
    return leaves, peak


def _shares(settings: Inputs, arriving: list[Carried]) -> tuple[Number, Number]:
    """Calls for each that leaves, in the mean and at the peak: for each message of a batch where these count."""
    share = 0 if settings.control else settings.share * settings.calls
    if settings.per != "message":
        return share, share
    return share * mean_batch(arriving, peak=False), share * mean_batch(arriving, peak=True)


def _runs(settings: Inputs, source: str, target: str, *, asynchronous: bool) -> Number:
    """Attempts for each call that nobody waits for, or the share that fails for good."""
    if "batches" in component_type(source).flow.traits:
        return 1
    most = ASYNCHRONOUS_RUNS if settings.max_retries is None else settings.max_retries + 1
    if settings.dead_letter:
        # Every run of an event leaves the function: its dead letter is one for all of them.
        return dead_share(settings.failure_share, most) / attempts(settings.failure_share, most)
    if asynchronous and "retried" in component_type(target).flow.traits:
        return attempts(settings.failure_share, most)
    return 1


def _at_once(walk: Walk, index: int, settings: Inputs, calls: Number) -> Number:
    """Calls that come together each time that a schedule starts them."""
    if not settings.at_once:
        return 0
    together, _ = share_at_once(arriving_at(walk, index))
    if settings.map != "none":
        stated = settings.max_concurrency
        calls = minimum(calls, SIDE_BY_SIDE[settings.map] if stated is None else stated)
    return calls if _is_nothing(together) else together * calls


def _is_nothing(at_once: Number) -> bool:
    return isinstance(at_once, int) and at_once == 0


def _spread_s(source: Mapping[str, Any], target: Mapping[str, Any]) -> Number:
    """Seconds over which what comes at once is spread: while the source works on it, and while the target is busy.

    So many at once, each as long as the target is busy, are as many executions as Little's law makes of the rate.
    """
    spread: Number = SECOND
    for values in (source, target):
        duration_s = known_duration_s(values)
        if duration_s is not None:
            spread = maximum(spread, duration_s)
    return spread


def _payload_kb(
    connection: Connection,
    settings: Inputs,
    each: Sent,
    flow: TrafficRule,
    values: Mapping[str, Any],
    arriving: list[Carried],
) -> Number | None:
    if settings.payload_kb is not None:
        return settings.payload_kb
    if each.payload_kb is not None:
        return each.payload_kb
    if connection.payload_input or flow.passes:
        return values.get(connection.payload_input or flow.passes)
    return mean_kb(arriving, "payload_kb") if "transparent" in flow.traits else None


def _response_kb(settings: Inputs, flow: TrafficRule, arriving: list[Carried]) -> Number | None:
    if settings.response_kb is not None or "transparent" not in flow.traits:
        return settings.response_kb
    return mean_kb(arriving, "response_kb")


def mean_kb(arriving: list[Carried], name: str) -> Number | None:
    """The mean size [KB] of what arrives, of the connections that say one; None: none does."""
    sized = [(one.calls, getattr(one, name)) for one in arriving if getattr(one, name) is not None]
    return mean_size(sized) if sized else None


def _sending(walk: Walk, number: int, settings: Inputs, target: Inputs) -> Callable[[Number], Sent]:
    """What one that leaves becomes on a connection, where so many leave in a second."""
    connection, components = walk.architecture.connections[number], walk.architecture.components
    index = connection.source or 0
    rule = sending_of(components[index].type)
    if rule is None:
        return lambda per_s: ONE_CALL
    arriving = arriving_at(walk, index)
    backlog, share = share_at_once(arriving)
    values: Mapping[str, Any] = {**walk.inputs[index], "backlog": backlog, "backlog_share": share, "arriving": arriving}
    if settings.dead_letter:
        values = {**values, "beside": _beside(walk, index, (settings, target))}
    target_type = components[connection.target].type
    if component_type(target_type).flow.singly:
        values, settings = {**values, "batch": 1}, Inputs({**vars(settings), "batch": 1})
    source = Inputs({**values, "month_hours": walk.month_hours})
    return lambda per_s: rule(source, settings, target, per_s)


def _beside(walk: Walk, index: int, own: tuple[Inputs, Inputs]) -> tuple[Inputs, Inputs]:
    """Settings and target of the connection beside that of dead letters, where the messages are worked on."""
    for number in walk.leaving[index]:
        settings, target = ends_of(walk, number)
        if not settings.dead_letter:
            return settings, target
    return own


def _note_further(
    walk: Walk, number: int, runs: Number, rates: list[tuple[Callable[[Number], Sent], Number, Sent]]
) -> None:
    """What one more that leaves becomes on a connection of a circle, in the mean and at the peak.

    A component that batches feed counts the messages that leave it: for each of them one that is sent for each message,
    or as much of a call as one more message makes.
    """
    connection, settings = walk.architecture.connections[number], ends_of(walk, number)[0]
    share = 0 if settings.control else settings.share * settings.calls * runs
    calls, units = [], []
    for place, (sending, per_s, sent) in enumerate(rates):
        each = share
        if connection.source in walk.fed and settings.per != "message":
            each = share * _calls_of_message(walk, connection.source or 0, place)
        calls.append(each * _further(sending, per_s, sent))
        in_messages = connection.target in walk.fed
        units.append(each * _further_messages(sending, per_s, sent) if in_messages else calls[-1])
    walk.further_calls[number] = (calls[0], calls[1])
    walk.further[number] = (units[0], units[1])


def _calls_of_message(walk: Walk, index: int, place: int) -> Number:
    """Calls that one more message makes of a component that batches feed, in the mean (0) or at the peak (1)."""
    for number in walk.entering.get(index, ()):
        if number in walk.further and number in walk.further_calls:
            return ratio(walk.further_calls[number][place], walk.further[number][place])
    return ratio(1, mean_batch(arriving_at(walk, index), peak=bool(place)))


def _further_messages(sending: Callable[[Number], Sent], per_s: Number, sent: Sent) -> Number:
    """Messages, in all its calls, that one more that leaves brings."""
    if sent is ONE_CALL:
        return sent.calls
    more = sending(per_s * (STEPS_OF_MORE + 1) / STEPS_OF_MORE)
    now, then = sent.calls * sent.batch, more.calls * more.batch
    return maximum(then * (STEPS_OF_MORE + 1) - now * STEPS_OF_MORE, 0)


def _further(sending: Callable[[Number], Sent], per_s: Number, sent: Sent) -> Number:
    """Calls for one more: fewer than for each, where what is more only makes the batches larger."""
    if sent is ONE_CALL:
        return sent.calls
    more = sending(per_s * (STEPS_OF_MORE + 1) / STEPS_OF_MORE)
    return maximum(more.calls * (STEPS_OF_MORE + 1) - sent.calls * STEPS_OF_MORE, 0)
