"""Amazon EFS: the GB stored by class, and the GB read and written or the throughput kept ready."""

from calculator.metering import Inputs, Metered, Sent
from pricing.formula.language import KB_PER_GB, Constant, Number, maximum, ratio

# https://aws.amazon.com/efs/pricing/: so much of the Standard class brings 1 MB a second with it.
STORAGE_OF_MB_S = Constant(20, "GB-s/MB")


def meter(inputs: Inputs) -> Metered:
    """Count the GB stored, read and written in a month, and the throughput kept ready [MB/s].

    Follows https://aws.amazon.com/efs/pricing/.

    >>> infrequent = {"ia_gb": 0, "ia_read_gb": 0, "ia_write_gb": 0}
    >>> kind = {"throughput": "provisioned", "one_zone": False, "provisioned_mb_s": 100}
    >>> meter(Inputs(kind | infrequent | {"storage_gb": 230})).usage["provisioned_throughput"]
    88.5
    """
    usage = {"ia_reads": inputs.ia_read_gb, "ia_writes": inputs.ia_write_gb}
    if inputs.throughput == "elastic":
        return Metered(usage=usage | _elastic(inputs))
    zone = "_one_zone" if inputs.one_zone else ""
    usage |= {f"storage{zone}": inputs.storage_gb, f"storage_ia{zone}": inputs.ia_gb}
    if inputs.throughput == "provisioned":
        usage["provisioned_throughput"] = maximum(inputs.provisioned_mb_s - inputs.storage_gb / STORAGE_OF_MB_S, 0)
    return Metered(usage=usage)


def _elastic(inputs: Inputs) -> dict[str, Number]:
    return {
        "storage": inputs.storage_gb,
        "storage_ia_elastic": inputs.ia_gb,
        "storage_archive": inputs.archive_gb,
        "reads": inputs.read_gb,
        "writes": inputs.write_gb,
        "archive_reads": inputs.archive_read_gb,
        "archive_writes": inputs.archive_write_gb,
    }


def send(inputs: Inputs, connection: Inputs, target: Inputs, per_s: Number) -> Sent:
    """What an operation becomes: of a replica its part of what is written. A key is asked for at mounts, which are few.

    Follows https://docs.aws.amazon.com/efs/latest/ug/efs-replication.html
    """
    if not connection.replication:
        return Sent(0, None)
    written_gb = getattr(inputs, "write_gb", None)
    return Sent(1, None if written_gb is None else ratio(written_gb * KB_PER_GB, inputs.operations))
