"""Amazon EventBridge Scheduler: each invocation is billed, whatever it carries."""

from calculator.metering import Inputs, Metered


def meter(inputs: Inputs) -> Metered:
    """Count the invocations [invocation] of a month, and what the scheduler limits: counts, rates [1/s], times.

    Follows https://aws.amazon.com/eventbridge/pricing/ and the quotas of the EventBridge Scheduler user guide.

    >>> said = {"invocations": 43_800, "schedules": 1, "created_per_s": 0, "peak_rps": 1, "needed_precision_s": None}
    >>> meter(Inputs(said | {"flexible_window_minutes": None, "retries": 185, "retry_hours": 24})).usage
    {'invocations': 43800}
    """
    demand = {
        "scheduler_schedules": inputs.schedules,
        "scheduler_create_rate": inputs.created_per_s,
        "scheduler_invocations_rate": inputs.peak_rps,
        "scheduler_retry": inputs.retries,
        "scheduler_retry_age": inputs.retry_hours,
    }
    if inputs.flexible_window_minutes is not None:
        demand["scheduler_flexible_window"] = inputs.flexible_window_minutes
        demand["scheduler_flexible_window_min"] = inputs.flexible_window_minutes
    if inputs.needed_precision_s is not None:
        demand["scheduler_precision"] = inputs.needed_precision_s
    return Metered(usage={"invocations": inputs.invocations}, demand=demand)
