"""The page in a real Chromium, on the real application: what it shows, what it refuses, and whom it works for."""

import json
import re
from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from api.tables import known_regions
from tests.browser import ROOT, ask, bring, browser, component, field, served, tab_to, unfold, unfold_all

EXAMPLE = json.loads((ROOT / "web/static/example.json").read_text())
WIDE = {"width": 1280, "height": 900}
NARROW = {"width": 320, "height": 640}
# Chromium reports on the console that an answer was a refusal; that is how the server refuses.
REFUSED = re.compile(r"Failed to load resource: the server responded with a status of (412|422) ")
WRITTEN = {"45000000": 45e6, "4.6e7": 46e6, "47_000_000": 47e6, "48,000,000": 48e6, "49 000 000": 49e6}


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with served(tmp_path_factory.mktemp("server")) as address:
        yield address


@pytest.fixture(scope="module")
def chromium():
    with browser() as chromium:
        yield chromium


@pytest.fixture
def open_page(chromium, address):
    """Opens the page; at the end, no request has left the server and the console has been quiet."""
    seen = SimpleNamespace(requests=[], complaints=[], contexts=[])

    def opened(**options):
        context = chromium.new_context(**({"viewport": WIDE} | options))
        seen.contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: seen.requests.append(request.url))
        page.on("pageerror", lambda error: seen.complaints.append(str(error)))
        page.on("console", lambda message: seen.complaints.append(message.text) if message.type == "error" else None)
        page.goto(address)
        expect(page.locator("#bars .main-svg").first).to_be_visible(timeout=30_000)
        return page

    yield opened
    for context in seen.contexts:
        context.close()
    assert [url for url in seen.requests if not url.startswith((f"{address}/", "blob:"))] == []
    assert [text for text in seen.complaints if not REFUSED.match(text)] == []


@pytest.fixture
def page(open_page):
    return open_page()


def estimated(address, document):
    return ask(address, "/estimates", document)


def with_inputs(index, **inputs):
    """The example with other inputs of one component."""
    components = [dict(component) for component in EXAMPLE["components"]]
    components[index] |= inputs
    return EXAMPLE | {"components": components}


def cents(amount):
    return f"${amount:,.2f}"


def test_the_example_is_computed_at_once(page, address, tmp_path):
    answer = estimated(address, EXAMPLE)
    expect(page.locator("#total")).to_have_text(cents(answer["total"]))
    expect(page.locator("#by-component .whole")).to_have_count(len(answer["by_component"]))
    expect(page.locator("#line-items tbody > tr:visible")).to_have_count(len(answer["line_items"]))
    expect(page.locator("#assumptions tbody tr")).to_have_count(len(answer["assumptions"]))
    expect(page.locator("#catalogue-digest")).to_have_text(answer["catalogue"]["digest"])
    expect(page.locator("#live")).to_contain_text(cents(answer["total"]))
    page.screenshot(path=tmp_path / "page.png", full_page=True)


def test_a_line_opens_to_its_tiers_and_source(page, address):
    line = estimated(address, EXAMPLE)["line_items"][1]
    opener = page.locator(".opener").nth(1)
    opener.click()
    expect(opener).to_have_attribute("aria-expanded", "true")
    detail = page.locator(f"#{opener.get_attribute('aria-controls')}")
    expect(detail).to_contain_text(line["rate"]["source"])
    expect(detail.locator(".tiers tbody tr")).to_have_count(len(line["tiers"]))


def test_a_component_is_added_with_the_keyboard_alone(page, address):
    tab_to(page, "#new-type")
    page.keyboard.type("Amazon SQS")
    tab_to(page, "#add-component")
    page.keyboard.press("Enter")
    expect(page.locator("#outdated")).to_contain_text("Still needed: sqs_queue: Messages")
    expect(page.locator(".fault:visible")).to_have_count(0)
    page.keyboard.type("40_000_000")
    queue = {"name": "sqs_queue", "type": "sqs_queue", "messages": 40_000_000}
    answer = estimated(address, EXAMPLE | {"components": [*EXAMPLE["components"], queue]})
    expect(page.locator("#total")).to_have_text(cents(answer["total"]))
    expect(page.locator("#outdated")).to_be_empty()


