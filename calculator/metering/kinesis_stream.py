"""Amazon Kinesis: shards by the hour and records by 25 KB, or GB written and read; older data by shard hour or GB."""

from collections.abc import Mapping, Sequence

from calculator.metering import Carried, Inputs, Metered, Sent
from calculator.metering.batches import attempts, batch_size, behind_backlog, busy_s
from calculator.metering.data_keys import data_key_calls
from pricing.formula.language import (
    KB_PER_GB,
    KB_PER_MB,
    MB_PER_GB,
    S_PER_HOUR,
    Constant,
    Number,
    ceil,
    maximum,
    minimum,
    ratio,
    where,
)

PUT_STEP = Constant(25, "KB")
ON_DEMAND_STEP = Constant(1, "KB")
FREE_RETENTION = Constant(24, "hour")
EXTENDED_RETENTION = Constant(7 * 24, "hour")
ONE = Constant(1, "stream")
# What a mapping does: it asks each shard for records once a second. A stream on demand begins with four shards.
POLL = Constant(1, "s")
FIRST_SHARDS = Constant(4, "shard")
RECORDS_PER_SHARD = Constant(1000, "record/s")
MB_PER_SHARD = Constant(1, "MB/s")
# What a stream leads to that does not read it.
NO_CONSUMERS = ("kms_key",)


def meter(inputs: Inputs) -> Metered:
    """Count hours, PUT payload units and GB of a month, and what Kinesis limits: sizes [KB], rates [1/s], [MB/s].

    Follows https://aws.amazon.com/kinesis/data-streams/pricing/ and the quotas of the Kinesis developer guide.

    >>> stream = {"capacity": "provisioned", "shards": 2, "stream_hours": 730, "month_hours": 730, "peak_rps": 1}
    >>> records = {"records": 1000, "record_kb": 26, "retention_hours": 24, "long_term_gb": None}
    >>> read = {"consumers": 1, "efo_consumers": 0, "polls_per_s": 1, "long_term_read_gb": 0}
    >>> usage = meter(Inputs(stream | records | read | {"put_batch": 1, "max_record_kb": 1024})).usage
    >>> usage["shard_hours"], usage["put_payload_units"]
    (1460, 2000.0)
    """
    limit = {"kinesis_record_within_maximum": inputs.max_record_kb}
    if inputs.capacity == "provisioned":
        return Metered(usage=_provisioned(inputs), demand=_demand(inputs) | _shard_demand(inputs), limit=limit)
    if inputs.warm_mb_s is not None:
        limit["kinesis_ondemand_initial_write"] = inputs.warm_mb_s
    usage = _on_demand(inputs) if inputs.capacity == "on_demand" else _advantage(inputs)
    return Metered(usage=usage, demand=_demand(inputs) | _on_demand_demand(inputs), limit=limit)


def _provisioned(inputs: Inputs) -> dict[str, Number]:
    shard_hours = inputs.shards * inputs.stream_hours
    return {
        "shard_hours": shard_hours,
        "put_payload_units": inputs.records * maximum(ceil(inputs.record_kb / PUT_STEP), 1),
        # The whole stream pays for longer retention, by shards and not by data.
        "extended_shard_hours": where(inputs.retention_hours > FREE_RETENTION, shard_hours, 0),
        "long_term_storage": _long_term_gb(inputs),
        "long_term_retrieval": inputs.long_term_read_gb,
        "efo_shard_hours": inputs.efo_consumers * shard_hours,
        "efo_retrieval": inputs.efo_consumers * _written_gb(inputs),
    }


def _on_demand(inputs: Inputs) -> dict[str, Number]:
    return {
        "stream_hours": inputs.stream_hours,
        "on_demand_ingest": _ingested_gb(inputs),
        "on_demand_retrieval": inputs.consumers * _written_gb(inputs),
        "on_demand_efo_retrieval": inputs.efo_consumers * _written_gb(inputs),
        "on_demand_extended_storage": _extended_gb(inputs),
        "on_demand_long_term_storage": _long_term_gb(inputs),
    }


def _advantage(inputs: Inputs) -> dict[str, Number]:
    """Both kinds of consumer have one price; less than the commitment is billed as the commitment."""
    committed_gb = inputs.committed_mb_s * S_PER_HOUR * inputs.month_hours / MB_PER_GB
    return {
        "advantage_ingest": maximum(_ingested_gb(inputs), committed_gb),
        "advantage_retrieval": maximum((inputs.consumers + inputs.efo_consumers) * _written_gb(inputs), committed_gb),
    }


