"""What no price is known of: a refusal that points at the switch of a hidden line, or named beside what has a price."""

import csv
import io
import json
from datetime import date
from math import fsum

import pytest
from click.testing import CliRunner

from calculator import RateNotFound, changes, estimate, explain, parse, sweep
from calculator.bill.unpriced import SWITCHES
from calculator.command.main import main
from pricing.catalogue.catalogue import hidden_line_inputs
from pricing.prices.pricelist import find_rate
from tests.helpers.serving import make_app

# No price of transfer to the Internet is known in Auckland, nor of HTTP APIs and queues; none of HTTP APIs in Taipei.
TAIPEI, AUCKLAND, LONDON = "ap-east-2", "ap-southeast-6", "eu-west-2"
FAR = {
    "region": AUCKLAND,
    "as_of": "2026-11-21",
    "account": {"free_tier": "none"},
    "traffic": {"requests_per_month": 1_000_000, "payload_kb": 1, "response_kb": 1},
    "components": [
        {"name": "web", "type": "rest_api"},
        {"name": "f", "type": "lambda_function", "duration_ms": 100, "private_subnets": True},
        {"name": "jobs", "type": "sns_topic"},
    ],
    "connections": [
        {"from": "traffic", "to": "web"},
        {"from": "web", "to": "f"},
        {"from": "f", "to": "jobs", "payload_kb": 2},
    ],
}
LIST = {"unpriced": "list"}
MISSING = [("internet", "data_transfer.internet_out", AUCKLAND, "/hidden_lines/data_transfer")]


def told(answer):
    return [(one.component, one.meter, one.region, one.pointer) for one in answer.unpriced]


def refused(document):
    with pytest.raises(RateNotFound) as error:
        estimate(parse(document))
    return error.value.faults


def run(*arguments, document=FAR):
    return CliRunner().invoke(main, list(arguments), input=json.dumps(document), catch_exceptions=False)


def test_the_prices_that_these_tests_miss_are_not_known():
    day = date(2026, 11, 21)
    assert {meter for _, meter, region, _ in MISSING if find_rate(meter, region, day) is None} == {
        meter for _, meter, _, _ in MISSING
    }
    assert find_rate("http_api.requests", TAIPEI, date(2026, 11, 21)) is None
    assert find_rate("sqs_queue.requests", AUCKLAND, date(2026, 11, 21)) is None


def test_a_hidden_line_without_a_price_points_at_its_switch():
    faults = refused(FAR)
    assert [fault.pointer for fault in faults] == ["/hidden_lines/data_transfer"]
    for fault, (name, meter, region, _) in zip(faults, MISSING, strict=True):
        assert f"no price of {meter} is known in {region}" in fault.detail
        assert f"the hidden line {name} uses it: hidden_lines.data_transfer = false leaves it out" in fault.detail


def test_every_hidden_line_has_a_switch():
    """One document with all of them, where no price of any is known."""
    private = {"name": "inside", "type": "rest_api", "endpoint": "private"}
    ways = [*FAR["connections"], {"from": "traffic", "to": "inside"}, {"from": "inside", "to": "f"}]
    document = FAR | {"components": [*FAR["components"], private], "connections": ways}
    hidden = {component.type for component in parse(document).components if component.hidden}
    assert hidden == SWITCHES.keys()
    assert set(SWITCHES.values()) < hidden_line_inputs().keys()
    pointers = {fault.pointer for fault in refused(document | {"region": "xx-nowhere-9"})}
    assert pointers >= {f"/hidden_lines/{switch}" for switch in SWITCHES.values()}
    off = estimate(parse(document | {"hidden_lines": dict.fromkeys(SWITCHES.values(), False)}))
    assert not {item.type for item in off.line_items} & hidden


def test_what_the_user_wrote_points_at_the_component():
    components = [one | {"type": "sqs_queue"} if one["name"] == "jobs" else one for one in FAR["components"]]
    far = FAR | {"components": components}
    pointers = {fault.pointer for fault in refused(far)}
    assert pointers == {"/components/2", "/hidden_lines/data_transfer"}


def test_what_has_a_price_is_priced_where_that_is_asked_for():
    answer, without = estimate(parse(FAR | LIST)), estimate(parse(FAR | {"hidden_lines": {"data_transfer": False}}))
    assert told(answer) == MISSING
    assert answer.total_is == "at_least"
    assert answer.total == pytest.approx(without.total, abs=1e-9)
    assert answer.total == pytest.approx(fsum(item.cost for item in answer.line_items), abs=1e-9)


