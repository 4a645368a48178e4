"""What varies from call to call: each mean of ceilings against a million draws, every reading against the others."""

from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calculator import InvalidDocument, estimate, explain, parse, sweep
from calculator.bill.bill import draw_up
from calculator.document.numbers import MAX_SAMPLES, MOST_CV
from pricing.catalogue.catalogue import component_type, component_types
from pricing.formula.reading import as_decimal
from pricing.formula.spread import Spread, mean_ceil, of_percentiles
from tests.helpers.documents import AS_OF, every_choice, is_monthly, numeric_inputs

DRAWS = 1_000_000
# Few enough calls that all are priced in the first tier: then the mean of many bills is the bill of the mean.
USAGE = 1000
SPREADS = {
    "little": {"cv": 0.05},
    "usual": {"cv": 0.4},
    "much": {"cv": 1.5},
}
SAMPLES = (0.2, 0.5, 0.9, 1.0, 2.4)
# Where the inputs are billed in steps: below a step, near one, and over several.
MEANS = {"ms": (1.2, 99, 260), "s": (59.5, 130), "KB": (0.9, 5.1, 130), "MB": (60, 130), "MB/query": (9.5, 40)}
# What makes an input matter, beside the least that a component of its type must say.
MATTERS = {
    ("appsync_api", "update_kb"): {"realtime_updates": USAGE},
    ("aurora_serverless", "data_api_request_kb"): {"data_api_requests": USAGE, "data_api_response_kb": 0},
    ("aurora_serverless", "data_api_response_kb"): {"data_api_requests": USAGE, "data_api_request_kb": 0},
    ("dynamodb_table", "gsi_item_kb"): {"gsis": 1, "item_kb": 0.5},
    ("dynamodb_table", "read_kb"): {"reads": USAGE},
    ("fargate_service", "duration_s"): {"mode": "runs"},
    ("iot_core", "shadow_kb"): {"shadow_operations": USAGE},
    ("lambda_function", "duration_ms"): {"timeout_s": 900},
    ("lambda_function", "init_ms"): {"cold_start_share": 0.3, "duration_ms": 5},
    ("sns_topic", "delivered_kb"): {"http_deliveries": USAGE},
    ("sns_topic", "message_kb"): {"sqs_deliveries": USAGE},
    ("state_machine", "duration_ms"): {"workflow": "express"},
    ("state_machine", "memory_mb"): {"workflow": "express"},
    ("state_machine", "express_child_ms"): {"workflow": "standard", "express_children": 3},
    ("firehose_stream", "record_kb"): {"source": "direct_put"},
    ("kinesis_stream", "record_kb"): {"capacity": "provisioned", "records": 10**8},
}
VARYING = [
    (name, known.name) for name in component_types() for known in component_type(name).inputs.values() if known.varies
]


def document(name, changed):
    """One component of a type, with few calls and nothing free."""
    said = next(
        one for one in every_choice(name) if all(one.get(key, value) == value for key, value in changed.items())
    )
    needed = {key: known for key, known in numeric_inputs(name, said).items() if known.required}
    least = {key: USAGE if is_monthly(known) else max(known.at_least, 1) for key, known in needed.items()}
    component = {"name": "c", "type": name, **said, **least, **changed}
    return {"region": "us-east-1", "as_of": AS_OF, "account": {"free_tier": "none"}, "components": [component]}


def total(name, given_name, value):
    changed = MATTERS.get((name, given_name), {})
    stated = document(name, changed)
    stated["components"][0][given_name] = value
    return estimate(parse(stated)).total, stated


def draws_of(spread, mean):
    rng = np.random.default_rng(7)
    sigma = Spread(spread["cv"]).sigma()
    return mean * np.exp(sigma * rng.standard_normal(DRAWS) - sigma * sigma / 2)


@pytest.mark.parametrize(("name", "given_name"), [pytest.param(*one, id=".".join(one)) for one in VARYING])
def test_the_bill_is_the_mean_of_a_million_bills(name, given_name):
    unit = component_type(name).inputs[given_name].unit
    most = component_type(name).inputs[given_name].at_most or np.inf
    moved = False
    for mean in MEANS[unit]:
        for spread in SPREADS.values():
            drawn = np.minimum(draws_of(spread, mean), most)
            found, stated = total(name, given_name, {"mean": mean, **spread})
            flat = parse(stated | {"components": [stated["components"][0] | {given_name: mean}]})
            bills = sweep(flat, {f"c.{given_name}": drawn}, threads=2).totals
            error = 3 * bills.std() / DRAWS**0.5
            assert abs(found - bills.mean()) <= 0.002 * bills.mean() + error, (mean, spread)
            moved |= abs(found - estimate(flat).total) > 1e-6 * found
    assert moved, "how it varies changes no bill"


