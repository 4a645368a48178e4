"""Amazon Route 53: zones are billed by the month and queries by how they are routed, with one price for all regions."""

from collections.abc import Mapping, Sequence

from calculator.metering import Carried, Inputs, Metered
from pricing.formula.language import Number, maximum, minimum, total

RECORDS_INCLUDED = 10_000
# A flat-rate plan of CloudFront includes one zone and what it is asked.
QUERIES = ("queries", "latency_queries", "geo_queries", "geoproximity_queries", "ip_based_queries")

# What an alias record may point to, at no charge for the query
# (https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-choosing-alias-non-alias.html).
ALIASED = (
    "app_runner_service",
    "appsync_api",
    "cloudfront_distribution",
    "http_api",
    "load_balancer",
    "rest_api",
    "route53_zone",
    "s3_bucket",
    "vpc_endpoint",
    "websocket_api",
)


def meter(inputs: Inputs) -> Metered:
    """Count the zones [zone-month], queries [query] and records [record-month] of a month, and what Route 53 limits.

    Follows https://aws.amazon.com/route53/pricing/ and the quotas page of the Route 53 developer guide.

    >>> from calculator import estimate, parse
    >>> zone = {"name": "zone", "type": "route53_zone", "queries": 1_000_000, "records": 10_002}
    >>> document = {"region": "us-east-1", "as_of": "2026-09-01", "components": [zone]}
    >>> [(line.meter, line.usage, line.cost) for line in estimate(parse(document)).line_items][-1]
    ('route53_zone.records', 2.0, 0.003)
    """
    usage = {
        "zones": inputs.zones,
        "queries": maximum(inputs.queries - inputs.alias_queries, 0),
        "latency_queries": inputs.latency_queries,
        "geo_queries": inputs.geo_queries,
        "geoproximity_queries": inputs.geoproximity_queries,
        "ip_based_queries": inputs.ip_based_queries,
        "cidr_blocks": inputs.cidr_blocks,
        "records": inputs.zones * maximum(inputs.records - RECORDS_INCLUDED, 0),
        "policy_records": inputs.policy_records,
    }
    if inputs.flat_rate_plan != "none":
        usage |= {"zones": maximum(inputs.zones - 1, 0)} | dict.fromkeys(QUERIES, 0)
    demand = {"route53_hosted_zones": inputs.zones, "route53_records": inputs.records}
    if inputs.same_name_records is not None:
        demand["route53_weighted_records"] = inputs.same_name_records
    return Metered(usage=usage, demand=demand)


def tell(inputs: Inputs, leaving: Sequence[Carried]) -> Mapping[str, Number]:
    """Of the queries that the traffic brings, those of alias records; what is stated is stated without them."""
    if "queries" not in inputs.derived:
        return {}
    aliased = [one.settings for one in leaving if one.settings.alias and one.target_type in ALIASED]
    share = minimum(total(settings.share * settings.calls for settings in aliased), 1)
    return {"alias_queries": inputs.queries * share}
