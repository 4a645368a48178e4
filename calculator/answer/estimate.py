"""One estimate: the bill line by line, the limits it violates, what was assumed, and where the prices come from."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Literal, TypedDict

from calculator.answer.limits import Limits, limits_of
from calculator.answer.price_age import PricesUsed, RateUsed, prices_used, rate_used
from calculator.architecture import Architecture
from calculator.bill.bill import Bill, draw_up
from calculator.bill.line import Line
from calculator.bill.own_prices import Committed
from calculator.bill.unpriced import Unpriced, pointer_to
from calculator.price_book import EVERYTHING
from pricing.catalogue.catalogue import digest
from pricing.formula.reading import as_float
from pricing.formula.rounding import rounded
from pricing.prices.pricelist import OWN, Rate

# Whose line a commitment is, and where its price stands.
ACCOUNT = "account"
PRICE_BOOK = "the account's price book"

TierUsed = TypedDict("TierUsed", {"from": float, "to": float | None, "quantity": float, "price": float})


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
class NotPriced:
    """What one component uses and no price is known of: where it stands in the document, or the switch of its line."""

    component: str
    meter: str
    region: str
    pointer: str


@dataclass(frozen=True, slots=True)
class CatalogueUsed:
    """Which state of the catalogue answered: equal digests give equal answers."""

    digest: str
    newest_source: str


@dataclass(frozen=True, slots=True)
class Estimate(Limits):
    """The answer: money in USD a month, rounded to ten decimals; line items add up to `total`.

    Where the document asks for what can be priced, `unpriced` names the rest, and the total is at least so much.
    `prices` says how old its prices are.
    """

    name: str
    region: str
    as_of: str
    currency: str
    month_hours: float
    free_tier: str
    list_total: float
    total: float
    total_is: Literal["exact", "at_least"]
    unpriced: tuple[NotPriced, ...]
    line_items: tuple[LineItem, ...]
    by_component: tuple[ComponentCost, ...]
    prices: PricesUsed
    catalogue: CatalogueUsed


def estimate(architecture: Architecture) -> Estimate:
    """What an architecture costs in a month, which limits it violates or comes near, and what to change.

    Free tiers and volume tiers are pooled over the account, as AWS bills
    (https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/useconsolidatedbilling-effective.html).
    Raises RateNotFound with every meter that has no price in its region on `as_of`; where the document says
    `"unpriced": "list"`, these are named beside what can be priced.

    >>> from calculator import estimate, parse
    >>> jobs = {"name": "jobs", "type": "sqs_queue", "messages": 5_000_000}
    >>> estimate(parse({"region": "us-east-1", "as_of": "2026-09-01", "components": [jobs]})).total
    5.6
    """
    bill = draw_up(architecture, as_float)
    items = _items(architecture, bill)
    total = _sum(item.cost for item in items)
    limits = limits_of(architecture, bill.flow, bill.checks, total, bill.unpriced)
    return Estimate(
        **{part.name: getattr(limits, part.name) for part in fields(Limits)},
        name=architecture.name,
        region=architecture.region,
        as_of=architecture.as_of.isoformat(),
        currency="USD",
        month_hours=architecture.month_hours,
        free_tier=architecture.account.free_tier,
        list_total=_sum(item.list_cost for item in items),
        total=total,
        total_is="at_least" if bill.unpriced else "exact",
        unpriced=tuple(_not_priced(architecture, one) for one in bill.unpriced),
        line_items=items,
        by_component=_by_component(architecture, items),
        prices=prices_used(item.rate for item in items if item.type not in (ACCOUNT, OWN)),
        catalogue=_catalogue(architecture, bill),
    )


def _not_priced(architecture: Architecture, one: Unpriced) -> NotPriced:
    name = architecture.components[one.component].name
    return NotPriced(name, one.meter, one.region, pointer_to(architecture, one.component))


def _items(architecture: Architecture, bill: Bill) -> tuple[LineItem, ...]:
    items = tuple(_line_item(architecture, line) for line in bill.lines)
    return items + tuple(_commitment_line(architecture, committed) for committed in bill.committed)


def _sum(costs: Iterable[float]) -> float:
    return rounded(math.fsum(costs))


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
        usage=rounded(line.usage),
        unit=pool.meter.unit,
        free=rounded(free),
        billable=rounded(line.usage - free),
        list_cost=rounded(line.list_cost),
        cost=rounded(line.cost),
        tiers=tuple(_tiers_used(pool.billable, share, pool.rate)),
        rate=rate_used(pool.rate, architecture.as_of),
    )


def _commitment_line(architecture: Architecture, committed: Committed) -> LineItem:
    """A commitment as a line of the account: at list price there is none."""
    on, hourly = committed.commitment.on, float(committed.commitment.usd_per_hour)
    hours = rounded(committed.hours)
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
        cost=rounded(committed.cost),
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
            quantity = rounded((min(billable, upto) - above) * share)
            yield {"from": above, "to": None if upto == math.inf else upto, "quantity": quantity, "price": price}


def _by_component(architecture: Architecture, items: tuple[LineItem, ...]) -> tuple[ComponentCost, ...]:
    owners = [(component.name, component.type, component.region) for component in architecture.components]
    if any(item.type == ACCOUNT for item in items):
        owners.append((ACCOUNT, ACCOUNT, architecture.region))
    costs: dict[tuple[str, str], list[float]] = {(name, kind): [] for name, kind, _ in owners}
    for item in items:
        costs[item.component, item.type].append(item.cost)
    return tuple(ComponentCost(name, kind, region, _sum(costs[name, kind])) for name, kind, region in owners)


def _catalogue(architecture: Architecture, bill: Bill) -> CatalogueUsed:
    used = {component.type for component in architecture.components}
    # A type may share a meter, a free tier or a quota that stands in the file of another.
    pools = [line.pool for line in bill.lines]
    used |= {check.quota.type for check in bill.checks} | {pool.meter.type for pool in pools}
    used |= {pool.allowance.tier.type for pool in pools if pool.allowance}
    newest = max((pool.rate.checked.isoformat() for pool in pools if pool.meter.type != OWN), default="")
    return CatalogueUsed(digest(frozenset(used), architecture.prices), newest)
