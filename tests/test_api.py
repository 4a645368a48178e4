"""The API from outside: what it answers, what it refuses and how, and that nothing makes it fall over."""

import gzip
import io
import json
from datetime import date
from functools import cache
from urllib.parse import quote

import jsonschema_rs
import pytest

from api.estimate_schemas import EstimateSchema
from api.estimates import CHANGED, EXAMPLE
from calculator import changes, component_type, component_types, parse
from pricing.catalogue.feeds import metrics
from pricing.errors import CatalogueError, InvalidDocument
from pricing.prices.coverage import coverage, regions
from tests.helpers.serving import DOCUMENT, make_app

ESTIMATES = "/api/v1/estimates"
MIB = 1024 * 1024


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    return make_app(tmp_path_factory.mktemp("api"))


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture(scope="module")
def described(app):
    """Whether an answer is as a schema of the documentation describes it."""
    openapi = app.test_client().get("/api/v1/openapi.json").json

    @cache
    def validator(schema):
        return jsonschema_rs.Draft202012Validator(
            {"$ref": f"#/components/schemas/{schema}", "components": openapi["components"]}, validate_formats=True
        )

    def check(schema, answer):
        faults = [f"{fault.instance_path}: {fault.message}" for fault in validator(schema).iter_errors(answer)]
        assert faults == []

    return check


def refusal(response, status, pointers=None):
    """The problem that a response is, with this status and faults at these pointers."""
    assert (response.status_code, response.content_type) == (status, "application/problem+json"), response.text
    assert response.json["status"] == status
    assert response.json["instance"] == response.request.path
    if pointers is not None:
        assert [fault["pointer"] for fault in response.json["errors"]] == pointers
    return response.json


def component(**inputs):
    return DOCUMENT | {"components": [{"name": "it"} | inputs]}


# --- estimates


def test_an_estimate(client, described):
    answer = client.post(ESTIMATES, json=EXAMPLE)
    assert answer.status_code == 200
    assert answer.content_type == "application/json"
    described("Architecture", EXAMPLE)
    described("Estimate", answer.json)
    assert EstimateSchema().validate(answer.json) == {}
    assert round(answer.json["total"], 2) == round(sum(line["cost"] for line in answer.json["line_items"]), 2) > 0


def test_a_violated_limit_is_a_result(client, described):
    functions = [
        {"name": f"f{n}", "type": "lambda_function", "requests": 1e9, "duration_ms": 9e5, "memory_mb": 20000}
        for n in range(2)
    ]
    answer = client.post(ESTIMATES, json=DOCUMENT | {"components": functions})
    assert answer.status_code == 200
    described("Estimate", answer.json)
    broken = {(violation["quota"], violation["component"]) for violation in answer.json["violations"]}
    assert {("lambda_memory_max", "f0"), ("lambda_memory_max", "f1")} <= broken
    assert None in {component for _, component in broken}, "a limit of the whole account"


def test_without_a_day_todays_prices_are_taken_and_said(client):
    today = {key: value for key, value in DOCUMENT.items() if key != "as_of"}
    answer = client.post(ESTIMATES, json=today).json
    assert {"pointer": "/as_of", "value": answer["as_of"]}.items() <= answer["assumptions"][0].items()


def test_every_fault_is_told_at_once(client, described):
    document = {
        "region": "moon",
        "colour": "red",
        "components": [
            {"name": "a", "type": "sqs_queue", "messages": -1, "fifo": "yes"},
            {"name": "a", "type": "teapot"},
            {"name": "b", "type": "sqs_queue"},
        ],
    }
    problem = refusal(client.post(ESTIMATES, json=document), 422)
    described("Problem", problem)
    assert problem["type"] == "urn:stackmeter:problem:invalid-document"
    assert {fault["pointer"] for fault in problem["errors"]} == {
        "/region",
        "/colour",
        "/components/0/messages",
        "/components/0/fifo",
        "/components/1/name",
        "/components/1/type",
        "/components/2/messages",
    }


