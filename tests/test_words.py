"""Formulas in words: whatever stands there can be worked out by hand and gives the value."""

import re
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calculator import component_types
from calculator.bill.bill import draw_up
from calculator.document.schema import parse
from pricing.formula.language import KB_PER_GB, Constant, Formula, ceil, maximum, minimum, ratio, where
from pricing.formula.reading import as_text
from pricing.formula.words import exact_money, exact_value, expression, money, quantity
from tests.helpers.documents import document_of, documents, every_choice, full_component, priced_in
from tests.helpers.sums import value_of


def stated(value, unit):
    return as_text(value, "c.input", unit)


REQUESTS = stated(30_000_000, "request/month")
DURATION = stated(120.5, "ms")
SIZE = stated(100, "KB")
NOTHING = stated(0, "KB")
MILLISECONDS = Constant(1000, "ms/s")
CHUNK = Constant(64, "KB")


@pytest.mark.parametrize(
    ("number", "unit", "text"),
    [
        (0, "", "0"),
        (0, "request", "0 requests"),
        (1, "request", "1 request"),
        (1.0, "request/month", "1 request"),
        (2, "delivery", "2 deliveries"),
        (1, "delivery", "1 delivery"),
        (3, "day", "3 days"),
        (1.5, "GB", "1.5 GB"),
        (400_000, "GB-s", "400,000 GB-s"),
        (5, "GB-month", "5 GB-month"),
        (5, "GB/month", "5 GB"),
        (0.3, "share", "0.3"),
        (10, "message/request", "10 messages/request"),
        (1, "event/s", "1 event/s"),
        (7, "WCU", "7 WCU"),
        (7, "rWCU-hour", "7 rWCU-hour"),
        (5, "USD", "5 USD"),
        (1e-7, "", "0.0000001"),
        (0.1 + 0.2, "", "0.3"),
        (Decimal(1) / 3, "", "0.333333333333"),
        (Decimal(2) / 3 * 1000, "", "666.666666667"),
        (123_456_789_012_345, "", "123,456,789,012,345"),
        (10**20, "", "100,000,000,000,000,000,000"),
        (Decimal(10) ** 49, "", "10" + ",000" * 16),
        (1e15, "", "1,000,000,000,000,000"),
        (Decimal("30000000.0"), "", "30,000,000"),
        (Decimal("3E+7"), "", "30,000,000"),
        (9_999_999_999.99, "", "9,999,999,999.99"),
        (0.999999999999999, "", "1"),
    ],
)
def test_quantities(number, unit, text):
    assert quantity(number, unit) == text


