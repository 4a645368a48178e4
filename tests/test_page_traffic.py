"""Traffic and connections on the page, in a real Chromium: said once, carried along, refused at their fields."""

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from api.document_schema import document_schemas
from calculator.traffic.shapes import SHAPES
from tests.helpers.browser import (
    NARROW,
    ROOT,
    WIDE,
    ask,
    bring,
    component,
    field,
    tab_to,
    unfold,
    unfold_all,
)

EXAMPLE = json.loads((ROOT / "web/static/example_traffic.json").read_text())
FULL = EXAMPLE | {
    "account": {"quotas": {"lambda_concurrency_account": 500, "L-8A5B8E43": 2000}},
    "traffic": EXAMPLE["traffic"]
    | {"shape": [1, 2, 3] * 8, "peak_rps": 80, "burst_rps": 200, "burst_s": 30, "keep_alive": [[240, 0], [360, 1]]},
    "hidden_lines": {"logs": False, "api_log_kb": 0.5},
}


@pytest.fixture
def example(page, address):
    bring(page, EXAMPLE)
    expect_total(page, address, EXAMPLE)
    return page


def expect_total(page, address, document):
    expect(page.locator("#total")).to_have_text(f"${ask(address, '/estimates', document)['total']:,.2f}")


def connection(page, index):
    return page.locator("#connections > li").nth(index)


def traffic(page, name):
    return page.locator(f'#traffic-card [data-name="{name}"] :is(input, select, textarea)')


def assumed(answer, pointer):
    return next(one for one in answer["assumptions"] if one["pointer"] == pointer)


def sent_by(page, act):
    with page.expect_request("**/estimates") as sent:
        act()
    return sent.value.post_data_json


def test_the_form_has_the_fields_of_the_schema(page, address):
    schemas = document_schemas()
    unfold_all(page)
    names = page.locator("#traffic-card .field").evaluate_all("fields => fields.map((field) => field.dataset.name)")
    assert {*names} - {"shape-name"} == schemas["Traffic"]["properties"].keys()
    lines = page.locator("#hidden-lines .field").evaluate_all("fields => fields.map((field) => field.dataset.name)")
    assert [*lines] == [*schemas["HiddenLines"]["properties"]]
    shapes = page.evaluate("import('/static/form/shape_field.js').then((module) => Object.keys(module.SHAPES))")
    assert shapes == [*SHAPES]
    told = ask(address, "/types")["connection"]
    assert {"from", "to", *(one["name"] for one in told)} == schemas["Connection"]["properties"].keys()


def press(page, selector, text=None):
    """Go to a control by keyboard alone; type, or press it."""
    tab_to(page, selector)
    page.keyboard.type(text) if text is not None else page.keyboard.press("Enter")


def add_component(page, words, name):
    page.locator("#new-type").focus()
    page.keyboard.type(words)
    expect(page.locator('[role=option][aria-selected="true"] .option-label')).to_have_text(words)
    page.keyboard.press("Enter")
    section = page.locator("#components > li > details").last
    expect(section.locator(".field :focus")).to_have_count(1)
    tab_to(page, f"#{field(section, 'name').get_attribute('id')}")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(name)


