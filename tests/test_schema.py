"""The door: whatever a document holds, it becomes an architecture or a list of all its faults, and nothing else."""

import copy
import json
import math
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import UTC, date, datetime
from decimal import Decimal

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calculator import InvalidDocument, RateNotFound, component_type, component_types, estimate, parse
from calculator.document.fields import LEAST_QUANTITY, LINE, LINE_LENGTH, MAX_QUANTITY
from calculator.document.numbers import EXPECTED
from calculator.document.schema import MAX_COMPONENTS
from pricing.catalogue.feeds import metrics
from tests.helpers.documents import documents

QUEUE = {"name": "jobs", "type": "sqs_queue", "messages": 5_000_000}
FUNCTION = {"name": "handler", "type": "lambda_function", "requests": 1e6, "duration_ms": 120}
DOCUMENT = {"region": "us-east-1", "as_of": "2026-09-01", "components": [QUEUE]}
EXAMPLES = 150


def document(**stated):
    """The good document, its queue with what is stated."""
    return DOCUMENT | {"components": [QUEUE | stated]}


def faults(stated, **options):
    """Pointer and detail of every fault, in their order."""
    with pytest.raises(InvalidDocument) as refused:
        parse(stated, **options)
    assert refused.value.faults
    return [(fault.pointer, fault.detail) for fault in refused.value.faults]


def pointers(stated):
    return [pointer for pointer, _ in faults(stated)]


def only_fault(stated):
    found = faults(stated)
    assert len(found) == 1, found
    return found[0]


def inputs(stated):
    return parse(stated).components[0].inputs


def short(value):
    """A value as the name of a test."""
    try:
        return repr(value)[:40]
    except ValueError:
        return "huge"


# What is read


def test_a_document_is_read():
    architecture = parse(
        {
            "name": "orders",
            "region": "us-east-1",
            "as_of": "2026-07-14",
            "month_hours": 720,
            "account": {"free_tier": "12_months", "already_used": {"lambda_function.requests": 250_000}},
            "components": [QUEUE | {"region": "eu-west-1"}, FUNCTION],
        }
    )
    assert architecture.name == "orders"
    assert architecture.region == "us-east-1"
    assert architecture.as_of == date(2026, 7, 14)
    assert architecture.month_hours == 720
    assert architecture.account.free_tier == "12_months"
    assert architecture.account.already_used == {"lambda_function.requests": Decimal(250_000)}
    assert [component.name for component in architecture.components] == ["jobs", "handler"]
    assert [component.region for component in architecture.components] == ["eu-west-1", "us-east-1"]
    assert [component.type for component in architecture.components] == ["sqs_queue", "lambda_function"]


@pytest.mark.parametrize(
    ("stated", "read"),
    [
        (0, 0),
        (1, 1),
        (2.5, 2.5),
        (3e7, 30_000_000),
        ("30_000_000", 30_000_000),
        ("1_0", 10),
        (int(MAX_QUANTITY), 10**15),
        (MAX_QUANTITY, 10**15),
        (LEAST_QUANTITY, 1e-15),
        (1e-300, 0),
        (5e-324, 0),
    ],
)
def test_quantities(stated, read):
    assert inputs(document(messages=stated))["messages"] == read


def test_the_name_of_every_metric_can_be_said():
    names = [name for metric in metrics() for name in (metric.feed, metric.metric)]
    assert all(LINE.fullmatch(name) for name in names)
    assert 2 * max(map(len, names)) > LINE_LENGTH
    longest = max(metrics(), key=lambda metric: len(metric.metric))
    said = {"service": longest.feed, "metric": longest.metric, "quantity": 1}
    document = {"region": "us-east-1", "components": [{"name": "m", "type": "metered_usage", **said}]}
    assert parse(document).components[0].inputs["metric"] == longest.metric


def test_minus_zero_is_zero():
    assert math.copysign(1, inputs(document(messages=-0.0))["messages"]) == 1


@pytest.mark.parametrize("stated", ["é", "日本", "a/b~c", "x" * 100, "=1+1", " ", "🚀", "a.b"])
def test_names(stated):
    assert parse(document(name=stated)).components[0].name == stated


