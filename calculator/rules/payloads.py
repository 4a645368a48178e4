"""Sizes along a path: what one component takes may be too large for the next."""

from collections.abc import Iterator

from calculator.rules import ERROR, WARNING, Breach, rule
from calculator.rules.amounts import beyond, number
from calculator.rules.view import FUNCTIONS, ComponentView, ConnectionView, View
from calculator.rules.waiting import waiting

# Base64 writes three bytes as four letters.
BASE64 = 4 / 3
SYNC_PAYLOAD = "lambda_function.lambda_sync_payload"
BATCH_PAYLOAD = "event_source_mapping.lambda_esm_batch_payload"
# What takes more than the services behind it, and those.
WIDE = ("sqs_queue", "event_bus", "event_pipe")
NARROW = {
    "sns_topic": "sns_topic.sns_message_size",
    "state_machine": "state_machine.sfn_payload",
    "lambda_durable_function": "lambda_durable_function.lambda_durable_result_size",
}


def taken_kb(view: View, component: ComponentView, quota: str) -> float:
    """The largest message that a component takes [KB]: a topic as much as it is set to take."""
    own = component.get("max_message_kb") if component.type == "sns_topic" else None
    return view.limit(quota, component.region) if own is None else float(own)


def _encoded(connection: ConnectionView, size_kb: float) -> float:
    return size_kb * BASE64 if connection.settings.binary else size_kb


def _answer_kb(connection: ConnectionView) -> float:
    """The largest that is said of the answer [KB]."""
    ends = (
        connection.target.get("response_kb"),
        None if connection.source is None else connection.source.get("response_kb"),
    )
    stated = [connection.response_kb] if connection.response_kb is not None else ends
    return max((float(size) for size in stated if size is not None), default=0.0)


@rule(
    why="The API takes more than the function behind it. Binary bodies travel in base64, a third larger, and the "
    "headers come on top.",
    remedy="Let clients send and fetch large files by pre-signed S3 URLs, or stream the answer.",
    source="docs.aws.amazon.com/apigateway/latest/developerguide/limits.html, archived 2026-08-10 (public copy)",
    checked="2026-08-10",
)
def apigw_lambda_payload(view: View) -> Iterator[Breach]:
    """A request or an answer that the API takes is too large for the function behind it."""
    for connection in waiting(view):
        if (
            connection.source is None
            or connection.source.type not in ("http_api", "rest_api")
            or connection.target.type not in FUNCTIONS
        ):
            continue
        request_kb = _encoded(connection, connection.payload_kb or 0.0) + (connection.source.get("header_kb") or 0.0)
        # What is streamed has a limit of its own.
        answer_kb = 0.0 if connection.target.get("streamed_kb") else _encoded(connection, _answer_kb(connection))
        most_kb = view.limit(SYNC_PAYLOAD, connection.target.region)
        if beyond(max(request_kb, answer_kb), most_kb):
            told = f"request {number(request_kb)} KB, answer {number(answer_kb)} KB as the function sees them"
            yield Breach(ERROR, connection.path, f"{told}; at most {number(most_kb)} KB")


@rule(
    why="Between a load balancer and a function a body may be 1 MB, far less than between an API and a function.",
    remedy="Put an API or a function URL in front of the function, or let large bodies go by S3.",
    source="docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions (public mirror), "
    "botocore elbv2",
    checked="2025-2026",
)
def alb_lambda_payload(view: View) -> Iterator[Breach]:
    """A body is too large to pass between a load balancer and a function."""
    for connection in view.between(("load_balancer",), FUNCTIONS):
        request_kb, answer_kb = connection.payload_kb or 0.0, _encoded(connection, _answer_kb(connection))
        most_kb = view.limit("load_balancer.alb_lambda_request_body", connection.target.region)
        most_back_kb = view.limit("load_balancer.alb_lambda_response", connection.target.region)
        if beyond(request_kb, most_kb) or beyond(answer_kb, most_back_kb):
            told = f"request {number(request_kb)} of {number(most_kb)} KB"
            yield Breach(ERROR, connection.path, f"{told}, answer {number(answer_kb)} of {number(most_back_kb)} KB")


@rule(
    why="CloudFront forwards larger headers than an API takes: large tokens and many cookies are refused only there.",
    remedy="Use smaller tokens, and forward only the headers and cookies that the API reads.",
    source="docs.aws.amazon.com/apigateway/.../api-gateway-execution-service-limits-table.html (public mirror)",
    checked="2026",
)
def cloudfront_headers_vs_apigw(view: View) -> Iterator[Breach]:
    """Headers that CloudFront forwards are too large for the API behind it."""
    for connection in view.between(("cloudfront_distribution",), ("http_api", "rest_api")):
        header_kb = None if connection.source is None else connection.source.get("header_kb")
        most_kb = view.limit(_header_quota(connection.target), connection.target.region)
        if header_kb is not None and beyond(header_kb, most_kb):
            yield Breach(
                ERROR, connection.path, f"headers of {number(header_kb)} KB; the API takes {number(most_kb)} KB"
            )


def _header_quota(api: ComponentView) -> str:
    if api.type == "http_api":
        return "http_api.apigw_http_header_total"
    private = api.get("endpoint") == "private"
    return "rest_api.apigw_private_header_total" if private else "rest_api.apigw_header_total"


