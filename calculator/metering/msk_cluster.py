"""Amazon MSK Serverless: the hours of the cluster and of its partitions, the GB written, read and kept."""

from collections.abc import Mapping, Sequence

from calculator.metering import Carried, Inputs, Metered, Sent
from calculator.metering.batches import polled
from pricing.formula.language import Number


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


def send(inputs: Inputs, connection: Inputs, target: Inputs, per_s: Number) -> Sent:
    """What a record becomes: a share of the batch that a poller gathers from all partitions, for each attempt.

    A window of half a second unless another is stated, and the next one begins when the last invocation is done
    (https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html).
    """
    return polled(inputs, connection, target, inputs.record_kb, per_s)


def tell(inputs: Inputs, leaving: Sequence[Carried]) -> Mapping[str, Number]:
    """What is read: all that is written, by each that reads it."""
    return {"out_gb": inputs.in_gb * len(leaving)}
