"""Laws of traffic and money over random architectures: what holds whatever is connected to what."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from calculator import InvalidDocument, component_type, estimate, parse, sweep
from tests.helpers.documents import AS_OF
from tests.helpers.flowing import flow_of
from tests.helpers.lawful import chains, flowing
from tests.test_pairs import CASES, connected

EXAMPLES = 150
# Floats, over some hundred lines.
RELATIVE = 1e-9
MS_PER_MONTH = 730 * 3600 * 1000
MOST_EXECUTIONS = 1250
KB_PER_GB = 1024**2
SWEPT_PEAK = 50


def near(number, *, scale=1):
    return pytest.approx(number, rel=RELATIVE, abs=1e-12 * max(scale, 1))


def readable(document):
    try:
        return parse(document)
    except InvalidDocument:
        assume(False)


def origins(architecture):
    return {one.pointer: one.origin for one in architecture.assumptions}


def values(architecture):
    return {one.pointer: one.value for one in architecture.assumptions}


def is_endless(architecture):
    return any(max(loop.gain, loop.peak_gain) >= 1 for loop in architecture.loops)


@settings(max_examples=EXAMPLES)
@given(flowing())
def test_a_bill_never_falls_because_something_was_added(pair):
    """But where what follows from a connection takes the place of a default, and is told.

    What comes back over an endless loop is not counted.
    """
    before, after = map(readable, pair)
    assume(not is_endless(before))
    assume(not is_endless(after))
    defaults = {pointer for pointer, origin in origins(before).items() if origin == "default"}
    replaced = {pointer for pointer in defaults & origins(after).keys() if origins(after)[pointer] != "default"}
    assert {pointer for pointer in defaults - origins(after).keys() if pointer.startswith("/components/")} == set()
    assert all(origins(after)[pointer] == "derived" for pointer in replaced)
    assume(not any(values(after)[pointer] != values(before)[pointer] for pointer in replaced))
    less, more = estimate(before).total, estimate(after).total
    assert more >= less - RELATIVE * max(less, 1)


@settings(max_examples=EXAMPLES)
@given(flowing(), st.sampled_from([2, 2.5]))
def test_twice_the_traffic_never_costs_less_nor_has_more_headroom(pair, times):
    document = pair[1]
    traffic = document["traffic"]
    twice = document | {"traffic": traffic | {"requests_per_month": traffic["requests_per_month"] * times}}
    before, after = map(readable, (document, twice))
    assume(not is_endless(before))
    assume(not is_endless(after))
    one, two = estimate(before), estimate(after)
    assert two.total >= one.total - RELATIVE * max(one.total, 1)
    if one.growth.multiple is not None:
        assert two.growth.multiple is not None
        assert two.growth.multiple <= one.growth.multiple


def failing(way, carried):
    """Share of the messages of an attempt that fail: all of a batch, or the one that it is about."""
    return way["failure_share"] / carried.batch if way.get("partial_batch_response") else way["failure_share"]


def attempts_of(way):
    """Attempts that are made at most; None: without end."""
    if way.get("max_retries") is not None:
        return way["max_retries"] + 1
    return way.get("max_receive_count")


def executions(architecture, way, carried):
    """Executions that the function at the end of a connection has at one time."""
    duration_ms = next(one.inputs["duration_ms"] for one in architecture.components if one.name == way["to"])
    return carried.calls * duration_ms / MS_PER_MONTH


@settings(max_examples=EXAMPLES)
@given(chains())
def test_no_message_is_lost_or_made_up(document):
    """What comes into a buffer is worked on, filtered out, expired, or a dead letter; what is worked on goes on.

    A function sends for each attempt: AWS runs all of it again where it fails.
    """
    architecture = parse(document)
    flow, names = flow_of(architecture), [one.name for one in architecture.components]
    carried = list(zip(document["connections"], flow.carried, strict=False))
    delivered = {}
    for way, one in carried:
        if way["from"] in delivered:
            calls, messages = delivered[way["from"]]
            assert one.calls == near((messages if way["per"] == "message" else calls) * way["share"] * way["calls"])
        if one.target_type != "lambda_function":
            assert way.get("dead_letter") or one.calls == near(held(flow, names.index(way["to"]), one.target_type))
            continue
        taken = held(flow, names.index(way["from"]), one.source_type) * way["share"]
        failed, most = failing(way, one), attempts_of(way)
        lost = 0 if most is None else failed**most
        expired = taken * (1 - lost) - one.calls * one.batch * (1 - failed)
        # What cannot be worked on in time expires: the mapping has all the executions that it may have.
        assert expired == near(0, scale=taken) or executions(architecture, way, one) == near(MOST_EXECUTIONS)
        dead = [other.calls for beside, other in carried if beside.get("dead_letter") and beside["from"] == way["from"]]
        assert dead == [near(taken * lost, scale=taken)] * len(dead)
        delivered[way["to"]] = (one.calls, one.calls * one.batch)


def held(flow, index, kind):
    """Messages of a month in a buffer."""
    return flow.inputs[index][component_type(kind).flow.leaves]


DOORS = {
    "rest": {"type": "rest_api"},
    "http": {"type": "http_api"},
    "graph": {"type": "appsync_api"},
    "balancer": {"type": "load_balancer"},
    "url": {"type": "lambda_function", "duration_ms": 50, "function_url": True},
}


def internet_gb(document):
    lines = [line for line in estimate(parse(document)).line_items if line.meter == "data_transfer.internet_out"]
    return sum(line.usage for line in lines)


@settings(max_examples=EXAMPLES)
@given(st.sampled_from([1000, 10**7, 10**10]), st.sampled_from([0, 1, 3.5, 900]), st.sampled_from([1, 0.25]))
def test_every_door_sends_the_same_answers_to_the_internet(requests, response_kb, share):
    """By whichever door the same traffic comes in, as many bytes go out: once, and none behind it."""
    rest = {"region": "us-east-1", "as_of": AS_OF, "account": {"free_tier": "none"}}
    traffic = {"requests_per_month": requests, "payload_kb": 2, "response_kb": response_kb}
    behind = {"name": "f", "type": "lambda_function", "duration_ms": 50}
    for name, said in DOORS.items():
        ways = [{"from": "traffic", "to": name, "share": share}, {"from": name, "to": "f", "invocation": "sync"}]
        ways[1:] = ways[1:] if name == "url" else [{"from": name, "to": "f"}]
        document = rest | {"traffic": traffic, "components": [{"name": name, **said}, behind], "connections": ways}
        assert internet_gb(document) == pytest.approx(requests * share * response_kb / KB_PER_GB, abs=1e-9), name


@pytest.mark.parametrize("case", [pytest.param(case, id=case["pair"]) for case in CASES])
def test_a_sweep_through_every_pair_is_many_estimates(case):
    """With hidden lines; what initializes nothing."""
    document = connected(case).document | {"hidden_lines": {}, "unpriced": "list"}
    requests = document["traffic"]["requests_per_month"]
    swept = [requests, 3 * requests, 0, requests / 7]
    answer = sweep(
        parse(document), {"traffic.requests_per_month": swept, "traffic.peak_rps": [SWEPT_PEAK] * len(swept)}
    )
    for total, each in zip(answer.totals, swept, strict=True):
        traffic = {"requests_per_month": each, "peak_rps": SWEPT_PEAK}
        assert total == pytest.approx(estimate(parse(document | {"traffic": traffic})).total, rel=1e-9, abs=1e-9)
