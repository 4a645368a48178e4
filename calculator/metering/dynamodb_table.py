"""Amazon DynamoDB: a write counts each KB, in each index again, a read each 4 KB, or capacity by the hour; else GB."""

from calculator.metering import Inputs, Metered, Sent
from calculator.metering.batches import attempts, batch_size
from pricing.formula.language import MS_PER_S, Constant, Number, ceil, maximum, ratio, where

WRITE_STEP = Constant(1, "KB")
READ_STEP = Constant(4, "KB")
# A capacity unit serves one request unit in each second.
SECOND = Constant(1, "s")
# A mapping asks each shard of the stream for changes four times a second.
STREAM_POLL = Constant(250, "ms")


def meter(t: Inputs) -> Metered:
    """Count the request units or unit-hours and GB of a month, and what DynamoDB limits: sizes [KB], rates [unit/s].

    Follows https://aws.amazon.com/dynamodb/pricing/ and the quotas of the DynamoDB developer guide.

    >>> from calculator import estimate, parse
    >>> capacity = {"capacity": "provisioned", "write_units": 10, "read_units": 20}
    >>> table = {"name": "t", "type": "dynamodb_table", "storage_gb": 5, "item_kb": 4, "gsis": 2, "gsi_item_kb": 1}
    >>> document = {"region": "us-east-1", "as_of": "2026-09-01", "components": [table | capacity]}
    >>> [line.usage for line in estimate(parse(document)).line_items]
    [7.5, 7300.0, 14600.0]
    """
    suffix = "_ia" if t.table_class == "standard_ia" else ""
    replicated = "replicated_" if t.global_table else ""
    usage = {
        f"storage{suffix}": t.storage_gb * (1 + t.gsis * _storage_share(t)),
        "pitr": t.storage_gb if t.pitr else 0,
        "backup": t.backup_gb,
        "restore": t.restore_gb,
        "export": t.export_gb,
        "import": t.import_gb,
        "stream_reads": t.stream_reads,
        "kinesis_changes": t.kinesis_changes,
    }
    if t.capacity == "on_demand":
        usage[f"{replicated}write_requests{suffix}"] = t.writes * units_per_write(t)
        # Of a global table too: a write to an index is not replicated.
        to_indexes = t.writes * t.gsis * t.gsi_write_share * _write_units(_indexed_kb(t))
        usage[f"write_requests{suffix}"] = usage.get(f"write_requests{suffix}", 0) + to_indexes
        usage[f"read_requests{suffix}"] = t.reads * units_per_read(t)
        return Metered(usage=usage, demand=_demand(t) | _on_demand_demand(t), limit=_limit(t))
    usage[f"{replicated}write_capacity{suffix}"] = t.write_units * t.month_hours
    usage[f"read_capacity{suffix}"] = t.read_units * t.month_hours
    return Metered(usage=usage, demand=_demand(t) | _provisioned_demand(t))


def units_per_write(t: Inputs) -> Number:
    """What a write to the table takes [unit]: one for each KB, twice in a transaction.

    >>> units_per_write(Inputs({"item_kb": 2.5, "transactional_share": 1}))
    6.0
    """
    return _write_units(t.item_kb) * (1 + t.transactional_share)


def _write_units(size_kb: Number) -> Number:
    return maximum(ceil(size_kb / WRITE_STEP), 1)


def _indexed_kb(t: Inputs) -> Number:
    return t.item_kb if t.gsi_item_kb is None else t.gsi_item_kb


def _storage_share(t: Inputs) -> Number:
    if t.gsi_storage_share is not None:
        return t.gsi_storage_share
    return 1 if t.gsi_item_kb is None else ratio(t.gsi_item_kb, t.item_kb)


def units_per_read(t: Inputs) -> Number:
    """What a read takes [unit]: one for each 4 KB, half of it where an older state will do, twice in a transaction.

    >>> units_per_read(Inputs({"item_kb": 6, "transactional_share": 0, "consistency": "eventual"}))
    1.0
    """
    in_transactions = t.transactional_share * 2
    plain = 1 - t.transactional_share
    if t.consistency == "eventual":
        plain = plain / 2
    return maximum(ceil(t.item_kb / READ_STEP), 1) * (plain + in_transactions)


def _demand(t: Inputs) -> dict[str, Number]:
    demand = {"dynamodb_item_size": t.item_kb}
    if t.hot_key_write_rps is not None:
        demand["dynamodb_partition_write"] = t.hot_key_write_rps * units_per_write(t)
    if t.hot_key_read_rps is not None:
        demand["dynamodb_partition_read"] = t.hot_key_read_rps * units_per_read(t)
    if t.transaction_items is not None:
        demand["dynamodb_transact_size"] = t.transaction_items * t.item_kb
    if t.batch_get_items is not None:
        demand["dynamodb_batch_get_size"] = t.batch_get_items * t.item_kb
    return demand


def _on_demand_demand(t: Inputs) -> dict[str, Number]:
    write_units_per_s = t.peak_write_rps * units_per_write(t)
    read_units_per_s = t.peak_read_rps * units_per_read(t)
    return {
        "dynamodb_table_write": write_units_per_s,
        "dynamodb_table_read": read_units_per_s,
        "dynamodb_ondemand_initial_write": write_units_per_s,
        "dynamodb_ondemand_initial_read": read_units_per_s,
    }


def _limit(t: Inputs) -> dict[str, Number]:
    """What the table is ready for, where its owner knows better than the limits of a new table."""
    ready = {"dynamodb_ondemand_initial_write": t.warm_write_units, "dynamodb_ondemand_initial_read": t.warm_read_units}
    return {quota: units for quota, units in ready.items() if units is not None}


def _provisioned_demand(t: Inputs) -> dict[str, Number]:
    return _burst_demand(t) | {
        "dynamodb_table_write": t.write_units / SECOND,
        "dynamodb_table_read": t.read_units / SECOND,
        "dynamodb_account_write": t.write_units,
        "dynamodb_account_read": t.read_units,
        # Whoever reads the stream has one.
        "dynamodb_streams_write_cap": where(t.stream_reads > 0, t.write_units, 0),
    }


def _burst_demand(t: Inputs) -> dict[str, Number]:
    """For how many seconds the capacity must have been left over that a burst takes."""
    bursts = ((t.burst_write_units, t.write_units), (t.burst_read_units, t.read_units))
    lasts = [ratio(burst, units) * SECOND for burst, units in bursts if burst is not None]
    return {"dynamodb_burst_capacity": maximum(lasts[0], lasts[-1])} if lasts else {}


def send(t: Inputs, c: Inputs, target: Inputs, per_s: Number) -> Sent:
    """What a change becomes: a share of the batch that a mapping reads from the stream, for each attempt."""
    batch = batch_size(c.batch, per_s, maximum(c.batch_window_s * MS_PER_S, STREAM_POLL) / MS_PER_S)
    most = None if c.max_retries is None else c.max_retries + 1
    return Sent(attempts(c.failure_share, most) / batch, batch * t.item_kb)
