"""Amazon EKS: the control plane of each cluster by the hour, and on top of it extended support of old versions."""

from calculator.metering import Inputs, Metered


def meter(c: Inputs) -> Metered:
    """Count the cluster hours [hour] of a month.

    Follows https://aws.amazon.com/eks/pricing/.

    >>> meter(Inputs({"clusters": 1, "hours": 730, "support": "extended"})).usage
    {'cluster_hours': 730, 'extended_support': 730}
    """
    usage = {"cluster_hours": c.clusters * c.hours}
    if c.support == "extended":
        usage["extended_support"] = c.clusters * c.hours
    return Metered(usage=usage)
