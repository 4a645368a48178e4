"""The page in a real Chromium, on the real application: what it shows, what it refuses, and whom it works for."""

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from calculator import component_types
from pricing.prices.coverage import regions
from tests.helpers.browser import (
    NARROW,
    ROOT,
    ask,
    bring,
    component,
    field,
    tab_to,
    unfold,
    unfold_all,
)

EXAMPLE = json.loads((ROOT / "web/static/example.json").read_text())
WRITTEN = {"45000000": 45e6, "4.6e7": 46e6, "47_000_000": 47e6, "48,000,000": 48e6, "49 000 000": 49e6}


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
    expect(detail.locator("a").first).to_have_attribute("href", line["rate"]["link"])


def test_what_is_old_or_derived_is_in_sight(page, address):
    document = EXAMPLE | {"as_of": "2022-06-01"}
    bring(page, document)
    answer = estimated(address, document)
    assert answer["prices"]["derived"]
    expect(page.locator("#total-note")).to_contain_text(answer["prices"]["text"])
    derived = [line for line in answer["line_items"] if line["rate"]["derived"]]
    expect(page.locator("#line-items .doubt", has_text="derived")).to_have_count(len(derived))


def test_a_component_is_added_with_the_keyboard_alone(page, address):
    tab_to(page, "#new-type")
    page.keyboard.type("amazon sqs")
    expect(options(page)).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("#outdated")).to_contain_text("Still needed: sqs_queue: Messages")
    expect(page.locator(".fault:visible")).to_have_count(0)
    page.keyboard.type("40_000_000")
    queue = {"name": "sqs_queue", "type": "sqs_queue", "messages": 40_000_000}
    answer = estimated(address, EXAMPLE | {"components": [*EXAMPLE["components"], queue]})
    expect(page.locator("#total")).to_have_text(cents(answer["total"]))
    expect(page.locator("#outdated")).to_be_empty()


def options(page):
    return page.locator("[role=option]:visible")


def expect_active(page, text):
    """This option is the one that Enter takes, and the field says so to assistive technology."""
    active = page.locator('[role=option][aria-selected="true"]')
    expect(active).to_contain_text(text)
    expect(page.locator(":focus")).to_have_attribute("aria-activedescendant", active.get_attribute("id"))


def test_every_type_is_offered_under_one_theme(page):
    themes = page.evaluate("import('/static/shared/themes.js').then((module) => module.THEMES)")
    assert sorted(name for names in themes.values() for name in names) == sorted(component_types())
    page.locator("#new-type").click()
    expect(options(page)).to_have_count(len(component_types()))
    assert page.locator(".option-group").all_inner_texts() == list(themes)


def test_types_are_found_by_what_they_are_called_or_do(page):
    finder = page.locator("#new-type")
    finder.press("ArrowUp")
    expect_active(page, "Own line")
    finder.press("ArrowDown")
    expect_active(page, "AWS Lambda function")
    finder.press("Escape")
    expect(options(page)).to_have_count(0)
    finder.press("Enter")
    finder.fill("Kubernetes")
    expect_active(page, "Amazon EKS cluster")
    finder.fill("teleporter")
    expect(page.locator(".options-note")).to_be_visible()
    finder.press("Enter")
    expect(page.locator("#components > li")).to_have_count(3)
    finder.fill("state machine")
    options(page).click()
    expect(page.locator("#components > li")).to_have_count(4)
    expect(finder).to_have_value("")


def test_a_published_metric_is_found_and_billed(page, address):
    finder = page.locator("#new-type")
    finder.fill("any published")
    expect(options(page)).to_have_count(1)
    finder.press("Enter")
    section = component(page, 3)
    expect(field(section, "find-metric")).to_be_focused()
    page.keyboard.type("swf initiated workflows")
    expect_active(page, "InitiatedWorkflows")
    page.keyboard.press("Enter")
    expect(field(section, "service")).to_have_value("swf")
    expect(field(section, "metric")).to_have_value("InitiatedWorkflows")
    expect(field(section, "quantity")).to_be_focused()
    page.keyboard.type("5e6")
    chosen = {"service": "swf", "metric": "InitiatedWorkflows", "quantity": 5e6}
    line = {"name": "metered_usage", "type": "metered_usage"} | chosen
    answer = estimated(address, EXAMPLE | {"components": [*EXAMPLE["components"], line]})
    expect(page.locator("#total")).to_have_text(cents(answer["total"]))
    expect(page.locator("#line-items")).to_contain_text("InitiatedWorkflows")


def test_a_text_that_looks_like_a_number_stays_text(page):
    line = {"name": "line", "type": "metered_usage", "service": "2024", "metric": "1e6", "quantity": 1}
    bring(page, {"region": "us-east-1", "components": [line]})
    field(component(page, 0), "metric").fill("2e6")
    with page.expect_request("**/estimates") as sent:
        page.get_by_role("button", name="Compute").click()
    assert sent.value.post_data_json["components"] == [line | {"metric": "2e6"}]


def test_a_metric_that_nobody_publishes(page):
    bring(page, {"region": "us-east-1", "components": [{"name": "line", "type": "metered_usage", "quantity": 1}]})
    finder = field(component(page, 0), "find-metric")
    for words, told in (
        ("", "Type the name of a service"),
        ("teleporter", "No metric"),
        ("e", "more words find fewer"),
    ):
        finder.fill(words)
        finder.click()
        expect(page.locator(".options-note")).to_contain_text(told)


