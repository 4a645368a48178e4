"""How AWS carries things from type to type: wrong files, what the rows say, and what a document hears of it."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from calculator import CatalogueError, InvalidDocument, component_type, component_types, parse
from pricing.catalogue.catalogue import connection_inputs
from pricing.catalogue.integrations import (
    FOLDER,
    KINDS,
    NUMBERS,
    SETTINGS,
    integration_between,
    integrations,
    read_integrations,
)
from tests.helpers.flowing import component, document, function, is_carried, way

ROOT = Path(__file__).parents[1]
BAD = sorted((Path(__file__).parent / "bad_integrations").glob("*.toml"))
PAIRS = integrations()
# Where a flow ends outside of what is priced.
ENDS = {"clients", "email_recipients", "external_endpoint", "internet"}
KNOWN = {*component_types(), *ENDS, "traffic"}


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_wrong_file_is_refused_by_name(path):
    """The message stands in the first line of the file."""
    expected = path.read_text("utf-8").splitlines()[0].removeprefix("# ")
    with pytest.raises(CatalogueError) as refused:
        read_integrations(path)
    assert str(refused.value).startswith(f"{path.name}: {expected}")


def test_there_are_wrong_files():
    assert len(BAD) > 30


def test_a_file_that_is_no_text(tmp_path):
    (tmp_path / "x.toml").write_bytes(b'kinds = "\xff"')
    with pytest.raises(CatalogueError, match=r"x\.toml: not TOML: "):
        read_integrations(tmp_path / "x.toml")


def test_a_row_is_read_whole(tmp_path):
    (tmp_path / "sqs_queue.toml").write_text(
        """
        kinds = ["program"]
        [[from]]
        type = "sns_topic"
        how = "subscription"
        arrives = "a message"
        batch = 7
        batch_max = 8
        batch_window_s = 0.5
        retries = 2
        asynchronous = true
        same_region = true
        billed = { source = "publishes", target = "sends" }
        bytes = "none"
        when = { source = { fifo = [true] }, target = { fifo = [true, false] } }
        evidence = "pair"
        source = "AWS"
        checked = 2026-11-28
        [others_to]
        why = "so"
        instead = ["event_pipe"]
        evidence = "own"
        source = "AWS"
        checked = 2026-11-28
        """,
        "utf-8",
    )
    file = read_integrations(tmp_path / "sqs_queue.toml")
    ((row,),) = file.rows.values()
    assert file.kinds == ("program",)
    assert (row.from_type, row.to_type, row.supported, row.how) == ("sns_topic", "sqs_queue", True, "subscription")
    assert row.defaults == {"batch": 7, "batch_window_s": 0.5}
    assert row.numbers == row.defaults | {"batch_max": 8, "retries": 2}
    assert (row.asynchronous, row.same_region) == (True, True)
    assert (row.arrives, row.billed_at_source, row.billed_at_target, row.bytes) == (
        "a message",
        "publishes",
        "sends",
        "none",
    )
    assert (row.when_source, row.when_target) == ({"fifo": (True,)}, {"fifo": (True, False)})
    assert (row.evidence, row.source, row.checked) == ("pair", "AWS", "2026-11-28")
    assert (file.others_to.supported, file.others_to.why, file.others_to.instead) == (False, "so", ("event_pipe",))
    assert file.others_from is None


# The files that are there


def test_every_row_is_of_types_that_there_are():
    named = {path.stem for path in FOLDER.glob("*.toml")}
    assert named <= KNOWN | {*KINDS}
    assert {end for row in PAIRS for end in (row.from_type, row.to_type)} <= KNOWN | {"any"}
    assert {name for row in PAIRS for name in row.instead} <= {*component_types()}
    assert set(SETTINGS) <= {*connection_inputs()}


def test_every_pair_is_known_whatever_the_choices():
    """The last row of a pair holds always."""
    last = {(row.from_type, row.to_type): row for row in PAIRS}
    assert not [ends for ends, row in last.items() if row.when_source or row.when_target]


def test_what_is_said_makes_sense():
    for row in PAIRS:
        numbers = row.numbers
        assert numbers.get("batch", 1) <= numbers.get("batch_max", 1e9), row
        assert numbers.get("batch_window_s", 0) <= numbers.get("batch_window_max_s", 1e9), row
        assert row.source.startswith(("https://", "AWS")), row
        assert numbers.keys() <= {*NUMBERS}
        assert not row.why.endswith(".")


def test_as_many_pairs_are_known_as_are_promised():
    carried = {(row.from_type, row.to_type) for row in PAIRS if row.supported}
    refused = {(row.from_type, row.to_type) for row in PAIRS if not row.supported}
    assert len(carried) >= 300
    assert len(refused) >= 40


def test_outside_leads_to_every_type_that_takes_calls():
    """Where nobody has said anything of it, too."""
    takers = [name for name in component_types() if component_type(name).flow.takes]
    pairs = {name: integration_between("traffic", name, {}, {}) for name in takers}
    assert not [name for name, pair in pairs.items() if pair is not None and not pair.supported]


def test_every_type_that_leads_on_is_told_of():
    """A type whose connections nobody knows could not be connected at all."""
    told = {row.from_type for row in PAIRS if row.supported}
    assert not [name for name in component_types() if component_type(name).flow.leaves and name not in told]


# What a pair is, by value: AWS's own defaults and refusals


@pytest.mark.parametrize(
    ("source", "target", "defaults"),
    [
        ("sqs_queue", "lambda_function", {"batch": 10, "batch_window_s": 0}),
        ("kinesis_stream", "lambda_function", {"batch": 100, "batch_window_s": 0}),
        ("dynamodb_table", "lambda_function", {"batch": 100, "batch_window_s": 0}),
        ("msk_cluster", "lambda_function", {"batch": 100, "batch_window_s": 0.5}),
        ("mq_broker", "lambda_function", {"batch": 100, "batch_window_s": 0.5}),
        ("kinesis_stream", "event_pipe", {"batch": 100, "batch_window_s": 0}),
        ("sqs_queue", "event_pipe", {"batch": 10, "batch_window_s": 0}),
        ("sqs_queue", "fargate_service", {"batch": 1, "batch_window_s": 0, "pollers": 0}),
        ("sns_topic", "lambda_function", {}),
    ],
)
def test_defaults_come_from_the_pair(source, target, defaults):
    assert integration_between(source, target, {}, {}).defaults == defaults


FIFO = {"fifo": True}
CASES = Path(__file__).parent / "pairs" / "refused.toml"


@pytest.mark.parametrize(
    "case", [pytest.param(case, id=case["pair"]) for case in tomllib.loads(CASES.read_text("utf-8"))["case"]]
)
def test_what_aws_refuses_is_a_fault_that_says_what_to_put_between(case):
    source, target = case["pair"].split(" -> ")
    pair = integration_between(source, target, case.get("source", {}), case.get("target", {}))
    assert not pair.supported
    assert pair.instead == tuple(case.get("instead", ()))
    stated = {"name": "a", "type": source} | case.get("source", {})
    other = {"name": "b", "type": target} | case.get("target", {})
    told = faults_of(document([stated, other], [way("traffic", "a"), way("a", "b")]))
    between = f"; put {' or '.join(pair.instead)} between" if pair.instead else ""
    assert ("/connections/1", f"AWS carries nothing from {source} to {target}: {pair.why}{between}") in told
    assert not [pointer for pointer, _ in told if pointer.startswith("/connections/1/")]


def faults_of(stated):
    with pytest.raises(InvalidDocument) as refused:
        parse(stated)
    return [(fault.pointer, fault.detail) for fault in refused.value.faults]


def test_what_nobody_knows_says_what_comes_near():
    told = faults_of(
        document(
            [component("nightly", "schedule", invocations=1), component("web", "http_api")],
            [way("nightly", "web")],
            requests=None,
        )
    )
    ((pointer, detail),) = told
    assert pointer == "/connections/0"
    assert detail.startswith("it is not known that AWS carries anything from schedule to http_api; from it are known ")
    near = detail.rpartition("known ")[2].split(", ")
    assert len(near) == 3
    assert all(is_carried("schedule", name) for name in near)


def test_a_choice_that_is_none_is_its_own_fault():
    queue = component("jobs", "sqs_queue", fifo=["yes"])
    told = faults_of(document([component("news", "sns_topic"), queue], [way("traffic", "news"), way("news", "jobs")]))
    assert [pointer for pointer, _ in told] == ["/components/1/fifo"]


def test_what_must_be_in_one_region():
    ends = [component("files", "s3_bucket", storage_gb=1, gets=0), function("f", region="eu-west-1")]
    ways = [way("traffic", "files", writes=1), way("files", "f")]
    assert faults_of(document(ends, ways)) == [
        ("/connections/1", "from s3_bucket to lambda_function: both must be in one region")
    ]


def test_a_default_of_the_pair_comes_back_as_an_assumption():
    ways = [way("traffic", "clicks"), way("clicks", "f")]
    architecture = parse(document([component("clicks", "kinesis_stream"), function("f")], ways))
    told = {one.pointer: one for one in architecture.assumptions}
    batch = told["/connections/1/batch"]
    assert (batch.value, batch.origin) == (100, "default")
    assert batch.why == "not given: the default of kinesis_stream -> lambda_function"
    assert architecture.connections[1].inputs["batch"] == 100
    stated = parse(document([component("clicks", "kinesis_stream"), function("f")], [ways[0], ways[1] | {"batch": 7}]))
    assert stated.connections[1].inputs["batch"] == 7
    assert "/connections/1/batch" not in {one.pointer for one in stated.assumptions}


WATCH = """
import sys
opened = []
sys.addaudithook(lambda event, said: opened.append(str(said[0])) if event == "open" else None)
from calculator import parse
from tests.helpers.flowing import component, document, function, way
parse(document([component("jobs", "sqs_queue"), function("f")], [way("traffic", "jobs"), way("jobs", "f")]))
print(*sorted({path.rpartition("/")[2] for path in opened if "/integrations/" in path}))
"""


def test_only_the_files_of_the_types_at_hand_are_read():
    done = subprocess.run([sys.executable, "-c", WATCH], cwd=ROOT, capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) <= {"sqs_queue.toml", "lambda_function.toml", "code.toml", "log_group.toml"}
