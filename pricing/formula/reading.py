"""The kinds of number that a rule may be run on: each reading turns a stated value into its own kind."""

from collections.abc import Callable, Set
from decimal import Decimal
from typing import TypeAlias

from pricing.formula.language import Formula, Number
from pricing.formula.unit import parse_unit

# What a reading makes of a value, its name ("handler.memory_mb") and its unit.
Reading: TypeAlias = Callable[[int | float | Decimal, str, str], Number]


def as_float(value: int | float | Decimal, name: str, unit: str) -> float:
    """The reading of one estimate: floats.

    >>> as_float(128, "handler.memory_mb", "MB")
    128.0
    """
    return float(value)


def as_decimal(value: int | float | Decimal, name: str, unit: str) -> Decimal:
    """The reading of the audit: exact Decimals of what was written, so 0.1 is a tenth.

    >>> as_decimal(0.1, "handler.cold_start_share", "share")
    Decimal('0.1')
    """
    return value if isinstance(value, Decimal) else Decimal(repr(value))


def as_text(value: int | float | Decimal, name: str, unit: str) -> Formula:
    """The reading of an explanation: formulas with values and units.

    >>> (as_text(128, "handler.memory_mb", "MB") * 2).value
    Decimal('256')
    """
    return Formula("input", unit=parse_unit(unit), value=as_decimal(value, name, unit), detail=(name, unit))


def as_program(varying: Set[str]) -> Reading:
    """The reading of a sweep: formulas of the inputs that vary, floats of those that do not.

    >>> as_program({"handler.memory_mb"})(512, "handler.duration_ms", "ms")
    512.0
    """

    def number(value: int | float | Decimal, name: str, unit: str) -> Number:
        return Formula("input", detail=name) if name in varying else float(value)

    return number
