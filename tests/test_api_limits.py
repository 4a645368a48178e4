"""`POST /limits`, and what an estimate says of limits, traffic and load: over HTTP as in the library."""

import json
from dataclasses import asdict

import jsonschema_rs
import pytest

from api.estimate_schemas import EstimateSchema, LimitsSchema
from calculator import estimate, limits, parse
from tests.helpers.serving import make_app

DOCUMENT = {
    "region": "us-east-1",
    "as_of": "2026-09-01",
    "traffic": {
        "requests_per_month": 30_000_000,
        "peak_rps": 60,
        "shape": "business_hours",
        "payload_kb": 3,
        "response_kb": 5,
        "burst_rps": 12_000,
        "burst_s": 30,
        "keep_alive": [[240, 0], [360, 1]],
    },
    "account": {"quotas": {"L-B99A9384": 500, "sqs_message_size": 256}},
    "components": [
        {"name": "web", "type": "http_api"},
        {"name": "handler", "type": "lambda_function", "duration_ms": 120, "memory_mb": 512, "init_ms": 400},
        {"name": "jobs", "type": "sqs_queue"},
        {"name": "worker", "type": "lambda_function", "duration_ms": 900, "memory_mb": 1024, "timeout_s": 30},
        {"name": "orders", "type": "dynamodb_table"},
    ],
    "connections": [
        {"from": "traffic", "to": "web"},
        {"from": "web", "to": "handler"},
        {"from": "handler", "to": "jobs", "share": 0.15, "payload_kb": 4},
        {"from": "jobs", "to": "worker", "batch": 10, "batch_window_s": 5, "max_concurrency": 20},
        {"from": "worker", "to": "orders", "writes": 2, "reads": 1},
    ],
    "hidden_lines": {"nat": False},
}


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    return make_app(tmp_path_factory.mktemp("api")).test_client()


def test_limits_are_the_library_s(client):
    answer = client.post("/api/v1/limits", json=DOCUMENT)
    assert answer.status_code == 200
    assert answer.json == json.loads(json.dumps(asdict(limits(parse(DOCUMENT)))))
    assert LimitsSchema().validate(answer.json) == {}


def test_an_estimate_says_the_same_of_limits_and_adds_money(client):
    answer = client.post("/api/v1/estimates", json=DOCUMENT).json
    assert EstimateSchema().validate(answer) == {}
    asked = client.post("/api/v1/limits", json=DOCUMENT).json
    for key in ("growth", "headroom", "violations", "bursts", "queues", "assumptions"):
        assert answer[key] == asked[key]
    assert answer == json.loads(json.dumps(asdict(estimate(parse(DOCUMENT)))))
    (handler, _) = answer["functions"]
    assert handler["init_cost"] > 0
    assert all(remedy["cost"] is not None for remedy in handler["remedies"])


def test_limits_need_no_price(client):
    old = DOCUMENT | {"as_of": "2001-01-01"}
    assert client.post("/api/v1/estimates", json=old).status_code == 422
    assert client.post("/api/v1/limits", json=old).status_code == 200


def test_the_description_lets_the_document_through(client):
    openapi = client.get("/api/v1/openapi.json").json
    described = {"$ref": "#/components/schemas/Architecture", "components": openapi["components"]}
    jsonschema_rs.Draft202012Validator(described).validate(DOCUMENT)


def test_an_account_s_own_limits_count(client):
    headroom = client.post("/api/v1/limits", json=DOCUMENT).json["headroom"]
    limit = {one["quota"]: one["limit"] for one in headroom}
    assert (limit["lambda_concurrency_account"], limit["sqs_message_size"]) == (500, 256)
    # What follows from the account's concurrency follows from its own.
    assert (limit["lambda_rps_per_concurrency"], limit["lambda_unreserved_min"]) == (5000, 400)


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"traffic": {}}, "/traffic"),
        ({"traffic": {"peak_rps": 1, "shape": "weekly"}}, "/traffic/shape"),
        ({"traffic": {"peak_rps": 1, "shape": [0] * 24}}, "/traffic/shape"),
        ({"traffic": {"peak_rps": 1, "keep_alive": [[10, 0.5]]}}, "/traffic/keep_alive"),
        ({"traffic": {"peak_rps": 1, "requests_per_month": 1e9}}, "/traffic/peak_rps"),
        ({"connections": [{"from": "web"}]}, "/connections/0/to"),
        ({"connections": [{"from": "nobody", "to": "web"}]}, "/connections/0/from"),
        ({"connections": [{"from": "web", "to": "handler", "batch": 2}]}, "/connections/0/batch"),
        ({"hidden_lines": {"logs": 1}}, "/hidden_lines/logs"),
        ({"account": {"quotas": {"L-NOTHING": 1}}}, "/account/quotas/L-NOTHING"),
        ({"account": {"quotas": {"sqs_message_size": -1}}}, "/account/quotas/sqs_message_size"),
    ],
    ids=lambda one: json.dumps(one)[:60],
)
def test_what_is_wrong_is_told_where_it_stands(client, wrong, pointer):
    answer = client.post("/api/v1/limits", json=DOCUMENT | wrong)
    assert answer.status_code == 422
    assert pointer in [fault["pointer"] for fault in answer.json["errors"]]
