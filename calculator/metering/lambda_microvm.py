"""Lambda MicroVMs: vCPUs and memory by the second while they run, snapshots by what is written, read and stored."""

from calculator.metering import Inputs, Metered
from pricing.formula.language import S_PER_HOUR, Constant, Number, maximum

GB_PER_VCPU = Constant(2, "GB/vCPU")
# At its peak a MicroVM has four times its baseline.
PEAK = 4
IMAGE_SHORTEST = Constant(7 * 24, "hour")
# AWS counts stored GB by the hour: a GB-hour costs what the page says of a GB-month, divided by the hours of 30 days.
GB_MONTH = Constant(30 * 24, "hour")


def meter(inputs: Inputs) -> Metered:
    """Count vCPU-seconds [s], memory [GB-s], snapshots moved [GB] and stored [GB-month], and what Lambda limits.

    Follows https://aws.amazon.com/lambda/pricing/ and the pages on MicroVMs of the Lambda developer guide.

    >>> from calculator import estimate, parse
    >>> v = {"name": "v", "type": "lambda_microvm", "launches": 100, "running_hours": 2, "images": 0}
    >>> document = {"region": "us-east-1", "as_of": "2026-09-01", "components": [v]}
    >>> [line.usage for line in estimate(parse(document)).line_items]
    [720000.0, 1440000.0, 200.0]
    """
    running_hours = inputs.launches * inputs.running_hours
    # The baseline is billed for all the time, what lies above it for the share of the time that it is used.
    memory_gb_hours = running_hours * inputs.memory_gb * (1 + (PEAK - 1) * inputs.peak_share)
    suspends = inputs.launches * inputs.suspends
    usage = {
        "vcpu_seconds": memory_gb_hours / GB_PER_VCPU * S_PER_HOUR,
        "memory_gb_seconds": memory_gb_hours * S_PER_HOUR,
        "snapshot_write": suspends * inputs.snapshot_gb,
        "snapshot_read": (inputs.launches + suspends) * inputs.snapshot_gb,
        "storage": _stored_gb_hours(inputs) / GB_MONTH,
    }
    return Metered(usage=usage, demand=_demand(inputs, running_hours))


def _stored_gb_hours(inputs: Inputs) -> Number:
    images = inputs.images * maximum(inputs.image_hours, IMAGE_SHORTEST)
    return (images + inputs.launches * inputs.suspended_hours) * inputs.snapshot_gb


def _demand(inputs: Inputs, running_hours: Number) -> dict[str, Number]:
    running = running_hours / inputs.month_hours if inputs.peak_running is None else inputs.peak_running
    return {
        "lambda_microvm_memory": running * inputs.memory_gb,
        "lambda_microvm_baseline": inputs.memory_gb,
        "lambda_microvm_baseline_min": inputs.memory_gb,
        "lambda_microvm_duration": inputs.running_hours + inputs.suspended_hours,
        "lambda_microvm_run_rate": inputs.peak_rps,
    }
