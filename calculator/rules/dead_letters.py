"""Failures that nobody sees: queues without dead letters, events without a destination."""

from collections.abc import Iterator

from calculator.rules import WARNING, Breach, rule
from calculator.rules.amounts import by_source, number
from calculator.rules.view import ComponentView, ConnectionView, View
from pricing.formula.language import S_PER_HOUR

S_PER_DAY = 24 * S_PER_HOUR


@rule(
    why="A message that cannot be worked on comes back until it expires, is billed each time, and is then lost.",
    remedy="Give the queue a dead-letter queue with a maxReceiveCount of 5 or more, and an alarm on it.",
    source="docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html",
    checked="2026",
)
def dead_letter_queue_missing(view: View) -> Iterator[Breach]:
    """A queue has no dead-letter queue."""
    gathers = {connection.target.number for connection in view.connections if connection.settings.dead_letter}
    sends = _sends_dead_letters(view)
    leaving = by_source(
        connection
        for connection in view.connections
        if connection.source is not None and connection.source.type == "sqs_queue"
    )
    for index, connections in leaving.items():
        kept = any(one.settings.dead_letter or one.target.number in sends for one in connections)
        if index not in gathers and not kept:
            yield Breach(WARNING, connections[0].path, _lost(view.components[index], connections[0]))


def _sends_dead_letters(view: View) -> set[int]:
    """The components that dead letters leave."""
    ways = (one for one in view.connections if one.settings.dead_letter and one.source is not None)
    return {one.source.number for one in ways if one.source is not None}


def _lost(queue: ComponentView, connection: ConnectionView) -> str:
    if connection.settings.max_receive_count is not None:
        return f"a message that fails {number(connection.settings.max_receive_count)} times goes nowhere"
    return f"a message that fails is tried for {number(queue.inputs.retention_s / S_PER_DAY)} days, and is then lost"


@rule(
    why="Of an event that nobody waits for, Lambda makes three attempts and then drops it without a trace.",
    remedy="Set an on-failure destination (a queue, a topic or a bucket), or a dead-letter queue of the function.",
    source="docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html",
    checked="2026",
)
def failure_destination_missing(view: View) -> Iterator[Breach]:
    """Events that fail go nowhere."""
    sends = _sends_dead_letters(view)
    for connection in view.connections:
        if (
            connection.asynchronous
            and connection.target.type == "lambda_function"
            and connection.target.number not in sends
            and not connection.settings.on_failure_destination
        ):
            yield Breach(
                WARNING, connection.path, f"{number(connection.calls)} events a month, dropped after the last attempt"
            )
