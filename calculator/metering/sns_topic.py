"""Amazon SNS: a standard topic bills publishes and deliveries by 64 KB, a FIFO topic by message and by GB."""

from collections.abc import Mapping, Sequence

from calculator.metering import Carried, Inputs, Metered, Sent
from calculator.metering.data_keys import data_key_calls
from pricing.formula.language import KB_PER_MB, Constant, Number, ceil, maximum, ratio, several, total, where

CHUNK = Constant(64, "KB")
# Which deliveries a subscriber of a type is; any other is called over HTTP.
DELIVERIES = {
    "sqs_queue": "sqs_deliveries",
    "lambda_function": "lambda_deliveries",
    "lambda_durable_function": "lambda_deliveries",
    "lambda_managed_instances": "lambda_deliveries",
    "firehose_stream": "firehose_deliveries",
    "email_recipients": "email_deliveries",
}
# What is billed by the size in which it is delivered.
ENVELOPED = ("http_deliveries", "firehose_deliveries")
# AWS's calculator bills 10 million messages of 4 KB to a FIFO topic as 40 GB: here a GB is a million KB.
FIFO_KB_PER_GB = Constant(1_000_000, "KB/GB")
ONE = Constant(1, "topic")
# What a topic takes unless it is set otherwise (https://docs.aws.amazon.com/sns/latest/dg/large-message-payloads.html).
USUAL = Constant(256, "KB")
# What a topic leads to that does not subscribe to it.
NO_SUBSCRIBERS = ("kms_key",)


def meter(inputs: Inputs) -> Metered:
    """Count the requests, deliveries and GB of a topic in a month, and what SNS limits: sizes [KB], rates [message/s].

    Follows https://aws.amazon.com/sns/pricing/ and the SNS page of the AWS General Reference.

    >>> billed = {"publishes": 1000, "message_kb": 50, "publish_batch": 10, "sqs_deliveries": 3000}
    >>> fifo = {"fifo": True, "throughput_scope": "topic", "hot_group_rps": None, "peak_rps": 2}
    >>> unused = {"filtered_payload_gb": 0, "archive_gb": 0, "archive_stored_gb": 0}
    >>> unsaid = {"subscriptions": None, "max_message_kb": None}
    >>> meter(Inputs(billed | fifo | unused | unsaid)).usage["fifo_delivery_payload"]
    0.15
    """
    usage = _fifo_usage(inputs) if inputs.fifo else _standard_usage(inputs)
    usage["payload_filtering"] = inputs.filtered_payload_gb
    demand = {
        "sns_message_size": inputs.message_kb,
        "sns_batch_entries": inputs.publish_batch,
        "sns_batch_total_size": inputs.publish_batch * inputs.message_kb,
    }
    demand |= _fifo_demand(inputs) if inputs.fifo else _standard_demand(inputs)
    if inputs.max_message_kb is None:
        return Metered(usage=usage, demand=demand)
    # Of topics that take small messages only, nobody counts the subscriptions so closely.
    if inputs.subscriptions is not None:
        large = inputs.max_message_kb > USUAL
        demand["sns_subscriptions_of_large_messages"] = where(large, inputs.subscriptions, 0)
    limit = dict.fromkeys(("sns_message_size", "sns_batch_total_size"), inputs.max_message_kb)
    return Metered(usage=usage, demand=demand, limit=limit)


def _standard_usage(inputs: Inputs) -> dict[str, Number]:
    per_delivery = _chunks(inputs.message_kb)
    per_enveloped = per_delivery if inputs.delivered_kb is None else _chunks(inputs.delivered_kb)
    return {
        "publish_requests": ceil(inputs.publishes / inputs.publish_batch)
        * _chunks(several(inputs.publish_batch, inputs.message_kb)),
        "http_deliveries": inputs.http_deliveries * per_enveloped,
        "email_deliveries": inputs.email_deliveries * per_delivery,
        "mobile_push_deliveries": inputs.mobile_push_deliveries * per_delivery,
        "sqs_deliveries": inputs.sqs_deliveries * per_delivery,
        "lambda_deliveries": inputs.lambda_deliveries * per_delivery,
        "firehose_deliveries": inputs.firehose_deliveries * per_enveloped,
        "message_scanning": inputs.scanned_gb,
        "audit_reporting": inputs.audited_gb,
    }


