"""Traffic, connections and hidden lines that cannot be: every fault at once and nothing but faults."""

import copy
import json
from math import isfinite

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calculator import InvalidDocument, estimate, limits, parse
from tests.helpers.flowing import component, document, function, way
from tests.test_flow import EXAMPLE

F = function("f")
WEIGHTS = [1] * 23
HUGE = 10**400


def faults_of(stated):
    with pytest.raises(InvalidDocument) as refused:
        parse(stated)
    return [(fault.pointer, fault.detail) for fault in refused.value.faults]


def small(**stated):
    return document([F], [way("traffic", "f")]) | stated


def with_traffic(**said):
    return small(traffic={"requests_per_month": 1_000_000} | said)


def with_way(**said):
    components = [F, component("jobs", "sqs_queue"), component("orders", "dynamodb_table")]
    ways = [way("traffic", "f"), way("f", "jobs"), way("f", "orders", writes=1), way("jobs", "f")]
    return document(components, [*ways, {"from": "f", "to": "jobs"} | said])


SITE = component("site", "cloudfront_distribution", https_requests=1, data_out_gb=1)


def at_the_edge(target, **said):
    """A distribution that leads to a component of a type."""
    return document([SITE, component("b", target)], [way("site", "b", **said)], requests=None)


def through_the_default_bus(target, **stated):
    """A bucket whose events a bus sends on: a bus to which only AWS services send is the default one."""
    parts = [
        component("files", "s3_bucket", storage_gb=1),
        component("bus", "event_bus"),
        component("b", target, **stated),
    ]
    return document(parts, [way("traffic", "files", writes=1), way("files", "bus"), way("bus", "b", writes=1)])


# What is said, where the fault is, and a part of what it says.
WRONG = [
    (small(traffic=5), "/traffic", "expected an object, not 5"),
    (small(traffic=None), "/traffic", "expected an object, not null"),
    (small(traffic={}), "/traffic", "expected requests_per_month, peak_rps or both"),
    (small(traffic={"requests_per_month": None}), "/traffic", "expected requests_per_month, peak_rps or both"),
    (with_traffic(requests=1), "/traffic/requests", "unknown key"),
    (with_traffic(requests_per_month="many"), "/traffic/requests_per_month", "expected a number"),
    (with_traffic(requests_per_month=-1), "/traffic/requests_per_month", "expected a number from 0"),
    (with_traffic(requests_per_month=True), "/traffic/requests_per_month", "expected a number"),
    (with_traffic(requests_per_month=HUGE), "/traffic/requests_per_month", "expected a number from 0"),
    (with_traffic(peak_rps=0.1), "/traffic/peak_rps", "the busiest hour of this shape has 0.380518 requests a second"),
    (with_traffic(shape="noon"), "/traffic/shape", "expected constant, business_hours, daily_peak, or a list"),
    (with_traffic(shape=WEIGHTS), "/traffic/shape", "list of 24 or 168 hourly weights"),
    (with_traffic(shape=[*WEIGHTS, -1]), "/traffic/shape", "weights of 0 or more"),
    (with_traffic(shape=[*WEIGHTS, True]), "/traffic/shape", "weights of 0 or more"),
    (with_traffic(shape=[*WEIGHTS, float("nan")]), "/traffic/shape", "weights of 0 or more"),
    (with_traffic(shape=[*WEIGHTS, HUGE]), "/traffic/shape", "weights of 0 or more"),
    (with_traffic(shape=[0] * 24), "/traffic/shape", "not all 0"),
    (with_traffic(shape={}), "/traffic/shape", "not an object"),
    (small(connections={}), "/connections", "expected a list"),
    (small(connections=None), "/connections", "expected a list"),
    (small(connections=[way("traffic", "f"), 5]), "/connections/1", "expected an object, not 5"),
    (small(connections=[way("traffic", "f"), {"to": "f"}]), "/connections/1/from", "missing"),
    (small(connections=[way("traffic", "f"), {"from": "f"}]), "/connections/1/to", "missing"),
    (small(connections=[way("traffic", "f"), way([], "f")]), "/connections/1/from", "expected a text, not a list"),
    (small(connections=[way("traffic", "f"), way("g", "f")]), "/connections/1/from", "not 'g'"),
    (small(connections=[way("traffic", "f"), way("f", "g")]), "/connections/1/to", "not 'g'"),
    (small(connections=[way("traffic", "f"), way("f", "traffic")]), "/connections/1/to", "not 'traffic'"),
    (document([F], [way("traffic", "f")], requests=None), "/connections/0/from", "expected traffic with its rate"),
    (with_way(shares=1), "/connections/4/shares", "unknown key"),
    (with_way(share=1.5), "/connections/4/share", "expected a number from 0 to 1"),
    (with_way(share=None), "/connections/4/share", "expected a number, not null"),
    (with_way(calls="2"), "/connections/4/calls", "expected a number"),
    (with_way(batch=10), "/connections/4/batch", "of no meaning from lambda_function to sqs_queue"),
    (with_way(writes=1), "/connections/4/writes", "of no meaning from lambda_function to sqs_queue"),
    (with_way(invocation="later"), "/connections/4/invocation", "expected one of sync, async"),
    (with_way(to="orders"), "/connections/4/writes", "missing; expected writes or reads"),
    (with_way(**{"from": "jobs", "to": "f", "failure_share": 1}), "/connections/4/failure_share", "from 0 to 0.999"),
    (with_way(**{"from": "jobs", "to": "f", "max_receive_count": 0}), "/connections/4/max_receive_count", "from 1"),
    (with_way(**{"from": "jobs", "to": "f", "dead_letter": 1}), "/connections/4/dead_letter", "expected one of false"),
    (with_way(**{"from": "jobs", "to": "f", "batch": 0}), "/connections/4/batch", "expected a number from 1"),
    (with_way(**{"from": "traffic", "to": "f", "batch": 2}), "/connections/4/batch", "of no meaning from traffic"),
    (at_the_edge("cloudfront_function", event="origin_request"), "/connections/0/event", "put a lambda_edge_function"),
    (at_the_edge("cloudfront_function", event="sometimes"), "/connections/0/event", "expected one of viewer_request"),
    (
        through_the_default_bus("dynamodb_table", storage_gb=1),
        "/connections/2",
        "only a Custom Event Bus writes to a table",
    ),
    (
        through_the_default_bus("s3_bucket", storage_gb=1),
        "/connections/2",
        "only a Custom Event Bus writes to a bucket",
    ),
    (small(hidden_lines=[]), "/hidden_lines", "expected an object, not a list"),
    (small(hidden_lines=None), "/hidden_lines", "expected an object, not null"),
    (small(hidden_lines={"log": True}), "/hidden_lines/log", "unknown key"),
    (small(hidden_lines={"logs": "yes"}), "/hidden_lines/logs", "expected one of true, false"),
    (small(hidden_lines={"log_kb": -1}), "/hidden_lines/log_kb", "expected a number from 0"),
]


