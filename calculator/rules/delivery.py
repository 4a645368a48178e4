"""How messages are delivered: in order, more than once, or to functions that take longer than their caller waits."""

from collections.abc import Iterator

from calculator.rules import ERROR, WARNING, Breach, rule
from calculator.rules.amounts import beyond, number
from calculator.rules.view import FUNCTIONS, STREAMS, View, Way
from pricing.formula.language import MS_PER_S, S_PER_HOUR


@rule(
    why="Only FIFO queues keep the order of a FIFO topic and drop what comes twice.",
    remedy="Subscribe a FIFO queue.",
    source="docs.aws.amazon.com/general/latest/gr/sns.html (public mirror)",
    checked="2025-2026",
)
def fifo_end_to_end(view: View) -> Iterator[Breach]:
    """A FIFO topic loses its order at a subscriber that is no FIFO queue."""
    for way in view.ways:
        if way.source is None or way.source.type != "sns_topic" or not (way.source.q.fifo and way.c.ordered):
            continue
        if way.target.type != "sqs_queue" or not way.target.q.fifo:
            yield Breach(ERROR, way.path, "order is required; the subscriber is no FIFO queue")


@rule(
    why="Queues and events are delivered at least once: again after a failure, and now and then without one.",
    remedy="Make the function idempotent: remember what was worked on, or write conditionally.",
    source="botocore 1.43.11 service model installed on this machine (model min/max and docstrings)",
    checked="2026-05",
)
def async_retry_idempotency(view: View) -> Iterator[Breach]:
    """A message may come twice to a function that must work on it once."""
    for way in view.ways:
        if way.target.type in FUNCTIONS and way.c.duplicates_harm and _at_least_once(way):
            yield Breach(WARNING, way.path, "delivered at least once")


def _at_least_once(way: Way) -> bool:
    if way.source is None:
        return False
    queued = way.source.type in (*STREAMS, "sqs_queue", "event_pipe")
    return way.asynchronous or (queued and not way.source.get("fifo"))


@rule(
    why="A mapping waits until the function answers, as long as a plain function may run; a durable execution that "
    "takes longer times out and its messages come again.",
    remedy="Start the execution asynchronously, or let a plain function start it.",
    source="docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits (docs public copy, newer than the mirror)",
    checked="2026-H2 (undated)",
)
def durable_started_by_esm(view: View) -> Iterator[Breach]:
    """A mapping waits for a durable function that takes too long."""
    for way in view.between((*STREAMS, "sqs_queue"), ("lambda_durable_function",)):
        takes_s = max(way.target.q.running_hours * S_PER_HOUR, way.target.q.duration_ms / MS_PER_S)
        most = view.limit("lambda_function.lambda_timeout_max", way.target.region)
        if beyond(takes_s, most):
            yield Breach(ERROR, way.path, f"an execution takes {number(takes_s)} s; the mapping waits {number(most)} s")
