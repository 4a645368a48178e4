"""Amazon Route 53 Resolver: each IP address of an endpoint is billed by the hour, and each query through it."""

from calculator.metering import Inputs, Metered
from pricing.formula.language import ratio


def meter(inputs: Inputs) -> Metered:
    """Count the addresses [address-hour], queries [query] and domains [domain-month], and what the Resolver limits.

    Follows https://aws.amazon.com/route53/pricing/ and the quotas page of the Route 53 developer guide.

    >>> firewall = {"firewall_queries": 0, "firewall_domains": 0}
    >>> meter(Inputs({"queries": 10**9, "ip_addresses": 2, "hours": 730, "peak_rps": 500} | firewall)).demand
    {'route53_resolver_qps': 250.0}
    """
    usage = {
        "address_hours": inputs.ip_addresses * inputs.hours,
        "queries": inputs.queries,
        "firewall_queries": inputs.firewall_queries,
        "firewall_domains": inputs.firewall_domains,
    }
    return Metered(usage=usage, demand={"route53_resolver_qps": ratio(inputs.peak_rps, inputs.ip_addresses)})