def test_an_architecture_with_traffic_is_built_with_the_keyboard_alone(page, address):
    bring(page, {"region": "us-east-1", "as_of": "2026-09-01", "components": []})
    page.locator("#month-hours").focus()
    press(page, '[data-name="requests_per_month"] input', "3e7")
    press(page, '[data-name="peak_rps"] input', "60")
    press(page, '[data-name="shape-name"] select', "business")
    add_component(page, "Amazon API Gateway HTTP API", "web")
    add_component(page, "AWS Lambda function", "handler")
    field(component(page, 1), "duration_ms").focus()
    page.keyboard.type("120")
    add_component(page, "Amazon DynamoDB table", "orders")
    for target in ("web", "handler", "orders"):
        press(page, "#add-connection")
        expect(page.locator("#connections > li:last-child [data-name=from] select")).to_be_focused()
        press(page, "#connections > li:last-child [data-name=to] select", target)
    expect(page.locator("#outdated")).to_contain_text("Still needed: Connection 3 (handler to orders): Writes")
    press(page, "#connections > li:last-child [data-name=writes] input", "2")
    document = {
        "region": "us-east-1",
        "as_of": "2026-09-01",
        "components": [
            {"name": "web", "type": "http_api"},
            {"name": "handler", "type": "lambda_function", "duration_ms": 120},
            {"name": "orders", "type": "dynamodb_table"},
        ],
        "traffic": {"requests_per_month": 3e7, "peak_rps": 60, "shape": "business_hours"},
        "connections": [
            {"from": "traffic", "to": "web"},
            {"from": "web", "to": "handler"},
            {"from": "handler", "to": "orders", "writes": 2},
        ],
    }
    expect_total(page, address, document)
    expect(page.locator("#outdated")).to_be_empty()
    expect(page.locator("#flow tbody tr").first).to_contain_text("30,000,000")


def test_what_the_traffic_fills_need_not_be_given(example, address):
    answer = ask(address, "/estimates", EXAMPLE)
    requests = component(example, 0).locator('[data-name="requests"]')
    filled = assumed(answer, "/components/0/requests")
    expect(requests.locator(".filled")).to_contain_text("Filled by the traffic: 30,000,000 requests/month")
    expect(requests.locator(".filled")).to_contain_text(filled["why"])
    expect(requests.locator(".required")).to_be_hidden()
    control = requests.locator("input")
    expect(control).to_have_attribute("placeholder", "30,000,000 (traffic)")
    described = control.get_attribute("aria-describedby").split()
    assert requests.locator(".filled").get_attribute("id") in described
    # The function is called by one that waits, and nobody says how large its answer is.
    unfold(example, 1)
    expect(component(example, 1).locator('[data-name="request_kb"] .filled')).to_be_visible()
    for name in ("response_kb", "async_event_kb"):
        expect(component(example, 1).locator(f'[data-name="{name}"] .filled:visible')).to_have_count(0)


def test_what_is_given_wins_and_what_is_no_longer_connected_is_needed(example, address):
    requests = component(example, 0).locator('[data-name="requests"]')
    requests.locator("input").fill("1e6")
    expect(requests.locator(".filled")).to_contain_text("wins over the traffic")
    given = [EXAMPLE["components"][0] | {"requests": 1_000_000}, *EXAMPLE["components"][1:]]
    expect_total(example, address, EXAMPLE | {"components": given})
    requests.locator("input").fill("")
    expect_total(example, address, EXAMPLE)
    example.get_by_role("button", name="Remove Connection 1").click()
    expect(example.locator("#outdated")).to_contain_text("Still needed: web: Requests")
    expect(requests.locator(".filled")).to_be_hidden()
    expect(requests.locator(".required")).to_be_visible()
    expect(requests.locator("input")).to_have_attribute("placeholder", "required")
    expect(field(connection(example, 0), "from")).to_be_focused()


def test_connections_follow_the_names_of_components(example):
    unfold(example, 1)
    name = field(component(example, 1), "name")
    name.focus()
    for text in ("jobs", "jobs2"):  # on its way the name is that of another component
        sent = sent_by(example, lambda text=text: name.fill(text))
    ends = [(one["from"], one["to"]) for one in sent["connections"]]
    assert ends == [("traffic", "web"), ("web", "jobs2"), ("jobs2", "jobs"), ("jobs", "worker"), ("worker", "orders")]
    expect(field(connection(example, 1), "to")).to_have_value("jobs2")
    component(example, 1).get_by_role("button", name="Remove").click()
    expect(example.locator("#live")).to_have_text("jobs2 is removed, and 2 connections with it.")
    expect(example.locator("#connections > li")).to_have_count(3)
    expect(example.locator("#outdated")).to_contain_text("Still needed: jobs: Messages")


def settings_of(row):
    names = row.locator(".field").evaluate_all("fields => fields.map((field) => field.dataset.name)")
    return {*names} - {"from", "to"}


