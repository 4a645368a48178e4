"""What another day's prices change in a bill, and which rate did it."""

from dataclasses import dataclass
from datetime import date

from calculator.answer.estimate import LineItem, estimate
from calculator.answer.price_age import RateUsed
from calculator.architecture import Architecture
from calculator.rules.prices import on_day
from pricing.formula.rounding import rounded


@dataclass(frozen=True, slots=True)
class Change:
    """One line that costs more or less: what it cost, what it costs, and the rates that were in force. [USD]

    A rate is None where the line did not stand in the bill of that day.
    """

    component: str
    meter: str
    title: str
    region: str
    before: float
    after: float
    difference: float
    rate_before: RateUsed | None
    rate_after: RateUsed | None
    prices_before: tuple[float, ...]
    prices_after: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """Two bills of one architecture on two days: the totals, and every line that differs. [USD]"""

    as_of_before: str
    as_of_after: str
    before: float
    after: float
    difference: float
    lines: tuple[Change, ...]


def changes(architecture: Architecture, before: date, after: date) -> Changes:
    """What changed in the bill between two days, the largest difference first.

    Raises InvalidDocument where the document does not hold on one of the days, RateNotFound where a price is not known
    for one, whatever the document says of that: two bills of which a part is missing do not compare.

    >>> from calculator import changes, parse
    >>> table = {"name": "t", "type": "dynamodb_table", "writes": 1e9, "reads": 0, "storage_gb": 0}
    >>> orders = parse({"region": "us-east-1", "components": [table]}, today=date(2026, 9, 1))
    >>> changes(orders, date(2024, 10, 15), date(2026, 9, 1)).difference
    -625.0
    """
    old, new = (estimate(on_day(architecture, day)) for day in (before, after))
    was, now = ({_key(line): line for line in result.line_items} for result in (old, new))
    lines = [_change(was.get(key), now.get(key), line) for key, line in (was | now).items()]
    differing = [line for line in lines if line.difference or line.prices_before != line.prices_after]
    return Changes(
        as_of_before=old.as_of,
        as_of_after=new.as_of,
        before=old.total,
        after=new.total,
        difference=rounded(new.total - old.total),
        lines=tuple(sorted(differing, key=lambda line: -abs(line.difference))),
    )


def _key(line: LineItem) -> tuple[str, str, str]:
    return line.component, line.meter, line.region


def _change(old: LineItem | None, new: LineItem | None, line: LineItem) -> Change:
    before, after = old.cost if old else 0.0, new.cost if new else 0.0
    return Change(
        component=line.component,
        meter=line.meter,
        title=line.title,
        region=line.region,
        before=before,
        after=after,
        difference=rounded(after - before),
        rate_before=old.rate if old else None,
        rate_after=new.rate if new else None,
        prices_before=tuple(tier["price"] for tier in old.tiers) if old else (),
        prices_after=tuple(tier["price"] for tier in new.tiers) if new else (),
    )
