"""The commands that tell of the catalogue: meters by words, what can be priced where, what another day changes."""

import csv
import io
import json
import os
import re
import subprocess
import sys
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from calculator import changes, component_type, parse
from calculator.command.main import LATER, main
from pricing.prices.coverage import coverage, is_region, regions
from pricing.prices.pricelist import find_rate, rate_file, regions_of
from pricing.prices.search import find_meters

ROOT = Path(__file__).parents[1]
DAY = date(2026, 9, 1)
TABLE = {"name": "orders", "type": "dynamodb_table", "writes": 20_000_000, "reads": 50_000_000, "storage_gb": 0}
ORDERS = {"name": "shop", "region": "us-east-1", "components": [TABLE]}


def run(*arguments, document=None):
    text = None if document is None else json.dumps(document)
    return CliRunner().invoke(main, list(arguments), input=text, catch_exceptions=False)


def answered(*arguments, **given):
    done = run(*arguments, **given)
    assert (done.exit_code, done.stderr) == (0, "")
    return done.stdout


def refused(*arguments, **given):
    done = run(*arguments, **given)
    assert (done.exit_code, done.stdout) == (2, "")
    return done.stderr


# Meters


def test_meters_as_json_are_what_the_library_finds():
    found, total = find_meters("queue fifo", limit=20)
    told = json.loads(answered("meters", "queue", "FIFO", "--format", "json"))
    assert len(told) == total
    assert told == [each._asdict() | {"as_of": each.as_of.isoformat()} for each in found]


def test_meters_as_a_table_can_be_written_into_a_document():
    shown = answered("meters", "queue", "fifo")
    assert re.search(r"^sqs_queue\.fifo_requests +Requests, FIFO queue +request +\d+  20\d\d-", shown, re.M)
    service, metric = re.search(r"^(queueservice)  (\S.*?)  ", shown, re.M).groups()
    component = {"name": "fifo", "type": "metered_usage", "service": service, "metric": metric, "quantity": 1e6}
    assert "metered_usage" in answered("estimate", "-", document=ORDERS | {"components": [component]})


def test_only_so_many_meters():
    assert answered("meters", "rekognition", "--limit", "3").splitlines()[-1].startswith("3 of ")
    assert len(json.loads(answered("meters", "rekognition", "--limit", "3", "--format", "json"))) == 3
    assert answered("meters", "teleporter") == "0 of 0 meters\n"


@pytest.mark.parametrize("arguments", [[], ["sqs", "--limit", "0"], ["sqs", "--format", "csv"]])
def test_meters_that_cannot_be_asked_for(arguments):
    assert "Usage: " in refused("meters", *arguments)


# Coverage


def test_the_matrix_has_a_row_for_each_type_and_a_column_for_each_region():
    lines = answered("coverage", "--as-of", DAY.isoformat()).splitlines()
    rows = {row.split()[0]: row.split()[1:] for row in lines if re.match(r"[a-z]\w+ +[#+.]", row)}
    known = coverage(DAY)
    signs = {"all": "#", "some": "+", "none": "."}
    assert rows == {name: [signs[there.extent] for there in row.values()] for name, row in known.items()}
    letters = [line for line in lines[2:] if not re.match(r"[a-z]\w+ +[#+.]", line)]
    width = max(map(len, letters))
    columns = zip(*(line.ljust(width) for line in letters), strict=True)
    assert [name for name in ("".join(column).strip() for column in columns) if name] == list(regions())


def test_one_type_says_which_meters_are_missing_where():
    shown = answered("coverage", "--type", "app_runner_service", "--as-of", DAY.isoformat())
    rows = shown.splitlines()[1:]
    assert len(rows) == len(regions())
    meters = ", ".join(component_type("app_runner_service").meters)
    assert rows[0] == f"app_runner_service  af-south-1      none    0 of 5  {meters}"


