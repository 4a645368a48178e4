"""The command: what the library answers, as tables, JSON and CSV; faults on stderr; exit codes for a pipeline."""

import csv
import io
import json
import os
import re
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import orjson
import pytest
import yaml
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calculator import component_type, component_types, estimate, explain, parse
from calculator.command.main import FORMULA_STARTS, main
from tests.helpers.documents import documents

ROOT = Path(__file__).parents[1]
ORDERS = {
    "name": "orders",
    "region": "us-east-1",
    "as_of": "2026-09-01",
    "components": [
        {"name": "web", "type": "http_api", "requests": 30_000_000, "request_kb": 3},
        {"name": "handler", "type": "lambda_function", "requests": 30_000_000, "duration_ms": 120, "memory_mb": 512},
        {"name": "jobs", "type": "sqs_queue", "messages": 5_000_000, "message_kb": 4, "fifo": False},
    ],
}
VIOLATED = ORDERS | {"components": [{"name": "jobs", "type": "sqs_queue", "messages": 1, "message_kb": 2000}]}
WRONG = {"region": "moon", "components": [{"name": "a", "type": "sqs_queue", "messages": "5", "x~/y": 1}]}
NO_RATE = ORDERS | {"as_of": "2015-01-01"}

ANSWER = {
    "name", "region", "as_of", "currency", "month_hours", "free_tier", "list_total", "total", "line_items",
    "by_component", "total_is", "unpriced", "prices",
    "growth", "headroom", "violations", "findings", "flow", "bursts", "queues", "functions", "assumptions", "catalogue",
}  # fmt: skip
LINE_ITEM = {
    "component", "type", "region", "meter", "title", "usage", "unit", "free", "billable", "list_cost", "cost",
    "tiers", "rate",
}  # fmt: skip
VIOLATION = {
    "quota", "title", "component", "components", "region", "demand", "limit", "unit", "kind", "adjustable", "exceeded",
    "remedy", "source", "checked", "confidence",
}  # fmt: skip


def run(*arguments, document=None, text=None):
    """The command in this process, with a document or a text on standard input."""
    given_text = json.dumps(document) if text is None and document is not None else text
    return CliRunner().invoke(main, list(arguments), input=given_text, catch_exceptions=False)


def answered(*arguments, **given_input):
    done = run(*arguments, **given_input)
    assert done.exit_code == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


def refused(*arguments, **given_input):
    done = run(*arguments, **given_input)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    return done.stderr


