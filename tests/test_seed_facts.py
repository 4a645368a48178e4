"""The facts that were handed over: each is in the catalogue and agrees, or it is said why not."""

import pytest

from tests.tools.seed_facts import PAGE, PLACES, agrees, contradictions, facts, kind_of, page, today

FACTS, TOPICS = 155, 20
KINDS = {"limit", "price", "default", "performance"}
VERDICTS = ("superseded", "left_out")
MODIFIERS = {"value", "times", "plus", "per", "end", "line", "field", "each"}


def ids(fact):
    return f"{fact['document']}:{fact['line']} {fact['fact']}"


def verdict(fact):
    return next((key for key in VERDICTS if key in fact), None)


def test_the_page_says_what_the_catalogue_says():
    assert PAGE.read_text("utf-8") == page(), "python -m tests.tools.seed_facts writes the page"


def test_no_fact_is_lost():
    assert len(facts()) == FACTS
    assert len(contradictions()) == TOPICS
    assert {fact["kind"] for fact in facts()} == KINDS
    assert len({(ids(fact), fact["service"]) for fact in facts()}) == FACTS


@pytest.mark.parametrize("fact", facts(), ids=ids)
def test_every_fact_has_its_place_or_a_reason(fact):
    places = fact.get("catalogue", [])
    assert all(set(entry) <= {kind_of(entry)} | MODIFIERS for entry in places)
    if verdict(fact) is None:
        assert places
        assert [entry for entry in places if not agrees(fact, entry)] == [], [str(today(entry)) for entry in places]
    else:
        assert len(fact[verdict(fact)].split()) >= 3
        assert not any(key in fact for key in VERDICTS if key != verdict(fact))


@pytest.mark.parametrize("fact", [fact for fact in facts() if verdict(fact) == "superseded"], ids=ids)
def test_what_is_superseded_is_not_what_the_catalogue_says(fact):
    assert [entry for entry in fact.get("catalogue", []) if agrees(fact, entry)] == []
    assert fact["agrees_with_aws"] != "yes"


@pytest.mark.parametrize("fact", [fact for fact in facts() if fact["agrees_with_aws"] == "no"], ids=ids)
def test_what_aws_does_not_say_any_more_is_not_held(fact):
    assert verdict(fact) is not None


@pytest.mark.parametrize("entry", contradictions(), ids=lambda entry: entry["topic"])
def test_every_contradiction_is_decided(entry):
    assert len(entry["said"]) >= 1
    assert ("catalogue" in entry) != ("left_out" in entry)
    for place in entry.get("catalogue", []):
        assert "value" not in place or agrees({}, place), (place, today(place))


def test_every_kind_of_place_is_used():
    used = {kind_of(entry) for fact in [*facts(), *contradictions()] for entry in fact.get("catalogue", [])}
    assert used == set(PLACES)
