"""AWS Secrets Manager: secrets by the month, and the calls that read and write them."""

from calculator.metering import Inputs, Metered


def meter(inputs: Inputs) -> Metered:
    """Count the secrets and calls of a month, and what Secrets Manager limits: rate [request/s] and size [KB].

    Follows https://aws.amazon.com/secrets-manager/pricing/.

    >>> meter(Inputs({"secrets": 2, "requests": 1000, "peak_rps": 1, "value_kb": None})).usage
    {'secrets': 2, 'requests': 1000}
    """
    demand = {"secretsmanager_get_rate": inputs.peak_rps}
    if inputs.value_kb is not None:
        demand["secretsmanager_size"] = inputs.value_kb
    return Metered(usage={"secrets": inputs.secrets, "requests": inputs.requests}, demand=demand)
