"""Amazon EKS: the control plane of each cluster by the hour, and on top of it extended support of old versions."""

from calculator.metering import Inputs, Metered
from pricing.formula import Number

# What AWS limits, by the input that says it.
LIMITED = {
    "eks_fargate_profiles": "fargate_profiles",
    "eks_selectors": "selectors",
    "eks_node_groups": "node_groups",
}


def meter(c: Inputs) -> Metered:
    """Count the cluster hours [hour] of a month, and the clusters, profiles, selectors and groups that EKS limits.

    Follows https://aws.amazon.com/eks/pricing/ and the quotas of the EKS user guide.

    >>> limited = {"fargate_profiles": None, "selectors": None, "node_groups": None}
    >>> meter(Inputs({"clusters": 1, "hours": 730, "support": "extended"} | limited)).usage
    {'cluster_hours': 730, 'extended_support': 730}
    """
    usage = {"cluster_hours": c.clusters * c.hours}
    if c.support == "extended":
        usage["extended_support"] = c.clusters * c.hours
    return Metered(usage=usage, demand=_demand(c))


def _demand(c: Inputs) -> dict[str, Number]:
    stated = {quota: getattr(c, name) for quota, name in LIMITED.items()}
    return {"eks_clusters": c.clusters} | {quota: value for quota, value in stated.items() if value is not None}