def test_components_are_copied_renamed_and_removed(page, address):
    jobs = unfold(page, 2)
    jobs.get_by_role("button", name="Duplicate").click()
    expect(field(component(page, 3), "name")).to_be_focused()
    field(component(page, 3), "name").fill("more jobs")
    expect(page.locator("#by-component .whole").last).to_contain_text("more jobs")
    jobs.get_by_role("button", name="Remove").click()
    expect(component(page, 2).locator("> summary")).to_be_focused()
    expect(page.locator("#total")).to_have_text(cents(estimated(address, EXAMPLE)["total"]))


def test_a_refused_value_is_told_beside_its_field(page):
    before = page.locator("#total").inner_text()
    messages = field(unfold(page, 2), "messages")
    messages.fill("many")
    messages.press("Enter")
    expect(page.locator("#faults")).to_be_focused()
    expect(messages).to_have_attribute("aria-invalid", "true")
    told = component(page, 2).get_by_role("alert")
    expect(told).to_contain_text("number")
    assert told.get_attribute("id") in messages.get_attribute("aria-describedby").split()
    expect(page.locator("#total")).to_have_text(before)
    expect(page.locator("#outdated")).to_contain_text("before your last changes")
    component(page, 2).locator("> summary").click()
    page.locator("#faults a").click()
    expect(messages).to_be_focused()
    messages.fill("5e6")
    expect(messages).not_to_have_attribute("aria-invalid", "true")
    expect(page.locator("#faults")).to_be_hidden()


def test_while_typing_the_focus_stays(page):
    messages = field(unfold(page, 2), "messages")
    messages.fill("many")
    expect(component(page, 2).get_by_role("alert")).to_be_visible()
    expect(messages).to_be_focused()
    expect(page.locator("#faults")).to_be_hidden()


def test_numbers_are_taken_as_people_write_them(page, address):
    requests = field(unfold(page, 0), "requests")
    for text, number in WRITTEN.items():
        requests.fill(text)
        answer = estimated(address, with_inputs(0, requests=number))
        expect(page.locator("#total")).to_have_text(cents(answer["total"]))


def test_an_amount_that_is_not_zero_never_reads_zero(page):
    queue = {"name": "rare", "type": "sqs_queue", "messages": 1}
    bring(page, {"region": "us-east-1", "account": {"free_tier": "none"}, "components": [queue]})
    expect(page.locator("#total")).to_have_text("$0.0000012")


def test_a_broken_limit_is_shown_with_its_remedy(page, address):
    field(unfold(page, 1), "memory_mb").fill("20480")
    [violation] = estimated(address, with_inputs(1, memory_mb=20480))["violations"]
    card = page.locator(".violation")
    expect(card).to_have_count(1)
    for text in (violation["title"], violation["exceeded"], violation["remedy"], "20,480 MB", "10,240 MB"):
        expect(card).to_contain_text(text)
    expect(page.locator("#verdict")).to_have_text("1 limit broken")
    card.get_by_role("link", name="handler", exact=True).click()
    expect(field(component(page, 1), "name")).to_be_focused()


def test_inputs_are_shown_where_they_count(page):
    table = {"name": "table", "type": "dynamodb_table", "writes": 1e7, "reads": 1e7}
    bring(page, {"region": "us-east-1", "components": [table]})
    section = component(page, 0)
    expect(field(section, "writes")).to_be_visible()
    expect(field(section, "write_units")).to_be_hidden()
    field(section, "capacity").select_option("provisioned")
    expect(field(section, "writes")).to_be_hidden()
    expect(page.locator("#outdated")).to_contain_text("Still needed: table: Write units and 1 more")
    field(section, "write_units").fill("100")
    field(section, "read_units").fill("100")
    expect(page.get_by_role("button", name="Provisioned write capacity")).to_be_visible()


def test_settings_and_used_allowances_count(page, address):
    page.get_by_label("Free tier").select_option("none")
    expect(page.locator("#total")).to_have_text(
        cents(estimated(address, EXAMPLE | {"account": {"free_tier": "none"}})["total"])
    )
    page.get_by_label("Free tier").select_option("always")
    page.get_by_text("Free allowances already used elsewhere").click()
    page.get_by_label("Allowance", exact=True).select_option("sqs_queue.requests")
    page.get_by_role("button", name="Add allowance").click()
    page.keyboard.type("1e6")
    used = EXAMPLE["account"]["already_used"] | {"sqs_queue.requests": 1e6}
    answer = estimated(address, EXAMPLE | {"account": {"already_used": used}})
    expect(page.locator("#total")).to_have_text(cents(answer["total"]))


