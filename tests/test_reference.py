"""The product against the twin that prices by hand: whole architectures of every type, and what has no price."""

import ast
import random
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calculator import RateNotFound, estimate, parse
from calculator.bill.bill import draw_up
from pricing.formula.reading import as_decimal, as_float
from pricing.formula.words import money
from tests.helpers import reference, reference_messaging, reference_numbers
from tests.helpers.documents import components, document_of, documents, whole_component
from tests.helpers.reference import cents

# Floats, relative to what the usage costs without a free tier at its highest price: where a free tier takes almost
# everything off, the small rest has the error of the large number.
BOUND = Decimal("1e-12")
# Decimals of 28 digits against those of 50.
EXACT = Decimal("1e-25")
DAYS = ("2026-09-01", "2025-07-31", "2025-08-01", "2024-10-15")
# Prices of most meters are known from June 2025 on, those of on-demand tables from 2024 on.
PRICED = ("2026-11-21", "2026-09-01", "2025-08-28")
COUNTED = tuple(reference.COUNT)
ALL_REGIONS = ("us-east-1", "ap-southeast-5", "mx-central-1", "us-gov-west-1", "ap-south-2", "eu-south-9")


def price_by_hand(document):
    """The twin's bill, and what each line would cost at the highest price with nothing free."""
    by_hand = reference.bill(document)
    day = parse(document).as_of
    gross = {
        key: usage * max(price for _, price in reference.price_of(key[1], key[2], day))
        for key, usage in by_hand.usage.items()
    }
    return by_hand, gross


def lines_of(architecture, reading):
    bill = draw_up(architecture, reading)
    names = [component.name for component in architecture.components]
    return {(names[line.component], line.pool.meter.full_name, line.pool.rate.region): line for line in bill.lines}


def exactly(x):
    return x if isinstance(x, Decimal) else Decimal(x)


def assert_bills_agree(document):
    by_hand, gross = price_by_hand(document)
    architecture = parse(document)
    for reading, bound in ((as_float, BOUND), (as_decimal, EXACT)):
        lines = lines_of(architecture, reading)
        assert lines.keys() == by_hand.usage.keys()
        for key, line in lines.items():
            usage = by_hand.usage[key]
            assert abs(exactly(line.usage) - usage) <= bound * usage, (key, reading.__name__, line.usage, usage)
            wrong = abs(exactly(line.cost) - by_hand.costs[key])
            assert wrong <= bound * gross[key], (key, reading.__name__, line.cost, by_hand.costs[key])
    return by_hand, gross


def assert_answer_agrees(document, by_hand, gross):
    """The answer's numbers are rounded to ten decimals."""
    answer = estimate(parse(document))
    for line in answer.line_items:
        key = line.component, line.meter, line.region
        rounded = Decimal("0.6e-10")
        assert abs(exactly(line.cost) - by_hand.costs[key]) <= rounded + BOUND * gross[key], key
        assert abs(exactly(line.usage) - by_hand.usage[key]) <= rounded + BOUND * by_hand.usage[key], key
        assert abs(exactly(line.billable) - by_hand.billable[key]) <= rounded + BOUND * by_hand.usage[key], key
    wrong = abs(exactly(answer.total) - by_hand.total)
    assert wrong <= BOUND * sum(gross.values()) + Decimal("0.6e-10") * (1 + len(gross))
    if sum(gross.values()) < 10**6:  # beyond, half a cent is nearer than floats can tell
        assert cents(answer.total) == cents(by_hand.total)


@pytest.mark.parametrize("type_name", COUNTED)
@settings(max_examples=120)
@given(data=st.data())
def test_every_type_costs_what_the_twin_says(type_name, data):
    document = data.draw(documents(types=[type_name], most=3, as_of=PRICED))
    assert_answer_agrees(document, *assert_bills_agree(document))


@settings(max_examples=200)
@given(documents(types=COUNTED, most=6, as_of=PRICED))
def test_architectures_of_several_types_cost_what_the_twin_says(document):
    assert_answer_agrees(document, *assert_bills_agree(document))


@settings(max_examples=150)
@given(documents(types=COUNTED, most=2, regions=ALL_REGIONS, as_of=DAYS))
def test_what_has_no_price_is_refused_and_nothing_else(document):
    try:
        by_hand = reference.bill(document)
    except reference.NoPrice as no_price:
        with pytest.raises(RateNotFound) as refused:
            estimate(parse(document))
        said = " ".join(fault.detail for fault in refused.value.faults)
        for meter, region in no_price.args[0]:
            assert meter in said
            assert region in said
    else:
        assert len(estimate(parse(document)).line_items) == len(by_hand.costs)