@pytest.mark.parametrize("said", [{}, LIST, {"unpriced": "refuse"}])
def test_where_every_price_is_known_nothing_changes(said):
    answer = estimate(parse(FAR | {"region": LONDON} | said))
    assert (answer.total_is, answer.unpriced) == ("exact", ())
    assert answer.total == estimate(parse(FAR | {"region": LONDON})).total


def test_what_has_no_price_uses_its_part_of_the_free_tier():
    """Of 2 million requests in two regions 1 million is free, half of it here; the rest is $1 a million."""
    apis = [
        {"name": "here", "type": "http_api", "requests": 1_000_000},
        {"name": "there", "type": "http_api", "requests": 1_000_000, "region": TAIPEI},
    ]
    document = {"region": "us-east-1", "as_of": "2026-07-01", "components": apis} | LIST
    answer = estimate(parse(document | {"account": {"free_tier": "12_months"}}))
    assert told(answer) == [("there", "http_api.requests", TAIPEI, "/components/1")]
    assert answer.total == pytest.approx(0.5)


def test_no_advice_saves_by_what_has_no_price():
    """In Taipei a REST API has a price and an HTTP API has none: nobody knows what is saved by the change."""
    api = {"name": "web", "type": "rest_api", "requests": 50_000_000}
    document = {"as_of": "2026-11-21", "components": [api]} | LIST
    found = {
        region: {one.id for one in estimate(parse(document | {"region": region})).findings if one.saving}
        for region in ("us-east-1", TAIPEI)
    }
    assert "http_api_instead_of_rest" in found["us-east-1"]
    assert not found[TAIPEI]


def test_a_sweep_names_what_its_totals_lack():
    architecture = parse(FAR | LIST)
    swept = sweep(architecture, {"traffic.requests_per_month": [1_000_000, 2_000_000]})
    assert swept.unpriced == tuple(one[:3] for one in MISSING)
    assert swept.totals[0] == pytest.approx(estimate(architecture).total, rel=1e-9)
    assert sweep(parse(FAR | {"region": LONDON}), {}).unpriced == ()


def test_an_explanation_says_what_has_no_price():
    server = {"name": "server", "type": "ec2_instance", "instance_type": "t3.medium", "gp3_gb": 8, "public_ipv4": 1}
    text = explain(parse({"region": TAIPEI, "as_of": "2026-11-21", "components": [server]} | LIST), "server")
    assert "no price of it is known in ap-east-2" in text
    assert "at least $" in text.splitlines()[-1]
    nothing = {
        "region": TAIPEI,
        "as_of": "2026-11-21",
        "components": [{"name": "w", "type": "http_api", "requests": 1}],
    }
    assert explain(parse(nothing | LIST), "w").endswith("w: uses nothing that has a price: at least $0.00 a month")


def test_two_bills_of_which_a_part_is_missing_are_not_compared():
    with pytest.raises(RateNotFound):
        changes(parse(FAR | LIST), date(2026, 6, 30), date(2026, 11, 21))


def test_the_command_prices_what_it_can():
    whole = run("estimate", "-")
    assert whole.exit_code == 2
    assert whole.stderr.startswith("/hidden_lines/data_transfer: ")
    table = run("estimate", "-", "--partial")
    assert table.exit_code == 0
    assert table.stdout.startswith("architecture: at least $")
    assert (
        "NOT PRICED internet: data_transfer.internet_out in ap-southeast-6 (/hidden_lines/data_transfer)"
        in table.stdout
    )
    answer = json.loads(run("estimate", "-", "--partial", "--format", "json").stdout)
    assert answer["total_is"] == "at_least"
    assert [tuple(one.values()) for one in answer["unpriced"]] == MISSING
    rows = list(csv.DictReader(io.StringIO(run("estimate", "-", "--partial", "--format", "csv").stdout)))
    assert [(row["component"], row["meter"], row["cost"]) for row in rows if not row["cost"]] == [
        (name, meter, "") for name, meter, _, _ in MISSING
    ]


def test_what_is_no_document_is_refused_all_the_same():
    assert run("estimate", "-", "--partial", document=[]).exit_code == 2
    assert run("estimate", "-", document=FAR | {"unpriced": "ignore"}).stderr.startswith("/unpriced: ")


def test_the_service_answers_the_same(tmp_path):
    client = make_app(tmp_path).test_client()
    problem = client.post("/api/v1/estimates", json=FAR)
    assert problem.status_code == 422
    assert {fault["pointer"] for fault in problem.json["errors"]} == {"/hidden_lines/data_transfer"}
    answer = client.post("/api/v1/estimates", json=FAR | LIST)
    assert answer.status_code == 200
    assert answer.json["total_is"] == "at_least"
    assert [
        tuple(one[key] for key in ("component", "meter", "region", "pointer")) for one in answer.json["unpriced"]
    ] == (MISSING)