def test_every_region_with_prices_is_offered(page):
    offered = page.locator("#regions option").evaluate_all("options => options.map((option) => option.value)")
    assert set(known_regions()) <= set(offered)


def test_a_document_goes_in_and_comes_out_the_same(page, tmp_path):
    document = with_inputs(2, messages=1234567.5) | {"name": "<img src=x onerror=alert(1)>"}
    document["components"][0]["name"] = "<b>bold</b>"
    bring(page, document)
    expect(page.locator("#by-component")).to_contain_text("<b>bold</b>")
    expect(page.locator("#bars")).to_contain_text("<b>bold</b>")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    download.value.save_as(tmp_path / "document.json")
    assert json.loads((tmp_path / "document.json").read_text()) == document


@pytest.mark.parametrize(
    ("text", "told"),
    [("{", "not JSON"), ("[]", "an object"), ('{"components": {}}', "list of components")],
)
def test_what_is_no_document_is_told_beside_the_text(page, text, told):
    bring(page, text)
    expect(page.locator("#document-fault")).to_contain_text(told)
    expect(page.locator("#components > li")).to_have_count(3)


def test_unknown_keys_and_types_can_be_put_right(page):
    odd = {"name": "odd", "type": "pigeon_post"}
    extra = {"name": "jobs", "type": "sqs_queue", "messages": 10, "colour": "red"}
    bring(page, {"region": "us-east-1", "components": [odd, extra]})
    expect(page.locator("#faults li")).to_have_count(2)
    field(component(page, 0), "type").select_option("sqs_queue")
    page.keyboard.type("5")
    field(unfold(page, 1), "colour").fill("")
    expect(page.locator("#outdated")).to_be_empty()
    expect(page.locator("#by-component .whole")).to_have_count(2)


def test_saved_changes_of_others_are_not_written_over(page, address):
    page.locator("#saved-panel > summary").click()
    status = page.locator("#saved-status")
    page.get_by_role("button", name="Save as new").click()
    expect(status).to_have_text("orders is saved.")
    [saved] = ask(address, "/architectures")["items"]
    theirs = {"document": with_inputs(0, requests=1) | {"name": "theirs"}}
    ask(address, f"/architectures/{saved['id']}", theirs, method="PUT", If_Match='"1"')
    page.get_by_role("button", name="Save changes").click()
    expect(status).to_contain_text("after you loaded it")
    page.get_by_role("button", name="Delete orders").click()
    expect(status).to_contain_text("was not deleted")
    page.get_by_role("button", name="Load orders").click()
    expect(page.get_by_label("Name", exact=True)).to_have_value("theirs")
    field(unfold(page, 0), "requests").fill("2")
    page.get_by_role("button", name="Save changes").click()
    expect(status).to_have_text("theirs is saved.")
    page.get_by_role("button", name="Delete theirs").click()
    expect(status).to_have_text("theirs is deleted.")
    assert ask(address, "/architectures")["total"] == 0


def test_a_narrow_window_needs_no_sideways_scrolling(open_page, tmp_path):
    page = open_page(viewport=NARROW)
    field(unfold(page, 1), "memory_mb").fill("20480")
    expect(page.locator(".violation")).to_be_visible()
    unfold_all(page)
    assert page.evaluate("document.documentElement.scrollWidth") == NARROW["width"]
    page.screenshot(path=tmp_path / "narrow.png", full_page=True)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(open_page, scheme, tmp_path):
    page = open_page(color_scheme=scheme, reduced_motion="reduce")
    assert complaints(page) == ""
    field(unfold(page, 1), "memory_mb").fill("20480")
    expect(page.locator(".violation")).to_be_visible()
    field(unfold(page, 2), "messages").fill("many")
    page.get_by_role("button", name="Compute").click()
    expect(page.locator("#faults")).to_be_visible()
    unfold_all(page)
    page.screenshot(path=tmp_path / f"{scheme}.png", full_page=True)
    assert complaints(page) == ""


def complaints(page):
    results = Axe().run(page)
    return results.generate_report() if results.violations_count else ""


def test_the_colours_of_the_bars_follow_the_scheme(page):
    bar = page.locator("#bars .bars path").first
    light = bar.evaluate("bar => getComputedStyle(bar).fill")
    page.emulate_media(color_scheme="dark")
    expect(bar).not_to_have_css("fill", light)


def test_without_javascript_the_page_says_what_to_do(page):
    assert "stackmeter estimate FILE" in page.locator("noscript").text_content()