@pytest.mark.parametrize(("stated", "pointer", "detail"), WRONG, ids=[f"{n}: {p}" for n, (_, p, _) in enumerate(WRONG)])
def test_what_is_wrong_is_the_only_fault(stated, pointer, detail):
    ((found, said),) = faults_of(stated)
    assert found == pointer
    assert detail in said


def test_all_faults_come_at_once_and_in_the_order_of_the_document():
    stated = document(
        [
            F | {"memory_mb": "much"},
            component("jobs", "sqs_queue", region=[]),
            component("box", "route53_health_check"),
        ],
        [way("traffic", "g"), way("f", "jobs", share=2, batch=3), way("f", "box"), 7],
        traffic={"peak_rps": "high", "shape": "round", "colour": "red"},
        hidden_lines={"logs": 1, "nat_kb": []},
    )
    pointers = [pointer for pointer, _ in faults_of(stated)]
    assert set(pointers) >= {
        "/traffic/peak_rps",
        "/traffic/shape",
        "/traffic/colour",
        "/hidden_lines/logs",
        "/hidden_lines/nat_kb",
        "/components/0/memory_mb",
        "/components/1/region",
        "/connections/0/to",
        "/connections/1/share",
        "/connections/1/batch",
        "/connections/2",
        "/connections/3",
    }
    sections = [pointer.split("/")[1] for pointer in pointers]
    assert list(dict.fromkeys(sections)) == ["traffic", "hidden_lines", "components", "connections"]


@pytest.mark.parametrize("region", ["x", [], None, {}, 5])
def test_a_wrong_region_is_one_fault(region):
    assert [pointer for pointer, _ in faults_of(small(components=[F | {"region": region}]))] == ["/components/0/region"]


def test_what_nobody_knows_to_leave_is_a_fault_where_it_leaves():
    stated = document(
        [component("orders", "dynamodb_table", capacity="provisioned", write_units=1, read_units=1), F],
        [way("traffic", "f"), way("orders", "f")],
    )
    ((pointer, detail),) = faults_of(stated)
    assert pointer == "/connections/1/from"
    assert "orders has no writes" in detail


