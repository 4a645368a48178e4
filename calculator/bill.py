"""The bill of an architecture in any reading: line items and checks, as floats, Decimals or formulas."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from calculator.architecture import Account, Architecture
from calculator.usage import Demand, Usage, measure
from pricing.catalogue import FreeTier, Meter, Quota, free_tier_named, quota_named
from pricing.errors import Fault, RateNotFound
from pricing.formula import Number, total
from pricing.pricelist import Allowance, Pool, Rate, find_rate, price_pool, rates_of, regions_of
from pricing.reading import Reading

# A pool is the usage of one meter in one region.
Pooled: TypeAlias = Mapping[tuple[str, str], list[Usage]]


class Line(NamedTuple):
    """What one component pays for one meter: its share of the pool. [USD]"""

    component: int
    usage: Number
    cost: Number
    pool: Pool


class Check(NamedTuple):
    """A demand to be compared with a limit, in the quota's unit; several components where the account is limited."""

    quota: Quota
    region: str
    components: tuple[int, ...]
    demand: Number
    limit: Number


class Bill(NamedTuple):
    """All line items, in the order of the components, and all checks."""

    lines: tuple[Line, ...]
    checks: tuple[Check, ...]


def draw_up(architecture: Architecture, reading: Reading) -> Bill:
    """The bill of an architecture: meter, pool over the account, take free tiers off, price, allocate.

    Raises RateNotFound with every missing rate.
    """
    usage, demand = measure(architecture, reading)
    pooled: dict[tuple[str, str], list[Usage]] = {}
    for used in usage:
        pooled.setdefault((used.meter.full_name, used.region), []).append(used)
    rates = _rates(architecture, pooled)
    allowances = _allowances(architecture, pooled, reading)
    lines: list[Line] = []
    for key, shares in pooled.items():
        lines += _lines(shares, rates[key], allowances.get(key))
    lines.sort(key=lambda line: line.component)
    return Bill(tuple(lines), tuple(_checks(demand, reading)))


def _lines(shares: list[Usage], rate: Rate, allowance: Allowance | None) -> Iterable[Line]:
    pool = price_pool(shares[0].meter, rate, total(share.amount for share in shares), allowance)
    if len(shares) == 1:
        return [Line(shares[0].component, shares[0].amount, pool.cost, pool)]
    return [Line(share.component, share.amount, share.amount * pool.unit_cost, pool) for share in shares]


def _rates(architecture: Architecture, pooled: Pooled) -> dict[tuple[str, str], Rate]:
    rates: dict[tuple[str, str], Rate] = {}
    faults: list[Fault] = []
    for (meter, region), shares in pooled.items():
        rate = find_rate(meter, region, architecture.as_of)
        if rate is None:
            detail = _missing(meter, region, architecture.as_of)
            faults += [Fault(f"/components/{share.component}", detail) for share in shares]
        else:
            rates[meter, region] = rate
    if faults:
        raise RateNotFound(faults)
    return rates


def _missing(meter: str, region: str, as_of: date) -> str:
    known = rates_of(meter, region)
    if known:
        return f"no price of {meter} in {region} is known for {as_of}; the earliest is of {known[0].effective}"
    return f"no price of {meter} is known in {region}; it is known in {', '.join(regions_of(meter)) or 'no region'}"


def _allowances(architecture: Architecture, pooled: Pooled, reading: Reading) -> dict[tuple[str, str], Allowance]:
    """The allowance that each pool draws on: shared by all pools that the free tier covers in its scope."""
    sharing: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for (meter, region), shares in pooled.items():
        tier = _free_tier(shares[0].meter, architecture.account)
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


def _free_tier(meter: Meter, account: Account) -> FreeTier | None:
    if meter.free_tier is None or account.free_tier == "none":
        return None
    tier = free_tier_named(meter.free_tier)
    return tier if tier.kind in ("always", account.free_tier) else None


def _checks(demands: Iterable[Demand], reading: Reading) -> Iterable[Check]:
    together: dict[tuple[str, str], list[Demand]] = {}
    for demand in demands:
        quota = quota_named(demand.quota)
        if quota.scope == "account" and demand.limit is None:
            together.setdefault((demand.quota, demand.region), []).append(demand)
        else:
            limit = demand.limit
            if limit is None:
                limit = reading(quota.value_in(demand.region), quota.name, quota.unit)
            yield Check(quota, demand.region, (demand.component,), demand.amount, limit)
    for (name, region), parts in together.items():
        quota = quota_named(name)
        limit = reading(quota.value_in(region), quota.name, quota.unit)
        yield Check(quota, region, tuple(part.component for part in parts), total(part.amount for part in parts), limit)
