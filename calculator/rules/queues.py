"""Queues before functions: what is received must be worked on before it comes again, and drained before it expires."""

from collections.abc import Iterator

from calculator.load.queueing import drain
from calculator.metering.batches import attempts
from calculator.rules import ERROR, INFO, WARNING, Breach, rule
from calculator.rules.amounts import beyond, busy_s, by_target, joined, month_s, number, runnable
from calculator.rules.view import FUNCTIONS, View, Way
from calculator.rules.waiting import patience_s

QUEUES = ("sqs_queue",)
# AWS's advice for functions: the timeout for each of the times that a throttled batch may be tried.
TIMES_TIMEOUT = 6
# Throttled attempts count as receives.
LEAST_RECEIVES = 5
MOST_IN_FLIGHT = {False: "sqs_queue.sqs_inflight_standard", True: "sqs_queue.sqs_inflight_fifo"}


def workers(view: View) -> Iterator[Way]:
    """The connections from queues to the functions that work on their messages."""
    return (way for way in view.between(QUEUES, FUNCTIONS) if not way.c.dead_letter)


@rule(
    why="A mapping may try a throttled batch several times before it gives the messages back. If they become visible "
    "meanwhile they are worked on twice, or become dead letters without having failed.",
    remedy="Set the visibility timeout to six times the function's timeout and the batch window on top.",
    source="docs.aws.amazon.com SQSDeveloperGuide/quotas-messages (public mirror)",
    checked="2026",
)
def sqs_visibility_6x(view: View) -> Iterator[Breach]:
    """A message may become visible again while the function still works on it."""
    for way in workers(view):
        timeout_s = patience_s(view, way.target)
        if way.source is None or timeout_s is None:
            continue
        visible_s, window_s = way.source.q.visibility_timeout_s, way.c.batch_window_s
        least = TIMES_TIMEOUT * timeout_s + window_s
        if beyond(least, visible_s):
            # Lambda refuses a mapping to a queue whose messages come back before the function is stopped.
            severity = ERROR if beyond(timeout_s, visible_s) else WARNING
            needed = f"{TIMES_TIMEOUT} x {number(timeout_s)} s + {number(window_s)} s = {number(least)} s"
            yield Breach(severity, way.path, f"visibility timeout {number(visible_s)} s; {needed}")


@rule(
    why="Throttled attempts count as receives, so that a short spike makes dead letters of good messages.",
    remedy="Allow 5 receives or more, and let the function report single messages as failed.",
    source="recalled AWS documentation, not re-read",
    checked="unverified",
)
def sqs_max_receive_count(view: View) -> Iterator[Breach]:
    """Messages become dead letters after few attempts."""
    for way in workers(view):
        received = way.c.max_receive_count
        if received is not None and beyond(LEAST_RECEIVES, received):
            yield Breach(WARNING, way.path, f"{number(received)} receives; at least {LEAST_RECEIVES} before a function")


@rule(
    why="What comes faster than it is worked on waits, longer and longer, until it expires and is lost.",
    remedy="Use larger batches, shorten the function's duration, or allow it more concurrency.",
    source="docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling (public mirror)",
    checked="2026",
)
def sqs_lambda_drain_rate(view: View) -> Iterator[Breach]:
    """A function drains its queue more slowly than messages come."""
    most = runnable(view)
    for way in workers(view):
        busy = busy_s(way.target)
        if way.source is None or not busy:
            continue
        own = way.c.max_concurrency
        running = most(way.target) if own is None else min(most(way.target), own)
        drained = _drained(way, busy, running)
        mean, peak = way.source.q.messages * way.c.share / month_s(view.architecture), _peak(way)
        if beyond(max(mean, peak), drained):
            batches = f"{number(running)} x {number(way.c.batch)} messages / {number(busy)} s"
            told = f"{number(mean)} messages/s come, {number(peak)} at the peak; {batches} = {number(drained)}/s"
            # A peak that is too much only makes a backlog that the rest of the day may clear.
            yield Breach(ERROR if beyond(mean, drained) else WARNING, way.path, told)


