"""Where an architecture breaks, on the page in a real Chromium: growth, headroom, findings, flow, load."""

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from calculator.answer.growth import in_words
from tests.helpers.browser import NARROW, ROOT, WIDE, ask, bring, component, field, unfold_all

PLAIN = json.loads((ROOT / "web/static/example.json").read_text())
EXAMPLE = json.loads((ROOT / "web/static/example_traffic.json").read_text())
SHARES = {"ok": "ok", "near": "near", "violated": "broken"}
BROKEN = EXAMPLE | {"account": {"quotas": {"lambda_concurrency_account": 9, "L-8A5B8E43": 20}}}
BURST = EXAMPLE | {"traffic": EXAMPLE["traffic"] | {"burst_rps": 20000, "burst_s": 30}}
SLOW = {"handler": {"init_ms": 2500, "reserved_concurrency": 8}, "worker": {"duration_ms": 20000}}
LOADED = BURST | {
    "account": {"free_tier": "none", **BROKEN["account"]},
    "components": [one | SLOW.get(one["name"], {}) for one in EXAMPLE["components"]],
    "connections": [one | {"max_concurrency": 2} if "batch" in one else one for one in EXAMPLE["connections"]],
}


def shown(page, address, document):
    """Bring a document, wait until it is computed, and give the answer."""
    answer = ask(address, "/estimates", document)
    bring(page, document)
    expect(page.locator("#total")).to_have_text(f"${answer['total']:,.2f}")
    expect(page.locator("#growth")).to_contain_text(answer["growth"]["text"][1:])
    return answer


def matters(one):
    return one["multiple"] is not None or one["status"] != "ok"


def rows(page, place):
    return page.locator(f"{place} tbody tr")


def test_growth_leads_the_answer(page, address):
    answer = shown(page, address, EXAMPLE)
    first, growth = answer["headroom"][0], answer["growth"]
    assert (first["quota"], first["multiple"]) == (growth["quota"], growth["multiple"])
    often = f"{in_words(growth['multiple'])} times"
    expect(page.locator("#growth")).to_contain_text(
        f"You can grow {often} at the peak that is stated; then {first['title']}"
    )
    expect(page.locator("#growth-short")).to_have_text(f"Can grow {often}")
    boxes = [page.locator(place).bounding_box()["y"] for place in ("#growth", "#bars", "#headroom-bars")]
    assert boxes == sorted(boxes)


def test_growth_at_business_hours_stands_beside_what_is_only_assumed(page, address):
    even = EXAMPLE | {"traffic": {"requests_per_month": 30_000_000}}
    growth = shown(page, address, even)["growth"]
    often, busy = (f"{in_words(growth[name])} times" for name in ("multiple", "at_business_hours"))
    expect(page.locator("#growth")).to_contain_text(f"You can grow {often} at an even load ({busy} at business hours)")
    expect(page.locator("#growth-short")).to_have_text(f"Can grow {often}, {busy} at business hours")


def test_limits_stand_in_the_order_in_which_they_break(page, address):
    answer = shown(page, address, EXAMPLE)
    first = [one for one in answer["headroom"] if matters(one)]
    expect(rows(page, "#headroom")).to_have_count(len(first))
    for one, row in zip(first, rows(page, "#headroom").all(), strict=True):
        expect(row.locator("th")).to_contain_text(one["title"])
        expect(row.locator(".status")).to_have_text(SHARES[one["status"]])
        if one["multiple"] is not None:
            rounded = float(in_words(one["multiple"]).replace(",", ""))
            expect(row).to_contain_text(f"{rounded:,g} times")
    captions = page.locator("#headroom-bars .annotation-text").all_text_contents()
    assert len(captions) == 2 * min(len(first), 12)
    assert captions[0].startswith(first[0]["title"][:20])
    assert " ok" in captions[1]
    expect(rows(page, "#other-headroom")).to_have_count(len(answer["headroom"]) - len(first))
    expect(page.locator("#other-headroom")).to_be_hidden()
    page.locator("#other-limits > summary").click()
    expect(page.locator("#other-headroom")).to_be_visible()


def test_own_limits_are_found_and_count(page, address):
    shown(page, address, EXAMPLE)
    page.locator("#own-limits > summary").click()
    page.locator("#new-own-limit").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".option-group").get_by_text("AWS Lambda function", exact=True)).to_be_visible()
    page.keyboard.type("L-B99A9384")
    expect(page.locator("[role=option]")).to_have_count(1)
    page.keyboard.press("Enter")
    row = page.locator("#own-limit-rows tr")
    expect(row.locator("label")).to_have_text("Concurrent executions of all functions")
    expect(row).to_contain_text("AWS's usual: 1,000 executions")
    expect(row.locator("input")).to_be_focused()
    page.keyboard.type("9")
    document = EXAMPLE | {"account": {"quotas": {"lambda_concurrency_account": 9}}}
    growth = ask(address, "/estimates", document)["growth"]
    expect(page.locator("#growth")).to_contain_text(growth["text"][1:])
    with page.expect_request("**/estimates") as sent:
        row.get_by_role("button", name="Remove").click()
    assert sent.value.post_data_json == EXAMPLE
    expect(page.locator("#new-own-limit")).to_be_focused()


