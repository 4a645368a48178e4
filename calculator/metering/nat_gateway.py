"""Amazon VPC NAT gateway: started hours of each gateway, the data that passes, and public addresses by the hour."""

from calculator.metering import Inputs, Metered
from pricing.formula.language import Number, ceil, maximum


def meter(inputs: Inputs) -> Metered:
    """Count the hours [hour] and data [GB] of a month, and the connections of one address to one destination.

    Follows https://aws.amazon.com/vpc/pricing/ and the quotas of the VPC user guide.

    >>> gateway = {"gateways": 2, "hours": 730, "data_gb": 100, "addresses": 1, "connections": None}
    >>> meter(Inputs(gateway)).usage
    {'hours': 1460.0, 'data': 100, 'public_ipv4': 1460}
    """
    usage = {
        "hours": inputs.gateways * ceil(inputs.hours),
        "data": inputs.data_gb,
        "public_ipv4": inputs.gateways * inputs.addresses * inputs.hours,
    }
    return Metered(usage=usage, demand=_demand(inputs))


def _demand(inputs: Inputs) -> dict[str, Number]:
    # A private gateway has no public address, but one private address to connect from.
    return {} if inputs.connections is None else {"nat_connections": inputs.connections / maximum(inputs.addresses, 1)}