def _fifo_usage(inputs: Inputs) -> dict[str, Number]:
    gb_per_message = inputs.message_kb / FIFO_KB_PER_GB
    return {
        "fifo_publish_requests": ceil(inputs.publishes / inputs.publish_batch),
        "fifo_publish_payload": inputs.publishes * gb_per_message,
        "fifo_deliveries": inputs.sqs_deliveries,
        "fifo_delivery_payload": inputs.sqs_deliveries * gb_per_message,
        "fifo_archive_processing": inputs.archive_gb,
        "fifo_archive_storage": inputs.archive_stored_gb,
    }


def _chunks(payload_kb: Number) -> Number:
    return maximum(ceil(payload_kb / CHUNK), 1)  # the smallest message is one request


def _standard_demand(inputs: Inputs) -> dict[str, Number]:
    demand = {
        "sns_topics_standard": ONE,
        "sns_publish_rate_standard": inputs.peak_rps,
        "sns_email_rate": inputs.email_peak_rps,
    }
    if inputs.subscriptions is not None:
        demand["sns_subscriptions_per_topic"] = inputs.subscriptions
    return demand


def _fifo_demand(inputs: Inputs) -> dict[str, Number]:
    demand = {"sns_topics_fifo": ONE, "sns_publish_rate_fifo": inputs.peak_rps}
    if inputs.throughput_scope == "topic":
        demand["sns_fifo_topic_rate"] = inputs.peak_rps
        demand["sns_fifo_topic_payload_rate"] = inputs.peak_rps * inputs.message_kb / KB_PER_MB
    if inputs.hot_group_rps is not None:
        demand["sns_fifo_group_rate"] = inputs.hot_group_rps
    if inputs.subscriptions is not None:
        demand["sns_subscriptions_per_fifo_topic"] = inputs.subscriptions
    return demand


def send(inputs: Inputs, connection: Inputs, target: Inputs, per_s: Number) -> Sent:
    """What a message becomes: as it is, or as text within SNS's envelope; or calls of the key, two for a data key.

    Raw delivery is for queues, delivery streams and HTTP; mails are sent as they are. The envelope has the topic, the
    time and a signature, and the message with its quotes escaped
    (https://docs.aws.amazon.com/sns/latest/dg/sns-large-payload-raw-message-delivery.html; sizes: docs/conventions.md).
    """
    if target.type == "kms_key":
        callers = 2 * max(len(inputs.arriving), 1)
        return Sent(1, None, of=data_key_calls(inputs.month_hours, callers, inputs.publishes * 2))
    raw = connection.raw_delivery and DELIVERIES.get(target.type) != "lambda_deliveries"
    if raw or target.type == "email_recipients":
        return Sent(1, inputs.message_kb)
    return Sent(1, inputs.message_kb * (1 + connection.escaped_share) + connection.envelope_kb)


def tell(inputs: Inputs, leaving: Sequence[Carried]) -> Mapping[str, Number]:
    """Deliveries by protocol: one for each message and subscriber that no filter keeps it from.

    A FIFO topic bills what a filter keeps back, too (https://aws.amazon.com/sns/pricing/).
    """
    subscribed = [carried for carried in leaving if carried.target_type not in NO_SUBSCRIBERS]
    told: dict[str, Number] = dict.fromkeys((*DELIVERIES.values(), "http_deliveries"), 0)
    sized = []
    for carried in subscribed:
        kind = DELIVERIES.get(carried.target_type, "http_deliveries")
        delivered = inputs.publishes * carried.settings.calls if inputs.fifo else carried.calls
        told[kind] = total([told[kind], delivered])
        if kind in ENVELOPED and carried.payload_kb is not None:
            sized.append((carried.calls, carried.payload_kb))
    if sized:
        size = ratio(total(calls * size for calls, size in sized), total(calls for calls, _ in sized))
        told["delivered_kb"] = size
    return told | {"subscriptions": len(subscribed)}
