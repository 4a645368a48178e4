"""How far traffic can grow: every multiple against documents with so many times the traffic, read anew."""

import tomllib
from math import isfinite
from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calculator import limits, parse
from calculator.document.fields import MAX_QUANTITY
from calculator.limits.checks import violated
from calculator.limits.growth import MOST, multiples
from calculator.limits.measured import measured
from pricing.catalogue.catalogue import component_type
from pricing.formula.reading import as_float
from tests.helpers.flowing import REST, SECONDS, component, document, function, way

CASES = Path(__file__).parent / "cases"
FLOWS = Path(__file__).parent / "flows"
# Multiples at which everything is looked at: what holds, holds below, and what is broken, is broken above.
SCANNED = (0.001, 0.03, 0.3, 0.7, 0.999, 1.001, 1.2, 2.3, 5.0, 17.0, 170.0, 2300.0, 91_000.0, 999_999.0)
BESIDE = 1e-7
# With hardly any traffic.
LEAST = 1e-9


def scaled(stated, times):
    """The document with so many times the traffic: from outside, and every quantity that grows with it."""
    architecture = parse(stated)
    components, starting = [], {one["from"] for one in stated.get("connections", [])}
    for said, one in zip(stated["components"], architecture.components, strict=False):
        if one.type == "schedule" and one.name in starting:
            components.append(said)
            continue
        known = component_type(one.type).inputs
        free = {
            name: value for name, value in one.inputs.items() if known[name].grows and isinstance(value, int | float)
        }
        grown = {name: value * times for name, value in free.items() if name not in one.derived | one.mean_rates.keys()}
        components.append(said | grown)
    more = {"components": components}
    clocks = {one["name"] for one in stated["components"] if one["type"] == "schedule"}
    if "connections" in stated:
        more["connections"] = [
            one | {"calls": one.get("calls", 1) * times} if one["from"] in clocks else one
            for one in stated["connections"]
        ]
    if "traffic" in stated:
        said = stated["traffic"]
        rates = ("requests_per_month", "peak_rps", "burst_rps")
        more["traffic"] = said | {name: said[name] * times for name in rates if name in said}
    return stated | more


def largest(stated):
    """The largest quantity that is said, or 1."""
    said = [value for one in [*stated["components"], stated.get("traffic", {})] for value in one.values()]
    return max([1, *(value for value in said if isinstance(value, int | float))])


def checks_of(stated):
    """The checks of a document by quota, components and region."""
    checks = measured(parse(stated), as_float).checks
    return {(check.quota.full_name, check.components, check.region): check for check in checks}


def found_in(stated):
    architecture = parse(stated)
    checks = measured(architecture, as_float).checks
    keys = [(check.quota.full_name, check.components, check.region) for check in checks]
    assert len(set(keys)) == len(keys)
    return dict(zip(keys, (one.times for one in multiples(architecture, checks)), strict=True))


def check_against_scan(stated, points=SCANNED):
    """At every point a check is broken just where its multiple says so, and just beside the multiple it turns."""
    found = found_in(stated)
    now, without = checks_of(stated), checks_of(scaled(stated, LEAST))
    points = [times for times in points if times * largest(stated) <= MAX_QUANTITY]
    beside = {times * (1 + by) for times in found.values() if times and times < MOST / 2 for by in (-BESIDE, BESIDE)}
    for times in sorted({*points, *(times for times in beside if times * largest(stated) <= MAX_QUANTITY)}):
        for key, check in checks_of(scaled(stated, times)).items():
            multiple = found[key]
            if multiple is None:
                assert violated(check) == violated(now[key]), (key, times)
                assert violated(now[key]) == violated(without[key])
            elif abs(times - multiple) > BESIDE / 2 * multiple:
                assert violated(check) == (times > multiple), (key, times, multiple, check.demand, check.limit)
    return found


def of(found, quota):
    """The multiples of one quota."""
    return [multiple for (name, _, _), multiple in found.items() if name.rpartition(".")[2] == quota]


def flat(*components, **stated):
    return REST | {"components": list(components)} | stated


# Kinds of demands


