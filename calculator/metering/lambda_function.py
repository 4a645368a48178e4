"""AWS Lambda: each request is billed, and its duration times its memory; a cold start adds its initialization."""

from datetime import date

from calculator.metering import Inputs, Metered
from pricing.formula.language import (
    KB_PER_GB,
    KB_PER_MB,
    MB_PER_GB,
    MINUTES_PER_HOUR,
    MS_PER_S,
    S_PER_HOUR,
    S_PER_MINUTE,
    Constant,
    Number,
    ceil,
    ceil_beyond,
    maximum,
    ratio,
    where,
)

EVENT_INCLUDED = Constant(256, "KB")
EVENT_STEP = Constant(64, "KB")
STORAGE_INCLUDED = Constant(512, "MB")
STREAM_INCLUDED = Constant(6 * 1024, "KB")
PROVISIONED_STEP = Constant(5, "minute")
RPS_PER_EXECUTION = Constant(10, "request/s")
INIT_BILLED_FROM = date(2025, 8, 1)
# https://aws.amazon.com/blogs/aws/new-for-aws-lambda-1ms-billing-granularity-adds-cost-savings/
BY_MS_FROM = date(2020, 12, 1)
STEP_BEFORE = Constant(100, "ms")
SNAPSTART_SHORTEST = Constant(3, "hour")
SNAPSTART = ("java", "python", "dotnet")
SNAPSTART_BILLED = ("python", "dotnet")


def meter(inputs: Inputs) -> Metered:
    """Count requests [request], durations [GB-s] and data [GB] of a month, and what Lambda limits.

    Follows https://aws.amazon.com/lambda/pricing/ and the quotas page of the Lambda developer guide.

    >>> from calculator import estimate, parse
    >>> f = {"name": "f", "type": "lambda_function", "requests": 3_000_000, "duration_ms": 120, "memory_mb": 1536}
    >>> document = {"region": "us-east-1", "as_of": "2026-09-01", "components": [f]}
    >>> [line.usage for line in estimate(parse(document)).line_items]
    [3000000.0, 540000.0]
    """
    demand = _settings(inputs) | _payloads(inputs) | _concurrency(inputs)
    limit = {"lambda_duration_within_timeout": inputs.timeout_s}
    if inputs.reserved_concurrency is not None:
        demand |= _within_reservation(inputs)
        limit |= _reservation(inputs)
    return Metered(usage=_usage(inputs), demand=demand, limit=limit)


def _usage(inputs: Inputs) -> dict[str, Number]:
    cpu = "arm64" if inputs.architecture == "arm64" else "x86"
    on_provisioned = inputs.requests * inputs.provisioned_share
    on_demand = inputs.requests - on_provisioned
    provisioned_s = on_provisioned * _run_ms(inputs) / MS_PER_S
    on_demand_s = on_demand * _billed_ms(inputs) / MS_PER_S
    memory_gb = inputs.memory_mb / MB_PER_GB
    storage_gb = maximum(inputs.ephemeral_storage_mb - STORAGE_INCLUDED, 0) / MB_PER_GB
    usage = {
        f"requests_{cpu}": inputs.requests * (1 + _extra_requests(inputs)),
        f"gb_seconds_{cpu}": on_demand_s * memory_gb,
        f"ephemeral_gb_seconds_{cpu}": (on_demand_s + provisioned_s) * storage_gb,
        f"provisioned_capacity_{cpu}": inputs.provisioned_concurrency * _provisioned_s(inputs) * memory_gb,
        f"provisioned_gb_seconds_{cpu}": provisioned_s * memory_gb,
        f"streamed_gb_{cpu}": inputs.requests * maximum(inputs.streamed_kb - STREAM_INCLUDED, 0) / KB_PER_GB,
    }
    return usage | _environments(inputs, on_demand * inputs.cold_start_share, memory_gb)


def _environments(inputs: Inputs, cold_starts: Number, memory_gb: Number) -> dict[str, Number]:
    """What snapshots and the environments of tenants add."""
    usage = {}
    if inputs.snapstart in SNAPSTART_BILLED:
        stored_hours = inputs.snapstart_versions * maximum(inputs.snapstart_version_hours, SNAPSTART_SHORTEST)
        usage["snapstart_cache_gb_seconds"] = stored_hours * S_PER_HOUR * memory_gb
        usage["snapstart_restored_gb"] = cold_starts * memory_gb
    if inputs.architecture == "x86_64":
        usage["tenant_gb_x86"] = inputs.tenant_environments * memory_gb
    return usage


def _billed_ms(inputs: Inputs) -> Number:
    warm = _run_ms(inputs)
    if inputs.snapstart in SNAPSTART or inputs.as_of < INIT_BILLED_FROM:
        return warm
    # A cold request is rounded up once: initialization and handler together, as the log's "Billed Duration" has it.
    return warm + inputs.cold_start_share * (ceil(inputs.duration_ms + inputs.init_ms) - ceil(inputs.duration_ms))


