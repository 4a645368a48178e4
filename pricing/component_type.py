"""A component type as the catalogue knows it: its inputs, meters, free tiers and quotas as frozen records.

They are named tuples because a command must start fast: making a frozen dataclass takes Python three times as long.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from pricing.unit import Unit, parse_unit

Choice: TypeAlias = str | bool | int | float
Default: TypeAlias = str | bool | int | float | None


class Input(NamedTuple):
    """What a user may say of a component: a number in its unit, one of its choices, or a `text`.

    A default "month_hours" is the hours of the month; "none" leaves it unset.
    """

    name: str
    about: str
    unit: str
    default: Default
    mean_rate_of: str | None
    choices: tuple[Choice, ...]
    at_least: float
    at_most: float | None
    when: Mapping[str, tuple[Choice, ...]]
    text: bool = False

    @property
    def required(self) -> bool:
        """Whether the user must say it (where `when` holds)."""
        return self.default is None and self.mean_rate_of is None

    @property
    def may_be_unset(self) -> bool:
        """Whether a rule may find None here."""
        return self.default == "none" and not self.choices

    @property
    def follows_the_month(self) -> bool:
        """Whether it is all hours of the month unless the user says otherwise."""
        return self.default == "month_hours" and not self.choices


class Meter(NamedTuple):
    """What AWS counts to bill it. `published` is its key in the survey of published prices.

    `place` is "global" where AWS has one price and one pool for all regions; "" where each region has its own.
    """

    name: str
    type: str
    title: str
    unit: str
    published: str
    free_tier: str | None
    place: str = ""

    @property
    def full_name(self) -> str:
        """The name by which everybody knows it: "sqs_queue.requests"."""
        return f"{self.type}.{self.name}"

    @property
    def measured_in(self) -> Unit:
        """The unit that usage of it must have."""
        return parse_unit(self.unit)


def family_member(family: str, choice: Choice) -> str:
    """The name of a meter that stands for one choice of an input.

    >>> family_member("hours", "m5.large")
    'hours_m5_large'
    """
    return f"{family}_{str(choice).replace('.', '_').replace('-', '_')}"


class FreeTier(NamedTuple):
    """An allowance that AWS takes off before it prices; one allowance may cover several meters."""

    name: str
    type: str
    covers: tuple[str, ...]
    quantity: Decimal
    kind: str
    scope: str
    source: str
    checked: date
    note: str

    @property
    def full_name(self) -> str:
        """The key of `account.already_used`: "sqs_queue.requests"."""
        return f"{self.type}.{self.name}"


class Quota(NamedTuple):
    """A limit that AWS sets: a demand is compared with its value in a region."""

    name: str
    type: str
    title: str
    unit: str
    value: Decimal
    regions: Mapping[str, Decimal]
    kind: str
    scope: str
    adjustable: bool
    exceeded: str
    remedy: str
    source: str
    checked: str
    confidence: str
    code: str
    note: str

    def value_in(self, region: str) -> Decimal:
        """The limit in a region, in the quota's unit."""
        return self.regions.get(region, self.value)


class ComponentType(NamedTuple):
    """A kind of component: what is said of it, what it bills and what limits it."""

    name: str
    title: str
    about: str
    pricing_page: str
    inputs: Mapping[str, Input]
    meters: Mapping[str, Meter]
    free_tiers: Mapping[str, FreeTier]
    quotas: Mapping[str, Quota]