@pytest.mark.parametrize("size", [0, 0.5, 1.6, 118, 237.0])
def test_numeric_choices(size):
    api = {"name": "api", "type": "rest_api", "requests": 1, "cache_gb": size}
    assert inputs(DOCUMENT | {"components": [api]})["cache_gb"] == size


def test_a_tuple_of_components_is_a_list_of_them():
    assert len(parse(DOCUMENT | {"components": (QUEUE, FUNCTION)}).components) == 2


@pytest.mark.parametrize("hours", [1, 730, 744, 700.5, "7_30"])
def test_month_hours(hours):
    assert parse(DOCUMENT | {"month_hours": hours}).month_hours == float(str(hours).replace("_", ""))


def test_an_input_may_be_unset_by_null():
    assert inputs(document(processing_s=None))["processing_s"] is None
    assert "/components/0/processing_s" not in [one.pointer for one in parse(document(processing_s=None)).assumptions]


# What is not read


@pytest.mark.parametrize(
    ("stated", "detail"),
    [
        ("5", "expected a number, not '5'"),
        ("3e7", "expected a number, not '3e7'"),
        ("", "expected a number, not ''"),
        ("_1", "expected a number, not '_1'"),
        ("1_", "expected a number, not '1_'"),
        ("1__0", "expected a number, not '1__0'"),
        ("-1_000", "expected a number, not '-1_000'"),
        ("1_000.5", "expected a number, not '1_000.5'"),
        ("1_000\n", "expected a number, not '1_000\\n'"),
        ("\u0661_000", "expected a number, not '\u0661_000'"),
        (True, "expected a number, not true"),
        (False, "expected a number, not false"),
        (None, "expected a number, not null"),
        ([], "expected a number, not a list"),
        ([5], "expected a number, not a list"),
        ({}, f"{EXPECTED}, not an object"),
        (Decimal(5), "expected a number, not a Decimal"),
        (float("nan"), "expected a number from 0 to 1e+15, not nan"),
        (float("inf"), "expected a number from 0 to 1e+15, not inf"),
        (float("-inf"), "expected a number from 0 to 1e+15, not -inf"),
        (-1, "expected a number from 0 to 1e+15, not -1"),
        (-1e-9, "expected a number from 0 to 1e+15, not -1e-09"),
        (10**15 + 1, "expected a number from 0 to 1e+15, not 1000000000000001"),
        (10**5000, "expected a number from 0 to 1e+15, not a number of more than 60 digits"),
        (-(10**5000), "expected a number from 0 to 1e+15, not a number of more than 60 digits"),
        ("9_" * 400 + "9", None),
        ("9" * 300 + "_9", None),
    ],
    ids=short,
)
def test_what_is_no_quantity(stated, detail):
    pointer, told = only_fault(document(messages=stated))
    assert pointer == "/components/0/messages"
    assert detail in (told, None)
    assert len(told) < 200


@pytest.mark.parametrize("stated", [1, 0, "true", "false", "yes", None, [], {}, 1.0, float("nan")], ids=short)
def test_what_is_no_flag(stated):
    pointer, told = only_fault(document(fifo=stated))
    assert pointer == "/components/0/fifo"
    assert told.startswith("expected one of false, true, not ")


@pytest.mark.parametrize("stated", [True, False, "0.5", "none", None, [0.5], 0.4, -1, 10**400], ids=short)
def test_what_is_no_numeric_choice(stated):
    api = {"name": "api", "type": "rest_api", "requests": 1, "cache_gb": stated}
    pointer, told = only_fault(DOCUMENT | {"components": [api]})
    assert pointer == "/components/0/cache_gb"
    assert told.startswith("expected one of 0, 0.5, 1.6, 6.1, 13.5, 28.4, 58.2, 118, 237, not ")


@pytest.mark.parametrize("stated", ["ARM64", "", None, 1, True, ["arm64"]], ids=short)
def test_what_is_no_choice(stated):
    pointer, told = only_fault(DOCUMENT | {"components": [FUNCTION | {"architecture": stated}]})
    assert pointer == "/components/0/architecture"
    assert told.startswith("expected one of x86_64, arm64, not ")


