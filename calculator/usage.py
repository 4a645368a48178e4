"""What an architecture uses and demands: every component metered by its rule, in any reading."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from calculator.architecture import Architecture, Component
from calculator.metering import Inputs, Metered, rule_of
from pricing.catalogue import Meter, component_type, meter_named
from pricing.errors import CatalogueError, Fault, NotFound, RateNotFound
from pricing.formula import S_PER_HOUR, Number, known_zero
from pricing.reading import Reading


class Usage(NamedTuple):
    """What one component uses of one meter in a month, in the meter's unit; `region` is the place that prices it."""

    component: int
    region: str
    meter: Meter
    amount: Number


class Demand(NamedTuple):
    """What one component demands of one quota, in the quota's unit; `limit` where the inputs set it themselves."""

    component: int
    region: str
    quota: str
    amount: Number
    limit: Number | None


def measure(architecture: Architecture, reading: Reading) -> tuple[list[Usage], list[Demand]]:
    """Usage and demand of every component; usage that is 0 in every scenario is left out."""
    usage: list[Usage] = []
    demand: list[Demand] = []
    month_hours = reading(architecture.month_hours, "month_hours", "hour/month")
    for index, component in enumerate(architecture.components):
        metered = _meter(architecture, component, reading, month_hours)
        for name, amount in metered.usage.items():
            if not known_zero(amount):
                usage.append(_usage(index, component, _full(name, component), amount))
        for name, amount in metered.demand.items():
            demand.append(Demand(index, component.region, _full(name, component), amount, metered.limit.get(name)))
    return usage, demand


def _usage(index: int, component: Component, name: str, amount: Number) -> Usage:
    """Usage of a meter; a name that says "@place" is priced there."""
    full_name, _, place = name.partition("@")
    try:
        meter = meter_named(full_name)
    except NotFound as error:
        # Only texts of the document, such as the name of a metric, can name what there is not.
        raise RateNotFound([Fault(f"/components/{index}", str(error))]) from error
    return Usage(index, place or meter.place or component.region, meter, amount)


def _meter(architecture: Architecture, component: Component, reading: Reading, month_hours: Number) -> Metered:
    values = read_inputs(component, reading, month_hours)
    values |= {"month_hours": month_hours, "as_of": architecture.as_of, "region": component.region}
    try:
        return rule_of(component.type)(Inputs(values))
    except AttributeError as error:
        raise CatalogueError(f"the rule of {component.type} reads what is not an input: {error}") from error


def read_inputs(component: Component, reading: Reading, month_hours: Number) -> dict[str, Any]:
    """The inputs of a component: numbers as the reading's, choices and texts as they are, mean rates derived."""
    inputs = component_type(component.type).inputs
    values: dict[str, Any] = {}
    for name, value in component.inputs.items():
        known = inputs[name]
        if known.choices or known.text or (value is None and name not in component.mean_rates):
            values[name] = value
        elif name not in component.mean_rates:
            values[name] = reading(value, f"{component.name}.{name}", known.unit)  # type: ignore[arg-type]
    return values | _mean_rates(component, values, month_hours)


def _mean_rates(component: Component, values: Mapping[str, Number], month_hours: Number) -> dict[str, Number]:
    rates = component.mean_rates.items()
    return {name: values[monthly] / (month_hours * S_PER_HOUR) for name, monthly in rates}


def _full(name: str, component: Component) -> str:
    return name if "." in name else f"{component.type}.{name}"
