"""Amazon Route 53 health checks: each is billed by the month, and each optional feature of it besides."""

from calculator.metering import Inputs, Metered, Sent
from pricing.formula.language import S_PER_HOUR, Constant, Number

# Checkers in all the world, each of which asks once in an interval
# (https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html).
CHECKERS = 15
INTERVAL = Constant(30, "s")


def meter(inputs: Inputs) -> Metered:
    """Count the checks [check-month] and their features [feature-month] of a month, and what Route 53 limits.

    Follows https://aws.amazon.com/route53/pricing/ and the quotas page of the Route 53 developer guide.

    >>> meter(Inputs({"checks": 3, "endpoint": "external", "features": 2})).usage
    {'external_checks': 3, 'external_features': 6}
    """
    usage = {f"{inputs.endpoint}_checks": inputs.checks, f"{inputs.endpoint}_features": inputs.checks * inputs.features}
    return Metered(usage=usage, demand={"route53_health_checks": inputs.checks})


def send(inputs: Inputs, connection: Inputs, target: Inputs, per_s: Number) -> Sent:
    """What a check becomes: a request of each checker in each interval."""
    if inputs.probes is not None:
        return Sent(1, None)
    interval_s = INTERVAL if inputs.interval_s is None else inputs.interval_s
    return Sent(1, None, of=inputs.checks * CHECKERS * inputs.month_hours * S_PER_HOUR / interval_s)
