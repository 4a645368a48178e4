"""On which shape of traffic an answer rests, and the same architecture at business hours where that is only assumed."""

from dataclasses import replace
from typing import Literal, TypeAlias

from calculator.architecture import Architecture, Component
from calculator.traffic.inputs import OUTSIDE
from calculator.traffic.shapes import SHAPES, peak_to_mean, shape_named
from pricing.catalogue.catalogue import component_type

Lying: TypeAlias = Literal["constant", "business_hours", "daily_peak", "weights", "peak", ""]

BUSINESS_HOURS = "business_hours"
# What runs by the clock does so at night as well.
CLOCKS = ("schedule",)


def shape_of_traffic(architecture: Architecture) -> Lying:
    """A name of `SHAPES`; "weights" of hours that are stated, "peak" where that is; "" where nothing says how it lies.

    >>> from calculator import parse
    >>> f = {"name": "f", "type": "lambda_function", "requests": 1000, "duration_ms": 120}
    >>> document = {"region": "us-east-1", "as_of": "2026-09-01", "components": [f]}
    >>> shape_of_traffic(parse(document)), shape_of_traffic(parse(document | {"components": [f | {"peak_rps": 3}]}))
    ('constant', 'peak')
    """
    if architecture.traffic is not None:
        if architecture.traffic.inputs["peak_rps"] is not None:
            return "peak"
        stated = architecture.document[OUTSIDE].get("shape", "constant")  # type: ignore[index]
        return stated if stated in SHAPES else "weights"
    if any(map(_evenly_spread, architecture.components)):
        return "constant"
    return "peak" if any(map(_says_a_peak, architecture.components)) else ""


def at_business_hours(architecture: Architecture) -> Architecture | None:
    """The architecture with its traffic at business hours; None where the shape or the peak is stated."""
    if shape_of_traffic(architecture) != "constant" or _is_stated(architecture):
        return None
    shape = shape_named(BUSINESS_HOURS)
    busiest = peak_to_mean(shape)
    traffic = architecture.traffic
    if traffic is not None:
        traffic = replace(traffic, weights=shape.weights, peak_to_mean=busiest)
    components = tuple(
        _busier(component, busiest) if _evenly_spread(component) else component for component in architecture.components
    )
    return replace(architecture, traffic=traffic, components=components)


def _says_a_peak(component: Component) -> bool:
    known = component_type(component.type).inputs
    stated = component.inputs.keys() - component.derived - component.mean_rates.keys()
    return component.type not in CLOCKS and any(known[name].mean_rate_of for name in stated)


def _is_stated(architecture: Architecture) -> bool:
    return architecture.traffic is not None and "shape" in architecture.document[OUTSIDE]  # type: ignore[index]


def _evenly_spread(component: Component) -> bool:
    """Whether a rate of the component is taken to be the mean of what is stated of a month."""
    return component.type not in CLOCKS and any(map(component.inputs.get, component.mean_rates.values()))


def _busier(component: Component, times: float) -> Component:
    """The component with its mean rates stated, as so many times the mean."""
    rates = {name: float(component.inputs[name] or 0) * times for name in component.mean_rates}
    return replace(component, inputs={**component.inputs, **rates}, mean_rates={})
