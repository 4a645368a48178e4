"""Amazon EventBridge Pipes: events that pass the filter go on in batches; each 64 KB of a batch is one request."""

from calculator.metering import Inputs, Metered, Sent
from pricing.formula.language import MS_PER_S, Constant, Number, ceil, maximum

CHUNK = Constant(64, "KB")
ONE = Constant(1, "pipe")


def meter(p: Inputs) -> Metered:
    """Count the requests [request] of a month, and what Pipes limits: batches [event], patterns, executions.

    Follows https://aws.amazon.com/eventbridge/pricing/ and the quotas of the EventBridge user guide.

    >>> events = {"events": 1000, "event_kb": 13, "passed_share": 0.5, "batch": 5, "peak_rps": 1}
    >>> meter(Inputs(events | {"duration_ms": None, "filters": 1})).usage
    {'requests': 200.0}
    """
    batches = ceil(p.events * p.passed_share / p.batch)
    chunks = maximum(ceil(p.batch * p.event_kb / CHUNK), 1)  # the smallest request is one
    demand = {"pipes_per_account": ONE, "pipes_filters": p.filters, "pipes_batch": p.batch}
    if p.duration_ms is not None:
        # Little's law: those under way at one time are those that start in a second, times the seconds that each lasts.
        demand["pipes_concurrency"] = p.peak_rps * p.passed_share / p.batch * p.duration_ms / MS_PER_S
    return Metered(usage={"requests": batches * chunks}, demand=demand)


def send(p: Inputs, c: Inputs, target: Inputs, per_s: Number) -> Sent:
    """What an event becomes: nothing where the filter stops it, else a share of a batch."""
    return Sent(p.passed_share / p.batch, p.batch * p.event_kb)
