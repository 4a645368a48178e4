"""Cold starts: how many calls of a function find no idle environment, what they wait, and what keeps them away.

Calls arrive at random (Poisson) and each takes the environment that was used last, so idle environments are a stack:
what becomes idle when the number of busy ones falls from n to n - 1 is taken when it next rises from n - 1 to n, and
that call is cold if the environment expired in between. Two things therefore say everything: how often a call finds
n - 1 busy (a Poisson probability of the load, whatever the spread of durations), and how long the number busy stays
below n once it has fallen there. The latter's first three moments follow from one recursion over the levels of the
birth and death process M/M/inf (J. Keilson, Markov Chain Models: Rarity and Exponentiality, 1979) and are matched by
a mixture of two exponentials (W. Whitt, Approximating a Point Process by a Renewal Process, 1982), which is exact for
the first two levels; calls that last long against the keep-alive need a third, which fits how gaps begin. How long the
environment of each level is kept follows from the same. Against simulation, with exponential and fixed durations: see
tests/helpers/simulation.py.
Not counted: that AWS also replaces environments every few hours and with every deployment.
"""

import math
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import pairwise
from typing import NamedTuple

from calculator.load.erlang import servers_needed
from calculator.load.gaps import Mixture, three_exponentials, two_exponentials
from pricing.catalogue.keep_alive import KeepAlive

__all__ = [
    "Crowd",
    "Latencies",
    "cold_share",
    "cold_share_by_hour",
    "cold_steps",
    "crowd",
    "crowd_by_hour",
    "environments_alive",
    "latencies",
    "provisioned_needed",
]

# Levels so many standard deviations below the load are crossed so often that nothing expires.
BELOW = 5.0
# And so many above it, and so many levels, surely outlive any keep-alive.
ABOVE = 12.0
# From this load on only the scale changes: shares fall with the root of the load.
LARGE_LOAD = 1000.0
# Of calls that last longer than the keep-alive from this one on: gaps of many levels are no few exponentials.
LARGE_LOAD_OF_LONG = 20.0
# What further levels add to the share is left out once it is this small a part.
NEGLIGIBLE = 1e-6
# A gap that ends before the first environment can expire but for one time in e**30 leaves nothing cold.
SURELY = 30.0
# Calls that last longer than this part of the keep-alive need a third exponential: gaps are cold soon after they begin.
LASTING = 0.2
# Calls rarer and shorter than these are none: powers of their gaps would leave the range of floats.
NO_RATE = 1e-20
NO_TIME = 1e-20
HALVINGS = 60
# Of many rates only so many are looked at in each e-fold of them, those between follow from a cubic through four.
LOOKS = 4
# What one look costs beside its levels, in levels.
LOOK = 5
# Of a keep-alive of more points the mean cold share is computed on a grid of pauses once, so many in each e-fold, ...
FEW_POINTS = 8
PAUSES = 16
# ... from this part of its last point to this multiple of it.
SHORTEST, LONGEST = 1e-6, 1e4
NOTHING = 1e-300


class Crowd(NamedTuple):
    """What calls at a constant rate find and leave: the share that starts cold, and environments alive in the mean."""

    cold_share: float
    environments: float


def cold_share(rate: float, duration_s: float, keep_alive: KeepAlive) -> float:
    """Share of the calls that start cold, for calls at `rate` [request/s] that take `duration_s` [s] each.

    Where no call comes at all it is 1: the first would be cold.

    >>> from pricing.catalogue.keep_alive import keep_alive_of
    >>> round(cold_share(1 / 600, 0.1, keep_alive_of(600)), 3)   # exp(-1), and a little for calls that overlap
    0.368
    >>> cold_share(100, 0.1, keep_alive_of(600)) < 0.0001
    True
    """
    return crowd(rate, duration_s, keep_alive).cold_share


def environments_alive(rate: float, duration_s: float, keep_alive: KeepAlive) -> float:
    """Environments alive in the mean [environment]: those that execute a call, and idle ones that AWS still keeps.

    >>> from pricing.catalogue.keep_alive import keep_alive_of
    >>> round(environments_alive(1 / 600, 0.1, keep_alive_of(600)), 3)   # 1 - exp(-1)
    0.632
    >>> environments_alive(0.1, 2, keep_alive_of(600)) > 10 * 0.1 * 2
    True
    """
    return crowd(rate, duration_s, keep_alive).environments


