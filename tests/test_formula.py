"""The laws of the language of rules, on its three kinds of number."""

import math
import operator
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.formula.language import (
    KB_PER_GB,
    KB_PER_MB,
    MB_PER_GB,
    MINUTES_PER_HOUR,
    MS_PER_S,
    S_PER_HOUR,
    S_PER_MINUTE,
    Constant,
    Formula,
    ceil,
    known_zero,
    maximum,
    minimum,
    ratio,
    tiered,
    total,
    unit_of,
    where,
)
from pricing.formula.reading import as_decimal, as_float, as_program, as_text
from pricing.formula.unit import parse_unit, unit_text
from pricing.prices.pricelist import Tier, rate_of

READINGS = [as_float, as_decimal, as_text]
# What a person writes: up to 9 digits, some after the point.
WRITTEN = st.builds(lambda n, places: n / 10**places, st.integers(0, 10**9), st.integers(0, 4))


def plain(number):
    """What a number of any kind is worth, as a fraction: floats to 12 digits, which is what they promise."""
    number = getattr(number, "value", number)
    return Fraction(number)


def same(a, b):
    return abs(plain(a) - plain(b)) <= Fraction(1, 10**12) * max(abs(plain(a)), abs(plain(b)))


def text(value, unit="request"):
    return as_text(value, "x", unit)


LAWS = {
    "add": lambda a, b: a + b,
    "from the right": lambda a, b: 3 + a * 2 - b / 4 + (5 - b) + 2 * b,
    "multiply": lambda a, b: a * b * 7,
    "divide": lambda a, b: a / (b + 1) + 9 / (b + 1),
    "ceil": lambda a, b: ceil(a / 64) + ceil(b),
    "maximum": lambda a, b: maximum(a, b) + maximum(a, 12) + maximum(12, b),
    "minimum": lambda a, b: minimum(a, b) + minimum(a, 12) + minimum(12, b),
    "where": lambda a, b: where(a > b, a * 2, b) + where(a < 12, 1, a),
    "ratio": lambda a, b: ratio(a, b) + ratio(b, a),
    "total": lambda a, b: total([a + 1, b, 0, a]),
}


@pytest.mark.parametrize("law", LAWS)
@given(a=WRITTEN, b=WRITTEN)
def test_the_three_kinds_of_number_agree(law, a, b):
    found, exact, traced = (LAWS[law](reading(a, "a", "request"), reading(b, "b", "request")) for reading in READINGS)
    assert isinstance(exact, Decimal)
    assert traced.value == exact
    scale = Fraction(abs(LAWS["add"](a, b)) + 64) * 64 * (Fraction(a) + 1)
    assert same(found, exact) or abs(plain(found) - plain(exact)) <= scale / 10**13


@given(WRITTEN, WRITTEN)
def test_a_larger_and_a_smaller_are_the_two(a, b):
    for reading in READINGS:
        x, y = reading(a, "a", ""), reading(b, "b", "")
        assert same(maximum(x, y) + minimum(x, y), x + y)
        assert plain(maximum(x, y)) == plain(maximum(y, x)) >= plain(minimum(x, y)) == plain(minimum(y, x))


@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize(("a", "b", "chosen"), [(2, 1, 7), (1, 2, 9), (1, 1, 9), (0, 0, 9), (0.3, 0.1, 7)])
def test_where_takes_the_first_where_strictly_greater(reading, a, b, chosen):
    x, y = reading(a, "a", "request"), reading(b, "b", "request")
    assert plain(where(x > y, reading(7, "c", ""), reading(9, "d", ""))) == chosen
    assert plain(where(y < x, reading(7, "c", ""), reading(9, "d", ""))) == chosen


@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize(("a", "b", "share"), [(3, 4, Fraction(3, 4)), (0, 4, 0), (0, 0, 0), (5, 0, 0)])
def test_a_ratio_to_nothing_is_nothing(reading, a, b, share):
    assert plain(ratio(reading(a, "a", "GB"), reading(b, "b", "GB"))) == share


def test_a_whole_number_beside_a_decimal_becomes_one():
    """An int that is chosen and then divided by an int would be a float."""
    for chosen in (maximum(Decimal(1), 2), maximum(2, Decimal(1)), minimum(Decimal(3), 2), minimum(2, Decimal(3))):
        assert isinstance(chosen / 3, Decimal)