@given(st.decimals(0, 10**15, allow_nan=False, places=8))
def test_a_quantity_of_a_sum_is_exact_to_its_last_digit(number):
    shown = Decimal(quantity(number, digits=15).replace(",", ""))
    assert abs(shown - number) <= abs(number) / 10**14
    if len(number.normalize().as_tuple().digits) <= 15:
        assert shown == number


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (0, "$0.00"),
        (0.0, "$0.00"),
        (Decimal(0), "$0.00"),
        (18.66676, "$18.67"),
        (0.125, "$0.13"),
        (0.135, "$0.14"),
        (1.005, "$1.01"),
        (34.375, "$34.38"),
        (0.01, "$0.01"),
        (0.0099, "$0.0099"),
        (0.00123456, "$0.00123"),
        (5e-7, "$0.0000005"),
        (1234567.891, "$1,234,567.89"),
        (Decimal(10) ** 40, "$10" + ",000" * 13 + ".00"),
    ],
)
def test_money_to_the_cent(amount, text):
    assert money(amount) == text


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0", "$0.00"),
        ("5", "$5.00"),
        ("5.5", "$5.50"),
        ("18.66676", "$18.66676"),
        ("0.0000005", "$0.0000005"),
        ("1234567.8", "$1,234,567.80"),
        ("0.66666666666666666", "$0.6666666667"),
        ("1E+3", "$1,000.00"),
        ("2E-13", "$0.0000000000002"),
        ("1E+40", "$10" + ",000" * 13 + ".00"),
    ],
)
def test_money_of_a_sum(amount, text):
    assert exact_money(Decimal(amount)) == text


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        (REQUESTS, "30,000,000 requests"),
        (5, "5"),
        (CHUNK, "64 KB"),
        (REQUESTS * 2, "30,000,000 requests x 2"),
        (REQUESTS * 1, "30,000,000 requests"),
        (1 * REQUESTS, "30,000,000 requests"),
        (REQUESTS + 0, "30,000,000 requests"),
        (REQUESTS - 0 * REQUESTS, "30,000,000 requests"),
        (SIZE / Constant(1, "KB"), "100 KB / 1 KB"),
        (SIZE * stated(1, "message"), "100 KB"),
        (ceil(DURATION), "121 ms (120.5 ms rounded up)"),
        (ceil(stated(120, "ms")), "120 ms"),
        (ceil(SIZE / CHUNK), "2 (100 KB / 64 KB rounded up)"),
        (ceil(stated(128, "KB") / CHUNK) * REQUESTS, "(128 KB / 64 KB) x 30,000,000 requests"),
        (maximum(SIZE - CHUNK, 0), "100 KB - 64 KB"),
        (maximum(NOTHING - CHUNK, 0), "0"),
        (maximum(SIZE, CHUNK) * 2, "100 KB x 2"),
        (minimum(SIZE, CHUNK), "64 KB"),
        (maximum(stated(64, "KB"), CHUNK), "64 KB"),
        (where(SIZE > CHUNK, SIZE, CHUNK), "100 KB"),
        (where(CHUNK < NOTHING, SIZE, CHUNK), "64 KB"),
        (where(NOTHING > SIZE, 1, REQUESTS) * 3, "30,000,000 requests x 3"),
        ((SIZE + CHUNK) * 2, "(100 KB + 64 KB) x 2"),
        (SIZE - (CHUNK - SIZE + SIZE), "100 KB - (64 KB - 100 KB + 100 KB)"),
        (SIZE - CHUNK - Constant(4, "KB"), "100 KB - 64 KB - 4 KB"),
        (SIZE / (KB_PER_GB / stated(2, "share")), "100 KB / (1,048,576 KB/GB / 2)"),
        (SIZE / KB_PER_GB / 2, "100 KB / 1,048,576 KB/GB / 2"),
        (ratio(SIZE, CHUNK), "100 KB / 64 KB"),
        (REQUESTS * DURATION / MILLISECONDS, "30,000,000 requests x 120.5 ms / 1,000 ms/s"),
    ],
)
def test_expressions(formula, text):
    assert expression(formula) == text
    assert value_of(text) == exact_value(formula)


def test_what_has_no_text():
    with pytest.raises(ValueError, match="tiered has no text"):
        expression(Formula("tiered", (REQUESTS,), value=Decimal(1)))
    with pytest.raises(ValueError, match="only formulas with values"):
        expression(Formula("input", detail="c.requests") * 2)


@pytest.mark.parametrize("type_name", component_types())
@settings(max_examples=25)
@given(data=st.data())
def test_every_expression_can_be_worked_out(type_name, data):
    check_expressions(data.draw(documents(types=[type_name], most=1)))


@pytest.mark.parametrize("type_name", component_types())
def test_the_expressions_of_every_choice_can_be_worked_out(type_name):
    for chosen in every_choice(type_name):
        region = next(iter(priced_in(type_name, chosen)))
        check_expressions(document_of(full_component(type_name, chosen, region=region)))


def check_expressions(document):
    for line in draw_up(parse(document), as_text).lines:
        text, exact = expression(line.usage), exact_value(line.usage)
        assert abs(value_of(text) - exact) <= exact / 10**12, text
        assert not re.search(r"[eE][+-]?\d|nan|inf\b|None", text)
