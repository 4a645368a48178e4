"""Amazon Kinesis: shards by the hour and records by 25 KB, or GB written and read; older data by shard hour or GB."""

from collections.abc import Mapping, Sequence

from calculator.metering import Inputs, Link, Metered, Sent
from calculator.metering.batches import attempts, batch_size
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


def meter(k: Inputs) -> Metered:
    """Count hours, PUT payload units and GB of a month, and what Kinesis limits: sizes [KB], rates [1/s], [MB/s].

    Follows https://aws.amazon.com/kinesis/data-streams/pricing/ and the quotas of the Kinesis developer guide.

    >>> stream = {"capacity": "provisioned", "shards": 2, "stream_hours": 730, "month_hours": 730, "peak_rps": 1}
    >>> records = {"records": 1000, "record_kb": 26, "retention_hours": 24, "long_term_gb": None}
    >>> read = {"consumers": 1, "efo_consumers": 0, "polls_per_s": 1, "long_term_read_gb": 0}
    >>> usage = meter(Inputs(stream | records | read | {"put_batch": 1, "max_record_kb": 1024})).usage
    >>> usage["shard_hours"], usage["put_payload_units"]
    (1460, 2000.0)
    """
    limit = {"kinesis_record_within_maximum": k.max_record_kb}
    if k.capacity == "provisioned":
        return Metered(usage=_provisioned(k), demand=_demand(k) | _shard_demand(k), limit=limit)
    if k.warm_mb_s is not None:
        limit["kinesis_ondemand_initial_write"] = k.warm_mb_s
    usage = _on_demand(k) if k.capacity == "on_demand" else _advantage(k)
    return Metered(usage=usage, demand=_demand(k) | _on_demand_demand(k), limit=limit)


def _provisioned(k: Inputs) -> dict[str, Number]:
    shard_hours = k.shards * k.stream_hours
    return {
        "shard_hours": shard_hours,
        "put_payload_units": k.records * maximum(ceil(k.record_kb / PUT_STEP), 1),
        # The whole stream pays for longer retention, by shards and not by data.
        "extended_shard_hours": where(k.retention_hours > FREE_RETENTION, shard_hours, 0),
        "long_term_storage": _long_term_gb(k),
        "long_term_retrieval": k.long_term_read_gb,
        "efo_shard_hours": k.efo_consumers * shard_hours,
        "efo_retrieval": k.efo_consumers * _written_gb(k),
    }


def _on_demand(k: Inputs) -> dict[str, Number]:
    return {
        "stream_hours": k.stream_hours,
        "on_demand_ingest": _ingested_gb(k),
        "on_demand_retrieval": k.consumers * _written_gb(k),
        "on_demand_efo_retrieval": k.efo_consumers * _written_gb(k),
        "on_demand_extended_storage": _extended_gb(k),
        "on_demand_long_term_storage": _long_term_gb(k),
    }


def _advantage(k: Inputs) -> dict[str, Number]:
    """Both kinds of consumer have one price; less than the commitment is billed as the commitment."""
    committed_gb = k.committed_mb_s * S_PER_HOUR * k.month_hours / MB_PER_GB
    return {
        "advantage_ingest": maximum(_ingested_gb(k), committed_gb),
        "advantage_retrieval": maximum((k.consumers + k.efo_consumers) * _written_gb(k), committed_gb),
    }


def _written_gb(k: Inputs) -> Number:
    return k.records * k.record_kb / KB_PER_GB


def _ingested_gb(k: Inputs) -> Number:
    return k.records * maximum(ceil(k.record_kb), ON_DEMAND_STEP) / KB_PER_GB


def _extended_gb(k: Inputs) -> Number:
    kept = minimum(k.retention_hours, EXTENDED_RETENTION)
    return _kept_gb(k, kept - FREE_RETENTION) if k.extended_gb is None else k.extended_gb


def _long_term_gb(k: Inputs) -> Number:
    return _kept_gb(k, k.retention_hours - EXTENDED_RETENTION) if k.long_term_gb is None else k.long_term_gb


def _kept_gb(k: Inputs, hours: Number) -> Number:
    return _written_gb(k) / k.month_hours * maximum(hours, 0)


def _demand(k: Inputs) -> dict[str, Number]:
    demand = {
        "kinesis_record_size": k.max_record_kb,
        "kinesis_record_within_maximum": k.record_kb,
        "kinesis_put_records": k.put_batch,
        "kinesis_put_records_size": k.put_batch * k.record_kb,
        "kinesis_shard_read_tps": k.consumers * k.polls_per_s,
    }
    if k.capacity != "on_demand_advantage":
        demand |= {"kinesis_retention": k.retention_hours, "kinesis_retention_min": k.retention_hours}
    efo = "kinesis_efo_consumers_advantage" if k.capacity == "on_demand_advantage" else "kinesis_efo_consumers"
    return demand | {efo: k.efo_consumers}


def _peak_mb_s(k: Inputs) -> Number:
    return k.peak_rps * k.record_kb / KB_PER_MB


def _shard_demand(k: Inputs) -> dict[str, Number]:
    return {
        "kinesis_shard_write_bytes": ratio(_peak_mb_s(k), k.shards),
        "kinesis_shard_write_records": ratio(k.peak_rps, k.shards),
        "kinesis_shard_read_bytes": ratio(k.consumers * _peak_mb_s(k), k.shards),
        "kinesis_shards_account": k.shards,
    }


def _on_demand_demand(k: Inputs) -> dict[str, Number]:
    return {
        "kinesis_ondemand_write": _peak_mb_s(k),
        "kinesis_ondemand_initial_write": _peak_mb_s(k),
        "kinesis_ondemand_streams": ONE,
    }


def send(k: Inputs, c: Inputs, target: Inputs, per_s: Number) -> Sent:
    """What a record becomes: a share of the batch that its shard gathers, for each attempt."""
    shards = maximum(k.shards if k.capacity == "provisioned" else FIRST_SHARDS, 1)
    batch = batch_size(c.batch, per_s / shards, maximum(c.batch_window_s, POLL))
    return Sent(attempts(c.failure_share, _attempts(c)) / batch, batch * k.record_kb)


def _attempts(c: Inputs) -> Number | None:
    return None if c.max_retries is None else c.max_retries + 1


def tell(k: Inputs, links: Sequence[Link]) -> Mapping[str, Number]:
    """How many read the stream."""
    return {"consumers": len(links)}
