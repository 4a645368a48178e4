"""Traffic along connections: worked numbers of every kind of edge, what is conserved, loops, and all readings."""

import tomllib
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from time import perf_counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calculator import InvalidDocument, component_types, estimate, explain, parse, sweep
from calculator.traffic.order import MAX_LOOPS
from pricing.catalogue.catalogue import component_type
from pricing.formula.language import known_zero
from pricing.formula.reading import as_decimal, as_text
from tests.helpers.flowing import (
    REST,
    SECONDS,
    chain,
    component,
    document,
    flow_of,
    function,
    inputs_of,
    is_carried,
    way,
)
from tests.helpers.sums import value_of

FILES = sorted((Path(__file__).parent / "flows").glob("*.toml"))
KNOWN = {"title", "document", "inputs", "why", "absent", "gains", "regions"}
DIGITS = 1e-9
# What a sentence says of a number has six digits.
TOLD = 1e-5


def _cases():
    for path in FILES:
        for case in tomllib.loads(path.read_text("utf-8"))["case"]:
            yield pytest.param(case, id=f"{path.stem}: {case['title']}")


CASES = list(_cases())


def near(value, rel=DIGITS):
    return pytest.approx(value, rel=rel, abs=1e-12)


# Worked cases


@pytest.mark.parametrize("case", CASES)
def test_case(case):
    assert set(case) <= KNOWN
    architecture = parse(REST | case["document"])
    got = {f"{one.name}.{name}": value for one in architecture.components for name, value in one.inputs.items()}
    assert {name: got.get(name) for name in case["inputs"]} == {
        n: v if isinstance(v, str) else near(v) for n, v in case["inputs"].items()
    }
    absent = case.get("absent", {})
    assert not set(absent.get("components", ())) & {one.name for one in architecture.components}
    assert not set(absent.get("inputs", ())) & set(got)
    heads = {architecture.components[loop.path[0]].name: loop.gain for loop in architecture.loops}
    assert heads == {name: near(gain) for name, gain in case.get("gains", {}).items()}
    regions = {one.name: one.region for one in architecture.components}
    assert case.get("regions", {}).items() <= regions.items()


@pytest.mark.parametrize("case", CASES)
def test_every_derived_input_comes_back_with_its_path(case):
    architecture = parse(REST | case["document"])
    told = {one.pointer: one for one in architecture.assumptions}
    places = enumerate(architecture.components)
    why = {}
    for index, one in places:
        # What follows from no connection is not set, and nobody need be told.
        for name in (name for name in one.derived if one.inputs[name] is not None):
            pointer = f"/hidden_lines/{one.name}/{name}" if one.hidden else f"/components/{index}/{name}"
            why[f"{one.name}.{name}"] = told[pointer].why
            assert told[pointer].value == one.inputs[name]
            assert told[pointer].unit == component_type(one.type).inputs[name].unit
    assert case.get("why", {}).items() <= why.items()
    assert len(told) == len(architecture.assumptions), "each input is explained once"


@pytest.mark.parametrize("case", CASES)
def test_the_path_of_an_input_is_a_sum_that_comes_out(case):
    architecture = parse(REST | case["document"])
    values = {f"{one.name}.{name}": value for one in architecture.components for name, value in one.inputs.items()}
    if architecture.traffic is not None:
        requests, peak = outside(architecture)
        values |= {"traffic.requests_per_month": requests, "traffic.peak_rps": peak}
    for assumption in architecture.assumptions:
        name, equals, terms = assumption.why.removesuffix(", without what comes back again and again").partition(" = ")
        if equals:
            parts = [term.split(" x ") for term in terms.split(" + ") if term != "0"]
            worked = sum(values[source] * float(times.replace(",", "")) for source, times in parts)
            assert worked == near(values[name], TOLD), assumption


def outside(architecture):
    """Requests of a month and of the busiest second, worked out again."""
    stated, seconds = architecture.traffic.inputs, architecture.month_hours * 3600
    times = max(architecture.traffic.weights) / (sum(architecture.traffic.weights) / len(architecture.traffic.weights))
    requests, peak = stated["requests_per_month"], stated["peak_rps"]
    if requests is None:
        return peak * seconds / times, peak
    return requests, requests / seconds * times if peak is None else peak


