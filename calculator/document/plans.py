"""What a flat-rate plan of a distribution includes beside it: the firewall, functions and zone that stand at it."""

from dataclasses import replace

from calculator.architecture import Architecture, Assumption, Component

DISTRIBUTION, PLAN, NO_PLAN = "cloudfront_distribution", "pricing_plan", "pay_as_you_go"
# What a component is told of the plan, and what it is where nobody says so.
TOLD, NONE = "flat_rate_plan", "none"


def with_plans(architecture: Architecture) -> Architecture:
    """The architecture in which what is connected with a distribution on a flat-rate plan knows the plan.

    Follows https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/flat-rate-pricing-plan.html. What the
    document says of a component wins.
    """
    beside = _beside(architecture)
    if not beside:
        return architecture
    components, assumptions = list(architecture.components), list(architecture.assumptions)
    told = {f"/components/{index}/{TOLD}": index for index in beside}
    for place, one in enumerate(assumptions):
        index = told.get(one.pointer)
        if index is not None:
            distribution = beside[index]
            plan = distribution.inputs[PLAN]
            components[index] = replace(components[index], inputs={**components[index].inputs, TOLD: plan})
            assumptions[place] = Assumption(
                one.pointer, plan, "", f"included in the plan of {distribution.name}", "derived"
            )
    return replace(architecture, components=tuple(components), assumptions=tuple(assumptions))


def _beside(architecture: Architecture) -> dict[int, Component]:
    """The distribution with a plan that each component stands at, in whichever way the connection leads."""
    found: dict[int, Component] = {}
    for connection in architecture.connections:
        ends = (connection.source, connection.target)
        for here, there in (ends, ends[::-1]):
            if here is not None and there is not None:
                one = architecture.components[here]
                if one.type == DISTRIBUTION and one.inputs[PLAN] != NO_PLAN:
                    found[there] = one
    return found
