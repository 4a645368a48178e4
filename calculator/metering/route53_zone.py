"""Amazon Route 53: zones are billed by the month and queries by how they are routed, with one price for all regions."""

from calculator.metering import Inputs, Metered
from pricing.formula.language import maximum

RECORDS_INCLUDED = 10_000
# A flat-rate plan of CloudFront includes one zone and what it is asked.
QUERIES = ("queries", "latency_queries", "geo_queries", "geoproximity_queries", "ip_based_queries")


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
        "queries": inputs.queries,
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
