"""Explanations: every printed line is a sum that comes out, and the last one is what the estimate says."""

import re
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calculator import InvalidDocument, NotFound, RateNotFound, component_types, estimate, explain, parse
from calculator.answer.estimate import ACCOUNT
from tests.helpers.collected import collected
from tests.helpers.connected import flowing
from tests.helpers.documents import AS_OF, combinations, documents, numeric_inputs, whole_component
from tests.helpers.sums import value_of

EXAMPLES = 100
REST = {"region": "us-east-1", "as_of": "2026-09-01"}
NOTE = re.compile(r" \((?:account|region|tier \d+), [^)]*\)")
JOBS = {"name": "jobs", "type": "sqs_queue", "messages": 5_000_000}


def explained(*components, name=None, **stated):
    return explain(parse(REST | stated | {"components": list(components)}), name or components[0]["name"])


def sums(text):
    """Left and right of each printed sum; a line of one number has no left."""
    for row in text.splitlines():
        if row.startswith("  ") and not row.startswith("  price known since "):
            left, _, right = NOTE.sub("", row.strip().rpartition(": ")[2]).rpartition("= ")
            yield left.strip(), right


def check_sums(text):
    """Every sum comes out to the cent and much better, but for the line that rounds to the cent."""
    before = Decimal(0)
    for left, right in sums(text):
        got, told = value_of(left) if left else before, value_of(right)
        allowed = Decimal("1e-9") + abs(told) * Decimal("1e-13")
        if not left and right.startswith("$"):
            allowed = Decimal("0.005") if told >= Decimal("0.01") else told / 100
        # A line of one quantity states what is used; there is nothing to work out.
        states_usage = not left and not right.startswith("$")
        assert states_usage or abs(got - told) <= allowed, (left, right)
        before = told


def check_last_line(text, name, cost):
    told = text.splitlines()[-1].removeprefix(f"{name}: ").removeprefix("uses nothing that AWS bills: ")
    *steps, rounded = told.removesuffix(" a month").split(", $")
    rounded = value_of(rounded)
    allowed = Decimal("0.005") if cost >= Decimal("0.01") else cost / 100
    # Beyond some trillion USD the last digit of the estimate's float is a cent.
    assert abs(rounded - cost) <= allowed + Decimal("1e-9") + cost * Decimal("2e-15")
    if steps:
        left, right = steps[0].split(" = ")
        assert abs(value_of(left) - value_of(right)) <= Decimal("1e-9") * (1 + left.count("+"))
        assert abs(value_of(right) - cost) <= Decimal("1e-8") + cost / 10**12


@pytest.mark.parametrize("type_name", component_types())
@settings(max_examples=15)
@given(data=st.data())
def test_every_line_of_every_type_is_a_sum_that_comes_out(type_name, data):
    check_explanations(data.draw(documents(types=[type_name], most=2)))


@settings(max_examples=EXAMPLES)
@given(documents())
def test_every_line_is_a_sum_that_comes_out(document):
    check_explanations(document)


COLLECTED = collected()


@pytest.mark.parametrize("file", COLLECTED)
def test_every_document_of_the_tests_can_be_explained(file):
    explained = 0
    for document in COLLECTED[file]:
        try:
            check_explanations(document)
            explained += 1
        except (InvalidDocument, RateNotFound):
            # What has no estimate has no explanation either; which these are is for the cases themselves.
            with pytest.raises((InvalidDocument, RateNotFound)):
                estimate(parse(document))
    assert explained


@settings(max_examples=EXAMPLES)
@given(flowing())
def test_whatever_flows_can_be_explained(document):
    try:
        check_explanations(document)
    except RateNotFound:
        with pytest.raises(RateNotFound):
            estimate(parse(document))


def check_explanations(document):
    architecture = parse(document)
    answer = estimate(architecture)
    for part in answer.by_component:
        if part.type == ACCOUNT:
            continue
        text = explain(architecture, part.component)
        check_sums(text)
        check_last_line(text, part.component, Decimal(repr(part.cost)))
        # What the traffic derives is told above the first line.
        titles = [row for row, below in pairwise(text.splitlines()) if below.startswith("  ") > row.startswith("  ")]
        lines = [line for line in answer.line_items if line.component == part.component]
        assert titles == [f"{line.title} ({line.meter}, {line.region})" for line in lines]
        for line in lines:
            assert f"price known since {line.rate.effective}, checked {line.rate.checked}: {line.rate.source}" in text


@pytest.mark.parametrize("number", [10**15, 1e-15, 123_456_789.123456])
@pytest.mark.parametrize("type_name", component_types())
def test_extremes_can_be_explained(type_name, number):
    for chosen in combinations(type_name)[:8]:
        numbers = {
            key: min(max(number, known.at_least), 10**15 if known.at_most is None else known.at_most)
            for key, known in numeric_inputs(type_name, chosen).items()
        }
        text = explained(whole_component(type_name, chosen, **numbers), as_of=AS_OF)
        assert "E+" not in text
        assert all(value_of(right) >= 0 for _, right in sums(text))