@pytest.mark.parametrize("case", CASES)
def test_every_reading_says_the_same(case):
    """Floats, exact Decimals, and formulas with units: every input and every connection."""
    architecture = parse(REST | case["document"])
    flow, exact, text = (flow_of(architecture, *reading) for reading in ((), (as_decimal,), (as_text,)))
    for values, decimals, formulas in zip(flow.inputs, exact.inputs, text.inputs, strict=True):
        for name, value in values.items():
            formula = getattr(formulas[name], "value", formulas[name])
            if isinstance(value, int | float) and not isinstance(value, bool):
                assert value == near(float(decimals[name])) == near(float(formula))
            else:
                assert value == decimals[name] == formula
    for link, decimal in zip(flow.carried, exact.carried, strict=True):
        assert (link.calls, link.peak_calls) == (near(float(decimal.calls)), near(float(decimal.peak_calls)))


@pytest.mark.parametrize("case", CASES)
def test_what_a_connection_brings_is_what_arrives(case):
    """Incoming calls are the input that counts them, where it is derived and no way back is left open."""
    architecture = parse(REST | case["document"])
    check_arrivals(architecture, flow_of(architecture))


def check_arrivals(architecture, flow, rel=DIGITS):
    open_ways = {loop.back for loop in architecture.loops if max(loop.gain, loop.peak_gain) >= 1}
    for index, one in enumerate(architecture.components):
        ways = [n for n, way in enumerate(architecture.connections) if way.target == index and not way.fills]
        for name, what in component_type(one.type).flow.takes.items():
            if what in ("calls", "peak_calls") and name in one.derived and not open_ways.intersection(ways):
                field = "peak_calls" if what == "peak_calls" else "calls"
                least, monthly = 0, component_type(one.type).inputs[name].mean_rate_of
                if monthly and monthly not in one.derived and flow.inputs[index].get(monthly) is not None:
                    least = flow.inputs[index][monthly] / SECONDS
                came = max(sum(getattr(flow.carried[n], field) for n in ways), least)
                assert flow.inputs[index][name] == near(came, rel)


def test_every_type_that_traffic_passes_says_so_in_units_that_fit():
    ends = {"calls": "/month", "writes": "/month", "reads": "/month", "gb": "GB/month", "response_gb": "GB/month"}
    ends |= {"written_gb": "GB/month", "read_gb": "GB/month"}
    ends |= {"both_gb": "GB/month", "both_ways_gb": "GB/month", "rule": ""}
    for type_name in component_types():
        known = component_type(type_name)
        for name, what in known.flow.takes.items():
            unit = known.inputs[name].unit
            wanted = "/s" if what.startswith("peak_") else ends.get(what, "KB")
            assert unit.endswith(wanted), (type_name, name, unit)
        for key in filter(None, (known.flow.leaves, known.flow.leaves_peak)):
            assert known.inputs[key].unit.endswith("/s" if key == known.flow.leaves_peak else "/month")
        # What writes logs or answers must be known to send something.
        if known.flow.logs or known.flow.as_source:
            assert known.flow.leaves, type_name


FED = [name for name in component_types() if "calls" in component_type(name).flow.takes.values()]


@pytest.mark.parametrize("type_name", FED)
def test_every_type_takes_what_it_says(type_name):
    """The smallest document that feeds it; what it cannot know besides is missing."""
    known = component_type(type_name)
    ways = [way("traffic", "f"), way("f" if is_carried("lambda_function", type_name) else "traffic", "c")]
    stated = {"name": "c", "type": type_name}
    for _ in known.inputs:
        try:
            flow = flow_of(architecture := parse(document([function("f"), stated], ways)))
            break
        except InvalidDocument as refused:
            names = [fault.pointer.removeprefix("/components/1/") for fault in refused.faults]
            stated |= {name: (known.inputs[name].choices or [1])[0] for name in names}
    calls = next(name for name, what in known.flow.takes.items() if what == "calls")
    assert flow.inputs[1][calls] == near(1_000_000)
    assert architecture.components[1].inputs[calls] == near(1_000_000)


