"""Amazon EFS: the GB stored by class, and the GB read and written or the throughput kept ready."""

from calculator.metering import Inputs, Metered
from pricing.formula.language import Constant, Number, maximum

# https://aws.amazon.com/efs/pricing/: so much of the Standard class brings 1 MB a second with it.
STORAGE_OF_MB_S = Constant(20, "GB-s/MB")


def meter(q: Inputs) -> Metered:
    """Count the GB stored, read and written in a month, and the throughput kept ready [MB/s].

    Follows https://aws.amazon.com/efs/pricing/.

    >>> infrequent = {"ia_gb": 0, "ia_read_gb": 0, "ia_write_gb": 0}
    >>> kind = {"throughput": "provisioned", "one_zone": False, "provisioned_mb_s": 100}
    >>> meter(Inputs(kind | infrequent | {"storage_gb": 230})).usage["provisioned_throughput"]
    88.5
    """
    usage = {"ia_reads": q.ia_read_gb, "ia_writes": q.ia_write_gb}
    if q.throughput == "elastic":
        return Metered(usage=usage | _elastic(q))
    zone = "_one_zone" if q.one_zone else ""
    usage |= {f"storage{zone}": q.storage_gb, f"storage_ia{zone}": q.ia_gb}
    if q.throughput == "provisioned":
        usage["provisioned_throughput"] = maximum(q.provisioned_mb_s - q.storage_gb / STORAGE_OF_MB_S, 0)
    return Metered(usage=usage)


def _elastic(q: Inputs) -> dict[str, Number]:
    return {
        "storage": q.storage_gb,
        "storage_ia_elastic": q.ia_gb,
        "storage_archive": q.archive_gb,
        "reads": q.read_gb,
        "writes": q.write_gb,
        "archive_reads": q.archive_read_gb,
        "archive_writes": q.archive_write_gb,
    }