def test_nothing_may_be_called_as_what_comes_from_outside_is():
    ((pointer, _),) = faults_of(document([function("traffic")], [way("traffic", "traffic")]))
    assert pointer == "/components/0/name"
    # Without traffic it is a name like any other.
    assert parse(document([function("traffic", requests=5), F], [way("traffic", "f")], requests=None)).connections


def test_a_required_input_that_nothing_brings_is_still_missing():
    stated = document([F, function("alone")], [way("traffic", "f")])
    assert [pointer for pointer, _ in faults_of(stated)] == ["/components/1/requests"]


# Anything at all

SCALARS = st.sampled_from(
    [None, True, False, 0, 1, -1, 0.5, 1e15, 1e16, HUGE, float("nan"), float("inf"), "", "x", "f"]
)
NAMES = st.sampled_from(
    ["web", "handler", "jobs", "worker", "orders", "traffic", "logs", "internet", "nobody", "~/", ""]
)
KEYS = st.sampled_from(
    ["from", "to", "share", "batch", "writes", "name", "type", "region", "shape", "logs", "dead_letter"]
)
TYPES = st.sampled_from(
    ["sqs_queue", "sns_topic", "event_bus", "kinesis_stream", "state_machine", "data_transfer", "ufo"]
)
ANYTHING = st.one_of(
    SCALARS,
    NAMES,
    TYPES,
    st.lists(SCALARS, max_size=3),
    st.dictionaries(KEYS, SCALARS, max_size=3),
    st.builds(way, NAMES, NAMES),
)
FULL = EXAMPLE | {"hidden_lines": {"log_kb": 2}, "account": {"free_tier": "none"}}


def places(part, path=()):
    """Every place in a document."""
    yield path
    entries = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for key, inner in entries:
        yield from places(inner, (*path, key))


PLACES = [path for path in places(FULL) if path]


def changed(stated, path, value, deed):
    part = stated
    for key in path[:-1]:
        if not leads(part, key):
            return
        part = part[key]
    key = path[-1]
    if deed == "insert" and isinstance(part, list) and isinstance(key, int):
        part.insert(key, value)
    elif deed == "remove" and leads(part, key):
        del part[key]
    elif leads(part, key) or isinstance(part, dict):
        part[key] = value


def leads(part, key):
    if isinstance(part, list):
        return isinstance(key, int) and key < len(part)
    return isinstance(part, dict) and key in part


MUTATIONS = st.lists(
    st.tuples(st.sampled_from(PLACES), ANYTHING, st.sampled_from(["set", "set", "insert", "remove"])),
    min_size=1,
    max_size=4,
)


def exists(stated, pointer):
    """Whether a pointer leads somewhere, or to what is missing in an object that is there."""
    part, keys = stated, [key.replace("~1", "/").replace("~0", "~") for key in pointer.split("/")[1:]]
    for place, key in enumerate(keys):
        if isinstance(part, list):
            part = part[int(key)]
        elif isinstance(part, dict):
            if key not in map(str, part):
                return place == len(keys) - 1
            part = next(value for name, value in part.items() if str(name) == key)
        else:
            return False
    return True


@settings(max_examples=600)
@given(MUTATIONS)
def test_a_document_is_read_or_refused(mutations):
    stated = copy.deepcopy(FULL)
    for path, value, deed in mutations:
        changed(stated, path, copy.deepcopy(value), deed)
    try:
        architecture = parse(stated)
    except InvalidDocument as refused:
        faults = refused.faults
        assert faults
        assert len({(fault.pointer, fault.detail) for fault in faults}) == len(faults)
        assert [fault for fault in faults if not exists(stated, fault.pointer)] == []
        return
    answer = limits(architecture)
    assert all(one.used is None or one.used >= 0 for one in answer.headroom)
    assert json.dumps([one.why for one in answer.assumptions], allow_nan=False)
    assert not [one for one in answer.assumptions if isinstance(one.value, float) and not isfinite(one.value)]


@settings(max_examples=100)
@given(st.lists(st.tuples(NAMES, NAMES, st.sampled_from([0, 0.1, 0.5, 1]), st.booleans()), max_size=10))
def test_any_connections_between_known_names_are_answered(drawn):
    """Whatever leads where: loops, endless or not, twins, ways to nowhere."""
    ways = [
        way(one, other, share=share) | ({"writes": 1} if other == "orders" else {}) for one, other, share, _ in drawn
    ]
    stated = FULL | {"connections": [*FULL["connections"], *ways]}
    try:
        architecture = parse(stated)
    except InvalidDocument as refused:
        pointers = [fault.pointer for fault in refused.faults]
        assert pointers == [one for one in pointers if one.startswith(("/connections/", "/components/"))]
        return
    assert estimate(architecture).total >= 0
    assert all(loop.gain >= 0 for loop in architecture.loops)
