"""Amazon EC2: instances by the hour, their volumes by the month, their public addresses by the hour."""

from calculator.metering import Inputs, Metered
from pricing.catalogue.component_type import family_member


def meter(inputs: Inputs) -> Metered:
    """Count the hours [hour] and the storage [GB-month] of a month.

    Follows https://aws.amazon.com/ec2/pricing/on-demand/, https://aws.amazon.com/ebs/pricing/ and
    https://aws.amazon.com/vpc/pricing/

    >>> servers = {"instance_type": "t3.medium", "instances": 2, "hours": 100, "month_hours": 730}
    >>> kept = {"gp3_gb": 30, "gp2_gb": 0, "snapshot_gb": 5, "public_ipv4": 1, "idle_ipv4": 1}
    >>> meter(Inputs(servers | kept)).usage
    {'hours_t3_medium': 200, 'gp3': 60, 'gp2': 0, 'snapshots': 5, 'public_ipv4': 200, 'idle_ipv4': 730}
    """
    hours = inputs.instances * inputs.hours
    usage = {
        family_member("hours", inputs.instance_type): hours,
        "gp3": inputs.instances * inputs.gp3_gb,
        "gp2": inputs.instances * inputs.gp2_gb,
        "snapshots": inputs.snapshot_gb,
        "public_ipv4": hours * inputs.public_ipv4,
        "idle_ipv4": inputs.idle_ipv4 * inputs.month_hours,
    }
    return Metered(usage=usage)
