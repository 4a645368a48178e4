"""An account's own prices as the document states them: percentages off, absolute rates and commitments."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

EVERYTHING = "*"


@dataclass(frozen=True, slots=True)
class Discount:
    """A percentage off the list price of everything ("*"), a component type or a meter."""

    on: str
    percent: Decimal
    note: str = ""


@dataclass(frozen=True, slots=True)
class Commitment:
    """An amount paid for each hour of the month, used or not; what it covers costs `percent` less. [USD/hour]

    https://docs.aws.amazon.com/savingsplans/latest/userguide/what-is-savings-plans.html
    """

    on: str
    usd_per_hour: Decimal
    percent: Decimal
    note: str = ""


@dataclass(frozen=True, slots=True)
class PriceBook:
    """What an account has agreed with AWS. `rates` are absolute prices by meter. [USD per unit]"""

    discounts: tuple[Discount, ...] = ()
    rates: Mapping[str, Decimal] = field(default_factory=dict)
    commitments: tuple[Commitment, ...] = ()