def test_a_demand_in_proportion():
    """26,280,000 requests are 10 a second; for 20 s each they are 200 executions of 1,000."""
    found = check_against_scan(flat(function("f", requests=26_280_000, duration_ms=20_000, timeout_s=30)))
    assert of(found, "lambda_concurrency_account") == [pytest.approx(5)]
    assert of(found, "lambda_memory_max") == [None]


def test_a_demand_of_the_account_as_a_whole():
    components = [function(f"f{n}", requests=2_628_000 * n, duration_ms=10_000, timeout_s=30) for n in range(1, 5)]
    found = check_against_scan(flat(*components))
    assert of(found, "lambda_concurrency_account") == [pytest.approx(10)]


def test_what_is_too_much_already_says_how_much_of_it_holds():
    found = check_against_scan(flat(function("f", requests=262_800_000, duration_ms=20_000, timeout_s=30)))
    assert of(found, "lambda_concurrency_account") == [pytest.approx(0.5)]
    answer = limits(parse(flat(function("f", requests=262_800_000, duration_ms=20_000, timeout_s=30))))
    assert answer.headroom[0].multiple == pytest.approx(0.5)
    assert "at most 0.5 times the traffic holds" in answer.growth.text


def test_what_no_traffic_mends_comes_first():
    answer = limits(
        parse(flat(function("f", requests=262_800_000, duration_ms=20_000, timeout_s=30, memory_mb=20_000)))
    )
    assert (answer.growth.multiple, answer.growth.quota) == (0, "lambda_memory_max")
    assert answer.growth.text.startswith("broken whatever the traffic")


def test_a_least_value_holds_or_does_not_whatever_the_traffic():
    queue = component("jobs", "sqs_queue", messages=1000)
    held, broken = (check_against_scan(flat(queue | {"retention_s": seconds})) for seconds in (60, 59))
    assert of(held, "sqs_retention_min") == of(broken, "sqs_retention_min") == [None]
    assert limits(parse(flat(queue | {"retention_s": 59}))).growth.quota == "sqs_retention_min"


def test_a_demand_that_a_setting_holds_back():
    """However many messages wait, 20 executions are 20 executions: the function's account limit never breaks."""
    components = [component("jobs", "sqs_queue"), function("worker", duration_ms=1000, timeout_s=30)]
    ways = [way("traffic", "jobs"), way("jobs", "worker", max_concurrency=20)]
    found = check_against_scan(document(components, ways))
    assert of(found, "lambda_concurrency_account") == [None]
    free = [way("traffic", "jobs"), way("jobs", "worker")]
    # Ten messages a call by then, and 1,000,000 / 2,628,000 of them in a second.
    assert of(check_against_scan(document(components, free)), "lambda_concurrency_account") == [pytest.approx(26_280)]


def test_a_demand_that_rests_while_batches_fill():
    """A FIFO queue of 3,000 messages and 300 calls a second: with a window the calls come later than the messages."""
    components = [component("jobs", "sqs_queue", fifo=True, send_batch=10), function("worker", timeout_s=30)]
    ways = [way("traffic", "jobs"), way("jobs", "worker", batch=10, batch_window_s=1)]
    found = check_against_scan(document(components, ways, requests=26_280_000))
    assert of(found, "sqs_fifo_msgs_batched") == [pytest.approx(300)]
    assert of(found, "sqs_fifo_tps") == [pytest.approx(300)]
    # A window of a hundredth of a second gathers ten only from a thousand a second on.
    ways[1]["batch_window_s"] = 0.01
    assert of(check_against_scan(document(components, ways, requests=26_280_000)), "sqs_fifo_tps") == [
        pytest.approx(300)
    ]


def test_a_loop_uses_up_the_limit_sooner():
    ways = [way("traffic", "f"), way("f", "f", share=0.75)]
    found = check_against_scan(document([function("f", duration_ms=1000)], ways, requests=2_628_000))
    assert of(found, "lambda_concurrency_account") == [pytest.approx(250)]


def test_limits_of_the_account_that_are_said():
    stated = flat(
        function("f", requests=26_280_000, duration_ms=1000), account={"quotas": {"lambda_concurrency_account": 30}}
    )
    assert of(check_against_scan(stated), "lambda_concurrency_account") == [pytest.approx(3)]