@lru_cache(maxsize=8192)
def crowd(rate: float, duration_s: float, keep_alive: KeepAlive) -> Crowd:
    """Cold starts and environments at a `rate` [request/s] of calls that take `duration_s` [s] each.

    The environment of a level lives on after each fall below it: until it is taken again, or until it expires.
    """
    if rate < NO_RATE:
        return Crowd(keep_alive.points[-1][1], 0.0)
    duration_s = max(duration_s, NO_TIME)
    lasting = duration_s / max(keep_alive.points[0][0], NO_TIME)
    scale = max(rate * duration_s / (LARGE_LOAD if lasting < 1.0 else LARGE_LOAD_OF_LONG), 1.0)
    busy_of_all = rate * duration_s
    rate, load = rate / scale, rate * duration_s / scale
    level = max(0, math.floor(load - BELOW * math.sqrt(load)))
    busy = math.exp(level * math.log(load) - load - math.lgamma(level + 1))
    gap, after = (0.0, 0.0, 0.0), _pauses(keep_alive)
    share = idle_s = 0.0
    while level <= load or busy > NEGLIGIBLE * share:
        gap = _gap(gap, rate, level / duration_s)
        cold, kept_s = _after_gap(
            three_exponentials(gap, rate, level / duration_s) if lasting > LASTING else two_exponentials(gap), after
        )
        share += busy * cold
        idle_s += busy * kept_s
        level += 1
        busy *= load / level
    wider = math.sqrt(scale)
    return Crowd(min(share / wider, 1.0), busy_of_all + rate * idle_s * wider)


def cold_share_by_hour(rates: Sequence[float], duration_s: float, keep_alive: KeepAlive) -> float:
    """The share over hours of different rates [request/s], such as the 168 of a shape, each weighted by its calls.

    >>> from pricing.catalogue.keep_alive import keep_alive_of
    >>> cold_share_by_hour([2.0, 0.0], 1, keep_alive_of(600)) == cold_share(2.0, 1, keep_alive_of(600))
    True
    """
    return crowd_by_hour(tuple(rates), duration_s, keep_alive).cold_share


# An architecture has at most a thousand functions, and is looked at again and again.
@lru_cache(maxsize=2048)
def crowd_by_hour(rates: tuple[float, ...], duration_s: float, keep_alive: KeepAlive) -> Crowd:
    """The same over hours of different rates [request/s]: cold starts count by calls, environments by hours."""
    calls = math.fsum(rates)
    if calls <= 0:
        return crowd(0.0, duration_s, keep_alive)
    times = Counter(rate for rate in rates if rate > 0)
    least, most = min(times), max(times)
    looks = _looks(times)
    share: Callable[[float], float] = partial(cold_share, duration_s=duration_s, keep_alive=keep_alive)
    alive: Callable[[float], float] = partial(environments_alive, duration_s=duration_s, keep_alive=keep_alive)
    if looks < len(times):
        share, alive = (_between(function, least, most, looks) for function in (share, alive))
    cold = math.fsum(count * rate * share(rate) for rate, count in times.items()) / calls
    return Crowd(cold, math.fsum(count * alive(rate) for rate, count in times.items()) / len(rates))


def _looks(rates: Collection[float]) -> int:
    """At how many rates the share is looked at, of these [request/s], each above 0."""
    return min(len(rates), math.ceil(LOOKS * math.log(max(rates) / min(rates))) + 4)


def cold_steps(rates: Sequence[float], duration_s: float) -> int:
    """How much work the share over these hours is at most, in levels: known before it is done.

    >>> cold_steps([1.0] * 24, 10), cold_steps([1.0, 2.0, 3.0], 10), cold_steps([0.0], 1)
    (65, 333, 0)
    """
    times = {rate for rate in rates if rate > 0}
    if not times:
        return 0
    load = min(max(times) * duration_s, LARGE_LOAD)
    below = max(0.0, load - BELOW * math.sqrt(load))
    return _looks(times) * math.ceil(LOOK + load + ABOVE * math.sqrt(load) + ABOVE - below)


def _between(function: Callable[[float], float], least: float, most: float, looks: int) -> Callable[[float], float]:
    """A smooth positive function from `least` to `most`, looked at so often (four times or more), read between these.

    Looks and what is read lie evenly on logarithms.
    """
    start, step = math.log(least), (math.log(most) - math.log(least)) / (looks - 1)
    values = [math.log(max(function(math.exp(start + step * look)), NOTHING)) for look in range(looks)]

    def read(argument: float) -> float:
        place = (math.log(argument) - start) / step
        first = min(max(math.floor(place) - 1, 0), looks - 4)
        one, two, three, four = values[first : first + 4]
        at = place - first
        outer = (four * at * (at - 1.0) * (at - 2.0) - one * (at - 1.0) * (at - 2.0) * (at - 3.0)) / 6.0
        inner = (two * at * (at - 2.0) * (at - 3.0) - three * at * (at - 1.0) * (at - 3.0)) / 2.0
        return math.exp(outer + inner)

    return read