def test_a_line_says_where_it_is_priced_if_that_is_elsewhere(page):
    parts = [
        {"name": "cdn", "type": "cloudfront_distribution", "https_requests": 1e8, "data_out_gb": 1e4},
        {"name": "zone", "type": "route53_zone", "queries": 1e7},
        {"name": "jobs", "type": "sqs_queue", "messages": 1e7},
        {"name": "far", "type": "sqs_queue", "messages": 1e7, "region": "eu-west-1"},
        {"name": "own", "type": "custom_line", "amount_usd": 10},
    ]
    bring(page, {"region": "us-east-1", "components": parts})
    lines = page.locator("#line-items tbody > tr:visible")
    for name, place in {"cdn": "CloudFront, United States", "zone": "all regions", "far": "eu-west-1"}.items():
        expect(lines.filter(has_text=name).first).to_contain_text(place)
    for name in ("jobs", "own"):
        expect(lines.filter(has_text=name).locator(".place")).to_have_count(0)


def test_own_prices_stand_beside_list_prices(page, address):
    document = EXAMPLE | {"account": {"price_book": {"discounts": [{"on": "*", "percent": 50}]}}}
    bring(page, document)
    answer = estimated(address, document)
    expect(page.locator("#total")).to_have_text(cents(answer["total"]))
    expect(page.locator("#total-saving")).to_contain_text(f"{cents(answer['list_total'])} at list price")
    page.locator(".opener").first.click()
    told = f"{cents(answer['line_items'][0]['list_cost'])} at list price"
    expect(page.locator(".line-detail:visible")).to_contain_text(told)


def test_the_types_are_asked_for_once(open_page, address):
    page = open_page()
    asked = []
    page.on("response", lambda response: asked.append(response) if "/types" in response.url else None)
    with page.expect_response("**/api/v1/types") as again:
        page.reload()
    expect(page.locator("#bars .main-svg").first).to_be_visible()
    assert again.value.headers["content-encoding"] == "gzip"
    assert len(asked) == 1


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
    assert set(regions()) <= set(offered)


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


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_what_is_offered(open_page, scheme):
    page = open_page(color_scheme=scheme, reduced_motion="reduce")
    page.locator("#new-type").fill("queue")
    expect(options(page).first).to_be_visible()
    assert complaints(page) == ""


@pytest.fixture
def coverage_page(open_page, address):
    def opened(**options):
        page = open_page(**options)
        page.goto(f"{address}/coverage")
        expect(page.locator("#table tbody").first).to_be_visible()
        return page

    return opened


def test_the_coverage_is_what_the_service_says(coverage_page, address, tmp_path):
    page = coverage_page()
    known = ask(address, "/coverage")
    assert page.locator("thead .region").all_inner_texts() == list(regions())
    rows = page.locator("#table tbody tr:has(td:not(.detail))")
    expect(rows).to_have_count(known["total"])
    for kind in known["items"][:5]:
        row = rows.filter(has=page.get_by_role("link", name=kind["title"], exact=True))
        shown = row.locator("td").evaluate_all("cells => cells.map((cell) => cell.className)")
        assert shown == [covered["extent"] for covered in kind["regions"]]
        expect(row.get_by_role("link")).to_have_attribute("href", kind["pricing_page"])
    page.screenshot(path=tmp_path / "coverage.png")


def test_what_is_missing_opens_below_its_type(coverage_page, address):
    page = coverage_page()
    kind = next(kind for kind in ask(address, "/coverage")["items"] if kind["type"] == "app_runner_service")
    opener = page.get_by_role("button", name=f"Missing prices of {kind['title']}")
    opener.click()
    detail = page.locator(f"#{opener.get_attribute('aria-controls')}")
    for name in kind["regions"][0]["missing"]:
        expect(detail).to_contain_text(name)
    expect(detail).to_contain_text("every region but ap-northeast-1, ")


def test_the_head_of_the_coverage_stays(coverage_page):
    page = coverage_page()
    frame = page.locator("#table .scroller")
    frame.evaluate("frame => frame.scrollTo(300, 600)")
    inside = frame.bounding_box()
    region, kind = page.locator("thead th").nth(20), page.locator("tbody th[scope=row]").nth(20)
    assert abs(region.bounding_box()["y"] - inside["y"]) < 5
    assert abs(kind.bounding_box()["x"] - inside["x"]) < 5


def test_the_coverage_of_another_day(coverage_page, address):
    page = coverage_page()
    page.locator("#as-of").fill("2024-10-15")
    expect(page.locator("#told")).to_contain_text("15 October 2024")
    then = ask(address, "/coverage?as_of=2024-10-15")["items"]
    whole = sum(covered["extent"] == "all" for kind in then for covered in kind["regions"])
    expect(page.locator("#table td.all")).to_have_count(whole)


def test_a_lost_connection_is_told(coverage_page):
    page = coverage_page()
    page.route("**/coverage?*", lambda route: route.fulfill(status=503, json={"title": "Busy", "detail": "Try again."}))
    page.locator("#as-of").fill("2024-10-15")
    expect(page.get_by_role("alert")).to_have_text("Try again.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_coverage_fits_a_narrow_window_and_axe_finds_nothing(coverage_page, scheme, tmp_path):
    page = coverage_page(viewport=NARROW, color_scheme=scheme, reduced_motion="reduce")
    page.locator("#table .opener").first.click()
    assert page.evaluate("document.documentElement.scrollWidth") == NARROW["width"]
    page.screenshot(path=tmp_path / f"coverage-{scheme}.png", full_page=True)
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
