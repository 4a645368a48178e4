"""What varies from call to call: how values lie around their mean, and what they come to when each is rounded up.

AWS rounds each call up by itself, so a bill is made of the mean of the ceilings, not of the ceiling of the mean. Values
lie as a log-normal distribution has them, which durations and sizes follow well, or as samples say.
"""

import math
from typing import NamedTuple

from pricing.formula.rounding import WHOLE

# Beyond so many deviations of the logarithm less than 1e-16 of all values lie.
TAIL = 8.3
# Where a distribution is so many steps wide, its sum over steps is an integral, but for less than 1e-8.
SMOOTH = 5.0
ROOT_2 = math.sqrt(2)
ROOT_2PI = math.sqrt(2 * math.pi)
# The 95th percentile of a normal distribution, in deviations.
P95 = 1.6448536269514722


class Spread(NamedTuple):
    """How values lie around their mean: `cv` is their standard deviation over it.

    `samples` are the values themselves over their mean, in order; where there are none the values are log-normal.
    """

    cv: float
    samples: tuple[float, ...] = ()

    def sigma(self, draws: float = 1.0) -> float:
        """The deviation of the logarithm of a log-normal mean of so many draws."""
        return math.sqrt(math.log1p(self.cv * self.cv / draws)) if draws > 0 else 0.0

    def times(self, other: "Spread") -> "Spread":
        """The spread of the product of two that know nothing of each other; of log-normal ones it is exact.

        >>> Spread(0.3).times(Spread(0.4)).cv.__round__(6)
        0.514198
        """
        return Spread(math.sqrt((1 + self.cv**2) * (1 + other.cv**2) - 1))

    def above(self, times: float) -> float:
        """The share of values above so many times the mean.

        >>> round(Spread(0.5).above(1.0), 4), Spread(0.5, (0.5, 1.5)).above(1.0)
        (0.4066, 0.5)
        """
        if self.samples:
            return sum(one > times for one in self.samples) / len(self.samples)
        sigma = self.sigma()
        if sigma <= 0:
            return float(times < 1)
        return _above(times, math.exp(-sigma * sigma / 2), sigma)


def of_percentiles(p50: float, p95: float) -> tuple[float, Spread]:
    """The mean and the spread of log-normal values with these percentiles.

    >>> mean, spread = of_percentiles(100, 300)
    >>> round(mean, 2), round(spread.cv, 4)
    (124.99, 0.7498)
    """
    sigma = math.log(p95 / p50) / P95
    return p50 * math.exp(sigma * sigma / 2), Spread(math.sqrt(math.expm1(sigma * sigma)))


def most_apart(cv: float) -> float:
    """How many times the median the 95th percentile of log-normal values is.

    >>> round(most_apart(0.7498), 2)
    3.0
    """
    return math.exp(P95 * Spread(cv).sigma())


def of_samples(samples: list[float]) -> tuple[float, Spread]:
    """The mean and the spread of values that were measured. Their sum must be more than 0.

    >>> of_samples([1.0, 3.0])
    (2.0, Spread(cv=0.5, samples=(0.5, 1.5)))
    """
    mean = math.fsum(samples) / len(samples)
    around = tuple(sorted(one / mean for one in samples))
    return mean, Spread(math.sqrt(math.fsum((one - 1) ** 2 for one in around) / len(around)), around)


def mean_ceil(spread: Spread, part: float, shift: float, draws: float, least: float) -> float:
    """The mean of values rounded up: `part` of the mean varies, `shift` does not, and each is `least` at the least.

    A value is the mean of so many `draws`: the size of a batch, say, of which there are that many parts. Values are
    counted by the share of them above each step; from where the distribution is smooth over a step on, the sum is an
    integral (Euler and Maclaurin).

    >>> mean_ceil(Spread(0.1), 12.07, 0, 1, 0).__round__(2), mean_ceil(Spread(0.5, (0.5, 1.5)), 2.0, 0, 1, 0)
    (12.57, 2.0)
    >>> mean_ceil(Spread(0.01), 0.5, 0, 1, 0), mean_ceil(Spread(0.1), 0.5, 0, 1, 10)
    (1.0, 10.0)
    """
    if part > 0 and spread.samples and draws == 1:
        return sum(max(math.ceil((one * part + shift) * WHOLE), least) for one in spread.samples) / len(spread.samples)
    sigma = spread.sigma(draws)
    if part <= 0 or sigma <= 0:
        return float(max(math.ceil((part + shift) * WHOLE), least))
    middle = part * math.exp(-sigma * sigma / 2)
    low, high = middle * math.exp(-TAIL * sigma) + shift, middle * math.exp(TAIL * sigma) + shift
    first = max(math.floor(low), least)
    last = max(first, math.ceil(SMOOTH / sigma + shift))
    result = float(first)
    for step in range(int(first), int(min(last, math.ceil(high)))):
        result += _above(step - shift, middle, sigma)
    return result if last >= high else result + _smooth(last - shift, part, middle, sigma)


def _above(edge: float, middle: float, sigma: float) -> float:
    """The share of log-normal values above an edge."""
    return 1.0 if edge <= 0 else 0.5 * math.erfc(math.log(edge / middle) / (sigma * ROOT_2))


def _beyond(edge: float, mean: float, middle: float, sigma: float) -> float:
    """The mean of what log-normal values are above an edge."""
    z = math.log(edge / middle) / sigma
    return 0.5 * (mean * math.erfc((z - sigma) / ROOT_2) - edge * math.erfc(z / ROOT_2))


def _smooth(edge: float, mean: float, middle: float, sigma: float) -> float:
    """The sum of the shares above an edge, above the next step and so on, where they change little between."""
    z = math.log(edge / middle) / sigma
    density = math.exp(-z * z / 2) / (ROOT_2PI * edge * sigma)
    bend = density / edge**2 * ((1 + z / sigma) * (2 + z / sigma) - 1 / sigma**2)
    return _beyond(edge, mean, middle, sigma) + 0.5 * math.erfc(z / ROOT_2) / 2 + density / 12 - bend / 720
