"""The price list: the rate in force on a day, what is said where there is none, and rate files that are wrong."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from calculator import CatalogueError, NotFound, RateNotFound, estimate, parse
from pricing.catalogue.catalogue import component_type, component_types
from pricing.catalogue.feeds import metric_named
from pricing.formula.language import Formula
from pricing.formula.words import exact_value
from pricing.prices import pricelist
from pricing.prices.pricelist import (
    HEADER,
    Allowance,
    Tier,
    find_rate,
    known_since,
    price_pool,
    rate_of,
    rates_of,
    regions_of,
)
from pricing.prices.search import find_meters

METERS = [meter.full_name for name in component_types() for meter in component_type(name).meters.values()]
PUBLISHED = [meter for meter in METERS if meter != "custom_line.amount"]
TABLE = {"name": "t", "type": "dynamodb_table", "writes": 1_000_000, "reads": 0}
JOBS = {"name": "jobs", "type": "sqs_queue", "messages": 5_000_000}


def bill(*components, region="us-east-1", as_of="2026-09-01"):
    return estimate(parse({"region": region, "as_of": as_of, "components": list(components)}))


def missing(*components, **stated):
    with pytest.raises(RateNotFound) as refused:
        bill(*components, **stated)
    return [(fault.pointer, fault.detail) for fault in refused.value.faults]


# Which rate


@pytest.mark.parametrize(
    ("as_of", "effective", "cost"),
    [
        ("2021-04-29", "2021-04-29", 1.25),
        ("2024-10-31", "2021-04-29", 1.25),
        ("2024-11-01", "2024-11-01", 0.625),
        ("2024-11-15", "2024-11-01", 0.625),
        ("2030-01-01", "2024-11-01", 0.625),
    ],
)
def test_the_price_of_a_day(as_of, effective, cost):
    """DynamoDB halved the price of requests on 2024-11-01."""
    (line,) = bill(TABLE, as_of=as_of).line_items
    assert (line.rate.effective, line.cost) == (effective, cost)


def test_before_the_first_price_there_is_none():
    told = (
        "no price of dynamodb_table.write_requests in us-east-1 is known for 2020-12-31; the earliest is of 2021-01-01"
    )
    assert missing(TABLE, as_of="2020-12-31") == [("/components/0", told)]
    assert bill(TABLE, as_of="2021-01-01").total == 1.25


def test_a_region_without_price_is_told_those_that_have_one():
    ((pointer, told),) = missing(JOBS, region="xx-nowhere-1")
    assert pointer == "/components/0"
    known = ", ".join(regions_of("sqs_queue.requests"))
    assert told == f"no price of sqs_queue.requests is known in xx-nowhere-1; it is known in {known}"
    assert "us-east-1" in known


def test_every_missing_rate_is_told():
    function = {"name": "f", "type": "lambda_function", "requests": 5, "duration_ms": 5}
    found = missing(
        JOBS, function, JOBS | {"name": "good", "region": "eu-west-1"}, JOBS | {"name": "too"}, region="xx-no-1"
    )
    assert sorted(pointer for pointer, _ in found) == [f"/components/{index}" for index in (0, 1, 1, 3)]
    assert {told.split()[3] for _, told in found} == {
        "sqs_queue.requests",
        "lambda_function.requests_x86",
        "lambda_function.gb_seconds_x86",
    }


def test_what_is_not_used_needs_no_price():
    idle = bill(JOBS | {"messages": 0}, region="xx-nowhere-1", as_of="1999-01-01")
    assert idle.total == 0
    assert idle.line_items == ()


@pytest.mark.parametrize("meter", PUBLISHED)
def test_the_newest_rate_in_force_is_found(meter):
    for region in regions_of(meter):
        rates = rates_of(meter, region)
        days = [rate.effective for rate in rates]
        assert days == sorted(set(days))
        assert find_rate(meter, region, date(2015, 1, 1)) is None
        since, why = known_since(meter, region)
        assert find_rate(meter, region, since - timedelta(1)) is None
        first = find_rate(meter, region, since)
        assert first == rates[0]._replace(derived=since < rates[0].effective)
        # Only what is listed has a price before 2021, and only what is listed has none after.
        assert since == date(2021, 1, 1) or bool(why) or since == rates[0].effective
        for rate in rates:
            assert find_rate(meter, region, rate.effective) == rate
        assert find_rate(meter, region, date.max) == rates[-1]


def test_a_dollar_of_ones_own_costs_a_dollar_on_any_day():
    for day in ("0001-01-01", "2026-09-01", "9999-12-31"):
        own = bill({"name": "own", "type": "custom_line", "amount_usd": 12.5}, as_of=day)
        assert [(line.meter, line.region, line.usage, line.cost) for line in own.line_items] == [
            ("custom_line.amount", "global", 12.5, 12.5)
        ]
        assert own.line_items[0].rate.source == "the document itself"
        assert own.line_items[0].rate.effective == own.line_items[0].rate.checked == day
        assert own.catalogue.newest_source == ""


def test_an_amount_of_ones_own_is_no_source():
    """The newest source is that of a price that somebody published."""
    queue = {"name": "jobs", "type": "sqs_queue", "messages": 2_000_000}
    alone, together = (
        bill(queue, *more) for more in ((), ({"name": "own", "type": "custom_line", "amount_usd": 12.5},))
    )
    assert together.catalogue.newest_source == alone.catalogue.newest_source > ""
    assert find_meters("own amount", type_name="custom_line") == ((), 0)


def test_a_metric_of_a_feed_has_the_price_of_its_region_from_the_day_of_the_feed():
    name = "metered_usage.swf/InitiatedWorkflows"
    (rate,) = rates_of(name, "us-east-1")
    assert rate.tiers == (Tier(Decimal(0), Decimal("0.0001")),)
    assert rate.source.endswith("/raw/swf.json")
    assert rate.effective == rate.checked == metric_named("swf/InitiatedWorkflows").as_of
    assert find_rate(name, "us-east-1", rate.effective - timedelta(1)) == rate._replace(derived=True)
    assert find_rate(name, "us-east-1", date(2020, 12, 31)) is None
    assert find_rate(name, "us-east-1", date.max) == rate
    assert rates_of(name, "xx-nowhere-1") == ()
    assert "us-east-1" in regions_of(name)
    with pytest.raises(NotFound):
        rates_of("metered_usage.swf/no such metric", "us-east-1")


def test_regions_are_sorted_and_unknown_ones_have_no_rate():
    assert list(regions_of("sqs_queue.requests")) == sorted(regions_of("sqs_queue.requests"))
    assert rates_of("sqs_queue.requests", "xx-nowhere-1") == ()
    assert rates_of("sqs_queue.nothing", "us-east-1") == ()
    assert regions_of("sqs_queue.nothing") == ()


# What a pool costs


RATE = rate_of(
    [Tier(Decimal(0), Decimal("0.5")), Tier(Decimal(100), Decimal("0.25")), Tier(Decimal(300), Decimal("0.125"))],
    meter="sqs_queue.requests", region="us-east-1", source="S", effective=date.min, checked=date.min,
)  # fmt: skip
METER = component_type("sqs_queue").meters["requests"]
FREE_TIER = component_type("sqs_queue").free_tiers["requests"]


@pytest.mark.parametrize(
    ("usage", "cost"),
    [("0", "0"), ("1", "0.5"), ("99", "49.5"), ("100", "50"), ("101", "50.25"), ("300", "100"), ("301", "100.125")],
)
def test_tiers(usage, cost):
    assert price_pool(METER, RATE, Decimal(usage), None).cost == Decimal(cost)
    assert price_pool(METER, RATE, float(usage), None).cost == float(cost)
    assert exact_value(price_pool(METER, RATE, Formula("input", value=Decimal(usage)), None).cost) == Decimal(cost)


@pytest.mark.parametrize(("left", "billable"), [(0, 200), (50, 150), (200, 0), (1000, 0)])
def test_what_is_free_is_taken_off_before_the_tiers(left, billable):
    allowance = Allowance(FREE_TIER, Decimal(left), Decimal(200), shared=False)
    pool = price_pool(METER, RATE, Decimal(200), allowance)
    assert pool.billable == billable
    assert pool.cost == price_pool(METER, RATE, Decimal(billable), None).cost
    assert pool.unit_cost == pool.cost / 200


def test_a_free_tier_is_shared_pro_rata():
    allowance = Allowance(FREE_TIER, Decimal(100), Decimal(400), shared=True)
    assert price_pool(METER, RATE, Decimal(100), allowance).billable == 75
    assert price_pool(METER, RATE, Decimal(300), allowance).billable == 225


def test_bands_of_a_rate():
    assert RATE.bands == ((0, 100, Decimal("0.5")), (100, 300, Decimal("0.25")), (300, None, Decimal("0.125")))
    assert RATE.float_bands[-1] == (300.0, float("inf"), 0.125)


# Rate files that are wrong


ROW = "requests,us-east-1,2025-01-01,{above},{price},S1,2025-06-01,CODE"


@pytest.fixture
def rate_file(tmp_path, monkeypatch):
    """Writes the rates of the component type `queue`, which only this test knows."""

    def write(*lines):
        (tmp_path / "rates").mkdir()
        (tmp_path / "rates" / "queue.csv").write_text("\n".join(lines) + "\n", "utf-8")
        monkeypatch.setattr(pricelist, "DATA", tmp_path)

    yield write
    pricelist.sources.cache_clear()
    pricelist.rates_of.cache_clear()
    pricelist._rows.cache_clear()


def row(above="0", price="0.5"):
    return ROW.format(above=above, price=price)


def test_a_good_rate_file(rate_file):
    rate_file(",".join(HEADER), row(), row("100", "0.25"), row().replace("2025-01-01", "2026-01-01"))
    old, new = rates_of("queue.requests", "us-east-1")
    assert (old.effective, old.checked, old.source) == (date(2025, 1, 1), date(2025, 6, 1), "S1")
    assert old.tiers == (Tier(Decimal(0), Decimal("0.5"), "CODE"), Tier(Decimal(100), Decimal("0.25"), "CODE"))
    assert new.effective == date(2026, 1, 1)


@pytest.mark.parametrize(
    "header",
    ["", ",".join(HEADER[:-1]), ",".join([*HEADER, "note"]), ",".join(reversed(HEADER)), ";".join(HEADER), row()],
)
def test_a_wrong_header(rate_file, header):
    rate_file(header, row())
    with pytest.raises(CatalogueError, match=r"^rates/queue\.csv: expected the header meter,region,effective,"):
        rates_of("queue.requests", "us-east-1")


@pytest.mark.parametrize(
    "above", [["1"], ["100", "200"], ["0", "0"], ["0", "200", "100"], ["0", "100", "100"], ["100", "0"]], ids=",".join
)
def test_tiers_that_do_not_rise_from_nothing(rate_file, above):
    rate_file(",".join(HEADER), *(row(start) for start in above))
    with pytest.raises(
        CatalogueError, match=r"queue\.requests in us-east-1, 2025-01-01: tiers must start at 0 and rise"
    ):
        rates_of("queue.requests", "us-east-1")
