"""AWS Fargate: vCPU, memory and storage of tasks by the second, for a service that stays on or for runs that end."""

from calculator.metering import Inputs, Metered
from pricing.formula.language import S_PER_HOUR, Constant, Number, ceil, maximum, where

SUFFIX = {"linux_x86": "x86", "linux_arm64": "arm64", "windows": "windows"}
SHORTEST = {"linux_x86": Constant(60, "s"), "linux_arm64": Constant(60, "s"), "windows": Constant(300, "s")}
STORAGE_INCLUDED = Constant(20, "GB")
# The memory that sizes of 1 vCPU and of 4 vCPUs may have.
GB_OF_1_VCPU = Constant(8, "GB")
GB_OF_4_VCPUS = Constant(30, "GB")
LEAST_GB_OF_1_VCPU = Constant(2, "GB")
PERCENT = 100


def meter(inputs: Inputs) -> Metered:
    """Count vCPU-hours [hour], memory and storage [GB-hour] of a month, and limited sizes [GB], vCPUs and rates [1/s].

    Follows https://aws.amazon.com/fargate/pricing/ and the quotas of the ECS developer guide.

    >>> from calculator import estimate, parse
    >>> f = {"name": "f", "type": "fargate_service", "vcpu": 1, "memory_gb": 2, "tasks": 3, "hours": 100}
    >>> document = {"region": "us-east-1", "as_of": "2026-09-01", "components": [f]}
    >>> [line.usage for line in estimate(parse(document)).line_items]
    [300.0, 600.0]
    """
    task_hours = _task_hours(inputs)
    suffix = SUFFIX[inputs.platform]
    usage = {
        f"vcpu_hours_{suffix}": task_hours * inputs.vcpu,
        f"gb_hours_{suffix}": task_hours * inputs.memory_gb,
        "storage": task_hours * maximum(inputs.storage_gb - STORAGE_INCLUDED, 0),
        "public_ipv4": task_hours * inputs.public_ipv4,
    }
    if inputs.platform == "windows":
        usage["windows_license"] = task_hours * inputs.vcpu
    demand = _size(inputs) | _at_once(inputs)
    limit = _limit(inputs)
    return Metered(usage=usage, demand=demand, limit=limit)


def _task_hours(inputs: Inputs) -> Number:
    if inputs.mode == "service":
        return inputs.tasks * inputs.duty_share * inputs.hours
    return inputs.runs * ceil(inputs.duration_s, SHORTEST[inputs.platform]) / S_PER_HOUR


def _size(inputs: Inputs) -> dict[str, Number]:
    demand = {
        "fargate_cpu_memory": inputs.memory_gb,
        "fargate_cpu_memory_min": inputs.memory_gb,
        "fargate_ephemeral": inputs.storage_gb,
    }
    if inputs.platform == "windows":
        demand["fargate_windows_cpu_min"] = inputs.vcpu
    return demand


def _at_once(inputs: Inputs) -> dict[str, Number]:
    """What all tasks take at the busiest time."""
    demand = {}
    if inputs.mode == "service":
        tasks = inputs.tasks * inputs.max_percent / PERCENT
        demand["ecs_tasks_per_service"] = inputs.tasks
    else:
        tasks = inputs.start_rps * inputs.duration_s
        demand["fargate_launch_rate"] = inputs.start_rps
    demand["fargate_vcpu_ondemand"] = tasks * inputs.vcpu
    if inputs.subnet_ips is not None:
        demand["fargate_task_eni"] = tasks
    return demand


def _limit(inputs: Inputs) -> dict[str, Number]:
    """The memory that the vCPUs allow, and the addresses of the subnets."""
    most = where(inputs.vcpu > 2, inputs.vcpu * GB_OF_4_VCPUS / 4, inputs.vcpu * GB_OF_1_VCPU)
    limit = {"fargate_cpu_memory": most, "fargate_cpu_memory_min": inputs.vcpu * LEAST_GB_OF_1_VCPU}
    if inputs.subnet_ips is not None:
        limit["fargate_task_eni"] = inputs.subnet_ips
    return limit
