"""Amazon ECR: the GB of container images stored."""

from calculator.metering import Inputs, Metered


def meter(inputs: Inputs) -> Metered:
    """Count the GB stored in a month.

    Follows https://aws.amazon.com/ecr/pricing/.

    >>> meter(Inputs({"storage_gb": 12})).usage
    {'storage': 12}
    """
    return Metered(usage={"storage": inputs.storage_gb})
