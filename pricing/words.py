"""A formula as text: the sum that a person can check."""

from decimal import Decimal

from pricing.formula import Constant, Formula, Number
from pricing.unit import unit_text

_SIGNS = {"add": "+", "subtract": "-", "multiply": "x", "divide": "/", "ratio": "/"}
_STRENGTH = {"add": 1, "subtract": 1, "multiply": 2, "divide": 2, "ratio": 2}


def quantity(number: Decimal | float | int, unit: str = "") -> str:
    """A quantity with digit groups and its unit, to twelve significant digits.

    >>> quantity(Decimal("30000000.0"), "request"), quantity(Decimal("0.1") + 2), quantity(Decimal(1) / 3, "GB")
    ('30,000,000 requests', '2.1', '0.333333333333 GB')
    """
    exact = Decimal(str(number)) if isinstance(number, float) else Decimal(number)
    rounded = exact.quantize(Decimal(1)) if abs(exact) >= Decimal(10) ** 12 else +exact.normalize()
    text = f"{_significant(rounded):,f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"{text} {_plural(unit, exact)}".rstrip()


def money(amount: Decimal | float) -> str:
    """An amount of USD to the cent, or with as many digits as it takes to show that it is not nothing.

    >>> money(Decimal("18.6668")), money(Decimal("0.0004")), money(0)
    ('$18.67', '$0.0004', '$0.00')
    """
    exact = Decimal(str(amount))
    if exact == 0 or abs(exact) >= Decimal("0.01"):
        return f"${exact:,.2f}"
    return f"${_significant(exact, 3).normalize():f}"


def expression(formula: Number) -> str:
    """A formula as a sum of stated values: "30,000,000 requests x 120 ms / 1,000 ms/s".

    >>> from pricing.formula import ceil
    >>> from pricing.reading import as_text
    >>> expression(as_text(3, "q.requests", "request/month") * ceil(as_text(1.5, "q.duration_ms", "ms")))
    '3 requests x 2 ms (1.5 ms rounded up)'
    """
    return _expression(formula, 0)


def _expression(formula: Number, around: int) -> str:
    if not isinstance(formula, Formula):
        return _constant(formula)
    operation, parts = formula.operation, formula.arguments
    if operation == "input":
        return quantity(_value(formula), formula.detail[1])
    if operation == "ceil":
        return _rounded_up(formula)
    if operation in _SIGNS:
        return _chain(formula, around)
    if operation in ("maximum", "minimum"):
        return _expression(parts[_value(parts[0]) != _value(formula)], around)
    if operation == "where":
        return _expression(parts[2 + (_value(parts[0]) <= _value(parts[1]))], around)
    raise ValueError(f"{operation} has no text")


def _chain(formula: Formula, around: int) -> str:
    """Two operands and their sign; factors of 1 and terms of 0 only hide the sum."""
    operation, (left, right) = formula.operation, formula.arguments
    neutral = 1 if operation in ("multiply", "divide", "ratio") else 0
    if _value(right) == neutral:
        return _expression(left, around)
    if _value(left) == neutral and operation in ("add", "multiply"):
        return _expression(right, around)
    strength = _STRENGTH[operation]
    # Behind - and / the same strength needs brackets too: a - (b + c).
    inner = strength + (operation in ("subtract", "divide", "ratio"))
    text = f"{_expression(left, strength)} {_SIGNS[operation]} {_expression(right, inner)}"
    return f"({text})" if strength < around else text


def _rounded_up(formula: Formula) -> str:
    inner, unit = formula.arguments[0], unit_text(formula.unit or ())
    if _value(inner) == _value(formula):
        return _expression(inner, 3)
    return f"{quantity(_value(formula), unit)} ({_expression(inner, 0)} rounded up)"


def _constant(number: Number) -> str:
    return quantity(number, unit_text(number.unit)) if isinstance(number, Constant) else quantity(number)


def _value(number: Number) -> Decimal:
    value = number.value if isinstance(number, Formula) else Decimal(number)
    assert value is not None, "a text is made of formulas with values"
    return value


def _significant(number: Decimal, digits: int = 12) -> Decimal:
    if number == 0:
        return Decimal(0)
    return round(number, max(0, digits - 1 - number.adjusted()))


def _plural(unit: str, number: Decimal) -> str:
    """ "request/month" is written requests: an amount of a month; shares and measured units stay as they are."""
    words, slash, rest = unit.partition("/")
    if rest == "month":
        slash, rest = "", ""
    if words in ("", "share"):
        return ""
    counted = words.islower() and len(words) > 2 and "-" not in words and words not in _NO_PLURAL
    plural = words + "s" if counted and number != 1 else words
    return plural + slash + rest


_NO_PLURAL = frozenset({"USD"})