@pytest.mark.parametrize(("name", "given_name"), [pytest.param(*one, id=".".join(one)) for one in VARYING])
def test_samples_cost_what_they_cost_one_by_one(name, given_name):
    mean = MEANS[component_type(name).inputs[given_name].unit][0]
    samples = [one * mean for one in SAMPLES]
    one_by_one = [total(name, given_name, one)[0] for one in samples]
    assert total(name, given_name, {"samples": samples})[0] == pytest.approx(np.mean(one_by_one), rel=1e-9, abs=1e-10)


@pytest.mark.parametrize("cv", [0.2, 1.5])
@pytest.mark.parametrize("cold_start_share", [0, 0.4])
def test_calls_beyond_the_timeout_are_billed_until_then(cv, cold_start_share):
    stated = document("lambda_function", {"duration_ms": {"mean": 900, "cv": cv}, "timeout_s": 1, "init_ms": 0})
    stated["components"][0]["cold_start_share"] = cold_start_share
    flat = parse(stated | {"components": [stated["components"][0] | {"duration_ms": 900}]})
    bills = sweep(flat, {"c.duration_ms": np.minimum(draws_of({"cv": cv}, 900), 1000)}).totals
    assert abs(estimate(parse(stated)).total - bills.mean()) <= 3 * bills.std() / DRAWS**0.5 + 1e-10


def test_calls_beyond_the_timeout_come_again_where_the_source_tries_again():
    late = 1 / 4
    queue = {"from": "q", "to": "f", "batch": 1, "max_receive_count": 3, "failure_share": 0.1}
    stated = {
        "region": "us-east-1",
        "as_of": AS_OF,
        "traffic": {"requests_per_month": 1e6},
        "components": [
            {"name": "q", "type": "sqs_queue"},
            {
                "name": "f",
                "type": "lambda_function",
                "duration_ms": {"samples": [500, 800, 1000, 1700]},
                "timeout_s": 1,
            },
        ],
        "connections": [{"from": "traffic", "to": "q"}, queue],
    }
    failing = 1 - (1 - 0.1) * (1 - late)
    calls = next(one.inputs["requests"] for one in parse(stated).components if one.name == "f")
    assert calls == pytest.approx(1e6 * (1 + failing + failing**2))


FLOWING = {
    "region": "us-east-1",
    "as_of": AS_OF,
    "traffic": {
        "requests_per_month": 3e7,
        "payload_kb": {"mean": 60, "cv": 0.5},
        "response_kb": {"p50": 20, "p95": 90},
    },
    "components": [
        {"name": "api", "type": "http_api"},
        {"name": "f", "type": "lambda_function", "duration_ms": {"mean": 2.9, "cv": 0.3}, "init_ms": 200},
        {"name": "t", "type": "dynamodb_table", "storage_gb": 1},
        {"name": "q", "type": "sqs_queue", "send_batch": 10},
        {"name": "g", "type": "lambda_function", "duration_ms": {"samples": [1.1, 3, 8.5]}, "cold_start_share": 0.1},
    ],
    "connections": [
        {"from": "traffic", "to": "api"},
        {"from": "api", "to": "f"},
        {"from": "f", "to": "t", "writes": 1, "payload_kb": {"mean": 1.5, "cv": 0.6}},
        {"from": "f", "to": "q", "payload_kb": {"mean": 9, "cv": 1}},
        {"from": "q", "to": "g"},
    ],
}


def test_what_varies_flows_along_the_connections():
    usage = {line.meter: line.usage for line in estimate(parse(FLOWING)).line_items}
    written = mean_ceil(Spread(0.6), 1.5, 0, 1, 1)
    assert usage["dynamodb_table.write_requests"] == pytest.approx(3e7 * written, rel=1e-9)
    chunks = mean_ceil(Spread(1), 90 / 64, 0, 10, 1)
    received = mean_ceil(Spread(1), 9 / 64, 0, 1, 1)
    sent = {line.meter: line.usage for line in estimate(parse(FLOWING)).line_items}["sqs_queue.requests"]
    assert sent >= 3e6 * chunks + 3e7 * received
    plain = parse(FLOWING | {"traffic": FLOWING["traffic"] | {"payload_kb": 60, "response_kb": 35.0}})
    assert estimate(plain).total != estimate(parse(FLOWING)).total


