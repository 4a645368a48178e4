"""Pairs by value: what one connection of each brings to its target, worked by hand."""

import tomllib
from pathlib import Path

import pytest

from calculator import InvalidDocument, component_type, parse
from tests.helpers.flowing import document, way

ARRIVING = {"requests_per_month": 1_000_000, "peak_rps": 10}
CASES = tomllib.loads((Path(__file__).parent / "pairs" / "carried.toml").read_text("utf-8"))["case"]


def connected(case):
    """A document of one pair; what its components must say besides is the least that is taken."""
    source, target = case["pair"].split(" -> ")
    said = way("traffic" if source == "traffic" else "a", "b", **case.get("way", {}))
    if source == "traffic":
        return completed([{"name": "b", "type": target}], [said])
    first = {"name": "a", "type": source}
    flow = component_type(source).flow
    if flow.takes:
        written = {"writes": 1, "reads": 0} if {"writes", "reads"} <= {*flow.as_target} else {}
        return completed([first, {"name": "b", "type": target}], [way("traffic", "a", **written), said])
    leaving = {flow.leaves: ARRIVING["requests_per_month"], flow.leaves_peak: ARRIVING["peak_rps"]}
    return completed([first | leaving, {"name": "b", "type": target}], [said])


def completed(components, ways):
    """The document with the inputs that are required of its components."""
    for _ in range(10):
        stated = document(components, ways, traffic=ARRIVING)
        try:
            return parse(stated)
        except InvalidDocument as refused:
            missing = [fault.pointer.split("/") for fault in refused.faults if fault.detail.startswith("missing")]
            if len(missing) < len(refused.faults):
                raise
            for _, _, index, name in missing:
                known = component_type(components[int(index)]["type"]).inputs[name]
                components[int(index)] = components[int(index)] | {name: (known.choices or [known.at_least])[0]}
    return None


@pytest.mark.parametrize("case", [pytest.param(case, id=case["pair"]) for case in CASES])
def test_what_a_pair_brings(case):
    target = connected(case).components[-1]
    assert {name: target.inputs[name] for name in case["inputs"]} == {
        name: pytest.approx(value, rel=1e-9) for name, value in case["inputs"].items()
    }


def test_there_is_one_case_for_each_pair():
    pairs = [case["pair"] for case in CASES]
    assert len(pairs) == len(set(pairs)) >= 150
