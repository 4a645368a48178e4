"""Limits with a burst allowance: a token bucket that a rate refills and each request empties by one."""

from dataclasses import dataclass

__all__ = ["Burst", "burst"]


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
