"""Traffic along connections: what comes from outside fills the inputs of every component behind it, in any reading."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from calculator.architecture import Architecture, Component, Connection
from calculator.metering import Carried, Inputs, Sent, sending_of, telling_of
from calculator.traffic.arriving import SETTINGS, taken
from calculator.traffic.inputs import OUTSIDE, mean_rates, read_component, read_connection, read_traffic
from calculator.traffic.loops import Step, returned
from pricing.catalogue.catalogue import Input, component_type
from pricing.catalogue.component_type import TrafficRule
from pricing.formula.language import S_PER_HOUR, Number, maximum, total
from pricing.formula.reading import Reading

# Where batches become larger as more comes back, less comes back: it is corrected so many times.
CORRECTIONS = 5
# One more is a 64th more.
MORE = 64


ONE_CALL = Sent(1, None)


class Flow(NamedTuple):
    """The inputs of every component, as they stand or as the traffic fills them, and what each connection carries.

    `gains` are those of the loops by where they begin, in the mean and at the peak.
    """

    inputs: tuple[dict[str, Any], ...]
    links: tuple[Carried, ...]
    gains: Mapping[int, tuple[Number, Number]]


class _Pass(NamedTuple):
    """One walk through the components in the order of the traffic.

    `each` is what one that leaves a component becomes on a connection, in the mean and at the peak, and `further` what
    one more becomes; `again` is what comes back over the connections that close loops; `endless` and `endless_peak` are
    the heads of loops that have no end.
    """

    architecture: Architecture
    reading: Reading
    month_hours: Number
    inputs: list[dict[str, Any]]
    settings: dict[int, Inputs]
    links: dict[int, Carried]
    entering: dict[int, list[int]]
    leaving: dict[int | None, list[int]]
    arrived: dict[int, Number]
    further: dict[int, tuple[Number, Number]]
    again: dict[int, Carried]
    closing: frozenset[int]
    circling: frozenset[int]
    endless: set[int]
    endless_peak: set[int]
    gains: dict[int, tuple[Number, Number]]


def propagate(architecture: Architecture, reading: Reading, month_hours: Number, *, deciding: bool = False) -> Flow:
    """Every input of every component as a number of the reading, and the calls along every connection.

    What comes back over a loop comes again and again: a geometric series. A loop of a gain of 1 or more has no end, and
    what comes back over it is not counted; whether it is one is read in the architecture, or decided here (in floats).
    """
    if not architecture.connections:
        return Flow(tuple(_unconnected(one, reading, month_hours) for one in architecture.components), (), {})
    state = _begun(architecture, reading, month_hours)
    for number, link in _leaving(state, None):
        state.links[number] = link
    circles = {circle[0]: circle for circle in architecture.circles}
    for index in architecture.order:
        if index in circles:
            _go_round(state, circles[index], deciding=deciding)
        elif index not in state.circling:
            _visit(state, index)
    links = tuple(state.links[number] for number in range(len(architecture.connections)))
    return Flow(tuple(state.inputs), links, state.gains)


def _unconnected(component: Component, reading: Reading, month_hours: Number) -> dict[str, Any]:
    values = read_component(component, reading)
    return values | mean_rates(component, values, month_hours)


def _begun(architecture: Architecture, reading: Reading, month_hours: Number) -> _Pass:
    entering: dict[int, list[int]] = {}
    leaving: dict[int | None, list[int]] = {}
    for number, connection in enumerate(architecture.connections):
        entering.setdefault(connection.target, []).append(number)
        leaving.setdefault(connection.source, []).append(number)
    loops = architecture.loops
    return _Pass(
        architecture,
        reading,
        month_hours,
        inputs=[read_component(component, reading) for component in architecture.components],
        settings={},
        links={},
        entering=entering,
        leaving=leaving,
        arrived={},
        further={},
        again={},
        closing=frozenset(loop.back for loop in loops),
        circling=frozenset(index for circle in architecture.circles for index in circle),
        endless={loop.path[0] for loop in loops if loop.gain >= 1},
        endless_peak={loop.path[0] for loop in loops if max(loop.gain, loop.peak_gain) >= 1},
        gains={},
    )


def _go_round(state: _Pass, circle: tuple[int, ...], *, deciding: bool) -> None:
    """Visit the components of a circle, first with its loops open, then with what comes back over them."""
    for index in circle:
        _visit(state, index)
    inside = set(circle)
    ways = [number for index in circle for number in state.leaving[index]]
    ways = [number for number in ways if state.architecture.connections[number].target in inside]
    batched = any(sending_of(state.architecture.components[index].type) for index in circle)
    for correction in range(CORRECTIONS if batched else 1):
        _return(state, circle, ways, deciding=deciding and not correction)
        for index in circle:
            _visit(state, index)


def _return(state: _Pass, circle: tuple[int, ...], ways: Sequence[int], *, deciding: bool) -> None:
    """What comes back, so that as much comes back of it as was said to."""
    steps, lacking = _steps(state, ways, peak=False), _lacking(state, ways, peak=False)
    mean = returned(circle, steps, lacking, state.endless, deciding=deciding)
    state.endless_peak.update(state.endless)
    steps, lacking = _steps(state, ways, peak=True), _lacking(state, ways, peak=True)
    peak = returned(circle, steps, lacking, state.endless_peak, deciding=deciding)
    for head, gain in mean.gains.items():
        state.gains.setdefault(head, (gain, peak.gains[head]))
    for number in ways:
        connection = state.architecture.connections[number]
        if number in state.closing and connection.target not in state.endless:
            link, source, further = state.links[number], connection.source or 0, state.further[number]
            calls, peak_calls = link.calls, link.peak_calls
            if source in mean.more:
                calls = maximum(calls + further[0] * mean.more[source], 0)
            if connection.target in state.endless_peak:
                peak_calls = peak_calls * 0
            elif source in peak.more:
                peak_calls = maximum(peak_calls + further[1] * peak.more[source], 0)
            state.again[number] = link._replace(calls=calls, peak_calls=peak_calls)


def _steps(state: _Pass, ways: Sequence[int], *, peak: bool) -> list[Step]:
    steps = []
    for number in ways:
        connection = state.architecture.connections[number]
        times = state.further[number][peak] * _raised(state, number, peak=peak)
        steps.append(Step(number, connection.source or 0, connection.target, times, number in state.closing))
    return steps


def _lacking(state: _Pass, ways: Sequence[int], *, peak: bool) -> dict[int, Number]:
    """What comes back to each head, less what was taken to come back, as more that leaves it."""
    lacking: dict[int, Number] = {}
    for number in ways:
        if number in state.closing:
            link, taken_back = state.links[number], state.again.get(number)
            missing = link.peak_calls if peak else link.calls
            if taken_back is not None:
                missing = missing - (taken_back.peak_calls if peak else taken_back.calls)
            target = state.architecture.connections[number].target
            lacking[target] = total([lacking.get(target, 0), missing * _raised(state, number, peak=peak)])
    return lacking


def _raised(state: _Pass, number: int, *, peak: bool) -> Number:
    """How many more leave the target of a connection for one call more; none where what leaves it is stated."""
    target = state.architecture.components[state.architecture.connections[number].target]
    kind = component_type(target.type).flow
    name = kind.leaves_peak if peak else kind.leaves
    if peak and name not in target.inputs:
        return 1
    if name not in target.derived:
        return 0
    setting = SETTINGS.get(kind.takes[name])
    each = 1 if setting is None else getattr(state.links[number].settings, setting)
    return 0 if each is None else each


def _visit(state: _Pass, index: int) -> None:
    """Fill the inputs of a component with what arrives at it, and send on what leaves it."""
    _fill(state, index)
    for number, link in _leaving(state, index):
        state.links[number] = link
    if index in state.leaving:
        _tell(state, index)


def _fill(state: _Pass, index: int) -> None:
    """The inputs that what arrives decides, and the mean rates of those and of what is stated."""
    component, values = state.architecture.components[index], state.inputs[index]
    numbers = state.entering.get(index, ())
    links = [(state.again if number in state.closing else state.links).get(number) for number in numbers]
    arriving = [link for link in links if link is not None]
    kind = component_type(component.type)
    for name, what in kind.flow.takes.items():
        if name in component.derived:
            # Before anything has come back over a loop: nothing, as a number of the reading.
            values[name] = taken(what, arriving) if arriving else state.reading(0, name, kind.inputs[name].unit)
    values |= mean_rates(component, values, state.month_hours)
    if arriving:
        state.arrived[index] = total(link.peak_calls for link in arriving)


def _tell(state: _Pass, index: int) -> None:
    """The inputs that the connections behind a component decide; one that they leave open is as it is by default."""
    component, values = state.architecture.components[index], state.inputs[index]
    kind = component_type(component.type)
    names = [name for name in kind.flow.told if name in component.derived]
    telling = telling_of(component.type)
    if names and telling is not None:
        leaving = [state.links[number] for number in state.leaving[index]]
        told = telling(Inputs(values | {"month_hours": state.month_hours}), leaving)
        for name in names:
            values[name] = told[name] if name in told else _default(state, kind.inputs[name])


def _default(state: _Pass, known: Input) -> Number | None:
    if known.default is None or known.may_be_unset:
        return None
    return state.reading(known.default, known.name, known.unit)  # type: ignore[arg-type]


def _leaving(state: _Pass, index: int | None) -> list[tuple[int, Carried]]:
    connections = state.architecture.connections
    numbers = state.leaving.get(index, [])
    if index is not None or not numbers or state.architecture.traffic is None:
        return [(number, _link(state, number)) for number in numbers]
    outside = read_traffic(state.architecture.traffic, state.reading, state.month_hours)
    links = []
    for number in numbers:
        settings, target = _ends(state, number)
        payload_kb = outside["payload_kb"] if settings.payload_kb is None else settings.payload_kb
        response_kb = outside["response_kb"] if settings.response_kb is None else settings.response_kb
        each = settings.share * settings.calls
        calls, peak_calls = outside["requests_per_month"] * each, outside["peak_rps"] * each
        kind = state.architecture.components[connections[number].target].type
        links.append((number, Carried("", kind, settings, target, calls, peak_calls, payload_kb, response_kb, False)))
    return links


def _ends(state: _Pass, number: int) -> tuple[Inputs, Inputs]:
    connection = state.architecture.connections[number]
    components = state.architecture.components
    if number not in state.settings:
        source = OUTSIDE if connection.source is None else components[connection.source].name
        name = f"{source} -> {components[connection.target].name}"
        state.settings[number] = Inputs(read_connection(connection, name, state.reading))
    return state.settings[number], Inputs(state.inputs[connection.target])


def _link(state: _Pass, number: int) -> Carried:
    """What leaves a component on one of its connections."""
    connection = state.architecture.connections[number]
    index = connection.source or 0
    source, values = state.architecture.components[index], state.inputs[index]
    settings, target = _ends(state, number)
    flow = component_type(source.type).flow
    leaves = _leaves(state, connection, flow)
    mean = leaves / (state.month_hours * S_PER_HOUR)
    # Where the peak is no input, or nobody says it, what arrives at the peak goes on.
    peak = values.get(flow.leaves_peak)
    if peak is None:
        peak = state.arrived.get(index, mean)
    sending = _sending(state, number, settings, target)
    each, at_peak = sending(mean), sending(peak)
    share = settings.share * settings.calls
    if index in state.circling:
        further = (_further(sending, rate, sent) for rate, sent in ((mean, each), (peak, at_peak)))
        state.further[number] = tuple(share * calls for calls in further)
    payload_kb = each.payload_kb if settings.payload_kb is None else settings.payload_kb
    if payload_kb is None and (connection.payload_input or flow.passes):
        payload_kb = values.get(connection.payload_input or flow.passes)
    return Carried(
        source.type,
        state.architecture.components[connection.target].type,
        settings,
        target,
        leaves * (share * each.calls),
        peak * (share * at_peak.calls),
        payload_kb,
        settings.response_kb,
        flow.asynchronous or settings.invocation == "async",
    )


def _leaves(state: _Pass, connection: Connection, flow: TrafficRule) -> Number:
    """What leaves a component in a month: for the Internet the answers to what came from outside, where it is known."""
    index = connection.source or 0
    if not connection.payload_input or flow.leaves not in state.architecture.components[index].derived:
        return state.inputs[index][flow.leaves]
    from_outside = (number for number in state.entering[index] if state.architecture.connections[number].source is None)
    return total(state.links[number].calls for number in from_outside)


def _sending(state: _Pass, number: int, settings: Inputs, target: Inputs) -> Callable[[Number], Sent]:
    """What one that leaves becomes on a connection, where so many leave in a second."""
    connection, components = state.architecture.connections[number], state.architecture.components
    index = connection.source or 0
    rule = sending_of(components[index].type)
    if rule is None:
        return lambda per_s: ONE_CALL
    values: Mapping[str, Any] = state.inputs[index]
    if component_type(components[connection.target].type).flow.singly:
        values, settings = {**values, "batch": 1}, Inputs({**vars(settings), "batch": 1})
    source = Inputs(values)
    return lambda per_s: rule(source, settings, target, per_s)


def _further(sending: Callable[[Number], Sent], per_s: Number, sent: Sent) -> Number:
    """Calls for one more: fewer than for each, where what is more only makes the batches larger."""
    if sent is ONE_CALL:
        return sent.calls
    more = sending(per_s * (MORE + 1) / MORE)
    return maximum(more.calls * (MORE + 1) - sent.calls * MORE, 0)