def test_what_any_traffic_breaks_is_broken_whatever_the_traffic():
    """Whoever reads the stream of a table is limited, however little is read."""
    table = component("t", "dynamodb_table", capacity="provisioned", write_units=50_000, read_units=1, stream_reads=10)
    assert of(check_against_scan(flat(table)), "dynamodb_streams_write_cap") == [None]


def test_no_traffic_no_break():
    found = check_against_scan(flat(function("f", requests=0)))
    assert of(found, "lambda_concurrency_account") == [None]


def test_the_most_that_anyone_grows():
    """What breaks beyond it is said to hold."""
    just, beyond = (
        found_in(flat(function("f", requests=2_628 * rate, duration_ms=1000, timeout_s=3))) for rate in (1.1, 0.9)
    )
    assert of(just, "lambda_concurrency_account") == [pytest.approx(1000 / 1.1 * 1000)]
    assert of(beyond, "lambda_concurrency_account") == [None]


# What a document itself states as a limit


@pytest.mark.parametrize(
    ("api", "quota", "multiple"),
    [
        ({"type": "http_api", "throttle_rps": 10}, "apigw_stage_throttle", 0.02),
        ({"type": "rest_api", "throttle_rps": 2000}, "apigw_stage_throttle", 4),
        ({"type": "rest_api", "method_throttle_rps": 100, "method_share": 0.1}, "apigw_method_throttle", 2),
        ({"type": "rest_api", "plan_throttle_rps": 100, "key_share": 0.5}, "apigw_plan_throttle", 0.4),
        ({"type": "http_api", "route_throttle_rps": 750}, "apigw_method_throttle", 1.5),
    ],
)
def test_a_throttle_that_is_stated(api, quota, multiple):
    """500 a second."""
    found = check_against_scan(document([api | {"name": "api"}], [way("traffic", "api")], requests=500 * SECONDS))
    assert of(found, quota) == [pytest.approx(multiple)]
    assert (
        limits(parse(document([api | {"name": "api"}], [way("traffic", "api")], requests=500 * SECONDS))).growth.quota
        == quota
    )


def test_the_units_of_a_provisioned_table():
    """10 calls a second write two entries of 1.5 KB each: 40 units of 100; one reads 4 KB, eventually consistent: 5."""
    table = component("t", "dynamodb_table", capacity="provisioned", write_units=100, read_units=10, item_kb=1.5)
    ways = [way("traffic", "f"), way("f", "t", writes=2, reads=1)]
    found = check_against_scan(document([function("f"), table], ways, requests=10 * SECONDS))
    assert of(found, "dynamodb_provisioned_write") == [pytest.approx(2.5)]
    assert of(found, "dynamodb_provisioned_read") == [pytest.approx(2)]


def test_the_capacity_of_a_serverless_database():
    found = check_against_scan(flat(component("db", "aurora_serverless", mean_acu=3, max_acu=12, storage_gb=1)))
    assert of(found, "aurora_v2_busy_acu") == [pytest.approx(4)]


# Every worked document


def endless(stated):
    """Whether a loop has no end: then there is no growth, and where it ends at other rates nobody is told."""
    return any(max(loop.gain, loop.peak_gain) >= 1 for loop in parse(stated).loops)


def _documents():
    for path in [*sorted(CASES.glob("*.toml")), *sorted(FLOWS.glob("*.toml"))]:
        for case in tomllib.loads(path.read_text("utf-8"))["case"]:
            if "error" not in case and not endless(REST | case["document"]):
                yield pytest.param(REST | case["document"], id=f"{path.stem}: {case['title']}")


@pytest.mark.parametrize("stated", list(_documents()))
def test_every_worked_document_breaks_where_it_is_said_to(stated):
    check_against_scan(stated, SCANNED[::3])


@pytest.mark.parametrize("stated", list(_documents())[::4])
def test_with_twice_the_traffic_it_is_half_as_far(stated):
    once, twice = found_in(stated), found_in(scaled(stated, 2))
    for key, multiple in once.items():
        if multiple is None:
            assert twice[key] is None or twice[key] > MOST / 2, key
        else:
            assert twice[key] == pytest.approx(multiple / 2, rel=1e-8), key


