"""Databases and stores behind functions: connections, throughput of tables and indexes, keys that encrypt objects."""

from collections import defaultdict
from collections.abc import Iterator

from calculator.metering.aurora_serverless import connections_allowed
from calculator.metering.dynamodb_table import WRITE_STEP, units_per_read, units_per_write
from calculator.rules import ERROR, WARNING, Breach, rule
from calculator.rules.amounts import beyond, by_target, joined, number, opened
from calculator.rules.view import FUNCTIONS, ComponentView, ConnectionView, View
from pricing.formula.language import ceil

# The part of a database's connections that functions should take: the rest is for its own work and for people.
CONNECTIONS_USED = 0.9


@rule(
    why="Every execution environment holds connections of its own, and a database takes only so many.",
    remedy="Put an RDS Proxy between, use the Data API, or bound how many run at one time.",
    source="awsdocs/amazon-aurora-user-guide aurora-serverless-v2.setting-capacity.md + botocore rds",
    checked="2023-06 / 2026-05",
)
def lambda_rds_connections(view: View) -> Iterator[Breach]:
    """Functions take more connections than their database has."""
    pooled = {
        component.region for component in view.of("rds_proxy") if component.inputs.database == "aurora_serverless"
    }
    for index, connections in by_target(view.between(FUNCTIONS, ("aurora_serverless",))).items():
        database = view.components[index]
        if database.region in pooled:
            continue
        held = sum(opened(view, connection) for connection in connections)
        allowed = connections_allowed(database.inputs) * database.inputs.instances
        if beyond(held, CONNECTIONS_USED * allowed):
            told = f"{number(held)} connections at the peak; {number(100 * CONNECTIONS_USED)} % of {number(allowed)}"
            yield Breach(ERROR, joined(connections), told)


@rule(
    why="A table takes its provisioned units, and one on demand what AWS limits it to; more is throttled, "
    "and retries make the functions run longer.",
    remedy="Provision more or go on demand, put a queue before the table, and spread its keys.",
    source="awsdocs/amazon-dynamodb-developer-guide git history (ServiceQuotas.md, bp-partition-key-design.md)",
    checked="2023-02",
)
def lambda_dynamodb_throughput(view: View) -> Iterator[Breach]:
    """What is written to or read from a table is more than it takes."""
    arriving = by_target(view.connections)
    for table in view.of("dynamodb_table"):
        connections = arriving.get(table.number, [])
        for kind, per_call in (("write", units_per_write(table.inputs)), ("read", units_per_read(table.inputs))):
            units = sum(connection.peak_calls * _each(connection, kind) for connection in connections) * per_call
            most = _most(view, table, kind)
            if beyond(units, most):
                told = f"{number(units)} {kind} units/s at the peak; the table takes {number(most)}"
                yield Breach(ERROR, joined(connections), told)


def _each(connection: ConnectionView, kind: str) -> float:
    return float((connection.settings.writes if kind == "write" else connection.settings.reads) or 0)


def _most(view: View, table: ComponentView, kind: str) -> float:
    if table.inputs.capacity == "provisioned":
        return float(table.get(f"{kind}_units"))
    return view.limit(f"dynamodb_table.dynamodb_table_{kind}", table.region)


@rule(
    why="A write that an index cannot take is refused by the table itself: the index is too small, or its key too hot.",
    remedy="Give the index as many write units as the table, and a key with many values.",
    source="docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas (public mirror)",
    checked="2026",
)
def gsi_backpressure(view: View) -> Iterator[Breach]:
    """An index takes fewer writes than its table gets."""
    arriving = by_target(view.connections)
    for table in view.of("dynamodb_table"):
        size_kb = table.inputs.item_kb if table.inputs.gsi_item_kb is None else table.inputs.gsi_item_kb
        units = max(ceil(size_kb / WRITE_STEP), 1.0)
        connections = [connection for connection in arriving.get(table.number, []) if connection.settings.writes]
        path = joined(connections) or (table.name,)
        most, hot_rps = table.get("gsi_write_units"), table.get("gsi_hot_key_write_rps")
        written = sum(connection.peak_calls * _each(connection, "write") for connection in connections) * units
        if most is not None and beyond(written, most):
            yield Breach(ERROR, path, f"{number(written)} write units/s; the index takes {number(most)}")
        most = view.limit("dynamodb_table.dynamodb_partition_write", table.region)
        if hot_rps is not None and beyond(hot_rps * units, most):
            yield Breach(ERROR, path, f"{number(hot_rps * units)} write units/s to one key of an index; {number(most)}")


@rule(
    why="Without a bucket key, S3 calls KMS for each object that it writes or reads, and a region's calls are limited.",
    remedy="Switch the bucket key on, or encrypt with S3's own keys.",
    source="docs.aws.amazon.com/general/latest/gr/kms.html as tabulated and a Service Quotas usage log of 2025-02",
    checked="2025-2026",
)
def s3_kms_rate(view: View) -> Iterator[Breach]:
    """Encrypted objects call KMS more often than a region may."""
    calls: defaultdict[str, float] = defaultdict(float)
    buckets: defaultdict[str, list[str]] = defaultdict(list)
    for key in view.of("kms_key"):
        calls[key.region] += key.get("peak_rps") or 0.0
    for bucket in view.of("s3_bucket"):
        if bucket.inputs.kms_calls:
            objects_per_s = (bucket.get("peak_put_rps") or 0.0) + (bucket.get("peak_get_rps") or 0.0)
            calls[bucket.region] += objects_per_s * bucket.inputs.kms_calls
            buckets[bucket.region].append(bucket.name)
    for region, names in buckets.items():
        most = view.limit("kms_key.kms_symmetric_rate", region)
        if beyond(calls[region], most):
            yield Breach(
                WARNING, tuple(names), f"{number(calls[region])} calls/s at the peak; {number(most)} are allowed"
            )
