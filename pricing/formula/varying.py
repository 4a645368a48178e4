"""Numbers that vary from call to call, in every reading: sums and multiples vary alike, and are rounded up as such."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from pricing.formula.language import Formula, Number, Varies, ceil, mean_ceiling, plain, ratio, several, total, unit_of
from pricing.formula.spread import Spread

# A number may be one of so many.
MOST_KINDS = 64


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
    return varying(mean, value.spread) if isinstance(value, Varying) else mean


def read_as(value: Number, read: Callable[[Number], Number]) -> Number:
    """A number in another reading, which varies there as it does here; `read` reads a plain one.

    >>> from pricing.formula.language import ceil
    >>> ceil(read_as(mixed([(1, 1.0), (3, 2.5)]), lambda number: Decimal(number)))
    Decimal('2.5')
    """
    if isinstance(value, _Mixture):
        return _mixture(read(value.mean), tuple((often, read_as(one, read)) for often, one in value.one_of))
    if isinstance(value, Varying):
        if _is_zero(value.shift):
            mean = read(value.mean)
            return _made(mean, mean, 0, value.draws, value.spread)
        return _made(read(value.mean), read(value.part), read(value.shift), value.draws, value.spread)
    return read(value)


def mixed(parts: Sequence[tuple[Number, Number]]) -> Number:
    """A number that is one of several, each so often: (how often, the number). Raises ValueError for none.

    Of more than some the mean is taken: along many ways numbers would multiply.

    >>> from pricing.formula.language import ceil
    >>> size = mixed([(1.0, 1.0), (3.0, 2.5)])
    >>> size, ceil(size), ceil(size * 2 + 1)
    (2.125, 2.5, 5.25)
    """
    if not parts:
        raise ValueError("nothing is mixed of nothing")
    one_of: dict[object, tuple[Number, Number]] = {}
    for often, number in parts:
        # Numbers that are the same are one; what varies or has a formula is only the same as itself.
        key = id(number) if isinstance(number, Formula | Varies) else (type(number), number)
        one_of[key] = (one_of[key][0] + often if key in one_of else often, number)
    kinds = tuple(one_of.values())
    if len(kinds) == 1:
        return kinds[0][1]
    mean = ratio(total(often * plain(number) for often, number in kinds), total(often for often, _ in kinds))
    return mean if sum(_kinds(number) for _, number in kinds) > MOST_KINDS else _mixture(mean, kinds)


def _kinds(number: Number) -> int:
    """How many numbers one may be."""
    return sum(_kinds(one) for _, one in number.one_of) if isinstance(number, _Mixture) else 1


class _Mixture(Varies):
    """One of several numbers: what is done to it is done to each."""

    one_of: tuple[tuple[Number, Number], ...]

    def several(self, count: Number) -> Number:
        """The sum of so many of these numbers, all of one kind."""
        return self._each(self.mean * count, lambda number: several(count, number))

    def rounded_up(self, least: Number) -> Number:
        """The mean of what each is rounded up to."""
        rounded = total(often * ceil(number, least) for often, number in self.one_of)
        return ratio(rounded, total(often for often, _ in self.one_of))

    def __add__(self, other: Any) -> Number:
        return self if _is_zero(other) else self._each(self.mean + plain(other), lambda one: one + _beside(other))

    __radd__ = __add__

    def __sub__(self, other: Any) -> Number:
        return self if _is_zero(other) else self._each(self.mean - plain(other), lambda one: one - plain(other))

    def __rsub__(self, other: Any) -> Number:
        return other - self.mean

    def __mul__(self, other: Any) -> Number:
        return self._each(self.mean * plain(other), lambda one: one * _beside(other))

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Number:
        return self._each(self.mean / plain(other), lambda one: one / plain(other))

    def __rtruediv__(self, other: Any) -> Number:
        return plain(other) / self.mean

    def _each(self, mean: Number, change: Callable[[Number], Number]) -> Number:
        return _mixture(mean, tuple((often, change(number)) for often, number in self.one_of))


def _beside(other: Number) -> Number:
    """What is done to each of several: of two mixtures one counts with its mean."""
    return other.mean if isinstance(other, _Mixture) else other


class MixedFloat(_Mixture, float):
    """A float that is one of several."""

    def __reduce__(self) -> tuple[Any, ...]:
        return _mixture, (self.mean, self.one_of)


class MixedDecimal(_Mixture, Decimal):
    """A Decimal that is one of several."""


class MixedFormula(_Mixture, Formula):
    """A formula of what is one of several: that of its mean."""


def _mixture(mean: Number, one_of: tuple[tuple[Number, Number], ...]) -> Number:
    made: Any = _like(mean, (MixedFloat, MixedDecimal, MixedFormula))
    made.mean, made.one_of = mean, one_of
    return made


class Varying(Varies):
    """A number around its mean: what is added shifts it, what multiplies it stretches it.

    `part` of the mean varies as the spread says, `shift` does not; each value is the mean of so many `draws`.
    """

    part: Number
    shift: Number
    draws: Number
    spread: Spread

    def rounded_up(self, least: Number) -> Number:
        """The mean of what each value is rounded up to."""
        rounded = mean_ceiling((self.part, self.shift, self.draws, least), self.spread, unit_of(self.mean))
        return Decimal(repr(rounded)) if isinstance(self.mean, Decimal) else rounded

    def several(self, count: Number) -> Number:
        """The sum of so many of these numbers."""
        return _made(self.mean * count, self.part * count, _times(self.shift, count), self.draws * count, self.spread)

    def __add__(self, other: Any) -> Number:
        if _is_zero(other):
            return self
        if isinstance(other, _Mixture):
            return other + self
        # Of two that vary, the one that varies more is taken to.
        more = isinstance(other, Varying) and other.spread.cv > self.spread.cv
        one, beside = (other, self) if more else (self, other)
        return _made(self.mean + plain(other), one.part, _plus(one.shift, plain(beside)), one.draws, one.spread)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Number:
        if _is_zero(other):
            return self
        return _made(self.mean - plain(other), self.part, _plus(self.shift, plain(other) * -1), self.draws, self.spread)

    def __rsub__(self, other: Any) -> Number:
        return other - self.mean

    def __mul__(self, other: Any) -> Number:
        if isinstance(other, _Mixture):
            return other * self
        if isinstance(other, Varying):
            return self._product(other)
        return _made(self.mean * other, self.part * other, _times(self.shift, other), self.draws, self.spread)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Number:
        other = plain(other)
        shift = self.shift if _is_zero(self.shift) else self.shift / other
        return _made(self.mean / other, self.part / other, shift, self.draws, self.spread)

    def __rtruediv__(self, other: Any) -> Number:
        return plain(other) / self.mean

    def _product(self, other: "Varying") -> Number:
        """Two that know nothing of each other: exact where nothing shifts them."""
        product = self.mean * other.mean
        return _made(product, product, 0, 1, self.spread.times(other.spread))


class VaryingFloat(Varying, float):
    """A float that varies."""

    def __reduce__(self) -> tuple[Any, ...]:
        return _made, (self.mean, self.part, self.shift, self.draws, self.spread)


class VaryingDecimal(Varying, Decimal):
    """A Decimal that varies."""


class VaryingFormula(Varying, Formula):
    """A formula of what varies: that of its mean."""


def _made(mean: Number, part: Number, shift: Number, draws: Number, spread: Spread) -> Number:
    made: Any = _like(mean, (VaryingFloat, VaryingDecimal, VaryingFormula))
    made.mean, made.part, made.shift, made.draws, made.spread = mean, part, shift, draws, spread
    return made


def _like(mean: Number, kinds: tuple[Any, Any, Any]) -> Number:
    """A number of the kind that its mean is of: a float, a Decimal or a formula."""
    as_float, as_decimal, as_formula = kinds
    if isinstance(mean, Formula):
        return as_formula(mean.operation, mean.arguments, unit=mean.unit, value=mean.value, detail=mean.detail)
    return as_decimal(mean) if isinstance(mean, Decimal) else as_float(mean)


def _is_zero(number: Number) -> bool:
    return not isinstance(number, Formula) and bool(number == 0)


def _times(shift: Number, count: Number) -> Number:
    return shift if _is_zero(shift) else shift * count


def _plus(shift: Number, more: Number) -> Number:
    return more if _is_zero(shift) else shift + more
