"""The account's own prices on the page, in a real Chromium: written, refused, priced, and kept with the document."""

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from api.document_schema import document_schemas
from tests.helpers.browser import NARROW, ROOT, WIDE, ask, bring, field, tab_to, unfold_all

EXAMPLE = json.loads((ROOT / "web/static/example.json").read_text())
HEAD = "#line-items > .scroller > table > thead th"
FULL = {
    "discounts": [{"on": "*", "percent": 5, "note": "enterprise agreement"}, {"on": "sqs_queue", "percent": 12.5}],
    "rates": [
        {"meter": "lambda_function.requests_arm64", "usd": 1.5e-7},
        {"meter": "metered_usage.swf/InitiatedWorkflows", "usd": 0.00009},
    ],
    "commitments": [{"on": "lambda_function", "usd_per_hour": 0.01, "percent": 17}],
}


def with_book(book):
    return EXAMPLE | {"account": EXAMPLE["account"] | {"price_book": book}}


def estimated(address, book):
    return ask(address, "/estimates", with_book(book))


def entry(page, section, index):
    """A row of the price book."""
    return page.locator(f"#own-{section} > li").nth(index)


def open_book(page):
    page.locator("#price-book > summary").click()


def cents(amount):
    return f"${amount:,.2f}"


def cells(row):
    return row.locator("td.number").all_inner_texts()[-3:]


def test_the_form_has_the_fields_of_the_schema(page):
    sections = page.evaluate("import('/static/form/price_book_fields.js').then((module) => module.SECTIONS)")
    schema = document_schemas()["Account"]["properties"]["price_book"]["properties"]
    assert sections.keys() == schema.keys()
    for name, section in sections.items():
        entries = schema[name]["items"]
        assert {each["name"] for each in section["fields"]} == entries["properties"].keys()
        assert {each["name"] for each in section["fields"] if each.get("required")} == set(entries["required"])


def test_a_discount_is_added_with_the_keyboard_alone(page, address):
    tab_to(page, "#price-book > summary")
    page.keyboard.press("Enter")
    tab_to(page, "#add-discounts")
    page.keyboard.press("Enter")
    expect(page.locator("#outdated")).to_contain_text("Still needed: Discount 1: On and 1 more")
    expect(field(entry(page, "discounts", 0), "on")).to_be_focused()
    page.keyboard.type("lambda function")
    expect(page.locator('[role=option][aria-selected="true"]')).to_contain_text("lambda_function")
    page.keyboard.press("Enter")
    expect(entry(page, "discounts", 0).locator('[data-name="on"] .help')).to_have_text("AWS Lambda function")
    tab_to(page, '[data-name="percent"] input')
    page.keyboard.type("25")
    answer = estimated(address, {"discounts": [{"on": "lambda_function", "percent": 25}]})
    assert answer["total"] < answer["list_total"]
    expect(page.locator("#total")).to_have_text(cents(answer["total"]))
    expect(page.locator("#price-book-count")).to_have_text("(1 entry)")


def test_list_price_own_price_and_saving_stand_side_by_side(page, address):
    assert page.locator(HEAD).all_inner_texts()[-1] == "Cost"
    book = {"discounts": [{"on": "*", "percent": 40}]}
    answer = estimated(address, book)
    bring(page, with_book(book))
    expect(page.locator(HEAD).last).to_have_text("Saving")
    assert page.locator(HEAD).all_inner_texts()[-3:-1] == ["List cost", "Own cost"]
    own, listed = answer["total"], answer["list_total"]
    assert cells(page.locator("#line-items tfoot tr")) == [cents(listed), cents(own), cents(listed - own)]
    for line, row in zip(answer["line_items"], page.locator("#line-items tbody > tr:visible").all(), strict=True):
        assert cells(row) == [cents(line["list_cost"]), cents(line["cost"]), cents(line["list_cost"] - line["cost"])]
    expect(page.locator("#total-saving")).to_have_text(
        f"{cents(listed - own)} (40%) less than {cents(listed)} at list price"
    )


