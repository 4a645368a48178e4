"""Queues before functions: what is received must be worked on before it comes again, and drained before it expires."""

from collections.abc import Iterator

from calculator.load.queueing import drain
from calculator.metering.batches import attempts
from calculator.rules import ERROR, INFO, WARNING, Breach, rule
from calculator.rules.amounts import beyond, busy_s, by_target, joined, month_s, number, runnable
from calculator.rules.view import FUNCTIONS, ConnectionView, View
from calculator.rules.waiting import patience_s

QUEUES = ("sqs_queue",)
# AWS's advice for functions: the timeout for each of the times that a throttled batch may be tried.
TIMES_TIMEOUT = 6
# Throttled attempts count as receives.
LEAST_RECEIVES = 5
MOST_IN_FLIGHT = {False: "sqs_queue.sqs_inflight_standard", True: "sqs_queue.sqs_inflight_fifo"}


def workers(view: View) -> Iterator[ConnectionView]:
    """The connections from queues to the functions that work on their messages."""
    return (connection for connection in view.between(QUEUES, FUNCTIONS) if not connection.settings.dead_letter)


@rule(
    why="A mapping may try a throttled batch several times before it gives the messages back. If they become visible "
    "meanwhile they are worked on twice, or become dead letters without having failed.",
    remedy="Set the visibility timeout to six times the function's timeout and the batch window on top.",
    source="docs.aws.amazon.com SQSDeveloperGuide/quotas-messages (public mirror)",
    checked="2026",
)
def sqs_visibility_6x(view: View) -> Iterator[Breach]:
    """A message may become visible again while the function still works on it."""
    for connection in workers(view):
        timeout_s = patience_s(view, connection.target)
        if connection.source is None or timeout_s is None:
            continue
        visible_s, window_s = connection.source.inputs.visibility_timeout_s, connection.settings.batch_window_s
        least = TIMES_TIMEOUT * timeout_s + window_s
        if beyond(least, visible_s):
            # Lambda refuses a mapping to a queue whose messages come back before the function is stopped.
            severity = ERROR if beyond(timeout_s, visible_s) else WARNING
            needed = f"{TIMES_TIMEOUT} x {number(timeout_s)} s + {number(window_s)} s = {number(least)} s"
            yield Breach(severity, connection.path, f"visibility timeout {number(visible_s)} s; {needed}")


@rule(
    why="Throttled attempts count as receives, so that a short spike makes dead letters of good messages.",
    remedy="Allow 5 receives or more, and let the function report single messages as failed.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html (unverified)",
    checked="unverified",
)
def sqs_max_receive_count(view: View) -> Iterator[Breach]:
    """Messages become dead letters after few attempts."""
    for connection in workers(view):
        received = connection.settings.max_receive_count
        if received is not None and beyond(LEAST_RECEIVES, received):
            yield Breach(
                WARNING, connection.path, f"{number(received)} receives; at least {LEAST_RECEIVES} before a function"
            )


@rule(
    why="What comes faster than it is worked on waits, longer and longer, until it expires and is lost.",
    remedy="Use larger batches, shorten the function's duration, or allow it more concurrency.",
    source="docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling (public mirror)",
    checked="2026",
)
def sqs_lambda_drain_rate(view: View) -> Iterator[Breach]:
    """A function drains its queue more slowly than messages come."""
    most = runnable(view)
    for connection in workers(view):
        busy = busy_s(connection.target)
        if connection.source is None or not busy:
            continue
        own = connection.settings.max_concurrency
        running = most(connection.target) if own is None else min(most(connection.target), own)
        drained = _drained(connection, busy, running)
        mean, peak = (
            connection.source.inputs.messages * connection.settings.share / month_s(view.architecture),
            _peak(connection),
        )
        if beyond(max(mean, peak), drained):
            batches = f"{number(running)} x {number(connection.settings.batch)} messages / {number(busy)} s"
            told = f"{number(mean)} messages/s come, {number(peak)} at the peak; {batches} = {number(drained)}/s"
            # A peak that is too much only makes a backlog that the rest of the day may clear.
            yield Breach(ERROR if beyond(mean, drained) else WARNING, connection.path, told)


def _drained(connection: ConnectionView, busy: float, running: float) -> float:
    """Messages that are worked on in a second, attempts that fail included [message/s]."""
    return float(
        drain(connection.settings.batch, busy, running)
        / attempts(connection.settings.failure_share, connection.settings.max_receive_count)
    )


