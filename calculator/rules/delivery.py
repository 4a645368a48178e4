"""How messages are delivered: in order, more than once, or to functions that take longer than their caller waits."""

from collections.abc import Iterator

from calculator.rules import ERROR, WARNING, Breach, rule
from calculator.rules.amounts import beyond, number
from calculator.rules.view import FUNCTIONS, STREAMS, ConnectionView, View
from pricing.formula.language import MS_PER_S, S_PER_HOUR


@rule(
    why="Only FIFO queues, and FIFO topics before them, keep the order of messages and drop what comes twice.",
    remedy="Make the queue FIFO, and the topic before it.",
    source="docs.aws.amazon.com/general/latest/gr/sns.html (public mirror)",
    checked="2025-2026",
)
def fifo_end_to_end(view: View) -> Iterator[Breach]:
    """Messages whose order must be kept go where none is kept."""
    for connection in view.connections:
        if not connection.settings.ordered:
            continue
        source, target = connection.source, connection.target
        from_topic = source is not None and source.type == "sns_topic"
        if source is not None and from_topic and not source.inputs.fifo:
            yield Breach(ERROR, connection.path, "order is required; the topic is not FIFO")
        elif (target.type == "sqs_queue" or from_topic) and not target.get("fifo"):
            told = "the subscriber is no FIFO queue" if from_topic else "the queue is not FIFO"
            yield Breach(ERROR, connection.path, f"order is required; {told}")


@rule(
    why="Queues and events are delivered at least once: again after a failure, and now and then without one.",
    remedy="Make the function idempotent: remember what was worked on, or write conditionally.",
    source="botocore 1.43.11 service model (model min/max and docstrings)",
    checked="2026-05",
)
def async_retry_idempotency(view: View) -> Iterator[Breach]:
    """A message may come twice to a function that must work on it once."""
    for connection in view.connections:
        if connection.target.type in FUNCTIONS and connection.settings.duplicates_harm and _at_least_once(connection):
            yield Breach(WARNING, connection.path, "delivered at least once")


def _at_least_once(connection: ConnectionView) -> bool:
    if connection.source is None:
        return False
    queued = connection.source.type in (*STREAMS, "sqs_queue", "event_pipe")
    return connection.asynchronous or (queued and not connection.source.get("fifo"))


@rule(
    why="A mapping waits until the function answers, as long as a plain function may run; a durable execution that "
    "takes longer times out and its messages come again.",
    remedy="Start the execution asynchronously, or let a plain function start it.",
    source="docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits (docs public copy, newer than the mirror)",
    checked="2026-H2 (undated)",
)
def durable_started_by_esm(view: View) -> Iterator[Breach]:
    """A mapping waits for a durable function that takes too long."""
    for connection in view.between((*STREAMS, "sqs_queue"), ("lambda_durable_function",)):
        takes_s = max(
            connection.target.inputs.running_hours * S_PER_HOUR, connection.target.inputs.duration_ms / MS_PER_S
        )
        most = view.limit("lambda_function.lambda_timeout_max", connection.target.region)
        if beyond(takes_s, most):
            yield Breach(
                ERROR, connection.path, f"an execution takes {number(takes_s)} s; the mapping waits {number(most)} s"
            )