@pytest.mark.parametrize("missing", [{"region": "ap-nowhere-9"}, {"as_of": "1999-01-01"}])
def test_a_missing_price_is_told(client, missing):
    problem = refusal(client.post(ESTIMATES, json=DOCUMENT | missing), 422)
    assert problem["type"] == "urn:stackmeter:problem:rate-not-found"
    assert "sqs_queue.requests" in problem["errors"][0]["detail"]


@pytest.mark.parametrize(
    "document",
    [
        None,
        True,
        7,
        "text",
        [],
        {},
        component(),
        component(type=None),
        component(type=["sqs_queue"]),
        component(type="a" * 5000),
        component(type="../sqs_queue"),
        component(type="sqs_queue", messages=None),
        component(type="sqs_queue", messages=[]),
        component(type="sqs_queue", messages="many"),
        component(type="sqs_queue", messages=10**399),
        component(type="sqs_queue", messages=5, name="\n"),
        component(type="sqs_queue", messages=5, name=""),
        DOCUMENT | {"account": {"already_used": {"a" * 5000: 1}}},
        DOCUMENT | {"account": {"already_used": {"sqs_queue./~": 1}}},
        DOCUMENT | {"account": []},
        DOCUMENT | {"as_of": "2026-02-30"},
        DOCUMENT | {"components": {}},
        DOCUMENT | {"components": [None]},
    ],
    ids=lambda document: json.dumps(document)[-60:],
)
def test_a_wrong_document_is_refused(client, document):
    answer = client.post(ESTIMATES, data=json.dumps(document), content_type="application/json")
    assert refusal(answer, 422)["errors"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"a": 1, "a": 1}',
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b"[" * 100_000,
        b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
        b"9" * 5000,
        rb'"\ud800"',
        rb'{"\udfff": 1}',
        rb'"\u0000"',
        b"\xff\xfe",
        "{}".encode("utf-16"),
        b"{'a': 1}",
        b"{} {}",
    ],
    ids=lambda body: repr(body[:20]),
)
def test_what_is_not_json_is_refused(client, body):
    problem = refusal(client.post(ESTIMATES, data=body, content_type="application/json"), 400, [""])
    assert problem["type"] == "urn:stackmeter:problem:malformed-body"


@pytest.mark.parametrize(
    ("number", "status"), [("1e400", 400), ("-1e400", 400), ("1" + "0" * 300, 422), ("1e-400", 200)]
)
def test_numbers_at_the_ends_of_the_scale(client, number, status):
    body = json.dumps(DOCUMENT).replace("5000000", number)
    assert client.post(ESTIMATES, data=body, content_type="application/json").status_code == status


@pytest.mark.parametrize(
    "content_type", [None, "text/plain", "application/x-www-form-urlencoded", "text/json", "a;b;c"]
)
def test_another_content_type_is_refused(client, content_type):
    refusal(client.post(ESTIMATES, data=json.dumps(DOCUMENT), content_type=content_type), 415)


@pytest.mark.parametrize("content_type", ["application/json; charset=utf-8", "application/vnd.stackmeter+json"])
def test_json_by_its_other_names_is_read(client, content_type):
    assert client.post(ESTIMATES, data=json.dumps(DOCUMENT), content_type=content_type).status_code == 200


def test_a_body_may_be_one_mib(client):
    padded = json.dumps(DOCUMENT).ljust(MIB)
    assert client.post(ESTIMATES, data=padded, content_type="application/json").status_code == 200
    refusal(client.post(ESTIMATES, data=padded + " ", content_type="application/json"), 413)


# --- the catalogue


def test_all_component_types(client, described):
    answer = client.get("/api/v1/types").json
    described("ComponentTypes", answer)
    assert [kind["name"] for kind in answer["items"]] == list(component_types())
    assert answer["total"] == len(component_types())


@pytest.mark.parametrize("name", component_types())
def test_a_component_type(client, described, name):
    answer = client.get(f"/api/v1/types/{name}").json
    described("ComponentType", answer)
    assert answer["name"] == name
    assert answer["inputs"]
    assert len(answer["meters"]) == len(component_type(name).meters)


