"""The language in which every rule is written: arithmetic on floats, on exact Decimals, or on formulas.

A rule is a plain function of numbers. Run on floats it gives one estimate, on Decimals the audit; run on formulas it
leaves a graph behind, which is read as text (`reading.py`) or turned into a program (`plan.py`).
"""

import math
from collections.abc import Callable, Iterable
from decimal import ROUND_CEILING, Decimal
from typing import Any, Protocol, TypeAlias

from pricing.formula.rounding import EXACTLY, WHOLE
from pricing.formula.spread import Spread, mean_ceil
from pricing.formula.unit import COUNT, Unit, over, parse_unit, times, unit_text

# A float, a Decimal or a Formula: the three have no common static type with arithmetic.
Number: TypeAlias = Any


class Constant(int):
    """A whole number with a unit, to write conversions and steps in rules.

    >>> Constant(64, "KB") + 0, Constant(64, "KB").unit
    (64, (('KB', 1),))
    """

    unit: Unit

    def __new__(cls, value: int, unit: str) -> "Constant":
        """The number `value` in `unit`."""
        constant = super().__new__(cls, value)
        constant.unit = parse_unit(unit)
        return constant


MS_PER_S = Constant(1000, "ms/s")
S_PER_MINUTE = Constant(60, "s/minute")
S_PER_HOUR = Constant(3600, "s/hour")
MINUTES_PER_HOUR = Constant(60, "minute/hour")
KB_PER_MB = Constant(1024, "KB/MB")
MB_PER_GB = Constant(1024, "MB/GB")
KB_PER_GB = Constant(1024 * 1024, "KB/GB")


class Tiers(Protocol):
    """What `tiered` needs to know of a rate."""

    @property
    def bands(self) -> tuple[tuple[Decimal, Decimal | None, Decimal], ...]:
        """From, to (None: no end) and price, exact."""

    @property
    def float_bands(self) -> tuple[tuple[float, float, float], ...]:
        """From, to (inf: no end) and price."""


class Formula:
    """A number that remembers how it was made.

    `unit` is None where units are not followed; `value` is None where the number varies from scenario to scenario.
    `detail` is the name of an input, or the rate of a tiered cost.
    """

    __slots__ = ("arguments", "detail", "operation", "unit", "value")

    def __init__(
        self,
        operation: str,
        arguments: tuple[Number, ...] = (),
        *,
        unit: Unit | None = None,
        value: Decimal | None = None,
        detail: Any = None,
    ) -> None:
        self.operation = operation
        self.arguments = arguments
        self.unit = unit
        self.value = value
        self.detail = detail

    def __add__(self, other: Number) -> Number:
        return self if _is_zero(other) else _same_unit("add", self, other)

    __radd__ = __add__

    def __sub__(self, other: Number) -> Number:
        return self if _is_zero(other) else _same_unit("subtract", self, other)

    def __rsub__(self, other: Number) -> Number:
        return _same_unit("subtract", other, self)

    def __mul__(self, other: Number) -> Number:
        return _product(self, other)

    def __rmul__(self, other: Number) -> Number:
        return _product(other, self)

    def __truediv__(self, other: Number) -> Number:
        return _quotient("divide", self, other)

    def __rtruediv__(self, other: Number) -> Number:
        return _quotient("divide", other, self)

    def __gt__(self, other: Number) -> "Condition":
        return Condition(self, other)

    def __lt__(self, other: Number) -> "Condition":
        return Condition(other, self)


class Condition:
    """`left > right`, to be decided by `where`."""

    __slots__ = ("left", "right")

    def __init__(self, left: Number, right: Number) -> None:
        _same_unit("subtract", left, right)
        self.left = left
        self.right = right


class Varies:
    """A number that is not the same in each call; it is its `mean`, and remembers how it varies.

    `several` gives the sum of so many of these numbers, `rounded_up` the mean of what they are rounded up to. The
    kinds, with their arithmetic, stand in `varying.py`.
    """

    mean: Number
    several: Callable[[Number], Number]
    rounded_up: Callable[[Number], Number]


