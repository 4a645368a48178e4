"""The inputs of components, connections and traffic as numbers of a reading."""

from collections.abc import Mapping
from typing import Any

from calculator.architecture import Component, Connection, Traffic, Value
from pricing.catalogue.catalogue import Input, component_type, connection_inputs, traffic_inputs
from pricing.formula.language import S_PER_HOUR, Number
from pricing.formula.reading import Reading

# What stands for a component where traffic comes from outside.
OUTSIDE = "traffic"


def read_component(component: Component, reading: Reading) -> dict[str, Any]:
    """What is stated or assumed of a component; mean rates and what the traffic fills are not yet there."""
    later = component.mean_rates.keys() | component.derived
    stated = {name: value for name, value in component.inputs.items() if name not in later}
    return _read(stated, component_type(component.type).inputs, component.name, reading)


def mean_rates(component: Component, values: Mapping[str, Number], month_hours: Number) -> dict[str, Number]:
    """The rates [1/s] that follow from monthly inputs spread evenly over the month, of those that are known."""
    known = ((name, monthly) for name, monthly in component.mean_rates.items() if monthly in values)
    return {name: values[monthly] / (month_hours * S_PER_HOUR) for name, monthly in known}


def read_connection(connection: Connection, name: str, reading: Reading) -> dict[str, Any]:
    """What is stated or assumed of a connection."""
    return _read(connection.inputs, connection_inputs(), name, reading)


def read_traffic(traffic: Traffic, reading: Reading, month_hours: Number) -> dict[str, Any]:
    """Requests of a month and of the busiest second [1/s]: one follows from the other and the shape where not given."""
    values = _read(traffic.inputs, traffic_inputs(), OUTSIDE, reading)
    seconds = month_hours * S_PER_HOUR
    busiest = reading(traffic.peak_to_mean, f"{OUTSIDE}.peak_to_mean", "")
    if values["peak_rps"] is None:
        values["peak_rps"] = values["requests_per_month"] / seconds * busiest
    elif values["requests_per_month"] is None:
        values["requests_per_month"] = values["peak_rps"] * seconds / busiest
    return values


def _read(values: Mapping[str, Value], known: Mapping[str, Input], name: str, reading: Reading) -> dict[str, Any]:
    read: dict[str, Any] = {}
    for key, value in values.items():
        if value is None or known[key].choices or known[key].text:
            read[key] = value
        else:
            read[key] = reading(value, f"{name}.{key}", known[key].unit)  # type: ignore[arg-type]
    return read