def test_the_readings_agree():
    architecture = parse(FLOWING)
    exact = draw_up(architecture, as_decimal)
    assert float(sum(line.cost for line in exact.lines)) == pytest.approx(estimate(architecture).total, rel=1e-9)
    requests = [3e7, 1e6, 4.5e8]
    swept = sweep(architecture, {"traffic.requests_per_month": requests, "f.duration_ms": [2.9, 0.4, 12.07]})
    for total_, each, duration in zip(swept.totals, requests, [2.9, 0.4, 12.07], strict=True):
        functions = [FLOWING["components"][1] | {"duration_ms": {"mean": duration, "cv": 0.3}}]
        parts = [FLOWING["components"][0], *functions, *FLOWING["components"][2:]]
        changed = FLOWING | {"components": parts, "traffic": FLOWING["traffic"] | {"requests_per_month": each}}
        cold = sweep(parse(changed), {"f.cold_start_share": [_cold_share(architecture)]})
        assert total_ == pytest.approx(cold.totals[0], rel=1e-9)


def _cold_share(architecture):
    """A sweep keeps the share of cold starts that the document has."""
    return next(one.inputs["cold_start_share"] for one in architecture.components if one.name == "f")


def test_an_explanation_says_the_mean_and_what_is_billed():
    component = {"name": "f", "type": "lambda_function", "requests": 1e8, "duration_ms": {"mean": 12.07, "cv": 0.3}}
    said = explain(parse({"region": "us-east-1", "as_of": AS_OF, "components": [component]}), "f")
    assert "12.57" in said
    assert "(12.07 ms on the mean, each rounded up)" in said


@pytest.mark.parametrize(
    ("stated", "plain"),
    [
        ({"mean": 120, "cv": 0}, 120),
        ({"samples": [120, 120]}, 120),
        ({"samples": [5e-324, 0]}, 0),
        ({"mean": 5e-324, "cv": 3}, 0),
        ({"p50": 120, "p95": 120}, 120),
        ({"low": 80, "likely": 100, "high": 150}, 100),
        ({"low": 80, "high": 150}, 115),
        ("80 to 150", 115),
        ("1_000 to 2e3", 1500),
    ],
    ids=str,
)
def test_what_does_not_vary_is_billed_as_a_plain_number(stated, plain):
    found, document_ = total("lambda_function", "duration_ms", stated)
    assert found == total("lambda_function", "duration_ms", plain)[0]
    told = [one for one in parse(document_).assumptions if one.pointer == "/components/0/duration_ms"]
    assert [one.value for one in told] == ([plain] if isinstance(stated, str) or "low" in stated else [])


@pytest.mark.parametrize(
    ("stated", "faults"),
    [
        ({"mean": 1}, {"/cv": "missing"}),
        ({"cv": 1}, {"/mean": "missing"}),
        ({"mean": -1, "cv": "x"}, {"/mean": "not -1", "/cv": "not 'x'"}),
        ({"mean": 1, "cv": MOST_CV + 1}, {"/cv": f"from 0 to {MOST_CV}"}),
        ({"mean": 1, "cv": 1, "p50": 1}, {"/p50": "unknown key; expected mean, cv"}),
        ({"p50": 2, "p95": 1}, {"": "0 < p50 <= p95"}),
        ({"p50": 1e-9, "p95": 60}, {"": "at most 56.1 times p50"}),
        ({"p50": 5e-324, "p95": 1}, {"": "0 < p50 <= p95"}),
        ({"samples": []}, {"/samples": f"1 to {MAX_SAMPLES} numbers"}),
        ({"samples": [1, None, True]}, {"/samples/1": "not null", "/samples/2": "not true"}),
        ({"samples": [1] * (MAX_SAMPLES + 1)}, {"/samples": f"not {MAX_SAMPLES + 1}"}),
        ({"low": 1}, {"/high": "missing"}),
        ({"low": 2, "likely": 1, "high": 3}, {"": "low <= likely <= high"}),
        ("3 to 1", {"": "low <= likely <= high"}),
        ("1 to 1e300", {"": "low <= likely <= high"}),
        ("about 3 to 4", {"": "expected a number, not 'about 3 to 4'"}),
        ({"mean": {"mean": 1, "cv": 1}, "cv": 1}, {"/mean": "not an object"}),
        ({"mean": "1 to x", "cv": 1}, {"/mean": "not '1 to x'"}),
    ],
    ids=str,
)
def test_what_is_wrong_in_a_number_is_told_at_its_place(stated, faults):
    with pytest.raises(InvalidDocument) as refused:
        total("lambda_function", "duration_ms", stated)
    found = {one.pointer.removeprefix("/components/0/duration_ms"): one.detail for one in refused.value.faults}
    assert found.keys() == faults.keys()
    assert all(detail in found[pointer] for pointer, detail in faults.items())


