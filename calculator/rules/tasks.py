"""Containers: one that stands alone, open to the Internet."""

from collections.abc import Iterator

from calculator.rules import WARNING, Breach, rule
from calculator.rules.amounts import number
from calculator.rules.changes import saved_alone
from calculator.rules.view import ComponentView, View
from pricing.formula.words import money

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
