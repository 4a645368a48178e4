"""AWS Step Functions: standard workflows bill transitions; express workflows bill executions and their GB-seconds."""

from collections.abc import Mapping, Sequence

from calculator.metering import Inputs, Link, Metered
from pricing.formula.language import MB_PER_GB, MS_PER_S, Constant, Number, ceil, total

TIME_STEP = Constant(100, "ms")
MEMORY_STEP = Constant(64, "MB")


def meter(m: Inputs) -> Metered:
    """Count the transitions, or the executions and GB-s, of a month, and the limited times [s] and rates [1/s].

    Follows https://aws.amazon.com/step-functions/pricing/ and the quotas of the Step Functions developer guide.

    >>> billed = {"workflow": "express", "executions": 1000, "duration_ms": 801, "memory_mb": 500}
    >>> unlimited = {"http_tasks": 0, "payload_kb": None, "burst_executions": None}
    >>> meter(Inputs(billed | unlimited | {"synchronous": True, "peak_rps": 2})).usage
    {'express_requests': 1000, 'express_duration': 450.0}
    """
    if m.workflow == "standard":
        return Metered(usage={"transitions": m.executions * m.transitions}, demand=_demand(m) | _standard_demand(m))
    billed_ms = ceil(m.duration_ms / TIME_STEP) * TIME_STEP
    billed_mb = ceil(m.memory_mb / MEMORY_STEP) * MEMORY_STEP
    usage = {
        "express_requests": m.executions,
        "express_duration": m.executions * billed_ms * billed_mb / MS_PER_S / MB_PER_GB,
    }
    return Metered(usage=usage, demand=_demand(m) | _express_demand(m))


def _demand(m: Inputs) -> dict[str, Number]:
    demand = {"sfn_http_task": m.peak_rps * m.http_tasks}
    if m.payload_kb is not None:
        demand["sfn_payload"] = m.payload_kb
    if m.burst_executions is not None and (m.workflow == "standard" or not m.synchronous):
        demand[f"sfn_start_execution_{m.workflow}_bucket"] = m.burst_executions
    return demand


def _standard_demand(m: Inputs) -> dict[str, Number]:
    duration_s = m.duration_ms / MS_PER_S
    demand = {
        "sfn_execution_duration_standard": duration_s,
        "sfn_start_execution_standard": m.peak_rps,
        "sfn_state_transitions": m.peak_rps * m.transitions,
        "sfn_open_executions": m.peak_rps * duration_s,
        "sfn_send_task_rate": m.peak_rps * m.callbacks,
    }
    if m.history_events is not None:
        demand["sfn_history_events"] = m.history_events
    return demand


def _express_demand(m: Inputs) -> dict[str, Number]:
    demand = {"sfn_execution_duration_express": m.duration_ms / MS_PER_S}
    if not m.synchronous:
        demand["sfn_start_execution_express"] = m.peak_rps
    return demand


def tell(m: Inputs, links: Sequence[Link]) -> Mapping[str, Number]:
    """Transitions of an execution: one for its start, and one for each task."""
    return {"transitions": 1 + total(link.settings.share * link.settings.calls for link in links)}