# The issue's example, and other documents


EXAMPLE = document(
    [
        component("web", "http_api"),
        function("handler"),
        component("jobs", "sqs_queue"),
        function("worker", memory_mb=1024, timeout_s=30),
        component("orders", "dynamodb_table"),
    ],
    [
        way("traffic", "web"),
        way("web", "handler"),
        way("handler", "jobs", share=0.15, payload_kb=4),
        way("jobs", "worker", batch=10, batch_window_s=5, max_concurrency=20, failure_share=0.01, max_receive_count=5),
        way("worker", "orders", writes=2, reads=1),
    ],
    lines=True,
    traffic={"requests_per_month": 30_000_000, "peak_rps": 60, "shape": "business_hours"},
)


def test_the_example():
    got = inputs_of(EXAMPLE)
    per_s = 30_000_000 * 0.15 / SECONDS
    tries = 1 + 0.01 + 0.01**2 + 0.01**3 + 0.01**4
    # Five pollers gather for a window of 5 s and a call of 0.1 s.
    calls = 30_000_000 * 0.15 * tries / (per_s * tries * 5.1 / 5)
    assert got["jobs.messages"] == near(4_500_000)
    assert got["worker.requests"] == near(calls)
    # The writes and reads are meant for each message, and are made again with each attempt.
    messages = 4_500_000 * tries
    assert (got["orders.writes"], got["orders.reads"]) == (near(2 * messages), near(messages))
    assert got["orders.peak_write_rps"] == near(2 * 60 * 0.15 * tries)
    assert got["logs.ingested_gb"] == near((30_000_000 + calls) / 1024**2)


def test_what_is_derived_is_priced_and_explained():
    architecture = parse(EXAMPLE)
    answer = estimate(architecture)
    lines = {f"{line.component} {line.meter}": line.usage for line in answer.line_items}
    assert lines["web http_api.requests"] == near(30_000_000)
    assert lines["worker lambda_function.requests_x86"] == near(architecture.components[3].inputs["requests"])
    stated = {"name": "w", "type": "lambda_function", "duration_ms": 100, "memory_mb": 1024}
    alone = estimate(
        parse(REST | {"components": [stated | {"requests": lines["worker lambda_function.requests_x86"]}]})
    )
    assert alone.line_items[0].usage == lines["worker lambda_function.requests_x86"]


# Lines with a sum in them that is worked out here; what was filled is itself a number.
SUMS = {"web": 0, "handler": 2, "jobs": 1, "worker": 2, "orders": 4, "logs": 2, "internet": 0}


@pytest.mark.parametrize("name", SUMS)
def test_the_sums_of_a_derived_line_come_out(name):
    architecture = parse(EXAMPLE)
    text = explain(architecture, name)
    checked = 0
    for row in text.splitlines():
        left, _, right = row.strip().rpartition(" = ")
        if row.startswith("  ") and left and "free (" not in row and "tier" not in row and ": " not in left:
            assert float(value_of(left)) == near(float(value_of(right)), 1e-8), row
            checked += 1
    assert checked == SUMS[name]
    component = next(one for one in architecture.components if one.name == name)
    derived = [one for one in component.derived if component.inputs[one] is not None]
    assert sum(row.count(f": {name}.") or row.endswith(f"leaves {name}") for row in text.splitlines()) == len(derived)


def test_an_explanation_does_not_grow_with_the_ways_that_lead_there():
    """Thirty diamonds, one behind another: a billion ways from the first component to the last."""
    components, ways = [function("j0")], [way("traffic", "j0")]
    for number in range(30):
        top, left, right, end = f"j{number}", f"l{number}", f"r{number}", f"j{number + 1}"
        components += [function(left), function(right), function(end)]
        ways += [way(top, left, share=0.5), way(top, right, share=0.5), way(left, end), way(right, end)]
    architecture = parse(document(components, ways))
    assert len(explain(architecture, "j30")) < 5000
    assert architecture.components[-1].inputs["requests"] == near(1_000_000)


