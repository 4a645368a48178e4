"""Amazon RDS Proxy: hours of the vCPUs or ACUs of the database behind it, with a least size."""

from calculator.metering import Inputs, Metered
from pricing.formula.language import maximum

LEAST_VCPUS = 2
LEAST_ACU = 8


def meter(inputs: Inputs) -> Metered:
    """Count the vCPU-hours or ACU-hours of a month.

    Follows https://aws.amazon.com/rds/proxy/pricing/.

    >>> meter(Inputs({"database": "instances", "vcpus": 1, "instances": 2, "proxy_hours": 730})).usage
    {'vcpu_hours': 2920}
    """
    if inputs.database == "instances":
        return Metered(usage={"vcpu_hours": inputs.instances * maximum(inputs.vcpus, LEAST_VCPUS) * inputs.proxy_hours})
    return Metered(usage={"acu_hours": inputs.instances * maximum(inputs.mean_acu, LEAST_ACU) * inputs.proxy_hours})
