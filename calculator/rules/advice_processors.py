"""Advice on processors: what runs on x86 and would run on arm64."""

from collections.abc import Iterator

from calculator.rules import INFO, Breach, rule
from calculator.rules.changes import Advice, Edit, advised, stated, with_inputs
from calculator.rules.view import Place, View

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
        Advice((place.name,), f"{told} instead", edit)
        for place in view.of(*HAVE_PROCESSORS)
        if stated(view, place)
        for told, edit in _on_arm(place)
    )
    yield from advised(view, INFO, found)


def _on_arm(place: Place) -> Iterator[tuple[str, Edit]]:
    # Environments of tenants have no known price on arm64: what is not billed there is not saved.
    if place.get("architecture") == "x86_64" and not place.get("tenant_environments"):
        yield "arm64", with_inputs(place, architecture="arm64")
    elif place.get("platform") == "linux_x86" and place.get("compute") != "ec2":
        yield "arm64", with_inputs(place, platform="linux_arm64")
    elif place.get("instance_type") and place.get("launch_type") != "external" and place.get("compute") != "fargate":
        family, _, size = place.q.instance_type.partition(".")
        if family in ARM_FAMILY:
            other = f"{ARM_FAMILY[family]}.{size}"
            yield other, with_inputs(place, instance_type=other)
