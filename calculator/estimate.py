"""One estimate: the bill line by line, the limits it violates, what was assumed, and where the prices come from."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypedDict

from calculator.architecture import Architecture, Assumption
from calculator.bill import Bill, Check, draw_up
from calculator.line import Line
from calculator.own_prices import Committed
from calculator.price_book import EVERYTHING
from pricing.catalogue import digest
from pricing.formula import WHOLE
from pricing.pricelist import Rate
from pricing.reading import as_float

# Money and quantities leave the library with ten decimals; faces round to what they show.
DECIMALS = 10
# Whose line a commitment is, and where its price stands.
ACCOUNT = "account"
PRICE_BOOK = "the account's price book"

TierUsed = TypedDict("TierUsed", {"from": float, "to": float | None, "quantity": float, "price": float})


@dataclass(frozen=True, slots=True)
class RateUsed:
    """Where the price of a line comes from and since when it is known to hold."""

    effective: str
    source: str
    checked: str


@dataclass(frozen=True, slots=True)
class LineItem:
    """What one component pays for one meter: usage less its share of the free tier, through the tiers. [USD]

    `region` is the place that prices it: a region, "global", or a geography of CloudFront such as "cf:eu".
    """

    component: str
    type: str
    region: str
    meter: str
    title: str
    usage: float
    unit: str
    free: float
    billable: float
    list_cost: float
    cost: float
    tiers: tuple[TierUsed, ...]
    rate: RateUsed


@dataclass(frozen=True, slots=True)
class ComponentCost:
    """What one component pays in all. [USD]"""

    component: str
    type: str
    region: str
    cost: float


@dataclass(frozen=True, slots=True)
class Violation:
    """A limit that AWS would enforce: `component` is None where the account as a whole demands too much."""

    quota: str
    title: str
    component: str | None
    components: tuple[str, ...]
    region: str
    demand: float
    limit: float
    unit: str
    kind: str
    adjustable: bool
    exceeded: str
    remedy: str
    source: str
    checked: str
    confidence: str


@dataclass(frozen=True, slots=True)
class CatalogueUsed:
    """Which state of the catalogue answered: equal digests give equal answers."""

    digest: str
    newest_source: str


@dataclass(frozen=True, slots=True)
class Estimate:
    """The answer: money in USD a month, unrounded to ten decimals; line items add up to `total`."""

    name: str
    region: str
    as_of: str
    currency: str
    month_hours: float
    free_tier: str
    list_total: float
    total: float
    line_items: tuple[LineItem, ...]
    by_component: tuple[ComponentCost, ...]
    violations: tuple[Violation, ...]
    assumptions: tuple[Assumption, ...]
    catalogue: CatalogueUsed


def estimate(architecture: Architecture) -> Estimate:
    """What an architecture costs in a month and which limits it violates.

    Free tiers and volume tiers are pooled over the account, as AWS bills
    (https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/useconsolidatedbilling-effective.html).
    Raises RateNotFound with every meter that has no price in its region on `as_of`.

    >>> from calculator import estimate, parse
    >>> jobs = {"name": "jobs", "type": "sqs_queue", "messages": 5_000_000}
    >>> estimate(parse({"region": "us-east-1", "as_of": "2026-09-01", "components": [jobs]})).total
    5.6
    """
    bill = draw_up(architecture, as_float)
    items = tuple(_line_item(architecture, line) for line in bill.lines)
    items += tuple(_commitment_line(architecture, committed) for committed in bill.committed)
    return Estimate(
        name=architecture.name,
        region=architecture.region,
        as_of=architecture.as_of.isoformat(),
        currency="USD",
        month_hours=architecture.month_hours,
        free_tier=architecture.account.free_tier,
        list_total=_sum(item.list_cost for item in items),
        total=_sum(item.cost for item in items),
        line_items=items,
        by_component=_by_component(architecture, items),
        violations=tuple(_violation(architecture, check) for check in bill.checks if violated(check)),
        assumptions=architecture.assumptions,
        catalogue=_catalogue(architecture, bill),
    )


def violated(check: Check) -> bool:
    """Whether a demand breaks its limit; an error of the last digits does not count."""
    if check.quota.kind == "minimum":
        return bool(check.demand < check.limit * WHOLE)
    return bool(check.demand * WHOLE > check.limit)


def _sum(costs: Iterable[float]) -> float:
    return round(math.fsum(costs), DECIMALS)


def _line_item(architecture: Architecture, line: Line) -> LineItem:
    component = architecture.components[line.component]
    pool = line.pool
    share = line.usage / pool.usage
    free = _free(line)
    return LineItem(
        component=component.name,
        type=component.type,
        region=pool.rate.region,
        meter=pool.meter.full_name,
        title=pool.meter.title,
        usage=round(line.usage, DECIMALS),
        unit=pool.meter.unit,
        free=round(free, DECIMALS),
        billable=round(line.usage - free, DECIMALS),
        list_cost=round(float(line.list_cost), DECIMALS),
        cost=round(float(line.cost), DECIMALS),
        tiers=tuple(_tiers_used(pool.billable, share, pool.rate)),
        rate=RateUsed(pool.rate.effective.isoformat(), pool.rate.source, pool.rate.checked.isoformat()),
    )


def _commitment_line(architecture: Architecture, committed: Committed) -> LineItem:
    """A commitment as a line of the account: at list price there is none."""
    on, hourly = committed.commitment.on, float(committed.commitment.usd_per_hour)
    hours = round(float(committed.hours), DECIMALS)
    return LineItem(
        component=ACCOUNT,
        type=ACCOUNT,
        region=architecture.region,
        meter=f"{ACCOUNT}.commitment",
        title=f"Commitment on {'everything' if on == EVERYTHING else on}",
        usage=hours,
        unit="hour",
        free=0.0,
        billable=hours,
        list_cost=0.0,
        cost=round(float(committed.cost), DECIMALS),
        tiers=({"from": 0.0, "to": None, "quantity": hours, "price": hourly},),
        rate=RateUsed(architecture.as_of.isoformat(), PRICE_BOOK, architecture.as_of.isoformat()),
    )


def _free(line: Line) -> float:
    """The line's share of what is free in its pool: all or nothing is exactly that."""
    pool = line.pool
    if pool.billable == 0:
        return float(line.usage)
    return float(min((pool.usage - pool.billable) * line.usage / pool.usage, line.usage))


