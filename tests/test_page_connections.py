"""What can be connected on the page, in a real Chromium: offered by pair, refused with a reason, with its defaults."""

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from calculator import parse
from pricing.errors import InvalidDocument
from tests.helpers.browser import NARROW, ROOT, WIDE, ask, bring, component, field, tab_to, unfold_all

EXAMPLE = json.loads((ROOT / "web/static/example_traffic.json").read_text())
FAN_OUT = {
    "name": "fan out",
    "region": "us-east-1",
    "as_of": "2026-09-01",
    "traffic": {"requests_per_month": 1e6, "payload_kb": 2},
    "components": [
        {"name": "door", "type": "http_api"},
        {"name": "handler", "type": "lambda_function", "duration_ms": 50},
        {"name": "news", "type": "sns_topic"},
        {"name": "jobs", "type": "sqs_queue"},
        {"name": "ordered", "type": "sqs_queue", "fifo": True, "messages": 0},
        {"name": "table", "type": "dynamodb_table", "writes": 0, "reads": 0},
        {"name": "flow", "type": "state_machine", "executions": 0, "transitions": 3},
        {"name": "records", "type": "kinesis_stream"},
        {"name": "worker", "type": "lambda_function", "duration_ms": 200},
    ],
    "connections": [
        {"from": "traffic", "to": "door"},
        {"from": "door", "to": "handler"},
        {"from": "handler", "to": "news"},
        {"from": "news", "to": "jobs"},
        {"from": "jobs", "to": "worker"},
        {"from": "worker", "to": "records"},
    ],
}
CONNECTION = "#connections > li"


def row(page, index):
    return page.locator(CONNECTION).nth(index)


def offered(page, index, end):
    return field(row(page, index), end).locator("option").all_inner_texts()[1:]


def titles(page):
    return {
        kind["name"]: kind["title"] for kind in page.evaluate("fetch('api/v1/types').then((it) => it.json())")["items"]
    }


def faults_of(document, pointer):
    try:
        parse(document)
    except InvalidDocument as invalid:
        return [fault.detail for fault in invalid.faults if fault.pointer == pointer]
    return []


def sent_by(page, act):
    with page.expect_request("**/estimates") as sent:
        act()
    return sent.value.post_data_json


@pytest.fixture
def fan_out(page, address):
    bring(page, FAN_OUT)
    expect(page.locator("#total")).to_have_text(f"${ask(address, '/estimates', FAN_OUT)['total']:,.2f}")
    return page


def test_only_targets_that_aws_connects_are_offered(fan_out):
    assert offered(fan_out, 3, "to") == ["door", "handler", "jobs", "worker"]
    refused = row(fan_out, 3).locator(".refused")
    expect(refused.locator("summary")).to_have_text("Not offered: 4 components")
    refused.locator("summary").click()
    told = refused.locator("li").all_inner_texts()
    assert [text.split(":")[0] for text in told] == ["ordered", "table", "flow", "records"]
    named = titles(fan_out)
    assert (
        told[0] == f"ordered: a standard topic cannot deliver to a FIFO queue; put {named['lambda_function']} between."
    )
    assert f"put {named['lambda_function']} or {named['firehose_stream']} between" in told[3]


def test_every_pair_that_is_offered_is_taken_and_every_other_is_not(fan_out):
    """The page and the service agree on all pairs of this document."""
    for source in ("handler", "news", "jobs", "ordered", "flow", "records"):
        field(row(fan_out, 3), "from").select_option(source)
        field(row(fan_out, 3), "to").select_option("")  # what is chosen stays in sight
        names = {*offered(fan_out, 3, "to")}
        for one in FAN_OUT["components"]:
            tried = FAN_OUT | {"connections": [*FAN_OUT["connections"][:3], {"from": source, "to": one["name"]}]}
            faults = faults_of(tried, "/connections/3")
            assert (faults == []) == (one["name"] in names), (source, one["name"], faults)


def test_a_choice_of_a_component_changes_what_is_offered(fan_out):
    topic = component(fan_out, 2)
    topic.locator("> summary").click()
    if not field(topic, "fifo").is_visible():
        topic.locator(".more > summary").click()
    field(topic, "fifo").select_option("yes")
    assert offered(fan_out, 3, "to") == ["jobs", "ordered"]
    expect(row(fan_out, 3).locator(".refused li").first).to_contain_text("a FIFO topic delivers to queues only")


