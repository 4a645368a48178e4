"""Every rule at work: silent well within its bound and exactly at it, heard just beyond; and no document upsets one.

A file `rules/<rule id>.toml` holds a `document`, and how it differs `below`, `at` and `above` the rule's bound: values
by their place in the document ("components.0.visibility_timeout_s"). Of `above` also the `severity` and the `path` of
the finding are said, and its `numbers` where they matter; its `saving`, where it has one, is for `test_advice`. Each of
the three may be a list of several. What no input of ours can decide stands in `left_out.toml` with the reason.
"""

import tomllib
from copy import deepcopy
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calculator import component_types, estimate, limits, parse
from calculator.document.traffic_schema import COMMON
from calculator.limits.measured import measured
from calculator.rules import all_rules
from calculator.rules.findings import GRAVITY, find
from calculator.rules.prices import prices_of
from calculator.rules.view import view_of
from pricing.catalogue.catalogue import component_type, connection_inputs
from pricing.formula.reading import as_float
from tests.helpers.documents import components, every_choice, full_component
from tests.helpers.flowing import is_carried

FOLDER = Path(__file__).parent / "rules"
FACTS = (FOLDER / "facts.txt").read_text("utf-8").split()
LEFT_OUT = tomllib.loads((FOLDER / "left_out.toml").read_text("utf-8"))
RULES = {rule.id: rule for rule in all_rules()}
FILES = {path.stem: path for path in sorted(FOLDER.glob("*.toml")) if path.stem != "left_out"}
SAID = {"severity", "path", "numbers", "saving"}


@cache
def case_of(rule):
    return tomllib.loads(FILES[rule].read_text("utf-8"))


def several(stated):
    return stated if isinstance(stated, list) else [stated]


def cases(part):
    """The cases of one part, of all files."""
    return [
        pytest.param(rule, case, id=f"{rule} {number}" if number else rule)
        for rule in FILES
        for number, case in enumerate(several(case_of(rule)[part]))
    ]


def changed(rule, changes):
    """The document of a rule with some values changed."""
    document = deepcopy(case_of(rule)["document"])
    for pointer, value in changes.items():
        *inside, last = pointer.split(".")
        holder = document
        for key in inside:
            holder = holder[int(key)] if isinstance(holder, list) else holder[key]
        if isinstance(holder, list):
            holder[int(last) : int(last) + 1] = [value]
        else:
            holder[last] = value
    return document


def findings(rule, changes):
    """What a rule finds in its document with some values changed."""
    return [finding for finding in limits(parse(changed(rule, changes))).findings if finding.id == rule]


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_a_case(rule):
    assert rule in FILES


@pytest.mark.parametrize("rule", FILES)
def test_every_case_is_of_a_rule(rule):
    assert rule in RULES
    assert case_of(rule).keys() == {"document", "below", "at", "above"}
    assert all({"severity", "path"} <= case.keys() for case in several(case_of(rule)["above"]))


@pytest.mark.parametrize(("rule", "case"), cases("below"))
def test_nothing_is_found_well_within_the_bound(rule, case):
    assert findings(rule, case) == []


@pytest.mark.parametrize(("rule", "case"), cases("at"))
def test_nothing_is_found_exactly_at_the_bound(rule, case):
    assert findings(rule, case) == []


@pytest.mark.parametrize(("rule", "case"), cases("above"))
def test_what_is_beyond_the_bound_is_found(rule, case):
    found = findings(rule, {pointer: value for pointer, value in case.items() if pointer not in SAID})
    told = [(finding.severity, list(finding.components)) for finding in found]
    assert told == [(case["severity"], case["path"])]
    assert case.get("numbers", found[0].numbers) == found[0].numbers


# The facts


@pytest.mark.parametrize("fact", FACTS)
def test_every_fact_is_a_rule_or_left_out_with_a_reason(fact):
    assert (fact in RULES) != (fact in LEFT_OUT)
    assert LEFT_OUT.get(fact, "a rule").strip()


def test_what_is_left_out_is_a_fact():
    assert LEFT_OUT.keys() <= set(FACTS)


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_every_rule_says_why_and_what_to_do(rule):
    assert all(text.strip() for text in (rule.title, rule.why, rule.remedy, rule.source, rule.checked))
    assert not rule.title.endswith(".")
    assert rule.why.endswith(".")
    assert rule.remedy.endswith(".")


def test_no_two_rules_have_one_name():
    assert len(RULES) == len(all_rules())


# Any document


def heard(document):
    """The findings of a document; every one is whole."""
    architecture = parse(document)
    flow, _, checks = measured(architecture, as_float)
    found = find(view_of(architecture, flow, checks, prices_of(architecture)))
    names = {component.name for component in architecture.components}
    for finding in found:
        assert finding.severity in GRAVITY
        assert set(finding.components) <= names
        assert finding.numbers
        assert "None" not in finding.numbers
    return found


@pytest.mark.parametrize("type_name", component_types())
def test_no_choice_of_a_type_upsets_a_rule(type_name):
    for chosen in every_choice(type_name):
        heard(one_component(full_component(type_name, chosen)))


def one_component(component):
    return {"region": "us-east-1", "as_of": "2026-09-01", "components": [component]}


def settings_between(source, target, number):
    """A number for each setting that has a meaning between two types; shares and choices as they are by default."""
    meant = {*(component_type(source).flow.as_source if source else ()), *component_type(target).flow.as_target}
    known = connection_inputs()
    return {
        name: max(number, float(known[name].at_least or 0))
        for name in (meant | {*COMMON}) & known.keys()
        if not (known[name].choices or known[name].text)
        and known[name].unit != "share"
        and (known[name].at_most or number) >= number
    }


def star(source, number, *, inward):
    """A component of a type, connected with one of each type that has a connection with it."""
    placed = [full_component(source, every_choice(source)[0], name="c0")]
    connections = []
    for name in component_types():
        ends = (name, source) if inward else (source, name)
        if component_type(ends[0]).flow.leaves and component_type(ends[1]).flow.takes and is_carried(*ends):
            here = f"c{len(placed)}"
            placed.append(full_component(name, every_choice(name)[0], name=here))
            way = {"from": here, "to": "c0"} if inward else {"from": "c0", "to": here}
            connections.append(way | settings_between(*ends, number))
    document = one_component(placed[0]) | {"components": placed, "connections": connections}
    return document | {"traffic": {"requests_per_month": 10_000_000, "peak_rps": 50}}


@pytest.mark.parametrize("inward", [False, True], ids=["out", "in"])
@pytest.mark.parametrize("source", component_types())
def test_no_pair_of_types_upsets_a_rule(source, inward):
    for number in (1, 9000):
        heard(star(source, number, inward=inward))


def test_nothing_at_all_upsets_no_rule():
    for number in (0, 1):
        for type_name in component_types():
            component = full_component(type_name, every_choice(type_name)[0])
            texts = {key: number for key, value in component.items() if isinstance(value, float)}
            least = {key: max(number, float(component_type(type_name).inputs[key].at_least or 0)) for key in texts}
            heard(one_component(component | least))


@settings(max_examples=60)
@given(st.data())
def test_no_drawn_component_upsets_a_rule(data):
    type_name = data.draw(st.sampled_from(component_types()))
    heard(one_component(data.draw(components(type_name, regions=["us-east-1"]))))


@pytest.mark.parametrize("rule", FILES)
def test_findings_come_back_in_every_estimate(rule):
    """And with money where a change saves some."""
    for finding in estimate(parse(case_of(rule)["document"])).findings:
        assert finding.saving is None or finding.saving > 0
