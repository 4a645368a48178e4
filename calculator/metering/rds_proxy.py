"""Amazon RDS Proxy: hours of the vCPUs or ACUs of the database behind it, with a least size."""

from calculator.metering import Inputs, Metered
from pricing.formula.language import maximum

LEAST_VCPUS = 2
LEAST_ACU = 8


def meter(q: Inputs) -> Metered:
    """Count the vCPU-hours or ACU-hours of a month.

    Follows https://aws.amazon.com/rds/proxy/pricing/.

    >>> meter(Inputs({"database": "instances", "vcpus": 1, "instances": 2, "proxy_hours": 730})).usage
    {'vcpu_hours': 2920}
    """
    if q.database == "instances":
        return Metered(usage={"vcpu_hours": q.instances * maximum(q.vcpus, LEAST_VCPUS) * q.proxy_hours})
    return Metered(usage={"acu_hours": q.instances * maximum(q.mean_acu, LEAST_ACU) * q.proxy_hours})
