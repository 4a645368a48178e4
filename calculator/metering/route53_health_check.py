"""Amazon Route 53 health checks: each is billed by the month, and each optional feature of it besides."""

from calculator.metering import Inputs, Metered


def meter(inputs: Inputs) -> Metered:
    """Count the checks [check-month] and their features [feature-month] of a month, and what Route 53 limits.

    Follows https://aws.amazon.com/route53/pricing/ and the quotas page of the Route 53 developer guide.

    >>> meter(Inputs({"checks": 3, "endpoint": "external", "features": 2})).usage
    {'external_checks': 3, 'external_features': 6}
    """
    usage = {f"{inputs.endpoint}_checks": inputs.checks, f"{inputs.endpoint}_features": inputs.checks * inputs.features}
    return Metered(usage=usage, demand={"route53_health_checks": inputs.checks})
