"""Amazon CloudWatch dashboards: each is billed by the month."""

from calculator.metering import Inputs, Metered


def meter(inputs: Inputs) -> Metered:
    """Count the dashboards of a month [dashboard-month].

    Follows https://aws.amazon.com/cloudwatch/pricing/

    >>> meter(Inputs({"dashboards": 5})).usage
    {'dashboards': 5}
    """
    return Metered(usage={"dashboards": inputs.dashboards})