def test_peak_below_the_busiest_hour_is_a_fault_at_the_peak():
    stated = {"requests_per_month": 26_280_000, "peak_rps": 36.2, "shape": "business_hours"}
    with pytest.raises(InvalidDocument) as refused:
        parse(document([function("f")], [way("traffic", "f")], traffic=stated))
    (fault,) = refused.value.faults
    assert fault.pointer == "/traffic/peak_rps"
    assert "36.2069" in fault.detail
    assert parse(document([function("f")], [way("traffic", "f")], traffic=stated | {"peak_rps": 36.207}))


def test_a_week_of_weights_is_a_week():
    weights = [1] * 167 + [169]
    stated = {"requests_per_month": 26_280_000, "shape": weights}
    assert inputs_of(document([function("f")], [way("traffic", "f")], traffic=stated))["f.peak_rps"] == near(845)
    assert parse(document([function("f")], [way("traffic", "f")], traffic=stated)).traffic.weights[0] == near(1 / 169)


# Laws: acyclic documents of functions, queues, topics and streams

SHARES = st.integers(0, 1000).map(lambda n: n / 1000)
FAILING = st.integers(0, 990).map(lambda n: n / 1000)
TYPES_OF_LINKS = ["lambda_function", "http_api", "sqs_queue", "sns_topic", "event_bus", "state_machine", "iot_core"]


@st.composite
def acyclic(draw, types=TYPES_OF_LINKS, most=7):
    """Components that send to later ones, by shares; every one is reached by the traffic or by another."""
    kinds = [draw(st.sampled_from(types)) for _ in range(draw(st.integers(1, most)))]
    components = [stub(f"c{number}", kind) for number, kind in enumerate(kinds)]
    ways = [way("traffic", "c0")]
    for target in range(1, len(kinds)):
        sources = draw(st.lists(st.integers(0, target - 1), min_size=1, max_size=3, unique=True))
        sources = [source for source in sources if is_carried(kinds[source], kinds[target])]
        for source in sources:
            said = {"share": draw(SHARES), "calls": draw(st.sampled_from([1, 1, 2, 5]))}
            ways.append(way(f"c{source}", f"c{target}", **said))
        if draw(st.booleans()) or not sources:
            ways.append(way("traffic", f"c{target}", share=draw(SHARES)))
    return components, ways


def stub(name, kind):
    # A function of no duration is never busy, so messages come one by one whatever the rate.
    extra = {"lambda_function": {"duration_ms": 0}, "state_machine": {"duration_ms": 0, "transitions": 4}}
    extra["iot_core"] = {"devices": 10}
    return component(name, kind, **extra.get(kind, {}))


def linear_twin(architecture, requests):
    """What leaves each component of a document whose connections are shares: plain loops in Decimal."""
    left = [Decimal(0)] * len(architecture.components)
    outgoing = dict.fromkeys(range(len(architecture.connections)), Decimal(0))
    for target in range(len(architecture.components)):
        for number, connection in enumerate(architecture.connections):
            if connection.target == target:
                source = Decimal(requests) if connection.source is None else left[connection.source]
                said = connection.inputs
                outgoing[number] = source * Decimal(str(said["share"])) * Decimal(str(said["calls"]))
                left[target] += outgoing[number]
    return left, outgoing


@settings(max_examples=150)
@given(acyclic(), st.integers(0, 10**9))
def test_what_comes_in_goes_on_or_is_filtered(drawn, requests):
    architecture = parse(document(*drawn, requests=requests))
    flow = flow_of(architecture)
    left, outgoing = linear_twin(architecture, requests)
    assert [link.calls for link in flow.carried] == [near(float(outgoing[number])) for number in sorted(outgoing)]
    for index, one in enumerate(architecture.components):
        assert flow.inputs[index][component_type(one.type).flow.leaves] == near(float(left[index]))
        for number, connection in enumerate(architecture.connections):
            share = connection.inputs["share"] * connection.inputs["calls"]
            if connection.source == index and share:
                assert flow.carried[number].calls / share == near(float(left[index]))
    check_arrivals(architecture, flow)


