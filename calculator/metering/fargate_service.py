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


def meter(f: Inputs) -> Metered:
    """Count vCPU-hours [hour], memory and storage [GB-hour] of a month, and limited sizes [GB], vCPUs and rates [1/s].

    Follows https://aws.amazon.com/fargate/pricing/ and the quotas of the ECS developer guide.

    >>> from calculator import estimate, parse
    >>> f = {"name": "f", "type": "fargate_service", "vcpu": 1, "memory_gb": 2, "tasks": 3, "hours": 100}
    >>> document = {"region": "us-east-1", "as_of": "2026-09-01", "components": [f]}
    >>> [line.usage for line in estimate(parse(document)).line_items]
    [300.0, 600.0]
    """
    task_hours = _task_hours(f)
    suffix = SUFFIX[f.platform]
    usage = {
        f"vcpu_hours_{suffix}": task_hours * f.vcpu,
        f"gb_hours_{suffix}": task_hours * f.memory_gb,
        "storage": task_hours * maximum(f.storage_gb - STORAGE_INCLUDED, 0),
        "public_ipv4": task_hours * f.public_ipv4,
    }
    if f.platform == "windows":
        usage["windows_license"] = task_hours * f.vcpu
    demand = _size(f) | _at_once(f)
    limit = _limit(f)
    return Metered(usage=usage, demand=demand, limit=limit)


def _task_hours(f: Inputs) -> Number:
    if f.mode == "service":
        return f.tasks * f.duty_share * f.hours
    return f.runs * maximum(ceil(f.duration_s), SHORTEST[f.platform]) / S_PER_HOUR


def _size(f: Inputs) -> dict[str, Number]:
    demand = {
        "fargate_cpu_memory": f.memory_gb,
        "fargate_cpu_memory_min": f.memory_gb,
        "fargate_ephemeral": f.storage_gb,
    }
    if f.platform == "windows":
        demand["fargate_windows_cpu_min"] = f.vcpu
    return demand


def _at_once(f: Inputs) -> dict[str, Number]:
    """What all tasks take at the busiest time."""
    demand = {}
    if f.mode == "service":
        tasks = f.tasks * f.max_percent / PERCENT
        demand["ecs_tasks_per_service"] = f.tasks
    else:
        tasks = f.start_rps * f.duration_s
        demand["fargate_launch_rate"] = f.start_rps
    demand["fargate_vcpu_ondemand"] = tasks * f.vcpu
    if f.subnet_ips is not None:
        demand["fargate_task_eni"] = tasks
    return demand


def _limit(f: Inputs) -> dict[str, Number]:
    """The memory that the vCPUs allow, and the addresses of the subnets."""
    most = where(f.vcpu > 2, f.vcpu * GB_OF_4_VCPUS / 4, f.vcpu * GB_OF_1_VCPU)
    limit = {"fargate_cpu_memory": most, "fargate_cpu_memory_min": f.vcpu * LEAST_GB_OF_1_VCPU}
    if f.subnet_ips is not None:
        limit["fargate_task_eni"] = f.subnet_ips
    return limit
