"""The cases: documents whose bill is known from elsewhere, or worked by hand, and every limit at and beyond its value.

A case may give `total` and the cost of `lines` by component and meter [USD; to within `tolerance`, half a cent if none
is given], also usage, free and billable quantities [the meter's unit], and `violations`, the names of all quotas that
are violated. A line of several that a component has of one meter is named with its place:
"site cloudfront_distribution.data_out@cf:eu".
A case whose price nobody has published gives `error = "RateNotFound"` instead.
"""

import tomllib
from collections import Counter
from decimal import Decimal
from math import fsum
from pathlib import Path

import pytest

from calculator import RateNotFound, component_types, estimate, parse
from calculator.bill.bill import draw_up
from pricing.formula.reading import as_decimal

FILES = sorted((Path(__file__).parent / "cases").glob("*.toml"))
KNOWN = {"title", "source", "kind", "total", "tolerance", "lines", "violations", "document"}
REFUSED = {"title", "source", "kind", "error", "document"}
KINDS = {"aws_pricing_page", "aws_calculator", "aws_workshop", "infracost", "ours"}
HALF_A_CENT = 0.005
# Shares of quantities are sums that floats cannot hold exactly.
QUANTITY = 1e-9


def _cases():
    for path in FILES:
        for case in tomllib.loads(path.read_text("utf-8"))["case"]:
            yield pytest.param(case, id=f"{path.stem}: {case['title']}")


CASES = list(_cases())
ANSWERED = [case for case in CASES if "error" not in case.values[0]]
WITHOUT_PRICE = [case for case in CASES if "error" in case.values[0]]


def near(got, wanted, tolerance):
    return abs(got - wanted) <= tolerance + 1e-12


@pytest.mark.parametrize("case", CASES)
def test_every_case_says_where_it_comes_from(case):
    assert set(case) <= (REFUSED if "error" in case else KNOWN)
    assert case["kind"] in KINDS
    assert case["source"]


@pytest.mark.parametrize("case", WITHOUT_PRICE)
def test_what_has_no_price_is_refused(case):
    assert case["error"] == "RateNotFound"
    with pytest.raises(RateNotFound, match=r"no (price of|metric) ") as refused:
        estimate(parse(case["document"]))
    places = {f"/components/{i}" for i in range(len(case["document"]["components"]))}
    assert {fault.pointer for fault in refused.value.faults} <= places


@pytest.mark.parametrize("case", ANSWERED)
def test_case(case):
    architecture = parse(case["document"])
    answer = estimate(architecture)
    tolerance = case.get("tolerance", HALF_A_CENT)
    assert near(answer.total, case["total"], tolerance), answer.total
    check_lines(answer, case.get("lines", {}), tolerance)
    if "violations" in case:
        assert sorted(violation.quota for violation in answer.violations) == sorted(case["violations"])
    check_sums(answer)
    exact = sum((Decimal(line.cost) for line in draw_up(architecture, as_decimal).lines), Decimal(0))
    assert abs(Decimal(answer.total) - exact) <= Decimal("1e-9") + exact / 10**12


def check_lines(answer, wanted, tolerance):
    lines = {f"{line.component} {line.meter}@{line.region}": line for line in answer.line_items}
    assert len(lines) == len(answer.line_items), "one line for each component, meter and place"
    named = Counter(f"{line.component} {line.meter}" for line in answer.line_items)
    lines |= {name: line for place, line in lines.items() if named[name := place.rpartition("@")[0]] == 1}
    for name, fields in wanted.items():
        assert name in lines, sorted(lines)
        for field, value in (fields if isinstance(fields, dict) else {"cost": fields}).items():
            allowed = tolerance if field == "cost" else QUANTITY * max(1, abs(value))
            assert near(getattr(lines[name], field), value, allowed), (name, field, getattr(lines[name], field))


def check_sums(answer):
    lines = answer.line_items
    scale = 1e-12 * answer.total + 1e-10 * (1 + len(lines))
    assert near(fsum(line.cost for line in lines), answer.total, scale)
    assert near(fsum(part.cost for part in answer.by_component), answer.total, scale)
    for part in answer.by_component:
        assert near(fsum(line.cost for line in lines if line.component == part.component), part.cost, scale)
    for line in lines:
        assert near(line.free + line.billable, line.usage, 1e-9 + 1e-12 * line.usage)
        assert near(fsum(tier["quantity"] for tier in line.tiers), line.billable, 1e-9 + 1e-12 * line.usage)


def test_every_component_type_has_cases_and_each_title_stands_once():
    named = [parameter.id for parameter in CASES]
    assert {name.split(":")[0] for name in named} == set(component_types())
    assert sorted(set(named)) == sorted(named)


def test_every_case_names_a_day_so_that_new_prices_do_not_change_it():
    assert not [parameter.id for parameter in CASES if "as_of" not in parameter.values[0]["document"]]
