"""What AWS limits beside what is demanded: one check for each quota and component, or for the account as a whole."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from calculator.architecture import Account
from calculator.limits.usage import Demand
from pricing.catalogue.catalogue import quota_named
from pricing.catalogue.component_type import Quota
from pricing.formula.language import Number, total
from pricing.formula.reading import Reading
from pricing.formula.rounding import WHOLE


class Check(NamedTuple):
    """A demand to be compared with a limit, in the quota's unit; several components where the account is limited."""

    quota: Quota
    region: str
    components: tuple[int, ...]
    demand: Number
    limit: Number


def checks_of(demands: Iterable[Demand], account: Account, reading: Reading) -> Iterator[Check]:
    """Every demand with its limit: of a component as it is, of the account as the sum over a region, or over all."""
    together: dict[tuple[str, str], list[Demand]] = {}
    for demand in demands:
        quota = quota_named(demand.quota)
        if quota.scope == "account" and demand.limit is None:
            together.setdefault((demand.quota, quota.place or demand.region), []).append(demand)
        else:
            limit = demand.limit
            if limit is None:
                limit = reading(limit_in(quota, demand.region, account), quota.name, quota.unit)
            yield Check(quota, demand.region, (demand.component,), demand.amount, limit)
    for (name, region), parts in together.items():
        quota = quota_named(name)
        limit = reading(limit_in(quota, region, account), quota.name, quota.unit)
        # A component may demand something twice: once for each thing it has.
        components = tuple(dict.fromkeys(part.component for part in parts))
        yield Check(quota, region, components, total(part.amount for part in parts), limit)


def limit_in(quota: Quota, region: str, account: Account) -> Decimal:
    """The limit that an account has in a region: its own where it says so, else AWS's, in the quota's unit."""
    own = account.quotas.get(quota.name, account.quotas.get(quota.code) if quota.code else None)
    if own is not None:
        return own
    if quota.follows:
        followed = limit_in(quota_named(f"{quota.type}.{quota.follows}"), region, account)
        return max(followed * quota.times - quota.less, Decimal(0))
    return quota.value_in(region)


def violated(check: Check) -> bool:
    """Whether a demand breaks its limit; an error of the last digits does not count."""
    return breaks(check.quota, check.demand, check.limit)


def breaks(quota: Quota, demand: Number, limit: Number) -> bool:
    """Whether so much is too much of a quota, or too little where it is a least value."""
    if quota.kind == "minimum":
        return bool(demand < limit * WHOLE)
    return bool(demand * WHOLE > limit)
