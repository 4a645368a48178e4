"""Amazon EKS: the control plane of each cluster by the hour, and on top of it extended support of old versions."""

from calculator.metering import Inputs, Metered


def meter(inputs: Inputs) -> Metered:
    """Count the cluster hours [hour] of a month.

    Follows https://aws.amazon.com/eks/pricing/.

    >>> meter(Inputs({"clusters": 1, "hours": 730, "support": "extended"})).usage
    {'cluster_hours': 730, 'extended_support': 730}
    """
    usage = {"cluster_hours": inputs.clusters * inputs.hours}
    if inputs.support == "extended":
        usage["extended_support"] = inputs.clusters * inputs.hours
    return Metered(usage=usage)