def _tiers_used(billable: float, share: float, rate: Rate) -> Iterable[TierUsed]:
    """The tiers that the pool reaches, with this line's share of the quantity in each."""
    for above, upto, price in rate.float_bands:
        if billable > above:
            quantity = round((min(billable, upto) - above) * share, DECIMALS)
            yield {"from": above, "to": None if upto == math.inf else upto, "quantity": quantity, "price": price}


def _by_component(architecture: Architecture, items: tuple[LineItem, ...]) -> tuple[ComponentCost, ...]:
    owners = [(component.name, component.type, component.region) for component in architecture.components]
    if any(item.type == ACCOUNT for item in items):
        owners.append((ACCOUNT, ACCOUNT, architecture.region))
    costs: dict[tuple[str, str], list[float]] = {(name, kind): [] for name, kind, _ in owners}
    for item in items:
        costs[item.component, item.type].append(item.cost)
    return tuple(ComponentCost(name, kind, region, _sum(costs[name, kind])) for name, kind, region in owners)


def _violation(architecture: Architecture, check: Check) -> Violation:
    quota = check.quota
    names = tuple(architecture.components[index].name for index in check.components)
    return Violation(
        quota=quota.name,
        title=quota.title,
        component=None if quota.scope == "account" else names[0],
        components=names,
        region=check.region,
        demand=round(float(check.demand), DECIMALS),
        limit=round(float(check.limit), DECIMALS),
        unit=quota.unit,
        kind=quota.kind,
        adjustable=quota.adjustable,
        exceeded=quota.exceeded,
        remedy=quota.remedy,
        source=quota.source,
        checked=quota.checked,
        confidence=quota.confidence,
    )


def _catalogue(architecture: Architecture, bill: Bill) -> CatalogueUsed:
    used = {component.type for component in architecture.components}
    # A type may share a meter, a free tier or a quota that stands in the file of another.
    used |= {check.quota.type for check in bill.checks} | {line.pool.meter.type for line in bill.lines}
    used |= {line.pool.allowance.tier.type for line in bill.lines if line.pool.allowance}
    newest = max((line.pool.rate.checked.isoformat() for line in bill.lines), default="")
    return CatalogueUsed(digest(frozenset(used), architecture.prices), newest)
