"""Any published metric: its quantity is what is billed."""

from calculator.metering import Inputs, Metered


def meter(inputs: Inputs) -> Metered:
    """Count the quantity [unit] of a metric in a month, under its name in AWS's price feeds.

    Follows the feeds behind https://aws.amazon.com/pricing/.

    >>> meter(Inputs({"service": "swf", "metric": "InitiatedWorkflows", "quantity": 1000})).usage
    {'metered_usage.swf/InitiatedWorkflows': 1000}
    """
    return Metered(usage={f"metered_usage.{inputs.service}/{inputs.metric}": inputs.quantity})
