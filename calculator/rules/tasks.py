"""Containers: one that stands alone, open to the Internet; and sizes that no task has."""

from collections.abc import Iterator, Mapping, Sequence

from calculator.rules import ERROR, WARNING, Breach, rule
from calculator.rules.amounts import number
from calculator.rules.changes import saved_alone
from calculator.rules.view import ComponentView, View
from pricing.formula.words import money

# GB that a task of so many vCPUs may have.
SIZES: Mapping[float, Sequence[float]] = {
    0.25: (0.5, 1, 2),
    0.5: (1, 2, 3, 4),
    1: range(2, 9),
    2: range(4, 17),
    4: range(8, 31),
    8: range(16, 61, 4),
    16: range(32, 121, 8),
    32: (60, 120, 244),
}
# What keeps several tasks or instances of the same.
COUNTED = {"fargate_service": "tasks", "ecs_service": "tasks", "app_runner_service": "instances"}


@rule(
    why="A task with a public address can be reached past any load balancer, the address is billed by the hour, and "
    "while the only task is replaced or its zone fails nobody is served.",
    remedy="Run two tasks in two zones, in private subnets behind a load balancer, and let them reach AWS through "
    "endpoints.",
    source="docs.aws.amazon.com/AmazonECS/latest/developerguide/networking-inbound.html",
    checked="2026-11-28",
)
def single_public_task(view: View) -> Iterator[Breach]:
    """A single task stands in a public subnet."""
    for component in view.of(*COUNTED):
        tasks, addresses = component.get(COUNTED[component.type]), component.get("public_ipv4")
        if component.get("mode") == "runs" or not tasks or tasks > 1 or not addresses:
            continue
        told = f"{number(tasks)} task with {number(addresses)} public address"
        yield Breach(WARNING, (component.name,), told + _second(view, component))


def _second(view: View, component: ComponentView) -> str:
    """What another task costs, in words; nothing where that is not known."""
    saved = saved_alone(view, component, {COUNTED[component.type]: 2})
    return "" if saved is None else f"; a second one costs {money(max(-saved, 0.0))} a month at list price"


@rule(
    why="Fargate has tasks of certain sizes only, and ECS refuses a task definition of any other.",
    remedy="Take the next larger size.",
    source="docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html",
    checked="2026-11-28",
)
def fargate_task_size(view: View) -> Iterator[Breach]:
    """A task has a size that Fargate has not."""
    for component in view.of("fargate_service"):
        vcpu, memory_gb = component.inputs.vcpu, component.inputs.memory_gb
        if vcpu not in SIZES:
            sizes = ", ".join(map(number, SIZES))
            yield Breach(ERROR, (component.name,), f"{number(vcpu)} vCPU; there are {sizes}")
        # More or less than all of them is told by the quotas of the memory.
        elif SIZES[vcpu][0] < memory_gb < SIZES[vcpu][-1] and memory_gb not in SIZES[vcpu]:
            larger = next(gb for gb in SIZES[vcpu] if gb > memory_gb)
            told = f"{number(vcpu)} vCPU with {number(memory_gb)} GB; the next size has {number(larger)} GB"
            yield Breach(ERROR, (component.name,), told)