@settings(max_examples=60)
@given(acyclic(), st.integers(1, 10**9), st.integers(1, 100))
def test_traffic_times_k_is_everything_times_k(drawn, requests, times):
    once = flow_of(parse(document(*drawn, traffic={"requests_per_month": requests, "peak_rps": requests})))
    scaled = {"requests_per_month": requests * times, "peak_rps": requests * times}
    more = flow_of(parse(document(*drawn, traffic=scaled)))
    for one, other in zip(once.carried, more.carried, strict=True):
        assert (other.calls, other.peak_calls) == (near(one.calls * times), near(one.peak_calls * times))


@settings(max_examples=60)
@given(acyclic(), st.integers(1, 10**9), st.integers(1, 10**9))
def test_two_sources_add_up(drawn, first, second):
    """What two functions start is what each would start alone."""
    components, ways = drawn
    ticks = [function(f"tick{n}", requests=calls) for n, calls in enumerate((first, second))]
    entered = [one for one in ways if one["from"] == "traffic"]
    ways = [one for one in ways if one not in entered]
    started = [[one | {"from": tick["name"]} for one in entered] for tick in ticks]
    together = document([*components, *ticks], [*ways, *started[0], *started[1]], requests=None)
    alone = [
        document([*components, tick], [*ways, *begun], requests=None)
        for tick, begun in zip(ticks, started, strict=True)
    ]
    flow, (one, other) = flow_of(parse(together)), [flow_of(parse(each)) for each in alone]
    for number in range(len(ways)):
        assert flow.carried[number].calls == near(one.carried[number].calls + other.carried[number].calls)


@settings(max_examples=150)
@given(
    FAILING,
    st.integers(1, 12),
    st.integers(1, 10_000_000),
    st.integers(1, 1000),
    st.sampled_from([0, 1, 5, 300]),
)
def test_messages_succeed_or_are_dead_letters(failure, most, messages, batch, window):
    said = {"failure_share": failure, "max_receive_count": most, "batch": batch, "batch_window_s": window}
    components = [component("jobs", "sqs_queue"), function("worker"), component("dead", "sqs_queue")]
    ways = [way("traffic", "jobs"), way("jobs", "worker", **said), way("jobs", "dead", dead_letter=True)]
    got = inputs_of(document(components, ways, requests=messages))
    share = Decimal(str(failure))
    tries = 1 + sum(share**attempt for attempt in range(1, most))
    dead = messages * share**most
    # Five pollers, each gathering while its window and then a call of 0.1 s last.
    each = min(batch, max(1, messages * float(tries) / SECONDS * (window + 0.1) / 5))
    assert got["worker.requests"] == near(float(messages * tries) / each)
    assert got["dead.messages"] == near(float(dead))
    # The last attempts that succeed are of the messages that are not dead.
    assert float(messages * tries * (1 - share) + dead) == near(messages)
    assert got["worker.requests"] * each == near(float(messages * (1 - share**most) / (1 - share)))
    received = messages * float(tries) / min(each, 10)
    assert got["jobs.empty_receives"] == near(max(5 * SECONDS / 20 - received, 0), 1e-7)


@settings(max_examples=60)
@given(st.integers(1, 10**9), st.integers(1, 500), st.sampled_from([0, 0.1, 1, 60]), st.integers(1, 50))
def test_bytes_that_go_in_come_out(requests, batch, window, concurrency):
    """A batch is larger by what is in it, whether a window or a lack of executions has made it."""
    said = {"batch": batch, "batch_window_s": window, "max_concurrency": concurrency}
    components = [component("jobs", "sqs_queue"), function("worker", duration_ms=1000)]
    stated = document(
        components, [way("traffic", "jobs", payload_kb=3), way("jobs", "worker", **said)], requests=requests
    )
    link = flow_of(parse(stated)).carried[1]
    worked_on = min(requests, concurrency * batch * SECONDS)
    assert link.calls * link.payload_kb == near(worked_on * 3)


