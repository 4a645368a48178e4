"""Work on the page is kept: over a reload, in its JSON box, under an address. In a real Chromium."""

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.helpers.browser import NARROW, ROOT, WIDE, ask, bring, component, field, unfold

EXAMPLE = json.loads((ROOT / "web/static/example.json").read_text())
TRAFFIC = json.loads((ROOT / "web/static/example_traffic.json").read_text())
KEY = "stackmeter.work"
MESSAGES = 8e9
CHANGED = EXAMPLE | {"components": [*EXAMPLE["components"][:2], EXAMPLE["components"][2] | {"messages": MESSAGES}]}


def expect_document(page, address, document):
    """The page shows this document and its total."""
    expect(page.locator("#total")).to_have_text(f"${ask(address, '/estimates', document)['total']:,.2f}")
    assert json.loads(page.locator("#document-text").input_value()) == document


def change(page):
    """Some work: another number of messages."""
    field(unfold(page, 2), "messages").fill("8e9")


def kept(page, store="localStorage"):
    return page.evaluate(f"JSON.parse(window.{store}.getItem('{KEY}'))")


@pytest.fixture
def saved(address):
    """A saved architecture with another name than the example."""
    document = TRAFFIC | {"name": "kept at the service"}
    made = ask(address, "/architectures", {"document": document}, method="POST")
    yield made["id"], document
    version = next(one["version"] for one in ask(address, "/architectures")["items"] if one["id"] == made["id"])
    ask(address, f"/architectures/{made['id']}", method="DELETE", If_Match=f'"{version}"')


def test_work_survives_a_reload_at_any_moment(page, address):
    change(page)
    page.reload()  # nobody waits for the answer, nor for the pause after the last key
    expect_document(page, address, CHANGED)
    expect(page.locator("#notice")).to_contain_text("Your work is back")
    expect(page.locator("#notice-text")).to_have_attribute("role", "status")


def test_work_is_there_in_the_next_window(page, address):
    bring(page, TRAFFIC)
    page.context.new_page().goto(address)
    later = page.context.pages[-1]
    page.close()
    expect_document(later, address, TRAFFIC)


def test_an_example_that_nobody_touched_is_no_work(page, address):
    assert kept(page) is None
    page.reload()
    expect_document(page, address, EXAMPLE)
    expect(page.locator("#notice")).to_be_hidden()


def test_two_tabs_do_not_take_each_others_work(page, address):
    other = page.context.new_page()
    other.goto(address)
    change(page)
    bring(other, TRAFFIC)
    page.reload()
    expect_document(page, address, CHANGED)
    other.reload()
    expect_document(other, address, TRAFFIC)


def test_one_can_start_anew(page, address):
    change(page)
    page.reload()
    page.get_by_role("button", name="Start anew").click()
    expect_document(page, address, EXAMPLE)
    expect(page.locator("#notice")).to_be_hidden()
    expect(page.locator("#architecture")).to_be_focused()
    page.reload()
    expect_document(page, address, EXAMPLE)
    expect(page.locator("#notice")).to_be_hidden()


WORK = {"version": 1, "architecture": EXAMPLE, "saved": None}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "null",
        "[]",
        "7",
        json.dumps(WORK | {"version": 2}),
        json.dumps(WORK | {"saved": 3}),
        json.dumps(WORK | {"saved": {"id": 3}}),
        json.dumps(WORK | {"architecture": None}),
        json.dumps(WORK | {"architecture": {"components": [None]}}),
        json.dumps(WORK | {"architecture": {"components": [], "account": []}}),
        json.dumps(WORK | {"architecture": {"components": [], "connections": {"from": "traffic"}}}),
        json.dumps(WORK | {"architecture": {"components": [], "account": {"price_book": {"rates": 3}}}}),
    ],
)
def test_a_value_that_is_not_ours_breaks_nothing(page, address, text):
    page.evaluate("([key, text]) => { sessionStorage[key] = text; localStorage[key] = text; }", [KEY, text])
    page.reload()
    expect_document(page, address, EXAMPLE)
    change(page)
    page.reload()
    expect_document(page, address, CHANGED)


def test_what_the_service_refuses_comes_back_as_it_was(page):
    odd = {
        "name": [],
        "region": {},
        "components": [{"name": 3, "type": {"a": 1}}, {"type": "sqs_queue", "messages": []}],
    }
    page.evaluate("([key, text]) => { localStorage[key] = text; }", [KEY, json.dumps(WORK | {"architecture": odd})])
    page.reload()
    expect(page.locator("#faults")).to_be_visible()
    expect(page.locator("#components > li")).to_have_count(2)
    assert json.loads(page.locator("#document-text").input_value()) == odd


def test_a_browser_that_keeps_nothing_says_so(open_page, address):
    page = open_page()
    page.add_init_script("for (const name of ['localStorage', 'sessionStorage']) delete Window.prototype[name]")
    page.add_init_script("for (const name of ['localStorage', 'sessionStorage']) delete window[name]")
    page.goto(address)
    expect_document(page, address, EXAMPLE)
    expect(page.locator("#notice")).to_be_hidden()
    change(page)
    expect_document(page, address, CHANGED)
    expect(page.locator("#notice")).to_contain_text("keeps nothing over a reload")