@pytest.mark.parametrize("share", [1.0000001, 2, -0.1, "1"])
def test_a_share_is_from_0_to_1(share):
    assert only_fault(DOCUMENT | {"components": [FUNCTION | {"cold_start_share": share}]})[0].endswith(
        "cold_start_share"
    )
    assert inputs(DOCUMENT | {"components": [FUNCTION | {"cold_start_share": 1}]})["cold_start_share"] == 1


@pytest.mark.parametrize("batch", [0, 0.5, 1e-300])
def test_a_batch_holds_at_least_one(batch):
    detail = f"expected a number from 1 to 1e+15, not {batch}"
    assert only_fault(document(batch=batch)) == ("/components/0/batch", detail)


@pytest.mark.parametrize(
    "stated",
    ["", "x" * 101, "a\nb", "a\0b", "\x1b[2J", "\x7f", "\ud800", None, 1, True, [], {}, b"jobs"],
    ids=short,
)
@pytest.mark.parametrize("pointer", ["/name", "/components/0/name"])
def test_what_is_no_name(stated, pointer):
    wrong = DOCUMENT | {"name": stated} if pointer == "/name" else document(name=stated)
    found, told = only_fault(wrong)
    assert found == pointer
    assert told.startswith(("expected a text", "expected 1 to 100 printable characters"))
    told.encode()


@pytest.mark.parametrize(
    "stated",
    ["", "us-east", "US-EAST-1", "us-east-1\n", " us-east-1", "useast1", "*", None, 1, ["us-east-1"]],
    ids=short,
)
@pytest.mark.parametrize("pointer", ["/region", "/components/0/region"])
def test_what_is_no_region(stated, pointer):
    wrong = DOCUMENT | {"region": stated} if pointer == "/region" else document(region=stated)
    found, told = only_fault(wrong)
    assert found == pointer
    assert told.startswith("expected a")


@pytest.mark.parametrize(
    "stated",
    [
        "2026-13-01", "2026-02-30", "2026-9-1", "20260901", "2026-W36-2", "2026-09-01T00:00:00Z", " 2026-09-01",
        "2026-09-01\n", "today", "", "0000-00-00", 20260901, None, True, [], {}, date(2026, 9, 1),
        datetime(2026, 9, 1, tzinfo=UTC),
    ],
    ids=short,
)  # fmt: skip
def test_what_is_no_day(stated):
    pointer, told = only_fault(DOCUMENT | {"as_of": stated})
    assert pointer == "/as_of"
    assert told.startswith("expected a day such as 2026-09-01, not ")


@pytest.mark.parametrize("hours", [0, 0.99, 744.01, 745, -1, "730", True, None, float("nan"), float("inf")], ids=short)
def test_what_is_no_month(hours):
    assert only_fault(DOCUMENT | {"month_hours": hours})[0] == "/month_hours"


@pytest.mark.parametrize("stated", [None, [], "", "x", 1, 1.5, True, b"", {1, 2}], ids=short)
def test_what_is_no_object(stated):
    for wrong, pointer in (
        (stated, ""),
        (DOCUMENT | {"account": stated}, "/account"),
        (DOCUMENT | {"account": {"already_used": stated}}, "/account/already_used"),
        (DOCUMENT | {"components": [QUEUE, stated]}, "/components/1"),
    ):
        found, told = only_fault(wrong)
        assert found == pointer
        assert told.startswith("expected an object")


@pytest.mark.parametrize("stated", [None, {}, "x", 1, True, {"0": QUEUE}, QUEUE], ids=short)
def test_what_is_no_list_of_components(stated):
    pointer, told = only_fault(DOCUMENT | {"components": stated})
    assert pointer == "/components"
    assert told.startswith("expected a list of 1 to 1000 components, not ")


def test_too_few_and_too_many_components():
    expected = f"expected a list of 1 to {MAX_COMPONENTS} components, not "
    assert only_fault(DOCUMENT | {"components": []}) == ("/components", expected + "0")
    many = [QUEUE | {"name": str(number)} for number in range(MAX_COMPONENTS + 1)]
    assert only_fault(DOCUMENT | {"components": many}) == ("/components", f"{expected}1001")
    assert len(parse(DOCUMENT | {"components": many[1:]}).components) == MAX_COMPONENTS