# Rounding up.
def test_ceil_of_a_derived_quantity_is_never_a_step_too_high():
    """0.1 s x k, in ms, in steps of 100 ms: in plain floats a whole step too high for a third of all k."""
    wrong = sum(math.ceil(0.1 * k * 1000 / 100) != k for k in range(1, 20_000))
    assert wrong > 5000
    assert [ceil(0.1 * k * 1000 / 100) for k in range(1, 20_000)] == list(range(1, 20_000))
    exact = [ceil(Decimal("0.1") * k * 1000 / 100) for k in range(1, 20_000)]
    assert exact == list(range(1, 20_000))


@pytest.mark.parametrize("step", [3, 5, 7, 32, 64, 100, 512])
@given(k=st.integers(0, 10**7), tenth=st.integers(1, 9))
def test_ceil_of_whole_steps_is_exact_and_of_a_little_more_one_more(step, k, tenth):
    for reading in READINGS:
        assert plain(ceil(reading(k * step, "x", "") / step)) == k
        assert plain(ceil((reading(k * step, "x", "") + reading(tenth / 10, "y", "")) / step)) == k + 1


@given(WRITTEN)
def test_ceil_of_what_is_written_is_exact(x):
    expected = math.ceil(Decimal(repr(x)))
    for reading in READINGS:
        assert plain(ceil(reading(x, "x", ""))) == expected


# Units.
@pytest.mark.parametrize("combine", [operator.add, operator.sub, operator.gt, operator.lt, maximum, minimum])
@pytest.mark.parametrize(("a", "b"), [("GB", "s"), ("KB", "MB"), ("request", "KB"), ("GB-s", "GB"), ("request/s", "s")])
def test_unlike_units_are_neither_added_nor_compared(combine, a, b):
    for x, y in ((text(2, a), text(3, b)), (text(3, b), text(2, a))):
        with pytest.raises(TypeError, match="cannot be added or compared"):
            combine(x, y)


@pytest.mark.parametrize("combine", [operator.add, operator.sub, operator.gt, maximum, minimum])
def test_a_plain_number_is_a_count_and_nothing_else(combine):
    combine(text(2, "request"), 5)
    combine(5, text(2, "message/month"))
    for x, y in ((text(2, "KB"), 5), (5, text(2, "KB")), (text(2, "request"), Constant(5, "KB"))):
        with pytest.raises(TypeError, match="cannot be added or compared"):
            combine(x, y)


def test_where_compares_like_with_like_and_chooses_among_like():
    with pytest.raises(TypeError, match="cannot be added or compared"):
        where(text(2, "KB") > 0, text(1, "KB"), text(1, "s"))
    assert where(text(2, "KB") > 0, text(1, "s"), 0).unit == parse_unit("s")
    assert where(text(2, "KB") > text(3, "KB"), 0, text(1, "s")).unit == parse_unit("s")


def test_nothing_fits_every_unit():
    kb = text(2, "KB")
    for found in (kb + 0, 0 + kb, kb - 0, maximum(kb, 0), maximum(0, kb), minimum(kb, 0), total([0, kb, 0])):
        assert found.unit == parse_unit("KB")
    assert (0 - kb).unit == parse_unit("KB")
    assert (0 - kb).value == -2


UNITS = [
    ("a * b", lambda a, b: a * b, "GB", "s", "GB-s"),
    ("a / b", lambda a, b: a / b, "GB", "s", "GB/s"),
    ("a / a", lambda a, b: a / b, "KB", "KB", "request"),
    ("ratio", ratio, "request/s", "request/s", ""),
    ("per second", lambda a, b: a / b, "request", "s", "request/s"),
    ("times seconds", lambda a, b: a * b, "request/s", "s", "execution"),
    ("1 / b", lambda a, b: a * (1 / b), "request", "s", "1/s"),
    ("MB to GB", lambda a, b: a * b / MB_PER_GB, "MB", "request", "GB"),
    ("KB to GB", lambda a, b: a * b / KB_PER_GB, "KB", "request", "GB"),
    ("KB to MB", lambda a, b: a * b / KB_PER_MB, "KB", "request", "MB"),
    ("ms to s", lambda a, b: a / MS_PER_S * b, "ms", "GB", "GB-s"),
    ("hours to s", lambda a, b: a * S_PER_HOUR * b, "hour/month", "GB", "GB-s"),
    ("minutes to s", lambda a, b: a * S_PER_MINUTE * b, "minute", "request", "s"),
    ("hours to minutes", lambda a, b: a * MINUTES_PER_HOUR * b, "hour", "request", "minute"),
    ("chunks", lambda a, b: ceil(a / Constant(64, "KB")) * b, "KB", "message/month", "request"),
    ("ceil keeps", lambda a, b: ceil(a), "ms", "s", "ms"),
]


