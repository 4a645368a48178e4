"""What each connection carries, as answers tell it, and what the service tells of connections."""

import json
from pathlib import Path

import pytest

from app import create_app
from calculator import estimate, limits, parse
from calculator.document.traffic_schema import COMMON
from pricing.catalogue.catalogue import (
    component_type,
    component_types,
    connection_inputs,
    hidden_line_inputs,
    traffic_inputs,
)

EXAMPLE = json.loads((Path(__file__).parents[1] / "web/static/example_traffic.json").read_text())


def test_every_connection_says_what_it_carries():
    flow = limits(parse(EXAMPLE)).flow
    ends = [(line["from"], line["to"]) for line in flow]
    assert ends[:5] == [(one["from"], one["to"]) for one in EXAMPLE["connections"]]
    assert {target for _, target in ends[5:]} == {"logs", "internet"}
    assert flow[0] == {"from": "traffic", "to": "web", "calls": 30_000_000, "peak": 60, "payload_kb": 3}
    assert flow[2] == {"from": "handler", "to": "jobs", "calls": 4_500_000, "peak": 9, "payload_kb": 4}
    assert flow[4]["payload_kb"] is None
    assert estimate(parse(EXAMPLE)).flow == flow


def test_without_connections_nothing_flows():
    jobs = {"name": "jobs", "type": "sqs_queue", "messages": 1}
    assert limits(parse({"region": "us-east-1", "components": [jobs]})).flow == ()


@pytest.fixture(scope="module")
def types(tmp_path_factory):
    url = f"sqlite:///{tmp_path_factory.mktemp('store') / 'store.db'}"
    client = create_app({"WARM": False, "DATABASE_URL": url}).test_client()
    return client.get("/api/v1/types").json


def test_the_service_tells_how_traffic_passes_each_type(types):
    told = {kind["name"]: kind["flow"] for kind in types["items"]}
    assert told.keys() == set(component_types())
    for name, flow in told.items():
        known = component_type(name).flow
        assert flow["takes"] == dict(known.takes)
        assert flow["leaves"] == known.leaves
        for key in ("told", "as_source", "as_target"):
            assert flow[key] == list(getattr(known, key))


def test_the_service_tells_what_may_be_said_of_traffic_and_connections(types):
    for key, inputs in {
        "traffic": traffic_inputs(),
        "connection": connection_inputs(),
        "hidden_lines": hidden_line_inputs(),
    }.items():
        assert [one["name"] for one in types[key]] == list(inputs)
    assert types["connection_always"] == list(COMMON)


def test_the_service_tells_which_inputs_are_compared_with_limits(types):
    for kind in types["items"]:
        for one in kind["inputs"]:
            assert one["limited_by"] == list(component_type(kind["name"]).inputs[one["name"]].limited_by)