def test_inputs_say_all_a_form_needs(client):
    inputs = {known["name"]: known for known in client.get("/api/v1/types/lambda_function").json["inputs"]}
    assert inputs["requests"]["required"]
    assert inputs["memory_mb"]["default"] == 128
    assert inputs["memory_mb"]["unit"] == "MB"
    assert inputs["architecture"]["choices"] == ["x86_64", "arm64"]
    assert inputs["requests"]["choices"] is None
    assert inputs["peak_rps"]["mean_rate_of"] == "requests"
    assert inputs["provisioned_share"]["at_most"] == 1
    assert not inputs["requests"]["text"]
    assert client.get("/api/v1/types/metered_usage").json["inputs"][0]["text"]


def test_quotas(client, described):
    everything = client.get("/api/v1/quotas").json
    described("Quotas", everything)
    limited = {name for name in component_types() if component_type(name).quotas}
    assert {quota["type"] for quota in everything["items"]} == limited
    queue = client.get("/api/v1/quotas?type=sqs_queue").json
    assert queue["items"] == [quota for quota in everything["items"] if quota["type"] == "sqs_queue"]


def test_a_quota_of_a_region_has_its_value_there(client, described):
    exceptional = next(quota for quota in client.get("/api/v1/quotas").json["items"] if quota["regions"])
    region, value = next(iter(exceptional["regions"].items()))
    answer = client.get("/api/v1/quotas", query_string={"type": exceptional["type"], "region": region}).json
    described("Quotas", answer)
    there = next(quota for quota in answer["items"] if quota["name"] == exceptional["name"])
    assert (there["region"], there["value"]) == (region, value)
    assert there["value"] != exceptional["value"]


def test_a_meter_with_all_its_rates(client, described):
    answer = client.get("/api/v1/meters/sqs_queue.requests").json
    described("Meter", answer)
    assert len({rate["region"] for rate in answer["rates"]}) > 10
    assert [tier["name"] for tier in answer["free_tiers"]] == ["sqs_queue.requests"]
    here = client.get("/api/v1/meters/sqs_queue.requests?region=eu-west-1").json["rates"]
    assert here == [rate for rate in answer["rates"] if rate["region"] == "eu-west-1"]
    assert all(rate["source"] and rate["tiers"] for rate in here)


def test_every_meter_is_answered(client, described):
    for kind in client.get("/api/v1/types").json["items"]:
        for meter in kind["meters"]:
            answer = client.get(f"/api/v1/meters/{meter['name']}")
            assert answer.status_code == 200
            described("Meter", answer.json)


def test_a_meter_priced_by_the_geography(client):
    meter = "/api/v1/meters/cloudfront_distribution.data_out"
    everywhere = client.get(meter).json["rates"]
    assert "cf:eu" in {rate["region"] for rate in everywhere}
    assert client.get(f"{meter}?region=cf:eu").json["rates"] == [
        rate for rate in everywhere if rate["region"] == "cf:eu"
    ]


