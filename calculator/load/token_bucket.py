"""Limits with a burst allowance: a token bucket that a rate refills and each request empties by one."""

import math
from dataclasses import dataclass

__all__ = ["Burst", "burst", "most_demand"]


@dataclass(frozen=True, slots=True)
class Burst:
    """What a token bucket does with a burst.

    `seconds_until_throttle` [s] is None where nothing is refused. `refused` [request] is None where the burst has no
    end and so the refusals have none; `refused_share` is then that of the long run.
    """

    seconds_until_throttle: float | None
    refused: float | None
    refused_share: float


UNHARMED = Burst(None, 0.0, 0.0)


def burst(rate: float, bucket: float, demand_rate: float, length_s: float | None = None) -> Burst:
    """How long a full bucket lasts, and what is refused afterwards.

    The bucket holds `bucket` [request] and is refilled with `rate` [request/s]; `demand_rate` [request/s] comes for
    `length_s` [s], None: for ever. AWS describes the buckets of API Gateway in
    https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html

    >>> burst(10_000, 5_000, 12_000, 60)
    Burst(seconds_until_throttle=2.5, refused=115000, refused_share=0.1597222222222222)
    >>> burst(10_000, 5_000, 9_000)
    Burst(seconds_until_throttle=None, refused=0.0, refused_share=0.0)
    """
    excess = demand_rate - rate
    if excess <= 0 or (length_s is not None and excess * length_s <= bucket):
        return UNHARMED
    lasts = bucket / excess
    if length_s is None:
        return Burst(lasts, None, excess / demand_rate)
    refused = excess * length_s - bucket
    return Burst(lasts, refused, refused / (demand_rate * length_s))


def most_demand(rate: float, bucket: float, length_s: float | None = None) -> float:
    """The highest rate [request/s] of which nothing is refused in a burst of `length_s` [s], None: for ever.

    >>> most_demand(10_000, 5_000, 10), most_demand(10_000, 5_000)
    (10500.0, 10000)
    """
    if length_s is None:
        return rate
    return rate + bucket / length_s if length_s > 0 else math.inf