# Loops


@st.composite
def with_loops(draw):
    """Functions that call each other anyhow, each at most 0.95 times: every loop ends."""
    count = draw(st.integers(1, 6))
    pairs = draw(st.lists(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)), max_size=12, unique=True))
    shares = [draw(st.integers(0, 950)) for _ in pairs]
    leaving = [sum(share for share, pair in zip(shares, pairs, strict=True) if pair[0] == n) for n in range(count)]
    ways = [
        way(f"c{source}", f"c{target}", share=share / 1000 * min(1, 950 / (leaving[source] or 1)))
        for share, (source, target) in zip(shares, pairs, strict=True)
    ]
    entered = draw(st.lists(st.integers(0, count - 1), min_size=1, unique=True))
    doors = [way("traffic", f"c{target}", share=draw(SHARES)) for target in entered]
    return [function(f"c{n}") for n in range(count)], [*doors, *ways]


def unrolled(architecture, requests, steps):
    """The traffic sent round and round: the slow twin."""
    count = len(architecture.components)
    passed, wave = np.zeros(count), np.zeros(count)
    matrix = np.zeros((count, count))
    for connection in architecture.connections:
        share = connection.inputs["share"] * connection.inputs["calls"]
        if connection.source is None:
            wave[connection.target] += requests * share
        else:
            matrix[connection.target, connection.source] += share
    for _ in range(steps):
        passed += wave
        wave = matrix @ wave
    return passed


@settings(max_examples=200)
@given(with_loops(), st.integers(1, 10**9))
def test_a_loop_is_what_goes_round_and_round(drawn, requests):
    components, ways = drawn
    reached = {one["to"] for one in ways}
    components = [one if one["name"] in reached else one | {"requests": 0} for one in components]
    architecture = parse(document(components, ways, requests=requests))
    flow = flow_of(architecture)
    passed = unrolled(architecture, requests, 1000)
    assert all(0 <= loop.gain < 1 for loop in architecture.loops)
    for index in range(len(components)):
        assert flow.inputs[index]["requests"] == near(passed[index], 1e-6)
        assert flow.inputs[index]["peak_rps"] == near(passed[index] / SECONDS, 1e-6)
    check_arrivals(architecture, flow)


@settings(max_examples=30)
@given(with_loops())
def test_every_reading_of_a_loop_says_the_same(drawn):
    components, ways = drawn
    reached = {one["to"] for one in ways}
    components = [one if one["name"] in reached else one | {"requests": 0} for one in components]
    architecture = parse(document(components, ways))
    flow, exact = flow_of(architecture), flow_of(architecture, as_decimal)
    for link, decimal in zip(flow.carried, exact.carried, strict=True):
        assert link.calls == near(float(decimal.calls), 1e-8)


def test_two_ways_back_to_one_component_are_one_gain():
    components = [function("a"), function("b"), function("c")]
    back = [way("b", "a", share=0.6), way("c", "a", share=0.6)]
    ways = [way("traffic", "a"), way("a", "b", share=0.5), way("a", "c", share=0.5), *back]
    architecture = parse(document(components, ways))
    assert [loop.gain for loop in architecture.loops] == [near(0.6), near(0.6)]
    assert architecture.components[0].inputs["requests"] == near(2_500_000)


@pytest.mark.parametrize(("share", "endless"), [(0.999, False), (1, True), (1.0, True)])
def test_a_loop_without_end_is_left_open(share, endless):
    ways = [way("traffic", "a"), way("a", "b"), way("b", "a", share=share), way("b", "c")]
    architecture = parse(document([function("a"), function("b"), function("c")], ways))
    (loop,) = architecture.loops
    assert (loop.back, loop.path, loop.gain) == (2, (0, 1), near(share))
    assert architecture.components[2].inputs["requests"] == near(1_000_000 if endless else 1_000_000_000)
    assert estimate(architecture).total > 0


