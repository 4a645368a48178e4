"""Amazon SQS: messages are sent, received and deleted in batches; each 64 KB that a call carries is a request."""

from collections.abc import Mapping, Sequence

from calculator.metering import Carried, Inputs, Metered, Sent
from calculator.metering.batches import attempts, batch_size, dead_share, within
from pricing.formula.language import MS_PER_S, S_PER_HOUR, Constant, Number, ceil, maximum, minimum, ratio, total

CHUNK = Constant(64, "KB")
# What a mapping does: it waits for messages as long as SQS allows, and takes as many as a receive brings.
LONG_POLL = Constant(20, "s")
RECEIVE = Constant(10, "message")
FIRST_EXECUTIONS = Constant(5, "execution")


def meter(inputs: Inputs) -> Metered:
    """Count the requests [request] of a month, and what SQS limits: sizes [KB], times [s], rates [request/s].

    Follows https://aws.amazon.com/sqs/pricing/ and the quotas of the SQS developer guide.

    >>> billed = {"messages": 1000, "message_kb": 65, "send_batch": 1, "batch": 1}
    >>> kind = {"fifo": False, "fair": True, "peak_rps": 2, "processing_s": None}
    >>> received = {"receives_per_message": 1, "empty_receives": 10}
    >>> times = {"retention_s": 60, "visibility_timeout_s": 30, "delay_s": 0, "wait_s": 20}
    >>> meter(Inputs(billed | received | kind | times)).usage
    {'requests': 5010.0, 'fair_surcharge': 5000.0}
    """
    sends = ceil(inputs.messages / inputs.send_batch) * _chunks(inputs.send_batch * inputs.message_kb)
    receives = ceil(inputs.messages * inputs.receives_per_message / inputs.batch) * _chunks(
        inputs.batch * inputs.message_kb
    )
    deletes = ceil(inputs.messages / inputs.batch)
    with_messages = sends + receives + deletes
    requests = with_messages + inputs.empty_receives
    if inputs.fifo:
        return Metered(usage={"fifo_requests": requests}, demand=_demand(inputs) | _fifo_demand(inputs))
    usage = {"requests": requests}
    if inputs.fair:
        # The surcharge is for messages with a group id: an empty receive carries none.
        usage["fair_surcharge"] = with_messages
    return Metered(usage=usage, demand=_demand(inputs) | _in_flight(inputs, "sqs_inflight_standard"))


def _chunks(payload_kb: Number) -> Number:
    return maximum(ceil(payload_kb / CHUNK), 1)  # the smallest call is one request


def _demand(inputs: Inputs) -> dict[str, Number]:
    return {
        "sqs_message_size": inputs.message_kb,
        "sqs_batch_total_size": inputs.send_batch * inputs.message_kb,
        "sqs_batch_entries": maximum(inputs.send_batch, inputs.batch),
        "sqs_retention_max": inputs.retention_s,
        "sqs_retention_min": inputs.retention_s,
        "sqs_visibility_max": inputs.visibility_timeout_s,
        "sqs_delay_max": inputs.delay_s,
        "sqs_long_poll_max": inputs.wait_s,
    }


def _fifo_demand(inputs: Inputs) -> dict[str, Number]:
    # Each API action has the rate for itself: the one with the smaller batch needs more calls.
    calls_per_s = inputs.peak_rps / minimum(inputs.send_batch, inputs.batch)
    demand = _in_flight(inputs, "sqs_inflight_fifo")
    if not inputs.high_throughput:
        return demand | {"sqs_fifo_tps": calls_per_s, "sqs_fifo_msgs_batched": inputs.peak_rps}
    demand["sqs_fifo_high_throughput_tps"] = calls_per_s
    if inputs.hot_group_rps is not None:
        demand["sqs_fifo_partition_tps"] = inputs.hot_group_rps / minimum(inputs.send_batch, inputs.batch)
    return demand


def _in_flight(inputs: Inputs, quota: str) -> dict[str, Number]:
    return {} if inputs.processing_s is None else {quota: inputs.peak_rps * inputs.processing_s}


def send(inputs: Inputs, connection: Inputs, target: Inputs, per_s: Number) -> Sent:
    """What a message becomes: a share of a batch, for each attempt; or a dead letter after the last."""
    if connection.dead_letter:
        return Sent(dead_share(connection.failure_share, connection.max_receive_count), inputs.message_kb)
    batch = _gathered(connection, target, per_s)
    calls = attempts(connection.failure_share, connection.max_receive_count) / batch
    return Sent(within(connection.max_concurrency, calls, per_s, _duration_s(target)), batch * inputs.message_kb)


def _gathered(connection: Inputs, target: Inputs, per_s: Number) -> Number:
    """Messages of a batch: those that the window gathers, or those that wait while the first executions are busy.

    A mapping begins with five and adds more only where full batches do not keep up
    (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html): until then they share what comes.
    """
    batch, duration_s = batch_size(connection.batch, per_s, connection.batch_window_s), _duration_s(target)
    if duration_s is None:
        return batch
    first = (
        FIRST_EXECUTIONS
        if connection.max_concurrency is None
        else minimum(connection.max_concurrency, FIRST_EXECUTIONS)
    )
    waiting = ratio(attempts(connection.failure_share, connection.max_receive_count) * per_s * duration_s, first)
    return minimum(connection.batch, maximum(batch, waiting))


def tell(inputs: Inputs, links: Sequence[Carried]) -> Mapping[str, Number]:
    """How the mapping behind the queue polls it: batches, attempts, and receives that find nothing."""
    working = [link for link in links if not link.settings.dead_letter]
    if not working:
        return {}
    c, target = working[0].settings, working[0].target
    seconds = inputs.month_hours * S_PER_HOUR
    batch = minimum(_gathered(c, target, inputs.messages / seconds), RECEIVE)
    received = attempts(c.failure_share, c.max_receive_count)
    pollers = total(link.settings.pollers for link in working)
    empty = maximum(pollers * seconds / LONG_POLL - inputs.messages * received / batch, 0)
    told = {"batch": batch, "receives_per_message": received, "empty_receives": empty}
    duration_s = _duration_s(target)
    return told if duration_s is None else told | {"processing_s": duration_s}


def _duration_s(target: Inputs) -> Number | None:
    duration_ms = getattr(target, "duration_ms", None)
    return None if duration_ms is None else duration_ms / MS_PER_S