def test_no_limit_is_called_so(page):
    page.locator("#own-limits > summary").click()
    page.locator("#new-own-limit").fill("teleporter")
    expect(page.locator(".options-note")).to_have_text("No limit is called so.")


def test_what_is_broken_says_so_in_words(page, address):
    answer = shown(page, address, BROKEN)
    assert answer["growth"]["multiple"] < 1
    expect(page.locator("#growth-short")).to_contain_text("Too much already: Requests per second")
    row = rows(page, "#headroom").first
    expect(row.locator(".status")).to_have_text("broken")
    expect(row).to_contain_text("300%")
    expect(rows(page, "#headroom").filter(has_text="near").first).to_be_visible()
    fills = page.locator("#headroom-bars .bars path").evaluate_all(
        "bars => bars.map((bar) => getComputedStyle(bar).fill)"
    )
    assert len({*fills}) >= 3  # broken, near, and what is left of a limit


def test_findings_are_grouped_with_what_they_save(page, address):
    answer = shown(page, address, EXAMPLE)
    found = answer["findings"]
    assert {one["severity"] for one in found} >= {"warning", "info"}
    expect(page.locator(".finding")).to_have_count(len(found))
    for one, card in zip(found, page.locator(".finding").all(), strict=True):
        expect(card.locator("h4")).to_have_text(one["title"])
        for text in (one["numbers"], one["why"], one["remedy"], one["source"]):
            expect(card).to_contain_text(text)
        terms = card.locator("dt").all_inner_texts()
        assert ("Saves" in terms) == (one["saving"] is not None)
    heads = page.locator("#findings h3").all_inner_texts()
    kinds = ["minor" if one["minor"] else one["severity"] for one in found]
    counted = {kind: kinds.count(kind) for kind in ("error", "warning", "info", "minor") if kind in kinds}
    assert [head.split(" ")[0] for head in heads] == [str(count) for count in counted.values()]
    telling = [head for head in heads if "minor" not in head]
    expect(page.locator("#found")).to_have_text(", ".join(telling))
    page.locator(".finding dd a").first.click()
    name = found[0]["components"][0]
    index = [one["name"] for one in EXAMPLE["components"]].index(name)
    expect(field(component(page, index), "name")).to_be_focused()


def test_the_graph_shows_the_flow_with_a_table_beside_it(page, address, tmp_path):
    answer = shown(page, address, EXAMPLE)
    expect(page.locator("#flow-graph .sankey-link")).to_have_count(len(answer["flow"]))
    names = {end for line in answer["flow"] for end in (line["from"], line["to"])}
    assert {*page.locator("#flow-graph .component-label").all_text_contents()} == names
    expect(page.locator("#flow-graph .edge-label")).to_have_count(len(answer["flow"]))
    expect(page.locator("#flow-graph .edge-label").first).to_have_text("30M a month60 a second")
    for line, row in zip(answer["flow"], rows(page, "#flow").all(), strict=True):
        cells = row.locator("th, td").all_inner_texts()
        assert cells[:2] == [line["from"], line["to"]]
        assert cells[2] == f"{round(line['calls'], 2):,.2f}".removesuffix(".00")
    page.locator("#flow-card").screenshot(path=tmp_path / "flow.png")


def test_the_graph_follows_the_document(page, address):
    shown(page, address, EXAMPLE)
    loop = {"from": "worker", "to": "jobs", "share": 0.1}
    answer = shown(page, address, EXAMPLE | {"connections": [*EXAMPLE["connections"], loop]})
    expect(page.locator("#flow-graph .sankey-link")).to_have_count(len(answer["flow"]))
    expect(page.locator("#flow-graph .edge-label")).to_have_count(len(answer["flow"]))
    shown(page, address, PLAIN)
    expect(page.locator("#flow-card")).to_be_hidden()


def few(value):
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"


def part(value):
    return f"{few(value * 100)}%"


def cells(page, title):
    """The numbers in the rows of a table of the load."""
    table = page.get_by_role("group", name=title, exact=True).locator("tbody tr")
    return [row.locator("td").all_inner_texts() for row in table.all()]


