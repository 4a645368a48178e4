"""What leaves a component on each of its connections: how often, at what size, in batches of how many."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from calculator.architecture import Connection
from calculator.metering import Carried, Inputs, Sent, sending_of
from calculator.metering.batches import attempts, dead_share
from calculator.traffic.arriving import mean_size
from calculator.traffic.inputs import read_traffic
from calculator.traffic.walk import Walk, arriving_at, ends_of, known_duration_s, mean_batch, share_at_once
from pricing.catalogue.catalogue import component_type
from pricing.catalogue.component_type import TrafficRule
from pricing.catalogue.flow_file import ANSWER
from pricing.formula.language import KB_PER_GB, S_PER_HOUR, Constant, Number, known_zero, maximum, minimum, ratio, total

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


class Source(NamedTuple):
    """A component as what leaves it has it: worked out once for all of its connections, which may be thousands.

    `leaves` is how much leaves it in a month, `peak` at the peak [1/s], `mean` in the mean [1/s]. `at_once` are how
    many come together and their share of all; `known` is what is worked out when the first connection asks for it.
    """

    place: int
    type: str
    flow: TrafficRule
    values: Mapping[str, Any]
    arriving: list[Carried]
    leaves: Number
    peak: Number
    mean: Number
    at_once: tuple[Number, Number]
    known: dict[str, Any]

    def once(self, name: str, work_out: Callable[[], Any]) -> Any:
        """What has been worked out under a name, or is now."""
        if name not in self.known:
            self.known[name] = work_out()
        return self.known[name]


def source_of(walk: Walk, index: int) -> Source:
    """A component with what has arrived at it so far."""
    type_name, arriving = walk.architecture.components[index].type, arriving_at(walk, index)
    flow = component_type(type_name).flow
    leaves, peak = _leaves(walk, index, flow)
    mean = leaves / (walk.month_hours * S_PER_HOUR)
    return Source(index, type_name, flow, walk.inputs[index], arriving, leaves, peak, mean, share_at_once(arriving), {})


def leaving(walk: Walk, index: int | None) -> list[tuple[int, Carried]]:
    """What a component sends on each of its connections; None: what comes from outside."""
    numbers = walk.leaving.get(index, [])
    if index is not None and numbers:
        source = source_of(walk, index)
        return [(number, _from_component(walk, source, number)) for number in numbers]
    if not numbers or walk.architecture.traffic is None:
        return []
    outside = read_traffic(walk.architecture.traffic, walk.reading, walk.month_hours)
    return [(number, _from_outside(walk, number, outside)) for number in numbers]


def leaving_on(walk: Walk, source: Source | None, number: int) -> Carried:
    """What leaves a component on one connection that comes late; None: what comes from outside."""
    if source is not None:
        return _from_component(walk, source, number)
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


def _from_component(walk: Walk, source: Source, number: int) -> Carried:
    connection, components = walk.architecture.connections[number], walk.architecture.components
    settings, target = ends_of(walk, number)
    flow, leaves, peak = source.flow, source.leaves, source.peak
    seconds = walk.month_hours * S_PER_HOUR
    target_type = components[connection.target].type
    sending = _sending(walk, source, target_type, settings, target)
    each, at_peak = sending(source.mean), sending(peak)
    leaves, peak = _of_its_own(each, leaves, peak, seconds)
    settings = Inputs(vars(settings), **each.says) if each.says else settings
    share, peak_share = _shares(walk, settings, source)
    asynchronous = flow.asynchronous or settings.invocation == "async"
    runs = _runs(settings, flow, target_type, asynchronous=asynchronous)
    share, peak_share = share * runs, peak_share * runs
    if source.place in walk.circling:
        _note_further(walk, number, runs, [(sending, source.mean, each), (sending, peak, at_peak)])
    at_once = _at_once(source, settings, share * each.calls)
    peak_calls = peak * (peak_share * at_peak.calls)
    if not _is_nothing(at_once):
        if "clock" in flow.traits:
            at_once = at_once * maximum(1, peak * SECOND)  # several schedules may start within a second
        peak_calls = maximum(leaves / seconds * (share * each.calls), at_once / _spread_s(source.values, vars(target)))
    return Carried(
        source.type,
        target_type,
        settings,
        target,
        leaves * (share * each.calls),
        peak_calls,
        _payload_kb(connection, settings, each, source),
        _response_kb(settings, source, target_type),
        asynchronous,
        each.batch,
        at_peak.batch,
        at_once,
    )


def _of_its_own(each: Sent, leaves: Number, peak: Number, seconds: Number) -> tuple[Number, Number]:
    """What leaves on a connection in other numbers than elsewhere: its peak in proportion, but at least the mean."""
    if each.of is None:
        return leaves, peak
    mean = each.of / seconds
    nothing = known_zero(leaves) or known_zero(peak)
    return each.of, mean if nothing else maximum(mean, peak * ratio(each.of, leaves))


def _leaves(walk: Walk, index: int, flow: TrafficRule) -> tuple[Number, Number]:
    """How much leaves a component in a month, and at the peak [1/s] as much as is let through."""
    values = walk.inputs[index]
    leaves = values.get(flow.left(values))
    if leaves is None:
        leaves = 0
    mean = leaves / (walk.month_hours * S_PER_HOUR)
    # With some choices there is no input for the peak; what arrives at the peak then goes on.
    at_peak = flow.left_at_peak(values)
    peak = values[at_peak] if at_peak else walk.arrived.get(index, mean)
    if flow.takes.get(flow.left(values)) == "gb" and index in walk.arrived:
        peak = total(one.peak_calls * (one.payload_kb or 0) for one in arriving_at(walk, index)) / KB_PER_GB
    if values.get("throttle_rps") is not None:
        peak = minimum(peak, values["throttle_rps"])
    if values.get("reserved_concurrency") is not None and known_duration_s(values) is not None:
        peak = minimum(peak, ratio(values["reserved_concurrency"], maximum(known_duration_s(values), SECOND / 1000)))
    return leaves, peak


def _shares(walk: Walk, settings: Inputs, source: Source) -> tuple[Number, Number]:
    """Calls for each that leaves, in the mean and at the peak: for each message of a batch where these count."""
    share = 0 if settings.control else settings.share * settings.calls
    if "clock" in source.flow.traits:
        # More of what it starts is more each time, not more often.
        name = walk.architecture.components[source.place].name
        share = share * walk.reading(1, f"{name}.at_once", "call")
    if settings.per != "message":
        return share, share
    batch = source.once("batch", lambda: mean_batch(source.arriving, peak=False))
    return share * batch, share * source.once("peak_batch", lambda: mean_batch(source.arriving, peak=True))


def _runs(settings: Inputs, source: TrafficRule, target: str, *, asynchronous: bool) -> Number:
    """Attempts for each call that nobody waits for, or the share that fails for good."""
    if "batches" in source.traits:
        return 1
    most = ASYNCHRONOUS_RUNS if settings.max_retries is None else settings.max_retries + 1
    if settings.dead_letter:
        # Every run of an event leaves the function: its dead letter is one for all of them.
        return dead_share(settings.failure_share, most) / attempts(settings.failure_share, most)
    if asynchronous and "retried" in component_type(target).flow.traits:
        return attempts(settings.failure_share, most)
    return 1


def _at_once(source: Source, settings: Inputs, calls: Number) -> Number:
    """Calls that come together each time that a schedule starts them."""
    if not settings.at_once:
        return 0
    together, _ = source.at_once
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


def _payload_kb(connection: Connection, settings: Inputs, each: Sent, source: Source) -> Number | None:
    if settings.payload_kb is not None:
        return settings.payload_kb
    if each.payload_kb is not None:
        return each.payload_kb
    if connection.payload_input or source.flow.passes:
        return source.values.get(connection.payload_input or source.flow.passes)
    return _mean_kb(source, "payload_kb") if "transparent" in source.flow.traits else None


def _response_kb(settings: Inputs, source: Source, target_type: str) -> Number | None:
    """What is answered on a connection [KB]: as it says; or what its source answers, that passes the answer on."""
    flow = source.flow
    if settings.response_kb is not None:
        return settings.response_kb
    if flow.traits & {"transparent", "caches"}:
        return _mean_kb(source, "response_kb")
    # An API answers what the load balancer behind it does.
    doors = flow.internet and flow.internet != ANSWER and "compute" not in flow.traits
    behind = "both_gb" in component_type(target_type).flow.takes.values()
    return source.values.get(flow.internet) if doors and behind else None


def _mean_kb(source: Source, name: str) -> Number | None:
    return source.once(name, lambda: mean_kb(source.arriving, name))


def mean_kb(arriving: list[Carried], name: str) -> Number | None:
    """The mean size [KB] of what arrives, of the connections that say one; None: none does."""
    sized = [(one.calls, getattr(one, name)) for one in arriving if getattr(one, name) is not None]
    return mean_size(sized) if sized else None


def _sending(
    walk: Walk, source: Source, target_type: str, settings: Inputs, target: Inputs
) -> Callable[[Number], Sent]:
    """What one that leaves becomes on a connection, where so many leave in a second."""
    rule = sending_of(source.type)
    if rule is None:
        return _one_call
    inputs: Inputs = source.once("inputs", lambda: _sender(walk, source))
    flow = component_type(target_type).flow
    if settings.dead_letter:
        beside = source.once("beside", lambda: _beside(walk, source.place)) or (settings, target)
        inputs = Inputs(vars(inputs), beside=beside)
    if not flow.singly:
        return lambda per_s: rule(inputs, settings, target, per_s)
    single, one_by_one = Inputs(vars(inputs), batch=1), Inputs(vars(settings), batch=1)
    if "gathers" not in flow.traits:
        return lambda per_s: rule(single, one_by_one, target, per_s)

    def gathered(per_s: Number) -> Sent:
        batch = rule(inputs, settings, target, per_s).batch
        return rule(single, one_by_one, target, per_s)._replace(says={"gathered": batch})

    return gathered


def _one_call(per_s: Number) -> Sent:
    return ONE_CALL


def _sender(walk: Walk, source: Source) -> Inputs:
    backlog, share = source.at_once
    arrived = {"backlog": backlog, "backlog_share": share, "arriving": source.arriving}
    arrived["others"] = max(len(walk.leaving.get(source.place, ())) - 1, 0)
    return Inputs({**source.values, **arrived, "month_hours": walk.month_hours})


def _beside(walk: Walk, index: int) -> tuple[Inputs, Inputs] | None:
    """Settings and target of the connection beside those of dead letters, where the messages are worked on."""
    for number in walk.leaving[index]:
        settings, target = ends_of(walk, number)
        if not settings.dead_letter:
            return settings, target
    return None


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