def process(*arguments, text="", env=None):
    """The command as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "calculator.command.main", *arguments],
        input=text.encode(), capture_output=True, cwd=ROOT, timeout=60, check=False, env=os.environ | (env or {}),
    )  # fmt: skip


# The answer


def test_json_is_the_answer_of_the_library():
    answer = estimate(parse(ORDERS))
    written = json.loads(answered("estimate", "-", "--format", "json", document=ORDERS))
    assert written == json.loads(orjson.dumps(answer))
    assert written == json.loads(json.dumps(asdict(answer)))


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(documents())
def test_json_is_the_answer_of_the_library_whatever_the_document(document):
    written = json.loads(answered("estimate", "-", "--format", "json", document=document))
    assert written == json.loads(orjson.dumps(estimate(parse(document))))


def test_the_answer_has_exactly_the_keys_that_were_promised():
    answer = json.loads(answered("estimate", "-", "--format", "json", document=ORDERS))
    assert answer.keys() == ANSWER
    for line in answer["line_items"]:
        assert line.keys() == LINE_ITEM
        assert line["rate"].keys() == {"effective", "source", "checked", "link", "old", "derived", "unverified"}
        assert all(tier.keys() == {"from", "to", "quantity", "price"} for tier in line["tiers"])
    assert all(part.keys() == {"component", "type", "region", "cost"} for part in answer["by_component"])
    assert all(one.keys() == {"pointer", "value", "unit", "why", "origin"} for one in answer["assumptions"])
    assert answer["catalogue"].keys() == {"digest", "newest_source"}
    assert (answer["currency"], answer["month_hours"], answer["free_tier"]) == ("USD", 730, "always")
    violations = json.loads(answered("estimate", "-", "--format", "json", document=VIOLATED))["violations"]
    assert [violation["quota"] for violation in violations] == ["sqs_message_size", "sqs_batch_total_size"]
    for violation in violations:
        assert violation.keys() == VIOLATION
        assert (violation["component"], violation["components"]) == ("jobs", ["jobs"])


def test_the_table_shows_the_bill():
    rows = answered("estimate", "-", document=ORDERS).splitlines()
    total = estimate(parse(ORDERS)).total
    assert rows[0] == f"orders: ${total:,.2f} a month (us-east-1, prices as of 2026-09-01)"
    assert rows[1].startswith("Prices checked between ")
    jobs = next(row.split() for row in rows if row.startswith("jobs "))
    assert jobs == [
        "jobs",
        "sqs_queue.requests",
        "15,000,000",
        "1,000,000",
        "14,000,000",
        "request",
        "5.60",
        "2025-08-28",
        "old",
        "[3]",
    ]
    assert next(row.split() for row in rows if row.startswith("total")) == ["total", f"{total:,.2f}"]
    assert "No limit is violated." in rows
    assert re.search(r"^  /components/2/batch +1  message/request +not given: the default$", "\n".join(rows), re.M)
    assert rows[-1].startswith("Catalogue ")


def test_the_table_shows_violations():
    shown = answered("estimate", "-", document=VIOLATED)
    assert "VIOLATED jobs: Message size: 2,000 is above 1,024 KB (sqs_message_size" in shown
    busy = [{"name": n, "type": "http_api", "requests": 1, "peak_rps": 6000} for n in "ab"]
    assert "VIOLATED a, b (account in us-east-1): " in answered("estimate", "-", document=ORDERS | {"components": busy})


def test_the_columns_of_the_table_stand_below_each_other():
    wide = ORDERS | {"components": [*ORDERS["components"], ORDERS["components"][2] | {"name": "仕事の列"}]}
    shown = answered("estimate", "-", document=wide)
    rows = [row for row in shown.splitlines() if "sqs_queue.requests" in row]
    columns = [row.index("sqs_queue") + sum(ord(char) > 0x2E80 for char in row) for row in rows]
    assert len(rows) == 2
    assert len(set(columns)) == 1


# CSV


def sheet(document):
    return list(csv.DictReader(io.StringIO(answered("estimate", "-", "--format", "csv", document=document))))


def test_csv_has_a_row_for_each_line_item():
    lines = estimate(parse(ORDERS)).line_items
    rows = sheet(ORDERS)
    assert len(rows) == len(lines)
    for row, line in zip(rows, lines, strict=True):
        for column in ("usage", "free", "billable", "list_cost", "cost"):
            assert float(row[column]) == getattr(line, column)
        for column in ("component", "type", "region", "meter", "title", "unit"):
            assert row[column] == getattr(line, column)
        assert (row["effective"], row["checked"], row["source"]) == (
            line.rate.effective,
            line.rate.checked,
            line.rate.source,
        )
    assert list(rows[0]) == [
        "component", "type", "region", "meter", "title", "usage", "unit", "free", "billable", "list_cost", "cost",
        "effective",
        "checked", "source", "link", "old", "derived", "unverified",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@x", "=cmd|' /C calc'!A0", "\uff1d1+1", '="a"', "-"])
def test_no_text_of_a_csv_is_a_formula(name):
    (row,) = sheet(ORDERS | {"components": [ORDERS["components"][2] | {"name": name}]})
    assert row["component"] == f"'{name}"
    assert not row["component"].startswith(FORMULA_STARTS)


@pytest.mark.parametrize("name", ["a,b", 'a"b', "a;b", " a", "é", "a=b", "'a"])
def test_other_texts_of_a_csv_stay_as_they_are(name):
    (row,) = sheet(ORDERS | {"components": [ORDERS["components"][2] | {"name": name}]})
    assert row["component"] == name


def test_csv_of_nothing_is_its_header():
    assert sheet(ORDERS | {"components": [ORDERS["components"][2] | {"messages": 0}]}) == []


# What goes in


def test_a_file_and_standard_input_in_both_formats(tmp_path):
    wanted = answered("estimate", "-", document=ORDERS)
    files = {"orders.json": json.dumps(ORDERS), "orders.yaml": yaml.safe_dump(ORDERS), "orders.YML": json.dumps(ORDERS)}
    files |= {"orders": yaml.safe_dump(ORDERS), "orders.txt": "\ufeff" + json.dumps(ORDERS, indent="\t")}
    for name, text in files.items():
        (tmp_path / name).write_text(text, "utf-8")
        assert answered("estimate", str(tmp_path / name)) == wanted
        assert answered("estimate", "-", text=text) == wanted


def test_a_yaml_file_may_start_like_json(tmp_path):
    (tmp_path / "orders.yaml").write_text(
        "{region: us-east-1, components: [{name: q, type: sqs_queue, messages: 1_000}]}"
    )
    assert "q " in answered("estimate", str(tmp_path / "orders.yaml"))


@pytest.mark.parametrize("command", [["estimate"], ["explain"]])
def test_a_missing_file(command, tmp_path):
    rest = ["jobs"] if command == ["explain"] else []
    for path in (tmp_path / "nothing.json", tmp_path):
        assert str(path) in refused(*command, str(path), *rest)


@pytest.mark.parametrize("arguments", [["estimate"], ["explain", "-"], ["estimate", "-", "--format", "xml"], ["sum"]])
def test_wrong_arguments(arguments):
    assert "Error: " in refused(*arguments, document=ORDERS)


def test_help_and_version():
    for arguments in ([], ["estimate"], ["explain"], ["types"]):
        assert "Usage: " in answered(*arguments, "--help")
    assert "stackmeter" in answered("--help")
    assert re.search(r"version \d", answered("--version"))


# Refusals and exit codes


@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_faults_stand_on_stderr_with_their_pointers(form):
    rows = refused("estimate", "-", "--format", form, document=WRONG).splitlines()
    assert [row.partition(": ")[0] for row in rows] == ["/region", "/components/0/messages", "/components/0/x~0~1y"]
    assert rows[1] == "/components/0/messages: expected a number, not '5'"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "/: not JSON: "),
        ("[" * 5000, "/: nested too deeply"),
        ("a: [", "/: not YAML: "),
        ("", "/: expected an object, not null\n"),
        ("5", "/: expected an object, not 5\n"),
        ('{"a": 1, "a": 2}', "/: not JSON: the key 'a' stands twice\n"),
        ('{"region": NaN}', "/: not JSON: NaN is not a number\n"),
        (b"\xff\xfe", "/: expected text in UTF-8\n"),
    ],
)
def test_what_is_no_document(text, told):
    assert refused("estimate", "-", text=text).startswith(told)


def test_a_missing_rate_is_told_of_each_component():
    rows = refused("estimate", "-", document=NO_RATE).splitlines()
    assert {row.partition(": ")[0] for row in rows} == {"/components/0", "/components/1", "/components/2"}
    assert all("the earliest is of 20" in row for row in rows)
    assert refused("explain", "-", "jobs", document=NO_RATE)


def test_violations_are_an_answer_unless_asked_for():
    assert run("estimate", "-", document=VIOLATED).exit_code == 0
    for form in ("table", "json", "csv"):
        done = run("estimate", "-", "--format", form, "--fail-on", "violation", document=VIOLATED)
        assert (done.exit_code, done.stderr) == (1, "")
        assert done.stdout == answered("estimate", "-", "--format", form, document=VIOLATED)
    assert run("estimate", "-", "--fail-on", "violation", document=ORDERS).exit_code == 0
    assert run("estimate", "-", "--fail-on", "violation", document=WRONG).exit_code == 2


def test_nothing_in_a_document_moves_the_cursor():
    wrong = {"region": "us-east-1", "components": [], "\x1b[2J\n\x9b1m": 1}
    told = refused("estimate", "-", document=wrong)
    assert "/\\x1b[2J\\n\\x9b1m: unknown key" in told
    assert len(told.splitlines()) == 2
    shown = answered("estimate", "-", document=ORDERS | {"name": "\x9b2J"})
    assert "\x9b" not in shown
    assert shown.startswith("\\x9b2J: $")


# Explanations and types


def test_explain_writes_what_the_library_says():
    for name in ("web", "handler", "jobs"):
        assert answered("explain", "-", name, document=ORDERS) == explain(parse(ORDERS), name) + "\n"


def test_an_unknown_component():
    assert refused("explain", "-", "nobody", document=ORDERS) == "no component 'nobody'; there are web, handler, jobs\n"


def test_types_as_a_table():
    shown = answered("types")
    for name in component_types():
        kind = component_type(name)
        assert f"{name}: {kind.title}\n" in shown
        for known in kind.inputs.values():
            assert re.search(rf"^  {known.name} .*{re.escape(known.about)}$", shown, re.M)
    assert re.search(r"^  messages +message/month +required ", shown, re.M)
    assert re.search(r"^  memory_mb +MB +\[128\] ", shown, re.M)
    assert re.search(r"^  architecture +x86_64\|arm64 +\[x86_64\] ", shown, re.M)
    assert re.search(r"^  fifo +false\|true +\[false\] ", shown, re.M)
    assert re.search(r"^  peak_rps +request/s +\[requests / month\] ", shown, re.M)
    assert re.search(r"^  writes +write/month +required if capacity = on_demand ", shown, re.M)


def test_types_as_json():
    kinds = json.loads(answered("types", "--format", "json"))
    assert [kind["name"] for kind in kinds] == list(component_types())
    for told in kinds:
        kind = component_type(told["name"])
        assert (told["title"], told["about"]) == (kind.title, kind.about)
        assert [known["name"] for known in told["inputs"]] == list(kind.inputs)
        for known in told["inputs"]:
            record = kind.inputs[known["name"]]
            assert known == json.loads(
                json.dumps(record._asdict() | {"when": dict(record.when), "required": record.required})
            )
            assert {"name", "about", "unit", "default", "choices", "required", "when"} <= known.keys()


def test_a_component_can_be_written_from_the_types_as_json():
    for told in json.loads(answered("types", "--format", "json")):
        component = {"name": "c", "type": told["name"]}
        for known in told["inputs"]:
            if known["required"] and all(component.get(name, default(told, name)) in values
                                         for name, values in known["when"].items()):  # fmt: skip
                component[known["name"]] = TEXTS[known["name"]] if known["text"] else (known["choices"] or [1])[0]
        answered("estimate", "-", document=ORDERS | {"components": [component]})


# Texts name what there is: a price feed and one of its metrics.
TEXTS = {"service": "swf", "metric": "InitiatedWorkflows"}


def default(told, name):
    return next(known["default"] for known in told["inputs"] if known["name"] == name)


# Real processes


@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_a_process_answers(form):
    done = process("estimate", "-", "--format", form, text=json.dumps(ORDERS))
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode() == answered("estimate", "-", "--format", form, document=ORDERS)


def test_a_process_refuses():
    done = process("estimate", "-", text=json.dumps(WRONG))
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"/components/0/messages: expected a number, not '5'" in done.stderr
    assert process("estimate", "-", "--fail-on", "violation", text=json.dumps(VIOLATED)).returncode == 1


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "latin-1", "cp1252"])
@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_names_in_any_terminal(encoding, form):
    named = ORDERS | {"name": "日本 é", "components": [ORDERS["components"][2] | {"name": "日本 é 🚀"}]}
    env = {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    done = process("estimate", "-", "--format", form, text=json.dumps(named), env=env)
    assert (done.returncode, done.stderr) == (0, b"")
    shown = done.stdout.decode(encoding)
    assert ("日本 é 🚀" in shown) == (encoding == "utf-8" and form != "json")
    if form == "json":
        assert json.loads(shown)["line_items"][0]["component"] == "日本 é 🚀"
    done = process("estimate", "-", text='{"日本": 1}', env=env)
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", [["types"], ["types", "--format", "json"], ["estimate", "-"]])
def test_a_closed_pipe_is_no_traceback(arguments):
    names = [f"c{number}" for number in range(300)]
    many = ORDERS | {"components": [ORDERS["components"][2] | {"name": name} for name in names]}
    command = [sys.executable, "-m", "calculator.command.main", *arguments]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT
    ) as running:
        running.stdout.close()
        running.stdin.write(json.dumps(many).encode())
        running.stdin.close()
        told = running.stderr.read()
        running.wait(60)
    assert told == b""
    assert running.returncode != 0


# Whatever comes


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary() | st.text().map(str.encode), st.sampled_from(["table", "json", "csv"]))
def test_any_input_is_answered_or_refused(text, form):
    done = run("estimate", "-", "--format", form, text=text)
    assert done.exit_code in (0, 2)
    assert bool(done.stdout) == (done.exit_code == 0)
    assert bool(done.stderr) == (done.exit_code == 2)