def test_a_saved_architecture_wins_over_kept_work(page, address, saved):
    saved_id, document = saved
    change(page)
    page.goto(f"{address}/?architecture={saved_id}")
    expect_document(page, address, document)
    assert kept(page)["architecture"] == CHANGED  # what is only looked at takes no one's work
    page.reload()
    expect_document(page, address, document)


def test_changes_to_a_saved_architecture_are_kept_until_they_are_saved(page, address, saved):
    saved_id, document = saved
    page.locator("#saved-panel > summary").click()
    expect(page.get_by_role("link", name=document["name"])).to_have_attribute("href", f"?architecture={saved_id}")
    page.get_by_role("button", name=f"Load {document['name']}").click()
    expect(page).to_have_url(f"{address}/?architecture={saved_id}")
    page.locator("#month-hours").fill("744")
    expect(page).to_have_url(f"{address}/")
    page.reload()
    changed = document | {"month_hours": 744}
    expect_document(page, address, changed)
    page.locator("#saved-panel > summary").click()
    page.get_by_role("button", name="Save changes").click()
    expect(page.locator("#saved-status")).to_have_text(f"{document['name']} is saved.")
    expect(page).to_have_url(f"{address}/?architecture={saved_id}")
    page.reload()
    expect_document(page, address, changed)
    expect(page.locator("#notice")).to_be_hidden()


@pytest.mark.parametrize("wanted", ["2f8c9a52-4c0e-4d1e-9d0a-3d3a4b5c6d7e", "..", "", "%00"])
def test_an_address_of_nothing_says_so_and_kept_work_is_shown(open_page, address, wanted):
    page = open_page()
    change(page)
    page.goto(f"{address}/?architecture={wanted}")
    expect(page.locator("#notice")).to_contain_text("cannot be loaded. Your work is back")
    expect_document(page, address, CHANGED)
    expect(page).to_have_url(f"{address}/")


def link_to(page):
    if page.locator("#document-panel").get_attribute("open") is None:
        page.locator("#document-panel > summary").click()
    page.get_by_role("button", name="Make a link").click()
    control = page.get_by_label("Link that carries this document")
    expect(control).to_be_focused()
    return control.input_value()


def test_a_link_wins_over_kept_work(page, open_page, address):
    document = TRAFFIC | {"name": "für alle: ≥ 3"}
    bring(page, document)
    link = link_to(page)
    assert link.startswith(f"{address}/#document=")
    other = open_page()
    change(other)
    other.goto(link)
    other.reload()  # from one part of a page to another nothing is loaded
    expect_document(other, address, document)
    assert kept(other)["architecture"] == CHANGED
    other.locator("#month-hours").fill("744")
    expect(other).to_have_url(f"{address}/")
    other.reload()
    expect_document(other, address, document | {"month_hours": 744})


def test_a_link_that_was_cut_off_says_so(page, address):
    bring(page, TRAFFIC)
    link = link_to(page)
    page.goto(link[:-20])
    page.reload()
    expect(page.locator("#notice")).to_contain_text("The link is not whole")
    expect_document(page, address, TRAFFIC)


def test_a_link_goes_when_the_document_changes_and_is_never_too_long(page):
    bring(page, EXAMPLE)
    link_to(page)
    change(page)
    expect(page.get_by_label("Link that carries this document")).to_be_hidden()
    names = [f"{index * 7919 % 10**9:09d}{index * 104729 % 10**9:09d}" for index in range(4000)]
    bring(
        page,
        EXAMPLE | {"components": [{"name": name, "type": "sqs_queue"} for name in names[:10]], "name": "".join(names)},
    )
    page.get_by_role("button", name="Make a link").click()
    expect(page.locator("#document-fault")).to_contain_text("too long for a link")


def test_the_json_box_follows_the_form(page):
    box = page.locator("#document-text")
    assert json.loads(box.input_value()) == EXAMPLE
    page.locator("#document-panel > summary").click()
    change(page)
    assert json.loads(box.input_value()) == CHANGED
    component(page, 0).get_by_role("button", name="Remove").click()
    assert json.loads(box.input_value()) == CHANGED | {"components": CHANGED["components"][1:]}
    page.get_by_role("button", name="Start empty").click()
    assert json.loads(box.input_value())["components"] == []


def test_what_is_typed_into_the_json_box_is_not_written_over(page):
    box = page.locator("#document-text")
    page.locator("#document-panel > summary").click()
    box.fill("{ mine")
    expect(page.locator("#document-unused")).to_be_visible()
    change(page)
    expect(box).to_have_value("{ mine")
    page.get_by_role("button", name="Show the present document").click()
    assert json.loads(box.input_value()) == CHANGED
    expect(page.locator("#document-unused")).to_be_hidden()
    expect(box).to_be_focused()


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(open_page, address, scheme, viewport, tmp_path):
    page = open_page(viewport=viewport, color_scheme=scheme, reduced_motion="reduce")
    change(page)
    page.reload()
    link_to(page)
    page.locator("#document-text").fill("{")
    expect(page.locator("#document-unused")).to_be_visible()
    expect_total_shown(page)
    page.screenshot(path=tmp_path / "kept.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") == viewport["width"]
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


def expect_total_shown(page):
    expect(page.locator("#answer")).to_be_visible()
