"""Amazon ECS on servers: EC2 instances with their storage and addresses, or external servers by the hour."""

from calculator.metering import Inputs, Metered
from pricing.catalogue.component_type import family_member
from pricing.formula.language import Number


def meter(inputs: Inputs) -> Metered:
    """Count the hours [hour] of servers and the storage [GB-month] of a month, and the tasks that ECS limits.

    Follows https://aws.amazon.com/ecs/pricing/ and the quotas of the ECS developer guide.

    >>> meter(Inputs({"launch_type": "external", "instances": 2, "hours": 730, "tasks": None})).usage
    {'external_hours': 1460}
    """
    demand: dict[str, Number] = {} if inputs.tasks is None else {"fargate_service.ecs_tasks_per_service": inputs.tasks}
    server_hours = inputs.instances * inputs.hours
    if inputs.launch_type == "external":
        return Metered(usage={"external_hours": server_hours}, demand=demand)
    usage = {
        f"ec2_instance.{family_member('hours', inputs.instance_type)}": server_hours,
        "ec2_instance.gp3": inputs.instances * inputs.gp3_gb,
        "ec2_instance.gp2": inputs.instances * inputs.gp2_gb,
        "ec2_instance.public_ipv4": server_hours * inputs.public_ipv4,
    }
    return Metered(usage=usage, demand=demand)
