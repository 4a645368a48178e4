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


def meter(j: Inputs) -> Metered:
    """Count vCPU-hours or instance hours [hour], memory and storage [GB-hour] of a month, and what Batch limits.

    Follows https://aws.amazon.com/batch/pricing/ and the quotas of the Batch user guide.

    >>> from calculator import estimate, parse
    >>> j = {"name": "j", "type": "batch_job", "jobs": 600, "duration_s": 20, "vcpu": 1, "memory_gb": 2}
    >>> document = {"region": "us-east-1", "as_of": "2026-09-01", "components": [j]}
    >>> [(line.meter, line.usage) for line in estimate(parse(document)).line_items]
    [('fargate_service.vcpu_hours_x86', 10.0), ('fargate_service.gb_hours_x86', 20.0)]
    """
    if j.compute == "fargate":
        return Metered(usage=_fargate(j), demand=_demand(j) | _fargate_demand(j), limit=_fargate_limit(j))
    hours = j.jobs * j.duration_s / S_PER_HOUR / j.jobs_per_instance
    return Metered(usage={f"ec2_instance.{family_member('hours', j.instance_type)}": hours}, demand=_demand(j))


def _fargate(j: Inputs) -> dict[str, Number]:
    hours = j.jobs * maximum(ceil(j.duration_s), SHORTEST[j.platform]) / S_PER_HOUR
    suffix = SUFFIX[j.platform]
    usage = {
        f"fargate_service.vcpu_hours_{suffix}": hours * j.vcpu,
        f"fargate_service.gb_hours_{suffix}": hours * j.memory_gb,
        "fargate_service.storage": hours * maximum(j.storage_gb - STORAGE_INCLUDED, 0),
    }
    if j.platform == "windows":
        usage["fargate_service.windows_license"] = hours * j.vcpu
    return usage


def _demand(j: Inputs) -> dict[str, Number]:
    demand = {"batch_submit_rate": j.start_rps}
    if j.array_size is not None:
        demand["batch_submit_rate"] = j.start_rps / maximum(j.array_size, 1)
        demand |= {"batch_array_size": j.array_size, "batch_array_size_min": j.array_size}
    stated = {"batch_dependencies": j.dependencies, "batch_payload": j.payload_kb, "batch_attempts": j.attempts}
    return demand | {quota: value for quota, value in stated.items() if value is not None}


def _fargate_demand(j: Inputs) -> dict[str, Number]:
    demand = {
        "batch_fargate_runtime": j.duration_s,
        "fargate_service.fargate_cpu_memory": j.memory_gb,
        "fargate_service.fargate_cpu_memory_min": j.memory_gb,
        "fargate_service.fargate_ephemeral": j.storage_gb,
        "fargate_service.fargate_launch_rate": j.start_rps,
        "fargate_service.fargate_vcpu_ondemand": j.start_rps * j.duration_s * j.vcpu,
    }
    if j.burst_jobs is not None:
        demand["fargate_service.fargate_launch_rate_bucket"] = j.burst_jobs
    if j.platform == "windows":
        demand["fargate_service.fargate_windows_cpu_min"] = j.vcpu
    return demand


def _fargate_limit(j: Inputs) -> dict[str, Number]:
    """The memory that the vCPUs allow."""
    most = where(j.vcpu > 2, j.vcpu * GB_OF_4_VCPUS / 4, j.vcpu * GB_OF_1_VCPU)
    return {
        "fargate_service.fargate_cpu_memory": most,
        "fargate_service.fargate_cpu_memory_min": j.vcpu * LEAST_GB_OF_1_VCPU,
    }