def _gap(lower: tuple[float, float, float], rate: float, ends: float) -> tuple[float, float, float]:
    """The time from n busy to n + 1, from that of one level lower; as moments over factorials [s, s^2, s^3].

    With f(z) for the Laplace transform: 1 / f(z) = 1 + (z + ends (1 - f_lower(z))) / rate, as power series in z.
    """
    one = (1.0 + ends * lower[0]) / rate
    two = ends * lower[1] / rate
    three = ends * lower[2] / rate
    return one, one * one + two, one * one * one + 2.0 * one * two + three


def _after_gap(mixture: Mixture, after: Callable[[float], float]) -> tuple[float, float]:
    """The share of such gaps after which a call is cold, and how long they find an environment kept [s].

    Of an exponential gap the environment is kept for the mean, less that of what remains once it has expired.
    """
    cold = kept_s = 0.0
    for weight, mean in mixture:
        share = after(mean)
        cold += weight * share
        kept_s += weight * mean * (1.0 - share)
    return cold, kept_s


@lru_cache(maxsize=16)
def _pauses(keep_alive: KeepAlive) -> Callable[[float], float]:
    """The mean cold share after a pause that is exponential with a mean [s]."""
    first, last = keep_alive.points[0][0], keep_alive.points[-1][0]
    exact = partial(_cold_in_exponential, keep_alive=keep_alive)
    if len(keep_alive.points) <= FEW_POINTS or not last:
        return exact
    shortest, longest = SHORTEST * last, LONGEST * last
    looks = math.ceil(PAUSES * math.log(LONGEST / SHORTEST))
    read = _between(exact, shortest, longest, looks)
    return lambda mean: read(mean) if shortest < mean < longest and first <= SURELY * mean else exact(mean)


def _cold_in_exponential(mean: float, keep_alive: KeepAlive) -> float:
    first, at_once = keep_alive.points[0]
    if first > SURELY * mean:
        return 0.0
    cold = at_once * math.exp(-first / mean) if first else at_once
    for (earlier, share), (later, next_share) in pairwise(keep_alive.points):
        width = (later - earlier) / mean
        falls = -math.expm1(-width) / width if width else 1.0
        cold += (next_share - share) * falls * math.exp(-earlier / mean)
    return cold


def provisioned_needed(rate: float, duration_s: float, share: float) -> int:
    """The fewest provisioned environments beyond which at most this share of the calls goes to ones on demand.

    `rate` [request/s], `duration_s` [s]. What spills over is served elsewhere and takes no place here: Erlang B.
    AWS: https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html

    >>> provisioned_needed(20, 0.1, 0.01)
    7
    """
    return servers_needed(rate * duration_s, share)


@dataclass(frozen=True, slots=True)
class Latencies:
    """What callers wait [ms]: the mean, and what 50, 95 and 99 % of the calls stay within."""

    mean_ms: float
    p50_ms: float
    p95_ms: float
    p99_ms: float


@lru_cache(maxsize=1024)
def latencies(duration_ms: float, init_ms: float, cold: float, *, variation: float) -> Latencies:
    """Latencies of a function of mean duration [ms], of whose calls the share `cold` also waits `init_ms` [ms].

    Durations are log-normal with `variation` as their coefficient of variation (standard deviation over mean; 0: all
    alike); INIT always takes the same time.

    >>> latencies(100, 400, 0.02, variation=0)
    Latencies(mean_ms=108.0, p50_ms=100.0, p95_ms=100.0, p99_ms=500.0)
    """
    below = _duration_within(duration_ms, variation)

    def within(latency: float) -> float:
        return (1.0 - cold) * below(latency) + cold * below(latency - init_ms)

    longest = init_ms + max(duration_ms, 1.0)
    while within(longest) < 0.99:
        longest *= 2.0
    p50, p95, p99 = (_quantile(within, share, longest) for share in (0.50, 0.95, 0.99))
    return Latencies(duration_ms + cold * init_ms, p50, p95, p99)


def _duration_within(mean: float, variation: float) -> Callable[[float], float]:
    """The distribution function of durations."""
    spread = math.log1p(variation * variation)
    if spread <= 0 or mean <= 0:
        return lambda latency: 1.0 if latency >= mean else 0.0
    middle, width = math.log(mean) - spread / 2.0, math.sqrt(2.0 * spread)
    return lambda latency: (1.0 + math.erf((math.log(latency) - middle) / width)) / 2.0 if latency > 0 else 0.0


def _quantile(within: Callable[[float], float], share: float, longest: float) -> float:
    # Shares that should be equal differ by rounding where all calls of a kind are alike.
    share -= 1e-12
    low, high = -1.0, longest
    for _ in range(HALVINGS):
        middle = (low + high) / 2.0
        low, high = (low, middle) if within(middle) >= share else (middle, high)
    return high
