"""A price as a source shows it on a day, and how what several sources show becomes rates with their dates."""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from pricing.catalogue import feeds
from pricing.errors import ImportFailed, NotFound
from pricing.imports.documents import BOTH
from pricing.prices import history as changed
from pricing.prices.pricelist import Tier
from pricing.prices.sourcing import is_verified

# The mirror of AWS's Lambda page is undated; the survey of limits dates the same mirror mid-2026.
MIRROR, MIRROR_SEEN = "2026 (page mirror; undated", date(2026, 7, 1)
PRE_CUT = re.compile(r"\bPRE-CUT\b")
PRE_CUT_NOTE = "PRE-CUT price, superseded"
SUPERSEDED = re.compile(r"\bsuperseded (\d{4}-\d\d-\d\d)\b")
# A price that is not in the survey, but under a metric of a price feed.
FEED = "feed:"
FREE_FIRST_TIER = "free tier is published as the $0 first tier"


@dataclass(frozen=True, slots=True)
class Shown:
    """One price as one source shows it in one region on the day `seen`: a set of tiers.

    It is `verified` where the document of the source was itself read; `checked` is the day of that, if it is another.
    """

    region: str
    source: str
    seen: date
    unit: str
    note: str
    tiers: tuple[Tier, ...]
    verified: bool = True
    checked: date | None = None

    @property
    def until(self) -> date | None:
        """The day on which a price that is marked as history ended."""
        cut = SUPERSEDED.search(self.note) if PRE_CUT.search(self.note) else None
        return date.fromisoformat(cut[1]) if cut else None

    def __str__(self) -> str:
        tiers = ", ".join(f"${tier.price:f} above {tier.above:f}" for tier in self.tiers)
        return f"{self.source} of {self.seen} shows {tiers}"


@dataclass(frozen=True, slots=True)
class DatedRate:
    """A price with the first day and the last day on which any source shows it."""

    effective: date
    checked: date
    until: date | None
    shown: Shown


def day_seen(as_of: str) -> date:
    """The day of an `as_of`. Raises ImportFailed.

    >>> str(day_seen("2025-06-05T17:56:10Z")), str(day_seen("2026 (page mirror; undated, includes MicroVMs)"))
    ('2025-06-05', '2026-07-01')
    """
    if as_of.startswith(MIRROR):
        return MIRROR_SEEN
    try:
        return date.fromisoformat(as_of[:10])
    except ValueError:
        raise ImportFailed(f"as_of: expected a day, not {as_of!r}") from None


def number(text: str) -> Decimal:
    """The number of a text, with the digits as published. Raises ImportFailed unless it is finite and 0 or more.

    >>> f"{number('1e-7'):f}", f"{number('0.20'):f}"
    ('0.0000001', '0.20')
    """
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise ImportFailed(f"expected a number, not {text!r}") from None
    if not value.is_finite() or value < 0:
        raise ImportFailed(f"expected a finite number of 0 or more, not {text!r}")
    return value


def quantity(unit: str) -> str:
    """What a unit counts, without remarks in brackets and without plurals.

    >>> quantity("requests (64 KB chunks)"), quantity("GB-seconds"), quantity("change data capture units")
    ('request', 'GB-second', 'change data capture unit')
    """
    bare = re.sub(r"\([^()]*\)", " ", unit)
    return re.sub(r"(?<=[a-z]{3})s\b", "", " ".join(bare.split()))


def same_quantity(unit: str, other: str) -> bool:
    """Whether two wordings count the same thing. A describing word before it changes nothing, a factor does.

    >>> same_quantity("transitions", "state transitions"), same_quantity("GB months", "GB-month")
    (True, True)
    >>> same_quantity("GB-seconds", "128MB-seconds"), same_quantity("GB", "GB-month")
    (False, False)
    """
    one, two = quantity(unit), quantity(other)
    if one.replace("-", " ") == two.replace("-", " "):
        return True
    return one.endswith(f" {two}") or two.endswith(f" {one}")


def without_free_tier(shown: Shown, allowance: Decimal | None = None) -> Shown:
    """The price without a free tier that is published as its first tier: tiers count from the first billable unit.

    It is one where the note says so, or where it is as much as the `allowance` that the catalogue knows.

    >>> from decimal import Decimal as D
    >>> tiers = (Tier(D(0), D(0)), Tier(D(1000), D("0.2")), Tier(D(5000), D("0.1")))
    >>> paid = without_free_tier(Shown("us-east-1", "S1", date(2025, 6, 5), "request", FREE_FIRST_TIER, tiers))
    >>> [(str(tier.above), str(tier.price)) for tier in paid.tiers]
    [('0', '0.2'), ('4000', '0.1')]
    """
    known = allowance is not None and [tier.above for tier in shown.tiers[:2]] == [0, allowance]
    if not (known or FREE_FIRST_TIER in shown.note) or shown.tiers[0].price != 0:
        return shown
    paid = shown.tiers[1:]
    return replace(shown, tiers=tuple(Tier(tier.above - paid[0].above, tier.price, tier.rate_code) for tier in paid))


