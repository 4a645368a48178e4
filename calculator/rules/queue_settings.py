"""Queues that must fit each other, their batches and their groups: dead letters, batches of a call, order."""

from collections.abc import Iterator

from calculator.rules import ERROR, WARNING, Breach, rule
from calculator.rules.amounts import beyond, busy_s, by_target, month_s, number
from calculator.rules.queues import QUEUES, workers
from calculator.rules.view import ConnectionView, View
from calculator.rules.waiting import patience_s

# What an event adds to the messages of a batch.
EVENT_OVERHEAD = 1.1


def _dead_letters(view: View) -> Iterator[ConnectionView]:
    return (connection for connection in view.between(QUEUES, QUEUES) if connection.settings.dead_letter)


@rule(
    why="A message that moves from a standard queue keeps the time at which it was first sent, so that it soon "
    "expires among the dead letters too.",
    remedy="Keep dead letters 14 days, and longer than the queue that they come from.",
    source="docs.aws.amazon.com SQSDeveloperGuide/quotas-messages (public mirror)",
    checked="2026",
)
def dlq_retention_ge_source(view: View) -> Iterator[Breach]:
    """Dead letters are not kept longer than messages."""
    for connection in _dead_letters(view):
        if connection.source is None or connection.source.inputs.fifo:
            continue  # a FIFO queue counts from the move
        kept, dead = connection.source.inputs.retention_s, connection.target.inputs.retention_s
        # At the longest that SQS keeps anything there is nothing left to raise.
        longest = view.limit("sqs_queue.sqs_retention_max", connection.target.region)
        if not beyond(dead, kept) and dead < longest:
            yield Breach(WARNING, connection.path, f"dead letters are kept {number(dead)} s, messages {number(kept)} s")


@rule(
    why="A message that is not deleted before its visibility timeout is over is handed out again, and worked on twice.",
    remedy="Set the visibility timeout to more than the longest work takes, or extend it while the work goes on "
    "(ChangeMessageVisibility).",
    source="docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html",
    checked="2026-11-28",
)
def sqs_visibility_vs_work(view: View) -> Iterator[Breach]:
    """A message comes back while it is still worked on."""
    for queue in view.of("sqs_queue"):
        works_s, visible_s = queue.get("processing_s"), queue.inputs.visibility_timeout_s
        # Of a function that is known its timeout counts: sqs_visibility_6x.
        derived = "processing_s" in view.architecture.components[queue.number].derived
        if works_s is not None and not derived and beyond(works_s, visible_s):
            told = (
                f"visibility timeout {number(visible_s)} s; a message is worked on for {number(works_s)} s in the mean"
            )
            yield Breach(WARNING, (queue.name,), told)


@rule(
    why="SQS refuses a dead-letter queue of the other type.",
    remedy="Make both queues standard, or both FIFO.",
    source="botocore 1.43.11 service model (model min/max and docstrings)",
    checked="2026-05",
)
def dlq_type_match(view: View) -> Iterator[Breach]:
    """A queue and its dead-letter queue are of different types."""
    for connection in _dead_letters(view):
        if connection.source is not None and connection.source.inputs.fifo != connection.target.inputs.fifo:
            types = [
                "FIFO" if component.inputs.fifo else "standard" for component in (connection.source, connection.target)
            ]
            yield Breach(ERROR, connection.path, f"the queue is {types[0]}, its dead-letter queue {types[1]}")