@rule(
    why="SNS wraps the message in JSON: about 1 KB more, and every quote in it is escaped. A queue that takes no more "
    "than the message itself refuses it.",
    remedy="Turn on raw delivery, or let the queue take messages of up to 1 MiB.",
    source="botocore 1.43.11 service model (model min/max and docstrings)",
    checked="2026-05",
)
def sns_sqs_envelope(view: View) -> Iterator[Breach]:
    """A message in its SNS envelope is too large for the queue."""
    for connection in view.between(("sns_topic",), ("sqs_queue",)):
        own, size_kb = (
            connection.target.get("max_message_kb"),
            connection.source and connection.source.get("message_kb"),
        )
        most_kb = view.limit("sqs_queue.sqs_message_size", connection.target.region) if own is None else own
        within_kb = connection.payload_kb
        if connection.settings.raw_delivery or within_kb is None or size_kb is None or beyond(size_kb, most_kb):
            continue  # without its envelope it does not fit either: event_size_path_minimum
        if beyond(within_kb, most_kb):
            told = f"{number(size_kb)} KB are {number(within_kb)} KB in SNS's envelope"
            yield Breach(WARNING, connection.path, f"{told}; the queue takes {number(most_kb)} KB")


@rule(
    why="Queues and buses take messages of 1 MB; workflows and results of durable functions stay at 256 KB, and so do "
    "topics unless they are set to take more.",
    remedy="Keep the content in S3 and send where it is, from the first component on; or set a topic to take 1 MiB.",
    source="botocore 1.43.11 service model (model min/max and docstrings)",
    checked="2026-05",
)
def sqs_to_sns_downsize(view: View) -> Iterator[Breach]:
    """A message is passed on to a service that takes only smaller ones."""
    for connection in view.between(WIDE, NARROW):
        size_kb = _message_kb(connection)
        most_kb = taken_kb(view, connection.target, NARROW[connection.target.type])
        if size_kb is not None and beyond(size_kb, most_kb):
            yield Breach(
                ERROR, connection.path, f"{number(size_kb)} KB; {connection.target.name} takes {number(most_kb)} KB"
            )


def _message_kb(connection: ConnectionView) -> float | None:
    """One message [KB], where a queue passes several in one call."""
    if (
        connection.settings.payload_kb is None
        and connection.source is not None
        and connection.source.type == "sqs_queue"
    ):
        return float(connection.source.inputs.message_kb)
    return connection.payload_kb


@rule(
    why="A function may answer with more than the state of a workflow holds: the execution fails after the work "
    "has been done.",
    remedy="Keep of the result what is needed (ResultSelector), put the rest into S3, or use a distributed Map.",
    source="docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html (public mirror)",
    checked="2026",
)
def sfn_task_output(view: View) -> Iterator[Breach]:
    """A function answers a workflow with more than its state holds."""
    for connection in view.between(("state_machine",), FUNCTIONS):
        stated = connection.response_kb if connection.response_kb is not None else connection.target.get("response_kb")
        answer_kb, most_kb = stated or 0.0, view.limit(NARROW["state_machine"], connection.target.region)
        if beyond(answer_kb, most_kb):
            yield Breach(
                ERROR, connection.path, f"an answer of {number(answer_kb)} KB; a state holds {number(most_kb)} KB"
            )


@rule(
    why="An entry of a table is limited, the names of its attributes included; the write is refused.",
    remedy="Keep the content in S3 and write where it is, or split it into several entries.",
    source="botocore 1.43.11 service model (model min/max and docstrings)",
    checked="2026-05",
)
def lambda_to_dynamodb_item(view: View) -> Iterator[Breach]:
    """What a function writes is too large for one entry of the table."""
    for connection in view.between(FUNCTIONS, ("dynamodb_table",)):
        if not connection.settings.writes:
            continue
        size_kb = connection.target.inputs.item_kb if connection.payload_kb is None else connection.payload_kb
        most_kb = view.limit("dynamodb_table.dynamodb_item_size", connection.target.region)
        if beyond(size_kb, most_kb):
            yield Breach(ERROR, connection.path, f"{number(size_kb)} KB; the table takes {number(most_kb)} KB")


@rule(
    why="A message to a connected client is limited; a larger one is refused, or the connection is closed.",
    remedy="Send where the content is, and let the client fetch it.",
    source="docs.aws.amazon.com/apigateway/latest/developerguide/"
    "apigateway-execution-service-websocket-limits-table.html (public mirror)",
    checked="2026",
)
def websocket_push_size(view: View) -> Iterator[Breach]:
    """A function pushes more to a client than a WebSocket message holds."""
    for connection in view.between(FUNCTIONS, ("websocket_api",)):
        size_kb = connection.target.inputs.message_kb if connection.payload_kb is None else connection.payload_kb
        most_kb = view.limit("websocket_api.apigw_ws_message_size", connection.target.region)
        if beyond(size_kb, most_kb):
            yield Breach(ERROR, connection.path, f"{number(size_kb)} KB; a message holds {number(most_kb)} KB")


@rule(
    why="Records travel to a function in base64, a third larger. Batches that are too large are cut short, and a "
    "record that is too large by itself never arrives.",
    remedy="Keep records below three quarters of a call's payload limit, and plan with as many as fit.",
    source="botocore 1.43.11 service model (model min/max and docstrings)",
    checked="2026-05",
)
def kinesis_lambda_batch(view: View) -> Iterator[Breach]:
    """A batch of a stream is larger than one call of a function."""
    for connection in view.between(("kinesis_stream",), FUNCTIONS):
        if connection.source is None:
            continue
        record_kb = connection.source.inputs.record_kb * BASE64
        batch_kb, most_kb = connection.settings.batch * record_kb, view.limit(BATCH_PAYLOAD, connection.target.region)
        if beyond(batch_kb, most_kb):
            told = f"{number(connection.settings.batch)} x {number(record_kb)} KB in base64 = {number(batch_kb)} KB"
            severity = ERROR if beyond(record_kb, most_kb) else WARNING
            yield Breach(severity, connection.path, f"{told}; a call carries {number(most_kb)} KB")
