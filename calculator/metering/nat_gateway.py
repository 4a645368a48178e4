"""Amazon VPC NAT gateway: started hours of each gateway, the data that passes, and public addresses by the hour."""

from calculator.metering import Inputs, Metered
from pricing.formula.language import Number, ceil, maximum


def meter(g: Inputs) -> Metered:
    """Count the hours [hour] and data [GB] of a month, and the connections of one address to one destination.

    Follows https://aws.amazon.com/vpc/pricing/ and the quotas of the VPC user guide.

    >>> gateway = {"gateways": 2, "hours": 730, "data_gb": 100, "addresses": 1, "connections": None}
    >>> meter(Inputs(gateway)).usage
    {'hours': 1460.0, 'data': 100, 'public_ipv4': 1460}
    """
    usage = {
        "hours": g.gateways * ceil(g.hours),
        "data": g.data_gb,
        "public_ipv4": g.gateways * g.addresses * g.hours,
    }
    return Metered(usage=usage, demand=_demand(g))


def _demand(g: Inputs) -> dict[str, Number]:
    # A private gateway has no public address, but one private address to connect from.
    return {} if g.connections is None else {"nat_connections": g.connections / maximum(g.addresses, 1)}
