"""AWS Step Functions: standard workflows bill transitions; express workflows bill executions and their GB-seconds."""

from collections.abc import Mapping, Sequence

from calculator.metering import Carried, Inputs, Metered
from pricing.formula.language import MB_PER_GB, MS_PER_S, Constant, Number, ceil, total

TIME_STEP = Constant(100, "ms")
MEMORY_STEP = Constant(64, "MB")


def meter(inputs: Inputs) -> Metered:
    """Count the transitions, or the executions and GB-s, of a month, and the limited times [s] and rates [1/s].

    Follows https://aws.amazon.com/step-functions/pricing/ and the quotas of the Step Functions developer guide.

    >>> billed = {"workflow": "express", "executions": 1000, "duration_ms": 801, "memory_mb": 500}
    >>> unlimited = {"http_tasks": 0, "payload_kb": None, "burst_executions": None}
    >>> meter(Inputs(billed | unlimited | {"synchronous": True, "peak_rps": 2})).usage
    {'express_requests': 1000, 'express_duration': 450.0}
    """
    if inputs.workflow == "standard":
        return Metered(
            usage={"transitions": inputs.executions * inputs.transitions},
            demand=_demand(inputs) | _standard_demand(inputs),
        )
    billed_ms = ceil(inputs.duration_ms / TIME_STEP) * TIME_STEP
    billed_mb = ceil(inputs.memory_mb / MEMORY_STEP) * MEMORY_STEP
    usage = {
        "express_requests": inputs.executions,
        "express_duration": inputs.executions * billed_ms * billed_mb / MS_PER_S / MB_PER_GB,
    }
    return Metered(usage=usage, demand=_demand(inputs) | _express_demand(inputs))


def _demand(inputs: Inputs) -> dict[str, Number]:
    demand = {"sfn_http_task": inputs.peak_rps * inputs.http_tasks}
    if inputs.payload_kb is not None:
        demand["sfn_payload"] = inputs.payload_kb
    if inputs.burst_executions is not None and (inputs.workflow == "standard" or not inputs.synchronous):
        demand[f"sfn_start_execution_{inputs.workflow}_bucket"] = inputs.burst_executions
    return demand


def _standard_demand(inputs: Inputs) -> dict[str, Number]:
    duration_s = inputs.duration_ms / MS_PER_S
    demand = {
        "sfn_execution_duration_standard": duration_s,
        "sfn_start_execution_standard": inputs.peak_rps,
        "sfn_state_transitions": inputs.peak_rps * inputs.transitions,
        "sfn_open_executions": inputs.peak_rps * duration_s,
        "sfn_send_task_rate": inputs.peak_rps * inputs.callbacks,
    }
    if inputs.history_events is not None:
        demand["sfn_history_events"] = inputs.history_events
    return demand


def _express_demand(inputs: Inputs) -> dict[str, Number]:
    demand = {"sfn_execution_duration_express": inputs.duration_ms / MS_PER_S}
    if not inputs.synchronous:
        demand["sfn_start_execution_express"] = inputs.peak_rps
    return demand


def tell(inputs: Inputs, links: Sequence[Carried]) -> Mapping[str, Number]:
    """Transitions of an execution: one for its start, and one for each task."""
    return {"transitions": 1 + total(link.settings.share * link.settings.calls for link in links)}
