"""Traffic along connections: what comes from outside fills the inputs of every component behind it, in any reading."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from calculator.architecture import Architecture, Component
from calculator.metering import Carried, Inputs, receiving_of, sending_of, telling_of
from calculator.traffic.arriving import SETTINGS, is_said, taken
from calculator.traffic.corrections import Bounds, corrected
from calculator.traffic.inputs import mean_rates, read_component
from calculator.traffic.late import Late, late
from calculator.traffic.leaving import leaving
from calculator.traffic.loops import Step, returned
from calculator.traffic.walk import CORRECTIONS, Walk, arriving_at, begun, share_at_once
from pricing.catalogue.catalogue import Input, component_type
from pricing.formula.language import KB_PER_GB, S_PER_HOUR, Formula, Number, maximum, total, where
from pricing.formula.reading import Reading

# What comes back is settled where less than one in so many of it is missing.
SETTLED = 10**13


class Flow(NamedTuple):
    """The inputs of every component, as they stand or as the traffic fills them, and what each connection carries.

    `gains` are those of the loops by where they begin, in the mean and at the peak.
    """

    inputs: tuple[dict[str, Any], ...]
    carried: tuple[Carried, ...]
    gains: Mapping[int, tuple[Number, Number]]


def propagate(
    architecture: Architecture,
    reading: Reading,
    month_hours: Number,
    *,
    deciding: bool = False,
    settings: dict[int, Inputs] | None = None,
) -> Flow:
    """Every input of every component as a number of the reading, and the calls along every connection.

    What comes back over a loop comes again and again: a geometric series. A loop of a gain of 1 or more has no end, and
    what comes back over it is not counted; whether it is one is read in the architecture, or decided here (in floats).
    `settings` keeps what connections say from one reading to others in which that is the same.
    """
    if not architecture.connections:
        return Flow(tuple(_unconnected(one, reading, month_hours) for one in architecture.components), (), {})
    walk = begun(architecture, reading, month_hours, settings)
    walk.carried.update(leaving(walk, None))
    circles = {circle[0]: circle for circle in architecture.circles}
    for index in architecture.order:
        if index in circles:
            _go_round(walk, circles[index], deciding=deciding)
        elif index not in walk.circling:
            _visit(walk, index)
    _add_late(walk)
    carried = tuple(walk.carried[number] for number in range(len(architecture.connections)))
    return Flow(tuple(walk.inputs), carried, walk.gains)


def _unconnected(component: Component, reading: Reading, month_hours: Number) -> dict[str, Any]:
    values = read_component(component, reading)
    return values | mean_rates(component, values, month_hours)


def _go_round(walk: Walk, circle: tuple[int, ...], *, deciding: bool) -> None:
    """Visit the components of a circle, first with its loops open, then with what comes back over them."""
    for index in circle:
        _visit(walk, index)
    inside = set(circle)
    numbers = [number for index in circle for number in walk.leaving[index]]
    numbers = [number for number in numbers if walk.architecture.connections[number].target in inside]
    batched = any(sending_of(walk.architecture.components[index].type) for index in circle)
    alone = sum(number in walk.closing for number in numbers) == 1
    bounds: tuple[dict[int, Bounds], dict[int, Bounds]] | tuple[None, None] = ({}, {}) if alone else (None, None)
    for correction in range(CORRECTIONS if batched else 1):
        if correction and _is_settled(walk, numbers):
            break
        _return(walk, circle, numbers, bounds, deciding=deciding and not correction)
        for index in circle:
            _visit(walk, index)


def _is_settled(walk: Walk, numbers: Sequence[int]) -> bool:
    """Whether as much comes back over every loop as was said to, in numbers that can be compared."""
    for number in numbers:
        if number in walk.again:
            now, said = walk.carried[number], walk.again[number]
            compared = [(now.calls, said.calls), (now.batch, said.batch)]
            if walk.architecture.connections[number].target not in walk.endless_peak:
                compared += [(now.peak_calls, said.peak_calls), (now.peak_batch, said.peak_batch)]
            if any(isinstance(one, Formula) or abs(one - other) * SETTLED > other for one, other in compared):
                return False
    return True


def _return(
    walk: Walk,
    circle: tuple[int, ...],
    numbers: Sequence[int],
    bounds: tuple[dict[int, Bounds], dict[int, Bounds]] | tuple[None, None],
    *,
    deciding: bool,
) -> None:
    """What comes back, so that as much comes back of it as was said to; the bounds are in the mean and at the peak."""
    steps, lacking = _steps(walk, numbers, peak=False), _lacking(walk, numbers, peak=False)
    mean = returned(circle, steps, lacking, walk.endless, deciding=deciding)
    walk.endless_peak.update(walk.endless)
    steps, lacking = _steps(walk, numbers, peak=True), _lacking(walk, numbers, peak=True)
    peak = returned(circle, steps, lacking, walk.endless_peak, deciding=deciding)
    for head, gain in mean.gains.items():
        walk.gains.setdefault(head, (gain, peak.gains[head]))
    for number in numbers:
        connection = walk.architecture.connections[number]
        if number in walk.closing and connection.target not in walk.endless:
            carried, source, further = walk.carried[number], connection.source or 0, walk.further_calls[number]
            calls, peak_calls = carried.calls, carried.peak_calls
            if source in mean.more:
                calls = _corrected(bounds[0], number, calls, maximum(calls + further[0] * mean.more[source], 0))
            if connection.target in walk.endless_peak:
                peak_calls = peak_calls * 0
            elif source in peak.more:
                proposed = maximum(peak_calls + further[1] * peak.more[source], 0)
                peak_calls = _corrected(bounds[1], number, peak_calls, proposed)
            walk.again[number] = carried._replace(calls=calls, peak_calls=peak_calls)


def _corrected(bounds: dict[int, Bounds] | None, number: int, found: Number, proposed: Number) -> Number:
    """What is said to come back next; between bounds where nothing else comes back in the circle (else None)."""
    if bounds is None:
        return proposed
    bounds[number] = corrected(bounds.get(number), found, proposed)
    return bounds[number].said


def _steps(walk: Walk, numbers: Sequence[int], *, peak: bool) -> list[Step]:
    steps = []
    for number in numbers:
        connection = walk.architecture.connections[number]
        times = walk.further[number][peak] * _raised(walk, number, peak=peak)
        steps.append(Step(number, connection.source or 0, connection.target, times, number in walk.closing))
    return steps


def _lacking(walk: Walk, numbers: Sequence[int], *, peak: bool) -> dict[int, Number]:
    """What comes back to each head, less what was taken to come back, as more that leaves it."""
    lacking: dict[int, Number] = {}
    for number in numbers:
        if number in walk.closing:
            carried, taken_back = walk.carried[number], walk.again.get(number)
            target = walk.architecture.connections[number].target
            missing = _counted(walk, target, carried, peak=peak)
            if taken_back is not None:
                missing = missing - _counted(walk, target, taken_back, peak=peak)
            lacking[target] = total([lacking.get(target, 0), missing * _raised(walk, number, peak=peak)])
    return lacking


def _counted(walk: Walk, target: int, carried: Carried, *, peak: bool) -> Number:
    """What a loop counts of what comes back: calls, or messages where batches feed the target."""
    calls, batch = (carried.peak_calls, carried.peak_batch) if peak else (carried.calls, carried.batch)
    return calls * batch if target in walk.fed else calls


def _raised(walk: Walk, number: int, *, peak: bool) -> Number:
    """How many more leave the target of a connection for one call more; none where what leaves it is stated."""
    target = walk.architecture.components[walk.architecture.connections[number].target]
    kind = component_type(target.type).flow
    name = kind.left_at_peak(target.inputs) if peak else kind.left(target.inputs)
    if not name:
        return 1
    monthly = kind.left(target.inputs)
    if peak and monthly not in target.derived and name in target.derived:
        return _above_mean(walk, walk.architecture.connections[number].target, monthly)
    if name not in target.derived:
        return 0
    what = kind.takes[name]
    if what == "gb":
        return (walk.carried[number].payload_kb or 0) / KB_PER_GB
    setting = SETTINGS.get(what)
    each = 1 if setting is None else getattr(walk.carried[number].settings, setting)
    return 0 if each is None else each


def _above_mean(walk: Walk, index: int, monthly: str) -> Number:
    """Whether what arrives at the peak is more than the mean of a month that is stated: 1 or 0."""
    mean = walk.inputs[index][monthly] / (walk.month_hours * S_PER_HOUR)
    return where(walk.arrived[index] > mean, 1, 0) if index in walk.arrived else 0


def _visit(walk: Walk, index: int) -> None:
    """Fill the inputs of a component with what arrives at it, and send on what leaves it."""
    arriving = arriving_at(walk, index)
    _fill(walk, index, arriving)
    if arriving:
        walk.arrived[index] = total(one.peak_calls for one in arriving)
    walk.carried.update(leaving(walk, index))
    _tell(walk, index)


def _fill(walk: Walk, index: int, arriving: Sequence[Carried]) -> None:
    """The inputs that what arrives decides, and the mean rates of those and of what is stated."""
    component, values = walk.architecture.components[index], walk.inputs[index]
    flow = component_type(component.type).flow
    received: Mapping[str, Number] | None = None
    for name, what in flow.takes.items():
        if name not in component.derived:
            continue
        if what != "rule":
            values[name] = _taken(walk, index, component_type(component.type).inputs[name], arriving)
            continue
        if received is None:
            receiving = receiving_of(component.type)
            given = Inputs(values | {"month_hours": walk.month_hours, "derived": component.derived})
            received = receiving(given, arriving) if receiving else {}
        values[name] = (
            received[name] if name in received else _default(walk, component_type(component.type).inputs[name])
        )
    values |= mean_rates(component, values, walk.month_hours)


def _taken(walk: Walk, index: int, known: Input, arriving: Sequence[Carried]) -> Number | None:
    """What an input takes of what arrives; a peak is no less than the mean of a month that is stated."""
    component, values = walk.architecture.components[index], walk.inputs[index]
    what = component_type(component.type).flow.takes[known.name]
    if not is_said(what, arriving):
        return _default(walk, known)
    # Before anything has come back over a loop: nothing, as a number of the reading.
    found = taken(what, arriving) if arriving else walk.reading(0, known.name, known.unit)
    monthly = known.mean_rate_of
    if not monthly or monthly in component.derived or values.get(monthly) is None:
        return found
    return maximum(found, values[monthly] / (walk.month_hours * S_PER_HOUR))


def _tell(walk: Walk, index: int) -> None:
    """The inputs that the connections behind a component decide; one that they leave open is as it is by default."""
    component, values = walk.architecture.components[index], walk.inputs[index]
    kind = component_type(component.type)
    names = [name for name in kind.flow.told if name in component.derived]
    telling = telling_of(component.type)
    if names and telling is not None:
        numbers = [number for number in walk.leaving.get(index, ()) if not walk.architecture.connections[number].fills]
        backlog, share = share_at_once(arriving_at(walk, index))
        known = {"month_hours": walk.month_hours, "backlog": backlog, "backlog_share": share}
        told = telling(
            Inputs(values | known | {"derived": component.derived}), [walk.carried[number] for number in numbers]
        )
        for name in names:
            values[name] = told[name] if name in told else _default(walk, kind.inputs[name])
        values |= mean_rates(component, values, walk.month_hours)


def _default(walk: Walk, known: Input) -> Number | None:
    if known.default is None or known.may_be_unset:
        return None
    return walk.reading(known.default, known.name, known.unit)  # type: ignore[arg-type]


def _add_late(walk: Walk) -> None:
    """What causes no calls: what is pushed to clients or looked at, and then the bytes that hidden lines bill."""
    late_ones = [(number, one) for number, one in enumerate(walk.architecture.connections) if one.late]
    calling = [(number, one) for number, one in late_ones if not one.fills]
    reached = {one.target for _, one in calling}
    arriving: dict[int, list[Carried]] = {}
    # What looks at requests may send on what it sees, so it is filled first.
    for looks in (False, True):
        known = Late({}, {}, {}, {})
        for number, connection in calling:
            if (connection.source in reached) == looks:
                walk.carried[number] = carried = late(walk, number, known)
                arriving.setdefault(connection.target, []).append(carried)
        for index, those in arriving.items():
            _fill(walk, index, [*arriving_at(walk, index), *those])
    filled: dict[int, dict[str, list[Number]]] = {}
    known = Late({}, {}, {}, {})
    for number, connection in late_ones:
        if connection.fills:
            walk.carried[number] = carried = late(walk, number, known)
            gb = _moved_gb(walk, carried, connection.target, connection.fills)
            filled.setdefault(connection.target, {}).setdefault(connection.fills, []).append(gb)
    for index, inputs in filled.items():
        component = walk.architecture.components[index]
        for name, amounts in inputs.items():
            if name in component.derived:
                walk.inputs[index][name] = total([*amounts, *_by_takes(walk, index, name)])


def _moved_gb(walk: Walk, carried: Carried, index: int, name: str) -> Number:
    """What a hidden line moves [GB]; where nothing is said of it nothing, as a number of the reading."""
    if carried.payload_kb is None or _is_plainly_nothing(carried.payload_kb):
        component = walk.architecture.components[index]
        return walk.reading(0, name, component_type(component.type).inputs[name].unit)
    return carried.calls * carried.payload_kb / KB_PER_GB


def _is_plainly_nothing(size: Number) -> bool:
    return isinstance(size, int) and size == 0


def _by_takes(walk: Walk, index: int, name: str) -> list[Number]:
    """What the connections of the document fill an input with that hidden lines fill too."""
    what = component_type(walk.architecture.components[index].type).flow.takes.get(name)
    arriving = arriving_at(walk, index)
    return [taken(what, arriving)] if what and arriving else []