def test_a_book_that_costs_more_or_changes_nothing_says_so(page, address):
    book = {"commitments": [{"on": "sqs_queue", "usd_per_hour": 1, "percent": 10}]}
    answer = estimated(address, book)
    bring(page, with_book(book))
    expect(page.locator("#total-saving")).to_contain_text(f"more than {cents(answer['list_total'])} at list price")
    dearer = cents(answer["total"] - answer["list_total"])
    assert cells(page.locator("#line-items tfoot tr"))[-1] == f"\N{MINUS SIGN}{dearer}"
    page.get_by_role("button", name="Commitment on sqs_queue").click()
    expect(page.locator(".line-detail:visible")).to_contain_text("at list price there is none")
    bring(page, with_book({"discounts": [{"on": "s3_bucket", "percent": 10}]}))
    expect(page.locator("#total-saving")).to_contain_text("changes nothing here")


def test_a_rate_names_the_unit_it_is_of(page, address):
    open_book(page)
    page.get_by_role("button", name="Add rate").click()
    page.keyboard.type("queue standard")
    page.locator("[role=option]:visible").first.click()
    row = entry(page, "rates", 0)
    expect(field(row, "meter")).to_have_value("sqs_queue.requests")
    expect(row.locator('[data-name="usd"] .unit')).to_have_text("USD per request")
    field(row, "usd").fill("1e-7")
    answer = estimated(address, {"rates": [{"meter": "sqs_queue.requests", "usd": 1e-7}]})
    expect(page.locator("#total")).to_have_text(cents(answer["total"]))


def test_a_published_metric_can_have_a_rate(page):
    open_book(page)
    page.get_by_role("button", name="Add rate").click()
    page.keyboard.type("swf initiated workflows")
    expect(page.locator('[role=option][aria-selected="true"]')).to_contain_text("InitiatedWorkflows")
    page.keyboard.press("Enter")
    expect(field(entry(page, "rates", 0), "meter")).to_have_value("metered_usage.swf/InitiatedWorkflows")
    page.locator("#add-discounts").click()
    page.keyboard.type("teleporter")
    expect(page.locator(".options-note")).to_contain_text("No component type and no meter")


def test_what_is_used_is_offered_before_a_word_is_typed(page):
    open_book(page)
    page.get_by_role("button", name="Add commitment").click()
    page.keyboard.press("ArrowDown")
    expect(page.locator('[role=option][aria-selected="true"]')).to_contain_text("Everything")
    assert "Amazon SQS queue" in page.locator(".option-label").all_inner_texts()
    page.keyboard.press("Escape")
    page.keyboard.type("e")
    expect(page.locator(".options-note")).to_contain_text("more words find fewer")
    expect(page.locator("[role=option]:visible")).to_have_count(50)


def test_a_fault_lands_at_its_field(page):
    book = {"discounts": [FULL["discounts"][0], {"on": "pigeon_post", "percent": 150}], "commitments": [{"on": "*"}]}
    bring(page, with_book(book))
    told = page.locator("#faults a")
    expect(told).to_have_count(4)
    for words in ("Commitment 1: Amount", "Commitment 1: Discount", "Discount 2: On", "Discount 2: Discount"):
        expect(told.filter(has_text=words)).to_have_count(1)
    row = entry(page, "discounts", 1)
    for name in ("on", "percent"):
        control = field(row, name)
        expect(control).to_have_attribute("aria-invalid", "true")
        fault = row.locator(f'[data-name="{name}"] [role=alert]')
        assert fault.get_attribute("id") in control.get_attribute("aria-describedby").split()
    expect(row.locator('[data-name="on"] [role=alert]')).to_have_text("no component type 'pigeon_post'")
    told.filter(has_text="Discount 2: Discount").click()
    expect(field(row, "percent")).to_be_focused()
    field(row, "percent").fill("15")
    field(row, "on").fill("sqs_queue")
    page.get_by_role("button", name="Remove Commitment 1").click()
    expect(page.locator("#add-commitments")).to_be_focused()
    expect(page.locator("#faults")).to_be_hidden()
    expect(page.locator("#outdated")).to_be_empty()