def _written_gb(inputs: Inputs) -> Number:
    return inputs.records * inputs.record_kb / KB_PER_GB


def _ingested_gb(inputs: Inputs) -> Number:
    return inputs.records * ceil(inputs.record_kb, ON_DEMAND_STEP) / KB_PER_GB


def _extended_gb(inputs: Inputs) -> Number:
    kept = minimum(inputs.retention_hours, EXTENDED_RETENTION)
    return _kept_gb(inputs, kept - FREE_RETENTION) if inputs.extended_gb is None else inputs.extended_gb


def _long_term_gb(inputs: Inputs) -> Number:
    return (
        _kept_gb(inputs, inputs.retention_hours - EXTENDED_RETENTION)
        if inputs.long_term_gb is None
        else inputs.long_term_gb
    )


def _kept_gb(inputs: Inputs, hours: Number) -> Number:
    return _written_gb(inputs) / inputs.month_hours * maximum(hours, 0)


def _demand(inputs: Inputs) -> dict[str, Number]:
    demand = {
        "kinesis_record_size": inputs.max_record_kb,
        "kinesis_record_within_maximum": inputs.record_kb,
        "kinesis_put_records": inputs.put_batch,
        "kinesis_put_records_size": inputs.put_batch * inputs.record_kb,
        "kinesis_shard_read_tps": inputs.consumers * inputs.polls_per_s,
    }
    if inputs.capacity != "on_demand_advantage":
        demand |= {"kinesis_retention": inputs.retention_hours, "kinesis_retention_min": inputs.retention_hours}
    efo = "kinesis_efo_consumers_advantage" if inputs.capacity == "on_demand_advantage" else "kinesis_efo_consumers"
    return demand | {efo: inputs.efo_consumers}


def _peak_mb_s(inputs: Inputs) -> Number:
    return inputs.peak_rps * inputs.record_kb / KB_PER_MB


def _shard_demand(inputs: Inputs) -> dict[str, Number]:
    return {
        "kinesis_shard_write_bytes": ratio(_peak_mb_s(inputs), inputs.shards),
        "kinesis_shard_write_records": ratio(inputs.peak_rps, inputs.shards),
        "kinesis_shard_read_bytes": ratio(inputs.consumers * _peak_mb_s(inputs), inputs.shards),
        "kinesis_shards_account": inputs.shards,
    }


def _on_demand_demand(inputs: Inputs) -> dict[str, Number]:
    return {
        "kinesis_ondemand_write": _peak_mb_s(inputs),
        "kinesis_ondemand_initial_write": _peak_mb_s(inputs),
        "kinesis_ondemand_streams": ONE,
    }


def send(inputs: Inputs, connection: Inputs, target: Inputs, per_s: Number) -> Sent:
    """What a record becomes: a share of the batch that its shard gathers, for each attempt; or calls of the key."""
    if target.type == "kms_key":
        callers = max(len(inputs.arriving), 1) + inputs.others
        return Sent(1, None, of=data_key_calls(inputs.month_hours, callers, inputs.records * callers))
    shards = _shards(inputs)
    # The next window begins when the last invocation is done; without one a shard is asked once a second
    # (https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html).
    gathering_s = maximum(connection.batch_window_s, POLL) + busy_s(target)
    gathered = batch_size(connection.batch, per_s / (shards * connection.factor), gathering_s)
    batch = behind_backlog(gathered, connection.batch, inputs.backlog / shards, inputs.backlog_share)
    most = None if connection.max_retries is None else connection.max_retries + 1
    return Sent(attempts(connection.failure_share, most) / batch, batch * inputs.record_kb, batch)


def _shards(inputs: Inputs) -> Number:
    """Shards side by side [shard]: as stated, or of a stream on demand four, or what the peak needs."""
    if inputs.capacity == "provisioned":
        return maximum(inputs.shards, 1)
    return maximum(FIRST_SHARDS, maximum(inputs.peak_rps / RECORDS_PER_SHARD, _peak_mb_s(inputs) / MB_PER_SHARD))


def tell(inputs: Inputs, leaving: Sequence[Carried]) -> Mapping[str, Number]:
    """How many read the stream and share its throughput: all but those with enhanced fan-out."""
    readers = sum(carried.target_type not in NO_CONSUMERS for carried in leaving)
    return {"consumers": maximum(readers - inputs.efo_consumers, 0)}
