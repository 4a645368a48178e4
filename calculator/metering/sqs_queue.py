"""Amazon SQS: messages are sent, received and deleted in batches; each 64 KB that a call carries is a request."""

from collections.abc import Mapping, Sequence

from calculator.metering import Carried, Inputs, Metered, Sent
from calculator.metering.batches import attempts, batch_size, behind_backlog, dead_share, within
from calculator.metering.data_keys import data_key_calls
from pricing.formula.language import (
    MS_PER_S,
    S_PER_HOUR,
    Constant,
    Number,
    ceil,
    known_zero,
    maximum,
    minimum,
    ratio,
    several,
    total,
)

CHUNK = Constant(64, "KB")
# For how long a data key is used at least.
SHORTEST_REUSE = Constant(60, "s")
# What a mapping does: it waits for messages as long as SQS allows, and takes as many as a receive brings.
LONG_POLL = Constant(20, "s")
RECEIVE = Constant(10, "message")
FIRST_EXECUTIONS = Constant(5, "execution")
MOST_EXECUTIONS = Constant(1250, "execution")
# What a mapping or a pipe polls; whoever else reads a queue says how itself.
POLLED = (
    "lambda_function",
    "lambda_durable_function",
    "lambda_managed_instances",
    "event_pipe",
)
# What receives messages itself, as many at a time as it likes.
PROGRAMS = (
    "app_runner_service",
    "ec2_instance",
    "ecs_service",
    "eks_cluster",
    "fargate_service",
    "lightsail_instance",
)


def meter(inputs: Inputs) -> Metered:
    """Count the requests [request] of a month, and what SQS limits: sizes [KB], times [s], rates [request/s].

    Follows https://aws.amazon.com/sqs/pricing/ and the quotas of the SQS developer guide.

    >>> billed = {"messages": 1000, "message_kb": 65, "send_batch": 1, "batch": 1}
    >>> kind = {"fifo": False, "fair": True, "peak_rps": 2, "processing_s": None}
    >>> received = {"receives_per_message": 1, "empty_receives": 10}
    >>> times = {"retention_s": 60, "visibility_timeout_s": 30, "delay_s": 0, "wait_s": 20}
    >>> unsaid = {"max_message_kb": None}
    >>> meter(Inputs(billed | received | kind | times | unsaid)).usage
    {'requests': 5010.0, 'fair_surcharge': 5000.0}
    """
    sends = ceil(inputs.messages / inputs.send_batch) * _chunks(several(inputs.send_batch, inputs.message_kb))
    receives = ceil(inputs.messages * inputs.receives_per_message / inputs.batch) * _chunks(
        several(inputs.batch, inputs.message_kb)
    )
    deletes = ceil(inputs.messages / inputs.batch)
    with_messages = sends + receives + deletes
    requests = with_messages + inputs.empty_receives
    limit = {} if inputs.max_message_kb is None else {"sqs_message_size": inputs.max_message_kb}
    if inputs.fifo:
        return Metered(usage={"fifo_requests": requests}, demand=_demand(inputs) | _fifo_demand(inputs), limit=limit)
    usage = {"requests": requests}
    if inputs.fair:
        # The surcharge is for messages with a group id: an empty receive carries none.
        usage["fair_surcharge"] = with_messages
    return Metered(usage=usage, demand=_demand(inputs) | _in_flight(inputs, "sqs_inflight_standard"), limit=limit)


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
    """What a message becomes: a share of a batch, for each attempt; or a dead letter after the last.

    Those who send call the key twice for each data key, those who receive once.
    """
    if target.type == "kms_key":
        callers = 2 * max(len(inputs.arriving), 1) + max(inputs.others, 1)
        most = inputs.messages * 3
        return Sent(
            1,
            None,
            of=data_key_calls(inputs.month_hours, callers, most, maximum(inputs.data_key_reuse_s, SHORTEST_REUSE)),
        )
    if connection.dead_letter:
        working, worker = inputs.beside
        dead = dead_share(_failing(inputs, working, worker, per_s), connection.max_receive_count)
        if known_zero(working.failure_share):
            dead = connection.failure_share  # All that takes this way, where only its share is said.
        # What the mapping filters out is deleted: it does not fail.
        return Sent(dead if working is connection else working.share * dead, inputs.message_kb)
    batch = _batch(inputs, connection, target, per_s)
    calls = attempts(_failing(inputs, connection, target, per_s), connection.max_receive_count) / batch
    most = connection.max_concurrency
    if most is None and not inputs.fifo:
        most = MOST_EXECUTIONS
    # Executions are taken by what is let through: what the mapping filters out takes none.
    carried = within(most, calls, per_s * connection.share, _duration_s(target))
    return Sent(carried, batch * inputs.message_kb, batch)


