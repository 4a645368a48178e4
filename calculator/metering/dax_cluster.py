"""Amazon DynamoDB Accelerator (DAX): hours of the machines of a cluster."""

from calculator.metering import Inputs, Metered
from pricing.catalogue.component_type import family_member


def meter(inputs: Inputs) -> Metered:
    """Count the hours of a month, and what DAX limits: the size of a cluster.

    Follows https://aws.amazon.com/dynamodb/pricing/ and the DynamoDB developer guide.

    >>> meter(Inputs({"node_type": "dax.t3.small", "nodes": 3, "cluster_hours": 730})).usage
    {'hours_dax_t3_small': 2190}
    """
    return Metered(
        usage={family_member("hours", inputs.node_type): inputs.nodes * inputs.cluster_hours},
        demand={"dax_nodes": inputs.nodes},
    )