def test_what_must_be_said():
    assert faults({}) == [("/region", "missing"), ("/components", "missing")]
    wrong = DOCUMENT | {"components": [{"type": "lambda_function"}]}
    assert faults(wrong) == [
        ("/components/0/name", "missing"),
        ("/components/0/requests", "missing; expected request/month: " + about("lambda_function", "requests")),
        ("/components/0/duration_ms", "missing; expected ms: " + about("lambda_function", "duration_ms")),
    ]


def about(type_name, name):
    return component_type(type_name).inputs[name].about


@pytest.mark.parametrize(
    "stated", ["lambda", "", "sqs_queue ", "../sqs_queue", None, 1, True, [], {}, ["sqs_queue"]], ids=short
)
def test_an_unknown_type_is_told_the_types(stated):
    pointer, told = only_fault(DOCUMENT | {"components": [QUEUE | {"type": stated}]})
    assert pointer == "/components/0/type"
    assert told.startswith(f"expected one of {', '.join(component_types())}, not ")


def test_a_component_without_a_type_is_still_looked_at():
    wrong = DOCUMENT | {"components": [{"name": 5, "requests": -1}, QUEUE, QUEUE | {"type": "queue"}]}
    assert pointers(wrong) == ["/components/0/name", "/components/0/type", "/components/2/name", "/components/2/type"]


@pytest.mark.parametrize("key", ["typo", "", "a/b", "~", "_schema", "key", "value", "components", "é", "0", "x" * 1000])
def test_unknown_keys(key):
    escaped = key.replace("~", "~0").replace("/", "~1")
    for wrong, pointer in (
        (DOCUMENT | {"account": {key: 1}}, f"/account/{escaped}"),
        (document(**{key: 1}), f"/components/0/{escaped}"),
        (DOCUMENT | {"account": {"already_used": {key: 1}}}, f"/account/already_used/{escaped}"),
    ):
        assert only_fault(wrong)[0] == pointer
    if key != "components":
        assert only_fault(DOCUMENT | {key: 1})[0] == f"/{escaped}"


def test_an_unknown_key_is_told_the_known_ones():
    expected = "unknown key; expected name, region, as_of, month_hours, account, traffic, "
    expected += "components, connections, hidden_lines, unpriced"
    assert only_fault(DOCUMENT | {"regoin": 1}) == ("/regoin", expected)
    expected = ", ".join(["name", "type", "region", *component_type("sqs_queue").inputs])
    assert only_fault(document(mesages=1)) == ("/components/0/mesages", f"unknown key; expected {expected}")
    assert only_fault(document(cache_gb=1))[1].startswith("unknown key, which appsync_api and rest_api have; expected ")
    assert only_fault(document(usage_plans=1))[1].startswith("unknown key, which rest_api has; expected ")
    assert only_fault(document(instances=1))[1].startswith("unknown key; expected ")


@pytest.mark.parametrize(
    ("used", "key", "detail"),
    [
        ({"lambda_function.requests": -1}, "lambda_function.requests", "expected a number from 0 to 1e+15, not -1"),
        ({"lambda_function.requests": "5"}, "lambda_function.requests", "expected a number, not '5'"),
        ({"lambda_function.requests": None}, "lambda_function.requests", "expected a number, not null"),
        ({"lambda_function.requests": True}, "lambda_function.requests", "expected a number, not true"),
        ({"lambda_function.requests": 10**5000}, "lambda_function.requests", None),
        ({"lambda_function.requets": 1}, "lambda_function.requets", "no free tier 'lambda_function.requets'"),
        ({"lambda_function": 1}, "lambda_function", "no free tier 'lambda_function'"),
        ({"lambda.requests": 1}, "lambda.requests", "no component type 'lambda'"),
        ({"../a.b": -1}, "..~1a.b", "no component type '"),
        ({"a" * 300 + ".b": 1}, "a" * 300 + ".b", "no component type '"),
        ({".": 1}, ".", "no component type ''"),
        ({5: 1}, "5", "no component type '5'"),
    ],
    ids=short,
)
def test_what_cannot_be_used_already(used, key, detail):
    pointer, told = only_fault(DOCUMENT | {"account": {"already_used": used}})
    assert pointer == f"/account/already_used/{key}"
    assert told.startswith(detail or "expected a number")