def test_any_published_metric_is_a_meter(client, described):
    for known in metrics()[:: len(metrics()) // 50]:
        answer = client.get(f"/api/v1/meters/metered_usage.{quote(known.name)}").json
        described("Meter", answer)
        assert answer["name"] == f"metered_usage.{known.name}"
        assert len(answer["rates"]) == known.regions
        assert {rate["effective"] for rate in answer["rates"]} == {known.as_of.isoformat()}


def test_a_found_metric_can_be_looked_up_and_billed(client, described):
    answer = client.get("/api/v1/meters?q=Rekognition images&limit=3").json
    described("FoundMeters", answer)
    assert len(answer["items"]) == 3 < answer["total"]
    for found in answer["items"]:
        assert (found["type"], found["inputs"]["service"]) == ("metered_usage", "rekognition")
        rates = client.get(f"/api/v1/meters/{quote(found['name'])}").json["rates"]
        assert found["places"] == len(rates)
        assert {rate["checked"] for rate in rates} == {found["as_of"]}
        usage = component(type="metered_usage", quantity=1000, region=rates[0]["region"], **found["inputs"])
        [line] = client.post(ESTIMATES, json=usage).json["line_items"]
        assert line["meter"] == found["name"]
        assert line["cost"] == pytest.approx(1000 * rates[0]["tiers"][0]["price"])


def test_own_meters_are_found_by_name_and_title_and_come_first(client):
    found = client.get("/api/v1/meters?q=queue FIFO").json
    first, *others = found["items"]
    assert (first["name"], first["inputs"], first["unit"]) == ("sqs_queue.fifo_requests", {}, "request")
    assert first["places"] == len(client.get("/api/v1/meters/sqs_queue.fifo_requests").json["rates"])
    assert {each["type"] for each in others} == {"metered_usage"}
    assert client.get("/api/v1/meters?q=queue fifo&type=sqs_queue").json == {"items": [first], "total": 1}
    published = client.get("/api/v1/meters?q=queue fifo&type=metered_usage").json
    assert published == {"items": others, "total": found["total"] - 1}
    assert client.get("/api/v1/meters?q=teleporter").json == {"items": [], "total": 0}


# --- what can be priced where


def test_regions(client, described):
    answer = client.get("/api/v1/regions?as_of=2026-09-01").json
    described("Regions", answer)
    assert answer["as_of"] == "2026-09-01"
    assert [entry["region"] for entry in answer["items"]] == list(regions())
    types = len(coverage(date(2026, 9, 1)))
    assert {entry["all"] + entry["some"] + entry["none"] for entry in answer["items"]} == {types}
    assert client.get("/api/v1/regions?as_of=2010-01-01").json["items"][0]["none"] > answer["items"][0]["none"]


def test_coverage(client, described):
    answer = client.get("/api/v1/coverage?as_of=2026-09-01").json
    described("Coverage", answer)
    known = coverage(date(2026, 9, 1))
    assert [kind["type"] for kind in answer["items"]] == list(known)
    for kind in answer["items"]:
        for there, covered in zip(kind["regions"], known[kind["type"]].values(), strict=True):
            assert there["missing"] == list(covered.missing)
            assert there["priced"] == len(covered.priced) == len(kind["meters"]) - len(there["missing"])
    extents = {there["extent"] for kind in answer["items"] for there in kind["regions"]}
    assert extents == {"all", "some", "none"}


def test_what_the_coverage_says_is_what_estimates_do(client):
    kinds = client.get("/api/v1/coverage?as_of=2026-09-01").json["items"]
    priced = {
        there["region"]: there["extent"] for kind in kinds if kind["type"] == "http_api" for there in kind["regions"]
    }
    assert set(priced.values()) == {"all", "none"}
    for region, extent in priced.items():
        answer = client.post(ESTIMATES, json=component(type="http_api", requests=1e6, region=region))
        assert (answer.status_code == 200) == (extent == "all")


def test_without_a_day_the_coverage_is_todays(client):
    for path in ("regions", "coverage"):
        today = client.get(f"/api/v1/{path}").json["as_of"]
        assert today == client.get(f"/api/v1/{path}?as_of={today}").json["as_of"]


# --- two days


def test_changes_name_the_rate_that_did_it(client, described):
    answer = client.post(f"{ESTIMATES}/changes?before=2024-10-15&after=2026-09-01", json=CHANGED)
    assert answer.status_code == 200
    described("Changes", answer.json)
    assert answer.json["difference"] == answer.json["after"] - answer.json["before"] < 0
    for line in answer.json["lines"]:
        assert line["rate_after"]["effective"] == "2024-11-01"
        assert line["prices_after"][0] == line["prices_before"][0] / 2


def test_changes_are_those_of_the_library(client):
    days = date(2025, 9, 1), date(2026, 9, 1)
    answer = client.post(f"{ESTIMATES}/changes?before={days[0]}&after={days[1]}", json=EXAMPLE)
    known = changes(parse(EXAMPLE), *days)
    assert (answer.json["before"], answer.json["after"]) == (known.before, known.after)
    assert len(answer.json["lines"]) == len(known.lines)


def test_changes_of_a_day_without_prices(client):
    problem = refusal(client.post(f"{ESTIMATES}/changes?before=2001-01-01&after=2026-09-01", json=DOCUMENT), 422)
    assert problem["type"] == "urn:stackmeter:problem:rate-not-found"


@pytest.mark.parametrize(
    ("query", "pointers"),
    [
        ("", ["/before", "/after"]),
        ("?before=2024-10-15", ["/after"]),
        ("?before=15.10.2024&after=2026-02-30", ["/before", "/after"]),
        ("?before=20241015&after=2026-W01-1", ["/before", "/after"]),
        ("?before=2024-10-15&after=2026-09-01&as_of=2026-09-01", ["/as_of"]),
    ],
)
def test_changes_between_what_are_no_days(client, query, pointers):
    refusal(client.post(f"{ESTIMATES}/changes{query}", json=DOCUMENT), 422, pointers)


def test_a_wrong_document_has_no_changes(client):
    answer = client.post(f"{ESTIMATES}/changes?before=2024-10-15&after=2026-09-01", json=component(type="teapot"))
    refusal(answer, 422, ["/components/0/type"])


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/types/teapot",
        "/api/v1/types/" + "a" * 3000,
        "/api/v1/types/..%2fsqs_queue",
        "/api/v1/types/%00",
        "/api/v1/types/%ff",
        "/api/v1/types/%ED%A0%80",
        "/api/v1/meters/sqs_queue",
        "/api/v1/meters/sqs_queue.nothing",
        "/api/v1/meters/.",
        "/api/v1/meters/" + "a" * 3000,
        "/api/v1/meters/metered_usage.",
        "/api/v1/meters/metered_usage.swf",
        "/api/v1/meters/metered_usage.swf/",
        "/api/v1/meters/metered_usage.../../secret",
        "/api/v1/meters/metered_usage.nothing/InitiatedWorkflows",
        "/api/v1/meters/",
        "/api/v1/architectures/7",
        "/api/v1/architectures/00000000-0000-0000-0000-000000000000",
        "/api/v1/types/",
        "/api/v2/types",
        "/nothing",
        "/static/../app.py",
        "/static/nothing.js",
    ],
)
def test_what_is_not_there(client, path):
    refusal_of = client.get(path)
    assert (refusal_of.status_code, refusal_of.content_type) == (404, "application/problem+json")


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("/api/v1/quotas?regions=eu-west-1", "/regions"),
        ("/api/v1/quotas?region=moon", "/region"),
        ("/api/v1/quotas?type=teapot", "/type"),
        ("/api/v1/quotas?region=", "/region"),
        ("/api/v1/meters/sqs_queue.requests?type=sqs_queue", "/type"),
        ("/api/v1/meters/sqs_queue.requests?region=moon", "/region"),
        ("/api/v1/quotas?region=cf:eu", "/region"),
        ("/api/v1/meters", "/q"),
        ("/api/v1/meters?q=", "/q"),
        ("/api/v1/meters?q=%20%09", "/q"),
        ("/api/v1/meters?q=" + "a" * 201, "/q"),
        ("/api/v1/meters?q=sqs&type=teapot", "/type"),
        ("/api/v1/meters?q=sqs&limit=101", "/limit"),
        ("/api/v1/meters?q=sqs&offset=1", "/offset"),
        ("/api/v1/regions?region=eu-west-1", "/region"),
        ("/api/v1/coverage?as_of=2026-13-01", "/as_of"),
        ("/api/v1/coverage?as_of=", "/as_of"),
        ("/api/v1/coverage?type=sqs_queue", "/type"),
        ("/api/v1/types?a~b/c=1", "/a~0b~1c"),
        ("/api/v1/types/sqs_queue?region=eu-west-1", "/region"),
        ("/api/v1/healthz?%ff", "/%FF"),
        ("/api/v1/architectures?limit=0", "/limit"),
        ("/api/v1/architectures?limit=101", "/limit"),
        ("/api/v1/architectures?limit=3.7", "/limit"),
        ("/api/v1/architectures?limit=true", "/limit"),
        ("/api/v1/architectures?limit=%C2%B2", "/limit"),
        ("/api/v1/architectures?limit=1e99999999", "/limit"),
        ("/api/v1/architectures?offset=-1", "/offset"),
        ("/api/v1/architectures?offset=" + "9" * 5000, "/offset"),
        ("/api/v1/architectures?page=1", "/page"),
    ],
)
def test_a_query_that_is_not_understood(client, described, query, pointer):
    problem = refusal(client.get(query), 422, [pointer])
    assert problem["type"] == "urn:stackmeter:problem:invalid-query"
    described("Problem", problem)