def test_one_region_has_a_row_for_each_type():
    rows = answered("coverage", "--region", "ap-east-2", "--as-of", DAY.isoformat()).splitlines()[1:]
    assert [row.split()[0] for row in rows] == list(coverage(DAY))


def test_coverage_as_json_and_csv():
    known = coverage(DAY)["http_api"]
    asked = ("coverage", "--type", "http_api", "--as-of", DAY.isoformat())
    records = json.loads(answered(*asked, "--format", "json"))
    assert records == [json.loads(json.dumps(asdict(there) | {"extent": there.extent})) for there in known.values()]
    rows = list(csv.DictReader(io.StringIO(answered(*asked, "--format", "csv"))))
    for row, there in zip(rows, known.values(), strict=True):
        assert (row["type"], row["region"], row["extent"]) == (there.type, there.region, there.extent)
        assert (row["priced"].split(), row["missing"].split()) == (list(there.priced), list(there.missing))


def test_the_whole_coverage_as_csv():
    rows = list(csv.DictReader(io.StringIO(answered("coverage", "--format", "csv", "--as-of", DAY.isoformat()))))
    assert len(rows) == len(coverage(DAY)) * len(regions())


def test_what_is_covered_has_a_rate_and_what_is_missing_has_none():
    for name in ("sqs_queue", "nat_gateway", "cloudfront_distribution"):
        for region, there in coverage(DAY)[name].items():
            for meter in component_type(name).meters.values():
                places = regions_of(meter.full_name)
                asked = [region] if any(map(is_region, places)) else places
                known = any(find_rate(meter.full_name, place, DAY) for place in asked)
                assert (meter.name in there.priced, meter.name in there.missing) == (known, not known)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--type", "teapot"], "no component type 'teapot'"),
        (["--type", "batch_job"], "batch_job has no meters of its own"),
        (["--region", "moon"], "no price is known in 'moon'"),
        (["--region", "cf:eu"], "no price is known in 'cf:eu'"),
        (["--as-of", "yesterday"], "does not match the format '%Y-%m-%d'"),
    ],
)
def test_a_coverage_that_there_is_not(arguments, told):
    assert told in refused("coverage", *arguments)


def test_regions():
    records = json.loads(answered("regions", "--as-of", DAY.isoformat(), "--format", "json"))
    assert [record["region"] for record in records] == list(regions())
    types = len(coverage(DAY))
    assert {record["all"] + record["some"] + record["none"] for record in records} == {types}
    rows = [row.split() for row in answered("regions", "--as-of", DAY.isoformat()).splitlines()]
    assert rows[0] == ["REGION", "ALL", "SOME", "NONE"]
    assert rows[1:] == [[str(value) for value in record.values()] for record in records]
    before = json.loads(answered("regions", "--as-of", "2010-01-01", "--format", "json"))
    assert before[0]["all"] < records[0]["all"]


# Changes

DAYS = ("--before", "2024-10-15", "--after", "2026-09-01")


def test_changes_as_json_are_those_of_the_library():
    known = changes(parse(ORDERS), date(2024, 10, 15), DAY)
    told = json.loads(answered("changes", "-", *DAYS, "--format", "json", document=ORDERS))
    assert told == json.loads(json.dumps(asdict(known)))


def test_changes_say_which_rate_did_it():
    shown = answered("changes", "-", *DAYS, document=ORDERS).splitlines()
    assert shown[0] == "shop: $31.25 and $15.63 a month, -$15.63 (prices as of 2024-10-15 and 2026-09-01)"
    rows = [row.split() for row in shown if row.startswith("orders ")]
    assert rows[0] == ["orders", "dynamodb_table.write_requests", "us-east-1", "$25.00", "$12.50", "-$12.50"]
    assert any(re.match(r"    2024-10-15: \$0\.00000125, seen from .*: AWS", row) for row in shown)
    assert any(re.match(r"    2026-09-01: \$0\.000000625, seen from 2024-11-01 to .*: AWS", row) for row in shown)


