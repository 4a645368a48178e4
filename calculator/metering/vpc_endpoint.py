"""Amazon VPC interface endpoint: hours of each endpoint in each availability zone, and the data that passes."""

from calculator.metering import Inputs, Metered


def meter(inputs: Inputs) -> Metered:
    """Count the hours [hour] and data [GB] of a month.

    Follows https://aws.amazon.com/privatelink/pricing/

    >>> meter(Inputs({"endpoints": 3, "zones": 2, "hours": 730, "data_gb": 100})).usage
    {'hours': 4380, 'data': 100}
    """
    return Metered(usage={"hours": inputs.endpoints * inputs.zones * inputs.hours, "data": inputs.data_gb})