@pytest.mark.parametrize("query", ["limit=5", "limit=5.0", "limit=5e0", "limit=1e2&offset=1e6"])
def test_whole_numbers_in_a_query(client, query):
    assert client.get(f"/api/v1/architectures?{query}").status_code == 200


def test_a_view_without_query_refuses_one_on_post(client):
    refusal(client.post(f"{ESTIMATES}?region=eu-west-1", json=DOCUMENT), 422, ["/region"])


# --- HTTP


def test_another_method_is_told_which_ones_are_allowed(client):
    response = client.delete(ESTIMATES)
    refusal(response, 405)
    assert set(response.allow) == {"POST", "OPTIONS"}


@pytest.mark.parametrize("accepted", ["text/html", "application/json;q=0", "application/xml, text/*", "?"])
def test_other_formats_are_not_on_offer(client, accepted):
    refusal(client.get("/api/v1/types", headers={"Accept": accepted}), 406)


@pytest.mark.parametrize("accepted", ["application/*", "text/html, */*;q=0.1", "", "application/json, text/html"])
def test_json_is_on_offer(client, accepted):
    assert client.get("/api/v1/types", headers={"Accept": accepted}).status_code == 200


@pytest.mark.parametrize("path", ["/api/v1/types", "/api/v1/quotas?region=eu-west-1", "/api/v1/openapi.json"])
def test_the_catalogue_may_be_kept_and_asked_for_again(client, path):
    first = client.get(path)
    assert first.cache_control.max_age > 0
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert client.get(path, headers={"If-None-Match": '"other"'}).data == first.data