@pytest.mark.parametrize(("rule", "a", "b", "unit"), [pytest.param(*case[1:], id=case[0]) for case in UNITS])
def test_units_ride_along(rule, a, b, unit):
    assert rule(text(2, a), text(3, b)).unit == parse_unit(unit)


def test_constants_are_whole_numbers_with_a_unit():
    step = Constant(64, "KB")
    assert isinstance(step, int)
    assert unit_of(step) == parse_unit("KB")
    assert (Decimal(128) / step, 128.0 / step, step * 2) == (Decimal(2), 2.0, 128)
    assert unit_of(5) == unit_of(0.5) == unit_of(Decimal(5)) == ()
    factors = (KB_PER_MB, MB_PER_GB, KB_PER_GB, MS_PER_S, S_PER_MINUTE, S_PER_HOUR, MINUTES_PER_HOUR)
    assert factors == (1024, 1024, 1024**2, 1000, 60, 3600, 60)


@pytest.mark.parametrize(
    ("written", "read"),
    [("GB-s", "GB-s"), ("request/s", "1/s"), ("message/month", ""), ("GB-month", "GB"), ("MB/GB", "MB/GB"), ("", "")],
)
def test_a_unit_is_read_and_written(written, read):
    assert unit_text(parse_unit(written)) == read
    assert parse_unit(unit_text(parse_unit(written))) == parse_unit(written)


def test_a_program_does_not_follow_units():
    """They are followed where text is made; a test makes text of every type."""
    reading = as_program({"c.a"})
    varying, fixed = reading(2, "c.a", "KB"), reading(3, "c.b", "s")
    assert isinstance(varying, Formula)
    assert fixed == 3.0
    assert (varying + fixed).unit is None
    assert (varying + fixed).value is None


def test_a_choice_between_plain_numbers_follows_no_units_in_a_program():
    """Else its cost would be in USD, and that of a component which does not vary a plain number."""
    chosen = where(as_program({"c.a"})(2, "c.a", "KB") > 0, 1, 2)
    assert chosen.unit is None
    assert total([tiered(chosen, RATE), 3.5]).unit is None


def test_what_is_nothing_in_every_scenario_is_known():
    varying = as_program({"c.a"})(2, "c.a", "KB")
    assert known_zero(varying * 0)
    assert known_zero(0.0 / varying)
    assert known_zero(text(0, "KB"))
    assert known_zero(total([]))
    assert not known_zero(varying)
    assert not known_zero(text(1, "KB"))


def test_a_rule_with_a_float_literal_does_not_run_on_decimals():
    with pytest.raises(TypeError):
        as_decimal(1, "a", "KB") * 0.5


# Tiers.
RATE = rate_of(
    [Tier(Decimal(above), Decimal(price)) for above, price in (("0", "0.4"), ("1000", "0.3"), ("5000", "0.25"))],
    meter="m.x",
    region="r",
    source="s",
    effective=date.min,
    checked=date.min,
)


@pytest.mark.parametrize(
    ("quantity", "cost"), [(0, "0"), (1, "0.4"), (1000, "400"), (1001, "400.3"), (5000, "1600"), (6000, "1850")]
)
def test_tiers_by_hand(quantity, cost):
    for reading in READINGS:
        assert same(tiered(reading(quantity, "q", "request"), RATE), Decimal(cost))
    assert tiered(text(quantity), RATE).unit == parse_unit("USD")


@given(WRITTEN, WRITTEN)
def test_tiers_are_continuous_and_never_fall(a, b):
    low, high = sorted((Decimal(repr(a)), Decimal(repr(b))))
    rise = tiered(high, RATE) - tiered(low, RATE)
    assert 0 <= rise <= (high - low) * Decimal("0.4")
