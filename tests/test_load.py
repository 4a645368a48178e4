"""The answers under load by value: queues, functions and bursts, each number worked by hand beside its document."""

import tomllib
from pathlib import Path

import pytest

from calculator import estimate, limits, parse
from tests.helpers.flowing import NO_LINES, REST

FILES = sorted((Path(__file__).parent / "load").glob("*.toml"))
LOADS = {"queues": ("component", "function"), "functions": ("component",), "bursts": ("quota", "components")}
KNOWN = {"title", "document", "spread", "within", *LOADS}
DIGITS = 1e-9


def _cases():
    for path in FILES:
        for case in tomllib.loads(path.read_text("utf-8"))["case"]:
            yield pytest.param(case, id=f"{path.stem}: {case['title']}")


CASES = list(_cases())


def architecture_of(case):
    """The durations of a case's functions lie as far from their mean as it says."""
    document = REST | {"hidden_lines": NO_LINES} | case["document"]
    lies = {"latency_cv": case["spread"]} if "spread" in case else {}
    functions = [one | (lies if one["type"] == "lambda_function" else {}) for one in document["components"]]
    return parse(document | {"components": functions})


def is_called(load, entry, names):
    return all(_plain(getattr(load, name)) == entry[name] for name in names)


def _plain(value):
    return list(value) if isinstance(value, tuple) else value


@pytest.mark.parametrize("case", CASES)
def test_case(case):
    assert set(case) <= KNOWN
    assert set(case) & set(LOADS)
    answer = estimate(architecture_of(case))
    for kind, names in LOADS.items():
        for entry in case.get(kind, ()):
            (load,) = (one for one in getattr(answer, kind) if is_called(one, entry, names))
            for name, expected in entry.items():
                compare(load, name, expected, case.get("within", DIGITS))


def compare(load, name, expected, within):
    if name == "costs":
        for what, cost in expected.items():
            (remedy,) = (one for one in load.remedies if one.what.startswith(what))
            assert remedy.cost == pytest.approx(cost, rel=within, abs=1e-6), what
        return
    found = _plain(getattr(load, name))
    if isinstance(expected, list | str):
        assert found == (None if expected == "none" else expected), name
    else:
        assert found == pytest.approx(expected, rel=within, abs=1e-9), name


@pytest.mark.parametrize("case", CASES)
def test_load_is_the_same_without_prices(case):
    priced, alone = estimate(architecture_of(case)), limits(architecture_of(case))
    assert alone.queues == priced.queues
    assert alone.bursts == priced.bursts
    assert [one.cold_share for one in alone.functions] == [one.cold_share for one in priced.functions]


def test_every_kind_of_load_has_cases():
    assert [path.stem for path in FILES] == sorted(LOADS)
