"""Amazon Data Firehose: the GB taken in, each record by 5 KB, and again where they are converted or sent into a VPC."""

from calculator.metering import Inputs, Metered, Sent
from calculator.metering.batches import batch_size
from pricing.formula.language import KB_PER_GB, KB_PER_MB, Constant, Number, ceil, maximum, where

STEP = Constant(5, "KB")
BY_STEP = ("direct_put", "kinesis")


def meter(f: Inputs) -> Metered:
    """Count the GB, objects and hours of a month, and what Firehose limits: sizes [KB], [MB], rates [1/s], [MB/s].

    Follows https://aws.amazon.com/firehose/pricing/ and the quotas of the Firehose developer guide.

    >>> records = {"source": "direct_put", "records": 1024 * 1024, "record_kb": 3, "put_batch": 1, "peak_rps": 1}
    >>> options = {"format_conversion": True, "dynamic_partitioning": False, "vpc_zones": 0, "decompressed_gb": 0}
    >>> settings = {"stream_hours": 730, "buffer_s": 300, "buffer_mb": None}
    >>> usage = meter(Inputs(records | options | settings)).usage
    >>> usage["direct_put"], usage["format_conversion"]
    (5.0, 5.0)
    """
    billed_kb = maximum(ceil(f.record_kb / STEP), 1) * STEP if f.source in BY_STEP else f.record_kb
    taken_in_gb = f.records * billed_kb / KB_PER_GB
    usage = {
        f.source: taken_in_gb,
        "format_conversion": taken_in_gb if f.format_conversion else 0,
        "vpc_data": where(f.vpc_zones > 0, taken_in_gb, 0),
        "vpc_zone_hours": f.vpc_zones * f.stream_hours,
        "decompression": f.decompressed_gb,
    }
    demand = _demand(f)
    if f.source == "direct_put":
        demand |= _put_demand(f)
    if f.dynamic_partitioning:
        usage |= {
            "partitioned_data": f.records * f.record_kb / KB_PER_GB,
            "partitioned_objects": f.partitioned_objects,
            "jq_hours": f.jq_hours,
        }
        if f.buffer_mb is not None:
            demand["firehose_buffer_size_partitioned"] = f.buffer_mb
    return Metered(usage=usage, demand=demand)


def _demand(f: Inputs) -> dict[str, Number]:
    demand = {"firehose_buffer_interval": f.buffer_s}
    if f.buffer_mb is not None:
        demand |= {"firehose_buffer_size": f.buffer_mb, "firehose_buffer_size_min": f.buffer_mb}
    return demand


def _put_demand(f: Inputs) -> dict[str, Number]:
    return {
        "firehose_record_size": f.record_kb,
        "firehose_put_batch": f.put_batch,
        "firehose_put_batch_size": f.put_batch * f.record_kb,
        "firehose_direct_put_mb": f.peak_rps * f.record_kb / KB_PER_MB,
        "firehose_direct_put_records": f.peak_rps,
        "firehose_direct_put_requests": f.peak_rps / f.put_batch,
    }


def send(f: Inputs, c: Inputs, target: Inputs, per_s: Number) -> Sent:
    """What a record becomes: a share of the batch that is gathered before it goes on."""
    batch = batch_size(c.batch, per_s, f.buffer_s)
    return Sent(1 / batch, batch * f.record_kb)