def test_a_connection_has_the_settings_that_mean_something_between_its_ends(example, address):
    told = ask(address, "/types")
    flows = {kind["name"]: kind["flow"] for kind in told["items"]}
    row = connection(example, 3)
    queue, function, table = (flows[name] for name in ("sqs_queue", "lambda_function", "dynamodb_table"))
    assert settings_of(row) == {*told["connection_always"], *queue["as_source"], *function["as_target"]}
    expect(field(row, "batch")).to_be_visible()
    expect(field(row, "message_s")).to_be_hidden()
    field(row, "from").select_option("handler")
    assert settings_of(row) == {*told["connection_always"], *function["as_source"], *function["as_target"]}
    field(row, "to").select_option("orders")
    assert settings_of(row) >= {*table["as_target"]}
    field(row, "to").select_option("worker")
    sent = sent_by(example, lambda: field(row, "from").select_option("jobs"))
    assert sent["connections"] == EXAMPLE["connections"]


def test_only_what_can_send_and_receive_is_offered(page):
    parts = [
        {"name": "api", "type": "http_api"},
        {"name": "key", "type": "kms_key", "requests": 1},
        {"name": "cron", "type": "schedule", "invocations": 1},
    ]
    bring(page, {"region": "us-east-1", "components": parts})
    page.locator("#add-connection").click()
    row = connection(page, 0)
    assert field(row, "from").locator("option").all_inner_texts() == [
        "choose…",
        "traffic (from outside)",
        "api",
        "cron",
    ]
    assert field(row, "to").locator("option").all_inner_texts() == ["choose…", "api", "key"]
    expect(page.locator("#outdated")).to_contain_text("Still needed: Traffic: Requests and 2 more")


def test_weights_of_the_hours_are_pasted(example, address):
    traffic(example, "shape-name").select_option("weights of the hours…")
    expect(example.locator("#outdated")).to_contain_text("Still needed: Traffic: Over the week")
    weights = traffic(example, "shape")
    weights.fill("1, 2;3\n" * 8)
    expect(example.locator('#traffic-card [data-name="shape"]')).to_contain_text("24 weights")
    expect_total(example, address, EXAMPLE | {"traffic": EXAMPLE["traffic"] | {"shape": [1, 2, 3] * 8}})
    weights.fill("1 2 3")
    expect(weights).to_have_attribute("aria-invalid", "true")
    traffic(example, "shape-name").select_option("the same at all hours (default)")
    constant = {key: value for key, value in EXAMPLE["traffic"].items() if key != "shape"}
    expect_total(example, address, EXAMPLE | {"traffic": constant})
    expect(weights).to_be_hidden()


def test_hidden_lines_are_switched_off(example, address):
    assert "logs" in example.locator("#by-component").inner_text()
    example.locator("#hidden-lines > summary").click()
    line = example.locator("#hidden-lines")
    field(line, "logs").select_option("no")
    field(line, "data_transfer").select_option("no")
    expect_total(example, address, EXAMPLE | {"hidden_lines": {"logs": False, "data_transfer": False}})
    expect(example.locator("#by-component .whole")).to_have_count(len(EXAMPLE["components"]))
    field(line, "data_transfer").select_option("yes (default)")
    sent = sent_by(example, lambda: field(line, "logs").select_option("yes (default)"))
    assert sent == EXAMPLE


def with_connection(index, **settings):
    rows = [dict(one) for one in EXAMPLE["connections"]]
    rows[index] |= settings
    return EXAMPLE | {"connections": rows}


