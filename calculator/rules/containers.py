"""What a function would be as Fargate tasks: enough of them for its busiest time."""

import math
from collections.abc import Mapping
from typing import Any

from calculator.rules.amounts import beyond, busy_s, number
from calculator.rules.changes import USED, still
from calculator.rules.view import ComponentView, View
from pricing.formula.language import MB_PER_GB

# Lambda gives a whole vCPU for so much memory.
MB_PER_VCPU = 1769
# Sizes of a task: vCPUs, the least and the most memory [GB].
SIZES = ((0.25, 0.5, 2), (0.5, 1, 4), (1, 2, 8), (2, 4, 16), (4, 8, 30), (8, 16, 60))


def on_fargate(view: View, component: ComponentView) -> tuple[str, Mapping[str, Any] | None]:
    """Tasks that take the place of a function, in words and as a document; None where no task is large enough."""
    vcpu, memory_gb = component.inputs.memory_mb / MB_PER_VCPU, component.inputs.memory_mb / MB_PER_GB
    size = next((size for size in SIZES if size[0] >= vcpu and size[2] >= memory_gb), None)
    busy = busy_s(component)
    if size is None or busy is None:
        return "", None
    memory_of_task = size[1] if memory_gb <= size[1] else math.ceil(memory_gb)
    together = max(math.floor(min(size[0] / vcpu, memory_of_task / memory_gb)), 1) if vcpu else 1
    tasks = max(math.ceil(component.inputs.peak_rps * busy / (together * USED)), 1)
    arm = component.get("architecture") == "arm64"
    document = still(view)
    document["components"][component.number] = {
        "name": component.name,
        "type": "fargate_service",
        "region": component.region,
        "vcpu": size[0],
        "memory_gb": memory_of_task,
        "tasks": tasks,
        "platform": "linux_arm64" if arm else "linux_x86",
    }
    told = f"{number(tasks)} tasks of {number(size[0])} vCPU and {number(memory_of_task)} GB would do"
    most = view.limit("fargate_service.fargate_vcpu_ondemand", component.region)
    if beyond(tasks * size[0], most):
        told += f" (AWS must raise the account's {number(most)} vCPUs)"
    return told, document
