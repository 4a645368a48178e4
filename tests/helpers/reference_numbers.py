"""Numbers of the twin that prices by hand: exact, and rounded up as AWS does."""

from decimal import ROUND_CEILING, Decimal

MB_IN_GB = 1024
KB_IN_GB = 1024 * 1024


def number(value):
    """A number as it is written, exactly; everything else as it is."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return Decimal(repr(value))


def whole(x):
    """The next whole number."""
    return x.to_integral_value(ROUND_CEILING)


def started(size, step):
    """How many steps a payload starts; nothing at all is one too."""
    return max(whole(size / step), Decimal(1))