@pytest.mark.parametrize(
    ("document", "selector", "words"),
    [
        (
            EXAMPLE | {"traffic": EXAMPLE["traffic"] | {"peak_rps": 1}},
            '#traffic [data-name="peak_rps"]',
            "Traffic: Peak",
        ),
        (EXAMPLE | {"traffic": {"shape": "constant"}}, '#traffic [data-name="requests_per_month"]', "Traffic"),
        (EXAMPLE | {"traffic": EXAMPLE["traffic"] | {"shape": "weekly"}}, '[data-name="shape-name"]', "Over the week"),
        (
            EXAMPLE | {"traffic": EXAMPLE["traffic"] | {"keep_alive": "ages"}},
            '[data-name="keep_alive"]',
            "environments",
        ),
        (
            with_connection(3, batch="many"),
            '#connections > li:nth-child(4) [data-name="batch"]',
            "(jobs to worker): Batch",
        ),
        (with_connection(1, writes=3), '#connections > li:nth-child(2) [data-name="writes"]', "Connection 2"),
        (with_connection(0, to="nowhere"), '#connections > li:nth-child(1) [data-name="to"]', "To:"),
        (EXAMPLE | {"hidden_lines": {"log_kb": -1}}, '#hidden-lines [data-name="log_kb"]', "Hidden lines: Log size"),
        (EXAMPLE | {"account": {"quotas": {"lambda_layers": "few"}}}, "#own-limit-rows tr", "number"),
        (EXAMPLE | {"account": {"quotas": {"no_such_limit": 3}}}, "#own-limit-rows tr", "no_such_limit"),
    ],
)
def test_a_fault_lands_at_its_field(page, document, selector, words):
    bring(page, document)
    link = page.locator("#faults a")
    expect(link).to_contain_text(words)
    place = page.locator(selector)
    control = place.locator("input, select, textarea").first
    expect(control).to_have_attribute("aria-invalid", "true")
    expect(place.locator("[role=alert]")).to_have_count(1)
    link.click()
    expect(control).to_be_focused()


def test_a_setting_without_a_meaning_can_be_taken_out(page, address):
    bring(page, with_connection(1, writes=3))
    row = connection(page, 1)
    expect(field(row, "writes")).to_have_attribute("aria-invalid", "true")
    field(row, "writes").fill("")
    expect_total(page, address, EXAMPLE)


@pytest.mark.parametrize("part", [{"traffic": 3}, {"connections": {}}, {"connections": [1]}, {"hidden_lines": []}])
def test_what_has_no_fields_is_told_beside_the_text(page, part):
    bring(page, EXAMPLE | part)
    expect(page.locator("#document-fault")).to_contain_text("must be")
    expect(page.locator("#components > li")).to_have_count(3)


def test_a_document_goes_in_and_comes_out_the_same(page, address, tmp_path):
    bring(page, FULL)
    expect_total(page, address, FULL)
    expect(traffic(page, "shape")).to_have_value(", ".join("123" * 8))
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    download.value.save_as(tmp_path / "document.json")
    assert json.loads((tmp_path / "document.json").read_text()) == FULL


def test_the_example_with_traffic_is_one_click_away(page, address):
    page.locator("#document-panel > summary").click()
    page.get_by_role("button", name="Show an example with traffic").click()
    expect_total(page, address, EXAMPLE)
    expect(connection(page, 2).locator(".carried")).to_have_text(
        "4,500,000 calls a month, 9 a second at the peak, 4 KB each."
    )


def test_inputs_that_only_limits_read_stand_apart(example):
    section = component(example, 1)
    section.locator("> summary").click()
    group = section.locator(".limits-only")
    expect(group.locator("summary")).to_contain_text("Checked against limits only")
    expect(field(section, "layers")).to_be_hidden()
    group.locator("summary").click()
    field(section, "layers").fill("9")
    expect(example.locator("#verdict")).to_contain_text("limit")
    expect(example.locator(".violation")).to_have_count(1)


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(open_page, address, scheme, viewport, tmp_path):
    page = open_page(viewport=viewport, color_scheme=scheme, reduced_motion="reduce")
    bring(page, FULL)
    expect_total(page, address, FULL)
    unfold_all(page)
    page.screenshot(path=tmp_path / "traffic.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") == viewport["width"]
    assert complaints(page) == ""
    traffic(page, "requests_per_month").fill("many")
    expect(page.locator("#traffic").get_by_role("alert")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == viewport["width"]
    assert complaints(page) == ""


def complaints(page):
    results = Axe().run(page)
    return results.generate_report() if results.violations_count else ""