def test_names_stand_once():
    wrong = DOCUMENT | {"components": [QUEUE, 5, FUNCTION, QUEUE | {"messages": -1}, FUNCTION | {"type": "x"}, QUEUE]}
    assert faults(wrong) == [
        ("/components/1", "expected an object, not 5"),
        ("/components/3/name", "the name 'jobs' stands twice"),
        ("/components/3/messages", "expected a number from 0 to 1e+15, not -1"),
        ("/components/4/name", "the name 'handler' stands twice"),
        ("/components/4/type", f"expected one of {', '.join(component_types())}, not 'x'"),
        ("/components/5/name", "the name 'jobs' stands twice"),
    ]


def test_all_faults_at_once_in_the_order_of_the_document():
    wrong = {
        "zone": "a",
        "components": [
            {"messages": "5", "name": "jobs", "typo": 1, "type": "sqs_queue", "fifo": 1, "also/wrong": 2},
            [],
            {"name": "", "type": "lambda_function", "memory_mb": None},
            {"type": "event"},
        ],
        "month_hours": 0,
        "account": {"already_used": {"x": 1, "sqs_queue.requests": -1}, "free_tier": "some", "extra": 1},
        "as_of": "soon",
        "name": 7,
    }
    assert pointers(wrong) == [
        "/zone",
        "/components/0/messages",
        "/components/0/typo",
        "/components/0/fifo",
        "/components/0/also~1wrong",
        "/components/1",
        "/components/2/name",
        "/components/2/memory_mb",
        "/components/2/requests",
        "/components/2/duration_ms",
        "/components/3/type",
        "/components/3/name",
        "/month_hours",
        "/account/already_used/x",
        "/account/already_used/sqs_queue.requests",
        "/account/free_tier",
        "/account/extra",
        "/as_of",
        "/name",
        "/region",
    ]
    backwards = dict(reversed(wrong.items()))
    assert sorted(pointers(backwards)) == sorted(pointers(wrong))
    assert pointers(backwards)[:2] == ["/name", "/as_of"]


def test_a_small_document_gets_no_huge_answer_and_soon():
    wrong = DOCUMENT | {f"typo{number}": 1 for number in range(50_000)}
    started = time.perf_counter()
    found = faults(wrong)
    assert time.perf_counter() - started < 5
    assert len(found) == 1001
    assert found[-1] == ("", "and 49000 more faults")


# What depends on choices


TABLE = {"name": "t", "type": "dynamodb_table"}


def test_an_input_is_required_where_its_condition_holds():
    on_demand = DOCUMENT | {"components": [TABLE]}
    assert pointers(on_demand) == ["/components/0/writes", "/components/0/reads"]
    provisioned = DOCUMENT | {"components": [TABLE | {"capacity": "provisioned"}]}
    assert pointers(provisioned) == ["/components/0/write_units", "/components/0/read_units"]


def test_an_input_of_no_meaning_is_checked_but_not_read():
    express = {"name": "m", "type": "state_machine", "workflow": "express", "executions": 5, "transitions": 7}
    read = inputs(DOCUMENT | {"components": [express]})
    assert "transitions" not in read
    assert "history_events" not in read
    assert read["memory_mb"] == 64
    assert only_fault(DOCUMENT | {"components": [express | {"transitions": "7"}]})[0] == "/components/0/transitions"


def test_a_condition_on_a_condition():
    group = {"fifo": True, "high_throughput": True, "hot_group_rps": 5}
    assert inputs(document(**group))["hot_group_rps"] == 5
    assert "hot_group_rps" not in inputs(document(**group | {"high_throughput": False}))
    assert not {"hot_group_rps", "high_throughput"} & inputs(document(**group | {"fifo": False})).keys()


def test_a_wrong_choice_is_one_fault_and_not_what_would_follow_from_it():
    assert pointers(DOCUMENT | {"components": [TABLE | {"capacity": "some"}]}) == ["/components/0/capacity"]


# What is assumed


def assumptions(stated, **options):
    return {one.pointer: one for one in parse(stated, **options).assumptions}


