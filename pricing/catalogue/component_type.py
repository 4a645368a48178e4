"""A component type as the catalogue knows it: its inputs, meters, free tiers and quotas as frozen records.

They are named tuples because a command must start fast: making a frozen dataclass takes Python three times as long.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple, TypeAlias

# Who writes a log, as AWS bills it: a service of AWS, or a program.
VENDED, CUSTOM = "vended", "custom"
Choice: TypeAlias = str | bool | int | float
Default: TypeAlias = str | bool | int | float | None


class Input(NamedTuple):
    """What a user may say of a component: a number in its unit, one of its choices, or a `text`.

    A default "month_hours" is the hours of the month; "none" leaves it unset. `limited_by` names the quotas that its
    value is itself compared with; `grows`: whether it grows with the traffic, `listed`: whether a text may be a list,
    `varies`: whether each call may have another value, of which this is the mean.
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
    limited_by: tuple[str, ...] = ()
    grows: bool = False
    listed: bool = False
    varies: bool = False

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
    `doubtful_in` are the regions where what is published under its key cannot be its price.
    """

    name: str
    type: str
    title: str
    unit: str
    published: str
    free_tier: str | None
    place: str = ""
    doubtful_in: tuple[str, ...] = ()

    @property
    def full_name(self) -> str:
        """The name by which everybody knows it: "sqs_queue.requests"."""
        return f"{self.type}.{self.name}"


def family_member(family: str, choice: Choice) -> str:
    """The name of a meter that stands for one choice of an input.

    >>> family_member("hours", "m5.large")
    'hours_m5_large'
    """
    return f"{family}_{str(choice).replace('.', '_').replace('-', '_')}"


class EarlierTier(NamedTuple):
    """What an allowance was until a day, which is the first on which it is no more so."""

    until: date
    quantity: Decimal
    kind: str
    scope: str


class FreeTier(NamedTuple):
    """An allowance that AWS takes off before it prices; one allowance may cover several meters.

    It is not given in regions whose names begin with one of `except_in`. `earlier` says what it was, the oldest first.
    """

    name: str
    type: str
    covers: tuple[str, ...]
    quantity: Decimal
    kind: str
    scope: str
    source: str
    checked: date
    note: str
    except_in: tuple[str, ...] = ()
    earlier: tuple[EarlierTier, ...] = ()

    def on(self, day: date) -> "FreeTier":
        """What it is on a day."""
        was = next((one for one in self.earlier if day < one.until), None)
        return self if was is None else self._replace(quantity=was.quantity, kind=was.kind, scope=was.scope)

    @property
    def full_name(self) -> str:
        """The key of `account.already_used`: "sqs_queue.requests"."""
        return f"{self.type}.{self.name}"

    def holds_in(self, region: str) -> bool:
        """Whether AWS gives it in a region."""
        return not region.startswith(self.except_in)


class AtMost(NamedTuple):
    """What to do instead of raising an input that is already as high as another quota of its type lets it be."""

    input: str
    quota: str
    remedy: str


class Quota(NamedTuple):
    """A limit that AWS sets: a demand is compared with its value in a region.

    `counts` says that each component of the type demands one. A quota that `follows` another of its type is that limit
    times `times`, less `less`. `bucket` is the quota that says how much above this rate is let through at once.
    `place` is "global" where AWS limits the account in all regions together. `at_most` has another remedy where an
    input that the remedy would raise is at its most.
    """

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
    counts: bool = False
    follows: str = ""
    times: Decimal = Decimal(1)
    less: Decimal = Decimal(0)
    bucket: str = ""
    place: str = ""
    at_most: AtMost | None = None

    @property
    def full_name(self) -> str:
        """The name by which every type knows it: "sqs_queue.sqs_message_size"."""
        return f"{self.type}.{self.name}"

    def value_in(self, region: str) -> Decimal:
        """The limit in a region, in the quota's unit."""
        return self.regions.get(region, self.value)


class TrafficRule(NamedTuple):
    """How traffic passes a component of a type.

    `takes` says which inputs arriving traffic fills, and with what of it; `leaves` and `leaves_peak` are the inputs
    that say how much goes on, in a month and in the busiest second; `passes` is the size that goes on unchanged. What
    arrives in batches is counted `singly` or by the batch.
    `told` are inputs that the connections behind it decide; `leaves_else` and `leaves_peak_else` are what leaves where
    `leaves` and `leaves_peak` are not known.
    What leaves an `asynchronous` type waits for no answer. `as_source` and `as_target` are the inputs of a connection
    that have a meaning with this type at that end. `logs` is the hidden line that says what a call writes to a log, of
    that `log_origin`; an input of that name wins. `internet` is the input that says how large an answer to the Internet
    is, or "answer": that of the connection; with the choices of `internet_unless` it answers nobody there. `brings` are
    writes or reads of what leaves it where a connection says neither. `chosen` are choices that the type of a source
    settles, but that logs are vended only `vended_from` a day on, and custom before. `pulls` are inputs that say how
    many pull an image of `image_mb` when they start, of which the first that has a meaning counts. `traits` stand in
    flow_file.py.
    """

    takes: Mapping[str, str] = {}
    leaves: str = ""
    leaves_else: str = ""
    leaves_peak: str = ""
    leaves_peak_else: str = ""
    passes: str = ""
    told: tuple[str, ...] = ()
    asynchronous: bool = False
    singly: bool = False
    as_source: tuple[str, ...] = ()
    as_target: tuple[str, ...] = ()
    logs: str = ""
    log_origin: str = VENDED
    vended_from: date | None = None
    internet: str = ""
    internet_unless: Mapping[str, tuple[Choice, ...]] = {}
    brings: Mapping[str, int] = {}
    chosen: Mapping[str, Mapping[str, Choice]] = {}
    pulls: tuple[str, ...] = ()
    traits: frozenset[str] = frozenset()

    def log_origin_on(self, day: date) -> str:
        """Who writes its log on a day, as AWS bills it: "vended" or "custom"."""
        return CUSTOM if self.vended_from is not None and day < self.vended_from else self.log_origin

    def left(self, inputs: Mapping[str, object]) -> str:
        """The one of the inputs that says how much leaves in a month."""
        return self.leaves if inputs.get(self.leaves) is not None or not self.leaves_else else self.leaves_else

    def left_at_peak(self, inputs: Mapping[str, object]) -> str:
        """The one of the inputs that says how much leaves at the peak; empty: none of them does."""
        names = (self.leaves_peak, self.leaves_peak_else)
        return next((name for name in names if inputs.get(name) is not None), "")


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
    flow: TrafficRule = TrafficRule()
