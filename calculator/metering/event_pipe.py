"""Amazon EventBridge Pipes: events that pass the filter go on in batches; each 64 KB of a batch is one request."""

from collections.abc import Mapping, Sequence

from calculator.metering import Carried, Inputs, Metered, Sent
from pricing.formula.language import MS_PER_S, Constant, Number, ceil, maximum, ratio, several, total

CHUNK = Constant(64, "KB")
ONE = Constant(1, "pipe")


def meter(inputs: Inputs) -> Metered:
    """Count the requests [request] of a month, and what Pipes limits: batches [event], patterns, executions.

    Follows https://aws.amazon.com/eventbridge/pricing/ and the quotas of the EventBridge user guide.

    >>> events = {"events": 1000, "event_kb": 13, "passed_share": 0.5, "batch": 5, "peak_rps": 1}
    >>> meter(Inputs(events | {"duration_ms": None, "filters": 1})).usage
    {'requests': 200.0}
    """
    batches = ceil(inputs.events * inputs.passed_share / inputs.batch)
    chunks = maximum(ceil(several(inputs.batch, inputs.event_kb) / CHUNK), 1)  # the smallest request is one
    demand = {"pipes_per_account": ONE, "pipes_filters": inputs.filters, "pipes_batch": inputs.batch}
    if inputs.duration_ms is not None:
        # Little's law: those under way at one time are those that start in a second, times the seconds that each lasts.
        demand["pipes_concurrency"] = (
            inputs.peak_rps * inputs.passed_share / inputs.batch * inputs.duration_ms / MS_PER_S
        )
    return Metered(usage={"requests": batches * chunks}, demand=demand)


def receive(inputs: Inputs, arriving: Sequence[Carried]) -> Mapping[str, Number]:
    """Events that are passed on together: of the batches in which the pipe takes them, what passes the filter.

    Follows https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-batching-concurrency.html
    """
    gathered = [(one.calls, one.settings.gathered) for one in arriving if hasattr(one.settings, "gathered")]
    if not gathered:
        return {}
    calls = total(calls for calls, _ in gathered)
    # Batches as large as they were, with all that comes in them.
    batches = total(ratio(calls, batch) for calls, batch in gathered)
    return {"batch": maximum(ratio(calls, batches) * inputs.passed_share, 1)}


def send(inputs: Inputs, connection: Inputs, target: Inputs, per_s: Number) -> Sent:
    """What an event becomes: nothing where the filter stops it, else a share of a batch."""
    return Sent(inputs.passed_share / inputs.batch, inputs.batch * inputs.event_kb, inputs.batch)
