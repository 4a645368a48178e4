"""Prices of days gone by, how old prices are, and where each of them stands: the cases are data."""

import json
import re
import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from calculator import changes, estimate, parse
from calculator.answer.price_age import NONE, RateUsed, prices_used
from calculator.bill.unpriced import LIST
from pricing.catalogue import feeds
from pricing.catalogue.catalogue import DATA, component_type, component_types
from pricing.errors import CatalogueError, InvalidDocument
from pricing.imports.documents import document_of
from pricing.prices import history
from pricing.prices.pricelist import find_rate, known_since, sources
from pricing.prices.sourcing import is_verified, link_of

CASES = Path(__file__).with_name("dated")
# What no reader can open.
NOWHERE = re.compile(r"research notes|this machine|recalled|\bquotation\b|code.index|/facts", re.IGNORECASE)
QUEUE = {"name": "jobs", "type": "sqs_queue", "messages": 5_000_000}


def cases(name):
    return tomllib.loads((CASES / name).read_text(encoding="utf-8"))["case"]


def bill(*components, as_of, region="us-east-1", **more):
    return estimate(parse({"region": region, "as_of": as_of, "components": list(components), **more}))


@pytest.mark.parametrize("case", cases("lookups.toml"), ids=lambda case: f"{case['meter']} {case['day']}")
def test_the_price_of_a_day(case):
    meter, region, day = case["meter"], case["region"], case["day"]
    rate = find_rate(meter, region, day)
    if "none" in case:
        since, why = known_since(meter, region)
        assert rate is None
        assert since > day
        assert case["none"] in f"the earliest is of {since}: {why}"
    else:
        assert rate is not None
        assert (rate.tiers[0].price, rate.derived) == (Decimal(case["price"]), case["derived"])


@pytest.mark.parametrize("case", cases("bills.toml"), ids=lambda case: case["title"])
def test_the_bill_of_a_day(case):
    if "refused" in case:
        with pytest.raises(InvalidDocument) as refused:
            parse(case["document"])
        ((pointer, told),) = case["refused"].items()
        assert [fault.pointer for fault in refused.value.faults] == [pointer]
        assert told in refused.value.faults[0].detail
        return
    answer = estimate(parse(case["document"]))
    if "total" in case:
        assert answer.total == pytest.approx(case["total"], abs=1e-9)
    for meter, wanted in case.get("lines", {}).items():
        lines = [line for line in answer.line_items if line.meter == meter]
        for key, amount in wanted.items():
            assert sum(getattr(line, key) for line in lines) == pytest.approx(amount, rel=1e-9), (meter, key)
    assumed = {one.pointer: one.value for one in answer.assumptions}
    assert assumed | case.get("assumed", {}) == assumed


@pytest.mark.parametrize("change", history.changes(), ids=lambda change: change.key)
def test_what_changed_is_told_of_prices_that_are_known(change):
    published = {meter.published for name in component_types() for meter in component_type(name).meters.values()}
    later = ("ses.plan.",)  # prices whose type is not in the catalogue yet
    assert any(name.fullmatch(one) for name in change.published for one in published) or change.key.startswith(
        tuple(f"history:{one}" for one in later)
    )
    assert change.why
    assert link_of(change.source)
    assert change.since is None or change.since < change.day


def test_a_change_in_other_words_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "changes.toml"
    path.write_text('[[change]]\npublished = ["x"]\nday = 2024-01-01\nwas = "dear"\nwhy = ""\nsource = ""\n')
    monkeypatch.setattr(history, "CHANGES", path)
    with pytest.raises(CatalogueError, match="expected a price or one of flat, not offered, not known, the same"):
        history.changes.__wrapped__()


def test_no_source_is_one_that_nobody_can_open():
    said = [*sources().values(), *(feeds.source_of(each.feed) for each in feeds.metrics()[:1])]
    assert all(link_of(source) for source in said)
    for name in component_types():
        kind = component_type(name)
        free = [tier.source for tier in kind.free_tiers.values()]
        assert all(link_of(source) or source == "" for source in free), name
        said += [*free, *(quota.source for quota in kind.quotas.values())]
    assert not [source for source in said if NOWHERE.search(source)]


def test_what_somebody_quotes_is_not_verified():
    for words in (
        "public quotation",
        "AWS price list, 2026-09 (public research notes)",
        "public quotation (2026-08-12)",
    ):
        assert not is_verified(document_of(words))
        assert link_of(document_of(words)).startswith("https://")


