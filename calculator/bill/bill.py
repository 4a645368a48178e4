"""The bill of an architecture in any reading: line items and checks, as floats, Decimals or formulas."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from calculator.architecture import Account, Architecture
from calculator.bill.line import Line
from calculator.bill.own_prices import Committed, discounted
from calculator.limits.checks import Check
from calculator.limits.measured import measured
from calculator.limits.usage import Usage
from calculator.price_book import PriceBook
from calculator.traffic.propagate import Flow
from pricing.catalogue.catalogue import FreeTier, Meter, free_tier_named
from pricing.errors import Fault, RateNotFound
from pricing.formula.language import total
from pricing.formula.reading import Reading
from pricing.prices.pricelist import Allowance, Rate, find_rate, price_pool, rates_of, regions_of

# A pool is the usage of one meter in one region.
Pooled: TypeAlias = Mapping[tuple[str, str], list[Usage]]


class Bill(NamedTuple):
    """All line items by component, all checks, what the account has committed itself to, and the traffic behind it."""

    lines: tuple[Line, ...]
    checks: tuple[Check, ...]
    committed: tuple[Committed, ...]
    flow: Flow


def draw_up(architecture: Architecture, reading: Reading) -> Bill:
    """The bill of an architecture: meter, pool over the account, take free tiers off, price, allocate.

    Raises RateNotFound with every missing rate.
    """
    flow, usage, checks = measured(architecture, reading)
    pooled: dict[tuple[str, str], list[Usage]] = {}
    for used in usage:
        pooled.setdefault((used.meter.full_name, used.region), []).append(used)
    rates = _rates(architecture, pooled)
    allowances = _allowances(architecture, pooled, reading)
    lines: list[Line] = []
    for key, shares in pooled.items():
        lines += _lines(shares, rates[key], allowances.get(key))
    lines.sort(key=lambda line: line.component)
    committed: tuple[Committed, ...] = ()
    if architecture.account.price_book != PriceBook():
        hours = reading(architecture.month_hours, "month_hours", "hour/month")
        lines, committed = discounted(lines, architecture.account.price_book, reading, hours)
    return Bill(tuple(lines), checks, committed, flow)


def _lines(shares: list[Usage], rate: Rate, allowance: Allowance | None) -> Iterable[Line]:
    pool = price_pool(shares[0].meter, rate, total(share.amount for share in shares), allowance)
    if len(shares) == 1:
        return [Line(shares[0].component, shares[0].amount, pool.cost, pool, pool.cost)]
    costs = [share.amount * pool.unit_cost for share in shares]
    return [Line(s.component, s.amount, cost, pool, cost) for s, cost in zip(shares, costs, strict=True)]


def _rates(architecture: Architecture, pooled: Pooled) -> dict[tuple[str, str], Rate]:
    rates: dict[tuple[str, str], Rate] = {}
    faults: list[Fault] = []
    for (meter, region), shares in pooled.items():
        rate = find_rate(meter, region, architecture.as_of, architecture.prices)
        if rate is None:
            detail = _missing(meter, region, architecture)
            faults += [Fault(f"/components/{share.component}", detail) for share in shares]
        else:
            rates[meter, region] = rate
    if faults:
        raise RateNotFound(faults)
    return rates


def _missing(meter: str, region: str, architecture: Architecture) -> str:
    known = rates_of(meter, region, architecture.prices)
    if known:
        earliest = known[0].effective
        return f"no price of {meter} in {region} is known for {architecture.as_of}; the earliest is of {earliest}"
    elsewhere = ", ".join(regions_of(meter, architecture.prices)) or "no region"
    return f"no price of {meter} is known in {region}; it is known in {elsewhere}"


def _allowances(architecture: Architecture, pooled: Pooled, reading: Reading) -> dict[tuple[str, str], Allowance]:
    """The allowance that each pool draws on: shared by all pools that the free tier covers in its scope."""
    sharing: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for (meter, region), shares in pooled.items():
        tier = _free_tier(shares[0].meter, region, architecture.account)
        if tier is not None:
            scope = region if tier.scope == "region" else ""
            sharing.setdefault((tier.full_name, scope), []).append((meter, region))
    allowances: dict[tuple[str, str], Allowance] = {}
    for (name, scope), keys in sharing.items():
        tier = free_tier_named(name)
        # What is used elsewhere of an allowance that each region has is taken to be used in the document's region.
        elsewhere = architecture.account.already_used if scope in ("", architecture.region) else {}
        left = max(tier.quantity - elsewhere.get(name, Decimal(0)), Decimal(0))
        covered = total(share.amount for key in keys for share in pooled[key])
        number = reading(left, "free", pooled[keys[0]][0].meter.unit)
        allowances |= dict.fromkeys(keys, Allowance(tier, number, covered, shared=len(keys) > 1))
    return allowances


def _free_tier(meter: Meter, region: str, account: Account) -> FreeTier | None:
    if meter.free_tier is None or account.free_tier == "none":
        return None
    tier = free_tier_named(meter.free_tier)
    return tier if tier.kind in ("always", account.free_tier) and tier.holds_in(region) else None
