"""Advice on the other service: where another one carries the same messages or runs the same tasks for less."""

from collections.abc import Iterator, Mapping
from typing import Any

from calculator.metering.sqs_queue import FIRST_EXECUTIONS, LONG_POLL, RECEIVE
from calculator.rules import INFO, Breach, rule
from calculator.rules.advice_capacity import shards_for
from calculator.rules.amounts import by_source, month_s, number
from calculator.rules.changes import USED, Advice, Swap, advised, peak_is_known, replaced, swapped
from calculator.rules.view import FUNCTIONS, ComponentView, View

# AWS says here when to take which of its queues, topics, buses, brokers and streams.
GUIDE = (
    "docs.aws.amazon.com/decision-guides/latest/application-integration-on-aws-how-to-choose/"
    "application-integration-on-aws-how-to-choose.html"
)
# To what a topic delivers as well.
SUBSCRIBERS = (*FUNCTIONS, "sqs_queue", "firehose_stream")
# What a topic has not.
ONLY_A_BUS = (
    "partner_events",
    "cross_account_events",
    "api_destination_calls",
    "archive_gb",
    "archive_stored_gb",
    "schema_discovery_events",
)


@rule(
    why="A bus bills each event that is put on it, a topic half as much for a publish and nothing for deliveries to "
    "queues and functions (Firehose costs a fifth of an event).",
    remedy="Publish to a topic where each event goes to every target. Keep the bus where rules look into events, or "
    "for archives, schemas, other accounts and the targets that a topic does not have.",
    source="docs.aws.amazon.com/decision-guides/latest/sns-or-sqs-or-eventbridge/sns-or-sqs-or-eventbridge.html",
    checked="2026-11-28",
)
def sns_instead_of_event_bus(view: View) -> Iterator[Breach]:
    """A bus passes every event to every target, as a topic would."""
    leaving = by_source(view.connections)
    found = []
    for component in view.of("event_bus"):
        behind = leaving.get(component.number, [])
        plain = not any(component.get(name) for name in ONLY_A_BUS) and all(
            connection.target.type in SUBSCRIBERS and connection.settings.share == 1 for connection in behind
        )
        if behind and plain:
            told = f"{number(component.inputs.custom_events)} events a month to {len(behind)} targets, none filtered"
            found.append(Advice((component.name,), told, replaced(component, _topic)))
    yield from advised(view, INFO, found)


def _topic(said: Mapping[str, Any]) -> Mapping[str, Any]:
    names = {"name": "name", "region": "region", "custom_events": "publishes", "event_kb": "message_kb"}
    names |= {"peak_rps": "peak_rps"}
    return {"type": "sns_topic"} | {new: said[old] for old, new in names.items() if said.get(old) is not None}


@rule(
    why="A stream is billed by the hour, a queue by the request: few records are carried by a queue for less.",
    remedy="Take a queue where each record is worked on once, by itself, in any order. Keep the stream for order "
    "within a key, several readers, or reading again.",
    source=GUIDE,
    checked="2026-11-28",
)
def queue_instead_of_stream(view: View) -> Iterator[Breach]:
    """A stream with one reader carries little."""
    leaving, found = by_source(view.connections), []
    for component in view.of("kinesis_stream"):
        behind = leaving.get(component.number, [])
        if len(behind) != 1 or behind[0].target.type not in FUNCTIONS or component.inputs.efo_consumers:
            continue
        told = f"{number(component.inputs.records)} records a month for one reader"
        queue = _queue(view, component, behind[0].settings.batch)
        found.append(Swap(component, told, queue))
    yield from swapped(view, INFO, found)


def _queue(view: View, stream: ComponentView, batch: float) -> dict[str, Any]:
    """The queue that carries what a stream does: records in batches of ten at most, polled as a mapping polls."""
    batch = min(batch, float(RECEIVE), max(stream.inputs.records / month_s(view.architecture), 1.0))
    polls = float(FIRST_EXECUTIONS) * month_s(view.architecture) / float(LONG_POLL)
    return {
        "type": "sqs_queue",
        "messages": stream.inputs.records,
        "message_kb": stream.inputs.record_kb,
        "send_batch": min(stream.inputs.put_batch, float(RECEIVE)),
        "batch": batch,
        "empty_receives": max(polls - stream.inputs.records / batch, 0.0),
        "peak_rps": stream.inputs.peak_rps,
    }


@rule(
    why="A queue bills each message some three times: sent, received and deleted. A shard takes a thousand records a "
    "second for a price by the hour: many small messages are carried by a stream for less.",
    remedy="Take a stream where messages come steadily and are worked on in the order they came. Keep the queue where "
    "each message is retried by itself, delayed, or worked on by as many as there are.",
    source=GUIDE,
    checked="2026-11-28",
)
def stream_instead_of_queue(view: View) -> Iterator[Breach]:
    """A queue carries so much that a stream would do it for less."""
    leaving, found = by_source(view.connections), []
    for component in view.of("sqs_queue"):
        behind = leaving.get(component.number, [])
        one = len(behind) == 1 and behind[0].target.type in FUNCTIONS
        if not one or component.inputs.fifo or not peak_is_known(view, component):
            continue
        shards = shards_for(view, component.region, component.inputs.peak_rps, component.inputs.message_kb)
        told = f"{number(component.inputs.messages)} messages a month; {number(shards)} shards carry the peak at "
        told += f"{USED:.0%}"
        stream = {"type": "kinesis_stream", "capacity": "provisioned", "shards": shards, "consumers": 1}
        stream |= {"records": component.inputs.messages, "record_kb": component.inputs.message_kb}
        found.append(Swap(component, told, stream))
    yield from swapped(view, INFO, found)
