"""What a bill uses and no price is known of: a refusal by default, or named beside what can be priced."""

from datetime import date
from typing import Final, NamedTuple

from calculator.architecture import Architecture
from pricing.errors import Fault
from pricing.formula.language import Number
from pricing.prices.pricelist import known_since, regions_of

# What a document says that asks for what can be priced.
LIST: Final = "list"
# The switch of `hidden_lines` that leaves a hidden line of a type out.
SWITCHES = {"data_transfer": "data_transfer", "log_group": "logs", "nat_gateway": "nat", "vpc_endpoint": "endpoint"}


class Unpriced(NamedTuple):
    """What one component uses of a meter that has no price at a place, in the meter's unit."""

    component: int
    meter: str
    region: str
    amount: Number


def pointer_to(architecture: Architecture, index: int) -> str:
    """Where in its document a component stands; of a hidden line: the switch that leaves it out."""
    component = architecture.components[index]
    return f"/hidden_lines/{SWITCHES[component.type]}" if component.hidden else f"/components/{index}"


def fault_of(architecture: Architecture, one: Unpriced) -> Fault:
    """What has no price as a fault: the meter, the place and the day, and of a hidden line how it is left out."""
    pointer, detail = pointer_to(architecture, one.component), _missing(one.meter, one.region, architecture)
    component = architecture.components[one.component]
    if component.hidden:
        switch = f"hidden_lines.{SWITCHES[component.type]} = false leaves it out"
        detail = f'{detail}; the hidden line {component.name} uses it: {switch}, "unpriced": "list" names it'
    return Fault(pointer, detail)


def _missing(meter: str, region: str, architecture: Architecture) -> str:
    earliest, why = known_since(meter, region, architecture.prices)
    if earliest != date.max:
        told = f"no price of {meter} in {region} is known for {architecture.as_of}; the earliest is of {earliest}"
        return f"{told}: {why}" if why else told
    elsewhere = ", ".join(regions_of(meter, architecture.prices)) or "no region"
    return f"no price of {meter} is known in {region}; it is known in {elsewhere}"