def in_feed(published: str) -> Iterator[Shown]:
    """The prices that a feed shows of what is published as "feed:swf/InitiatedWorkflows"; none for any other name.

    >>> [f"{shown}" for shown in in_feed("feed:swf/InitiatedWorkflows") if shown.region == "us-east-1"]
    ['feed:swf of 2025-06-05 shows $0.0001 above 0']
    """
    if not published.startswith(FEED):
        return
    name = published.removeprefix(FEED)
    with suppress(NotFound):
        metric = feeds.metric_named(name)
        for region, price in feeds.prices(name).items():
            yield Shown(region, f"{FEED}{metric.feed}", metric.as_of, "unit", "", (Tier(Decimal(0), price),))


def with_history(published: str, prices: list[Shown]) -> list[Shown]:
    """The prices of one region, with those that were in force before a change that is known.

    >>> from decimal import Decimal as D
    >>> today = Shown("us-east-1", "S1", date(2025, 6, 5), "GB", "", (Tier(D(0), D("0.005")),))
    >>> [str(shown.tiers[0].price) for shown in with_history("vpc.public_ipv4.in_use", [today])]
    ['0', '0.005']
    """
    if not prices:
        return prices
    first = min((shown for shown in prices if not shown.until), key=lambda shown: shown.seen, default=prices[0])
    before = []
    for change in changed.changes_of(published, first.region):
        if change.was == changed.THE_SAME:
            before.append(replace(first, seen=change.day, checked=first.seen))
        elif change.was not in (changed.NOT_OFFERED, changed.NOT_KNOWN):
            before.append(_of_before(first, change))
    return [*before, *prices]


def _of_before(first: Shown, change: changed.Change) -> Shown:
    """The price of before a change; where nobody saw it, it follows from the first one that was seen."""
    price = first.tiers[0].price if change.price is None else change.price
    one = replace(first, note=f"{PRE_CUT_NOTE} {change.day}", tiers=(Tier(Decimal(0), price),))
    if change.since is None:
        return replace(one, seen=change.day - timedelta(days=1), checked=first.seen)
    last = change.day - timedelta(days=1)
    return replace(one, source=change.key, seen=change.since, checked=last, verified=is_verified(change.source))


def agree(one: Shown, other: Shown) -> bool:
    """Whether the price with fewer tiers lists only tiers of the other.

    >>> from decimal import Decimal as D
    >>> short = Shown("us-east-1", "S1", date(2025, 6, 5), "GB", "", (Tier(D(0), D(3)),))
    >>> agree(short, Shown("us-east-1", "S2", date(2026, 6, 5), "GB", "", (Tier(D(0), D(3)), Tier(D(10), D(2)))))
    True
    """
    first, second = ({(tier.above, tier.price) for tier in shown.tiers} for shown in (one, other))
    return first <= second or second <= first


def history(prices: Iterable[Shown], doubt: Callable[[str], None]) -> list[DatedRate]:
    """The rates of one meter in one region, the oldest first; `doubt` hears of each price unlike the one before it.

    >>> from decimal import Decimal as D
    >>> days = [Shown("us-east-1", "S1", date(2025, month, 1), "GB", "", (Tier(D(0), D(3)),)) for month in (3, 2)]
    >>> [(str(rate.effective), str(rate.checked)) for rate in history(days, print)]
    [('2025-02-01', '2025-03-01')]
    """
    rates: list[DatedRate] = []
    for shown in sorted(prices, key=lambda price: (price.seen, len(price.tiers), price.source)):
        last = rates[-1] if rates else None
        cut = last.until if last and last.until else date.max
        if last and shown.seen < cut and agree(last.shown, shown):
            rates[-1] = _confirmed(last, shown)
            continue
        if last and cut == date.max:
            doubt(f"{shown.region}: {last.shown}, but {shown}")
        rate = DatedRate(min(cut, shown.seen), shown.checked or shown.seen, shown.until, shown)
        # Of two prices shown for one day only one can be in force: the one with more tiers.
        rates = [older for older in rates if older.effective < rate.effective] + [rate]
    return rates


def _confirmed(rate: DatedRate, shown: Shown) -> DatedRate:
    fuller = shown if len(shown.tiers) >= len(rate.shown.tiers) else rate.shown
    if rate.shown.verified and not shown.verified:
        # The document that was read stays the source, beside what others say that they have seen later.
        fuller = replace(fuller, source=f"{rate.shown.source.partition(BOTH)[0]}{BOTH}{shown.source}", verified=True)
    return replace(
        rate, checked=max(rate.checked, shown.checked or shown.seen), until=rate.until or shown.until, shown=fuller
    )
