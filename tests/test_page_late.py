"""An answer belongs to its document: what comes late is never shown against a newer one. In a real Chromium."""

import json
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from tests.helpers.browser import ROOT, ask, bring, component, field, unfold

EXAMPLE = json.loads((ROOT / "web/static/example.json").read_text())
ESTIMATES, SAVED = "**/api/v1/estimates", "**/api/v1/architectures/*"
# A page that cannot abort a request: its late answer arrives, and must be dropped all the same.
NO_ABORT = "AbortController.prototype.abort = () => {}"


def cents(amount):
    return f"${amount:,.2f}"


def expect_answer_of(page, address, document):
    """Total, headings of the components and the table of costs are those of this document."""
    answer = ask(address, "/estimates", document)
    expect(page.locator("#total")).to_have_text(cents(answer["total"]))
    expect(page.locator("#by-component .whole > th")).to_have_text([one["component"] for one in answer["by_component"]])
    expect(page.locator(".component-cost")).to_have_text([cents(one["cost"]) for one in answer["by_component"]])


@contextmanager
def first_answer_held(page, ask_first, pattern=ESTIMATES):
    """The server answers what `ask_first` makes the page ask, but the answer stays on its way until this ends."""
    held = []

    def hold(route):
        if held:
            route.continue_()
        else:
            held.append((route, route.fetch()))

    page.route(pattern, hold)
    ask_first()
    for _ in range(1000):
        if held:
            break
        page.wait_for_timeout(10)
    route, response = held[0]
    yield
    route.fulfill(response=response)
    page.wait_for_timeout(300)  # long enough for the page to have shown it


@pytest.mark.parametrize("script", ["", NO_ABORT], ids=["aborted", "arrives"])
def test_a_late_answer_is_not_shown_on_a_newer_document(page, address, script):
    page.evaluate(script)
    messages = field(unfold(page, 2), "messages")
    with first_answer_held(page, lambda: messages.fill("9e9")):
        with page.expect_response(ESTIMATES):
            component(page, 0).get_by_role("button", name="Remove").click()
        newer = EXAMPLE | {"components": [EXAMPLE["components"][1], EXAMPLE["components"][2] | {"messages": 9e9}]}
        expect_answer_of(page, address, newer)
    expect_answer_of(page, address, newer)
    expect(page.locator("#outdated")).to_be_empty()


@pytest.mark.parametrize("script", ["", NO_ABORT], ids=["aborted", "arrives"])
def test_a_late_answer_does_not_overtake_the_pause_after_a_key(page, address, script):
    page.evaluate(script)
    messages = field(unfold(page, 2), "messages")
    with first_answer_held(page, lambda: messages.fill("9e9")):
        messages.fill("8e9")
    changed = [*EXAMPLE["components"][:2], EXAMPLE["components"][2] | {"messages": 8e9}]
    expect_answer_of(page, address, EXAMPLE | {"components": changed})


@pytest.mark.parametrize("script", ["", NO_ABORT], ids=["aborted", "arrives"])
def test_a_late_refusal_is_not_told_of_a_newer_document(page, address, script):
    page.evaluate(script)
    messages = field(unfold(page, 2), "messages")
    with first_answer_held(page, lambda: messages.fill("many")):
        with page.expect_response(ESTIMATES):
            component(page, 2).get_by_role("button", name="Remove").click()
        expect_answer_of(page, address, EXAMPLE | {"components": EXAMPLE["components"][:2]})
    expect(page.locator("[aria-invalid]")).to_have_count(0)
    expect(page.locator("#faults")).to_be_hidden()
    expect(page.locator("#outdated")).to_be_empty()


def test_what_nobody_waits_for_any_more_is_aborted(page):
    page.route(ESTIMATES, lambda route: None)  # it never answers
    messages = field(unfold(page, 2), "messages")
    with page.expect_request(ESTIMATES) as asked:
        messages.fill("9e9")
    with page.expect_event("requestfailed", lambda request: request == asked.value):
        messages.fill("8e9")


def test_no_total_of_another_document_stays_in_sight(page):
    before = page.locator("#total").inner_text()
    bring(page, {"region": "us-east-1", "components": [{"name": "jobs", "type": "sqs_queue"}]})
    expect(page.locator("#total")).not_to_have_text(before)
    expect(page.locator("#answer")).to_be_hidden()
    expect(page.locator("#verdict")).to_be_hidden()
    expect(page.locator("#outdated")).to_have_text("The present document cannot be computed.")


def test_an_architecture_that_loads_late_replaces_no_newer_work(page, address):
    saved = ask(address, "/architectures", {"document": EXAMPLE | {"name": "late"}}, method="POST")
    page.locator("#saved-panel > summary").click()
    with first_answer_held(page, page.get_by_role("button", name="Load late").click, SAVED):
        page.get_by_label("Name", exact=True).fill("newer")
    expect(page.locator("#saved-status")).to_contain_text("your work was not replaced")
    expect(page.get_by_label("Name", exact=True)).to_have_value("newer")
    ask(address, f"/architectures/{saved['id']}", method="DELETE", If_Match='"1"')


def test_a_document_saved_late_lends_its_place_to_no_other(page, address):
    page.locator("#saved-panel > summary").click()
    with first_answer_held(page, page.get_by_role("button", name="Save as new").click, "**/api/v1/architectures"):
        bring(page, EXAMPLE | {"name": "another"})
    expect(page.locator("#saved-status")).to_have_text("orders is saved.")
    expect(page.get_by_role("button", name="Save changes")).to_be_disabled()
    [saved] = ask(address, "/architectures")["items"]
    ask(address, f"/architectures/{saved['id']}", method="DELETE", If_Match='"1"')
