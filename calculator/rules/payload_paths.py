"""The largest event of a path: every component that it passes must take it."""

from collections.abc import Iterator, Mapping

from calculator.rules import ERROR, Breach, rule
from calculator.rules.amounts import beyond, by_target, number
from calculator.rules.payloads import NARROW, SYNC_PAYLOAD, WIDE, taken_kb
from calculator.rules.view import FUNCTIONS, STREAMS, ConnectionView, View
from pricing.catalogue.catalogue import component_type

# The largest that each type takes of one call.
TAKES = {
    "http_api": "rest_api.apigw_payload_size",
    "rest_api": "rest_api.apigw_payload_size",
    "websocket_api": "websocket_api.apigw_ws_message_size",
    "sqs_queue": "sqs_queue.sqs_message_size",
    "sns_topic": "sns_topic.sns_message_size",
    "event_bus": "event_bus.eventbridge_entry_size",
    "kinesis_stream": "kinesis_stream.kinesis_record_size",
    "firehose_stream": "firehose_stream.firehose_record_size",
    "state_machine": "state_machine.sfn_payload",
    "dynamodb_table": "dynamodb_table.dynamodb_item_size",
    "iot_core": "iot_core.iot_message_size",
    "log_group": "log_group.logs_event_size",
}
# What a type is set to take, where that may be less.
OWN = {"sqs_queue": "max_message_kb", "kinesis_stream": "max_record_kb"}
# Batches are cut to what fits, and their rules look at them.
BATCHED = ("sqs_queue", "firehose_stream", *STREAMS)
# The rules that look closer at a pair of types: they tell it, not this one.
CLOSER = (
    (("http_api", "rest_api", "load_balancer"), FUNCTIONS),
    (WIDE, tuple(NARROW)),
    (FUNCTIONS, ("dynamodb_table", "websocket_api")),
    (BATCHED, FUNCTIONS),
)


@rule(
    why="Each component has a largest event of its own, and the smallest of them holds for the whole path: "
    "what the first still takes is refused further on.",
    remedy="Keep the content in S3 and send where it is, from the first component on.",
    source="botocore 1.43.11 service model (model min/max and docstrings)",
    checked="2026-05",
)
def event_size_path_minimum(view: View) -> Iterator[Breach]:
    """An event is too large for a component on its path."""
    arriving = by_target(view.connections)
    for connection in view.connections:
        most_kb = _takes_kb(view, connection)
        if connection.payload_kb is None or most_kb is None or not beyond(connection.payload_kb, most_kb):
            continue
        if connection.source is None or not any(
            connection.source.type in one and connection.target.type in two for one, two in CLOSER
        ):
            told = f"{number(connection.payload_kb)} KB; {connection.target.name} takes {number(most_kb)} KB"
            yield Breach(ERROR, tuple(_path(connection, arriving)), told)


def _takes_kb(view: View, connection: ConnectionView) -> float | None:
    """The largest that the end of a connection takes of one call [KB]; None: it is not known."""
    component = connection.target
    if component.type in FUNCTIONS:
        return view.limit(
            "lambda_function.lambda_async_payload" if connection.asynchronous else SYNC_PAYLOAD, component.region
        )
    if component.type not in TAKES:
        return None
    own, most = component.get(OWN.get(component.type, "")), taken_kb(view, component, TAKES[component.type])
    return most if own is None else min(own, most)


def _path(connection: ConnectionView, arriving: Mapping[int, list[ConnectionView]]) -> list[str]:
    """The components that pass the event on as it is, from the first one to the end of the connection."""
    names, seen = [connection.target.name], {connection.target.number}
    while connection.source is not None and connection.source.number not in seen:
        names.insert(0, connection.source.name)
        seen.add(connection.source.number)
        passes = component_type(connection.source.type).flow.passes and connection.settings.payload_kb is None
        alike = (one for one in arriving.get(connection.source.number, ()) if one.payload_kb == connection.payload_kb)
        before = next(alike, None) if passes else None
        if before is None:
            break
        connection = before
    return names
