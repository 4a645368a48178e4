"""The slow, obvious twin: what AWS bills for an architecture, worked out by hand in Decimal.

It shares no line with the product: it reads the rate files and the free tiers itself, counts by its own rules, and goes
from tier to tier with plain loops. It takes documents in which everything is said: `as_of`, `month_hours`,
`account.free_tier`, and every input of every component that changes the bill.
"""

import csv
import tomllib
from collections import defaultdict
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tests.helpers import reference_messaging
from tests.helpers.reference_numbers import KB_IN_GB, MB_IN_GB, number, started, whole

DATA = Path(__file__).parents[2] / "pricing" / "data"
DIGITS = 50

INIT_IS_BILLED_SINCE = date(2025, 8, 1)
HELD_BACK_TO = date(2021, 1, 1)


class Bill(NamedTuple):
    """In USD and in the meters' units, by (component, meter, place)."""

    total: Decimal
    costs: dict
    usage: dict
    billable: dict


class NoPrice(Exception):
    """A meter is used where no price of it is known: (meter, region)."""


def bill(document):
    """Meter every component, put together what AWS bills together, take off what is free, price it, hand it back."""
    with localcontext(prec=DIGITS):
        usage = usage_of(document)
        pools = defaultdict(Decimal)
        for (_, meter, place), amount in usage.items():
            pools[meter, place] += amount
        free = free_of(document, pools)
        day = date.fromisoformat(document["as_of"])
        unknown = [pool for pool in pools if price_of(*pool, day) is None]
        if unknown:
            raise NoPrice(unknown)
        costs, billables = {}, {}
        for (component, meter, place), amount in usage.items():
            pool = pools[meter, place]
            billable = pool - free.get((meter, place), 0)
            cost = through_tiers(billable, price_of(meter, place, day))
            costs[component, meter, place] = cost * amount / pool
            billables[component, meter, place] = billable * amount / pool
        return Bill(sum(costs.values(), Decimal(0)), costs, usage, billables)


def cents(usd):
    """Money as it is shown: half a cent is rounded up, after what floats cannot hold is rounded away."""
    return Decimal(usd).quantize(Decimal("1e-9")).quantize(Decimal("0.01"), ROUND_HALF_UP)


def through_tiers(quantity, tiers):
    """What a quantity costs: fill the first tier, then the second ... Tiers are (above, price)."""
    cost, left = Decimal(0), quantity
    for place, (above, price) in enumerate(tiers):
        room = tiers[place + 1][0] - above if place + 1 < len(tiers) else left
        taken = min(left, room)
        cost += taken * price
        left -= taken
    return cost


def free_of(document, pools):
    """How much of each pool is free: an allowance is spread over what it covers by how much of it there is."""
    account = document["account"]
    kinds = {"none": [], "always": ["always"], "12_months": ["always", "12_months"], "credits": ["always"]}[
        account["free_tier"]
    ]
    free = {}
    for name, now in free_tiers().items():
        tier = now | next((was for was in now.get("earlier", ()) if document["as_of"] < f"{was['until']}"), {})
        if tier["kind"] not in kinds:
            continue
        nowhere = tuple(tier.get("except_in", ()))
        covered = [pool for pool in pools if pool[0] in tier["covers"] and not pool[1].startswith(nowhere)]
        groups = [covered] if tier["scope"] == "account" else [[pool] for pool in covered]
        for group in groups:
            together = sum(pools[pool] for pool in group)
            elsewhere = tier["scope"] == "region" and group and group[0][1] != document["region"]
            used = Decimal(0) if elsewhere else number(account.get("already_used", {}).get(name, 0))
            left = max(tier["quantity"] - used, Decimal(0))
            for pool in group:
                free[pool] = min(left, together) * pools[pool] / together
    return free


