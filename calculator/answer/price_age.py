"""How old the prices of a bill are, which of them are derived from a later day, and which nobody has verified."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from pricing.prices.pricelist import Rate
from pricing.prices.sourcing import is_verified, link_of

# A price that nobody has seen for longer may have changed.
OLD_AFTER = timedelta(days=365)
NONE = "no published price is used"


@dataclass(frozen=True, slots=True)
class RateUsed:
    """Where the price of a line comes from and since when it is known to hold.

    `link` is the address of its document; empty: it has none. It is `old` where nobody has seen it for a year before
    the day of the bill, `derived` where it is of a later day than the bill, and `unverified` where nobody read it in
    its document.
    """

    effective: str
    source: str
    checked: str
    link: str = ""
    old: bool = False
    derived: bool = False
    unverified: bool = False


@dataclass(frozen=True, slots=True)
class PricesUsed:
    """The age of the published prices of a bill, in words and by line item; empty days: there are none.

    `old`, `derived` and `unverified` are how many of the `lines` are so.
    """

    text: str
    oldest: str
    newest: str
    lines: int
    old: int
    derived: int
    unverified: int


def rate_used(rate: Rate, as_of: date) -> RateUsed:
    """What a bill of a day says of a rate.

    >>> from pricing.prices.pricelist import find_rate
    >>> day = date(2022, 1, 1)
    >>> used = rate_used(find_rate("sqs_queue.requests", "eu-west-3", day), day)
    >>> used.derived, used.old, used.link.rpartition("/")[2]
    (True, False, 'queueservice.json')
    """
    return RateUsed(
        effective=rate.effective.isoformat(),
        source=rate.source,
        checked=rate.checked.isoformat(),
        link=link_of(rate.source),
        old=as_of - rate.checked > OLD_AFTER,
        derived=rate.derived,
        unverified=not is_verified(rate.source),
    )


def prices_used(rates: Iterable[RateUsed]) -> PricesUsed:
    """How old the prices of line items are.

    >>> rates = [RateUsed("2024-01-01", "a", "2025-06-05", old=True), RateUsed("2024-01-01", "b", "2026-11-02")]
    >>> prices_used(rates).text
    'prices checked between Jun 2025 and Nov 2026; 1 of 2 lines older than a year'
    """
    used = list(rates)
    days = sorted(rate.checked for rate in used)
    if not used:
        return PricesUsed(NONE, "", "", 0, 0, 0, 0)
    old, derived, unverified = (sum(getattr(one, name) for one in used) for name in ("old", "derived", "unverified"))
    first, last = (f"{date.fromisoformat(day):%b %Y}" for day in (days[0], days[-1]))
    span = f"in {first}" if first == last else f"between {first} and {last}"
    marks = {"older than a year": old, "derived from a later day": derived, "unverified": unverified}
    told = [f"{_lines(count, len(used))} {mark}" for mark, count in marks.items() if count]
    text = "; ".join([f"prices checked {span}", *told])
    return PricesUsed(text, days[0], days[-1], len(used), old, derived, unverified)


def _lines(count: int, of: int) -> str:
    return f"{count} of {of} lines" if of > 1 else "the line"