def test_usage_free_tier_tiers_and_source():
    rate = estimate(parse(REST | {"components": [JOBS]})).line_items[0].rate
    assert explained(JOBS).splitlines() == [
        "Requests, standard queue (sqs_queue.requests, us-east-1)",
        "  5,000,000 messages + 5,000,000 messages + 5,000,000 messages = 15,000,000 requests",
        "  15,000,000 requests - 1,000,000 free (account, always) = 14,000,000 requests",
        "  14,000,000 requests x $0.0000004 = $5.60 (tier 1, from 0 to 100,000,000,000)",
        "  = $5.60",
        f"  price known since {rate.effective}, checked {rate.checked}: {rate.source}",
        "jobs: $5.60 a month",
    ]


def test_a_pool_is_shared_by_its_components():
    text = explained(JOBS, JOBS | {"name": "other", "messages": 1_000_000})
    assert "  the account in us-east-1: 15,000,000 + 3,000,000 of other components = 18,000,000 requests" in text
    assert "  18,000,000 requests - 1,000,000 free (account, always) = 17,000,000 requests" in text
    assert "  its share: $6.80 x 15,000,000 / 18,000,000 = $5.6666666667\n  = $5.67\n" in text


def test_a_free_tier_is_shared_by_all_that_it_covers():
    text = explained(JOBS, JOBS | {"name": "fifo", "messages": 1_000_000, "fifo": True})
    told = "part of the free tier that falls on this meter in us-east-1: "
    assert f"  {told}1,000,000 x 15,000,000 / 18,000,000 = 833,333.333333333 requests" in text
    assert "  15,000,000 requests - 833,333.333333333 free (account, always) = 14,166,666.6666667 requests" in text


def test_what_is_left_of_a_free_tier():
    used = {"sqs_queue.requests": 250_000}
    text = explained(JOBS, account={"already_used": used})
    assert "  left of the free tier: 1,000,000 - 250,000 already used = 750,000 requests\n" in text
    assert "  15,000,000 requests - 750,000 free (account, always) = 14,250,000 requests" in text
    text = explained(JOBS, account={"already_used": {"sqs_queue.requests": 10**7}})
    assert "  left of the free tier: 1,000,000 - 1,000,000 already used = 0 requests\n" in text
    assert "  15,000,000 requests - 0 free (account, always) = 15,000,000 requests" in text


def test_what_is_all_free():
    text = explained(JOBS | {"messages": 100_000})
    assert "  300,000 requests - 300,000 free (account, always) = 0 requests\n" in text
    assert "  0 requests x $0.0000004 = $0.00 (tier 1, from 0 to 100,000,000,000)\n" in text
    assert text.endswith("\njobs: $0.00 a month")


def test_without_free_tier_there_is_no_word_of_it():
    assert "free" not in explained(JOBS, account={"free_tier": "none"})
    api = {"name": "api", "type": "http_api", "requests": 2_000_000}
    assert "free" not in explained(api)
    assert "2,000,000 requests - 1,000,000 free (account, 12 months) = " in explained(
        api, as_of="2026-07-14", account={"free_tier": "12_months"}
    )


def test_the_tiers_are_added_up():
    text = explained({"name": "api", "type": "http_api", "requests": 400_000_000})
    assert "  300,000,000 requests x $0.000001 = $300.00 (tier 1, from 0 to 300,000,000)\n" in text
    assert "  100,000,000 requests x $0.0000009 = $90.00 (tier 2, above 300,000,000)\n" in text
    assert "  $300.00 + $90.00 = $390.00\n" in text


def test_the_lines_of_a_component_are_added_up():
    function = {"name": "f", "type": "lambda_function", "requests": 3_000_000, "duration_ms": 120, "memory_mb": 1536}
    text = explained(function)
    assert "3,000,000 requests x 120 ms / 1,000 ms/s x 1,536 MB / 1,024 MB/GB = 540,000 GB-s" in text
    assert "  140,000 GB-s x $0.0000166667 = $2.333338 (tier 1, from 0 to 6,000,000,000)\n  = $2.33\n" in text
    assert text.endswith("\nf: $0.40 + $2.333338 = $2.733338, $2.73 a month")


def test_rounding_up_is_shown():
    text = explained(JOBS | {"message_kb": 100, "batch": 3})
    assert "2 (100 KB / 64 KB rounded up)" in text
    assert "1,666,667 (5,000,000 messages / 3 messages/request rounded up)" in text


def test_a_commitment_on_what_is_free():
    book = {"commitments": [{"on": "*", "usd_per_hour": 0.01, "percent": 10}]}
    queues = [JOBS | {"name": name, "messages": messages} for name, messages in (("a", 5000), ("b", 6000))]
    text = explained(*queues, account={"price_book": book})
    assert "  its share: $0.00 x 15,000 / 33,000 = $0.00\n  = $0.00\n" in text
    assert text.endswith("\na: $0.00 a month")


def test_a_component_that_uses_nothing():
    assert explained(JOBS | {"messages": 0}) == "jobs: uses nothing that AWS bills: $0.00 a month"


def test_an_unknown_component():
    with pytest.raises(NotFound, match="no component 'nobody'; there are jobs, other"):
        explained(JOBS, JOBS | {"name": "other"}, name="nobody")


def test_a_missing_rate():
    with pytest.raises(RateNotFound):
        explained(JOBS, as_of="2015-01-01")
