"""Recipients of e-mail: nothing is billed there, it is where a flow ends."""

from calculator.metering import Inputs, Metered


def meter(inputs: Inputs) -> Metered:
    """Count nothing: what is sent there is billed where it leaves.

    Follows https://aws.amazon.com/ec2/pricing/on-demand/#Data_Transfer

    >>> meter(Inputs({"emails": 1000, "payload_kb": 2})).usage
    {}
    """
    return Metered(usage={})