def _drained(way: Way, busy: float, running: float) -> float:
    """Messages that are worked on in a second, attempts that fail included [message/s]."""
    return float(drain(way.c.batch, busy, running) / attempts(way.c.failure_share, way.c.max_receive_count))


def _peak(way: Way) -> float:
    return 0.0 if way.source is None else float(way.source.q.peak_rps * way.c.share)


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
    for way in workers(view):
        busy, outage_s = busy_s(way.target), way.c.outage_s
        if way.source is None or not busy or outage_s is None:
            continue
        own = way.c.max_concurrency
        running = most(way.target) if own is None else min(most(way.target), own)
        mean = way.source.q.messages * way.c.share / month_s(view.architecture)
        spare = _drained(way, busy, running) - mean
        kept_s = way.source.q.retention_s
        if mean and spare <= 0:
            yield Breach(ERROR, way.path, f"after {number(outage_s)} s nothing is left to drain the backlog")
        elif mean and beyond(outage_s + mean * outage_s / spare, kept_s):
            clear = f"{number(mean * outage_s)} messages / {number(spare)}/s"
            told = f"{number(outage_s)} s + {clear} = {number(outage_s + mean * outage_s / spare)} s"
            yield Breach(ERROR, way.path, f"{told}; messages are kept {number(kept_s)} s")


@rule(
    why="Pollers fetch for as many executions as the mappings allow; what the reservation then refuses has been "
    "received in vain, and a few times of that make a dead letter.",
    remedy="Reserve as much concurrency as the mappings of the function may use together.",
    source="docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling (public mirror)",
    checked="2026",
)
def sqs_esm_max_concurrency_vs_reserved(view: View) -> Iterator[Breach]:
    """The mappings of a function may call it more often at one time than is reserved for it."""
    limited = [way for way in workers(view) if way.c.max_concurrency is not None]
    for ways in by_target(limited).values():
        together, reserved = sum(way.c.max_concurrency for way in ways), ways[0].target.get("reserved_concurrency")
        if reserved is not None and beyond(together, reserved):
            told = f"mappings of {number(together)} executions; {number(reserved)} are reserved"
            yield Breach(ERROR, joined(ways), told)


@rule(
    why="What a failed batch held stays in flight until its visibility timeout is over, beside what is being worked "
    "on. When too much is in flight, SQS hands out no more.",
    remedy="Shorten the visibility timeout or the work, or keep the state of long jobs elsewhere.",
    source="botocore 1.43.11 service model (model min/max and docstrings)",
    checked="2026-05",
)
def sqs_inflight(view: View) -> Iterator[Breach]:
    """Messages in work and messages that failed are more than may be in flight."""
    for way in workers(view):
        busy = busy_s(way.target)
        if way.source is None or busy is None:
            continue
        failed, visible_s = way.c.failure_share, way.source.q.visibility_timeout_s
        received = _peak(way) * attempts(failed, way.c.max_receive_count)
        held_s = (1 - failed) * busy + failed * max(visible_s, busy)
        most = view.limit(MOST_IN_FLIGHT[way.source.q.fifo], way.source.region)
        if beyond(received * held_s, most):
            told = f"{number(received)} receives/s x {number(held_s)} s = {number(received * held_s)}"
            yield Breach(ERROR, way.path, f"{told} in flight; at most {number(most)}")


@rule(
    why="A mapping polls without pause, and SQS bills a poll that finds nothing like any other.",
    remedy="It is the price of a queue that is seldom used: let one queue take what several do, or call the function "
    "asynchronously where its own retries suffice. Provisioned pollers ask even more often.",
    source="docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling (public mirror)",
    checked="2026",
)
def poll_cost_empty_receives(view: View) -> Iterator[Breach]:
    """A mapping finds its queue empty more often than not."""
    for way in workers(view):
        if way.source is None:
            continue
        queue = way.source.q
        empty, filled = queue.empty_receives, queue.messages * queue.receives_per_message / queue.batch
        if beyond(empty, filled):
            told = f"{number(empty)} polls of a month find nothing, {number(filled)} find messages"
            yield Breach(INFO, way.path, told)