def ceil(x: Number, least: Number | None = None) -> Number:
    """The next whole number of x's unit, `least` at the least; of what varies from call to call the mean of these.

    The least is a whole number of that unit.

    >>> ceil(120.5), ceil(Decimal("120.5")), ceil(0.1 * 3 * 1000 / 100), ceil(0.2, 10)
    (121.0, Decimal('121'), 3.0, 10)
    """
    if isinstance(x, Varies):
        return x.rounded_up(least or 0)
    rounded = _ceil(x)
    return rounded if least is None else maximum(rounded, least)


def ceil_beyond(x: Number, most: Number) -> Number:
    """How much of x, rounded up, is above a whole number: of what varies the mean of that, of a plain number nothing.

    >>> ceil_beyond(120.5, 100)
    0
    """
    return ceil(x, most) - most if isinstance(x, Varies) else 0


def share_above(x: Number, edge: Number) -> Number:
    """The share of calls in which x is above a whole number; of a plain number none is, whatever it is.

    >>> share_above(120.5, 100)
    0
    """
    return ceil(x, edge) - ceil(x, edge + 1) + 1 if isinstance(x, Varies) else 0


def several(count: Number, x: Number) -> Number:
    """The sum of so many numbers such as x: where these vary, they make up for each other.

    >>> several(10, 2.0)
    20.0
    """
    return x.several(count) if isinstance(x, Varies) else count * x


def plain(x: Number) -> Number:
    """A number without what it remembers: the mean of one that varies.

    >>> plain(2.0)
    2.0
    """
    return x.mean if isinstance(x, Varies) else x


def _ceil(x: Number) -> Number:
    if isinstance(x, Formula):
        return _formula("ceil", x, unit=x.unit)
    if isinstance(x, Decimal):
        return (x - x * EXACTLY).to_integral_value(ROUND_CEILING)
    return float(math.ceil(x * WHOLE))


def mean_ceiling(parts: tuple[Number, ...], spread: Spread, unit: Unit | None) -> Number:
    """The mean of what varies, rounded up: `spread.mean_ceil` in any reading, of a part, a shift, draws and a least."""
    if any(isinstance(part, Formula) for part in parts):
        return _formula("mean_ceil", *parts, unit=unit, detail=spread)
    return mean_ceil(spread, *map(float, parts))


def maximum(a: Number, b: Number) -> Number:
    """The larger of two numbers.

    >>> maximum(3.0, 0)
    3.0
    """
    if isinstance(a, Formula) or isinstance(b, Formula):
        return _same_unit("maximum", a, b)
    return _exact(a if a > b else b, a, b)


def minimum(a: Number, b: Number) -> Number:
    """The smaller of two numbers.

    >>> minimum(3.0, 0)
    0
    """
    if isinstance(a, Formula) or isinstance(b, Formula):
        return _same_unit("minimum", a, b)
    return _exact(b if a > b else a, a, b)


def where(condition: Any, x: Number, y: Number) -> Number:
    """x where the condition `a > b` holds, y elsewhere.

    >>> where(3.0 > 2.0, 1, 0)
    1
    """
    if isinstance(condition, Condition):
        followed = unit_of(condition.left) is not None and unit_of(condition.right) is not None
        unit = _common_unit(x, y) if followed else None
        return _formula("where", condition.left, condition.right, x, y, unit=unit)
    return _exact(x if condition else y, x, y)


def ratio(a: Number, b: Number) -> Number:
    """a / b, and 0 where b is 0: a share of nothing is nothing.

    >>> ratio(3.0, 4.0), ratio(0.0, 0.0)
    (0.75, 0.0)
    """
    if isinstance(a, Formula) or isinstance(b, Formula):
        return _quotient("ratio", a, b)
    if isinstance(b, int) and b == 1:
        return a  # whole numbers stay what they are in every reading: 1 / 1 would be a float among Decimals
    return a / b if b > 0 else b * 0


def total(numbers: Iterable[Number]) -> Number:
    """The sum of numbers; 0 for none.

    >>> total([1.5, 2.5])
    4.0
    """
    result: Number = 0
    for number in numbers:
        if type(number) is float and type(result) is float:
            result += number  # most of what is added up: nothing else need be asked
        else:
            result = number if _is_zero(result) else result + number
    return result


