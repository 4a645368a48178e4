"""Amazon S3: GB by storage class, requests, and in colder classes transitions, retrieval and least sizes and times."""

from calculator.metering import Inputs, Metered
from pricing.formula.language import KB_PER_GB, MB_PER_GB, Constant, Number, ceil, maximum, ratio, where

# https://aws.amazon.com/s3/pricing/ has these in its notes on the storage classes.
SMALLEST = Constant(128, "KB")
BILLED_FROM_SMALLEST = ("standard_ia", "onezone_ia", "glacier_ir")
ARCHIVES = ("glacier", "deep_archive")
INDEX_IN_ARCHIVE = Constant(32, "KB")
INDEX_IN_STANDARD = Constant(8, "KB")
SHORTEST = {
    "standard_ia": Constant(30, "day"),
    "onezone_ia": Constant(30, "day"),
    "glacier_ir": Constant(90, "day"),
    "glacier": Constant(90, "day"),
    "deep_archive": Constant(180, "day"),
}
WITH_RETRIEVAL = (*SHORTEST, "express")
WITH_TRANSITIONS = (*SHORTEST, "intelligent_tiering")


def meter(q: Inputs) -> Metered:
    """Count the GB, requests and objects of a month in one storage class, and what S3 limits: sizes, rates, times.

    Follows https://aws.amazon.com/s3/pricing/ and the S3 user guide.

    >>> stored = {"storage_class": "standard_ia", "storage_gb": 10, "object_kb": 64, "lifetime_days": 15, "tags": 0}
    >>> traffic = {"puts": 100, "gets": 0, "retrieval_gb": 2, "transitions": 0, "inventory_objects": 0}
    >>> jobs = {"batch_jobs": 0, "batch_objects": 0, "peak_put_rps": 1, "peak_get_rps": 0, "prefixes": 1}
    >>> largest = {"largest_object_gb": None, "part_mb": None, "presigned_url_s": None}
    >>> usage = meter(Inputs(stored | traffic | jobs | largest)).usage
    >>> usage["storage_standard_ia"], usage["retrieval_standard_ia"]
    (40.0, 2)
    """
    extras = {
        "tags": q.tags,
        "inventory": q.inventory_objects,
        "batch_jobs": q.batch_jobs,
        "batch_objects": q.batch_objects,
    }
    return Metered(usage=_storage(q) | _traffic(q) | extras, demand=_rates(q) | _sizes(q))


def _storage(q: Inputs) -> dict[str, Number]:
    if q.storage_class == "intelligent_tiering":
        return _tiers(q)
    gb, usage = q.storage_gb, {}
    if q.storage_class in BILLED_FROM_SMALLEST:
        gb = gb + _objects(q) * maximum(SMALLEST - q.object_kb, 0) / KB_PER_GB
    if q.storage_class in ARCHIVES:
        gb = gb + _objects(q) * INDEX_IN_ARCHIVE / KB_PER_GB
        usage["storage_standard"] = _objects(q) * INDEX_IN_STANDARD / KB_PER_GB
    if q.storage_class in SHORTEST and q.lifetime_days is not None:
        # Objects that are deleted early are billed for the rest of the time: the longer time at the same arrivals.
        gb = gb * (1 + ratio(maximum(SHORTEST[q.storage_class] - q.lifetime_days, 0), q.lifetime_days))
    return usage | {f"storage_{q.storage_class}": gb}


def _tiers(q: Inputs) -> dict[str, Number]:
    # What is smaller is neither watched nor moved: it stays in the frequent access tier.
    large_enough = where(q.object_kb < SMALLEST, 0, 1)
    tiered_gb, watched = q.storage_gb * large_enough, _objects(q) * large_enough
    archived_share = q.archive_share + q.deep_archive_share
    elsewhere_share = q.infrequent_share + q.archive_instant_share + archived_share
    gb_in_archive = tiered_gb + watched * INDEX_IN_ARCHIVE / KB_PER_GB
    return {
        "storage_int_frequent": maximum(q.storage_gb - tiered_gb * elsewhere_share, 0),
        "storage_int_infrequent": tiered_gb * q.infrequent_share,
        "storage_int_archive_instant": tiered_gb * q.archive_instant_share,
        "storage_int_archive": gb_in_archive * q.archive_share,
        "storage_int_deep_archive": gb_in_archive * q.deep_archive_share,
        "storage_standard": watched * archived_share * INDEX_IN_STANDARD / KB_PER_GB,
        "monitoring": watched,
    }


def _objects(q: Inputs) -> Number:
    return ratio(q.storage_gb * KB_PER_GB, q.object_kb)


def _traffic(q: Inputs) -> dict[str, Number]:
    usage = {}
    if q.storage_class not in ARCHIVES:
        usage[f"puts_{q.storage_class}"] = q.puts
        usage[f"gets_{q.storage_class}"] = q.gets
    if q.storage_class in WITH_RETRIEVAL:
        usage[f"retrieval_{q.storage_class}"] = q.retrieval_gb
    if q.storage_class in WITH_TRANSITIONS:
        usage[f"transitions_{q.storage_class}"] = q.transitions
    if q.storage_class in ARCHIVES:
        usage |= _restores(q)
    if q.storage_class == "express":
        usage["upload_express"] = q.upload_gb
    return usage


def _restores(q: Inputs) -> dict[str, Number]:
    usage = {f"restores_{q.storage_class}": q.restores, f"bulk_retrieval_{q.storage_class}": q.bulk_retrieval_gb}
    if q.storage_class == "deep_archive":
        return usage | {"bulk_restores_deep_archive": q.bulk_restores}
    return usage | {
        "expedited_restores_glacier": q.expedited_restores,
        "expedited_retrieval_glacier": q.expedited_retrieval_gb,
    }


def _rates(q: Inputs) -> dict[str, Number]:
    if q.storage_class in (*ARCHIVES, "express"):
        return {}
    return {
        "s3_put_rate_prefix": q.peak_put_rps / q.prefixes,
        "s3_get_rate_prefix": q.peak_get_rps / q.prefixes,
    }


def _sizes(q: Inputs) -> dict[str, Number]:
    demand = {}
    if q.presigned_url_s is not None:
        demand["s3_presigned_expiry"] = q.presigned_url_s
    if q.largest_object_gb is None:
        return demand
    demand["s3_object_size"] = q.largest_object_gb
    if q.part_mb is None:
        return demand | {"s3_put_size": q.largest_object_gb}
    parts = ceil(ratio(q.largest_object_gb * MB_PER_GB, q.part_mb))
    return demand | {"s3_put_size": q.part_mb / MB_PER_GB, "s3_multipart_parts": parts}