def test_an_endless_loop_within_one_that_ends():
    """The inner loop is left open; the outer one is what it is without it."""
    ways = [way("traffic", "a"), way("a", "b"), way("b", "b", calls=2), way("b", "a", share=0.5)]
    architecture = parse(document([function("a"), function("b")], ways))
    gains = {loop.path: loop.gain for loop in architecture.loops}
    assert gains == {(1,): 2, (0, 1): 0.5}
    assert architecture.components[0].inputs["requests"] == near(2_000_000)


def test_batches_that_grow_with_what_comes_back():
    """Messages are written again, and the more there are, the larger are the batches: nothing is left over."""
    components = [component("jobs", "sqs_queue"), function("worker")]
    back = way("worker", "jobs", share=0.2, calls=3, per="call")
    ways = [way("traffic", "jobs"), way("jobs", "worker", batch=10, batch_window_s=2), back]
    architecture = parse(document(components, ways, requests=SECONDS))
    # With m messages a second: batches of 2.1 m / 5, so 5 / 2.1 calls a second, and 3 / 2.1 messages of them.
    assert architecture.components[0].inputs["messages"] == near((1 + 3 / 2.1) * SECONDS)
    check_arrivals(architecture, flow_of(architecture))


@settings(max_examples=200)
@given(
    st.integers(1, 10**8),
    st.integers(1, 100),
    st.sampled_from([0, 0.1, 1, 10]),
    st.integers(0, 900).map(lambda n: n / 1000),
    st.integers(1, 6),
)
def test_what_comes_back_through_batches(requests, batch, window, share, calls):
    """The equation of the queue: what comes in is the traffic and what the calls send back; solved by bisection."""
    back = way("worker", "jobs", share=share, calls=calls, per="call")
    ways = [way("traffic", "jobs"), way("jobs", "worker", batch=batch, batch_window_s=window), back]
    worker = function("worker", duration_ms=0)
    architecture = parse(document([component("jobs", "sqs_queue"), worker], ways, requests=requests))

    def lacking(messages):
        return requests + messages / min(batch, max(1, messages / SECONDS * window / 5)) * share * calls - messages

    low, high = float(requests), 1e15
    if architecture.loops[0].gain >= 1 or lacking(high) > 0:
        return
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if lacking(middle) > 0 else (low, middle)
    got = architecture.components[0].inputs["messages"]
    assert abs(lacking(got)) <= 1e-6 * got


def test_more_loops_than_anyone_follows_are_refused():
    names = [f"f{number}" for number in range(MAX_LOOPS + 1)]
    components = [function(name) for name in names]
    ways = [way("traffic", name) for name in names]
    itself = [way(name, name, share=0.5) for name in names]
    assert len(parse(document(components, [*ways, *itself[1:]])).loops) == MAX_LOOPS
    with pytest.raises(InvalidDocument) as refused:
        parse(document(components, [*ways, *itself]))
    assert [fault.pointer for fault in refused.value.faults] == ["/connections"]


# Large documents


def timed(stated):
    begun = perf_counter()
    flow_of(parse(stated))
    return perf_counter() - begun


def test_a_thousand_components_in_a_chain():
    stated = chain(1000)
    architecture = parse(stated)
    assert architecture.components[-1].inputs["requests"] == near(1_000_000)
    assert [one.source for one in architecture.connections[1:]] == list(range(999))
    assert architecture.order == tuple(range(1000))
    assert explain(architecture, "f999").endswith("a month")
    assert sweep(architecture, {"traffic.requests_per_month": [0, 1e6]}).totals[1] > 0


def test_time_grows_with_the_size_and_not_with_its_square():
    timed(chain(50))
    small, large = (min(timed(chain(length)) for _ in range(3)) for length in (100, 1000))
    assert large < 30 * small


