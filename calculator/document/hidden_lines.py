"""The lines that nobody writes down and AWS bills all the same: logs, bytes that leave, NAT gateways.

Each belongs to what causes it: a component that writes logs, a connection whose bytes go over a NAT gateway, to another
zone, to another region or to the Internet. A component of the document takes one over where it is connected to it.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from calculator.architecture import Connection, Follow, Value
from calculator.document.beside import WEB_ACL
from calculator.document.doors import answers_of_routes, endpoints_of
from calculator.document.log_lines import LINE_KB
from calculator.document.ways_out import (
    GATES,
    EndOfDocument,
    is_private,
    logs_by_network,
    reached_privately,
    silent_settings,
    takes_by_itself,
    way_out,
)
from pricing.catalogue.catalogue import component_type
from pricing.catalogue.component_type import VENDED, TrafficRule
from pricing.catalogue.flow_file import ANSWER, IMAGE, LOG_KB

LOGS, CUSTOM_LOGS, INTERNET, NAT, ZONES = "logs", "custom logs", "internet", "nat", "zones"
ENDPOINT, DELIVERED = "endpoint", "delivered logs"
BOTH = ("payload", "response")


class _Added(NamedTuple):
    """What is added behind the components of a document, and what leads to it.

    `gates` are the gateways and endpoints of the document by name, `led` those gateways that lead a component out, and
    `nats` what leads out of a region. `places` are what has been added by what is said of it, `taken` all names;
    `first` is the number of the first connection that is added.
    """

    ends: Sequence[EndOfDocument]
    gates: Mapping[str, int]
    led: Mapping[int | None, int]
    settings: Mapping[str, Value]
    region: str
    as_of: date
    components: list[Mapping[str, Any]]
    connections: list[Connection]
    nats: Mapping[str, int]
    places: dict[tuple[object, ...], int]
    taken: set[str]
    first: int
    leading_on: frozenset[int]


def add_hidden_lines(
    ends: Sequence[EndOfDocument],
    connections: Sequence[Connection],
    settings: Mapping[str, Value],
    region: str,
    as_of: date,
) -> tuple[list[Mapping[str, Any]], list[Connection]]:
    """The components to add behind those of a document (`ends`), and the connections that lead to them."""
    gates = {end.name: index for index, end in enumerate(ends) if end.type in GATES}
    led, taken = _led(ends, gates, connections), {end.name for end in ends}
    nats = _nats(ends, gates)
    # What is sent through an address to a place in AWS or to somebody else leaves there, once.
    leading_on = frozenset(one.source for one in connections if one.source is not None and not one.late)
    added = _Added(ends, gates, led, settings, region, as_of, [], [], nats, {}, taken, len(connections), leading_on)
    reached = {connection.target for connection in connections}
    leaving: dict[int | None, list[int]] = {}
    for number, connection in enumerate(connections):
        leaving.setdefault(connection.source, []).append(number)
    for index, end in enumerate(ends):
        if end.type:
            kinds = {ends[connections[number].target].type for number in leaving.get(index, ())}
            counted = index in reached or bool({_flow(end).leaves, _flow(end).leaves_else} & end.stated.keys())
            if counted:
                _add_logs(added, index, kinds)
            if is_private(end) and settings["nat"]:
                ways = [connections[number] for number in leaving.get(index, ())]
                _add_gateway(added, index, ways, counted=counted)
    outside, endpoints = _from_outside(ends, connections, leaving), endpoints_of(ends, connections)
    for number, connection in enumerate(connections):
        if ends[connection.target].type and not connection.inputs["control"]:
            _add_answers(added, number, connection, outside, leaving, connections)
            _add_ways_out(added, number, connection)
            _add_endpoint(added, number, connection, endpoints)
            _add_messages(added, number, connection)
            _add_delivery(added, connection)
    reached = {connection.target for connection in added.connections}
    for number, one in enumerate(added.components):
        if one["type"] == "nat_gateway" and len(ends) + number not in reached:
            added.components[number] = {**one, "data_gb": 0}
    return added.components, added.connections


def _led(
    ends: Sequence[EndOfDocument], gates: Mapping[str, int], connections: Sequence[Connection]
) -> dict[int | None, int]:
    """The gateway of the document that a component is connected to: one of its connections names it."""
    named = ((one.source, gates.get(str(one.inputs["via"]))) for one in connections)
    return {source: gate for source, gate in named if gate is not None and ends[gate].type == "nat_gateway"}


def without_pollers(connections: Sequence[Connection]) -> list[Connection]:
    """The connections, with no poller on a queue."""
    return [Connection(one.source, one.target, {**one.inputs, "pollers": 0}) for one in connections]


def _flow(end: EndOfDocument) -> TrafficRule:
    return component_type(end.type).flow


def _add_logs(added: _Added, index: int, kinds: set[str]) -> None:
    """Where a component writes its logs, unless it is connected to a log group of the document."""
    end = added.ends[index]
    flow = _flow(end)
    if not flow.logs or not added.settings["logs"] or "log_group" in kinds:
        return
    own = LOG_KB in component_type(end.type).inputs
    if not own and not added.settings[flow.logs]:
        return
    origin = flow.log_origin_on(added.as_of)
    name = LOGS if origin == VENDED else CUSTOM_LOGS
    target = _place(added, "log_group", name, end.region, origin=origin)
    settings = silent_settings() if own else {**silent_settings(), "payload_kb": added.settings[flow.logs]}
    # What a web ACL looks at is known when all else flows.
    late = end.type == WEB_ACL
    added.connections.append(Connection(index, target, settings, LOG_KB if own else "", "ingested_gb", late=late))
    if is_private(end) and added.settings["nat"] and logs_by_network(end):
        follow = Follow(added.first + len(added.connections) - 1, ("payload",))
        added.connections.append(
            Connection(index, _nat(added, index), silent_settings(), "", "data_gb", follow, late=True)
        )


def _add_gateway(added: _Added, index: int, ways: Sequence[Connection], *, counted: bool) -> None:
    """The NAT gateway of a component in private subnets; what goes over it follows from its connections.

    So do the images that its tasks pull, unless a connection leads to where these are.
    """
    target = _nat(added, index)
    if counted and all(way.late for way in ways):
        settings = {**silent_settings(), "payload_kb": added.settings["nat_kb"]}
        added.connections.append(Connection(index, target, settings, "", "data_gb"))
    if _flow(added.ends[index]).pulls and not any(way.payload_input == IMAGE for way in ways):
        added.connections.append(Connection(index, target, silent_settings(), IMAGE, "data_gb", late=True))


def _nat(added: _Added, source: int) -> int:
    """The gateway that leads a component out, one of its region whose data nobody states, or the hidden one."""
    if source in added.led:
        return added.led[source]
    region = added.ends[source].region
    if region in added.nats:
        return added.nats[region]
    return _place(added, "nat_gateway", NAT, region)


def _nats(ends: Sequence[EndOfDocument], gates: Mapping[str, int]) -> dict[str, int]:
    """The first NAT gateway of each region whose data nobody states."""
    nats: dict[str, int] = {}
    for index in gates.values():
        if ends[index].type == "nat_gateway" and "data_gb" not in ends[index].stated:
            nats.setdefault(ends[index].region, index)
    return nats


def _from_outside(
    ends: Sequence[EndOfDocument], connections: Sequence[Connection], leaving: Mapping[int | None, Sequence[int]]
) -> set[int | None]:
    """What brings traffic from outside: the outside itself, and what passes it on as it is."""
    outside: set[int | None] = {None}
    waiting: list[int | None] = [None]
    while waiting:
        for number in leaving.get(waiting.pop(), ()):
            target = connections[number].target
            known = target in outside or connections[number].late or not ends[target].type
            if not known and "transparent" in _flow(ends[target]).traits:
                outside.add(target)
                waiting.append(target)
    return outside


def _add_answers(
    added: _Added,
    number: int,
    connection: Connection,
    outside: set[int | None],
    leaving: Mapping[int | None, Sequence[int]],
    connections: Sequence[Connection],
) -> None:
    """What a door answers to the Internet, unless the door is connected to a data transfer of the document."""
    door = added.ends[connection.target]
    flow = _flow(door)
    if connection.source not in outside or connection.late or not flow.internet:
        return
    kinds = {added.ends[connections[way].target].type for way in leaving.get(connection.target, ())}
    downloads = door.type == "s3_bucket" and "external_endpoint" in kinds
    if (
        downloads
        or "data_transfer" in kinds
        or any(door.stated.get(name) in values for name, values in flow.internet_unless.items())
    ):
        return
    own = "" if flow.internet == ANSWER else flow.internet
    _add_egress(added, connection.target, door.region, Follow(number, ("response",), answers=True), own)


def _add_delivery(added: _Added, connection: Connection) -> None:
    """What AWS asks for the log of a web ACL that it writes into a bucket, by the GB of its lines."""
    if connection.source is None or not added.settings["logs"]:
        return
    source = added.ends[connection.source]
    if source.type == WEB_ACL and added.ends[connection.target].type == "s3_bucket":
        line_kb = connection.inputs["payload_kb"] or added.settings[_flow(source).logs] or LINE_KB
        target = _place(added, "log_group", DELIVERED, source.region, origin="vended", ingested_gb=0)
        settings = {**silent_settings(), "payload_kb": line_kb}
        added.connections.append(Connection(connection.source, target, settings, "", "delivered_s3_gb", late=True))


def _add_messages(added: _Added, number: int, connection: Connection) -> None:
    """The messages that a WebSocket API sends; those to clients have their egress already."""
    for back in answers_of_routes(added.ends, number, connection, silent_settings()):
        added.connections.append(back)
        if back.follows is not None and back.follows.sizes == ("response",):
            _add_egress(added, back.source, added.ends[back.target].region, back.follows)


def _add_egress(added: _Added, source: int | None, region: str, follows: Follow, own_input: str = "") -> None:
    """Bytes of a connection that leave a region to the Internet."""
    if added.settings["data_transfer"]:
        target = _place(added, "data_transfer", INTERNET, region, internet_out_gb=None)
        added.connections.append(
            Connection(source, target, silent_settings(), own_input, "internet_out_gb", follows, late=True)
        )


def _add_endpoint(added: _Added, number: int, connection: Connection, endpoints: Mapping[int | None, int]) -> None:
    """The endpoint through which clients reach a private API: its hours, and the bytes both ways."""
    door = added.ends[connection.target]
    gate = connection.source is not None and added.ends[connection.source].type in GATES
    if not reached_privately(door) or connection.late or gate or connection.inputs["via"] in added.gates:
        return
    place = endpoints.get(connection.target)
    if place is None:
        if not added.settings["endpoint"]:
            return
        place = _place(added, "vpc_endpoint", ENDPOINT, door.region, data_gb=None)
    elif "data_gb" in added.ends[place].stated:
        return
    follows = Follow(number, BOTH, answers=True)
    own = component_type(door.type).flow.internet
    added.connections.append(
        Connection(connection.target, place, silent_settings(), own, "data_gb", follows, late=True)
    )


def _add_ways_out(added: _Added, number: int, connection: Connection) -> None:
    """The bytes of a connection that AWS bills: out of AWS, over a gateway, to another zone, to another region."""
    if connection.source is None or not added.ends[connection.source].type:
        return
    source, target = added.ends[connection.source], added.ends[connection.target]
    leaves, settings = added.connections, silent_settings()
    if "allowance" in _flow(source).traits:
        if "outside" in _flow(target).traits:
            follow = Follow(number, ("payload",))
            leaves.append(
                Connection(connection.source, connection.source, settings, "", "data_out_gb", follow, late=True)
            )
    elif added.settings["data_transfer"]:
        leads_on = connection.target in added.leading_on
        for region, fills, follow, stated in _transfers(source, target, number, connection, leads_on=leads_on):
            name = {"internet_out_gb": INTERNET, "inter_az_gb": ZONES}.get(
                fills, f"{region} to {stated.get('destination')}"
            )
            place = _place(added, "data_transfer", name, region, **stated)
            leaves.append(Connection(connection.source, place, settings, "", fills, follow, late=True))
    user = connection.target if takes_by_itself(source, target) else connection.source
    out = way_out(added.gates, *((target, source) if user == connection.target else (source, target)), connection)
    if out is None or (out == NAT and not added.settings["nat"]):
        return
    place = out if isinstance(out, int) else _nat(added, user)
    leaves.append(Connection(user, place, settings, "", "data_gb", Follow(number, BOTH), late=True))


def _transfers(
    source: EndOfDocument, target: EndOfDocument, number: int, connection: Connection, *, leads_on: bool
) -> Iterator[tuple[str, str, Follow, Mapping[str, Any]]]:
    """Data transfer that a connection causes: region that pays, input that it fills, which bytes, what else is said."""
    leaving, arriving = _flow(source), _flow(target)
    none = {"internet_out_gb": 0}
    if {"regionless"} & leaving.traits and "compute" not in leaving.traits:
        return  # CloudFront bills its own bytes to an origin, and a name that is looked up moves none
    if "outside" in arriving.traits and "mails" in leaving.traits:
        return
    if ("outside" in arriving.traits and not leads_on) or connection.inputs["push"]:
        region = target.region if connection.inputs["push"] and "outside" not in arriving.traits else source.region
        yield region, "internet_out_gb", Follow(number, ("payload",)), {"internet_out_gb": None}
        return
    if connection.inputs["cross_az_share"]:
        yield source.region, "inter_az_gb", Follow(number, BOTH, "cross_az_share"), none
    if source.region == target.region or {"regionless"} & (leaving.traits | arriving.traits):
        return
    if connection.inputs["replication"] and target.type == "dynamodb_table":
        return  # AWS charges no transfer between the replicas of a global table
    for region, other, sizes in (
        (source.region, target.region, ("payload",)),
        (target.region, source.region, ("response",)),
    ):
        stated = {**none, "other_region": True, "destination": other, "inter_region_gb": None}
        yield region, "inter_region_gb", Follow(number, sizes), stated


def _place(added: _Added, kind: str, name: str, region: str, **stated: Any) -> int:
    """The added component of that type, region and statement; None is stated of what is filled."""
    said = {key: value for key, value in stated.items() if value is not None}
    own = name if region == added.region or name.startswith(region) else f"{name} {region}"
    key = (kind, own, region, *sorted(said.items()))
    if key not in added.places:
        while own in added.taken:
            own = f"{own} (hidden)"
        added.taken.add(own)
        added.places[key] = len(added.ends) + len(added.components)
        added.components.append({"name": own, "type": kind, "region": region, **said})
    return added.places[key]
