"""The bill of an architecture in any reading: line items and checks, as floats, Decimals or formulas."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from calculator.architecture import Architecture
from calculator.bill.line import Line
from calculator.bill.own_prices import Committed, discounted
from calculator.bill.unpriced import LIST, Unpriced, fault_of
from calculator.limits.checks import Check
from calculator.limits.measured import measured
from calculator.limits.usage import Usage
from calculator.price_book import PriceBook
from calculator.traffic.propagate import Flow
from pricing.catalogue.catalogue import FreeTier, Meter, free_tier_named
from pricing.errors import RateNotFound
from pricing.formula.language import total
from pricing.formula.reading import Reading
from pricing.prices.pricelist import Allowance, Rate, find_rate, price_pool

# A pool is the usage of one meter in one region.
Pooled: TypeAlias = Mapping[tuple[str, str], list[Usage]]


class Bill(NamedTuple):
    """All line items by component, all checks, what the account has committed itself to, and the traffic behind it.

    `unpriced` is what no price is known of, where the document asks for what can be priced.
    """

    lines: tuple[Line, ...]
    checks: tuple[Check, ...]
    committed: tuple[Committed, ...]
    flow: Flow
    unpriced: tuple[Unpriced, ...] = ()


def draw_up(architecture: Architecture, reading: Reading) -> Bill:
    """The bill of an architecture: meter, pool over the account, take free tiers off, price, allocate.

    What has no price draws on its free tier all the same. Raises RateNotFound with every missing rate, unless the
    architecture asks for what can be priced.
    """
    flow, usage, checks = measured(architecture, reading)
    pooled: dict[tuple[str, str], list[Usage]] = {}
    for used in usage:
        pooled.setdefault((used.meter.full_name, used.region), []).append(used)
    rates, unpriced = _rates(architecture, pooled)
    allowances = _allowances(architecture, pooled, reading)
    lines: list[Line] = []
    for key, rate in rates.items():
        lines += _lines(pooled[key], rate, allowances.get(key))
    lines.sort(key=lambda line: line.component)
    committed: tuple[Committed, ...] = ()
    if architecture.account.price_book != PriceBook():
        hours = reading(architecture.month_hours, "month_hours", "hour/month")
        lines, committed = discounted(lines, architecture.account.price_book, reading, hours)
    return Bill(tuple(lines), checks, committed, flow, unpriced)


def _lines(shares: list[Usage], rate: Rate, allowance: Allowance | None) -> Iterable[Line]:
    pool = price_pool(shares[0].meter, rate, total(share.amount for share in shares), allowance)
    if len(shares) == 1:
        return [Line(shares[0].component, shares[0].amount, pool.cost, pool, pool.cost)]
    costs = [share.amount * pool.unit_cost for share in shares]
    return [Line(s.component, s.amount, cost, pool, cost) for s, cost in zip(shares, costs, strict=True)]


def _rates(architecture: Architecture, pooled: Pooled) -> tuple[dict[tuple[str, str], Rate], tuple[Unpriced, ...]]:
    """The rate of each pool that has one, and what is used of the others."""
    rates: dict[tuple[str, str], Rate] = {}
    unpriced: list[Unpriced] = []
    for (meter, region), shares in pooled.items():
        rate = find_rate(meter, region, architecture.as_of, architecture.prices)
        if rate is None:
            unpriced += [Unpriced(share.component, meter, region, share.amount) for share in shares]
        else:
            rates[meter, region] = rate
    if unpriced and architecture.unpriced != LIST:
        raise RateNotFound(fault_of(architecture, one) for one in unpriced)
    return rates, tuple(sorted(unpriced, key=lambda one: one.component))


def _allowances(architecture: Architecture, pooled: Pooled, reading: Reading) -> dict[tuple[str, str], Allowance]:
    """The allowance that each pool draws on: shared by all pools that the free tier covers in its scope."""
    sharing: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for (meter, region), shares in pooled.items():
        tier = _free_tier(shares[0].meter, region, architecture)
        if tier is not None:
            scope = region if tier.scope == "region" else ""
            sharing.setdefault((tier.full_name, scope), []).append((meter, region))
    allowances: dict[tuple[str, str], Allowance] = {}
    for (name, scope), keys in sharing.items():
        tier = free_tier_named(name).on(architecture.as_of)
        # What is used elsewhere of an allowance that each region has is taken to be used in the document's region.
        elsewhere = architecture.account.already_used if scope in ("", architecture.region) else {}
        left = max(tier.quantity - elsewhere.get(name, Decimal(0)), Decimal(0))
        covered = total(share.amount for key in keys for share in pooled[key])
        number = reading(left, "free", pooled[keys[0]][0].meter.unit)
        allowances |= dict.fromkeys(keys, Allowance(tier, number, covered, shared=len(keys) > 1))
    return allowances


def _free_tier(meter: Meter, region: str, architecture: Architecture) -> FreeTier | None:
    kind = architecture.account.free_tier
    if meter.free_tier is None or kind == "none":
        return None
    tier = free_tier_named(meter.free_tier).on(architecture.as_of)
    return tier if tier.kind in ("always", kind) and tier.holds_in(region) else None
