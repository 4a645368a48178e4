"""An account's own prices: list and own cost side by side, on every kind of number, and every fault said."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calculator import InvalidDocument, estimate, explain, parse, sweep
from calculator.bill.bill import draw_up
from pricing.formula.reading import as_decimal, as_text

FUNCTION = {"name": "f", "type": "lambda_function", "requests": 30_000_000, "duration_ms": 120, "memory_mb": 512}
API = {"name": "web", "type": "http_api", "requests": 30_000_000}
QUEUES = [{"name": f"q{k}", "type": "sqs_queue", "messages": 5_000_000} for k in range(2)]
COMPONENTS = [API, FUNCTION, *QUEUES]


def document(book=None, components=COMPONENTS):
    account = {"free_tier": "always"} | ({} if book is None else {"price_book": book})
    return {"region": "us-east-1", "as_of": "2026-09-01", "account": account, "components": components}


def costs(answer):
    return {(item.component, item.meter): item.cost for item in answer.line_items}


def test_without_a_price_book_list_price_is_the_price():
    answer = estimate(parse(document()))
    assert answer.total == answer.list_total
    assert all(item.cost == item.list_cost for item in answer.line_items)
    assert estimate(parse(document({}))) == answer


def test_the_most_specific_percentage_counts_and_list_price_stays():
    plain = estimate(parse(document()))
    discounts = [
        {"on": "*", "percent": 5},
        {"on": "sqs_queue", "percent": 10},
        {"on": "lambda_function.requests_x86", "percent": 50},
    ]
    answer = estimate(parse(document({"discounts": discounts})))
    assert answer.list_total == plain.total
    own, listed = costs(answer), costs(plain)
    assert own["web", "http_api.requests"] == pytest.approx(listed["web", "http_api.requests"] * 0.95)
    assert own["q0", "sqs_queue.requests"] == pytest.approx(listed["q0", "sqs_queue.requests"] * 0.9)
    assert own["f", "lambda_function.requests_x86"] == pytest.approx(listed["f", "lambda_function.requests_x86"] * 0.5)


def test_an_absolute_rate_replaces_the_tiers_after_the_free_tier():
    book = {"rates": [{"meter": "sqs_queue.requests", "usd": 0.0000003}]}
    answer = estimate(parse(document(book, QUEUES)))
    # 2 x 15,000,000 requests less 1,000,000 free, at $0.30 a million
    assert answer.total == pytest.approx(29 * 0.30)
    assert answer.list_total == pytest.approx(29 * 0.40)


def test_a_commitment_is_a_line_of_the_account_and_covers_what_it_can():
    book = {"commitments": [{"on": "lambda_function", "usd_per_hour": 0.01, "percent": 17}]}
    answer = estimate(parse(document(book)))
    # It costs 730 h x $0.01 and pays for usage of 7.30 / 0.83 at list price.
    paid, worth = 7.30, 7.30 / 0.83
    assert costs(answer)["account", "account.commitment"] == pytest.approx(paid)
    assert answer.total == pytest.approx(answer.list_total - worth + paid)
    assert answer.by_component[-1].component == "account"
    assert answer.by_component[-1].cost == pytest.approx(paid)


def test_a_commitment_that_nothing_uses_is_paid_all_the_same():
    book = {"commitments": [{"on": "ec2_instance", "usd_per_hour": 1, "percent": 20}]}
    answer = estimate(parse(document(book)))
    assert answer.total == pytest.approx(answer.list_total + 730)


def test_a_commitment_larger_than_the_usage_leaves_nothing_to_pay_but_itself():
    book = {"commitments": [{"on": "*", "usd_per_hour": 10, "percent": 20}]}
    answer = estimate(parse(document(book)))
    assert answer.total == pytest.approx(7300)


percents = st.integers(0, 99)
books = st.fixed_dictionaries(
    {
        "discounts": st.lists(
            st.fixed_dictionaries(
                {"on": st.sampled_from(["*", "sqs_queue", "http_api.requests"]), "percent": percents}
            ),
            max_size=3,
        ),
        "rates": st.lists(
            st.fixed_dictionaries({"meter": st.just("http_api.requests"), "usd": st.sampled_from([0, 1e-7, 5e-6])}),
            max_size=1,
        ),
        "commitments": st.lists(
            st.fixed_dictionaries(
                {
                    "on": st.sampled_from(["*", "lambda_function"]),
                    "usd_per_hour": st.sampled_from([0, 0.01, 0.05, 3]),
                    "percent": percents,
                }
            ),
            max_size=2,
        ),
    }
)


@given(books)
def test_all_readings_agree_and_lines_add_up(book):
    architecture = parse(document(book))
    answer = estimate(architecture)
    exact = draw_up(architecture, as_decimal)
    total = sum((line.cost for line in exact.lines), Decimal(0)) + sum((c.cost for c in exact.committed), Decimal(0))
    assert answer.total == pytest.approx(float(total), rel=1e-12, abs=1e-9)
    assert sum(item.cost for item in answer.line_items) == pytest.approx(answer.total, abs=1e-9)
    assert sum(cost.cost for cost in answer.by_component) == pytest.approx(answer.total, abs=1e-9)
    told = draw_up(architecture, as_text)
    assert sum(getattr(line.cost, "value", line.cost) for line in told.lines) == sum(line.cost for line in exact.lines)
    swept = sweep(architecture, {"f.requests": [FUNCTION["requests"], 0]})
    assert swept.totals[0] == pytest.approx(answer.total, rel=1e-12, abs=1e-9)


def test_an_explanation_says_what_the_price_book_does():
    book = {
        "discounts": [{"on": "*", "percent": 5, "note": "agreed in May"}],
        "commitments": [{"on": "lambda_function", "usd_per_hour": 0.01, "percent": 17}],
    }
    told = explain(parse(document(book)), "f")
    assert "price book: $5.80 x 95 / 100 on * (agreed in May) = $5.51" in told
    assert "commitments: $5.51 - " in told


@pytest.mark.parametrize(
    ("book", "pointer"),
    [
        (5, ""),
        ({"x": 1}, "/x"),
        ({"discounts": 5}, "/discounts"),
        ({"discounts": [5]}, "/discounts/0"),
        ({"discounts": [{"on": "nothing", "percent": 5}]}, "/discounts/0/on"),
        ({"discounts": [{"on": "sqs_queue.nothing", "percent": 5}]}, "/discounts/0/on"),
        ({"discounts": [{"on": "*", "percent": 101}]}, "/discounts/0/percent"),
        ({"discounts": [{"on": "*"}]}, "/discounts/0/percent"),
        ({"discounts": [{"on": "*", "percent": 5, "more": 1}]}, "/discounts/0/more"),
        ({"rates": [{"meter": "sqs_queue.nothing", "usd": 1}]}, "/rates/0/meter"),
        ({"rates": [{"meter": "sqs_queue.requests", "usd": -1}]}, "/rates/0/usd"),
        ({"rates": [{"meter": "sqs_queue.requests", "usd": 1}] * 2}, "/rates/1/meter"),
        ({"commitments": [{"on": "*", "usd_per_hour": 1, "percent": 100}]}, "/commitments/0/percent"),
        ({"commitments": [{"on": "*", "usd_per_hour": "1", "percent": 10}]}, "/commitments/0/usd_per_hour"),
    ],
)
def test_faults_are_said_where_they_stand(book, pointer):
    with pytest.raises(InvalidDocument) as refused:
        parse(document(book))
    assert [fault.pointer for fault in refused.value.faults] == [f"/account/price_book{pointer}"]
