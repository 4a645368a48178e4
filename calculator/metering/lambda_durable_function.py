"""Lambda durable functions: a function's requests and durations, and the operations and data of its checkpoints."""

from calculator.metering import Inputs, Metered
from pricing.formula.language import KB_PER_MB, MB_PER_GB, MS_PER_S, Constant, Number, ceil, maximum

# AWS's example bills a million executions of 104 KB as 104 GB: this GB is a million KB.
KB_PER_WRITTEN_GB = Constant(1_000_000, "KB/GB")
HOURS_PER_DAY = Constant(24, "hour/day")
STORAGE_INCLUDED = Constant(512, "MB")


def meter(inputs: Inputs) -> Metered:
    """Count requests, durations [GB-s], operations and data written [GB] and kept [GB-month], and what Lambda limits.

    Follows https://aws.amazon.com/lambda/pricing/ and the quotas page of the Lambda developer guide.

    >>> from calculator import estimate, parse
    >>> f = {"name": "f", "type": "lambda_durable_function", "executions": 1000, "operations": 4, "duration_ms": 500}
    >>> document = {"region": "us-east-1", "as_of": "2026-09-01", "components": [f]}
    >>> [(line.meter, line.usage) for line in estimate(parse(document)).line_items][1:3]
    [('lambda_function.gb_seconds_x86', 62.5), ('lambda_durable_function.operations', 4000.0)]
    """
    written_gb = inputs.executions * inputs.written_kb / KB_PER_WRITTEN_GB
    # What an execution writes is taken to lie there from its start on, as in AWS's example, then for the retention.
    kept_hours = inputs.running_hours + inputs.retention_days * HOURS_PER_DAY
    usage = _function(inputs) | {
        "operations": inputs.executions * inputs.operations,
        "data_written": written_gb,
        "data_retained": written_gb * kept_hours / inputs.month_hours,
    }
    limit = {"lambda_function.lambda_duration_within_timeout": inputs.timeout_s}
    return Metered(usage=usage, demand=_settings(inputs) | _durable(inputs), limit=limit)


def _function(inputs: Inputs) -> dict[str, Number]:
    """What every Lambda function is billed for: the meters, tiers and free tiers are theirs."""
    cpu = "arm64" if inputs.architecture == "arm64" else "x86"
    requests = inputs.executions * inputs.invocations
    seconds = requests * ceil(inputs.duration_ms) / MS_PER_S
    storage_gb = maximum(inputs.ephemeral_storage_mb - STORAGE_INCLUDED, 0) / MB_PER_GB
    return {
        f"lambda_function.requests_{cpu}": requests,
        f"lambda_function.gb_seconds_{cpu}": seconds * inputs.memory_mb / MB_PER_GB,
        f"lambda_function.ephemeral_gb_seconds_{cpu}": seconds * storage_gb,
    }


def _settings(inputs: Inputs) -> dict[str, Number]:
    return {
        "lambda_function.lambda_memory_max": inputs.memory_mb,
        "lambda_function.lambda_memory_min": inputs.memory_mb,
        "lambda_function.lambda_timeout_max": inputs.timeout_s,
        "lambda_function.lambda_timeout_min": inputs.timeout_s,
        "lambda_function.lambda_duration_within_timeout": inputs.duration_ms / MS_PER_S,
        "lambda_function.lambda_ephemeral_storage": inputs.ephemeral_storage_mb,
        "lambda_function.lambda_ephemeral_storage_min": inputs.ephemeral_storage_mb,
        # Little's law: those under way at one time are those that come in a second, times the seconds that each stays.
        "lambda_function.lambda_concurrency_account": inputs.peak_rps
        * inputs.invocations
        * inputs.duration_ms
        / MS_PER_S,
    }


def _durable(inputs: Inputs) -> dict[str, Number]:
    return {
        "lambda_durable_execution_timeout": inputs.running_hours / HOURS_PER_DAY,
        "lambda_durable_operations": inputs.operations,
        "lambda_durable_storage": inputs.written_kb / KB_PER_MB,
        "lambda_durable_result_size": inputs.payload_kb,
        "lambda_durable_retention": inputs.retention_days,
        "lambda_durable_retention_min": inputs.retention_days,
        # Executions that wait for days outlast every peak: how many run follows from the mean rate.
        "lambda_durable_running": inputs.executions * inputs.running_hours / inputs.month_hours,
        "lambda_durable_start_rate": inputs.peak_rps,
        "lambda_durable_checkpoint_rate": inputs.peak_rps * inputs.operations,
    }
