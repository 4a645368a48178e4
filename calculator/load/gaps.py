"""Times with known moments as mixtures of exponentials: how long the number busy stays below a level.

Such a time of a birth and death process is a mixture of exponentials (J. Keilson, Markov Chain Models: Rarity and
Exponentiality, 1979). Its first moments fix a mixture of fewer, as a quadrature of Gauss fixes points and weights.
"""

import math
from typing import TypeAlias

__all__ = ["Mixture", "Moments", "three_exponentials", "two_exponentials"]

# The first three moments over their factorials [s, s^2, s^3].
Moments: TypeAlias = tuple[float, float, float]
# Weights, and the means of the exponentials that they are of [s].
Mixture: TypeAlias = tuple[tuple[float, float], ...]

# Spreads of gaps below this are one exponential; the second would be made of rounding.
ONE_EXPONENTIAL = 1e-9
STEPS_OF_NEWTON = 60
CLOSE = 1e-13


def two_exponentials(gap: Moments) -> Mixture:
    """The two that have these moments (W. Whitt, Approximating a Point Process by a Renewal Process, 1982).

    >>> two_exponentials((2.0, 4.0, 8.0))
    ((1.0, 2.0),)
    """
    one, two, three = gap
    spread = two - one * one
    if spread <= ONE_EXPONENTIAL * two:
        return ((1.0, one),)
    # Their means are the roots of x^2 - total x + product.
    total, product = (three - one * two) / spread, (one * three - two * two) / spread
    long = (total + math.sqrt(max(total * total - 4.0 * product, 0.0))) / 2.0
    short = max(product / long, 0.0)
    weight = min((one - short) / (long - short), 1.0) if long > short else 1.0
    return (weight, long), (1.0 - weight, short)


def three_exponentials(gap: Moments, rate: float, ends: float) -> Mixture:
    """The three that have these moments, and begin as the time does: ended at `rate`, put off at `ends` [1/s].

    Two where three would be made of rounding.
    """
    first = 1.0 + ends / rate
    mean, second, third = gap[0] * rate, gap[1] * rate**2, gap[2] * rate**3
    coefficients = _polynomial(first, mean, second, third) if ends else None
    means = _roots(*coefficients) if coefficients else None
    if means is None:
        return two_exponentials(gap)
    mixture = []
    for place, one in enumerate(means):
        other, another = (means[(place + more) % 3] for more in (1, 2))
        weight = one * one * (1.0 - other - another + first * other * another) / ((one - other) * (one - another))
        mixture.append((weight, one / rate))
    exact = math.isclose(sum(weight for weight, _ in mixture), 1.0, rel_tol=1e-6)
    return tuple(mixture) if exact and min(mixture)[0] >= 0 else two_exponentials(gap)


def _polynomial(first: float, mean: float, second: float, third: float) -> tuple[float, float, float] | None:
    """The monic cubic orthogonal to the moments (first, 1, 1, mean, second, third): what stands before 1, x and x^2."""
    pivot, across, corner = 1.0 - 1.0 / first, mean - 1.0 / first, second - 1.0 / first
    right, last = mean / first - second, mean / first - third
    rest = corner - across / pivot * across
    if rest <= ONE_EXPONENTIAL * corner:
        return None
    high = (last - across / pivot * right) / rest
    middle = (right - across * high) / pivot
    return (-mean - middle - high) / first, middle, high


def _roots(low: float, middle: float, high: float) -> tuple[float, float, float] | None:
    """The roots of x^3 + high x^2 + middle x + low; None where they are not three different ones above 0."""
    largest = -high
    for _ in range(STEPS_OF_NEWTON):
        slope = (3.0 * largest + 2.0 * high) * largest + middle
        if not slope > 0:
            return None
        step = (((largest + high) * largest + middle) * largest + low) / slope
        largest -= step
        if abs(step) <= CLOSE * largest:
            break
    if not largest > 0:
        return None
    product = -low / largest
    total = (middle - product) / largest
    root = total * total - 4.0 * product
    if not (root > 0 and total > 0 and product > 0):
        return None
    larger = (total + math.sqrt(root)) / 2.0
    return largest, larger, product / larger