@rule(
    why="A call carries no more than its payload limit. Batches of larger messages are cut short, and there are more "
    "calls than planned.",
    remedy="Plan with as many messages as fit, or keep large ones in S3 and send where they are.",
    source="botocore 1.43.11 service model (model min/max and docstrings)",
    checked="2026-05",
)
def sqs_batch_payload(view: View) -> Iterator[Breach]:
    """A batch is larger than one call of a function."""
    for connection in workers(view):
        if connection.source is None:
            continue
        size_kb = connection.source.inputs.message_kb
        batch_kb = connection.settings.batch * size_kb * EVENT_OVERHEAD
        most_kb = view.limit("event_source_mapping.lambda_esm_batch_payload", connection.target.region)
        if beyond(batch_kb, most_kb):
            parts = f"{number(connection.settings.batch)} x {number(size_kb)} KB x {number(EVENT_OVERHEAD)}"
            told = f"{parts} = {number(batch_kb)} KB"
            yield Breach(WARNING, connection.path, f"{told}; a call carries {number(most_kb)} KB")


@rule(
    why="The function is stopped before it has worked on all of them, and the whole batch comes again.",
    remedy="Use a smaller batch or a longer timeout, and report single messages as failed.",
    source="botocore 1.43.11 service model (model min/max and docstrings)",
    checked="2026-05",
)
def sqs_batch_duration(view: View) -> Iterator[Breach]:
    """A batch takes longer than the function may run."""
    for connection in workers(view):
        message_s, timeout_s = connection.settings.message_s, patience_s(view, connection.target)
        if message_s is None or timeout_s is None:
            continue
        takes = connection.settings.batch * message_s
        if beyond(takes, timeout_s):
            told = f"{number(connection.settings.batch)} x {number(message_s)} s = {number(takes)} s"
            told += f"; the function is stopped after {number(timeout_s)} s"
            highest = view.limit("lambda_function.lambda_timeout_max", connection.target.region)
            remedy = None if timeout_s < highest else "Use a smaller batch, and report single messages as failed."
            yield Breach(ERROR, connection.path, told, remedy=remedy)


@rule(
    why="Of each message group only one batch is worked on at a time, however many executions are free.",
    remedy="Use more and finer message groups, such as one for each order instead of each customer.",
    source="docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling (public mirror)",
    checked="2026",
)
def sqs_fifo_group_parallelism(view: View) -> Iterator[Breach]:
    """A FIFO queue has too few message groups for its messages."""
    for connection in workers(view):
        busy, groups = busy_s(connection.target), connection.settings.message_groups
        if connection.source is None or not connection.source.inputs.fifo or busy is None or groups is None:
            continue
        mean = connection.source.inputs.messages * connection.settings.share / month_s(view.architecture)
        needed, at_peak = (
            per_s * busy / connection.settings.batch
            for per_s in (mean, connection.source.inputs.peak_rps * connection.settings.share)
        )
        if beyond(max(needed, at_peak), groups):
            told = f"{number(at_peak)} batches at one time at the peak, {number(needed)} in the mean"
            severity = ERROR if beyond(needed, groups) else WARNING
            yield Breach(severity, connection.path, f"{told}; {number(groups)} groups")


@rule(
    why="A FIFO queue takes so many calls of each kind in a second, and refuses the others.",
    remedy="Turn on high throughput, or send in batches of ten.",
    source="docs.aws.amazon.com SQSDeveloperGuide/quotas-messages (public mirror)",
    checked="2026",
)
def sqs_fifo_throughput(view: View) -> Iterator[Breach]:
    """More is sent to a FIFO queue than its mode takes."""
    for connections in by_target(
        connection
        for connection in view.connections
        if connection.target.type in QUEUES and not connection.settings.dead_letter
    ).values():
        queue = connections[0].target
        if not queue.inputs.fifo or queue.get("high_throughput"):
            continue
        sent = sum(connection.peak_calls for connection in connections)
        most = view.limit("sqs_queue.sqs_fifo_tps", queue.region) * queue.inputs.send_batch
        if beyond(sent, most):
            path = dict.fromkeys(
                (*(connection.source.name for connection in connections if connection.source is not None), queue.name)
            )
            told = f"{number(sent)} messages/s in calls of {number(queue.inputs.send_batch)}; at most {number(most)}"
            yield Breach(ERROR, tuple(path), told)
