"""Amazon SQS: messages are sent, received and deleted in batches; each 64 KB that a call carries is a request."""

from calculator.metering import Inputs, Metered
from pricing.formula import Constant, Number, ceil, maximum, minimum

CHUNK = Constant(64, "KB")


def meter(q: Inputs) -> Metered:
    """Count the requests [request] of a month, and what SQS limits: sizes [KB], times [s], rates [request/s].

    Follows https://aws.amazon.com/sqs/pricing/ and the quotas of the SQS developer guide.

    >>> billed = {"messages": 1000, "message_kb": 65, "send_batch": 1, "batch": 1, "empty_receives": 10}
    >>> kind = {"fifo": False, "fair": True, "peak_rps": 2, "processing_s": None}
    >>> times = {"retention_s": 60, "visibility_timeout_s": 30, "delay_s": 0, "wait_s": 20}
    >>> meter(Inputs(billed | kind | times)).usage
    {'requests': 5010.0, 'fair_surcharge': 5000.0}
    """
    sends = ceil(q.messages / q.send_batch) * _chunks(q.send_batch * q.message_kb)
    receives = ceil(q.messages / q.batch) * _chunks(q.batch * q.message_kb)
    deletes = ceil(q.messages / q.batch)
    with_messages = sends + receives + deletes
    requests = with_messages + q.empty_receives
    if q.fifo:
        return Metered(usage={"fifo_requests": requests}, demand=_demand(q) | _fifo_demand(q))
    usage = {"requests": requests}
    if q.fair:
        # The surcharge is for messages with a group id: an empty receive carries none.
        usage["fair_surcharge"] = with_messages
    return Metered(usage=usage, demand=_demand(q) | _in_flight(q, "sqs_inflight_standard"))


def _chunks(payload_kb: Number) -> Number:
    return maximum(ceil(payload_kb / CHUNK), 1)  # the smallest call is one request


def _demand(q: Inputs) -> dict[str, Number]:
    return {
        "sqs_message_size": q.message_kb,
        "sqs_batch_total_size": q.send_batch * q.message_kb,
        "sqs_batch_entries": maximum(q.send_batch, q.batch),
        "sqs_retention_max": q.retention_s,
        "sqs_retention_min": q.retention_s,
        "sqs_visibility_max": q.visibility_timeout_s,
        "sqs_delay_max": q.delay_s,
        "sqs_long_poll_max": q.wait_s,
    }


def _fifo_demand(q: Inputs) -> dict[str, Number]:
    # Each API action has the rate for itself: the one with the smaller batch needs more calls.
    calls_per_s = q.peak_rps / minimum(q.send_batch, q.batch)
    demand = _in_flight(q, "sqs_inflight_fifo")
    if not q.high_throughput:
        return demand | {"sqs_fifo_tps": calls_per_s, "sqs_fifo_msgs_batched": q.peak_rps}
    demand["sqs_fifo_high_throughput_tps"] = calls_per_s
    if q.hot_group_rps is not None:
        demand["sqs_fifo_partition_tps"] = q.hot_group_rps / minimum(q.send_batch, q.batch)
    return demand


def _in_flight(q: Inputs, quota: str) -> dict[str, Number]:
    return {} if q.processing_s is None else {quota: q.peak_rps * q.processing_s}
