"""A formula as text: the sum that a person can check."""

from decimal import ROUND_HALF_UP, Decimal

from pricing.formula.language import Constant, Formula, Number, total, unit_of
from pricing.formula.rounding import DECIMALS, FLOAT
from pricing.formula.unit import unit_text

# What a table shows of a quantity, and what an explanation shows, where sums must come out to the cent.
TABLE_DIGITS = 12
SUM_DIGITS = 15
CENT = Decimal("0.01")

_SIGNS = {"add": "+", "subtract": "-", "multiply": "x", "divide": "/", "ratio": "/"}
_STRENGTH = {"add": 1, "subtract": 1, "multiply": 2, "divide": 2, "ratio": 2}


def quantity(number: Decimal | float, unit: str = "", *, digits: int = TABLE_DIGITS) -> str:
    """A quantity with digit groups and its unit; decimals only as far as they are among the first `digits` digits.

    >>> quantity(Decimal("30000000.0"), "request/month"), quantity(Decimal("0.1") + 2, "share")
    ('30,000,000 requests', '2.1')
    >>> quantity(Decimal(1) / 3, "GB"), quantity(1, "delivery"), quantity(2, "delivery/event")
    ('0.333333333333 GB', '1 delivery', '2 deliveries/event')
    """
    exact = Decimal(str(number)) if isinstance(number, float) else Decimal(number)
    places = max(0, digits - 1 - exact.adjusted()) if exact else 0
    text = f"{exact:,.{places}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"{text} {_counted(unit, exact)}".rstrip()


def money(amount: Decimal | float) -> str:
    """An amount of USD to the cent, or with as many digits as it takes to show that it is not nothing.

    >>> money(Decimal("18.6668")), money(0.125), money(Decimal("0.0004")), money(10442286.004999999)
    ('$18.67', '$0.13', '$0.0004', '$10,442,286.01')
    """
    # Fifteen digits: a sum of floats may lie a last digit under the half cent that it is.
    exact = Decimal(f"{amount:.15g}") if isinstance(amount, float) else Decimal(amount)
    if exact and abs(exact) < CENT:
        return f"${quantity(exact, digits=3)}"
    # Beyond this nobody counts cents, nor does a Decimal.
    rounded = exact.quantize(CENT, ROUND_HALF_UP) if abs(exact) < 10**15 else exact
    return f"${rounded:,.2f}"


def exact_money(amount: Decimal) -> str:
    """An amount of USD with all decimals that matter to a sum, two at least.

    >>> exact_money(Decimal("18.66676")), exact_money(Decimal(2) / 3), exact_money(Decimal(30))
    ('$18.66676', '$0.6666666667', '$30.00')
    """
    places = DECIMALS if amount == 0 or abs(amount) >= Decimal("0.0000001") else 2 - amount.adjusted()
    whole, _, decimals = f"{amount:,.{places}f}".partition(".")
    return f"${whole}.{decimals.rstrip('0').ljust(2, '0')}"


def exact_value(number: Number) -> Decimal:
    """The value of a number in any reading. Raises ValueError for a formula that has none.

    >>> exact_value(Formula("input", value=Decimal("0.1"))), exact_value(64)
    (Decimal('0.1'), Decimal('64'))
    """
    value = number.value if isinstance(number, Formula) else Decimal(number)
    if value is None:
        raise ValueError("only formulas with values have a text")
    return value


def expression(formula: Number) -> str:
    """A formula as a sum of stated values: "30,000,000 requests x 120 ms / 1,000 ms/s".

    >>> from pricing.formula.language import ceil
    >>> from pricing.formula.reading import as_text
    >>> expression(as_text(3, "q.requests", "request/month") * ceil(as_text(1.5, "q.duration_ms", "ms")))
    '3 requests x 2 ms (1.5 ms rounded up)'
    """
    return _expression(formula, 0)


def _expression(formula: Number, around: int) -> str:
    if not isinstance(formula, Formula):
        unit = unit_text(formula.unit) if isinstance(formula, Constant) else ""
        # "800/s", not "800 1/s".
        rate = unit.removeprefix("1") if unit.startswith("1/") else ""
        return quantity(formula, "" if rate else unit, digits=SUM_DIGITS) + rate
    operation, parts = formula.operation, formula.arguments
    if operation == "input":
        return quantity(exact_value(formula), formula.detail[1], digits=SUM_DIGITS)
    if operation in ("ceil", "mean_ceil"):
        return _rounded_up(formula) if operation == "ceil" else _mean_rounded_up(formula)
    if operation in _SIGNS:
        return _chain(formula, around)
    if operation in ("maximum", "minimum"):
        return _expression(parts[exact_value(parts[0]) != exact_value(formula)], around)
    if operation == "where":
        return _expression(parts[2 + (exact_value(parts[0]) <= exact_value(parts[1]))], around)
    raise ValueError(f"{operation} has no text")


def _chain(formula: Formula, around: int) -> str:
    """Two operands and their sign; factors of 1 and terms of 0 only hide the sum, unless they change its unit."""
    operation, (left, right) = formula.operation, formula.arguments
    if _is_neutral(right, operation):
        return _expression(left, around)
    if operation in ("add", "multiply") and _is_neutral(left, operation):
        return _expression(right, around)
    strength = _STRENGTH[operation]
    # Behind - and / the same strength needs brackets too: a - (b + c).
    inner = strength + (operation in ("subtract", "divide", "ratio"))
    text = f"{_expression(left, strength)} {_SIGNS[operation]} {_expression(right, inner)}"
    return f"({text})" if strength < around else text


def _is_neutral(number: Number, operation: str) -> bool:
    if operation in ("add", "subtract"):
        return exact_value(number) == 0
    return exact_value(number) == 1 and not unit_of(number)


def _rounded_up(formula: Formula) -> str:
    inner, unit = formula.arguments[0], unit_text(formula.unit or ())
    # A quotient may lie an error of its last digits beside the step that it is.
    if exact_value(inner) >= exact_value(formula) * (1 - Decimal(FLOAT)):
        return _expression(inner, 3)
    return f"{quantity(exact_value(formula), unit, digits=SUM_DIGITS)} ({_expression(inner, 0)} rounded up)"


def _mean_rounded_up(formula: Formula) -> str:
    """The mean of what is rounded up call by call: of 12.07 ms on the mean 12.57 ms are billed."""
    varied, fixed, *_ = formula.arguments
    billed = quantity(exact_value(formula), unit_text(formula.unit or ()), digits=SUM_DIGITS)
    return f"{billed} ({_expression(total([varied, fixed]), 0)} on the mean, each rounded up)"


def _counted(unit: str, number: Decimal) -> str:
    """A unit behind its number: "request/month" is requests, an amount of a month; measured units stay as they are."""
    words, slash, rest = unit.removesuffix("/month").partition("/")
    if words in ("", "share"):
        return ""
    # GB-s, WCU and ms are measures or symbols; whole words are things, of which there may be several.
    is_word = words.islower() and len(words) > 2 and "-" not in words
    return (_several(words) if is_word and number != 1 else words) + slash + rest


def _several(word: str) -> str:
    return f"{word[:-1]}ies" if word.endswith("y") and word[-2] not in "aeo" else f"{word}s"
