"""Amazon EFS: the GB stored, and with elastic throughput the GB read and written."""

from calculator.metering import Inputs, Metered


def meter(q: Inputs) -> Metered:
    """Count the GB stored, read and written in a month.

    Follows https://aws.amazon.com/efs/pricing/.

    >>> meter(Inputs({"storage_gb": 10, "throughput": "elastic", "read_gb": 5, "write_gb": 1})).usage
    {'storage': 10, 'reads': 5, 'writes': 1}
    """
    if q.throughput == "elastic":
        return Metered(usage={"storage": q.storage_gb, "reads": q.read_gb, "writes": q.write_gb})
    return Metered(usage={"storage": q.storage_gb, "storage_ia": q.ia_gb})