@pytest.mark.parametrize("day", ["2024-10-31", "2024-11-01"])
def test_a_cut_holds_from_its_day_on(day):
    table = whole_component("dynamodb_table", writes=10**9, reads=10**9)
    document = document_of(table, as_of=day)
    assert_answer_agrees(document, *assert_bills_agree(document))


@settings(max_examples=30)
@given(components("lambda_function", as_of="2025-07-31"), st.sampled_from(["2025-07-31", "2025-08-01"]))
def test_initialization_is_billed_from_its_day_on(function, day):
    document = document_of(function, as_of=day, region=function["region"])
    try:
        assert_answer_agrees(document, *assert_bills_agree(document))
    except reference.NoPrice as no_price:
        pytest.fail(f"no price on {day}: {no_price}")


def test_a_cold_request_is_rounded_up_once():
    """A log that shows it: 1,307.68 ms of initialization and 1,058.15 ms of the handler were billed as 2,366 ms.

    https://lucvandonkersgoed.com/2022/04/09/when-is-the-lambda-init-phase-free-and-when-is-it-billed/
    """
    cold = {"init_ms": 1307.68, "duration_ms": 1058.15, "cold_start_share": 1, "memory_mb": 1024}
    document = document_of(whole_component("lambda_function", requests=1000, **cold))
    assert reference.bill(document).usage["c", "lambda_function.gb_seconds_x86", "us-east-1"] == 2366
    assert_answer_agrees(document, *assert_bills_agree(document))


# The twin itself, held to what AWS's pricing pages work out.
WORKED = [
    ("lambda_function", {"requests": 3_000_000, "duration_ms": 120, "memory_mb": 1536}, "always", "2.73"),
    ("lambda_function", {"requests": 730_000_000, "duration_ms": 4, "memory_mb": 128}, "always", "145.80"),
    (
        "lambda_function",
        {"requests": 6_000_000, "duration_ms": 280, "memory_mb": 4096, "ephemeral_storage_mb": 2048},
        "always",
        "106.41",
    ),
    ("http_api", {"requests": 432_000_000, "request_kb": 12, "response_kb": 46}, "none", "418.80"),
    ("rest_api", {"requests": 5_000_000, "response_kb": 3}, "none", "17.50"),
    ("websocket_api", {"messages": 18_000_000, "message_kb": 3, "connection_minutes": 21_600_000}, "none", "23.40"),
    ("state_machine", {"executions": 1000, "transitions": 3}, "none", "0.08"),
    ("dynamodb_table", {"writes": 0, "reads": 0, "storage_gb": 1024}, "none", "256.00"),
]


@pytest.mark.parametrize(("type_name", "said", "free_tier", "total"), WORKED)
def test_the_twin_meets_what_aws_works_out(type_name, said, free_tier, total):
    document = document_of(whole_component(type_name, **said), account={"free_tier": free_tier})
    assert cents(reference.bill(document).total) == Decimal(total)


def test_half_a_cent_is_rounded_up():
    """Ten thousand requests cost 3.5 cents, so every odd number of them ends in half a cent."""
    draw = random.Random(1)
    for top in (100, 30_000, 10**6):
        for _ in range(60):
            api = whole_component("rest_api", requests=10_000 * (2 * draw.randrange(top) + 1))
            document = document_of(api, account={"free_tier": "none"})
            exact = reference.bill(document).total.quantize(Decimal("0.01"), ROUND_HALF_UP)
            assert money(estimate(parse(document)).total) == f"${exact:,.2f}"


@pytest.mark.parametrize("twin", [reference, reference_messaging, reference_numbers], ids=lambda twin: twin.__name__)
def test_the_twin_shares_nothing_with_the_product(twin):
    tree = ast.parse(Path(twin.__file__).read_text("utf-8"))
    imported = {alias.name for part in ast.walk(tree) if isinstance(part, ast.Import) for alias in part.names}
    imported |= {part.module for part in ast.walk(tree) if isinstance(part, ast.ImportFrom)}
    assert not [name for name in imported if name.split(".")[0] in ("pricing", "calculator", "api")]
    ours = {name for name in imported if name.split(".")[0] == "tests"}
    assert ours <= {"tests.helpers", "tests.helpers.reference_numbers"}
