"""Advice on messages: longer polls and bigger batches, so that fewer requests do the same."""

import math
from collections.abc import Iterator
from typing import NamedTuple

from calculator.metering.batches import batch_size
from calculator.rules import INFO, Breach, rule
from calculator.rules.amounts import busy_s, by_target, month_s, number
from calculator.rules.changes import Advice, advised, both, is_stated, with_inputs, with_setting
from calculator.rules.view import ComponentView, ConnectionView, View
from pricing.formula.language import MS_PER_S
from pricing.formula.words import quantity

# What one call carries, by number and by size.
ENTRIES = {"sqs_queue": "sqs_queue.sqs_batch_entries", "sns_topic": "sns_topic.sns_batch_entries"}
TOTAL_KB = {"sqs_queue": "sqs_queue.sqs_batch_total_size", "sns_topic": "sns_topic.sns_batch_total_size"}
# Nobody waits longer for a batch to be filled unless they say so. [s]
GATHERING_S = 5
# Messages of one call, and of a month.
SENT = {"sqs_queue": ("send_batch", "messages"), "sns_topic": ("publish_batch", "publishes")}


@rule(
    why="A receive that finds no message is billed like any other. One that waits up to 20 s asks less often, and "
    "brings messages no later.",
    remedy="Set the queue's receive wait time to 20 s.",
    source="docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html",
    checked="2026",
)
def long_polling(view: View) -> Iterator[Breach]:
    """Receives come back empty that could have waited."""
    found = []
    for component in view.of("sqs_queue"):
        longest = view.limit("sqs_queue.sqs_long_poll_max", component.region)
        if (
            component.inputs.wait_s < longest
            and component.inputs.empty_receives > 0
            and is_stated(view, component, "empty_receives")
        ):
            fewer = _empty_receives(view, component, longest)
            now = number(component.inputs.empty_receives)
            told = f"{now} empty receives a month, {number(fewer)} if each waits {longest:g} s"
            found.append(Advice((component.name,), told, with_inputs(component, wait_s=longest, empty_receives=fewer)))
    yield from advised(view, INFO, found)


def _empty_receives(view: View, component: ComponentView, longest: float) -> float:
    """Empty receives that are left of those of a month. Who does not wait is taken to ask once a second at most."""
    empty, month = component.inputs.empty_receives, month_s(view.architecture)
    if component.inputs.wait_s > 0:
        return float(empty * component.inputs.wait_s / longest)
    return float(min(empty, math.ceil(empty / month) * month / longest))


@rule(
    why="A call that takes ten messages costs no more than a call that takes one, as long as they are 64 KB together.",
    remedy="Receive and delete ten messages with one call.",
    source="docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-batch-api-actions.html",
    checked="2026",
)
def receive_in_batches(view: View) -> Iterator[Breach]:
    """A consumer takes few messages at a time."""
    found = []
    for component in view.of("sqs_queue"):
        most = min(_entries(view, component), _gathered(view, component.inputs.messages))
        derived = "batch" in view.architecture.components[component.number].derived
        if component.inputs.batch < most and not derived:
            now = quantity(component.inputs.batch, "message")
            told = f"{now} with each call; {number(most)} come within {GATHERING_S} s"
            found.append(Advice((component.name,), told, with_inputs(component, batch=most)))
    yield from advised(view, INFO, found)


@rule(
    why="Ten messages in one call are one billed request, as long as they are 64 KB together.",
    remedy="Collect what is sent at the same time, and send it with one call (SendMessageBatch, PublishBatch).",
    source="docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-batch-api-actions.html",
    checked="2026",
)
def send_in_batches(view: View) -> Iterator[Breach]:
    """Messages are sent one by one."""
    arriving = by_target(view.connections)
    found = []
    for component in view.of("sqs_queue", "sns_topic"):
        name, sent = SENT[component.type]
        connections = arriving.get(component.number, [])
        together = min(map(_sent_at_once, connections)) if connections else _gathered(view, component.get(sent))
        at_once = min(_entries(view, component), together)
        if component.get(name) < at_once:
            told = f"{quantity(component.get(name), 'message')} with each call; {number(at_once)} go"
            found.append(Advice((component.name,), told, with_inputs(component, **{name: at_once})))
    yield from advised(view, INFO, found)