def tiered(quantity: Number, rate: Tiers) -> Number:
    """What a quantity costs through the tiers of a rate. [USD]"""
    if isinstance(quantity, Formula):
        return _formula("tiered", quantity, unit=None if quantity.unit is None else parse_unit("USD"), detail=rate)
    if isinstance(quantity, Decimal):
        return _sum_bands(quantity, rate)
    cost = 0.0
    for above, upto, price in rate.float_bands:
        if quantity <= above:
            break
        cost += ((quantity if quantity < upto else upto) - above) * price
    return cost


def known_zero(number: Number) -> bool:
    """Whether a number is 0 in every scenario.

    >>> known_zero(0.0), known_zero(Decimal(1)), known_zero(Formula("input"))
    (True, False, False)
    """
    return bool(number.value == 0) if isinstance(number, Formula) else bool(number == 0)


def unit_of(number: Number) -> Unit | None:
    """The unit of a number: None where it is not followed.

    >>> unit_of(MB_PER_GB)
    (('GB', -1), ('MB', 1))
    """
    if isinstance(number, Formula | Constant):
        return number.unit
    return COUNT


def _sum_bands(quantity: Decimal, rate: Tiers) -> Decimal:
    cost = Decimal(0)
    for above, upto, price in rate.bands:
        if quantity > above:
            cost += ((quantity if upto is None else min(quantity, upto)) - above) * price
    return cost


def _exact(chosen: Number, a: Number, b: Number) -> Number:
    """A whole number chosen beside a Decimal becomes one, or dividing it later would give a float.

    Of what varies the means were compared: how it varies is lost.
    """
    chosen = plain(chosen)
    return Decimal(chosen) if isinstance(a, Decimal) or isinstance(b, Decimal) else chosen


def _is_zero(number: Number) -> bool:
    return not isinstance(number, Formula) and bool(number == 0)


def _product(a: Number, b: Number) -> Number:
    followed = unit_of(a) is not None and unit_of(b) is not None
    if not followed and (_is_zero(a) or _is_zero(b)):
        return 0.0
    return _formula("multiply", a, b, unit=times(unit_of(a), unit_of(b)) if followed else None)  # type: ignore[arg-type]


def _quotient(operation: str, a: Number, b: Number) -> Number:
    followed = unit_of(a) is not None and unit_of(b) is not None
    if not followed and _is_zero(a):
        return 0.0
    return _formula(operation, a, b, unit=over(unit_of(a), unit_of(b)) if followed else None)  # type: ignore[arg-type]


def _same_unit(operation: str, a: Number, b: Number) -> Formula:
    return _formula(operation, a, b, unit=_common_unit(a, b))


def _common_unit(a: Number, b: Number) -> Unit | None:
    first, second = unit_of(a), unit_of(b)
    if first is None or second is None:
        return None
    if _is_zero(a):
        return second
    if first != second and not _is_zero(b):
        message = f"{unit_text(first) or 'a count'} and {unit_text(second) or 'a count'} cannot be added or compared"
        raise TypeError(message)
    return first


_PLAIN: dict[str, Callable[..., Any]] = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / b,
    "ratio": ratio,
    "ceil": ceil,
    "maximum": maximum,
    "minimum": minimum,
    "where": lambda left, right, x, y: x if left > right else y,
}


# What needs the detail of the formula, too.
_VALUES: dict[str, Callable[[list[Any], Any], Decimal]] = {
    "tiered": lambda values, rate: _sum_bands(values[0], rate),
    "mean_ceil": lambda values, spread: Decimal(repr(mean_ceil(spread, *map(float, values)))),
}


def _formula(operation: str, *arguments: Number, unit: Unit | None, detail: Any = None) -> Formula:
    values: list[Any] = [a.value if isinstance(a, Formula) else a for a in arguments]
    value = None
    if None not in values:
        value = _VALUES[operation](values, detail) if operation in _VALUES else Decimal(_PLAIN[operation](*values))
    return Formula(operation, arguments, unit=unit, value=value, detail=detail)
