"""What has no price, on the page: refused at the switch of its line, or named beside the total of the rest."""

import re

from playwright.sync_api import expect

from tests.helpers.browser import ask, bring, unfold_all
from tests.test_unpriced import FAR, LIST, MISSING


def test_the_total_says_what_it_lacks(page, address):
    bring(page, FAR | LIST)
    answer = ask(address, "/estimates", FAR | LIST)
    lacking = ", ".join(f"{meter} of {name} in {region}" for name, meter, region, _ in MISSING)
    expect(page.locator("#total-unpriced")).to_have_text(
        f"The total is at least so much: no price is known of {lacking}."
    )
    expect(page.locator("#total")).to_have_text(f"${answer['total']:,.2f}")
    expect(page.locator("#live")).to_contain_text("Total at least $")


def test_it_is_asked_for_in_the_settings(page):
    bring(page, FAR)
    expect(page.locator("#faults")).to_contain_text("hidden_lines.data_transfer = false leaves it out")
    unfold_all(page)
    page.locator("#unpriced").select_option("list")
    expect(page.locator("#total-unpriced")).to_be_visible()
    expect(page.locator("#document-text")).to_have_value(re.compile('"unpriced": "list"'))
    bring(page, FAR | {"region": "eu-west-2"})
    expect(page.locator("#total-unpriced")).to_be_hidden()
