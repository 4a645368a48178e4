"""Small documents that were reported, with what their answers must say: `reported/*.toml`.

What a case expects: `total`, `some_line_or_total` (a line or the total), `transfer_cost` (data transfer but that to the
Internet): a number and how far off it may be, relative. The same by meter or component type: `usage` (summed, before
free tiers), `line_cost`, `ingest_cost` (of meters that begin so, without what is stored). `usage_at_most`,
`usage_at_least`, `absent` (meters that are not billed), `growth_at_most`, `finding`, `no_finding`, `no_violation` (a
part of its id), `refused` (where the document has its fault), `not_below` (a document that costs no more).
"""

import tomllib
from pathlib import Path

import pytest

from calculator import InvalidDocument, estimate, parse

FILES = sorted((Path(__file__).parent / "reported").glob("*.toml"))
# No sum is held to less than half a cent.
LEAST = 0.005


def _cases():
    for path in FILES:
        for case in tomllib.loads(path.read_text("utf-8"))["case"]:
            yield pytest.param(case, id=case["id"])


CASES = list(_cases())


def near(wanted):
    value, relative = wanted
    return pytest.approx(value, rel=relative, abs=LEAST)


def usage(answer, meter):
    return sum(line.usage for line in answer.line_items if line.meter == meter)


def cost(answer, is_meant):
    return sum(line.cost for line in answer.line_items if is_meant(line.meter))


def ingested(prefix):
    return lambda meter: meter.startswith(prefix) and not meter.endswith("stored")


def transferred(meter):
    return meter.startswith("data_transfer.") and meter != "data_transfer.internet_out"


def each(wanted, answered):
    """By what is named: what was answered, and what it must be."""
    assert {name: answered(name) for name in wanted} == {name: near(value) for name, value in wanted.items()}


def some_line_or_total(answer, wanted):
    assert any(value == near(wanted) for value in [answer.total, *(line.cost for line in answer.line_items)])


def found(answer, word):
    told = [finding.id for finding in answer.findings] + [violation.quota for violation in answer.violations]
    return any(word in name for name in told)


def is_violated(answer, word):
    return any(word in violation.quota for violation in answer.violations)


def total(answer, wanted):
    assert answer.total == near(wanted)


def not_billed(answer, meters):
    assert {meter: cost(answer, meter.__eq__) for meter in meters} == dict.fromkeys(meters, 0)


def at_most(answer, wanted):
    assert {meter: usage(answer, meter) for meter, most in wanted.items() if usage(answer, meter) > most} == {}


def at_least(answer, wanted):
    assert {meter: usage(answer, meter) for meter, least in wanted.items() if usage(answer, meter) < least} == {}


def grows_at_most(answer, most):
    assert answer.growth.multiple is not None
    assert answer.growth.multiple <= most


def transfer_cost(answer, wanted):
    assert cost(answer, transferred) == near(wanted)


def not_below(answer, document):
    assert answer.total >= estimate(parse(document)).total - 1e-9


def told(answer, word):
    assert found(answer, word)


def not_told(answer, word):
    assert not found(answer, word)


def not_violated(answer, word):
    assert not is_violated(answer, word)


EXPECTATIONS = {
    "total": total,
    "some_line_or_total": some_line_or_total,
    "usage": lambda answer, wanted: each(wanted, lambda meter: usage(answer, meter)),
    "usage_at_most": at_most,
    "usage_at_least": at_least,
    "line_cost": lambda answer, wanted: each(wanted, lambda meter: cost(answer, meter.__eq__)),
    "ingest_cost": lambda answer, wanted: each(wanted, lambda prefix: cost(answer, ingested(prefix))),
    "transfer_cost": transfer_cost,
    "absent": not_billed,
    "growth_at_most": grows_at_most,
    "finding": told,
    "no_finding": not_told,
    "no_violation": not_violated,
    "not_below": not_below,
}


@pytest.mark.parametrize("case", CASES)
def test_case(case):
    expected = case["expect"]
    assert expected
    if "refused" in expected:
        with pytest.raises(InvalidDocument) as refused:
            parse(case["document"])
        assert expected == {"refused": expected["refused"]}
        assert [fault.pointer for fault in refused.value.faults] == [expected["refused"]]
        return
    answer = estimate(parse(case["document"]))
    for name, wanted in expected.items():
        EXPECTATIONS[name](answer, wanted)


@pytest.mark.parametrize("case", CASES)
def test_a_case_says_why_it_is_right(case):
    assert case.keys() == {"id", "why", "source", "document", "expect"}
    assert case["why"].strip()
    assert case["source"].strip()