def test_a_refused_pair_says_why_and_what_to_put_between(page):
    refused = {**FAN_OUT, "connections": [*FAN_OUT["connections"][:3], {"from": "news", "to": "flow"}]}
    bring(page, refused)
    place = row(page, 3)
    expect(place.locator(".pair")).to_contain_text("Not possible: a topic cannot start a workflow; put AWS Lambda")
    expect(field(place, "to")).to_have_attribute("aria-invalid", "true")
    expect(field(place, "to")).to_have_value("flow")
    field(place, "to").select_option("jobs")
    expect(field(place, "to")).not_to_have_attribute("aria-invalid", "true")
    expect(place.locator(".pair")).to_contain_text("It delivers to a subscription")
    assert "flow" not in offered(page, 3, "to")


def test_how_things_go_is_said_with_its_source(fan_out, address):
    pair = next(
        one for one in ask(address, "/connections") if (one["from"], one["to"]) == ("sqs_queue", "lambda_function")
    )
    told = row(fan_out, 4).locator(".pair")
    expect(told).to_contain_text(f"AWS polls for the target: {pair['arrives']}")
    expect(told.get_by_role("link")).to_have_attribute("href", pair["source"])


def test_the_defaults_of_a_pair_stand_in_its_fields(fan_out):
    unfold_all(fan_out)
    assert field(row(fan_out, 4), "batch").get_attribute("placeholder").startswith("10 (")
    field(row(fan_out, 4), "from").select_option("records")
    unfold_all(fan_out)
    assert field(row(fan_out, 4), "batch").get_attribute("placeholder").startswith("100 (")
    expect(row(fan_out, 4).locator('[data-name="batch"] .help')).to_contain_text("10,000")


def test_a_connection_may_lead_to_clients_who_are_not_written_down(page, address):
    socket = {
        "region": "us-east-1",
        "as_of": "2026-09-01",
        "traffic": {"requests_per_month": 1e6},
        "components": [{"name": "handler", "type": "lambda_function", "duration_ms": 50}],
        "connections": [{"from": "traffic", "to": "handler"}, {"from": "handler", "to": "internet", "payload_kb": 20}],
    }
    bring(page, {**socket, "connections": [socket["connections"][0]]})
    page.locator("#add-connection").click()
    field(row(page, 1), "to").select_option("internet (outside AWS)")
    field(row(page, 1), "payload_kb").evaluate("control => { control.closest('details').open = true; }")
    field(row(page, 1), "payload_kb").fill("20")
    expect(page.locator("#total")).to_have_text(f"${ask(address, '/estimates', socket)['total']:,.2f}")
    assert json.loads(page.locator("#document-text").input_value()) == socket


def test_texts_and_choices_are_said_with_the_keyboard(fan_out):
    place = row(fan_out, 2)
    place.locator(".settings summary").click()
    via = field(place, "via")
    listed = fan_out.locator(f"#{via.get_attribute('list')} option")
    assert listed.evaluate_all("options => options.map((option) => option.value)") == [
        "auto", "public", "nat", "gateway_endpoint",
    ]  # fmt: skip
    expect(via).to_have_attribute("placeholder", "not given")
    expect(place.locator(".settings .required")).to_have_count(0)
    place.locator(".settings summary").focus()
    tab_to(fan_out, '[data-name="via"] input')
    fan_out.keyboard.type("public")
    tab_to(fan_out, '[data-name="control"] select')
    sent = sent_by(fan_out, lambda: fan_out.keyboard.type("yes"))
    assert sent["connections"][2] == FAN_OUT["connections"][2] | {"via": "public", "control": True}


def test_what_is_worked_out_can_be_said_otherwise(fan_out):
    place = row(fan_out, 5)
    place.locator(".settings summary").click()
    for name, words, value in (("per", "call", "call"), ("at_once", "no", False)):
        control = field(place, name)
        expect(control.locator("option")).to_have_count(3)  # both, and neither
        sent = sent_by(fan_out, lambda control=control, words=words: control.select_option(words))
        assert sent["connections"][5][name] == value


def test_every_setting_has_a_label_of_its_own(page, address):
    bring(page, EXAMPLE)
    names = [one["name"] for one in ask(address, "/types")["connection"]]
    labels = page.evaluate(
        "names => import('/static/form/connection_words.js').then(({ settingLabel }) => names.map((name) =>"
        " settingLabel({ flowInputs: { connection: names.map((each) => ({ name: each })) } }, name)))",
        names,
    )
    assert len({*labels}) == len(labels)
    assert not [label for label in labels if "_" in label]


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(open_page, address, scheme, viewport, tmp_path):
    page = open_page(viewport=viewport, color_scheme=scheme, reduced_motion="reduce")
    bring(page, FAN_OUT)
    expect(page.locator("#total")).to_have_text(f"${ask(address, '/estimates', FAN_OUT)['total']:,.2f}")
    unfold_all(page)
    page.locator("#connections").screenshot(path=tmp_path / "connections.png")
    assert page.evaluate("document.documentElement.scrollWidth") == viewport["width"]
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
