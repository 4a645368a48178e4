"""The twin's counting of streams, queues, schedules, brokers, mail, devices and queries."""

from decimal import Decimal

from tests.helpers.reference_numbers import KB_IN_GB, MB_IN_GB, started, whole


def kinesis_stream(k, month):
    """https://aws.amazon.com/kinesis/data-streams/pricing/"""
    gb = k["records"] * k["record_kb"] / KB_IN_GB
    gb_by_kb = k["records"] * max(whole(k["record_kb"]), Decimal(1)) / KB_IN_GB
    readers, fan_out = k["consumers"], k["efo_consumers"]
    if k["capacity"] == "on_demand_advantage":
        least = k["committed_mb_s"] * 3600 * month["hours"] / MB_IN_GB
        read = gb * (readers + fan_out)
        return {"advantage_ingest": max(gb_by_kb, least), "advantage_retrieval": max(read, least)}
    hours, an_hour = k["retention_hours"], gb / month["hours"]
    after_a_day, after_a_week = max(min(hours, 168) - 24, Decimal(0)), max(hours - 168, Decimal(0))
    long_term = an_hour * after_a_week if k.get("long_term_gb") is None else k["long_term_gb"]
    if k["capacity"] == "on_demand":
        extended = an_hour * after_a_day if k.get("extended_gb") is None else k["extended_gb"]
        return {
            "stream_hours": k["stream_hours"],
            "on_demand_ingest": gb_by_kb,
            "on_demand_retrieval": readers * gb,
            "on_demand_efo_retrieval": fan_out * gb,
            "on_demand_extended_storage": extended,
            "on_demand_long_term_storage": long_term,
        }
    shard_hours = k["shards"] * k["stream_hours"]
    return {
        "shard_hours": shard_hours,
        "put_payload_units": k["records"] * started(k["record_kb"], 25),
        "extended_shard_hours": shard_hours if hours > 24 else 0,
        "long_term_storage": long_term,
        "long_term_retrieval": k["long_term_read_gb"],
        "efo_shard_hours": fan_out * shard_hours,
        "efo_retrieval": fan_out * gb,
    }


def firehose_stream(f, month):
    """https://aws.amazon.com/firehose/pricing/: 5 KB steps, but not for Kafka and vended logs."""
    gb = f["records"] * f["record_kb"] / KB_IN_GB
    by_step = f["records"] * started(f["record_kb"], 5) * 5 / KB_IN_GB
    taken_in = by_step if f["source"] in ("direct_put", "kinesis") else gb
    usage = {f["source"]: taken_in, "decompression": f["decompressed_gb"]}
    usage["vpc_zone_hours"] = f["vpc_zones"] * f["stream_hours"]
    usage["vpc_data"] = taken_in if f["vpc_zones"] else 0
    usage["format_conversion"] = taken_in if f["format_conversion"] else 0
    if f["dynamic_partitioning"]:
        usage |= {"partitioned_data": gb, "partitioned_objects": f["partitioned_objects"], "jq_hours": f["jq_hours"]}
    return usage


def event_pipe(p, month):
    """https://aws.amazon.com/eventbridge/pricing/: 64 KB of a batch are a request."""
    batches = whole(p["events"] * p["passed_share"] / p["batch"])
    return {"requests": batches * started(p["batch"] * p["event_kb"], 64)}


def schedule(s, month):
    """https://aws.amazon.com/eventbridge/pricing/"""
    return {"invocations": s["invocations"]}


def api_destination(d, month):
    """https://aws.amazon.com/eventbridge/pricing/: on the line of the event bus."""
    return {"event_bus.api_destination_calls": d["calls"] * started(d["event_kb"], 64)}


def mq_broker(b, month):
    """https://aws.amazon.com/amazon-mq/pricing/"""
    hours, pair = b["brokers"] * b["broker_hours"], b["deployment"] == "multi_az"
    gb = b["brokers"] * b["storage_gb"]
    if b["engine"] == "rabbitmq":
        size = b["cluster_instance_type" if pair else "rabbitmq_instance_type"]
        family = "rabbitmq_cluster_hours_" if pair else "rabbitmq_hours_"
        return {family + size.replace(".", "_"): hours, "ebs_storage": gb * 3 if pair else gb}
    family = "activemq_pair_hours_" if pair else "activemq_hours_"
    kept = "efs_storage" if pair else f"{b['storage_type']}_storage"
    return {family + b["instance_type"].replace(".", "_"): hours, kept: gb}


def msk_cluster(c, month):
    """https://aws.amazon.com/msk/pricing/: serverless."""
    stored = c.get("storage_gb")
    return {
        "cluster_hours": c["cluster_hours"],
        "partition_hours": c["partitions"] * c["cluster_hours"],
        "data_in": c["in_gb"],
        "data_out": c["out_gb"],
        "storage": c["in_gb"] * c["retention_hours"] / month["hours"] if stored is None else stored,
    }


def ses_identity(e, month):
    """https://aws.amazon.com/ses/pricing/: only full chunks of 256 KB count."""
    sent = e["emails"] * e["recipients"]
    return {
        "outbound": sent,
        "attachments": sent * e["attachment_kb"] / KB_IN_GB,
        "inbound": e["received_emails"],
        "inbound_chunks": e["received_emails"] * (e["received_kb"] // 256),
        "dedicated_ips": e["dedicated_ips"],
    }


def iot_core(d, month):
    """https://aws.amazon.com/iot-core/pricing/: 5 KB are a message, a rule and an action; 1 KB an operation."""
    steps = started(d["message_kb"], 5)
    return {
        "connection_minutes": d["devices"] * d["connected_hours"] * 60,
        "messages": (d["published_messages"] + d["delivered_messages"]) * steps,
        "rules_triggered": d["rules_triggered"] * steps,
        "actions": d["rules_triggered"] * d["actions_per_rule"] * steps,
        "shadow_operations": d["shadow_operations"] * started(d["shadow_kb"], 1),
    }


def athena_workgroup(w, month):
    """https://aws.amazon.com/athena/pricing/: whole MB, and ten at least."""
    if w["billing"] == "reserved":
        return {"reserved_capacity": w["dpus"] * w["reserved_hours"]}
    return {"scanned": w["queries"] * max(whole(w["scanned_mb"]), Decimal(10)) / (1024 * 1024)}


COUNT = {
    count.__name__: count
    for count in (
        kinesis_stream,
        firehose_stream,
        event_pipe,
        schedule,
        api_destination,
        mq_broker,
        msk_cluster,
        ses_identity,
        iot_core,
        athena_workgroup,
    )
}
