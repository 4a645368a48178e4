"""Amazon DynamoDB: a write counts each KB, in each index again, a read each 4 KB, or capacity by the hour; else GB."""

from collections.abc import Mapping, Sequence

from calculator.metering import Carried, Inputs, Metered, Sent
from calculator.metering.batches import attempts, batch_size, behind_backlog, busy_s
from calculator.metering.data_keys import data_key_calls
from pricing.formula.language import (
    MS_PER_S,
    S_PER_HOUR,
    Constant,
    Number,
    ceil,
    maximum,
    ratio,
    total,
    where,
)
from pricing.formula.varying import mixed

WRITE_STEP = Constant(1, "KB")
READ_STEP = Constant(4, "KB")
# A capacity unit serves one request unit in each second.
SECOND = Constant(1, "s")
# A mapping asks each shard of the stream for changes four times a second.
STREAM_POLL = Constant(250, "ms")
# What asks the stream itself.
PROGRAMS = (
    "app_runner_service",
    "ec2_instance",
    "ecs_service",
    "eks_cluster",
    "fargate_service",
    "lightsail_instance",
)


def meter(inputs: Inputs) -> Metered:
    """Count the request units or unit-hours and GB of a month, and what DynamoDB limits: sizes [KB], rates [unit/s].

    Follows https://aws.amazon.com/dynamodb/pricing/ and the quotas of the DynamoDB developer guide.

    >>> from calculator import estimate, parse
    >>> capacity = {"capacity": "provisioned", "write_units": 10, "read_units": 20}
    >>> table = {"name": "t", "type": "dynamodb_table", "storage_gb": 5, "item_kb": 4, "gsis": 2, "gsi_item_kb": 1}
    >>> document = {"region": "us-east-1", "as_of": "2026-09-01", "components": [table | capacity]}
    >>> [line.usage for line in estimate(parse(document)).line_items]
    [7.5, 7300.0, 14600.0]
    """
    suffix = "_ia" if inputs.table_class == "standard_ia" else ""
    replicated = "replicated_" if inputs.global_table else ""
    usage = {
        f"storage{suffix}": inputs.storage_gb * (1 + inputs.gsis * _storage_share(inputs)),
        "pitr": inputs.storage_gb if inputs.pitr else 0,
        "backup": inputs.backup_gb,
        "restore": inputs.restore_gb,
        "export": inputs.export_gb,
        "import": inputs.import_gb,
        "stream_reads": inputs.stream_reads,
        "kinesis_changes": inputs.kinesis_changes,
    }
    if inputs.capacity == "on_demand":
        usage[f"{replicated}write_requests{suffix}"] = inputs.writes * units_per_write(inputs)
        # Of a global table too: a write to an index is not replicated.
        to_indexes = inputs.writes * inputs.gsis * inputs.gsi_write_share * _write_units(_indexed_kb(inputs))
        usage[f"write_requests{suffix}"] = usage.get(f"write_requests{suffix}", 0) + to_indexes
        usage[f"read_requests{suffix}"] = inputs.reads * units_per_read(inputs)
        return Metered(usage=usage, demand=_demand(inputs) | _on_demand_demand(inputs), limit=_limit(inputs))
    usage[f"{replicated}write_capacity{suffix}"] = inputs.write_units * inputs.month_hours
    usage[f"read_capacity{suffix}"] = inputs.read_units * inputs.month_hours
    demand, limit = _asked(inputs)
    return Metered(usage=usage, demand=_demand(inputs) | _provisioned_demand(inputs) | demand, limit=limit)


def units_per_write(inputs: Inputs) -> Number:
    """What a write to the table takes [unit]: one for each KB, twice in a transaction.

    >>> units_per_write(Inputs({"item_kb": 2.5, "transactional_share": 1}))
    6.0
    """
    return _write_units(inputs.item_kb) * (1 + inputs.transactional_share)


def _write_units(size_kb: Number) -> Number:
    return maximum(ceil(size_kb / WRITE_STEP), 1)


def _indexed_kb(inputs: Inputs) -> Number:
    return inputs.item_kb if inputs.gsi_item_kb is None else inputs.gsi_item_kb


def _storage_share(inputs: Inputs) -> Number:
    if inputs.gsi_storage_share is not None:
        return inputs.gsi_storage_share
    return 1 if inputs.gsi_item_kb is None else ratio(inputs.gsi_item_kb, inputs.item_kb)


def units_per_read(inputs: Inputs) -> Number:
    """What a read takes [unit]: one for each 4 KB, half of it where an older state will do, twice in a transaction.

    >>> units_per_read(Inputs({"item_kb": 6, "read_kb": None, "transactional_share": 0, "consistency": "eventual"}))
    1.0
    """
    in_transactions = inputs.transactional_share * 2
    plain = 1 - inputs.transactional_share
    if inputs.consistency == "eventual":
        plain = plain / 2
    read_kb = inputs.item_kb if inputs.read_kb is None else inputs.read_kb
    return maximum(ceil(read_kb / READ_STEP), 1) * (plain + in_transactions)


def receive(inputs: Inputs, arriving: Sequence[Carried]) -> Mapping[str, Number]:
    """What reads return, where any says so: the others have the size of an item.

    Follows https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
    """
    reading = [one for one in arriving if one.settings.reads is not None]
    if all(one.response_kb is None for one in reading):
        return {}
    sizes = [(one, inputs.item_kb if one.response_kb is None else one.response_kb) for one in reading]
    return {"read_kb": mixed([(one.calls * one.settings.reads, size) for one, size in sizes])}


