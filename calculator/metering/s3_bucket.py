"""Amazon S3: GB by storage class, requests, and in colder classes transitions, retrieval and least sizes and times."""

from calculator.metering import Inputs, Metered, Sent
from pricing.formula.language import KB_PER_GB, MB_PER_GB, Constant, Number, ceil, maximum, ratio, total, where

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


def meter(inputs: Inputs) -> Metered:
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
        "tags": inputs.tags,
        "inventory": inputs.inventory_objects,
        "batch_jobs": inputs.batch_jobs,
        "batch_objects": inputs.batch_objects,
    }
    return Metered(usage=_storage(inputs) | _traffic(inputs) | extras, demand=_rates(inputs) | _sizes(inputs))


def _storage(inputs: Inputs) -> dict[str, Number]:
    if inputs.storage_class == "intelligent_tiering":
        return _tiers(inputs)
    gb, usage = inputs.storage_gb, {}
    if inputs.storage_class in BILLED_FROM_SMALLEST:
        gb = gb + _objects(inputs) * maximum(SMALLEST - inputs.object_kb, 0) / KB_PER_GB
    if inputs.storage_class in ARCHIVES:
        gb = gb + _objects(inputs) * INDEX_IN_ARCHIVE / KB_PER_GB
        usage["storage_standard"] = _objects(inputs) * INDEX_IN_STANDARD / KB_PER_GB
    if inputs.storage_class in SHORTEST and inputs.lifetime_days is not None:
        # Objects that are deleted early are billed for the rest of the time: the longer time at the same arrivals.
        gb = gb * (1 + ratio(maximum(SHORTEST[inputs.storage_class] - inputs.lifetime_days, 0), inputs.lifetime_days))
    return usage | {f"storage_{inputs.storage_class}": gb}


def _tiers(inputs: Inputs) -> dict[str, Number]:
    # What is smaller is neither watched nor moved: it stays in the frequent access tier.
    large_enough = where(inputs.object_kb < SMALLEST, 0, 1)
    tiered_gb, watched = inputs.storage_gb * large_enough, _objects(inputs) * large_enough
    archived_share = inputs.archive_share + inputs.deep_archive_share
    elsewhere_share = inputs.infrequent_share + inputs.archive_instant_share + archived_share
    gb_in_archive = tiered_gb + watched * INDEX_IN_ARCHIVE / KB_PER_GB
    return {
        "storage_int_frequent": maximum(inputs.storage_gb - tiered_gb * elsewhere_share, 0),
        "storage_int_infrequent": tiered_gb * inputs.infrequent_share,
        "storage_int_archive_instant": tiered_gb * inputs.archive_instant_share,
        "storage_int_archive": gb_in_archive * inputs.archive_share,
        "storage_int_deep_archive": gb_in_archive * inputs.deep_archive_share,
        "storage_standard": watched * archived_share * INDEX_IN_STANDARD / KB_PER_GB,
        "monitoring": watched,
    }


def _objects(inputs: Inputs) -> Number:
    return ratio(inputs.storage_gb * KB_PER_GB, inputs.object_kb)


def _traffic(inputs: Inputs) -> dict[str, Number]:
    usage = {}
    if inputs.storage_class not in ARCHIVES:
        usage[f"puts_{inputs.storage_class}"] = inputs.puts
        usage[f"gets_{inputs.storage_class}"] = inputs.gets
    if inputs.storage_class in WITH_RETRIEVAL:
        usage[f"retrieval_{inputs.storage_class}"] = inputs.retrieval_gb
    if inputs.storage_class in WITH_TRANSITIONS:
        usage[f"transitions_{inputs.storage_class}"] = inputs.transitions
    if inputs.storage_class in ARCHIVES:
        usage |= _restores(inputs)
    if inputs.storage_class == "express":
        usage["upload_express"] = inputs.upload_gb
    return usage


def _restores(inputs: Inputs) -> dict[str, Number]:
    usage = {
        f"restores_{inputs.storage_class}": inputs.restores,
        f"bulk_retrieval_{inputs.storage_class}": inputs.bulk_retrieval_gb,
    }
    if inputs.storage_class == "deep_archive":
        return usage | {"bulk_restores_deep_archive": inputs.bulk_restores}
    return usage | {
        "expedited_restores_glacier": inputs.expedited_restores,
        "expedited_retrieval_glacier": inputs.expedited_retrieval_gb,
    }


def _rates(inputs: Inputs) -> dict[str, Number]:
    if inputs.storage_class in (*ARCHIVES, "express"):
        return {}
    return {
        "s3_put_rate_prefix": inputs.peak_put_rps / inputs.prefixes,
        "s3_get_rate_prefix": inputs.peak_get_rps / inputs.prefixes,
    }


def _sizes(inputs: Inputs) -> dict[str, Number]:
    demand = {}
    if inputs.presigned_url_s is not None:
        demand["s3_presigned_expiry"] = inputs.presigned_url_s
    if inputs.largest_object_gb is None:
        return demand
    demand["s3_object_size"] = inputs.largest_object_gb
    if inputs.part_mb is None:
        return demand | {"s3_put_size": inputs.largest_object_gb}
    parts = ceil(ratio(inputs.largest_object_gb * MB_PER_GB, inputs.part_mb))
    return demand | {"s3_put_size": inputs.part_mb / MB_PER_GB, "s3_multipart_parts": parts}


def send(inputs: Inputs, connection: Inputs, target: Inputs, per_s: Number) -> Sent:
    """What a write becomes: an event, a copy in another bucket, or a call of the key; reads call the key too."""
    if target.type == "kms_key":
        each = 1 if inputs.kms_calls is None else inputs.kms_calls
        return Sent(each, None, of=inputs.puts + inputs.gets)
    if target.type == "external_endpoint":
        return Sent(1, None, of=inputs.gets)
    if connection.replication:
        sized = [(one.calls, one.payload_kb) for one in inputs.arriving if one.settings.writes and one.payload_kb]
        objects = total(calls * size for calls, size in sized)
        return Sent(1, ratio(objects, total(calls for calls, _ in sized)) if sized else None)
    return Sent(1, None)
