"""The known cases: each is met or says why not, and docs/validation.md says the same."""

import pytest

from tests.tools.measured import CV, errors
from tests.tools.validation import PAGE, SOURCES, amount, answer_to, cases, is_met, known_cases, near, page

KNOWN = known_cases()
MAPPED = [known for known in KNOWN if "met_by" in known]
PARTLY = [known for known in KNOWN if "partly" in known]
REQUIRED = {"service", "kind", "title", "source", "tolerance"}
INFRACOST, AWS = 121, 39


def ids(known):
    return f"{known['kind']}: {known['title']}"


def test_the_page_says_what_the_cases_say():
    assert PAGE.read_text("utf-8") == page(), "python -m tests.tools.validation writes the page"


def test_what_was_measured_is_billed():
    plain, varying = errors(0), errors(CV)
    assert len(varying) == 255
    assert varying[-1] <= 0.004 < plain[-1]
    assert sum(one <= 0.0025 for one in varying) >= 0.98 * len(varying)


def test_no_known_case_is_lost():
    names = [ids(known) for known in KNOWN]
    assert len(set(names)) == len(names) == INFRACOST + AWS
    assert sum(known["kind"] == "infracost" for known in KNOWN) == INFRACOST


@pytest.mark.parametrize("known", KNOWN, ids=ids)
def test_every_known_case_has_a_source_and_a_case_or_a_reason(known):
    assert set(known) >= REQUIRED
    assert known["kind"] in SOURCES
    assert ("total" in known) != ("lines" in known)
    assert bool(known.get("met_by")) != bool(known.get("missed"))
    assert "partly" not in known or "missed" in known


@pytest.mark.parametrize("known", MAPPED, ids=ids)
def test_the_mapped_case_is_met(known):
    case = cases()[known["met_by"]]
    assert "total" not in known or near(case["total"], known), "the case of ours has another total"
    assert is_met(known), amount(answer_to(known["met_by"]).total)


@pytest.mark.parametrize("known", PARTLY, ids=ids)
def test_what_is_met_in_part_is_not_all_of_it(known):
    totals = [answer_to(name).total for name in known["partly"]]
    assert all(total > 0 for total in totals)
    assert sum(totals) < known["total"] - known["tolerance"], "met after all: say by what"


def test_every_case_quoted_from_elsewhere_is_a_known_one():
    named = {known.get("met_by") for known in KNOWN} | {name for known in KNOWN for name in known.get("partly", ())}
    assert not [name for name, case in cases().items() if case["kind"] != "ours" and name not in named]


@pytest.mark.parametrize("known", MAPPED, ids=ids)
def test_a_mapped_case_says_the_source_that_it_is_quoted_from(known):
    case = cases()[known["met_by"]]
    assert case["kind"] == ("aws_pricing_page" if known["kind"] == "aws_faq" else known["kind"])