def _demand(inputs: Inputs) -> dict[str, Number]:
    demand = {"dynamodb_item_size": inputs.item_kb}
    if inputs.hot_key_write_rps is not None:
        demand["dynamodb_partition_write"] = inputs.hot_key_write_rps * units_per_write(inputs)
    if inputs.hot_key_read_rps is not None:
        demand["dynamodb_partition_read"] = inputs.hot_key_read_rps * units_per_read(inputs)
    if inputs.transaction_items is not None:
        demand["dynamodb_transact_size"] = inputs.transaction_items * inputs.item_kb
    if inputs.batch_get_items is not None:
        demand["dynamodb_batch_get_size"] = inputs.batch_get_items * inputs.item_kb
    return demand


def _on_demand_demand(inputs: Inputs) -> dict[str, Number]:
    write_units_per_s = inputs.peak_write_rps * units_per_write(inputs)
    read_units_per_s = inputs.peak_read_rps * units_per_read(inputs)
    return {
        "dynamodb_table_write": write_units_per_s,
        "dynamodb_table_read": read_units_per_s,
        "dynamodb_ondemand_initial_write": write_units_per_s,
        "dynamodb_ondemand_initial_read": read_units_per_s,
    }


def _limit(inputs: Inputs) -> dict[str, Number]:
    """What the table is ready for, where its owner knows better than the limits of a new table."""
    ready = {
        "dynamodb_ondemand_initial_write": inputs.warm_write_units,
        "dynamodb_ondemand_initial_read": inputs.warm_read_units,
    }
    return {quota: units for quota, units in ready.items() if units is not None}


def _provisioned_demand(inputs: Inputs) -> dict[str, Number]:
    return _burst_demand(inputs) | {
        "dynamodb_table_write": inputs.write_units / SECOND,
        "dynamodb_table_read": inputs.read_units / SECOND,
        "dynamodb_account_write": inputs.write_units,
        "dynamodb_account_read": inputs.read_units,
        # Whoever reads the stream has one.
        "dynamodb_streams_write_cap": where(inputs.stream_reads > 0, inputs.write_units, 0),
    }


def _asked(inputs: Inputs) -> tuple[dict[str, Number], dict[str, Number]]:
    """What is asked of the provisioned capacity, and how much there is of it [unit/s]."""
    demand: dict[str, Number] = {}
    if inputs.asked_write_rps is not None:
        demand["dynamodb_provisioned_write"] = inputs.asked_write_rps * units_per_write(inputs)
    if inputs.asked_read_rps is not None:
        demand["dynamodb_provisioned_read"] = inputs.asked_read_rps * units_per_read(inputs)
    return demand, {
        "dynamodb_provisioned_write": inputs.write_units / SECOND,
        "dynamodb_provisioned_read": inputs.read_units / SECOND,
    }


def _burst_demand(inputs: Inputs) -> dict[str, Number]:
    """For how many seconds the capacity must have been left over that a burst takes."""
    bursts = ((inputs.burst_write_units, inputs.write_units), (inputs.burst_read_units, inputs.read_units))
    lasts = [ratio(burst, units) * SECOND for burst, units in bursts if burst is not None]
    return {"dynamodb_burst_capacity": maximum(lasts[0], lasts[-1])} if lasts else {}


def send(inputs: Inputs, connection: Inputs, target: Inputs, per_s: Number) -> Sent:
    """What a change becomes: a share of the batch that a mapping reads from the stream, for each attempt; or a copy."""
    if target.type == "kms_key":
        callers = max(len(inputs.arriving), 1)
        return Sent(1, None, of=data_key_calls(inputs.month_hours, callers, _calls(inputs)))
    if connection.replication:
        return Sent(1, inputs.item_kb)
    shards = inputs.stream_shards
    gathering_s = maximum(connection.batch_window_s * MS_PER_S, STREAM_POLL) / MS_PER_S + busy_s(target)
    gathered = batch_size(connection.batch, per_s / (shards * connection.factor), gathering_s)
    batch = behind_backlog(gathered, connection.batch, inputs.backlog / shards, inputs.backlog_share)
    most = None if connection.max_retries is None else connection.max_retries + 1
    return Sent(attempts(connection.failure_share, most) / batch, batch * inputs.item_kb, batch)


def _calls(inputs: Inputs) -> Number:
    """Writes and reads of a month [request], by either kind of capacity."""
    if inputs.capacity == "on_demand":
        return inputs.writes + inputs.reads
    return (inputs.asked_writes or 0) + (inputs.asked_reads or 0)


def tell(inputs: Inputs, leaving: Sequence[Carried]) -> Mapping[str, Number]:
    """What programs ask of the stream [request]: each of its shards once a second. Mappings and pipes ask for free.

    Changes that go to a Kinesis stream count by the KB of the item. Follows
    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/kds.html,
    https://aws.amazon.com/dynamodb/pricing/on-demand/ and the defaults of the Kinesis Client Library.
    """
    told: dict[str, Number] = {}
    programs = sum(carried.target_type in PROGRAMS for carried in leaving)
    if programs:
        told["stream_reads"] = programs * inputs.stream_shards * inputs.month_hours * S_PER_HOUR / SECOND
    changes = [one.calls * _write_units(inputs.item_kb) for one in leaving if one.target_type == "kinesis_stream"]
    return told | ({"kinesis_changes": total(changes)} if changes else {})