@pytest.mark.parametrize("path", ["/api/v1/types", "/api/v1/coverage", "/api/v1/openapi.json"])
def test_the_catalogue_is_packed_for_who_unpacks(client, path):
    plain, packed = client.get(path), client.get(path, headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.vary.as_set() == {"accept-encoding"}
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < len(plain.data) / 4
    known = {"Accept-Encoding": "gzip", "If-None-Match": packed.headers["ETag"]}
    assert client.get(path, headers=known).status_code == 304


@pytest.mark.parametrize(
    "path", ["/", "/coverage", "/api/v1/types", "/nothing", "/api/v1/docs", "/healthz", "/static/plotly.min.js"]
)
def test_headers_keep_a_browser_safe(client, path):
    headers = client.get(path, headers={"Origin": "https://elsewhere.example"}).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "script-src 'self';" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in headers
    assert "Access-Control-Allow-Origin" not in headers
    assert len(headers.getlist("Content-Security-Policy")) == 1


def test_our_own_errors_are_logged_and_not_shown(tmp_path, monkeypatch):
    log = io.StringIO()
    client = make_app(tmp_path, LOG=log).test_client()
    monkeypatch.setattr("api.estimates.estimate", lambda _: 1 / 0)
    problem = refusal(client.post(ESTIMATES, json=DOCUMENT), 500, [])
    assert "division" not in json.dumps(problem)
    failure = json.loads(log.getvalue().splitlines()[0])
    assert failure["event"] == "failure"
    assert "ZeroDivisionError" in failure["exception"]


def test_a_broken_catalogue_is_our_own_error(tmp_path, monkeypatch):
    def broken(_):
        raise CatalogueError("secret.toml")

    client = make_app(tmp_path, LOG=io.StringIO()).test_client()
    monkeypatch.setattr("api.component_types.component_type", broken)
    assert "secret" not in json.dumps(refusal(client.get("/api/v1/types/sqs_queue"), 500, []))


def test_one_line_is_logged_a_request_without_its_body(tmp_path):
    log = io.StringIO()
    client = make_app(tmp_path, LOG=log).test_client()
    client.post(ESTIMATES, json=DOCUMENT | {"name": "confidential"})
    client.get("/nothing%22%0A?key=confidential")
    client.open("/api/v1/types", method="BREW")
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    assert [(line["method"], line["path"], line["status"]) for line in lines] == [
        ("POST", ESTIMATES, 200),
        ("GET", '/nothing"\n', 404),
        ("BREW", "/api/v1/types", 405),
    ]
    assert all(line["ms"] >= 0 and line["timestamp"].endswith("Z") for line in lines)
    assert "confidential" not in log.getvalue()


# --- the description


def test_examples_are_as_described(app, described):
    openapi = app.test_client().get("/api/v1/openapi.json").json
    assert openapi["openapi"].startswith("3.1")
    body = openapi["paths"]["/api/v1/estimates"]["post"]["requestBody"]["content"]["application/json"]
    described("Architecture", body["example"])
    described("Architecture", CHANGED)


def test_every_operation_documents_refusals_as_problems(app):
    openapi = app.test_client().get("/api/v1/openapi.json").json
    for path, operations in openapi["paths"].items():
        for method in operations.keys() & {"get", "post", "put", "delete"}:
            assert operations[method]["responses"]["default"] == {"$ref": "#/components/responses/DEFAULT_ERROR"}, path
    assert list(openapi["components"]["responses"]["DEFAULT_ERROR"]["content"]) == ["application/problem+json"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"region": 7},
        {"region": "us-east-1", "components": []},
        component(type="lambda_function", requests=1),
        component(type="sqs_queue", messages=-1),
        component(type="sqs_queue", messages=1, fifo="yes"),
        component(type="sqs_queue", messages=1, batch=0),
        component(type="sqs_queue", messages=1, colour="red"),
        component(type="lambda_function", requests=1, duration_ms=1, provisioned_share=1.5),
        component(type="fargate_service", vcpu=1, memory_gb=2),
        component(type="fargate_service", vcpu=1, memory_gb=2, mode="service"),
        component(type="teapot"),
        DOCUMENT | {"account": {"already_used": {"nothing": 1}}},
        DOCUMENT | {"month_hours": 745},
    ],
    ids=lambda document: json.dumps(document)[-60:],
)
def test_what_the_description_refuses_is_refused(client, described, wrong):
    refusal(client.post(ESTIMATES, json=wrong), 422)
    with pytest.raises(AssertionError):
        described("Architecture", wrong)