def _sent_at_once(connection: ConnectionView) -> int:
    """Messages that a caller has at one time: it cannot gather those of several calls. AWS's services send each."""
    calls = connection.source is not None and connection.source.type.startswith("lambda_")
    return math.floor(connection.settings.share * connection.settings.calls) if calls else 1


def _gathered(view: View, messages: float) -> int:
    """Messages of a month that come while they are gathered: more cannot be in one call."""
    return math.floor(messages / month_s(view.architecture) * GATHERING_S)


def _entries(view: View, component: ComponentView) -> int:
    """Messages that one call carries, by their number and by their size."""
    most = view.limit(ENTRIES[component.type], component.region)
    fitting = (
        view.limit(TOTAL_KB[component.type], component.region) / component.inputs.message_kb
        if component.inputs.message_kb > 0
        else most
    )
    return max(math.floor(min(most, fitting)), 1)


class _Batching(NamedTuple):
    """A mapping as it is and as it could be: messages of a call, and for how long they are gathered [s]."""

    now: float
    then: float
    window_s: float


@rule(
    why="A mapping that waits a moment brings more messages with each call: fewer calls of the function, and fewer "
    "requests to the queue.",
    remedy="Raise the mapping's batch size, and give it a batch window if messages may be that late. Report failed "
    "messages one by one, or a failure makes the whole batch come again.",
    source="docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html",
    checked="2026",
)
def invoke_with_batches(view: View) -> Iterator[Breach]:
    """A mapping brings few messages to the function at a time."""
    arriving = by_target(view.connections)
    found = []
    for index, connection in enumerate(view.connections):
        if (
            connection.source is None
            or connection.source.type != "sqs_queue"
            or connection.target.type != "lambda_function"
        ):
            continue
        # What else calls the function decides its duration as well; of a FIFO queue nothing is gathered.
        if (
            connection.source.inputs.fifo
            or connection.settings.dead_letter
            or connection.settings.max_concurrency is not None
            or len(arriving[connection.target.number]) > 1
        ):
            continue
        batching = _batching(view, connection.source, connection)
        if batching is not None:
            longer = connection.target.inputs.duration_ms * batching.then / batching.now
            setting = with_setting(index, batch=batching.then, batch_window_s=batching.window_s)
            told = f"{quantity(batching.now, 'message', digits=3)} with each call; {number(batching.then)} if they are "
            told += f"gathered for {number(batching.window_s)} s, and the function then takes {number(longer)} ms"
            edit = both(setting, with_inputs(connection.target, duration_ms=longer))
            found.append(Advice(connection.path, told, edit, (connection.source, connection.target)))
    yield from advised(view, INFO, found)


def _batching(view: View, queue: ComponentView, connection: ConnectionView) -> _Batching | None:
    """As many messages as arrive while they are gathered, and as the function works through in half its timeout."""
    busy = busy_s(connection.target)
    per_s = queue.inputs.messages / month_s(view.architecture)
    if not busy or not per_s:
        return None
    # Each poller gathers for itself, while its window and then its invocation last.
    for_one = per_s / max(connection.settings.pollers, 1)
    gathering_s = connection.settings.batch_window_s + busy
    now = max(float(batch_size(connection.settings.batch, for_one, gathering_s)), queue.inputs.batch)
    window_s = max(connection.settings.batch_window_s, GATHERING_S)
    each_s = max(connection.target.inputs.duration_ms / MS_PER_S / now, connection.settings.message_s or 0)
    # A larger batch keeps the function busy for longer, and more comes meanwhile.
    left = 1 - for_one * each_s
    gathered = for_one * window_s / left if left > 0 else math.inf
    then = math.floor(min(_entries(view, queue), gathered, connection.target.inputs.timeout_s / 2 / each_s))
    return _Batching(now, then, window_s) if then > now else None
