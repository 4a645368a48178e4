"""`stackmeter check`: the exit code a pipeline goes by, and what a code host shows of it."""

import json

import pytest
from click.testing import CliRunner

from calculator import parse
from calculator.answer.limits import limits
from calculator.command.main import main
from calculator.command.sarif import sarif_of

QUEUE = {"name": "jobs", "type": "sqs_queue", "messages": 5_000_000}
WORKER = {"name": "worker", "type": "lambda_function", "duration_ms": 900, "memory_mb": 1024, "timeout_s": 30}
SOUND = {"region": "us-east-1", "as_of": "2026-09-01", "components": [QUEUE]}
BROKEN = SOUND | {"components": [QUEUE | {"message_kb": 2048}]}
# The queue gives a message to another receiver while the function still works on it.
UNSOUND = SOUND | {"components": [QUEUE, WORKER], "connections": [{"from": "jobs", "to": "worker"}]}
# What SARIF 2.1.0 requires of a result, and the levels that it knows.
RESULT = {"ruleId", "level", "message", "locations"}
LEVELS = {"error", "warning", "note"}


def check(document, *options):
    return CliRunner().invoke(main, ["check", "-", *options], input=json.dumps(document))


def test_what_holds_ends_well():
    answer = check(SOUND)
    assert answer.exit_code == 0
    assert "No limit is violated." in answer.output
    assert "sqs_message_size" in answer.output


def test_a_violated_limit_ends_with_1():
    answer = check(BROKEN)
    assert answer.exit_code == 1
    assert "VIOLATED jobs: Message size" in answer.output


def test_an_error_finding_ends_with_1_and_a_warning_does_not():
    error = UNSOUND | {"components": [QUEUE | {"visibility_timeout_s": 29}, WORKER]}
    assert check(error).exit_code == 1
    assert "ERROR jobs -> worker" in check(error).output
    assert check(UNSOUND).exit_code == 0
    assert "WARNING jobs -> worker" in check(UNSOUND).output


def test_no_price_need_be_known():
    assert check(SOUND | {"as_of": "2001-01-01"}).exit_code == 0


def test_json_is_the_library_s_answer():
    answer = json.loads(check(UNSOUND, "--format", "json").output)
    assert [one["quota"] for one in answer["headroom"]] == [one.quota for one in limits(parse(UNSOUND)).headroom]
    assert answer.keys() >= {"growth", "headroom", "violations", "findings", "bursts", "queues", "functions"}


def test_sarif_has_a_result_for_every_violation_and_finding():
    document = UNSOUND | {"components": [QUEUE | {"message_kb": 2048}, WORKER]}
    answer = check(document, "--format", "sarif")
    assert answer.exit_code == 1
    log = json.loads(answer.output)
    assert (log["version"], log["$schema"]) == ("2.1.0", "https://json.schemastore.org/sarif-2.1.0.json")
    (run,) = log["runs"]
    expected = limits(parse(document))
    wanted = [one.quota for one in expected.violations] + [one.id for one in expected.findings]
    assert [result["ruleId"] for result in run["results"]] == wanted
    assert {result["level"] for result in run["results"]} <= LEVELS
    assert all(result.keys() == RESULT and result["message"]["text"] for result in run["results"])
    rules = [one["id"] for one in run["tool"]["driver"]["rules"]]
    assert sorted(rules) == sorted(set(wanted))


def test_sarif_names_the_file_and_the_components():
    log = sarif_of(limits(parse(BROKEN)), "stacks/orders.json")
    (location,) = log["runs"][0]["results"][0]["locations"]
    assert location["physicalLocation"]["artifactLocation"] == {"uri": "stacks/orders.json"}
    assert [place["name"] for place in location["logicalLocations"]] == ["jobs"]


@pytest.mark.parametrize("form", ["table", "json", "sarif"])
def test_a_faulty_document_ends_with_2(form):
    answer = check({"region": "us-east-1", "components": [{"name": "x", "type": "sqs_queue"}]}, "--format", form)
    assert answer.exit_code == 2
    assert "/components/0/messages" in answer.stderr
    assert answer.stdout == ""