def _peak(connection: ConnectionView) -> float:
    return 0.0 if connection.source is None else float(connection.source.inputs.peak_rps * connection.settings.share)


@rule(
    why="After an outage the oldest messages wait until the backlog is drained. What is older than the retention is "
    "deleted, and nobody is told.",
    remedy="Keep messages 14 days, and let the function drain faster than messages come.",
    source="botocore 1.43.11 service model (model min/max and docstrings)",
    checked="2026-05",
)
def sqs_backlog_vs_retention(view: View) -> Iterator[Breach]:
    """Messages of an outage expire before they are worked on."""
    most = runnable(view)
    for connection in workers(view):
        busy, outage_s = busy_s(connection.target), connection.settings.outage_s
        if connection.source is None or not busy or outage_s is None:
            continue
        own = connection.settings.max_concurrency
        running = most(connection.target) if own is None else min(most(connection.target), own)
        mean = connection.source.inputs.messages * connection.settings.share / month_s(view.architecture)
        spare = _drained(connection, busy, running) - mean
        kept_s = connection.source.inputs.retention_s
        if mean and spare <= 0:
            yield Breach(ERROR, connection.path, f"after {number(outage_s)} s nothing is left to drain the backlog")
        elif mean and beyond(outage_s + mean * outage_s / spare, kept_s):
            clear = f"{number(mean * outage_s)} messages / {number(spare)}/s"
            told = f"{number(outage_s)} s + {clear} = {number(outage_s + mean * outage_s / spare)} s"
            yield Breach(ERROR, connection.path, f"{told}; messages are kept {number(kept_s)} s")


@rule(
    why="Pollers fetch for as many executions as the mappings allow; what the reservation then refuses has been "
    "received in vain, and a few times of that make a dead letter.",
    remedy="Reserve as much concurrency as the mappings of the function may use together.",
    source="docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling (public mirror)",
    checked="2026",
)
def sqs_esm_max_concurrency_vs_reserved(view: View) -> Iterator[Breach]:
    """The mappings of a function may call it more often at one time than is reserved for it."""
    limited = [connection for connection in workers(view) if connection.settings.max_concurrency is not None]
    for connections in by_target(limited).values():
        together, reserved = (
            sum(connection.settings.max_concurrency for connection in connections),
            connections[0].target.get("reserved_concurrency"),
        )
        if reserved is not None and beyond(together, reserved):
            told = f"mappings of {number(together)} executions; {number(reserved)} are reserved"
            yield Breach(ERROR, joined(connections), told)


@rule(
    why="What a failed batch held stays in flight until its visibility timeout is over, beside what is being worked "
    "on. When too much is in flight, SQS hands out no more.",
    remedy="Shorten the visibility timeout or the work, or keep the state of long jobs elsewhere.",
    source="botocore 1.43.11 service model (model min/max and docstrings)",
    checked="2026-05",
)
def sqs_inflight(view: View) -> Iterator[Breach]:
    """Messages in work and messages that failed are more than may be in flight."""
    for connection in workers(view):
        busy = busy_s(connection.target)
        if connection.source is None or busy is None:
            continue
        failed, visible_s = connection.settings.failure_share, connection.source.inputs.visibility_timeout_s
        received = _peak(connection) * attempts(failed, connection.settings.max_receive_count)
        held_s = (1 - failed) * busy + failed * max(visible_s, busy)
        most = view.limit(MOST_IN_FLIGHT[connection.source.inputs.fifo], connection.source.region)
        if beyond(received * held_s, most):
            told = f"{number(received)} receives/s x {number(held_s)} s = {number(received * held_s)}"
            yield Breach(ERROR, connection.path, f"{told} in flight; at most {number(most)}")


@rule(
    why="A mapping polls without pause, and SQS bills a poll that finds nothing like any other.",
    remedy="It is the price of a queue that is seldom used: let one queue take what several do, or call the function "
    "asynchronously where its own retries suffice. Provisioned pollers ask even more often.",
    source="docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling (public mirror)",
    checked="2026",
)
def poll_cost_empty_receives(view: View) -> Iterator[Breach]:
    """A mapping finds its queue empty more often than not."""
    for connection in workers(view):
        if connection.source is None:
            continue
        queue = connection.source.inputs
        empty, filled = queue.empty_receives, queue.messages * queue.receives_per_message / queue.batch
        if beyond(empty, filled):
            told = f"{number(empty)} polls of a month find nothing, {number(filled)} find messages"
            yield Breach(INFO, connection.path, told)
