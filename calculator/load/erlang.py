"""Requests that find every place taken: Erlang's loss formula, for functions whose concurrency is limited."""

import math
from functools import lru_cache

__all__ = ["blocked_share", "servers_needed", "throttled_share"]

# Beyond so many standard deviations below the load, what the recursion starts from has no influence any more.
START = 10.0
CERTAIN = 1e300
# Chance evens out in a crowd: of a larger load just what exceeds the servers is refused.
CROWD = 1e6


@lru_cache(maxsize=4096)
def blocked_share(offered: float, servers: float) -> float:
    """Share of the requests that find all servers busy and are refused (Erlang B).

    `offered` is the load, arrivals [request/s] times service time [s]; `servers` is rounded down, since half a server
    serves nobody. Arrivals are Poisson; how service times are spread has no influence. Follows A. K. Erlang, 1917, in
    the recursion of inverses 1/B(n) = 1 + n / load / B(n - 1), which no load overflows.

    >>> round(blocked_share(2.0, 2), 4), blocked_share(2.0, 0), blocked_share(0.0, 2)
    (0.4, 1.0, 0.0)
    """
    if offered <= 0:
        return 0.0
    count = max(math.floor(servers), 0)
    if offered > CROWD:
        return max(1.0 - count / offered, 0.0)
    first, inverse = _start(offered, count)
    for number in range(first + 1, count + 1):
        inverse = 1.0 + number / offered * inverse
        if inverse > CERTAIN:
            return 0.0
    return 1.0 / inverse


def throttled_share(rate: float, duration_s: float, concurrency: float) -> float:
    """Share of the calls of a function that its reserved concurrency [execution] throttles.

    `rate` [request/s] arrives at random (Poisson) and is worked on for `duration_s` [s]; nobody waits or retries.
    AWS: https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html

    >>> round(throttled_share(20, 0.1, 2), 4)
    0.4
    """
    return blocked_share(rate * duration_s, concurrency)


@lru_cache(maxsize=4096)
def servers_needed(offered: float, share: float) -> int:
    """The fewest servers of which at most this share of the requests finds none free.

    Raises ValueError for a share of 0 or less: Poisson arrivals have no greatest number.

    >>> servers_needed(2.0, 0.4), servers_needed(2.0, 0.01), servers_needed(0.0, 0.01)
    (2, 7, 0)
    """
    if share <= 0:
        raise ValueError("expected a share above 0")
    if offered <= 0 or share >= 1:
        return 0
    if offered > CROWD:
        return math.ceil(offered * (1 - share))
    number, inverse = _start(offered, math.floor(offered * (1 - share)))
    while inverse * share < 1.0:
        number += 1
        inverse = 1.0 + number / offered * inverse
    return number


def _start(offered: float, count: int) -> tuple[int, float]:
    """A number of servers well below both the load and `count`, and the inverse of the share they refuse."""
    below = min(float(count), offered)
    first = max(0, math.floor(below - START * math.sqrt(below)))
    return first, 1.0 / (1.0 - first / offered)
