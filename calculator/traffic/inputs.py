"""The inputs of components, connections and traffic as numbers of a reading."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from calculator.architecture import Component, Connection, Traffic, Value
from pricing.catalogue.catalogue import Input, component_type, connection_inputs, traffic_inputs
from pricing.formula.language import S_PER_HOUR, Number
from pricing.formula.reading import Reading
from pricing.formula.varying import read_as

# What stands for a component where traffic comes from outside.
OUTSIDE = "traffic"


def read_component(component: Component, reading: Reading) -> dict[str, Any]:
    """What is stated or assumed of a component; mean rates and what the traffic fills are not yet there."""
    later = component.mean_rates.keys() | component.derived
    stated = {name: value for name, value in component.inputs.items() if name not in later}
    return _read(stated, _numbers_of(component.type), component.name, reading)


def mean_rates(component: Component, values: Mapping[str, Number], month_hours: Number) -> dict[str, Number]:
    """The rates [1/s] that follow from monthly inputs spread evenly over the month, of those that are known."""
    known = ((name, monthly) for name, monthly in component.mean_rates.items() if monthly in values)
    return {name: values[monthly] / (month_hours * S_PER_HOUR) for name, monthly in known}


def read_connection(connection: Connection, name: str, reading: Reading) -> dict[str, Any]:
    """What is stated or assumed of a connection."""
    return _read(connection.inputs, _numbers_of_connections(), name, reading)


def read_traffic(traffic: Traffic, reading: Reading, month_hours: Number) -> dict[str, Any]:
    """Requests of a month and of the busiest second [1/s]: one follows from the other and the shape where not given."""
    values = _read(traffic.inputs, _numbers(traffic_inputs()), OUTSIDE, reading)
    seconds = month_hours * S_PER_HOUR
    busiest = reading(traffic.peak_to_mean, f"{OUTSIDE}.peak_to_mean", "")
    if values["peak_rps"] is None:
        values["peak_rps"] = values["requests_per_month"] / seconds * busiest
    elif values["requests_per_month"] is None:
        values["requests_per_month"] = values["peak_rps"] * seconds / busiest
    return values


def _read(values: Mapping[str, Value], numbers: Mapping[str, str], name: str, reading: Reading) -> dict[str, Any]:
    """The values as they stand, but for numbers, which are read in their units."""
    read: dict[str, Any] = dict(values)
    for key, value in values.items():
        if value is not None and key in numbers:
            read[key] = read_as(value, _named(reading, f"{name}.{key}", numbers[key]))
    return read


def _named(reading: Reading, name: str, unit: str) -> Callable[[Number], Number]:
    return lambda value: reading(value, name, unit)


def _numbers(known: Mapping[str, Input]) -> dict[str, str]:
    """The units of the inputs that are numbers."""
    return {name: one.unit for name, one in known.items() if not one.choices and not one.text}


@cache
def _numbers_of(type_name: str) -> Mapping[str, str]:
    return _numbers(component_type(type_name).inputs)


@cache
def _numbers_of_connections() -> Mapping[str, str]:
    return _numbers(connection_inputs())
