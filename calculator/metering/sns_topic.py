"""Amazon SNS: a standard topic bills publishes and deliveries by 64 KB, a FIFO topic by message and by GB."""

from collections.abc import Mapping, Sequence

from calculator.metering import Inputs, Link, Metered
from pricing.formula.language import KB_PER_MB, Constant, Number, ceil, maximum, total

CHUNK = Constant(64, "KB")
# Which deliveries a subscriber of a type is; any other is called over HTTP.
DELIVERIES = {
    "sqs_queue": "sqs_deliveries",
    "lambda_function": "lambda_deliveries",
    "lambda_durable_function": "lambda_deliveries",
    "lambda_managed_instances": "lambda_deliveries",
    "firehose_stream": "firehose_deliveries",
}
# AWS's calculator bills 10 million messages of 4 KB to a FIFO topic as 40 GB: here a GB is a million KB.
FIFO_KB_PER_GB = Constant(1_000_000, "KB/GB")
ONE = Constant(1, "topic")


def meter(t: Inputs) -> Metered:
    """Count the requests, deliveries and GB of a topic in a month, and what SNS limits: sizes [KB], rates [message/s].

    Follows https://aws.amazon.com/sns/pricing/ and the SNS page of the AWS General Reference.

    >>> billed = {"publishes": 1000, "message_kb": 50, "publish_batch": 10, "sqs_deliveries": 3000}
    >>> fifo = {"fifo": True, "throughput_scope": "topic", "hot_group_rps": None, "peak_rps": 2}
    >>> unused = {"filtered_payload_gb": 0, "archive_gb": 0, "archive_stored_gb": 0, "subscriptions": None}
    >>> meter(Inputs(billed | fifo | unused)).usage["fifo_delivery_payload"]
    0.15
    """
    usage = _fifo_usage(t) if t.fifo else _standard_usage(t)
    usage["payload_filtering"] = t.filtered_payload_gb
    demand = {
        "sns_message_size": t.message_kb,
        "sns_batch_entries": t.publish_batch,
        "sns_batch_total_size": t.publish_batch * t.message_kb,
    }
    return Metered(usage=usage, demand=demand | (_fifo_demand(t) if t.fifo else _standard_demand(t)))


def _standard_usage(t: Inputs) -> dict[str, Number]:
    per_delivery = _chunks(t.message_kb)
    return {
        "publish_requests": ceil(t.publishes / t.publish_batch) * _chunks(t.publish_batch * t.message_kb),
        "http_deliveries": t.http_deliveries * per_delivery,
        "email_deliveries": t.email_deliveries * per_delivery,
        "mobile_push_deliveries": t.mobile_push_deliveries * per_delivery,
        "sqs_deliveries": t.sqs_deliveries * per_delivery,
        "lambda_deliveries": t.lambda_deliveries * per_delivery,
        "firehose_deliveries": t.firehose_deliveries * per_delivery,
        "message_scanning": t.scanned_gb,
        "audit_reporting": t.audited_gb,
    }


def _fifo_usage(t: Inputs) -> dict[str, Number]:
    gb_per_message = t.message_kb / FIFO_KB_PER_GB
    return {
        "fifo_publish_requests": ceil(t.publishes / t.publish_batch),
        "fifo_publish_payload": t.publishes * gb_per_message,
        "fifo_deliveries": t.sqs_deliveries,
        "fifo_delivery_payload": t.sqs_deliveries * gb_per_message,
        "fifo_archive_processing": t.archive_gb,
        "fifo_archive_storage": t.archive_stored_gb,
    }


def _chunks(payload_kb: Number) -> Number:
    return maximum(ceil(payload_kb / CHUNK), 1)  # the smallest message is one request


def _standard_demand(t: Inputs) -> dict[str, Number]:
    demand = {
        "sns_topics_standard": ONE,
        "sns_publish_rate_standard": t.peak_rps,
        "sns_email_rate": t.email_peak_rps,
    }
    if t.subscriptions is not None:
        demand["sns_subscriptions_per_topic"] = t.subscriptions
    return demand


def _fifo_demand(t: Inputs) -> dict[str, Number]:
    demand = {"sns_topics_fifo": ONE, "sns_publish_rate_fifo": t.peak_rps}
    if t.throughput_scope == "topic":
        demand["sns_fifo_topic_rate"] = t.peak_rps
        demand["sns_fifo_topic_payload_rate"] = t.peak_rps * t.message_kb / KB_PER_MB
    if t.hot_group_rps is not None:
        demand["sns_fifo_group_rate"] = t.hot_group_rps
    if t.subscriptions is not None:
        demand["sns_subscriptions_per_fifo_topic"] = t.subscriptions
    return demand


def tell(t: Inputs, links: Sequence[Link]) -> Mapping[str, Number]:
    """Deliveries by protocol: one for each message and subscriber that no filter keeps it from."""
    kinds = [DELIVERIES.get(link.target_type, "http_deliveries") for link in links]
    told: dict[str, Number] = {
        name: total(link.calls for link, kind in zip(links, kinds, strict=True) if kind == name)
        for name in {*DELIVERIES.values(), "http_deliveries"}
    }
    return told | {"subscriptions": len(links)}