def test_each_line_says_its_day_its_document_and_its_doubts():
    answer = bill(QUEUE, {"name": "z", "type": "route53_zone", "queries": 5}, as_of="2026-11-28")
    for line in answer.line_items:
        assert line.rate.link.startswith("https://")
        assert line.rate.link in line.rate.source
        assert line.rate.old == (line.rate.checked < "2025-11-28")
        assert not line.rate.derived
    days = sorted(line.rate.checked for line in answer.line_items)
    assert (answer.prices.oldest, answer.prices.newest) == (days[0], days[-1])
    assert answer.prices.old == sum(line.rate.old for line in answer.line_items)
    assert answer.prices.text.startswith(f"prices checked in {date.fromisoformat(days[0]):%b %Y}")


def test_a_bill_of_before_says_what_is_derived():
    answer = bill(QUEUE, as_of="2022-05-01")
    assert [line.rate.derived for line in answer.line_items] == [True]
    assert answer.prices.derived == answer.prices.lines == 1
    assert answer.prices.text.endswith("the line derived from a later day")
    assert answer.total == bill(QUEUE, as_of="2026-09-01").total


def test_what_is_ones_own_has_no_age():
    own = {"name": "own", "type": "custom_line", "amount_usd": 12.5}
    assert bill(own, as_of="9999-12-31").prices.text == NONE
    assert bill(own, QUEUE, as_of="2026-09-01").prices.lines == 1


@pytest.mark.parametrize(
    ("days", "text"),
    [
        (["2025-06-05"], "prices checked in Jun 2025"),
        (["2025-06-05", "2025-06-30"], "prices checked in Jun 2025"),
        (["2026-11-02", "2025-06-30"], "prices checked between Jun 2025 and Nov 2026"),
    ],
)
def test_the_age_in_words(days, text):
    assert prices_used(RateUsed("2020-01-01", "x", day) for day in days).text == text


def test_the_doubts_in_words():
    told = prices_used([RateUsed("2020-01-01", "x", "2025-06-05", old=True, derived=True, unverified=True)] * 2).text
    marks = [f"2 of 2 lines {mark}" for mark in ("older than a year", "derived from a later day", "unverified")]
    assert told == "; ".join(["prices checked in Jun 2025", *marks])


def test_what_is_missing_on_a_day_says_why():
    table = {"name": "t", "type": "dynamodb_table", "writes": 1_000_000, "reads": 0}
    answer = bill(table, as_of="2024-10-31", region="eu-west-1", unpriced=LIST)
    assert [one.meter for one in answer.unpriced] == ["dynamodb_table.write_requests"]


def test_rules_change_between_two_days_as_prices_do():
    """Rounding, the log of a function, and tiers: the document is read anew for each day."""
    small = {"name": "f", "type": "lambda_function", "requests": 10_000_000, "duration_ms": 28, "memory_mb": 1024}
    document = {"region": "us-east-1", "account": {"free_tier": "none"}, "components": [small]}
    found = changes(parse(document), date(2020, 11, 30), date(2020, 12, 1))
    assert [(line.meter, round(line.difference, 6)) for line in found.lines] == [
        ("lambda_function.gb_seconds_x86", round(10_000_000 * (0.028 - 0.1) * 0.0000166667, 6))
    ]
    logs = {
        "region": "us-east-1",
        "account": {"free_tier": "none"},
        "traffic": {"requests_per_month": 10_000_000},
        "components": [{"name": "f", "type": "lambda_function", "duration_ms": 1, "memory_mb": 128}],
        "connections": [{"from": "traffic", "to": "f"}],
    }
    moved = changes(parse(logs), date(2025, 4, 30), date(2025, 5, 1))
    assert {line.meter for line in moved.lines} >= {"log_group.ingested", "log_group.vended"}
    assert moved.difference == pytest.approx(0, abs=1e-9)


def test_a_day_on_which_a_document_does_not_hold_is_refused():
    months = {
        "region": "us-east-1",
        "as_of": "2026-07-01",
        "account": {"free_tier": "12_months"},
        "components": [QUEUE],
    }
    with pytest.raises(InvalidDocument, match="12 months"):
        changes(parse(months), date(2026, 7, 14), date(2026, 7, 15))


def test_the_sources_of_the_rates_are_plain_texts():
    known = json.loads((DATA / "rates" / "sources.json").read_text(encoding="utf-8"))
    assert all(isinstance(words, str) and "http" in words for words in known.values())
