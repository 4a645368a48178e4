"""What an architecture uses and demands: every component metered by its rule, in any reading."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from calculator.architecture import Architecture, Component
from calculator.metering import Inputs, Metered, rule_of
from calculator.traffic.propagate import Flow
from pricing.catalogue.catalogue import Meter, component_type, meter_named
from pricing.errors import CatalogueError, Fault, NotFound, RateNotFound
from pricing.formula.language import Number, known_zero, plain


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


def measure_flow(architecture: Architecture, flow: Flow, month_hours: Number) -> tuple[list[Usage], list[Demand]]:
    """Usage and demand of every component with the inputs that the traffic has filled."""
    usage: list[Usage] = []
    demand: list[Demand] = []
    for index, component in enumerate(architecture.components):
        values = flow.inputs[index]
        demand += _own_demands(index, component, values)
        metered = _meter(architecture, component, values | {"month_hours": month_hours})
        for name, amount in metered.usage.items():
            if not known_zero(amount):
                usage.append(_usage(index, component, _full(name, component), amount))
        for name, amount in metered.demand.items():
            own = metered.limit.get(name)
            if own is not None or name not in metered.limit:
                demand.append(Demand(index, component.region, _full(name, component), plain(amount), plain(own)))
    return usage, demand


def _usage(index: int, component: Component, name: str, amount: Number) -> Usage:
    """Usage of a meter; a name that says "@place" is priced there."""
    full_name, _, place = name.partition("@")
    try:
        meter = meter_named(full_name)
    except NotFound as error:
        # Only texts of the document, such as the name of a metric, can name what there is not.
        raise RateNotFound([Fault(f"/components/{index}", str(error))]) from error
    return Usage(index, place or meter.place or component.region, meter, plain(amount))


def _own_demands(index: int, component: Component, values: Mapping[str, Any]) -> Iterator[Demand]:
    """What needs no rule: inputs that are themselves limited, and quotas that count components."""
    for name, quotas in limited_inputs(component.type):
        if values.get(name) is not None:
            for quota in quotas:
                yield Demand(index, component.region, _full(quota, component), plain(values[name]), None)
    for quota in counting_quotas(component.type):
        yield Demand(index, component.region, quota, 1, None)


@cache
def limited_inputs(type_name: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The inputs of a type that quotas limit as they are.

    >>> limited_inputs("custom_line")
    ()
    """
    return tuple(
        (known.name, known.limited_by) for known in component_type(type_name).inputs.values() if known.limited_by
    )


@cache
def counting_quotas(type_name: str) -> tuple[str, ...]:
    """The full names of the quotas of a type that count its components.

    >>> counting_quotas("custom_line")
    ()
    """
    return tuple(quota.full_name for quota in component_type(type_name).quotas.values() if quota.counts)


def _meter(architecture: Architecture, component: Component, values: dict[str, Any]) -> Metered:
    values |= {"as_of": architecture.as_of, "region": component.region}
    try:
        return rule_of(component.type)(Inputs(values))
    except AttributeError as error:
        raise CatalogueError(f"the rule of {component.type} reads what is not an input: {error}") from error


def _full(name: str, component: Component) -> str:
    return name if "." in name else f"{component.type}.{name}"