# Drawn documents


@st.composite
def drawn(draw):
    """A chain with batches, windows, held back executions and a loop, near some limit or far from all."""
    requests = draw(st.sampled_from([1e4, 3.3e6, 2.6e7, 1.7e9]))
    said = {
        "batch": draw(st.sampled_from([1, 7, 10, 100])),
        "batch_window_s": draw(st.sampled_from([0, 0.2, 3, 60])),
        "max_concurrency": draw(st.sampled_from([2, 37, 900, 5000])),
        "failure_share": draw(st.sampled_from([0, 0.1, 0.7])),
        "max_receive_count": draw(st.integers(1, 4)),
    }
    components = [
        component("web", "rest_api"),
        function("handler", duration_ms=draw(st.sampled_from([20, 700])), timeout_s=5),
        component("jobs", "sqs_queue", fifo=draw(st.booleans()), send_batch=draw(st.sampled_from([1, 10]))),
        function("worker", duration_ms=draw(st.sampled_from([100, 3000, 50_000])), timeout_s=60),
        component("orders", "dynamodb_table"),
        component("clicks", "kinesis_stream", capacity="provisioned", shards=3),
        function("count", duration_ms=90),
    ]
    ways = [
        way("traffic", "web"),
        way("web", "handler"),
        way("handler", "jobs", share=draw(st.sampled_from([0.01, 0.5, 1]))),
        way("jobs", "worker", **said),
        way("worker", "orders", writes=2, reads=1),
        way("handler", "clicks"),
        way("clicks", "count", batch=draw(st.sampled_from([1, 50, 1000]))),
    ]
    if draw(st.booleans()):
        ways.append(way("worker", "jobs", share=0.05))
    return document(components, ways, requests=requests)


@settings(max_examples=40)
@given(drawn())
def test_every_drawn_document_breaks_where_it_is_said_to(stated):
    check_against_scan(stated)


@settings(max_examples=40)
@given(drawn())
def test_the_answer_begins_with_what_breaks_first(stated):
    answer = limits(parse(stated))
    order = [0.0 if one.multiple is None and one.status == "violated" else one.multiple for one in answer.headroom]
    told = [multiple for multiple in order if multiple is not None]
    assert told == sorted(told)
    assert order[len(told) :] == [None] * (len(order) - len(told))
    assert all(isfinite(multiple) and 0 <= multiple <= MOST for multiple in told)
    first = answer.headroom[0]
    if answer.growth.finding is None:
        assert (answer.growth.multiple, answer.growth.quota) == (first.multiple, first.quota)
    else:
        assert answer.growth.multiple < (MOST if order[0] is None else order[0])
    assert all(
        (one.multiple is None or one.multiple <= 1) == (one.status == "violated") or one.multiple is None
        for one in answer.headroom
    )


# Large documents


def large(count):
    """Queues and what works on them, no two alike: few demands are straight lines."""
    components, ways = [], []
    for n in range(count // 4):
        components += [
            function(f"h{n}", memory_mb=512, timeout_s=10),
            component(f"q{n}", "sqs_queue", fifo=True),
            function(f"f{n}", duration_ms=900 + n, timeout_s=30),
            component(f"t{n}", "dynamodb_table"),
        ]
        said = {"batch": 10, "batch_window_s": 5 + n / 7, "max_concurrency": 20}
        ways += [way("traffic", f"h{n}", share=1 / (n + 1)), way(f"h{n}", f"q{n}")]
        ways += [way(f"q{n}", f"f{n}", **said), way(f"f{n}", f"t{n}", writes=1, reads=2)]
    return document(components, ways, requests=100_000_000)


def test_two_hundred_components_in_good_time():
    stated = large(200)
    begun = perf_counter()
    answer = limits(parse(stated))
    assert perf_counter() - begun < 20
    assert len(answer.headroom) > 1000


def test_a_thousand_components_end():
    stated = large(1000)
    begun = perf_counter()
    assert len(limits(parse(stated)).headroom) > 5000
    assert perf_counter() - begun < 120