def test_as_many_connections_as_may_be():
    components = [function(f"f{number}") for number in range(1000)]
    ways = [way("traffic", f"f{number}") for number in range(5)]
    ways += [way(f"f{number}", f"f{number + step}", share=0.2) for number in range(995) for step in range(1, 2)]
    ways += [way(f"f{one}", f"f{other}", share=0.2) for one, other in pairwise(range(995, 1000))]
    ways += [way("traffic", "f999", share=0.5)] * (2000 - len(ways))
    begun = perf_counter()
    architecture = parse(document(components, ways))
    assert len([one for one in architecture.connections if not one.fills]) == 2000
    assert perf_counter() - begun < 20
    with pytest.raises(InvalidDocument) as refused:
        parse(document(components, [*ways, way("traffic", "f0")]))
    assert [fault.pointer for fault in refused.value.faults] == ["/connections"]


def test_many_loops_in_one_circle_end_in_time():
    """A ring of three hundred with nineteen ways back, and its own."""
    components = [function(f"f{number}") for number in range(300)]
    ring = [way(f"f{number}", f"f{(number + 1) % 300}", share=0.99) for number in range(300)]
    back = [way(f"f{number * 15 + 14}", f"f{number * 15}", share=0.01) for number in range(19)]
    begun = perf_counter()
    architecture = parse(document(components, [way("traffic", "f0"), *ring, *back]))
    assert perf_counter() - begun < 20
    passed = unrolled(architecture, 1_000_000, 20_000)
    assert [one.inputs["requests"] for one in architecture.components] == [near(value, 1e-5) for value in passed]


# Sweeps

SWEPT = [0, 1, 999_999.5, 2e6, 1e9]


@pytest.mark.parametrize(
    "case", [case for case in CASES if "peak_rps" not in case.values[0]["document"].get("traffic", {"peak_rps": 0})]
)
def test_a_sweep_over_the_traffic_is_many_estimates(case):
    stated = REST | case["document"]
    architecture = parse(stated)
    swept = sweep(architecture, {"traffic.requests_per_month": SWEPT})
    for requests, total, feasible in zip(SWEPT, swept.totals, swept.feasible, strict=True):
        one = estimate(parse(stated | {"traffic": stated["traffic"] | {"requests_per_month": requests}}))
        assert total == pytest.approx(one.total, rel=1e-8, abs=1e-10)  # the estimate rounds to ten decimals
        assert feasible == (not one.violations)


def test_a_sweep_of_a_derived_input_states_it():
    architecture = parse(chain(3))
    swept = sweep(architecture, {"f1.requests": [0, 5e6]})
    stated = chain(3)
    stated["components"][1] |= {"requests": 5_000_000}
    assert swept.totals[1] == near(estimate(parse(stated)).total)


def test_usage_that_follows_from_no_traffic_is_nothing():
    architecture = parse(
        document(
            [component("jobs", "sqs_queue"), function("f")], [way("traffic", "jobs"), way("jobs", "f")], requests=0
        )
    )
    flow = flow_of(architecture)
    assert all(known_zero(link.calls) for link in flow.carried)
    assert architecture.components[0].inputs["empty_receives"] == near(5 * SECONDS / 20)


@settings(max_examples=60)
@given(
    st.lists(st.integers(0, 600), min_size=4, max_size=4),
    st.lists(st.sampled_from(["call", "message"]), min_size=4, max_size=4),
    st.sampled_from([0, 5]),
    st.sampled_from([1000, 2_628_000, 26_280_000, 10**9]),
)
def test_queues_in_loops_hold_what_comes_to_them(shares, per, window, requests):
    """Whatever unit the ways back count in: messages of a queue are those that its connections bring."""
    components = [component("q1", "sqs_queue"), function("f"), component("q2", "sqs_queue"), function("g")]
    ends = [("f", "q1"), ("f", "q2"), ("g", "q1"), ("g", "q2")]
    back = [way(*pair, share=share / 1000, per=unit) for pair, share, unit in zip(ends, shares, per, strict=True)]
    there = [way("q1", "f", batch=10, batch_window_s=window), way("q2", "g", batch=5, batch_window_s=2)]
    architecture = parse(document(components, [way("traffic", "q1"), *there, *back], requests=requests))
    if all(max(loop.gain, loop.peak_gain) < 0.9 for loop in architecture.loops):
        check_arrivals(architecture, flow_of(architecture), 1e-5)
