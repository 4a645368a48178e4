"""The share of cold starts of functions whose traffic is known: what nobody stated follows from it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from calculator.architecture import Architecture, Assumption, Component, Traffic
from calculator.load.cold_starts import cold_share_by_hour, cold_steps, crowd, crowd_by_hour
from calculator.metering.lambda_function import INIT_BILLED_FROM
from calculator.traffic.hours import hourly
from pricing.catalogue.initialization import Initialization, initialization_of
from pricing.catalogue.keep_alive import KeepAlive, keep_alive_of, usual_keep_alive
from pricing.errors import Fault, InvalidDocument
from pricing.formula.language import MS_PER_S

SHARE, INIT = "cold_start_share", "init_ms"
NOT_KNOWN = "INIT not known: not billed; state it, or the runtime for the least that it takes"
# A step is some millionths of a second. A thousand functions of any size are within this under an even load.
MOST_STEPS = 600_000


def keep_alive_under(traffic: Traffic | None) -> KeepAlive:
    """How long idle environments live: as the document says, or as was last measured."""
    said = traffic.keep_alive if traffic else None
    return usual_keep_alive() if said is None else keep_alive_of(said)


def with_cold_starts(architecture: Architecture) -> Architecture:
    """The architecture with the share of cold starts of every function that initializes and states none.

    Where the time of initialization is not stated, it is the least that was measured of the runtime first.
    Both are numbers of this estimate: a sweep over the traffic keeps them, as it keeps all that is stated.
    Raises InvalidDocument where that is too much work.
    """
    architecture = with_initialization(architecture)
    components, assumptions = list(architecture.components), list(architecture.assumptions)
    defaults = {one.pointer: place for place, one in enumerate(assumptions) if one.origin == "default"}
    steps_of(architecture)
    for index, component in enumerate(architecture.components):
        pointer = f"/components/{index}/{SHARE}"
        if pointer in defaults and _initializes(component):
            share = cold_share_of(architecture, component.inputs)
            components[index] = replace(component, inputs={**component.inputs, SHARE: share})
            assumptions[defaults[pointer]] = Assumption(pointer, share, "share", _why(component), "computed")
    return replace(architecture, components=tuple(components), assumptions=tuple(assumptions))


def with_initialization(architecture: Architecture) -> Architecture:
    """The architecture with the least that cold starts of its runtimes take, where nobody stated what they take.

    Without a runtime it is told that it is not known, wherever cold starts follow from the traffic.
    """
    follows = bool(architecture.connections) and architecture.as_of >= INIT_BILLED_FROM
    components, assumptions = list(architecture.components), list(architecture.assumptions)
    defaults = {one.pointer: place for place, one in enumerate(assumptions) if one.origin == "default"}
    for index, component in enumerate(architecture.components):
        place = defaults.get(f"/components/{index}/{INIT}")
        if place is None or component.inputs.get("snapstart") != "none":
            continue
        known, share = _measured(component.inputs), defaults.get(f"/components/{index}/{SHARE}")
        if known is not None:
            components[index] = replace(component, inputs={**component.inputs, INIT: known.median_ms})
            assumptions[place] = replace(assumptions[place], value=known.median_ms, why=_least(component, known))
        elif follows and share is not None and _on_demand(component.inputs):
            assumptions[place] = replace(assumptions[place], why=NOT_KNOWN)
    return replace(architecture, components=tuple(components), assumptions=tuple(assumptions))


def _measured(inputs: Mapping[str, Any]) -> Initialization | None:
    runtime = inputs.get("runtime", "none")
    if runtime == "none":
        return None
    return initialization_of(runtime, inputs["package"], inputs["architecture"], float(inputs["memory_mb"]))


def _least(component: Component, known: Initialization) -> str:
    what = f"a lower bound: the median of a {component.inputs['runtime']} function that does nothing"
    how = f"as {component.inputs['package']} with {known.memory_mb:,} MB"
    return f"{what}, {how}, measured until {known.checked}; what the function loads comes on top"


def _initializes(component: Component) -> bool:
    inputs = component.inputs
    return SHARE in inputs and (bool(inputs.get("init_ms")) or inputs.get("snapstart", "none") != "none")


def cold_share_of(architecture: Architecture, inputs: Mapping[str, Any]) -> float:
    """The share of the calls on demand of a function with these inputs that start cold."""
    rates = hourly(architecture, _on_demand(inputs))
    return cold_share_by_hour(rates, _duration_s(inputs), keep_alive_under(architecture.traffic))


class Environments(NamedTuple):
    """Environments of a function alive at one time [environment]: busy and idle, those kept ready among them."""

    mean: float
    peak: float


def environments_of(architecture: Architecture, inputs: Mapping[str, Any]) -> Environments | None:
    """Environments of a function with these inputs, in the mean of the week and at the busiest time.

    None where they take too much work: of a function whose share of cold starts is stated, under a shape of many
    different hours.
    """
    rates, duration_s = hourly(architecture, _on_demand(inputs)), _duration_s(inputs)
    if inputs[SHARE] and cold_steps(rates, duration_s) > MOST_STEPS // max(len(architecture.components), 1):
        return None
    keep_alive = keep_alive_under(architecture.traffic)
    most = math.inf if inputs["reserved_concurrency"] is None else float(inputs["reserved_concurrency"])
    ready = float(inputs["provisioned_concurrency"] or 0)
    hours = min(float(inputs["provisioned_hours"] or 0) / architecture.month_hours, 1.0)
    mean = crowd_by_hour(rates, duration_s, keep_alive).environments
    peak = crowd(_peak_on_demand(inputs, rates), duration_s, keep_alive).environments
    return Environments(min(mean + ready * hours, most), min(peak + ready, most))


def _peak_on_demand(inputs: Mapping[str, Any], rates: Sequence[float]) -> float:
    """The rate on demand at the busiest time [request/s]; exactly that of an hour, where it is the same."""
    peak = float(inputs["peak_rps"] or 0) * (1 - float(inputs["provisioned_share"] or 0))
    return max(rates) if math.isclose(peak, max(rates), rel_tol=1e-6) else peak


def steps_of(architecture: Architecture) -> int:
    """How much work the cold shares of all functions are, in the steps that the mathematics counts.

    Raises InvalidDocument where it is too much.
    """
    wanted = set()
    for one in architecture.components:
        if SHARE in one.inputs and not one.inputs[SHARE]:
            rates = hourly(architecture, _on_demand(one.inputs))
            wanted.add((rates, _peak_on_demand(one.inputs, rates), _duration_s(one.inputs)))
    steps = sum(
        cold_steps(rates, duration_s) + _step_of_peak(rates, peak, duration_s) for rates, peak, duration_s in wanted
    )
    if steps > MOST_STEPS:
        bound = f"the cold starts of these functions take {steps:,} steps to work out; at most {MOST_STEPS:,} are taken"
        raise InvalidDocument([Fault("/components", f"{bound}: state {SHARE}, or a shape with fewer different hours")])
    return steps


def _step_of_peak(rates: Sequence[float], peak: float, duration_s: float) -> int:
    return 0 if peak in rates else cold_steps((peak,), duration_s)


def _on_demand(inputs: Mapping[str, Any]) -> float:
    return float(inputs["requests"] or 0) * (1 - float(inputs["provisioned_share"] or 0))


def _duration_s(inputs: Mapping[str, Any]) -> float:
    return float(inputs["duration_ms"] or 0) / MS_PER_S


def _why(component: Component) -> str:
    calls = f"{component.name}.requests at random in the shape of the traffic, each of {component.name}.duration_ms"
    return f"{calls}; environments live as long as was measured or stated"
