"""The share of cold starts of functions whose traffic is known: what nobody stated follows from it."""

from dataclasses import replace

from calculator.architecture import Architecture, Assumption, Component, Traffic
from calculator.load.cold_starts import cold_share_by_hour
from calculator.traffic.hours import hourly
from pricing.catalogue.keep_alive import KeepAlive, keep_alive_of, usual_keep_alive
from pricing.formula.language import MS_PER_S

SHARE = "cold_start_share"


def keep_alive_under(traffic: Traffic | None) -> KeepAlive:
    """How long idle environments live: as the document says, or as was last measured."""
    said = traffic.keep_alive if traffic else None
    return usual_keep_alive() if said is None else keep_alive_of(said)


def with_cold_starts(architecture: Architecture) -> Architecture:
    """The architecture with the share of cold starts of every function that initializes and states none.

    It is a number of this estimate: a sweep over the traffic keeps it, as it keeps all that is stated.
    """
    components, assumptions = list(architecture.components), list(architecture.assumptions)
    stated = {one.pointer: place for place, one in enumerate(assumptions) if one.origin == "default"}
    for index, component in enumerate(architecture.components):
        pointer = f"/components/{index}/{SHARE}"
        if pointer in stated and _initializes(component):
            share = _cold_share(architecture, component)
            components[index] = replace(component, inputs={**component.inputs, SHARE: share})
            assumptions[stated[pointer]] = Assumption(pointer, share, "share", _why(component), "computed")
    return replace(architecture, components=tuple(components), assumptions=tuple(assumptions))


def _initializes(component: Component) -> bool:
    inputs = component.inputs
    return SHARE in inputs and (bool(inputs.get("init_ms")) or inputs.get("snapstart", "none") != "none")


def _cold_share(architecture: Architecture, component: Component) -> float:
    inputs = component.inputs
    on_demand = float(inputs["requests"] or 0) * (1 - float(inputs["provisioned_share"] or 0))
    duration_s = float(inputs["duration_ms"] or 0) / MS_PER_S
    rates = hourly(architecture, on_demand)
    return cold_share_by_hour(rates, duration_s, keep_alive_under(architecture.traffic))


def _why(component: Component) -> str:
    calls = f"{component.name}.requests at random in the shape of the traffic, each of {component.name}.duration_ms"
    return f"{calls}; environments live as long as was measured or stated"
