"""AWS App Runner: memory of provisioned instances at all hours, vCPUs and further memory of active ones."""

from calculator.metering import Inputs, Metered
from pricing.formula.language import maximum


def meter(inputs: Inputs) -> Metered:
    """Count vCPU-hours [hour], memory [GB-hour], applications and build time [minute] of a month.

    Follows https://aws.amazon.com/apprunner/pricing/: an active instance pays for memory only beyond what is
    provisioned already.

    >>> size = {"vcpu": 1, "memory_gb": 2, "active_hours": 240, "active_instances": 3, "provisioned_instances": 1}
    >>> usage = meter(Inputs(size | {"hours": 730, "auto_deploy_apps": 0, "build_minutes": 0})).usage
    >>> usage["vcpu_hours"], usage["provisioned_gb_hours"], usage["active_gb_hours"]
    (720, 1460, 960)
    """
    further_instances = maximum(inputs.active_instances - inputs.provisioned_instances, 0)
    usage = {
        "vcpu_hours": inputs.active_instances * inputs.active_hours * inputs.vcpu,
        "provisioned_gb_hours": inputs.provisioned_instances * inputs.hours * inputs.memory_gb,
        "active_gb_hours": further_instances * inputs.active_hours * inputs.memory_gb,
        "auto_deploy": inputs.auto_deploy_apps,
        "build": inputs.build_minutes,
    }
    return Metered(usage=usage)
