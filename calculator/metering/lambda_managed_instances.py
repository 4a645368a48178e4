"""Lambda Managed Instances: requests are billed, the EC2 instances that serve them, and a fee on the instances."""

from calculator.metering import Inputs, Metered
from pricing.catalogue.component_type import family_member
from pricing.formula.language import Number

# The management fee, in percent of what EC2 charges on demand.
FEE = 15
PERCENT = 100


def meter(inputs: Inputs) -> Metered:
    """Count the requests and the instance hours [hour] of a month, the hours that make the fee, and limited sizes [MB].

    Follows https://aws.amazon.com/lambda/pricing/ and the quotas of Managed Instances in the Lambda developer guide.

    >>> pool = {"requests": 1_000_000, "instance_type": "c7g.xlarge", "instances": 3, "instance_hours": 100}
    >>> function = {"memory_mb": 4096, "timeout_s": 60, "calls": "sync", "environment_concurrency": None}
    >>> meter(Inputs(pool | function)).usage
    {'requests': 1000000, 'ec2_instance.hours_c7g_xlarge': 300, 'management_fee_c7g_xlarge': 45.0}
    """
    hours = inputs.instances * inputs.instance_hours
    usage = {
        "requests": inputs.requests,
        f"ec2_instance.{family_member('hours', inputs.instance_type)}": hours,
        # A fee of a price is that price for a part of the hours.
        family_member("management_fee", inputs.instance_type): hours * FEE / PERCENT,
    }
    return Metered(usage=usage, demand=_demand(inputs))


def _demand(inputs: Inputs) -> dict[str, Number]:
    longest = (
        "lambda_function.lambda_timeout_max" if inputs.calls == "sync" else "lambda_managed_instances_timeout_async"
    )
    demand = {
        "lambda_managed_instances_memory_max": inputs.memory_mb,
        "lambda_managed_instances_memory_min": inputs.memory_mb,
        longest: inputs.timeout_s,
    }
    if inputs.environment_concurrency is not None:
        demand["lambda_managed_instances_concurrency"] = inputs.environment_concurrency
    return demand
