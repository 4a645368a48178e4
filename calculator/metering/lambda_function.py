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
SNAPSTART_SHORTEST = Constant(3, "hour")
SNAPSTART = ("java", "python", "dotnet")
SNAPSTART_BILLED = ("python", "dotnet")


def meter(q: Inputs) -> Metered:
    """Count requests [request], durations [GB-s] and data [GB] of a month, and what Lambda limits.

    Follows https://aws.amazon.com/lambda/pricing/ and the quotas page of the Lambda developer guide.

    >>> from calculator import estimate, parse
    >>> f = {"name": "f", "type": "lambda_function", "requests": 3_000_000, "duration_ms": 120, "memory_mb": 1536}
    >>> document = {"region": "us-east-1", "as_of": "2026-09-01", "components": [f]}
    >>> [line.usage for line in estimate(parse(document)).line_items]
    [3000000.0, 540000.0]
    """
    demand = _settings(q) | _payloads(q) | _concurrency(q)
    limit = {"lambda_duration_within_timeout": q.timeout_s}
    if q.reserved_concurrency is not None:
        demand |= _within_reservation(q)
        limit |= _reservation(q)
    return Metered(usage=_usage(q), demand=demand, limit=limit)


def _usage(q: Inputs) -> dict[str, Number]:
    cpu = "arm64" if q.architecture == "arm64" else "x86"
    on_provisioned = q.requests * q.provisioned_share
    on_demand = q.requests - on_provisioned
    provisioned_s = on_provisioned * ceil(q.duration_ms) / MS_PER_S
    on_demand_s = on_demand * _billed_ms(q) / MS_PER_S
    memory_gb = q.memory_mb / MB_PER_GB
    storage_gb = maximum(q.ephemeral_storage_mb - STORAGE_INCLUDED, 0) / MB_PER_GB
    usage = {
        f"requests_{cpu}": q.requests * (1 + _extra_requests(q)),
        f"gb_seconds_{cpu}": on_demand_s * memory_gb,
        f"ephemeral_gb_seconds_{cpu}": (on_demand_s + provisioned_s) * storage_gb,
        f"provisioned_capacity_{cpu}": q.provisioned_concurrency * _provisioned_s(q) * memory_gb,
        f"provisioned_gb_seconds_{cpu}": provisioned_s * memory_gb,
        f"streamed_gb_{cpu}": q.requests * maximum(q.streamed_kb - STREAM_INCLUDED, 0) / KB_PER_GB,
    }
    return usage | _environments(q, on_demand * q.cold_start_share, memory_gb)


def _environments(q: Inputs, cold_starts: Number, memory_gb: Number) -> dict[str, Number]:
    """What snapshots and the environments of tenants add."""
    usage = {}
    if q.snapstart in SNAPSTART_BILLED:
        stored_hours = q.snapstart_versions * maximum(q.snapstart_version_hours, SNAPSTART_SHORTEST)
        usage["snapstart_cache_gb_seconds"] = stored_hours * S_PER_HOUR * memory_gb
        usage["snapstart_restored_gb"] = cold_starts * memory_gb
    if q.architecture == "x86_64":
        usage["tenant_gb_x86"] = q.tenant_environments * memory_gb
    return usage


def _billed_ms(q: Inputs) -> Number:
    warm = ceil(q.duration_ms)
    if q.snapstart in SNAPSTART or q.as_of < INIT_BILLED_FROM:
        return warm
    # A cold request is rounded up once: initialization and handler together, as the log's "Billed Duration" has it.
    return warm + q.cold_start_share * (ceil(q.duration_ms + q.init_ms) - warm)


def _extra_requests(q: Inputs) -> Number:
    return ceil(maximum(q.async_event_kb - EVENT_INCLUDED, 0) / EVENT_STEP)


def _provisioned_s(q: Inputs) -> Number:
    return ceil(q.provisioned_hours * MINUTES_PER_HOUR / PROVISIONED_STEP) * PROVISIONED_STEP * S_PER_MINUTE


def _settings(q: Inputs) -> dict[str, Number]:
    demand = {
        "lambda_memory_max": q.memory_mb,
        "lambda_memory_min": q.memory_mb,
        "lambda_timeout_max": q.timeout_s,
        "lambda_timeout_min": q.timeout_s,
        "lambda_duration_within_timeout": q.duration_ms / MS_PER_S,
        "lambda_ephemeral_storage": q.ephemeral_storage_mb,
        "lambda_ephemeral_storage_min": q.ephemeral_storage_mb,
    }
    if q.snapstart in SNAPSTART:
        demand["lambda_snapstart_ephemeral"] = q.ephemeral_storage_mb
        demand["lambda_snapstart_exclusions"] = q.provisioned_concurrency
    return demand


def _payloads(q: Inputs) -> dict[str, Number]:
    after_included_mb = maximum(q.streamed_kb - STREAM_INCLUDED, 0) / KB_PER_MB
    return {
        "lambda_sync_payload": maximum(q.request_kb, q.response_kb),
        "lambda_async_payload": q.async_event_kb,
        "lambda_stream_response": q.streamed_kb / KB_PER_MB,
        "lambda_stream_bandwidth": ratio(after_included_mb, q.timeout_s),
    }


def _concurrency(q: Inputs) -> dict[str, Number]:
    if q.reserved_concurrency is not None:
        # A reservation is out of the account's pool, used or not; so is the request rate that comes with it.
        return {
            "lambda_concurrency_account": q.reserved_concurrency,
            "lambda_unreserved_min": q.reserved_concurrency,
            "lambda_rps_per_concurrency": q.reserved_concurrency * RPS_PER_EXECUTION,
        }
    return {
        "lambda_concurrency_account": maximum(_executions(q), q.provisioned_concurrency),
        "lambda_unreserved_min": q.provisioned_concurrency,
        "lambda_rps_per_concurrency": _synchronous_rps(q),
    }


def _within_reservation(q: Inputs) -> dict[str, Number]:
    return {
        "lambda_reserved_concurrency": _executions(q),
        "lambda_provisioned_le_reserved": q.provisioned_concurrency,
        "lambda_rps_per_reserved_concurrency": _synchronous_rps(q),
    }


def _reservation(q: Inputs) -> dict[str, Number]:
    return {
        "lambda_reserved_concurrency": q.reserved_concurrency,
        "lambda_provisioned_le_reserved": q.reserved_concurrency,
        "lambda_rps_per_reserved_concurrency": q.reserved_concurrency * RPS_PER_EXECUTION,
    }


def _executions(q: Inputs) -> Number:
    # Little's law: those under way at one time are those that come in a second, times the seconds that each stays.
    return q.peak_rps * q.duration_ms / MS_PER_S


def _synchronous_rps(q: Inputs) -> Number:
    return where(q.async_event_kb > 0, 0, q.peak_rps)