def told_of(document, pointer):
    """What is wrong at this place of a document, but that something is missing there."""
    try:
        parse(document)
    except InvalidDocument as invalid:
        return [fault for fault in invalid.faults if fault.pointer == pointer and "missing" not in fault.detail]
    return []


def beyond(known):
    """Values that an input may not have."""
    if known.choices:
        return ["teapot", None, 1.5, []]
    if known.text:
        return ["", "a" * 1001, "a\nb", 7, None, True]
    upper = 1e15 if known.at_most is None else known.at_most
    return ["many", True, [], {}, known.at_least - 1, upper * 2, *([] if known.default == "none" else [None])]


def within(known):
    """Values that it may have."""
    if known.choices:
        return known.choices
    if known.text:
        return ["a", "é" * 1000]
    upper = 1e15 if known.at_most is None else known.at_most
    return [known.at_least, upper, *([None] if known.default == "none" else [])]


@pytest.mark.parametrize("name", component_types())
def test_an_input_is_described_as_it_is_read(app, name):
    """Of each input, at its bounds: what the description refuses is refused, and the other way round."""
    schemas = app.test_client().get("/api/v1/openapi.json").json["components"]["schemas"]
    numbers = {"components": {"schemas": {one: schemas[one] for one in ("VaryingNumber", "NumberNotKnown")}}}
    for known in component_type(name).inputs.values():
        described = jsonschema_rs.Draft202012Validator(schemas[name]["properties"][known.name] | numbers)
        for value in (*beyond(known), *within(known)):
            pointer = f"/components/0/{known.name}"
            told = told_of(component(type=name, **{known.name: value}), pointer)
            assert described.is_valid(value) == (told == []), (known.name, value)


def test_an_input_that_does_not_count_need_not_be_given(client, described):
    express = component(type="state_machine", workflow="express", executions=1, duration_ms=100)
    described("Architecture", express)
    assert client.post(ESTIMATES, json=express).status_code == 200
