"""What holds for every rate file that the import of published prices wrote."""

import csv
import json
import tomllib
from collections import Counter
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from pricing.catalogue.catalogue import DATA, component_type, component_types
from pricing.formula.unit import parse_unit
from pricing.imports.survey import coverage
from pricing.prices.pricelist import HEADER

COVERAGE = Path(__file__).with_name("rate_coverage.csv")
RATE_FILES = sorted((DATA / "rates").glob("*.csv"))


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_component_type_has_rates():
    assert [path.stem for path in RATE_FILES] == sorted(path.stem for path in DATA.glob("*.toml"))


def test_the_sources_are_exactly_those_of_the_rates():
    used = {row["source"] for path in RATE_FILES for row in rows_of(path)}
    known = json.loads((DATA / "rates" / "sources.json").read_text(encoding="utf-8"))
    assert list(known) == sorted(used)
    assert all(known.values())


@pytest.mark.parametrize("path", RATE_FILES, ids=lambda path: path.stem)
def test_rate_files_are_plain_sorted_tables(path):
    text = path.read_bytes()
    assert text.startswith(",".join(HEADER).encode() + b"\n")
    assert b"\r" not in text
    keys = [(row["meter"], row["region"], row["effective"], Decimal(row["above"])) for row in rows_of(path)]
    assert keys == sorted(set(keys))


def test_only_types_without_published_meters_have_no_rates():
    empty = {path.stem for path in RATE_FILES if not rows_of(path)}
    kinds = {name: component_type(name).meters.values() for name in component_types()}
    assert empty == {name for name, meters in kinds.items() if not any(meter.published for meter in meters)}


@pytest.mark.parametrize("path", RATE_FILES, ids=lambda path: path.stem)
def test_prices_and_days_make_sense(path):
    for row in rows_of(path):
        assert Decimal(row["price"]) >= 0, row
        assert set(row["price"] + row["above"]) <= set("0123456789."), row
        effective, checked = date.fromisoformat(row["effective"]), date.fromisoformat(row["checked"])
        assert date(2017, 1, 1) < effective <= checked, row
        assert checked >= date(2024, 7, 1) or row["source"].startswith(("history:", "S97")), row


@pytest.mark.parametrize("path", RATE_FILES, ids=lambda path: path.stem)
def test_tiers_start_at_nothing_and_get_one_source_a_rate(path):
    rates = {}
    for row in rows_of(path):
        rates.setdefault((row["meter"], row["region"], row["effective"]), []).append(row)
    for rate in rates.values():
        above = [Decimal(row["above"]) for row in rate]
        assert above[0] == 0, rate
        assert all(low < high for low, high in pairwise(above)), rate
        assert len({(row["source"], row["checked"]) for row in rate}) == 1, rate
    newest = Counter((meter, region) for meter, region, _ in rates)
    # A type may have no meters of its own, and then no rates.
    assert max(newest.values(), default=0) <= 2, "a third price in one region: look at it before you raise this bound"


def test_no_rate_disappears_silently():
    found = coverage({path.stem: [list(row.values()) for row in rows_of(path)] for path in RATE_FILES})
    with COVERAGE.open(newline="") as file:
        header, *expected = csv.reader(file)
    assert header == ["meter", "regions", "rows"]
    assert found == expected, (
        f"if this is meant: python -m pricing.imports.survey PRICES SOURCES --coverage {COVERAGE.name}"
    )


def test_no_product_prices_two_kinds_of_quantity():
    """What one product of AWS prices is counted in one way, whatever meters share it."""
    counted = {}
    for path in RATE_FILES:
        units = {meter.name: parse_unit(meter.unit) for meter in component_type(path.stem).meters.values()}
        for row in rows_of(path):
            if row["rate_code"]:
                counted.setdefault(row["rate_code"], {})[units[row["meter"]]] = f"{path.stem}.{row['meter']}"
    assert not [meters for meters in counted.values() if len(meters) > 1]


def rates_of(type_name, meter, region="us-east-1"):
    rows = rows_of(DATA / "rates" / f"{type_name}.csv")
    return [row for row in rows if (row["meter"], row["region"]) == (meter, region)]


def published(type_name, published_name):
    """The meter of that published name: this test does not care how it is called."""
    meters = tomllib.loads((DATA / f"{type_name}.toml").read_text(encoding="utf-8"))["meters"]
    return next(name for name, meter in meters.items() if meter["published"] == published_name)


@pytest.mark.parametrize(
    ("kind", "before", "after"), [("read", "0.00000025", "0.000000125"), ("write", "0.00000125", "0.000000625")]
)
def test_the_cut_of_on_demand_prices_in_2024_is_two_rates(kind, before, after):
    rates = rates_of("dynamodb_table", published("dynamodb_table", f"dynamodb.ondemand.{kind}.standard"))
    assert [(row["effective"], row["price"]) for row in rates] == [("2021-04-29", before), ("2024-11-01", after)]


def test_a_later_quotation_did_not_erase_the_tiers_of_sqs():
    rates = rates_of("sqs_queue", "requests")
    assert [(row["above"], row["price"]) for row in rates] == [
        ("0", "0.0000004"),
        ("100000000000", "0.0000003"),
        ("200000000000", "0.00000024"),
    ]
    assert all(row["checked"] >= "2025-08-28" for row in rates)


@pytest.mark.parametrize("region", ["us-east-1", "eu-west-1"])
@pytest.mark.parametrize(
    ("architecture", "breaks"),
    [("x86", ["0", "6000000000", "15000000000"]), ("arm64", ["0", "7500000000", "18750000000"])],
)
def test_lambda_durations_have_three_tiers(region, architecture, breaks):
    rates = rates_of("lambda_function", published("lambda_function", f"lambda.duration.{architecture}"), region)
    assert [row["above"] for row in rates if row["effective"] == "2022-08-01"] == breaks
    (flat,) = [row for row in rates if row["effective"] < "2022-08-01"]
    assert (flat["above"], flat["price"]) == ("0", rates[1]["price"])
