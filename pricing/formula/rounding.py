"""Rounding: once, where a number leaves the library; what shows it rounds to what it shows."""

from decimal import Decimal

# Money and quantities alike.
DECIMALS = 10


def rounded(number: float | Decimal) -> float:
    """A number as an answer gives it: a float of ten decimals.

    >>> rounded(0.1 + 0.2), rounded(Decimal(2) / 3)
    (0.3, 0.6666666667)
    """
    return round(float(number), DECIMALS)
