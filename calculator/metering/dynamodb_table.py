"""Amazon DynamoDB: a write counts each KB, a read each 4 KB, on demand or as capacity by the hour; the rest is GB."""

from calculator.metering import Inputs, Metered
from pricing.formula import Constant, Number, ceil, maximum, where

WRITE_STEP = Constant(1, "KB")
READ_STEP = Constant(4, "KB")
# A capacity unit serves one request unit in each second.
SECOND = Constant(1, "s")


def meter(t: Inputs) -> Metered:
    """Count the request units or unit-hours and GB of a month, and what DynamoDB limits: sizes [KB], rates [unit/s].

    Follows https://aws.amazon.com/dynamodb/pricing/ and the quotas of the DynamoDB developer guide.

    >>> capacity = {"capacity": "provisioned", "write_units": 10, "read_units": 20, "month_hours": 730}
    >>> table = {"table_class": "standard", "global_table": False, "pitr": False, "storage_gb": 5, "item_kb": 1}
    >>> moved = {"backup_gb": 0, "restore_gb": 0, "export_gb": 0, "import_gb": 0, "stream_reads": 0}
    >>> hot_keys = {"hot_key_write_rps": None, "hot_key_read_rps": None, "kinesis_changes": 0}
    >>> usage = meter(Inputs(capacity | table | moved | hot_keys)).usage
    >>> usage["storage"], usage["write_capacity"], usage["read_capacity"]
    (5, 7300, 14600)
    """
    suffix = "_ia" if t.table_class == "standard_ia" else ""
    replicated = "replicated_" if t.global_table else ""
    usage = {
        f"storage{suffix}": t.storage_gb,
        "pitr": t.storage_gb if t.pitr else 0,
        "backup": t.backup_gb,
        "restore": t.restore_gb,
        "export": t.export_gb,
        "import": t.import_gb,
        "stream_reads": t.stream_reads,
        "kinesis_changes": t.kinesis_changes,
    }
    if t.capacity == "on_demand":
        usage[f"{replicated}write_requests{suffix}"] = t.writes * _units_per_write(t)
        usage[f"read_requests{suffix}"] = t.reads * _units_per_read(t)
        return Metered(usage=usage, demand=_demand(t) | _on_demand_demand(t), limit=_limit(t))
    usage[f"{replicated}write_capacity{suffix}"] = t.write_units * t.month_hours
    usage[f"read_capacity{suffix}"] = t.read_units * t.month_hours
    return Metered(usage=usage, demand=_demand(t) | _provisioned_demand(t))


def _units_per_write(t: Inputs) -> Number:
    return maximum(ceil(t.item_kb / WRITE_STEP), 1) * (1 + t.transactional_share)


def _units_per_read(t: Inputs) -> Number:
    in_transactions = t.transactional_share * 2
    plain = 1 - t.transactional_share
    if t.consistency == "eventual":
        plain = plain / 2
    return maximum(ceil(t.item_kb / READ_STEP), 1) * (plain + in_transactions)


def _demand(t: Inputs) -> dict[str, Number]:
    demand = {"dynamodb_item_size": t.item_kb}
    if t.hot_key_write_rps is not None:
        demand["dynamodb_partition_write"] = t.hot_key_write_rps * _units_per_write(t)
    if t.hot_key_read_rps is not None:
        demand["dynamodb_partition_read"] = t.hot_key_read_rps * _units_per_read(t)
    return demand


def _on_demand_demand(t: Inputs) -> dict[str, Number]:
    write_units_per_s = t.peak_write_rps * _units_per_write(t)
    read_units_per_s = t.peak_read_rps * _units_per_read(t)
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
    return {
        "dynamodb_table_write": t.write_units / SECOND,
        "dynamodb_table_read": t.read_units / SECOND,
        "dynamodb_account_write": t.write_units,
        "dynamodb_account_read": t.read_units,
        # Whoever reads the stream has one.
        "dynamodb_streams_write_cap": where(t.stream_reads > 0, t.write_units, 0),
    }
