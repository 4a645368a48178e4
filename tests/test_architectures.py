"""Architectures worked by hand: what traffic makes of a document, line by line, in `architectures/*.toml`."""

import tomllib
from pathlib import Path

import pytest

from calculator import estimate, parse

FOLDER = Path(__file__).parent / "architectures"
FILES = sorted(FOLDER.glob("*.toml"))
KEYS = {"title", "total", "also_right", "document", "lines"}
# Of the total; and of a line that has more than so much of it.
TOTAL, LINE, SMALL = 0.02, 0.1, 0.02


def read(path):
    return tomllib.loads(path.read_text("utf-8"))


@pytest.fixture(scope="module", params=FILES, ids=lambda path: path.stem)
def worked(request):
    """A case with its estimate."""
    case = read(request.param)
    return case, estimate(parse(case["document"]))


def test_the_total_is_what_was_worked_out(worked):
    case, answer = worked
    right = [case["total"], *case.get("also_right", [])]
    assert any(answer.total == pytest.approx(total, rel=TOTAL) for total in right), right


def test_every_line_is_what_was_worked_out(worked):
    """Of the lines that were worked out, those that count: all of them by their meters, over all components."""
    case, answer = worked
    costs = {}
    for line in answer.line_items:
        costs[line.meter] = costs.get(line.meter, 0) + line.cost
    large = {meter: usd for meter, usd in case["lines"].items() if usd > SMALL * case["total"]}
    assert {meter: costs.get(meter, 0) for meter in large} == {
        meter: pytest.approx(usd, rel=LINE) for meter, usd in large.items()
    }
    unknown = {meter: cost for meter, cost in costs.items() if meter not in case["lines"]}
    assert all(cost <= SMALL * case["total"] for cost in unknown.values()), unknown


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_case_says_what_it_is_and_adds_up(path):
    case = read(path)
    assert case.keys() <= KEYS
    assert case.keys() >= KEYS - {"also_right"}
    assert sum(case["lines"].values()) == pytest.approx(case["total"], abs=0.005)
