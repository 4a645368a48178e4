"""How far traffic can grow, by value, and against documents with so many times the traffic, read anew.

A case of `growth/<theme>.toml` gives a `document` and what is said of its `growth`: what is not given there is None,
`text` is how the sentence begins, `violated` the limits that are broken now; `headroom` is what is demanded of single
limits, or nothing where nothing is.
"""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings

from calculator import limits, parse
from calculator.limits.growth import MOST
from calculator.rules import ERROR, all_rules
from tests.helpers.flowing import REST
from tests.test_growth import MAX_QUANTITY, drawn, largest, scaled
from tests.test_rules import SAID, cases, changed

FOLDER = Path(__file__).parent
BUSINESS = 168 / 46.4
# Errors are looked for until they are so near.
NEAR = 1e-6


def _cases(folder):
    for path in sorted((FOLDER / folder).glob("*.toml")):
        for case in tomllib.loads(path.read_text("utf-8"))["case"]:
            if "error" not in case:
                yield pytest.param(case, id=f"{path.stem}: {case['title']}")


def _errors():
    """The documents in which a rule finds an error, just beyond its bound."""
    for param in cases("above"):
        rule, case = param.values
        if case["severity"] == ERROR:
            stated = changed(rule, {name: value for name, value in case.items() if name not in SAID})
            yield pytest.param(rule, stated, id=param.id)


@pytest.mark.parametrize("case", list(_cases("growth")))
def test_growth_by_value(case):
    answer = limits(parse(REST | case["document"]))
    told, expected = answer.growth, dict(case.get("growth", {}))
    if expected:
        assert told.text.startswith(expected.pop("text", ""))
        assert expected.pop("violated", []) == [one.quota for one in answer.violations]
        assert told.components == tuple(expected.pop("components", told.components))
        # Errors are narrowed down from below.
        rel = 1e-10 if told.quota else NEAR
        for name in ("multiple", "at_business_hours"):
            wanted = pytest.approx(expected[name], rel=rel) if name in expected else None
            assert getattr(told, name) == wanted, name
        assert (told.shape, told.quota, told.finding) == (
            expected["shape"],
            expected.get("quota"),
            expected.get("finding"),
        )
    for quota, wanted in case.get("headroom", {}).items():
        assert [one.demand for one in answer.headroom if one.quota == quota] == list(wanted.values())


def broken(stated):
    """Whether a limit is broken or a rule finds an error."""
    answer = limits(parse(stated))
    return bool(answer.violations) or any(one.severity == ERROR for one in answer.findings)


def check_growth(stated):
    """Just below the multiple nothing is broken, just above something is; so it is further away on both sides."""
    told = limits(parse(stated)).growth
    if told.multiple == 0:
        assert broken(scaled(stated, 1e-9))
        return
    until = MOST if told.multiple is None else told.multiple
    for part in (0.1, 0.6, 1 - NEAR):
        assert not broken(scaled(stated, until * part)), part
    if told.multiple is not None:
        for part in (1 + NEAR, 3):
            if largest(stated) * until * part <= MAX_QUANTITY:
                assert broken(scaled(stated, until * part)), part
    stating = any(one.mean_rates for one in parse(stated).components)
    if told.at_business_hours is not None and not stating:
        busier = stated | {"traffic": stated["traffic"] | {"shape": "business_hours"}}
        found = limits(parse(busier)).growth
        assert found.multiple == pytest.approx(told.at_business_hours, rel=NEAR)


@pytest.mark.parametrize("case", [*_cases("growth"), *_cases("flows")])
def test_growth_is_where_documents_with_as_much_traffic_break(case):
    check_growth(REST | case["document"])


@pytest.mark.parametrize(("rule", "stated"), list(_errors()))
def test_growth_ends_before_an_error(rule, stated):
    assert next(one for one in all_rules() if one.id == rule).finds_errors
    assert limits(parse(stated)).growth.multiple < 1
    check_growth(stated)


@settings(max_examples=25)
@given(drawn())
def test_growth_of_drawn_documents(stated):
    check_growth(stated)


@settings(max_examples=25)
@given(drawn())
def test_twice_the_traffic_never_has_more_headroom(stated):
    once, twice = limits(parse(stated)), limits(parse(scaled(stated, 2)))
    if once.growth.multiple is None:
        assert twice.growth.multiple is None or twice.growth.multiple > MOST / 2
    else:
        assert twice.growth.multiple <= once.growth.multiple / 2 * (1 + NEAR)
    before = {(one.quota, one.components, one.region): one.multiple for one in once.headroom}
    for one in twice.headroom:
        multiple = before[one.quota, one.components, one.region]
        assert multiple is None or one.multiple is None or one.multiple <= multiple / 2 * (1 + NEAR), one.quota
