"""The inputs that the traffic fills, as numbers of one estimate, each with its path as a stated assumption."""

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from calculator.architecture import Architecture, Assumption, Component, Loop
from calculator.traffic.cold_share import with_cold_starts
from calculator.traffic.inputs import OUTSIDE
from calculator.traffic.order import MAX_LOOPS, order_of
from calculator.traffic.propagate import Flow, propagate
from calculator.traffic.walk import MAX_PARTS, visits_of
from pricing.catalogue.catalogue import component_type
from pricing.catalogue.flow_file import RULE, SIZES
from pricing.errors import Fault, InvalidDocument
from pricing.formula.reading import as_float
from pricing.formula.words import quantity

OUTSIDE_LEAVES = {False: "requests_per_month", True: "peak_rps"}
DIGITS = 6
# By so little numbers may differ that are the same.
NEARLY = 1e-9
# So many of the connections that lead to a component are told.
SHOWN = 10


class _Told(NamedTuple):
    """What is needed to say how inputs came about: `endless` ways back are not counted, in the mean or at the peak."""

    architecture: Architecture
    flow: Flow
    entering: Mapping[int, list[int]]
    endless: Mapping[bool, set[int]]


def fill_inputs_from_traffic(architecture: Architecture) -> Architecture:
    """The architecture with a value for every derived input and the gain of every loop, and how they came about.

    Raises InvalidDocument where too many connections lead back, or circles are too large.
    """
    order, circles, loops = order_of(len(architecture.components), architecture.connections)
    if len(loops) > MAX_LOOPS:
        raise InvalidDocument([Fault("/connections", f"expected at most {MAX_LOOPS} connections that lead back")])
    architecture = replace(architecture, order=order, circles=circles, loops=loops)
    if circles and (visits := visits_of(architecture)) > MAX_PARTS:
        expected = f"expected at most {MAX_PARTS} components and connections, where those of circles count five times"
        raise InvalidDocument([Fault("/connections", f"{expected}; these are {visits}")])
    hours = as_float(architecture.month_hours, "month_hours", "hour/month")
    flow = propagate(architecture, as_float, hours, deciding=True)
    architecture = replace(architecture, loops=tuple(_with_gain(loop, flow) for loop in loops))
    told = _told(architecture, flow)
    components, assumptions = [], list[Assumption]()
    for index, component in enumerate(architecture.components):
        filled = {name: flow.inputs[index][name] for name in sorted(component.derived)}
        values = {name: None if value is None else float(value) for name, value in filled.items()}
        rates = {name: float(flow.inputs[index][name]) for name in component.mean_rates}
        components.append(replace(component, inputs={**component.inputs, **values, **rates}))
        assumptions += [
            Assumption(
                _pointer(component, index, name), value, _unit(component, name), _path(told, index, name), "derived"
            )
            for name, value in values.items()
            if value is not None
        ]
    settled = replace(architecture, components=tuple(components), assumptions=(*assumptions, *architecture.assumptions))
    return with_cold_starts(settled)


def _with_gain(loop: Loop, flow: Flow) -> Loop:
    gain, peak_gain = flow.gains[loop.path[0]]
    return replace(loop, gain=float(gain), peak_gain=float(peak_gain))


def _pointer(component: Component, index: int, name: str) -> str:
    return f"/hidden_lines/{component.name}/{name}" if component.hidden else f"/components/{index}/{name}"


def _unit(component: Component, name: str) -> str:
    return component_type(component.type).inputs[name].unit


def _told(architecture: Architecture, flow: Flow) -> _Told:
    entering: dict[int, list[int]] = {}
    for number, connection in enumerate(architecture.connections):
        entering.setdefault(connection.target, []).append(number)
    endless = {loop.back for loop in architecture.loops if loop.gain >= 1}
    at_peak = {loop.back for loop in architecture.loops if max(loop.gain, loop.peak_gain) >= 1}
    return _Told(architecture, flow, entering, {False: endless, True: at_peak})


def _path(told: _Told, index: int, name: str) -> str:
    """How an input came about: "handler.requests = web.requests x 1"."""
    component = told.architecture.components[index]
    what = component_type(component.type).flow.takes.get(name)
    if what is None:
        return f"from what leaves {component.name}"
    arriving = told.entering[index]
    monthly = component_type(component.type).inputs[name].mean_rate_of
    if what.startswith("peak_") and monthly and monthly not in component.derived and _is_mean(told, index, name):
        return f"{component.name}.{monthly} spread evenly over the month, which is more than comes at the peak"
    hidden = any(told.architecture.connections[one].fills for one in arriving)
    if what in SIZES or what == RULE or hidden or any(_is_of_other(told, number) for number in arriving):
        names = dict.fromkeys(_source(told.architecture, number) for number in arriving)
        return f"{component.name}.{name} from {_listed(list(names), ', ')}"
    endless = told.endless[what.startswith("peak_")]
    terms = [_term(told.architecture, told.flow, number, what) for number in arriving if number not in endless]
    again = ", without what comes back again and again" if endless.intersection(arriving) else ""
    return f"{component.name}.{name} = {_listed([term for term in terms if term], ' + ') or 0}{again}"


def _is_mean(told: _Told, index: int, name: str) -> bool:
    """Whether a peak is the mean of what is stated of a month: more than comes."""
    what = component_type(told.architecture.components[index].type).flow.takes[name]
    setting = what.removeprefix("peak_")
    links = [told.flow.carried[number] for number in told.entering[index]]
    each = [1 if setting == "calls" else getattr(link.settings, setting) or 0 for link in links]
    brought = sum(link.peak_calls * times for link, times in zip(links, each, strict=True))
    return bool(told.flow.inputs[index][name] > brought * (1 + NEARLY))


def _is_of_other(told: _Told, number: int) -> bool:
    """Whether a connection brings something though nothing of what usually leaves its source does."""
    source = told.architecture.connections[number].source
    if source is None or not told.flow.carried[number].calls:
        return False
    flow = component_type(told.architecture.components[source].type).flow
    return not any(told.flow.inputs[source].get(name) for name in (flow.leaves, flow.leaves_else) if name)


def _listed(parts: list[str], sign: str) -> str:
    """Parts, of many the first only: a log group may be written by a thousand functions."""
    more = len(parts) - SHOWN
    return sign.join([*parts[:SHOWN], f"{more} more"] if more > 1 else parts)


def _source(architecture: Architecture, number: int) -> str:
    source = architecture.connections[number].source
    return OUTSIDE if source is None else architecture.components[source].name


def _term(architecture: Architecture, flow: Flow, number: int, what: str) -> str:
    """What one connection brings, as a multiple of what leaves its source."""
    source, link = architecture.connections[number].source, flow.carried[number]
    peak = what.startswith("peak_")
    setting = what.removeprefix("peak_")
    each = 1 if setting == "calls" else getattr(link.settings, setting)
    if each is None:
        return ""
    brought = (link.peak_calls if peak else link.calls) * each
    if source is None:
        share = link.settings.share * link.settings.calls * each
        return f"{OUTSIDE}.{OUTSIDE_LEAVES[peak]} x {quantity(share, digits=DIGITS)}"
    kind = component_type(architecture.components[source].type).flow
    values = flow.inputs[source]
    leaves = (peak and kind.left_at_peak(values)) or kind.left(values)
    left = values[leaves]
    times = brought / left if left else 0.0
    return f"{architecture.components[source].name}.{leaves} x {quantity(times, digits=DIGITS)}"
