"""Amazon DynamoDB Accelerator (DAX): hours of the machines of a cluster."""

from collections.abc import Mapping, Sequence

from calculator.metering import Carried, Inputs, Metered, Sent
from pricing.catalogue.component_type import family_member
from pricing.formula.language import Number, ratio, total


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


def receive(inputs: Inputs, arriving: Sequence[Carried]) -> Mapping[str, Number]:
    """Reads and writes together, in a month and at the peak [1/s]."""
    each = [
        (one, total(way for way in (one.settings.reads, one.settings.writes) if way is not None)) for one in arriving
    ]
    return {
        "requests": total(one.calls * asked for one, asked in each),
        "peak_rps": total(one.peak_calls * asked for one, asked in each),
    }


def send(inputs: Inputs, connection: Inputs, target: Inputs, per_s: Number) -> Sent:
    """What reaches the table: of the reads the share of the connection, as they miss, and all writes.

    A connection that says one of the two carries that only. Follows
    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/DAX.concepts.html
    """
    reads = writes = None
    if connection.reads is not None:
        reads = inputs.reads * connection.reads * connection.share
    if connection.writes is not None:
        writes = inputs.writes * connection.writes * (connection.share if reads is None else 1)
    both = total(part for part in (reads, writes) if part is not None)
    parts = {
        "reads": None if reads is None else ratio(reads, both),
        "writes": None if writes is None else ratio(writes, both),
    }
    return Sent(1, None, of=both, says={"share": 1, **parts})
