"""Amazon Lightsail: instances by the hour, at the price of their bundle, and data out beyond what comes with it."""

from calculator.metering import Inputs, Metered
from pricing.catalogue.component_type import family_member
from pricing.formula.language import Constant, Number, maximum, minimum

# Where bundles of the same price have half the data transfer: bundles of their own.
HALF_TRANSFER = ("ap-south-1", "ap-southeast-2")
# Data transfer of a month that comes with an instance of a bundle.
TRANSFER_TB = {"0.5gb": 1, "1gb": 2, "2gb": 3, "4gb": 4, "8gb": 5, "16gb": 6, "32gb": 7, "64gb": 8}
GB_PER_TB = Constant(1024, "GB")


def meter(inputs: Inputs) -> Metered:
    """Count the instance hours [hour] and the data beyond the bundles [GB] of a month.

    Follows https://aws.amazon.com/lightsail/pricing/

    >>> server = {"bundle": "0.5gb", "instances": 2, "hours": 730, "data_in_gb": 1000, "data_out_gb": 1200}
    >>> meter(Inputs(server | {"region": "us-east-1"})).usage
    {'hours_0_5gb': 1460, 'data_out': 152}
    """
    bundle = family_member("hours", inputs.bundle)
    if inputs.region in HALF_TRANSFER:
        bundle = f"{bundle}_half_transfer"
    return Metered(usage={bundle: inputs.instances * inputs.hours, "data_out": _beyond_gb(inputs)})


def _beyond_gb(inputs: Inputs) -> Number:
    """What goes out beyond the data transfer of the bundles, which what comes in uses up too but is never billed."""
    included_gb = inputs.instances * TRANSFER_TB[inputs.bundle] * GB_PER_TB
    if inputs.region in HALF_TRANSFER:
        included_gb = included_gb / 2
    return minimum(inputs.data_out_gb, maximum(inputs.data_in_gb + inputs.data_out_gb - included_gb, 0))