def usage_of(document):
    """What each component uses of each meter at each place; nothing where it uses nothing.

    A meter of another type is named with it, and one that has a price of its own place with "@" and the place.
    """
    month = {"hours": number(document["month_hours"]), "day": date.fromisoformat(document["as_of"])}
    usage = {}
    for component in document["components"]:
        said = {key: number(value) for key, value in component.items()}
        region = component.get("region", document["region"])
        for name, amount in COUNT[component["type"]](said, month).items():
            meter, _, place = name.partition("@")
            full_name = meter if "." in meter else f"{component['type']}.{meter}"
            if amount:
                usage[component["name"], full_name, place or region] = Decimal(amount)
    return usage


@cache
def rates(type_name):
    """(meter, region) -> day -> [(above, price), ...] of one type."""
    found = defaultdict(lambda: defaultdict(list))
    with (DATA / "rates" / f"{type_name}.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            meter, day = f"{type_name}.{row['meter']}", date.fromisoformat(row["effective"])
            found[meter, row["region"]][day].append((Decimal(row["above"]), Decimal(row["price"])))
    return found


def price_of(meter, region, day):
    """The tiers in force on a day; None where no price is known."""
    known = rates(meter.split(".")[0]).get((meter, region), {})
    days = [effective for effective in known if effective <= day]
    if not days and known and day >= HELD_BACK_TO and not changed_since(meter, region, day, min(known)):
        days = [min(known)]
    return sorted(known[max(days)]) if days else None


def changed_since(meter, region, day, known_from):
    """Whether what is listed says that a price was not known, or what it is of not offered, on a day."""
    type_name, _, name = meter.partition(".")
    entries = tomllib.loads((DATA / f"{type_name}.toml").read_text("utf-8"))["meters"]
    published = entries.get(name, {}).get("published", "")
    for change in tomllib.loads((DATA / "history" / "changes.toml").read_text("utf-8"))["change"]:
        here = region in change.get("regions", [region]) and region not in change.get("except_in", [])
        named = any(fnmatchcase(published, name) for name in change["published"])
        if here and named and change["was"].startswith("not ") and day < change["day"] <= known_from:
            return True
    return False


@cache
def free_tiers():
    """Every allowance by its public name, with the public names of the meters that it covers."""
    found = {}
    for path in DATA.glob("*.toml"):
        for name, tier in tomllib.loads(path.read_text("utf-8")).get("free_tier", {}).items():
            covers = [meter if "." in meter else f"{path.stem}.{meter}" for meter in tier["covers"]]
            found[f"{path.stem}.{name}"] = tier | {"covers": covers, "quantity": Decimal(str(tier["quantity"]))}
    return found


def lambda_function(f, month):
    """https://aws.amazon.com/lambda/pricing/"""
    cpu = {"x86_64": "x86", "arm64": "arm64"}[f["architecture"]]
    memory_gb = f["memory_mb"] / MB_IN_GB
    # An event of up to 256 KB is one request; each started 64 KB more is another.
    extra = whole(max(f["async_event_kb"] - 256, Decimal(0)) / 64)
    on_provisioned = f["requests"] * f["provisioned_share"]
    on_demand = f["requests"] - on_provisioned
    cold = on_demand * f["cold_start_share"]
    warm_ms, cold_ms = whole(f["duration_ms"]), whole(f["duration_ms"] + f["init_ms"])
    if month["day"] < INIT_IS_BILLED_SINCE or f["snapstart"] != "none":
        cold_ms = warm_ms
    seconds = ((on_demand - cold) * warm_ms + cold * cold_ms) / 1000
    provisioned_seconds = on_provisioned * warm_ms / 1000
    above_512_gb = max(f["ephemeral_storage_mb"] - 512, Decimal(0)) / MB_IN_GB
    kept_seconds = whole(f["provisioned_hours"] * 12) * 5 * 60  # in steps of 5 minutes
    usage = {
        f"requests_{cpu}": f["requests"] * (1 + extra),
        f"gb_seconds_{cpu}": seconds * memory_gb,
        f"ephemeral_gb_seconds_{cpu}": (seconds + provisioned_seconds) * above_512_gb,
        f"provisioned_capacity_{cpu}": f["provisioned_concurrency"] * kept_seconds * memory_gb,
        f"provisioned_gb_seconds_{cpu}": provisioned_seconds * memory_gb,
        f"streamed_gb_{cpu}": f["requests"] * max(f["streamed_kb"] - 6 * 1024, Decimal(0)) / KB_IN_GB,
    }
    if f["snapstart"] in ("python", "dotnet"):  # free of charge for Java
        kept_hours = max(f["snapstart_version_hours"], Decimal(3))  # a version is billed for 3 hours at least
        usage["snapstart_cache_gb_seconds"] = f["snapstart_versions"] * memory_gb * kept_hours * 3600
        usage["snapstart_restored_gb"] = cold * memory_gb
    if cpu == "x86":  # tenant isolation: each environment made, by its memory
        usage["tenant_gb_x86"] = f["tenant_environments"] * memory_gb
    return usage


def rest_api(a, month):
    """https://aws.amazon.com/api-gateway/pricing/: requests of any size, streamed by 10 MB, a cache by the hour."""
    size = {"0.5": "0_5", "1.6": "1_6", "6.1": "6_1", "13.5": "13_5", "28.4": "28_4", "58.2": "58_2"}
    kept = {f"cache_{size.get(str(a['cache_gb']), a['cache_gb'])}_gb": a["cache_hours"]} if a["cache_gb"] else {}
    counted = 1 if a.get("stream_s") is None else started(a["response_kb"], 10 * 1024)
    return {"requests": a["requests"] * counted} | kept


def http_api(a, month):
    """https://aws.amazon.com/api-gateway/pricing/: 512 KB of the request or of the answer are one request."""
    return {"requests": a["requests"] * started(max(a["request_kb"], a["response_kb"]), 512)}


def websocket_api(a, month):
    """https://aws.amazon.com/api-gateway/pricing/: 32 KB are one message."""
    return {"messages": a["messages"] * started(a["message_kb"], 32), "connection_minutes": a["connection_minutes"]}


def sqs_queue(q, month):
    """https://aws.amazon.com/sqs/pricing/: a call is a request for each 64 KB of its payload; a delete has none."""
    send_calls = whole(q["messages"] / q["send_batch"])
    receive_calls = whole(q["messages"] * q["receives_per_message"] / q["batch"])
    sends = send_calls * started(q["send_batch"] * q["message_kb"], 64)
    receives = receive_calls * started(q["batch"] * q["message_kb"], 64)
    deletes = whole(q["messages"] / q["batch"])
    requests = sends + receives + deletes + q["empty_receives"]
    if q["fifo"]:
        return {"fifo_requests": requests}
    # The surcharge is for messages with a group id: an empty receive brings none.
    return {"requests": requests, "fair_surcharge": sends + receives + deletes if q["fair"] else 0}


def sns_topic(t, month):
    """https://aws.amazon.com/sns/pricing/: 64 KB are one request and one delivery; FIFO topics bill messages and GB."""
    calls = whole(t["publishes"] / t["publish_batch"])
    usage = {"payload_filtering": t["filtered_payload_gb"]}
    if t["fifo"]:
        # AWS's calculator and Infracost both bill 10 million messages of 4 KB as 40 GB: this GB is a million KB.
        gb = t["message_kb"] / 1_000_000
        return usage | {
            "fifo_publish_requests": calls,
            "fifo_publish_payload": t["publishes"] * gb,
            "fifo_deliveries": t["sqs_deliveries"],
            "fifo_delivery_payload": t["sqs_deliveries"] * gb,
            "fifo_archive_processing": t["archive_gb"],
            "fifo_archive_storage": t["archive_stored_gb"],
        }
    usage["publish_requests"] = calls * started(t["publish_batch"] * t["message_kb"], 64)
    for receiver in ("sqs", "lambda", "http", "email", "mobile_push", "firehose"):
        enveloped = receiver in ("http", "firehose") and t.get("delivered_kb") is not None
        size_kb = t["delivered_kb"] if enveloped else t["message_kb"]
        usage[f"{receiver}_deliveries"] = t[f"{receiver}_deliveries"] * started(size_kb, 64)
    return usage | {"message_scanning": t["scanned_gb"], "audit_reporting": t["audited_gb"]}


def event_bus(b, month):
    """https://aws.amazon.com/eventbridge/pricing/: 64 KB are one event, for schema discovery 8 KB."""
    chunks = started(b["event_kb"], 64)
    events = ("custom_events", "partner_events", "cross_account_events", "api_destination_calls")
    usage = {name: b[name] * chunks for name in events}
    usage["custom_events"] = max(b["custom_events"] - b["free_events"], Decimal(0)) * chunks
    return usage | {
        "archive_processing": b["archive_gb"],
        "archive_storage": b["archive_stored_gb"],
        "schema_discovery": b["schema_discovery_events"] * started(b["event_kb"], 8),
    }


def state_machine(m, month):
    """https://aws.amazon.com/step-functions/pricing/: transitions; or executions, and 100 ms times 64 MB of them."""
    if m["workflow"] == "standard":
        children = m["executions"] * m["express_children"]
        return {
            "transitions": m["executions"] * m["transitions"],
            "express_requests": children,
            "express_duration": children * whole(m["express_child_ms"] / 100) / 10 / 16,
        }
    seconds, gb = whole(m["duration_ms"] / 100) / 10, whole(m["memory_mb"] / 64) / 16
    return {"express_requests": m["executions"], "express_duration": m["executions"] * seconds * gb}


def dynamodb_table(t, month):
    """https://aws.amazon.com/dynamodb/pricing/: a write unit is 1 KB, a read unit 4 KB; a transaction takes two."""
    of_class = "_ia" if t["table_class"] == "standard_ia" else ""
    write = "replicated_write" if t["global_table"] else "write"
    share = t["transactional_share"]
    index_kb, index_share = t.get("gsi_item_kb"), t.get("gsi_storage_share")
    if index_share is None:
        index_share = Decimal(1) if index_kb is None else index_kb / t["item_kb"] if t["item_kb"] else Decimal(0)
    units_a_read = {"strong": Decimal(1), "eventual": Decimal("0.5")}[t["consistency"]] * (1 - share) + 2 * share
    usage = {
        f"storage{of_class}": t["storage_gb"] + t["gsis"] * index_share * t["storage_gb"],
        "pitr": t["storage_gb"] if t["pitr"] else 0,
        "backup": t["backup_gb"],
        "restore": t["restore_gb"],
        "export": t["export_gb"],
        "import": t["import_gb"],
        "stream_reads": t["stream_reads"],
        "kinesis_changes": t["kinesis_changes"],
    }
    if t["capacity"] == "provisioned":
        usage[f"{write}_capacity{of_class}"] = t["write_units"] * month["hours"]
        usage[f"read_capacity{of_class}"] = t["read_units"] * month["hours"]
    else:
        # A write reaches each index once, not replicated and not in two steps.
        written = started(t["item_kb"], 1)
        index_units = written if index_kb is None else started(index_kb, 1)
        in_indexes = t["writes"] * t["gsi_write_share"] * index_units * t["gsis"]
        usage[f"write_requests{of_class}"] = in_indexes
        in_table = t["writes"] * written * (1 + share)
        usage[f"{write}_requests{of_class}"] = in_table + (in_indexes if write == "write" else 0)
        read_kb = t["item_kb"] if t.get("read_kb") is None else t["read_kb"]
        steps = started(read_kb, 4)
        usage[f"read_requests{of_class}"] = t["reads"] * steps * units_a_read
    return usage


COUNT = {
    count.__name__: count
    for count in (
        lambda_function,
        rest_api,
        http_api,
        websocket_api,
        sqs_queue,
        sns_topic,
        event_bus,
        state_machine,
        dynamodb_table,
    )
} | reference_messaging.COUNT