def test_a_price_rise_has_its_sign():
    back = answered("changes", "-", "--before", "2026-09-01", "--after", "2024-10-15", document=ORDERS)
    assert ", +$15.63 (" in back
    assert "+$12.50" in back


def test_nothing_changed():
    queue = {"region": "us-east-1", "components": [{"name": "q", "type": "sqs_queue", "messages": 5e6}]}
    shown = answered("changes", "-", "--before", "2026-08-01", "--after", "2026-09-01", document=queue)
    assert shown.endswith("\n\nNo line changed.\n")


def test_changes_that_cannot_be_told():
    wrong = {"region": "us-east-1", "components": [{"name": "q", "type": "teapot"}]}
    assert refused("changes", "-", *DAYS, document=wrong).startswith("/components/0/type: ")
    assert "no price of" in refused("changes", "-", "--before", "2001-01-01", "--after", "2026-09-01", document=ORDERS)
    assert "Missing option '--after'" in refused("changes", "-", "--before", "2024-10-15", document=ORDERS)


# Newer prices


@pytest.fixture
def newer(tmp_path):
    """A folder of prices in which queues have cost double since the last of August."""
    rates = tmp_path / "rates"
    rates.mkdir()
    header, *rows = rate_file("sqs_queue").read_text("utf-8").splitlines()
    here = [row.split(",") for row in rows if row.startswith("requests,us-east-1,")]
    doubled = [[*row[:2], "2026-08-31", row[3], str(2 * Decimal(row[4])), "newer", "2026-08-31", ""] for row in here]
    lines = sorted(",".join(row) for row in (*here, *doubled))
    (rates / "sqs_queue.csv").write_text("\n".join([header, *lines]) + "\n", "utf-8")
    (rates / "sources.json").write_text('{"newer": "a newer list"}', "utf-8")
    return tmp_path


def test_newer_prices_take_the_place_of_the_packaged_ones(newer):
    component = {"name": "q", "type": "sqs_queue", "messages": 5e6}
    queue = {"region": "us-east-1", "as_of": DAY.isoformat(), "components": [component]}
    asked = ("estimate", "-", "--format", "json")
    packaged = json.loads(answered(*asked, document=queue))
    imported = json.loads(answered(*asked, "--prices", str(newer), document=queue))
    assert imported["total"] == 2 * packaged["total"]
    assert imported["line_items"][0]["rate"]["source"] == "a newer list"
    assert imported["catalogue"]["digest"] != packaged["catalogue"]["digest"]
    assert "$11.20" in answered("explain", "-", "q", "--prices", str(newer), document=queue)
    days = ("--before", "2026-08-30", "--after", "2026-09-01")
    assert "a newer list" in answered("changes", "-", *days, "--prices", str(newer), document=queue)
    assert "does not exist" in refused("estimate", "-", "--prices", str(newer / "nothing"), document=queue)


# The group


def test_the_commands_that_are_imported_late_are_there():
    context = click.Context(main)
    assert set(LATER) < set(main.list_commands(context))
    for name in main.list_commands(context):
        assert main.get_command(context, name).name == name
        assert "Usage: " in answered(name, "--help")
    assert main.get_command(context, "teapot") is None
    assert "No such command 'teapot'" in refused("teapot")


def test_one_estimate_imports_none_of_them():
    program = (
        "import sys; from calculator.command.main import main; main(['estimate', '-'], standalone_mode=False);"
        "print('LOADED', *[name for name in sys.modules if name.startswith(('calculator.', 'pricing.'))])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], input=json.dumps(ORDERS), cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    loaded = set(done.stdout.rsplit("LOADED", 1)[1].split())
    late = {f"calculator.command.{module}" for module in LATER.values()} | {
        "pricing.prices.coverage",
        "pricing.prices.search",
    }
    assert "calculator.command.main" in loaded
    assert not loaded & late
