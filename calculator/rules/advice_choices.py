"""Advice on the other service: where another one carries the same messages or runs the same tasks for less."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

from calculator.metering.sqs_queue import FIRST_EXECUTIONS, LONG_POLL, RECEIVE
from calculator.rules import INFO, Breach, rule
from calculator.rules.advice_capacity import shards_for
from calculator.rules.amounts import by_source, month_s, number
from calculator.rules.changes import USED, Advice, Swap, advised, peak_is_known, replaced, saved_alone, swapped
from calculator.rules.view import FUNCTIONS, ComponentView, View
from pricing.formula.words import money

# AWS says here when to take which of its queues, topics, buses, brokers and streams.
GUIDE = (
    "docs.aws.amazon.com/decision-guides/latest/application-integration-on-aws-how-to-choose/"
    "application-integration-on-aws-how-to-choose.html"
)
# To what a topic delivers as well.
SUBSCRIBERS = (*FUNCTIONS, "sqs_queue", "firehose_stream")
ONLY_A_TOPIC = ("http_deliveries", "email_deliveries", "mobile_push_deliveries", "scanned_gb", "audited_gb")
MILLION = 1_000_000
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


@rule(
    why="A topic bills each GB that its payload filters look at. The rules of a bus look into every event for nothing "
    "more than the event costs.",
    remedy="Put messages that are sorted by what they say on a bus. It can keep them for a replay as well, and has "
    "targets that a topic has not. Keep the topic where attributes are enough to filter by.",
    source=GUIDE,
    checked="2026-11-28",
)
def event_bus_instead_of_sns(view: View) -> Iterator[Breach]:
    """A topic looks into its messages, as a bus would for less."""
    leaving, found = by_source(view.connections), []
    for component in view.of("sns_topic"):
        behind = [one for one in leaving.get(component.number, []) if one.target.type in SUBSCRIBERS]
        others = any(component.get(name) for name in ONLY_A_TOPIC)
        most_kb = view.limit("event_bus.eventbridge_entry_size", component.region)
        looks = component.inputs.filtered_payload_gb
        if not behind or not looks or component.inputs.fifo or others or component.inputs.message_kb > most_kb:
            continue
        bus = {"type": "event_bus", "custom_events": component.inputs.publishes, "targets_per_event": len(behind)}
        bus |= {"event_kb": component.inputs.message_kb, "peak_rps": component.inputs.peak_rps}
        found.append(Swap(component, f"{number(looks)} GB a month are looked at by filters of the payload", bus))
    yield from swapped(view, INFO, found)


@rule(
    why="A broker is billed by the hour, used or not, a queue by the request: unless very much passes it, a queue "
    "carries the same messages for less, and there is no machine to size.",
    remedy="Take a queue, and a topic before it to tell many. Keep the broker where programs speak its protocols "
    "(AMQP, MQTT, OpenWire, STOMP), or for messages that are larger, have priorities or never expire.",
    source=GUIDE,
    checked="2026-11-28",
)
def queue_instead_of_broker(view: View) -> Iterator[Breach]:
    """A broker carries what a queue would carry for less."""
    found = []
    for component in view.of("mq_broker"):
        messages, message_kb = component.get("messages"), component.get("message_kb")
        size = {} if message_kb is None else {"message_kb": message_kb}
        if messages:
            told = f"{number(messages)} messages a month"
            found.append(Swap(component, told, {"type": "sqs_queue", "messages": messages} | size))
            continue
        costs, left = (saved_alone(view, component, {"type": "sqs_queue", "messages": one}) for one in (0, MILLION))
        if costs is not None and left is not None and costs > 0:
            carried = math.floor(costs / (costs - left) * MILLION)
            told = f"for the {money(costs)} a month of the broker a queue carries {number(carried)} messages"
            yield Breach(INFO, (component.name,), told)
    yield from swapped(view, INFO, found)
