"""Amazon Lightsail: instances by the hour, at the price of their bundle."""

from calculator.metering import Inputs, Metered
from pricing.catalogue.component_type import family_member

# Where bundles of the same price have half the data transfer: bundles of their own.
HALF_TRANSFER = ("ap-south-1", "ap-southeast-2")


def meter(inputs: Inputs) -> Metered:
    """Count the instance hours of a month [hour].

    Follows https://aws.amazon.com/lightsail/pricing/

    >>> server = {"bundle": "0.5gb", "instances": 2, "hours": 730}
    >>> meter(Inputs(server | {"region": "us-east-1"})).usage
    {'hours_0_5gb': 1460}
    """
    bundle = family_member("hours", inputs.bundle)
    if inputs.region in HALF_TRANSFER:
        bundle = f"{bundle}_half_transfer"
    return Metered(usage={bundle: inputs.instances * inputs.hours})
