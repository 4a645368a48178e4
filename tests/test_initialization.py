"""What a runtime says of cold starts: the least that was measured, where nothing is stated."""

import tomllib

import pytest

from calculator import estimate, parse
from pricing.catalogue.catalogue import component_type
from pricing.catalogue.initialization import FILE, initialization_of, measured_runtimes

FUNCTION = {"name": "f", "type": "lambda_function", "duration_ms": 100, "memory_mb": 700}
DOCUMENT = {
    "region": "us-east-1",
    "account": {"free_tier": "none"},
    "traffic": {"requests_per_month": 30_000},
    "connections": [{"from": "traffic", "to": "f"}],
}


def answer_of(as_of="2026-09-01", **inputs):
    answer = estimate(parse(DOCUMENT | {"as_of": as_of, "components": [FUNCTION | inputs]}))
    return answer, sum(line.cost for line in answer.line_items if line.component == "f")


def told(answer, name):
    return next((one for one in answer.assumptions if one.pointer == f"/components/0/{name}"), None)


def test_the_runtimes_that_can_be_chosen_are_those_measured():
    inputs = component_type("lambda_function").inputs
    assert inputs["runtime"].choices == ("none", *measured_runtimes())
    assert inputs["package"].when == {"runtime": measured_runtimes()}


def test_every_runtime_has_every_package_processor_and_memory():
    entries = tomllib.loads(FILE.read_text("utf-8"))
    assert entries["source"].split()[-1].startswith("https://")
    for runtime, packages in entries["medians"].items():
        assert packages.keys() == {"zip", "image"}
        for package, processors in packages.items():
            assert processors.keys() == {"x86_64", "arm64"}
            for processor, medians in processors.items():
                assert list(medians) == ["128", "256", "512", "1024"]
                for memory, median in medians.items():
                    known = initialization_of(runtime, package, processor, int(memory))
                    assert (known.median_ms, known.memory_mb) == (median, int(memory))
                    assert 10 < median < 500
                    assert known.checked == str(entries["checked"])


@pytest.mark.parametrize(("memory_mb", "measured_mb"), [(1, 128), (128, 128), (511, 256), (10_240, 1024)])
def test_the_memory_below_counts(memory_mb, measured_mb):
    assert initialization_of("java21", "zip", "x86_64", memory_mb).memory_mb == measured_mb


@pytest.mark.parametrize(("inputs", "init_ms"), [
    ({"runtime": "python3.13"}, 84.66),
    ({"runtime": "python3.13", "package": "image"}, 168.34),
    ({"runtime": "java21", "architecture": "arm64"}, 250.95),
])  # fmt: skip
def test_a_runtime_is_billed_as_the_same_time_stated(inputs, init_ms):
    answer, cost = answer_of(**inputs)
    said = told(answer, "init_ms")
    assert (said.value, said.origin) == (init_ms, "default")
    assert said.why.startswith("a lower bound")
    assert inputs["runtime"] in said.why
    plain = {name: value for name, value in inputs.items() if name == "architecture"}
    stated, same = answer_of(init_ms=init_ms, **plain)
    assert cost == same > answer_of(**plain)[1]
    assert told(answer, "cold_start_share").value == told(stated, "cold_start_share").value > 0


def test_what_is_stated_wins():
    answer, cost = answer_of(runtime="java21", init_ms=2000)
    assert told(answer, "init_ms") is None
    assert cost == answer_of(init_ms=2000)[1]
    assert answer_of(runtime="java21", cold_start_share=0)[1] == answer_of()[1]


def test_without_a_runtime_it_is_told_that_nothing_is_billed():
    answer, _ = answer_of()
    said = told(answer, "init_ms")
    assert said.value == 0
    assert "INIT not known: not billed" in said.why


@pytest.mark.parametrize("inputs", [
    {"cold_start_share": 0.01},
    {"snapstart": "java"},
    {"provisioned_share": 1, "provisioned_concurrency": 1},
    {"as_of": "2025-07-31"},
])  # fmt: skip
def test_where_no_cold_start_follows_from_the_traffic_nothing_is_said(inputs):
    assert "INIT not known" not in told(answer_of(**inputs)[0], "init_ms").why


@pytest.mark.parametrize("inputs", [
    {"snapstart": "java"},
    {"provisioned_share": 1, "provisioned_concurrency": 1},
    {"as_of": "2025-07-31"},
])  # fmt: skip
def test_other_rules_hold_as_before(inputs):
    assert answer_of(runtime="java21", **inputs)[1] == answer_of(**inputs)[1]


def test_a_runtime_alone_says_what_a_stated_share_of_cold_starts_takes():
    component = FUNCTION | {"requests": 30_000, "cold_start_share": 0.5}
    alone = {"region": "us-east-1", "as_of": "2026-09-01", "components": [component | {"runtime": "ruby3.4"}]}
    stated = alone | {"components": [component | {"init_ms": 223.89}]}
    assert told(estimate(parse(alone)), "init_ms").value == 223.89
    assert estimate(parse(alone)).total == pytest.approx(estimate(parse(stated)).total, abs=1e-9)
