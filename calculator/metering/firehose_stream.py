"""Amazon Data Firehose: the GB taken in, each record by 5 KB, and again where they are converted or sent into a VPC."""

from calculator.metering import Inputs, Metered, Sent
from pricing.formula.language import KB_PER_GB, KB_PER_MB, Constant, Number, ceil, maximum, minimum, ratio, where

STEP = Constant(5, "KB")
BUFFER = Constant(5 * 1024, "KB")
# Where records are converted or sorted into prefixes.
LARGE_BUFFER = Constant(128 * 1024, "KB")
LAMBDA_BUFFER = Constant(1024, "KB")
BY_STEP = ("direct_put", "kinesis")


def meter(inputs: Inputs) -> Metered:
    """Count the GB, objects and hours of a month, and what Firehose limits: sizes [KB], [MB], rates [1/s], [MB/s].

    Follows https://aws.amazon.com/firehose/pricing/ and the quotas of the Firehose developer guide.

    >>> records = {"source": "direct_put", "records": 1024 * 1024, "record_kb": 3, "put_batch": 1, "peak_rps": 1}
    >>> options = {"format_conversion": True, "dynamic_partitioning": False, "vpc_zones": 0, "decompressed_gb": 0}
    >>> settings = {"stream_hours": 730, "buffer_s": 300, "buffer_mb": None}
    >>> usage = meter(Inputs(records | options | settings)).usage
    >>> usage["direct_put"], usage["format_conversion"]
    (5.0, 5.0)
    """
    billed_kb = maximum(ceil(inputs.record_kb / STEP), 1) * STEP if inputs.source in BY_STEP else inputs.record_kb
    taken_in_gb = inputs.records * billed_kb / KB_PER_GB
    usage = {
        inputs.source: taken_in_gb,
        "format_conversion": taken_in_gb if inputs.format_conversion else 0,
        "vpc_data": where(inputs.vpc_zones > 0, taken_in_gb, 0),
        "vpc_zone_hours": inputs.vpc_zones * inputs.stream_hours,
        "decompression": inputs.decompressed_gb,
    }
    demand = _demand(inputs)
    if inputs.source == "direct_put":
        demand |= _put_demand(inputs)
    if inputs.dynamic_partitioning:
        usage |= {
            "partitioned_data": inputs.records * inputs.record_kb / KB_PER_GB,
            "partitioned_objects": inputs.partitioned_objects,
            "jq_hours": inputs.jq_hours,
        }
        if inputs.buffer_mb is not None:
            demand["firehose_buffer_size_partitioned"] = inputs.buffer_mb
    return Metered(usage=usage, demand=demand)


def _demand(inputs: Inputs) -> dict[str, Number]:
    demand = {"firehose_buffer_interval": inputs.buffer_s}
    if inputs.buffer_mb is not None:
        demand |= {"firehose_buffer_size": inputs.buffer_mb, "firehose_buffer_size_min": inputs.buffer_mb}
    return demand


def _put_demand(inputs: Inputs) -> dict[str, Number]:
    return {
        "firehose_record_size": inputs.record_kb,
        "firehose_put_batch": inputs.put_batch,
        "firehose_put_batch_size": inputs.put_batch * inputs.record_kb,
        "firehose_direct_put_mb": inputs.peak_rps * inputs.record_kb / KB_PER_MB,
        "firehose_direct_put_records": inputs.peak_rps,
        "firehose_direct_put_requests": inputs.peak_rps / inputs.put_batch,
    }


def send(inputs: Inputs, connection: Inputs, target: Inputs, per_s: Number) -> Sent:
    """What a record becomes: a share of the object, or of the call of a transformation, that a buffer makes.

    A buffer goes on when it is full or when its time is over
    (https://docs.aws.amazon.com/firehose/latest/dev/create-destination.html,
    https://docs.aws.amazon.com/firehose/latest/dev/data-transformation.html).
    """
    if hasattr(target, "duration_ms"):
        return _gathered(inputs, inputs.lambda_buffer_mb, LAMBDA_BUFFER, per_s * inputs.lambda_buffer_s)
    if inputs.dynamic_partitioning and target.type == "s3_bucket":
        object_kb = ratio(inputs.records * inputs.record_kb, inputs.partitioned_objects)
        return Sent(1, object_kb, of=inputs.partitioned_objects)
    default_kb = LARGE_BUFFER if inputs.format_conversion or inputs.dynamic_partitioning else BUFFER
    return _gathered(inputs, inputs.buffer_mb, default_kb, per_s * inputs.buffer_s)


def _gathered(inputs: Inputs, buffer_mb: Number | None, default_kb: Number, records: Number) -> Sent:
    """A buffer with so many records, or as many as fit into it."""
    full_kb = default_kb if buffer_mb is None else buffer_mb * KB_PER_MB
    batch = maximum(ratio(minimum(full_kb, records * inputs.record_kb), inputs.record_kb), 1)
    return Sent(1 / batch, batch * inputs.record_kb, batch)