def _failing(inputs: Inputs, connection: Inputs, target: Inputs, per_s: Number) -> Number:
    """Share of the messages of an attempt that come again: all of a batch that fails, or the one that it is about."""
    if not connection.partial_batch_response:
        return connection.failure_share
    return connection.failure_share / _batch(inputs, connection, target, per_s)


def _batch(inputs: Inputs, connection: Inputs, target: Inputs, per_s: Number) -> Number:
    """Messages of a batch: what each poller gathers while its window and then its invocation last, or a backlog's.

    A mapping polls with five, and begins the next batch when the last invocation is done
    (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html,
    https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html).
    """
    gathering_s = connection.batch_window_s
    duration_s = _duration_s(target)
    if duration_s is not None:
        gathering_s = gathering_s + duration_s
    # What failed comes again; of batches that report single messages next to nothing does.
    again = 0 if connection.partial_batch_response else connection.failure_share
    coming = attempts(again, connection.max_receive_count) * per_s
    batch = batch_size(connection.batch, coming / _side_by_side(connection), gathering_s)
    return behind_backlog(batch, connection.batch, inputs.backlog, inputs.backlog_share)


def _side_by_side(connection: Inputs) -> Number:
    """Batches that are gathered at one time: one for each poller, but no more than may run."""
    pollers = FIRST_EXECUTIONS if known_zero(connection.pollers) else connection.pollers
    return pollers if connection.max_concurrency is None else minimum(connection.max_concurrency, pollers)


def tell(inputs: Inputs, leaving: Sequence[Carried]) -> Mapping[str, Number]:
    """How the mapping or the program behind the queue polls it: batches, attempts, and receives that find nothing."""
    read = [carried for carried in leaving if not carried.settings.dead_letter]
    polled = [carried for carried in read if carried.target_type in POLLED]
    working = polled or [carried for carried in read if carried.target_type in PROGRAMS]
    if not working:
        return {}
    first = working[0]
    seconds = inputs.month_hours * S_PER_HOUR
    gathered = _batch(inputs, first.settings, first.target, inputs.messages / seconds)
    batch = minimum(gathered if polled else first.settings.batch, RECEIVE)
    failing = _failing(inputs, first.settings, first.target, inputs.messages / seconds)
    received = attempts(failing, first.settings.max_receive_count)
    told = {"batch": batch, "receives_per_message": received}
    told["empty_receives"] = _idle_polls(inputs, working, batch, received)
    duration_s = _duration_s(first.target)
    return told if duration_s is None else told | {"processing_s": duration_s}


def _idle_polls(inputs: Inputs, working: Sequence[Carried], batch: Number, received: Number) -> Number:
    """Long polls that find nothing [request]: while no backlog is worked on, less those that find a batch."""
    seconds = inputs.month_hours * S_PER_HOUR
    pollers = total(carried.settings.pollers for carried in working)
    idle_s, duration_s = seconds, _duration_s(working[0].target)
    if duration_s is not None and not known_zero(inputs.backlog_share):
        stated = working[0].settings.max_concurrency
        at_one_time = working[0].batch * (MOST_EXECUTIONS if stated is None else stated)
        idle_s = seconds - ratio(inputs.messages * inputs.backlog_share * received * duration_s, at_one_time)
    steady = inputs.messages * (1 - inputs.backlog_share)
    return maximum(pollers * idle_s / LONG_POLL - steady * received / batch, 0)


def _duration_s(target: Inputs) -> Number | None:
    duration_ms = getattr(target, "duration_ms", None)
    return None if duration_ms is None else duration_ms / MS_PER_S