def test_what_is_billed_by_its_sum_cannot_vary():
    with pytest.raises(InvalidDocument, match="cannot vary"):
        total("lambda_function", "requests", {"mean": 1, "cv": 1})


def test_a_mean_that_is_not_known_is_told_and_varies():
    found, stated = total("lambda_function", "duration_ms", {"mean": "1 to 2", "cv": 0.4})
    assert found == total("lambda_function", "duration_ms", {"mean": 1.5, "cv": 0.4})[0]
    assert any(one.why == "not known: 1 to 2, in the middle" for one in parse(stated).assumptions)


means = st.floats(0.01, 2000)
cvs = st.floats(0.001, MOST_CV)


@settings(max_examples=300)
@given(means, means, cvs, st.integers(0, 12), st.floats(-3, 3), st.sampled_from([1, 2.5, 10]))
def test_a_larger_mean_is_never_billed_less(mean, more, cv, least, shift, draws):
    spread = Spread(cv)
    one, other = (mean_ceil(spread, part, shift, draws, least) for part in (mean, mean + more))
    assert other >= one * (1 - 1e-8)
    assert one >= max(least, mean + shift) * (1 - 1e-8)
    assert one <= (least + mean + max(shift, 0) + 1) * (1 + 1e-8)


@settings(max_examples=100)
@given(st.floats(0.01, 200), st.floats(0.02, 0.6), st.floats(0, 3))
def test_the_sum_over_steps_is_what_a_plain_sum_over_all_steps_is(mean, cv, shift):
    from math import erfc, exp, log

    sigma = Spread(cv).sigma()
    middle = mean * exp(-sigma * sigma / 2)
    shares = (
        0.5 * erfc(log((step - shift) / middle) / sigma / 2**0.5) if step > shift else 1.0 for step in range(5000)
    )
    assert mean_ceil(Spread(cv), mean, shift, 1, 0) == pytest.approx(sum(shares), rel=1e-7)


def test_the_example_of_the_readme_is_billed_as_it_says():
    billed = mean_ceil(Spread(0.4), 1.2, 0, 1, 0)
    assert f"varies by 40 % is billed {billed:.2f} ms on the mean" in (
        Path(__file__).parents[1] / "README.md"
    ).read_text("utf-8")


def test_percentiles_are_those_of_the_distribution():
    mean, spread = of_percentiles(100, 300)
    assert spread.above(300 / mean) == pytest.approx(0.05)
    assert spread.above(100 / mean) == pytest.approx(0.5)


def test_decimals_stay_decimals():
    from pricing.formula.language import ceil
    from pricing.formula.varying import varying

    size = varying(Decimal("1.2"), Spread(0.4))
    assert isinstance(ceil(size * 3 / Decimal(7) + 1), Decimal)
    assert isinstance(size * Decimal(2), Decimal)


MIXED = {
    "region": "us-east-1",
    "as_of": AS_OF,
    "traffic": {"requests_per_month": 1e7},
    "components": [
        {"name": "f", "type": "lambda_function", "duration_ms": 10},
        {"name": "h", "type": "firehose_stream", "source": "direct_put"},
        {"name": "b", "type": "event_bus"},
    ],
    "connections": [
        {"from": "traffic", "to": "f"},
        {"from": "f", "to": "h", "payload_kb": 1},
        {"from": "f", "to": "h", "payload_kb": 6, "share": 0.5},
        {"from": "f", "to": "b", "payload_kb": {"mean": 60, "cv": 0.4}},
        {"from": "f", "to": "b", "payload_kb": 1},
    ],
}


def test_sizes_that_come_together_are_rounded_up_each_by_itself():
    architecture = parse(MIXED)
    usage = {line.meter: line.usage for line in estimate(architecture).line_items}
    assert usage["firehose_stream.direct_put"] == pytest.approx((1e7 * 5 + 0.5e7 * 10) / 1024**2)
    assert usage["event_bus.custom_events"] == pytest.approx(1e7 * (1 + mean_ceil(Spread(0.4), 60 / 64, 0, 1, 1)))
    exact = draw_up(architecture, as_decimal)
    assert float(sum(line.cost for line in exact.lines)) == pytest.approx(estimate(architecture).total, rel=1e-9)
    assert "x 2 (6 KB / 5 KB rounded up)" in explain(architecture, "h")
    swept = sweep(architecture, {"traffic.requests_per_month": [1e7, 3e6]}).totals
    fewer = parse(MIXED | {"traffic": {"requests_per_month": 3e6}})
    assert swept.tolist() == pytest.approx([estimate(architecture).total, estimate(fewer).total], rel=1e-9)
