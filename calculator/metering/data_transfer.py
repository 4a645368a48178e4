"""AWS data transfer: to the internet, between the zones of a region in both directions, and to another region."""

from calculator.metering import Inputs, Metered
from pricing.catalogue.component_type import family_member

# AWS bills the sender and the receiver.
DIRECTIONS = 2


def meter(inputs: Inputs) -> Metered:
    """Count the data that leaves a region or a zone in a month [GB]; AWS limits none of it.

    Follows https://aws.amazon.com/ec2/pricing/on-demand/#Data_Transfer

    >>> sent = {"internet_out_gb": 500, "inter_az_gb": 100}
    >>> to = {"other_region": True, "destination": "eu-west-1", "inter_region_gb": 20}
    >>> meter(Inputs(sent | to)).usage
    {'internet_out': 500, 'inter_az': 200, 'to_eu_west_1': 20}
    """
    usage = {"internet_out": inputs.internet_out_gb, "inter_az": inputs.inter_az_gb * DIRECTIONS}
    if inputs.other_region:
        usage[family_member("to", inputs.destination)] = inputs.inter_region_gb
    return Metered(usage=usage)
