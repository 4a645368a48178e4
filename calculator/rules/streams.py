"""Streams and those who read them: too many, too slow, stuck at one record, or too much in one call."""

from collections.abc import Iterator

from calculator.rules import ERROR, WARNING, Breach, rule
from calculator.rules.amounts import beyond, busy_s, by_source, joined, number
from calculator.rules.view import FUNCTIONS, STREAMS, ComponentView, ConnectionView, View
from pricing.formula.language import KB_PER_MB, ceil, ratio

# Readers of a shard of DynamoDB Streams: of a global table, replication is one of them.
READERS = 2
READERS_OF_GLOBAL_TABLE = 1
BASE64 = 4 / 3
# Firehose waits so long for the function that transforms its records.
TRANSFORM_S = 300


@rule(
    why="Two readers may share a shard of a table's stream, one where the table is global; more throttle each other.",
    remedy="Let one function pass the changes on, to a bus or a topic, or send them to a Kinesis stream.",
    source="docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas (public mirror)",
    checked="2026",
)
def streams_readers(view: View) -> Iterator[Breach]:
    """Too many read the stream of a table."""
    leaving = by_source(view.connections)
    for table in view.of("dynamodb_table"):
        connections = leaving.get(table.number, [])
        most = READERS_OF_GLOBAL_TABLE if table.inputs.global_table else READERS
        if len(connections) > most:
            yield Breach(ERROR, joined(connections), f"{len(connections)} readers; at most {most}")


@rule(
    why="A mapping works on so many batches of each shard at one time, and no more: what comes faster waits, "
    "and is lost when it expires.",
    remedy="Raise the factor, the batch or the shards, or shorten the function's duration.",
    source="botocore 1.43.11 service model (model min/max and docstrings)",
    checked="2026-05",
)
def stream_lambda_lag(view: View) -> Iterator[Breach]:
    """A function reads its stream more slowly than records come."""
    for connection in view.between(STREAMS, FUNCTIONS):
        busy = busy_s(connection.target)
        if connection.source is None or not busy:
            continue
        shards = _shards(view, connection.source)
        read = shards * connection.settings.factor * connection.settings.batch / busy
        comes = _records_per_s(connection.source) * connection.settings.share * connection.settings.calls
        if beyond(comes, read):
            side_by_side = f"{number(shards)} shards x {number(connection.settings.factor)}"
            batches = f"{side_by_side} x {number(connection.settings.batch)} / {number(busy)} s"
            yield Breach(ERROR, connection.path, f"{number(comes)} records/s come; {batches} = {number(read)} are read")


def _records_per_s(stream: ComponentView) -> float:
    return float(stream.get("peak_rps" if stream.type == "kinesis_stream" else "peak_write_rps") or 0.0)


def _shards(view: View, stream: ComponentView) -> float:
    """Shards of a stream: as many as are stated, else as many as its records need and no fewer than it begins with."""
    if stream.type == "dynamodb_table":
        each = view.limit("dynamodb_table.dynamodb_partition_write", stream.region)
        first = view.limit("dynamodb_table.dynamodb_ondemand_initial_write", stream.region)
        units = _records_per_s(stream) * max(ceil(stream.inputs.item_kb), 1)
        return float(max(ceil(ratio(max(units, first), each)), 1))
    if stream.inputs.capacity == "provisioned":
        return float(stream.inputs.shards)
    each_mb = view.limit("kinesis_stream.kinesis_shard_write_bytes", stream.region)
    first = view.limit("kinesis_stream.kinesis_ondemand_initial_write", stream.region)
    needed_mb = max(_records_per_s(stream) * stream.inputs.record_kb / KB_PER_MB, first)
    each = view.limit("kinesis_stream.kinesis_shard_write_records", stream.region)
    return float(max(ceil(ratio(needed_mb, each_mb)), ceil(ratio(_records_per_s(stream), each))))


@rule(
    why="A mapping tries a batch that fails again until its records expire, and the shard waits for as long.",
    remedy="Bound the retries, let the mapping halve a batch that fails, and give it an on-failure destination.",
    source="botocore 1.43.11 service model (model min/max and docstrings)",
    checked="2026-05",
)
def poison_record_blocks_shard(view: View) -> Iterator[Breach]:
    """One bad record holds its shard up."""
    for connection in view.between(STREAMS, FUNCTIONS):
        if connection.settings.max_retries is None and not connection.settings.on_failure_destination:
            yield Breach(WARNING, connection.path, "retries without end and no on-failure destination")


@rule(
    why="Firehose sends its buffer in one call, in base64, which makes it a third larger, and waits at most five "
    "minutes; records that fail end in the bucket's processing-failed prefix.",
    remedy="Keep the buffer of the transformation at 3 MB or less, and what the function answers small.",
    source="botocore 1.43.11 service model (model min/max and docstrings)",
    checked="2026-05",
)
def firehose_lambda_transform(view: View) -> Iterator[Breach]:
    """A function that transforms records gets, answers or takes too much."""
    for connection in view.between(("firehose_stream",), FUNCTIONS):
        most_kb = view.limit("lambda_function.lambda_sync_payload", connection.target.region)
        sent_kb, answer_kb = _buffer_kb(connection) * BASE64, connection.response_kb or 0.0
        if beyond(max(sent_kb, answer_kb), most_kb):
            told = f"{number(sent_kb)} KB in base64, {number(answer_kb)} KB come back; at most {number(most_kb)} KB"
            yield Breach(ERROR, connection.path, told)
        mean_s, timeout_s = busy_s(connection.target) or 0.0, connection.target.get("timeout_s") or 0.0
        if beyond(max(mean_s, timeout_s), TRANSFORM_S):
            told = f"{number(mean_s)} s in the mean, timeout {number(timeout_s)} s; Firehose waits {TRANSFORM_S} s"
            yield Breach(ERROR if beyond(mean_s, TRANSFORM_S) else WARNING, connection.path, told)


def _buffer_kb(connection: ConnectionView) -> float:
    stated = None if connection.source is None else connection.source.get("lambda_buffer_mb")
    return float((connection.payload_kb or 0.0) if stated is None else stated * KB_PER_MB)
