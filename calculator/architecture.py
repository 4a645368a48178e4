"""What a user says: components with their inputs, and the account that pays for them, as frozen records."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias

from calculator.price_book import PriceBook

Value: TypeAlias = int | float | str | bool | None


@dataclass(frozen=True, slots=True)
class Assumption:
    """A value that the user did not give: where it would stand, what is taken instead and why."""

    pointer: str
    value: Value
    unit: str
    why: str


@dataclass(frozen=True, slots=True)
class Component:
    """One resource: its inputs by name. An input that `mean_rates` names is derived from the monthly input it gives."""

    name: str
    type: str
    region: str
    inputs: Mapping[str, Value]
    mean_rates: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Account:
    """Who pays: which free tiers hold, how much of them is used by what is not in the document, and own prices."""

    free_tier: str = "always"
    already_used: Mapping[str, Decimal] = field(default_factory=dict)
    price_book: PriceBook = field(default_factory=PriceBook)


@dataclass(frozen=True, slots=True)
class Architecture:
    """Components of one account in a month of `month_hours` hours, priced as of a day.

    `prices` is a folder of imported prices that take the place of the packaged ones; None: there is none.
    """

    name: str
    region: str
    as_of: date
    month_hours: float
    account: Account
    components: tuple[Component, ...]
    assumptions: tuple[Assumption, ...]
    prices: Path | None = None
