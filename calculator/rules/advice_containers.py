"""Advice on tasks of Fargate: servers where they run all the time, functions where they hardly work."""

import math
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any, NamedTuple

from calculator.rules import INFO, Breach, rule
from calculator.rules.amounts import beyond, number
from calculator.rules.changes import Swap, saved_alone, swapped
from calculator.rules.containers import MB_PER_VCPU
from calculator.rules.view import ComponentView, View
from pricing.formula.language import MB_PER_GB, MS_PER_S

# GB of memory for each vCPU, of the families that tasks are packed on; and vCPUs of the sizes that they have.
FAMILIES: Mapping[str, Mapping[str, int]] = {
    "linux_x86": {"c6i": 2, "m6i": 4},
    "linux_arm64": {"c7g": 2, "m7g": 4, "r7g": 8},
}
SIZES = {"large": 2, "xlarge": 4, "2xlarge": 8, "4xlarge": 16}
# What an instance leaves to tasks: of 8,192 MB it knows 7,985, and its system wants a quarter of a GB of them
# (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/memory-management.html).
KNOWN_SHARE, SYSTEM_GB = 0.975, 0.25
# The volume that an instance starts from
# (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/al2-to-al2023-ami-transition.html). [GB]
ROOT_GB = 30
# A request that a task answers is taken to last so long as a call of a function. [ms]
CALL_MS = 1000


class _Packed(NamedTuple):
    """Instances that carry the tasks of a service, and what they cost less [USD a month]."""

    instance_type: str
    instances: int
    saved: float


@rule(
    why="A task of Fargate costs more than the share of an EC2 instance that it takes. Where the same tasks run all "
    "the time and fill their instances, servers cost less.",
    remedy="Run the service on EC2 through a capacity provider, if somebody keeps the instances up to date. Keep "
    "Fargate where tasks come and go: what instances hold empty is paid as well.",
    source="docs.aws.amazon.com/AmazonECS/latest/developerguide/capacity-launch-type-comparison.html",
    checked="2026-11-28",
)
def ec2_instead_of_fargate(view: View) -> Iterator[Breach]:
    """Tasks that run all the time would cost less on servers."""
    found = []
    for component in view.of("fargate_service"):
        packed = _packed(view, component) if _is_steady(view, component) else None
        if packed is not None:
            told = f"{number(packed.instances)} {packed.instance_type} carry {number(component.inputs.tasks)} tasks of "
            told += f"{number(component.inputs.vcpu)} vCPU and {number(component.inputs.memory_gb)} GB"
            found.append(Swap(component, told, _servers(component, packed.instance_type, packed.instances)))
    yield from swapped(view, INFO, found)


def _is_steady(view: View, component: ComponentView) -> bool:
    """Whether the same tasks run all month on Linux."""
    if component.inputs.mode != "service" or component.inputs.platform not in FAMILIES:
        return False
    whole = component.inputs.duty_share == 1 and component.inputs.hours >= view.architecture.month_hours
    return bool(whole and component.inputs.tasks > 0 and component.inputs.vcpu > 0)


def _packed(view: View, component: ComponentView) -> _Packed | None:
    """The instances that carry the tasks for the least; None where that is not known, or none is large enough."""
    vcpu, memory_gb, tasks = component.inputs.vcpu, component.inputs.memory_gb, component.inputs.tasks
    found = []
    for (family, gb), (size, vcpus) in product(FAMILIES[component.inputs.platform].items(), SIZES.items()):
        left_gb = vcpus * gb * KNOWN_SHARE - SYSTEM_GB
        together = math.floor(min(vcpus / vcpu, left_gb / memory_gb))
        if together:
            # As many zones as tasks, up to two.
            instances = max(math.ceil(tasks / together), min(math.ceil(tasks), 2))
            saved = saved_alone(view, component, _servers(component, f"{family}.{size}", instances))
            if saved is not None:
                found.append(_Packed(f"{family}.{size}", instances, saved))
    return max(found, key=lambda one: one.saved, default=None)


def _servers(component: ComponentView, instance_type: str, instances: int) -> dict[str, Any]:
    return {
        "type": "ecs_service",
        "instance_type": instance_type,
        "instances": instances,
        "gp3_gb": ROOT_GB,
        "tasks": component.inputs.tasks,
    }


@rule(
    why="A task of Fargate is billed for a minute at least, and for as long as it waits; a function for the "
    "milliseconds that it works.",
    remedy="Make a function of it if it works for less than 15 minutes at a time, in the memory that Lambda has. Keep "
    "the task where it is busy most of the time, holds connections, or keeps what it knows in memory.",
    source="docs.aws.amazon.com/decision-guides/latest/fargate-or-lambda/fargate-or-lambda.html",
    checked="2026-11-28",
)
def lambda_instead_of_fargate(view: View) -> Iterator[Breach]:
    """Tasks work so little that a function would do it for less."""
    found = []
    for component in view.of("fargate_service"):
        if component.inputs.platform not in FAMILIES:
            continue
        other = _function(view, component)
        if other is not None:
            work = "runs" if component.inputs.mode == "runs" else "requests"
            each = "each" if component.inputs.mode == "runs" else "if each takes"
            told = f"{number(other['requests'])} {work} a month, {each} {number(other['duration_ms'] / MS_PER_S)} s; "
            found.append(Swap(component, f"{told}a function of {number(other['memory_mb'])} MB has as much", other))
    yield from swapped(view, INFO, found)


def _function(view: View, component: ComponentView) -> dict[str, Any] | None:
    """The function that does what the tasks do; None where it cannot, or nobody knows how much that is."""
    runs = component.inputs.mode == "runs"
    calls, rate = component.get("runs" if runs else "requests"), component.get("start_rps" if runs else "peak_rps")
    duration_ms = component.inputs.duration_s * MS_PER_S if runs else CALL_MS
    memory_mb = math.ceil(max(component.inputs.vcpu * MB_PER_VCPU, component.inputs.memory_gb * MB_PER_GB))
    most_s = view.limit("lambda_function.lambda_timeout_max", component.region)
    most_mb = view.limit("lambda_function.lambda_memory_max", component.region)
    if not calls or beyond(duration_ms / MS_PER_S, most_s) or beyond(memory_mb, most_mb):
        return None
    said = {"type": "lambda_function", "requests": calls, "duration_ms": duration_ms, "memory_mb": memory_mb}
    arm = component.inputs.platform == "linux_arm64"
    said |= {"timeout_s": most_s, "architecture": "arm64" if arm else "x86_64"}
    return said if rate is None else said | {"peak_rps": rate}