def test_every_input_not_given_is_an_assumption():
    for name in component_types():
        stated = (
            {"name": "c", "type": name, "capacity": "provisioned"}
            if name == "dynamodb_table"
            else {"name": "c", "type": name}
        )
        required = {key for key, known in component_type(name).inputs.items() if known.required}
        inputs = component_type(name).inputs
        stated |= {key: "x" if inputs[key].text else (inputs[key].choices or (1,))[0] for key in required}
        architecture = parse(DOCUMENT | {"components": [stated]})
        read = architecture.components[0].inputs
        told = {one.pointer.removeprefix("/components/0/") for one in architecture.assumptions}
        # Nothing is assumed of what is not set.
        unset = {key for key, value in read.items() if value is None}
        assert told & read.keys() == read.keys() - stated.keys() - unset
        assert told - read.keys() == {"/month_hours", "/account/free_tier"}


def test_what_an_assumption_says():
    told = assumptions({"region": "us-east-1", "components": [QUEUE, FUNCTION]}, today=date(2026, 9, 2))
    said = {pointer: (one.value, one.unit, one.why) for pointer, one in told.items()}
    assert said["/as_of"] == ("2026-09-02", "", "not given: today's prices")
    assert said["/month_hours"] == (730, "hour/month", "not given: AWS's mean month")
    assert said["/account/free_tier"] == ("always", "", "not given: what every account has")
    assert said["/components/0/message_kb"] == (1, "KB", "not given: the default")
    assert said["/components/0/fifo"] == (False, "", "not given: the default")
    assert said["/components/1/provisioned_hours"] == (730, "hour/month", "not given: all hours of the month")
    rate, unit, why = said["/components/0/peak_rps"]
    assert (unit, why) == ("message/s", "not given: messages spread evenly over the month")
    assert rate == pytest.approx(5_000_000 / 730 / 3600)


def test_the_month_that_is_given_is_the_one_assumed():
    told = assumptions(DOCUMENT | {"month_hours": 100, "components": [QUEUE, FUNCTION]})
    assert told["/components/1/provisioned_hours"].value == 100
    assert told["/components/0/peak_rps"].value == pytest.approx(5_000_000 / 360_000)
    assert "/month_hours" not in told


def test_assumptions_stand_in_order():
    told = list(assumptions(DOCUMENT | {"components": [QUEUE, FUNCTION]}))
    assert told[:2] == ["/month_hours", "/account/free_tier"]
    places = [int(pointer.split("/")[2]) for pointer in told[2:]]
    assert places == sorted(places)


def test_today_is_asked_for_at_the_door_only():
    without = {"region": "us-east-1", "components": [QUEUE]}
    assert parse(without, today=date(2026, 1, 2)).as_of == date(2026, 1, 2)
    assert abs((parse(without).as_of - datetime.now(UTC).date()).days) <= 1
    assert parse(DOCUMENT, today=date(2000, 1, 1)).as_of == date(2026, 9, 1)
    assert "/as_of" not in assumptions(DOCUMENT)


# Whatever comes


def accepted(stated):
    """The architecture, or None if it is refused; nothing else may happen."""
    try:
        return parse(stated, today=date(2026, 9, 1))
    except InvalidDocument as error:
        refused = error.faults
    assert refused
    for fault in refused:
        check_pointer(stated, fault.pointer)
    return None


def check_pointer(stated, pointer):
    """A pointer leads to something, or to what is missing in something."""
    if not pointer:
        return
    *parents, last = pointer.split("/")[1:]
    for part in parents:
        stated = stated[int(part)] if isinstance(stated, list) else stated[part.replace("~1", "/").replace("~0", "~")]
    assert not (isinstance(stated, list) and not 0 <= int(last) < len(stated))


def check_answer(architecture):
    try:
        answer = estimate(architecture)
    except RateNotFound:
        return
    numbers = [value for value in leaves(asdict(answer)) if isinstance(value, float)]
    assert all(math.isfinite(number) for number in numbers)
    assert answer.total >= 0
    assert orjson.loads(orjson.dumps(answer)) == json.loads(json.dumps(asdict(answer)))


def leaves(value):
    if isinstance(value, dict):
        for inner in value.values():
            yield from leaves(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from leaves(inner)
    else:
        yield value


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from(
        [0, 1, -1, 10**15, 10**16, 10**400, "5", "1_000", "", "us-east-1", "2026-09-01", "sqs_queue", "a\0"]
    ),
    st.floats(),
    st.text(),
    st.characters(categories=["Cs"]),
)
KEYS = st.one_of(st.text(), st.sampled_from(["name", "type", "region", "components", "account", "_schema", "a/b", "~"]))
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=12
)


