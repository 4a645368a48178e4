"""Rounding: once, where a number leaves the library; what shows it rounds to what it shows."""

from decimal import ROUND_FLOOR, Decimal

# Money and quantities alike.
DECIMALS = 10
# A quantity computed in floats may lie an error of some 2**-52 above a whole step; it is that step, not the next one.
WHOLE = 1.0 - 2.0**-48
# And a quotient of Decimals an error of its 28th digit.
EXACTLY = Decimal("1e-22")
# What is computed in floats may lie so much of itself below what it is.
FLOAT = 1e-14


def rounded(number: float | Decimal) -> float:
    """A number as an answer gives it: a float of ten decimals.

    >>> rounded(0.1 + 0.2), rounded(Decimal(2) / 3)
    (0.3, 0.6666666667)
    """
    return round(float(number), DECIMALS)


def rounded_down(number: float) -> float:
    """What holds up to a number: a float of ten decimals, no larger than it is.

    >>> rounded_down(2 / 3), rounded_down(5 - 1e-15)
    (0.6666666666, 5.0)
    """
    return float(cut(number, -DECIMALS, FLOAT))


def cut(number: float, places: int, error: float) -> Decimal:
    """A number without its digits after a power of ten, but for one that lies only a share `error` below the next.

    >>> cut(1016.9, 1, 0), cut(1019.99999999, 1, 1e-9)
    (Decimal('1.01E+3'), Decimal('1.02E+3'))
    """
    exact, step = Decimal(number), Decimal(1).scaleb(places)
    nearest = exact.quantize(step)
    return nearest if nearest - exact <= exact * Decimal(error) else exact.quantize(step, ROUND_FLOOR)
