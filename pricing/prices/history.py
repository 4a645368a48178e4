"""What AWS changed and when: for all else a price that is known holds back to 2021 (docs/decisions/0011)."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import tomli

from pricing.errors import CatalogueError

CHANGES = Path(__file__).parents[1] / "data" / "history" / "changes.toml"
# Prices of serverless meters have been compared from here on, and all that changed is listed.
HELD_BACK_TO = date(2021, 1, 1)
FLAT, NOT_OFFERED, NOT_KNOWN, THE_SAME = "flat", "not offered", "not known", "the same"
WORDS = (FLAT, NOT_OFFERED, NOT_KNOWN, THE_SAME)


class Change(NamedTuple):
    """On `day` AWS changed what is published under these names; before it cost `was`, known from `since` on.

    `was` is a price of one unit [USD], or one of WORDS; `key` names its source among those of the rates.
    """

    key: str
    published: tuple[re.Pattern[str], ...]
    regions: frozenset[str]
    except_in: frozenset[str]
    day: date
    was: str
    since: date | None
    why: str
    source: str

    def concerns(self, published: str, region: str) -> bool:
        """Whether it is of this price in this region."""
        if region in self.except_in or (self.regions and region not in self.regions):
            return False
        return any(name.fullmatch(published) for name in self.published)

    @property
    def price(self) -> Decimal | None:
        """The price of one unit before [USD]; None where only words say it."""
        return None if self.was in WORDS else Decimal(self.was)


@cache
def changes() -> tuple[Change, ...]:
    """All changes that are known. Raises CatalogueError.

    >>> {change.day.isoformat() for change in changes() if "Graviton" in change.why or "arm64 came" in change.why}
    {'2021-09-29'}
    """
    entries = tomli.loads(CHANGES.read_text(encoding="utf-8"))["change"]
    return tuple(map(_change, entries))


def changes_of(published: str, region: str) -> list[Change]:
    """The changes of a price in a region, the earliest first.

    >>> [str(change.day) for change in changes_of("lambda.duration.arm64", "eu-west-1")]
    ['2021-09-29', '2022-08-01']
    """
    return sorted((one for one in changes() if one.concerns(published, region)), key=lambda one: one.day)


def holds_from(published: str, region: str, known_from: date) -> tuple[date, str]:
    """The first day for which a price may be taken that is known from a day on, and why none before it.

    >>> holds_from("lambda.duration.arm64", "eu-west-1", date(2022, 7, 31))
    (datetime.date(2021, 9, 29), 'functions on arm64 came in September 2021')
    >>> holds_from("sqs.requests.standard", "eu-west-1", date(2025, 6, 5))
    (datetime.date(2021, 1, 1), '')
    """
    day, why = HELD_BACK_TO, ""
    for change in changes_of(published, region):
        if change.was in (NOT_OFFERED, NOT_KNOWN) and day < change.day <= known_from:
            day, why = change.day, change.why
    return min(day, known_from), why


def _change(entry: Mapping[str, Any]) -> Change:
    names, was = entry["published"], entry["was"]
    if was not in WORDS and not re.fullmatch(r"\d+(\.\d+)?", was):
        raise CatalogueError(f"{CHANGES.name}: expected a price or one of {', '.join(WORDS)}, not {was!r}")
    patterns = tuple(re.compile(re.escape(name).replace(r"\*", ".*")) for name in names)
    here, elsewhere = frozenset(entry.get("regions", ())), frozenset(entry.get("except_in", ()))
    key = f"history:{names[0]}@{entry['day']}"
    return Change(key, patterns, here, elsewhere, entry["day"], was, entry.get("since"), entry["why"], entry["source"])
