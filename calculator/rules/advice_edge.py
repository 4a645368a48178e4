"""Advice on the edge: a lighter function, and a plan that covers the traffic."""

from collections.abc import Iterator, Mapping
from typing import Any

from calculator.rules import INFO, Breach, rule
from calculator.rules.amounts import beyond, number
from calculator.rules.changes import Advice, advised, replaced, with_inputs
from calculator.rules.view import ComponentView, View
from pricing.catalogue.catalogue import component_type

# What runs longer is no work for a CloudFront function. [ms]
LIGHT_MS = 1.0
PLANS = ("free", "pro", "business", "premium")
# What no plan includes.
NOT_IN_A_PLAN = ("dedicated_ip_certificates", "field_level_encryption_requests")


@rule(
    why="A CloudFront function costs a sixth of a run of Lambda@Edge and no duration, and starts within a millisecond.",
    remedy="Write it as a CloudFront function, if it is JavaScript of 10 KB at most on viewer events and needs "
    "neither the body nor the network.",
    source="docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-functions-choosing.html",
    checked="2026-11-28",
)
def cloudfront_function_instead(view: View) -> Iterator[Breach]:
    """A light function at the edge would do as a CloudFront function."""
    found = (
        Advice(
            (component.name,),
            f"{number(component.inputs.duration_ms)} ms a run, {number(component.inputs.requests)} runs a month",
            replaced(component, _at_the_edge),
        )
        for component in view.of("lambda_edge_function")
        if not beyond(component.inputs.duration_ms, LIGHT_MS)
        and component.inputs.event == "viewer"
        and not _reads_bodies(view, component)
    )
    yield from advised(view, INFO, found)


def _reads_bodies(view: View, component: ComponentView) -> bool:
    return bool(component.get("body_kb")) and "body_kb" not in view.architecture.components[component.number].derived


def _at_the_edge(said: Mapping[str, Any]) -> Mapping[str, Any]:
    kept = {key: said[key] for key in ("name", "region") if key in said}
    runs = {"invocations": said["requests"]} if said.get("requests") is not None else {}
    return kept | runs | {"type": "cloudfront_function"}


@rule(
    why="A flat-rate plan is one price a month for a distribution with its firewall, DNS zone, functions and logs, "
    "whatever its traffic within an allowance, and never more.",
    remedy="Subscribe the distribution to the plan; it is of one domain, and what is used above its allowance is not "
    "billed but may be slowed down. Lambda@Edge is billed as before.",
    source="docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/flat-rate-pricing-plan.html",
    checked="2026-11-28",
)
def cloudfront_flat_rate_plan(view: View) -> Iterator[Breach]:
    """A flat-rate plan would cover a distribution's traffic for less."""
    found = []
    for component in view.of("cloudfront_distribution"):
        if component.inputs.pricing_plan != "pay_as_you_go" or any(component.get(name) for name in NOT_IN_A_PLAN):
            continue
        plan = _plan(view, component)
        if plan is not None and component.inputs.origin_shield_region == "none":
            told = (
                f"{number(_requests(component))} requests and {number(component.inputs.data_out_gb)} GB a month: the "
            )
            told += f"{plan.capitalize()} plan covers them"
            gone = dict.fromkeys(_only_without_plan())
            found.append(Advice((component.name,), told, with_inputs(component, **gone | {"pricing_plan": plan})))
    yield from advised(view, INFO, found)


def _plan(view: View, component: ComponentView) -> str | None:
    """The smallest plan that covers the traffic of a distribution; None: none does."""
    for plan in PLANS:
        quota = f"cloudfront_distribution.cloudfront_{plan}_plan"
        requests, data_gb = (view.limit(f"{quota}_{what}", component.region) for what in ("requests", "data"))
        if not beyond(_requests(component), requests) and not beyond(component.inputs.data_out_gb, data_gb):
            return plan
    return None


def _requests(component: ComponentView) -> float:
    return float(component.inputs.https_requests + component.inputs.http_requests)


def _only_without_plan() -> list[str]:
    """The inputs that mean nothing with a plan, and those that mean nothing without them."""
    inputs, gone = component_type("cloudfront_distribution").inputs, {"pricing_plan"}
    for name, known in inputs.items():
        if any(key in gone for key in known.when):
            gone.add(name)
    return sorted(gone)
