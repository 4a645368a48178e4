"""What a user says: components with their inputs, and the account that pays for them, as frozen records."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Literal, TypeAlias

from calculator.price_book import PriceBook

Value: TypeAlias = int | float | str | bool | None
Origin: TypeAlias = Literal["default", "derived", "computed"]


@dataclass(frozen=True, slots=True)
class Assumption:
    """A value that the user did not give: where it would stand, what is taken instead and why.

    `origin`: a "default" that somebody chose, "derived" from the traffic along connections, or "computed" from a model.
    """

    pointer: str
    value: Value
    unit: str
    why: str
    origin: Origin = "default"


@dataclass(frozen=True, slots=True)
class Component:
    """One resource: its inputs by name. An input that `mean_rates` names is derived from the monthly input it gives.

    `derived` names the inputs that the connections fill; `hidden` is true of a component that nobody wrote down.
    """

    name: str
    type: str
    region: str
    inputs: Mapping[str, Value]
    mean_rates: Mapping[str, str]
    derived: frozenset[str] = frozenset()
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Follow:
    """Which bytes of another connection a hidden line bills: the `sizes` of a call, "payload" or "response".

    `share` names a setting of that connection, the share of its bytes. `answers` is true of what leaves a door: where
    the requests of the door are stated, its answers are as many.
    """

    number: int
    sizes: tuple[str, ...]
    share: str = ""
    answers: bool = False


@dataclass(frozen=True, slots=True)
class Connection:
    """What leaves one component for another; `source` is None where it comes from outside.

    Both ends are places in the list of components. `payload_input` names the input of the source that is the size of a
    call, where the connection has no size of its own. `fills` is the one input of the target that a hidden line fills,
    `follows` the connection whose bytes it bills. What comes `late` causes no calls: it is added when all else flows.
    """

    source: int | None
    target: int
    inputs: Mapping[str, Value]
    payload_input: str = ""
    fills: str = ""
    follows: Follow | None = None
    late: bool = False


@dataclass(frozen=True, slots=True)
class Traffic:
    """What comes from outside. The one of requests and peak that is not stated follows from the other and the shape.

    `weights` are the hours of a week as the shape has them; `peak_to_mean` is its busiest hour over its mean hour.
    `keep_alive` is how long idle environments live: seconds, or points of idle seconds and cold share.
    """

    inputs: Mapping[str, Value]
    weights: tuple[float, ...] = (1.0,)
    peak_to_mean: float = 1.0
    keep_alive: float | tuple[tuple[float, float], ...] | None = None


@dataclass(frozen=True, slots=True)
class Loop:
    """A way back: `back` is the connection that closes it, `path` the components on it from where it begins.

    `gain` is how many come back to its beginning, over all loops there, for each that leaves it: in the mean, and at
    the peak. With a gain of 1 or more there is no end, and nothing that comes back is counted.
    """

    back: int
    path: tuple[int, ...]
    gain: float = 0.0
    peak_gain: float = 0.0


@dataclass(frozen=True, slots=True)
class Account:
    """Who pays: which free tiers hold, how much of them is used by what is not in the document, and own prices.

    `quotas` are the limits that AWS has set for this account, by quota or by quota code.
    """

    free_tier: str = "always"
    already_used: Mapping[str, Decimal] = field(default_factory=dict)
    price_book: PriceBook = field(default_factory=PriceBook)
    quotas: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Architecture:
    """Components of one account in a month of `month_hours` hours, priced as of a day.

    `prices` is a folder of imported prices that take the place of the packaged ones; None: there is none. `order` is
    the way of the traffic through the components, `circles` those of them that it may go round in, `document` what was
    parsed. `unpriced` says what is done where no price is known: "refuse", or "list" it beside what has one.
    """

    name: str
    region: str
    as_of: date
    month_hours: float
    account: Account
    components: tuple[Component, ...]
    assumptions: tuple[Assumption, ...]
    prices: Path | None = None
    traffic: Traffic | None = None
    connections: tuple[Connection, ...] = ()
    order: tuple[int, ...] = ()
    circles: tuple[tuple[int, ...], ...] = ()
    loops: tuple[Loop, ...] = ()
    document: object = None
    unpriced: str = "refuse"