def _run_ms(inputs: Inputs) -> Number:
    """What is billed of a run: of one that Lambda stops, until then. Which these are only durations that vary tell."""
    beyond = ceil_beyond(inputs.duration_ms, ceil(inputs.timeout_s * MS_PER_S))
    return rounded_up(inputs.duration_ms, inputs.as_of) - beyond


def rounded_up(duration_ms: Number, as_of: date) -> Number:
    """The milliseconds that AWS bills of a run on a day. [ms]

    >>> float(rounded_up(100.5, date(2020, 12, 1))), float(rounded_up(100.5, date(2020, 11, 30)))
    (101.0, 200.0)
    """
    return ceil(duration_ms) if as_of >= BY_MS_FROM else ceil(duration_ms / STEP_BEFORE) * STEP_BEFORE


def _extra_requests(inputs: Inputs) -> Number:
    return ceil((inputs.async_event_kb - EVENT_INCLUDED) / EVENT_STEP, 0)


def _provisioned_s(inputs: Inputs) -> Number:
    return ceil(inputs.provisioned_hours * MINUTES_PER_HOUR / PROVISIONED_STEP) * PROVISIONED_STEP * S_PER_MINUTE


def _settings(inputs: Inputs) -> dict[str, Number]:
    demand = {
        "lambda_memory_max": inputs.memory_mb,
        "lambda_memory_min": inputs.memory_mb,
        "lambda_timeout_max": inputs.timeout_s,
        "lambda_timeout_min": inputs.timeout_s,
        "lambda_duration_within_timeout": inputs.duration_ms / MS_PER_S,
        "lambda_ephemeral_storage": inputs.ephemeral_storage_mb,
        "lambda_ephemeral_storage_min": inputs.ephemeral_storage_mb,
    }
    if inputs.zip_mb is not None and inputs.zip_from == "upload":
        demand["lambda_zip_direct_upload"] = inputs.zip_mb
    if inputs.snapstart in SNAPSTART:
        demand["lambda_snapstart_ephemeral"] = inputs.ephemeral_storage_mb
        demand["lambda_snapstart_exclusions"] = inputs.provisioned_concurrency
    return demand


def _payloads(inputs: Inputs) -> dict[str, Number]:
    after_included_mb = maximum(inputs.streamed_kb - STREAM_INCLUDED, 0) / KB_PER_MB
    # What is streamed has limits of its own.
    buffered_kb = where(inputs.streamed_kb > 0, 0, inputs.response_kb)
    return {
        "lambda_sync_payload": maximum(inputs.request_kb, buffered_kb),
        "lambda_async_payload": inputs.async_event_kb,
        "lambda_stream_response": inputs.streamed_kb / KB_PER_MB,
        "lambda_stream_bandwidth": ratio(after_included_mb, inputs.timeout_s),
    }


def _concurrency(inputs: Inputs) -> dict[str, Number]:
    if inputs.reserved_concurrency is not None:
        # A reservation is out of the account's pool, used or not; so is the request rate that comes with it.
        return {
            "lambda_concurrency_account": inputs.reserved_concurrency,
            "lambda_unreserved_min": inputs.reserved_concurrency,
            "lambda_rps_per_concurrency": inputs.reserved_concurrency * RPS_PER_EXECUTION,
        }
    return {
        "lambda_concurrency_account": maximum(_executions(inputs), inputs.provisioned_concurrency),
        "lambda_unreserved_min": inputs.provisioned_concurrency,
        "lambda_rps_per_concurrency": _synchronous_rps(inputs),
    }


def _within_reservation(inputs: Inputs) -> dict[str, Number]:
    return {
        "lambda_reserved_concurrency": _executions(inputs),
        "lambda_provisioned_le_reserved": inputs.provisioned_concurrency,
        "lambda_rps_per_reserved_concurrency": _synchronous_rps(inputs),
    }


def _reservation(inputs: Inputs) -> dict[str, Number]:
    return {
        "lambda_reserved_concurrency": inputs.reserved_concurrency,
        "lambda_provisioned_le_reserved": inputs.reserved_concurrency,
        "lambda_rps_per_reserved_concurrency": inputs.reserved_concurrency * RPS_PER_EXECUTION,
    }


def _executions(inputs: Inputs) -> Number:
    # Little's law: those under way at one time are those that come in a second, times the seconds that each stays.
    return inputs.peak_rps * inputs.duration_ms / MS_PER_S


def _synchronous_rps(inputs: Inputs) -> Number:
    return where(inputs.async_event_kb > 0, 0, inputs.peak_rps)
