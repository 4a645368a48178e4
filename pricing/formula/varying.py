"""Numbers that vary from call to call, in every reading: sums and multiples vary alike, and are rounded up as such."""

from decimal import Decimal
from typing import Any

from pricing.formula.language import Formula, Number, Varies, plain
from pricing.formula.spread import Spread


def varying(mean: Number, spread: Spread) -> Number:
    """A number that varies around its mean, with which one calculates as with the mean.

    >>> from pricing.formula.language import ceil
    >>> size = varying(100.0, Spread(0.5, (0.5, 1.5)))
    >>> size, size / 64 + 1, ceil(size / 64), ceil((size + 64) / 64)
    (100.0, 2.5625, 2.0, 3.0)
    """
    return _made(mean, mean, 0, 1, spread)


def restated(value: Number, mean: Number) -> Number:
    """Another mean, which varies as a value does.

    >>> restated(varying(1.0, Spread(0.5)), 2.0).spread.cv, restated(1.0, 2.0)
    (0.5, 2.0)
    """
    return varying(mean, value.spread) if isinstance(value, Varies) else mean


class _Linear(Varies):
    """The arithmetic that all kinds share: what is added shifts it, what multiplies it stretches it."""

    def several(self, count: Number) -> Number:
        """The sum of so many of these numbers."""
        return _made(self.mean * count, self.part * count, _times(self.shift, count), self.draws * count, self.spread)

    def __add__(self, other: Any) -> Number:
        if _is_zero(other):
            return self
        # Of two that vary, the one that varies more is taken to.
        one, beside = (other, self) if isinstance(other, Varies) and other.spread.cv > self.spread.cv else (self, other)
        return _made(self.mean + plain(other), one.part, _plus(one.shift, plain(beside)), one.draws, one.spread)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Number:
        if _is_zero(other):
            return self
        return _made(self.mean - plain(other), self.part, _plus(self.shift, plain(other) * -1), self.draws, self.spread)

    def __rsub__(self, other: Any) -> Number:
        return other - self.mean

    def __mul__(self, other: Any) -> Number:
        if isinstance(other, Varies):
            return self._product(other)
        return _made(self.mean * other, self.part * other, _times(self.shift, other), self.draws, self.spread)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Number:
        other = plain(other)
        shift = self.shift if _is_zero(self.shift) else self.shift / other
        return _made(self.mean / other, self.part / other, shift, self.draws, self.spread)

    def __rtruediv__(self, other: Any) -> Number:
        return plain(other) / self.mean

    def _product(self, other: Varies) -> Number:
        """Two that know nothing of each other: exact where nothing shifts them."""
        product = self.mean * other.mean
        return _made(product, product, 0, 1, self.spread.times(other.spread))


class VaryingFloat(_Linear, float):
    """A float that varies."""

    def __reduce__(self) -> tuple[Any, ...]:
        return _made, (self.mean, self.part, self.shift, self.draws, self.spread)


class VaryingDecimal(_Linear, Decimal):
    """A Decimal that varies."""


class VaryingFormula(_Linear, Formula):
    """A formula of what varies: that of its mean."""


def _made(mean: Number, part: Number, shift: Number, draws: Number, spread: Spread) -> Number:
    made: Any
    if isinstance(mean, Formula):
        made = VaryingFormula(mean.operation, mean.arguments, unit=mean.unit, value=mean.value, detail=mean.detail)
    elif isinstance(mean, Decimal):
        made = VaryingDecimal(mean)
    else:
        made = VaryingFloat(mean)
    made.mean, made.part, made.shift, made.draws, made.spread = mean, part, shift, draws, spread
    return made


def _is_zero(number: Number) -> bool:
    return not isinstance(number, Formula) and bool(number == 0)


def _times(shift: Number, count: Number) -> Number:
    return shift if _is_zero(shift) else shift * count


def _plus(shift: Number, more: Number) -> Number:
    return more if _is_zero(shift) else shift + more
