"""What the commission names: each thing is shown by documents that run here, or it is said what lacks and why."""

import pytest

from tests.tools.seed_coverage import DOCUMENT, PAGE, STATES, broken, page, state_of, things

THINGS = 187
KEYS = {"area", "what", "limits", "rules", "cases", "run", "lacks", "no_place"}
SHOWN = {"usage", "cost", "inputs", "finds", "quiet", "kept", "violated", "hidden", "loads", "refused"}


def ids(index):
    return f"{things()[index]['area']}: {things()[index]['what']}"


ALL = [pytest.param(index, id=ids(index)) for index in range(len(things()))]


def test_the_page_says_what_the_documents_show():
    assert PAGE.read_text("utf-8") == page(), "python -m tests.tools.seed_coverage writes the page"


def test_no_thing_is_lost():
    assert len(things()) == THINGS
    assert len({ids(index) for index in range(THINGS)}) == THINGS


@pytest.mark.parametrize("index", ALL)
def test_what_is_said_to_be_there_is_there(index):
    assert broken(index) == []


@pytest.mark.parametrize("index", ALL)
def test_what_is_not_whole_says_why(index):
    thing = things()[index]
    state, shown, reasons = state_of(index)
    assert state in STATES
    assert shown or reasons
    assert all(len(reason.split()) > 2 for reason in reasons)
    assert set(thing) <= KEYS
    for run in thing.get("run", ()):
        assert set(run) <= DOCUMENT | SHOWN | {"it", "until"}
        assert SHOWN & set(run)
