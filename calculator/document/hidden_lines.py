"""The lines that nobody writes down and AWS bills all the same: logs, data transfer out, NAT gateways, pollers."""

from collections.abc import Mapping, Sequence
from typing import Any

from calculator.architecture import Connection, Value
from pricing.catalogue.catalogue import component_type, component_types, connection_inputs

# What the added components are called, with the region behind it where that is not the document's.
LOGS, INTERNET, NAT = "logs", "internet", "nat"


def add_hidden_lines(
    entries: Sequence[object], connections: Sequence[Connection], settings: Mapping[str, Value], region: str
) -> tuple[list[Mapping[str, Any]], list[Connection]]:
    """The components to add behind those of a document, and what leads to them."""
    added: list[Mapping[str, Any]] = []
    ways: list[Connection] = []
    outside = {connection.target for connection in connections if connection.source is None}
    present = {(one["type"], one.get("region", region)) for one in map(_known, entries) if one}
    for index, entry in enumerate(entries):
        known = _known(entry)
        for kind, name, payload in _hidden(known, settings, from_outside=index in outside) if known else ():
            where = known.get("region", region)
            if (kind, where) not in present:
                target = _place(entries, added, kind, name if where == region else f"{name} {where}", where)
                ways.append(_way(index, len(entries) + target, payload))
    return added, ways


def without_pollers(connections: Sequence[Connection]) -> list[Connection]:
    """The connections, with no poller on a queue."""
    return [Connection(one.source, one.target, {**one.inputs, "pollers": 0}) for one in connections]


def _known(entry: object) -> Mapping[str, Any]:
    """A component as it is stated; nothing where its type, its name or its region cannot be one."""
    if not isinstance(entry, dict) or entry.get("type") not in component_types():
        return {}
    return entry if isinstance(entry.get("name"), str) and isinstance(entry.get("region", ""), str) else {}


def _hidden(
    entry: Mapping[str, Any], settings: Mapping[str, Value], *, from_outside: bool
) -> list[tuple[str, str, Value]]:
    """Type, name and size of a call of what a component brings along; a text is the input that is the size."""
    flow = component_type(entry["type"]).flow
    found: list[tuple[str, str, Value]] = []
    if flow.logs and settings["logs"] and settings[flow.logs]:
        found.append(("log_group", LOGS, settings[flow.logs]))
    if flow.internet and settings["data_transfer"] and from_outside:
        found.append(("data_transfer", INTERNET, flow.internet))
    if settings["nat"] and entry.get("private_subnets") is True:
        found.append(("nat_gateway", NAT, settings["nat_kb"]))
    return found


def _place(entries: Sequence[object], added: list[Mapping[str, Any]], kind: str, name: str, region: str) -> int:
    for place, one in enumerate(added):
        if (one["type"], one["region"]) == (kind, region):
            return place
    taken = {one.get("name") for one in map(_known, entries)} | {one["name"] for one in added}
    while name in taken:
        name = f"{name} (hidden)"
    added.append({"name": name, "type": kind, "region": region})
    return len(added) - 1


def _way(source: int, target: int, payload: Value) -> Connection:
    settings = {name: None if known.may_be_unset else known.default for name, known in connection_inputs().items()}
    if isinstance(payload, str):
        return Connection(source, target, settings, payload)
    return Connection(source, target, {**settings, "payload_kb": payload})
