"""Advice on APIs: what a REST API costs more than an HTTP API that would do the same."""

from collections.abc import Iterator, Mapping
from typing import Any

from calculator.rules import INFO, Breach, rule
from calculator.rules.amounts import beyond, by_source, number
from calculator.rules.changes import Advice, advised, replaced
from calculator.rules.view import APIS, FUNCTIONS, ComponentView, View
from pricing.catalogue.catalogue import component_type

# What only a REST API has.
ONLY_REST = ("cache_gb", "usage_plans", "api_keys", "mapping_template_kb", "model_kb", "stream_s")
# What an HTTP API leads to by itself, and what AWS bills beside every API. All else needs a template of a REST API.
BEHIND_HTTP = (
    *FUNCTIONS,
    *APIS,
    "load_balancer",
    "state_machine",
    "sqs_queue",
    "event_bus",
    "kinesis_stream",
    "log_group",
    "data_transfer",
    "nat_gateway",
)
NAMED = {"name", "type", "region"}


@rule(
    why="A request to an HTTP API costs less than a third of one to a REST API, and nothing here needs more.",
    remedy="Make it an HTTP API. It has no web ACL, no cache, no usage plans and no checks of requests; its time limit "
    "is 30 s.",
    source="docs.aws.amazon.com/apigateway/latest/developerguide/http-api-vs-rest.html",
    checked="2026",
)
def http_api_instead_of_rest(view: View) -> Iterator[Breach]:
    """A REST API uses nothing that an HTTP API lacks."""
    leaving = by_source(view.connections)
    guarded = any(view.of("waf_web_acl"))
    found = (
        Advice((component.name,), f"{number(component.inputs.requests)} requests a month", replaced(component, _http))
        for component in view.of("rest_api")
        if not guarded
        and _is_plain(view, component, {connection.target.type for connection in leaving.get(component.number, [])})
    )
    yield from advised(view, INFO, found)


def _is_plain(view: View, component: ComponentView, behind: set[str]) -> bool:
    if (
        component.inputs.endpoint != "regional"
        or any(component.get(name) for name in ONLY_REST)
        or behind - {*BEHIND_HTTP}
    ):
        return False
    longest = view.limit("http_api.apigw_http_integration_timeout", component.region)
    routes = view.limit("http_api.apigw_routes_per_http_api", component.region)
    return not beyond(component.inputs.integration_timeout_ms, longest) and not beyond(
        component.get("resources") or 0, routes
    )


def _http(said: Mapping[str, Any]) -> Mapping[str, Any]:
    known = component_type("http_api").inputs.keys() | NAMED
    return {key: value for key, value in said.items() if key in known} | {"type": "http_api"}
