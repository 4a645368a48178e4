"""Advice on processors: what runs on x86 and would run on arm64."""

from collections.abc import Iterator

from calculator.rules import INFO, Breach, rule
from calculator.rules.changes import Advice, Edit, advised, stated, with_inputs
from calculator.rules.view import ComponentView, View

# Graviton of the same kind and the nearest generation.
ARM_FAMILY = {
    "t3": "t4g",
    "t3a": "t4g",
    "m5": "m6g",
    "m6i": "m6g",
    "m7i": "m7g",
    "c5": "c6g",
    "c6i": "c6g",
    "c7i": "c7g",
}
HAVE_PROCESSORS = (
    "lambda_function",
    "lambda_durable_function",
    "fargate_service",
    "batch_job",
    "ec2_instance",
    "ecs_service",
)


@rule(
    why="The same memory and vCPUs cost about a fifth less on arm64 (Graviton), and most programs run there as they "
    "are or built anew.",
    remedy="Build for arm64, measure the duration there, and switch.",
    source="aws.amazon.com/lambda/pricing, aws.amazon.com/fargate/pricing",
    checked="2026",
)
def arm64_instead_of_x86(view: View) -> Iterator[Breach]:
    """What runs on x86 may run on arm64."""
    found = (
        Advice((component.name,), f"{told} instead", edit)
        for component in view.of(*HAVE_PROCESSORS)
        if stated(view, component)
        for told, edit in _on_arm(component)
    )
    yield from advised(view, INFO, found)


def _on_arm(component: ComponentView) -> Iterator[tuple[str, Edit]]:
    # Environments of tenants have no known price on arm64: what is not billed there is not saved.
    if component.get("architecture") == "x86_64" and not component.get("tenant_environments"):
        yield "arm64", with_inputs(component, architecture="arm64")
    elif component.get("platform") == "linux_x86" and component.get("compute") != "ec2":
        yield "arm64", with_inputs(component, platform="linux_arm64")
    elif (
        component.get("instance_type")
        and component.get("launch_type") != "external"
        and component.get("compute") != "fargate"
    ):
        family, _, size = component.inputs.instance_type.partition(".")
        if family in ARM_FAMILY:
            other = f"{ARM_FAMILY[family]}.{size}"
            yield other, with_inputs(component, instance_type=other)