def test_the_load_shows_buckets_queues_and_functions(page, address):
    answer = shown(page, address, BURST)
    bucket, queue = answer["bursts"][0], answer["queues"][0]
    page.locator("#load").get_by_text("under the burst of 30 s").wait_for()
    rate = [few(bucket[key]) for key in ("rate", "bucket", "demand")]
    lasts = f"{few(bucket['seconds_until_throttle'])} s"
    assert cells(page, "Buckets of tokens") == [[*rate, lasts, part(bucket["refused_share"])]]
    oldest, clear = (f"{few(queue[key] / 60)} min" for key in ("oldest_s", "clear_s"))
    drained = [few(queue["peak"]), few(queue["drain_rate"]), part(queue["utilisation"]), few(queue["backlog"])]
    waits = [f"{oldest} of 4 days", clear, few(queue["in_flight"]), part(queue["expired_share"])]
    assert cells(page, "Queues") == [drained + waits]
    for row, one in zip(cells(page, "Functions"), answer["functions"], strict=True):
        crowd = ("mean_concurrency", "peak_concurrency", "mean_environments", "peak_environments")
        assert row[:5] == [*(few(one[key]) for key in crowd), part(one["cold_share"])]
        assert row[5:8] == [few(one[key]) for key in ("p50_ms", "p95_ms", "p99_ms")]
        assert row[8:] == [part(one["throttled_share"]), f"${one['init_cost']:.2f}"]
    expect(page.locator("#remedies")).to_be_hidden()


def test_what_never_clears_and_what_keeps_functions_warm(page, address):
    answer = shown(page, address, LOADED)
    [queue], function = answer["queues"], answer["functions"][0]
    assert queue["clear_s"] is None
    assert cells(page, "Queues")[0][5:] == ["never", few(queue["in_flight"]), part(queue["expired_share"])]
    assert cells(page, "Functions")[0][8] == part(function["throttled_share"])
    expect(page.locator("#remedies-list")).to_be_hidden()
    page.locator("#remedies > summary").click()
    expect(page.locator("#remedies dt")).to_have_text("handler")
    assert {one["cost"] > 0 for one in function["remedies"]} == {True, False}
    for one, item in zip(function["remedies"], page.locator("#remedies li").all(), strict=True):
        cost = abs(one["cost"])
        money = f"${cost:,.2f}" if cost >= 0.1 else f"${cost:.2g}"
        expect(item).to_have_text(f"{one['what']}: {money} a month {'more' if one['cost'] > 0 else 'less'}")


def test_nothing_to_tell_is_told(page, address):
    line = {"region": "us-east-1", "components": [{"name": "line", "type": "custom_line", "amount_usd": 20}]}
    answer = shown(page, address, line)
    assert answer["headroom"] == []
    expect(page.locator("#growth-short")).to_have_text("Nothing known breaks as it grows")
    expect(page.locator("#headroom")).to_contain_text("No limit is near")
    expect(page.locator("#no-findings")).to_be_visible()
    expect(page.locator("#load-card")).to_be_hidden()
    expect(page.locator("#headroom-bars")).to_be_hidden()
    expect(page.locator("#found")).to_be_hidden()


def test_names_are_text_in_the_graph_too(page, address):
    parts = [EXAMPLE["components"][0] | {"name": "<img src=x onerror=alert(1)>"}]
    rows = [{"from": "traffic", "to": parts[0]["name"]}]
    shown(page, address, EXAMPLE | {"components": parts, "connections": rows})
    expect(page.locator("#flow-graph .component-label").filter(has_text="<img")).to_have_count(1)
    assert page.locator("#flow-graph img").count() == 0


def test_the_colours_of_the_charts_follow_the_scheme(page, address):
    shown(page, address, EXAMPLE)
    bars = [page.locator("#headroom-bars .bars path").first, page.locator("#flow-graph .node-rect").first]
    light = [bar.evaluate("bar => getComputedStyle(bar).fill") for bar in bars]
    page.emulate_media(color_scheme="dark")
    expect(page.locator("#headroom-bars .bars path").first).not_to_have_css("fill", light[0])
    expect(page.locator("#flow-graph .node-rect").first).not_to_have_css("fill", light[1])
    expect(page.locator("#flow-graph .edge-label").first).to_be_visible()


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(open_page, address, scheme, viewport, tmp_path):
    page = open_page(viewport=viewport, color_scheme=scheme, reduced_motion="reduce")
    shown(page, address, LOADED)
    expect(page.locator("#flow-graph .edge-label").first).to_be_attached()
    unfold_all(page)
    page.screenshot(path=tmp_path / "limits.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") == viewport["width"]
    assert complaints(page) == ""


def complaints(page):
    results = Axe().run(page)
    return results.generate_report() if results.violations_count else ""