def test_what_the_book_does_not_know_can_be_taken_out(page):
    bring(page, with_book({"discounts": [{"on": "*", "percent": 5, "colour": "red"}], "rebates": []}))
    expect(page.locator("#faults li")).to_have_count(2)
    page.locator("#faults a").click()
    expect(field(entry(page, "discounts", 0), "colour")).to_be_focused()
    with page.expect_request("**/estimates") as sent:
        field(entry(page, "discounts", 0), "colour").fill("")
    assert sent.value.post_data_json["account"]["price_book"]["discounts"] == [{"on": "*", "percent": 5}]


@pytest.mark.parametrize("book", [None, [], {"discounts": {}}, {"rates": [3]}])
def test_a_book_that_has_no_rows_is_told_beside_the_text(page, book):
    bring(page, with_book(book))
    expect(page.locator("#document-fault")).to_contain_text("price book must be")


def test_a_document_goes_in_and_comes_out_the_same(page, address, tmp_path):
    bring(page, with_book(FULL))
    expect(page.locator("#total")).to_have_text(cents(estimated(address, FULL)["total"]))
    expect(page.locator("#price-book-count")).to_have_text("(5 entries)")
    expect(field(entry(page, "discounts", 0), "note")).to_have_value("enterprise agreement")
    expect(field(entry(page, "rates", 0), "usd")).to_have_value("0.00000015")
    expect(entry(page, "rates", 1).locator(".unit")).to_have_text("USD per unit")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    download.value.save_as(tmp_path / "document.json")
    assert json.loads((tmp_path / "document.json").read_text()) == with_book(FULL)


def test_a_saved_document_fills_the_rows(page, address):
    saved = ask(address, "/architectures", {"document": with_book(FULL) | {"name": "agreed"}}, method="POST")
    page.locator("#saved-panel > summary").click()
    page.get_by_role("button", name="Load agreed").click()
    expect(field(entry(page, "commitments", 0), "usd_per_hour")).to_have_value("0.01")
    ask(address, f"/architectures/{saved['id']}", method="DELETE", If_Match='"1"')


def test_removed_rows_leave_nothing_behind(page):
    bring(page, with_book({"discounts": FULL["discounts"]}))
    open_book(page)
    page.get_by_role("button", name="Remove Discount 1").click()
    expect(field(entry(page, "discounts", 0), "on")).to_be_focused()
    expect(field(entry(page, "discounts", 0), "on")).to_have_value("sqs_queue")
    with page.expect_request("**/estimates") as sent:
        page.get_by_role("button", name="Remove Discount 1").click()
        page.get_by_role("button", name="Compute").click()
    assert sent.value.post_data_json == EXAMPLE
    expect(page.locator("#total-saving")).to_be_hidden()


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(open_page, scheme, viewport, tmp_path):
    page = open_page(viewport=viewport, color_scheme=scheme, reduced_motion="reduce")
    bring(page, with_book(FULL))
    expect(page.locator("#total-saving")).to_be_visible()
    unfold_all(page)
    page.screenshot(path=tmp_path / "book.png", full_page=True)
    assert complaints(page) == ""
    field(entry(page, "discounts", 1), "percent").fill("many")
    expect(entry(page, "discounts", 1).get_by_role("alert")).to_be_visible()
    page.locator("#add-rates").click()
    page.keyboard.type("requests")
    expect(page.locator("[role=option]:visible").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == viewport["width"]
    page.screenshot(path=tmp_path / "offered.png")
    assert complaints(page) == ""


def complaints(page):
    results = Axe().run(page)
    return results.generate_report() if results.violations_count else ""
