"""Amazon MSK Serverless: the hours of the cluster and of its partitions, the GB written, read and kept."""

from calculator.metering import Inputs, Metered


def meter(inputs: Inputs) -> Metered:
    """Count the hours and GB of a month.

    Follows https://aws.amazon.com/msk/pricing/

    >>> cluster = {"cluster_hours": 730, "partitions": 10, "retention_hours": 73, "month_hours": 730}
    >>> meter(Inputs(cluster | {"in_gb": 100, "out_gb": 200, "storage_gb": None})).usage["storage"]
    10.0
    """
    kept_gb = inputs.in_gb / inputs.month_hours * inputs.retention_hours
    usage = {
        "cluster_hours": inputs.cluster_hours,
        "partition_hours": inputs.partitions * inputs.cluster_hours,
        "data_in": inputs.in_gb,
        "data_out": inputs.out_gb,
        "storage": kept_gb if inputs.storage_gb is None else inputs.storage_gb,
    }
    return Metered(usage=usage)
