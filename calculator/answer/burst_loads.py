"""Buckets of tokens: how long a burst is let through, and how much of it is refused."""

from collections.abc import Iterator
from dataclasses import dataclass

from calculator.architecture import Architecture
from calculator.limits.checks import Check, limit_in
from calculator.limits.growth import growing
from calculator.limits.measured import measured
from calculator.load.token_bucket import burst
from calculator.rules.amounts import burst_times
from calculator.rules.view import View
from pricing.catalogue.catalogue import quota_named
from pricing.formula.rounding import rounded


@dataclass(frozen=True, slots=True)
class BurstLoad:
    """A rate with a bucket, and what it does with the busiest time.

    `rate` and `demand` in the quota's unit, `bucket` in what it counts; `length_s` [s] is None where the peak lasts.
    `seconds_until_throttle` [s] is None where nothing is refused; `refused` None where it has no end.
    """

    quota: str
    title: str
    components: tuple[str, ...]
    region: str
    rate: float
    bucket: float
    demand: float
    length_s: float | None
    seconds_until_throttle: float | None
    refused: float | None
    refused_share: float


def bursts_of(view: View) -> tuple[BurstLoad, ...]:
    """Every rate with a bucket: the burst of the traffic where it has one, else the peak for as long as it lasts."""
    length_s, checks = _busiest(view.architecture, view.checks)
    return tuple(_loads(view.architecture, checks, length_s))


def _busiest(architecture: Architecture, checks: tuple[Check, ...]) -> tuple[float | None, tuple[Check, ...]]:
    """The length of the busiest time and the checks in it: with as much more of everything as the burst is."""
    traffic, times = architecture.traffic, burst_times(architecture)
    if traffic is None or times is None:
        return None, checks
    return float(traffic.inputs["burst_s"] or 0), measured(architecture, growing(architecture, times)).checks


def _loads(architecture: Architecture, checks: tuple[Check, ...], length_s: float | None) -> Iterator[BurstLoad]:
    for check in checks:
        quota = check.quota
        if not quota.bucket or not check.demand:
            continue
        bucket = float(limit_in(quota_named(f"{quota.type}.{quota.bucket}"), check.region, architecture.account))
        rate, demand = float(check.limit), float(check.demand)
        through = burst(rate, bucket, demand, length_s)
        yield BurstLoad(
            quota=quota.name,
            title=quota.title,
            components=tuple(architecture.components[index].name for index in check.components),
            region=check.region,
            rate=rate,
            bucket=bucket,
            demand=rounded(demand),
            length_s=length_s,
            seconds_until_throttle=through.seconds_until_throttle,
            refused=through.refused,
            refused_share=rounded(through.refused_share),
        )