@settings(max_examples=EXAMPLES)
@given(JSON)
def test_anything_is_read_or_refused(stated):
    accepted(stated)


@settings(max_examples=EXAMPLES)
@given(st.dictionaries(st.sampled_from(["name", "region", "as_of", "month_hours", "account", "components", "x"]), JSON))
def test_any_object_is_read_or_refused(stated):
    accepted(stated)


@settings(max_examples=EXAMPLES)
@given(st.sampled_from(component_types()), st.data())
def test_any_component_is_read_or_refused(type_name, data):
    keys = st.sampled_from(["name", "region", *component_type(type_name).inputs])
    stated = data.draw(st.dictionaries(keys, st.one_of(SCALARS, st.floats(0, 1e15), st.integers(0, 10**6))))
    architecture = accepted(DOCUMENT | {"components": [{"name": "c"} | stated | {"type": type_name}]})
    if architecture:
        check_answer(architecture)


@settings(max_examples=EXAMPLES)
@given(documents(), st.data())
def test_a_changed_document_is_read_or_refused(stated, data):
    stated = copy.deepcopy(stated)
    for _ in range(data.draw(st.integers(1, 3))):
        change(stated, data)
    architecture = accepted(stated)
    if architecture:
        check_answer(architecture)


def change(stated, data):
    """Put something else, or nothing, in one place of a document."""
    place = data.draw(st.sampled_from([stated, *(inner for inner in walk(stated) if inner)]))
    key = data.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
    if data.draw(st.booleans()):
        place[key] = data.draw(JSON)
    elif isinstance(place, dict):
        place[data.draw(KEYS)] = place.pop(key)
    else:
        place.append(place[key])


def walk(value):
    for inner in value.values() if isinstance(value, dict) else value:
        if isinstance(inner, dict | list):
            yield inner
            yield from walk(inner)


EXTREMES = st.one_of(
    st.sampled_from([0, LEAST_QUANTITY, 2e-15, 1e-9, 0.1, 1, MAX_QUANTITY, 999_999_999_999_999, MAX_QUANTITY / 3]),
    st.floats(0, MAX_QUANTITY),
)


@settings(max_examples=EXAMPLES)
@given(st.sampled_from(component_types()), st.data())
def test_extreme_quantities_give_finite_answers(type_name, data):
    stated = {"name": "c", "type": type_name}
    for name, known in component_type(type_name).inputs.items():
        if known.choices:
            stated[name] = data.draw(st.sampled_from(known.choices))
        elif known.text:
            stated[name] = "a price feed, or a metric of it"
        else:
            at_most = MAX_QUANTITY if known.at_most is None else known.at_most
            stated[name] = min(max(data.draw(EXTREMES), known.at_least), at_most)
    hours = data.draw(st.sampled_from([1, 744]))
    check_answer(parse(DOCUMENT | {"month_hours": hours, "components": [stated, stated | {"name": "d"}]}))


def test_parsing_is_fast():
    api, topic = {"type": "http_api", "requests": 5}, {"type": "sns_topic", "publishes": 5}
    parts = [QUEUE, FUNCTION, api, topic, TABLE | {"writes": 1, "reads": 1}]
    ten = DOCUMENT | {"components": [parts[i % 5] | {"name": f"c{i}"} for i in range(10)]}
    parse(ten)
    spent = []
    for _ in range(20):
        started = time.perf_counter()
        parse(ten)
        spent.append(time.perf_counter() - started)
    assert min(spent) < 0.005  # 0.3 ms where it was written; a slow machine has time


def test_threads_share_the_door():
    def told(number):
        found = faults(document(messages=-number, typo=number)) if number % 2 else []
        return found or parse(document(messages=number)).components[0].inputs["messages"]

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(told, range(1, 201)))
    assert answers[1::2] == list(range(2, 201, 2))
    assert [found[0][1].rpartition(" ")[2] for found in answers[0::2]] == [f"-{number}" for number in range(1, 201, 2)]
