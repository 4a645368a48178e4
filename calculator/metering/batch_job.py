"""AWS Batch: jobs are free of charge; the Fargate tasks or EC2 instances that run them are billed by the second."""

from calculator.metering import Inputs, Metered
from pricing.catalogue.component_type import family_member
from pricing.formula.language import S_PER_HOUR, Constant, Number, ceil, maximum, where

SUFFIX = {"linux_x86": "x86", "linux_arm64": "arm64", "windows": "windows"}
SHORTEST = {"linux_x86": Constant(60, "s"), "linux_arm64": Constant(60, "s"), "windows": Constant(300, "s")}
STORAGE_INCLUDED = Constant(20, "GB")
# The memory that sizes of 1 vCPU and of 4 vCPUs may have.
GB_OF_1_VCPU = Constant(8, "GB")
GB_OF_4_VCPUS = Constant(30, "GB")
LEAST_GB_OF_1_VCPU = Constant(2, "GB")


def meter(inputs: Inputs) -> Metered:
    """Count vCPU-hours or instance hours [hour], memory and storage [GB-hour] of a month, and what Batch limits.

    Follows https://aws.amazon.com/batch/pricing/ and the quotas of the Batch user guide.

    >>> from calculator import estimate, parse
    >>> j = {"name": "j", "type": "batch_job", "jobs": 600, "duration_s": 20, "vcpu": 1, "memory_gb": 2}
    >>> document = {"region": "us-east-1", "as_of": "2026-09-01", "components": [j]}
    >>> [(line.meter, line.usage) for line in estimate(parse(document)).line_items]
    [('fargate_service.vcpu_hours_x86', 10.0), ('fargate_service.gb_hours_x86', 20.0)]
    """
    if inputs.compute == "fargate":
        return Metered(
            usage=_fargate(inputs), demand=_demand(inputs) | _fargate_demand(inputs), limit=_fargate_limit(inputs)
        )
    hours = inputs.jobs * inputs.duration_s / S_PER_HOUR / inputs.jobs_per_instance
    return Metered(
        usage={f"ec2_instance.{family_member('hours', inputs.instance_type)}": hours}, demand=_demand(inputs)
    )


def _fargate(inputs: Inputs) -> dict[str, Number]:
    hours = inputs.jobs * ceil(inputs.duration_s, SHORTEST[inputs.platform]) / S_PER_HOUR
    suffix = SUFFIX[inputs.platform]
    usage = {
        f"fargate_service.vcpu_hours_{suffix}": hours * inputs.vcpu,
        f"fargate_service.gb_hours_{suffix}": hours * inputs.memory_gb,
        "fargate_service.storage": hours * maximum(inputs.storage_gb - STORAGE_INCLUDED, 0),
    }
    if inputs.platform == "windows":
        usage["fargate_service.windows_license"] = hours * inputs.vcpu
    return usage


def _demand(inputs: Inputs) -> dict[str, Number]:
    demand = {"batch_submit_rate": inputs.start_rps}
    if inputs.array_size is not None:
        demand["batch_submit_rate"] = inputs.start_rps / maximum(inputs.array_size, 1)
        demand |= {"batch_array_size": inputs.array_size, "batch_array_size_min": inputs.array_size}
    stated = {
        "batch_dependencies": inputs.dependencies,
        "batch_payload": inputs.payload_kb,
        "batch_attempts": inputs.attempts,
    }
    return demand | {quota: value for quota, value in stated.items() if value is not None}


def _fargate_demand(inputs: Inputs) -> dict[str, Number]:
    demand = {
        "batch_fargate_runtime": inputs.duration_s,
        "fargate_service.fargate_cpu_memory": inputs.memory_gb,
        "fargate_service.fargate_cpu_memory_min": inputs.memory_gb,
        "fargate_service.fargate_ephemeral": inputs.storage_gb,
        "fargate_service.fargate_launch_rate": inputs.start_rps,
        "fargate_service.fargate_vcpu_ondemand": inputs.start_rps * inputs.duration_s * inputs.vcpu,
    }
    if inputs.burst_jobs is not None:
        demand["fargate_service.fargate_launch_rate_bucket"] = inputs.burst_jobs
    if inputs.platform == "windows":
        demand["fargate_service.fargate_windows_cpu_min"] = inputs.vcpu
    return demand


def _fargate_limit(inputs: Inputs) -> dict[str, Number]:
    """The memory that the vCPUs allow."""
    most = where(inputs.vcpu > 2, inputs.vcpu * GB_OF_4_VCPUS / 4, inputs.vcpu * GB_OF_1_VCPU)
    return {
        "fargate_service.fargate_cpu_memory": most,
        "fargate_service.fargate_cpu_memory_min": inputs.vcpu * LEAST_GB_OF_1_VCPU,
    }
