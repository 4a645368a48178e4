"""The ends of a document's connections as they are written, and how bytes get out of private subnets."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple

from calculator.architecture import Connection, Value
from pricing.catalogue.catalogue import component_type, connection_inputs
from pricing.catalogue.flow_file import IMAGE

NAT: Final = "nat"
AUTO, PUBLIC, GATEWAY_ENDPOINT = "auto", "public", "gateway_endpoint"
WAYS = (AUTO, PUBLIC, NAT, GATEWAY_ENDPOINT)
GATES = ("nat_gateway", "vpc_endpoint")


class EndOfDocument(NamedTuple):
    """A component as it is written: its type is empty where it cannot be one, `stated` is all that is said of it."""

    name: str
    type: str
    region: str
    stated: Mapping[str, Any]


@cache
def silent_settings() -> Mapping[str, Value]:
    """What a connection says of which nobody says anything.

    >>> silent_settings()["calls"], silent_settings()["timeout_s"]
    (1, None)
    """
    known = connection_inputs().items()
    return MappingProxyType({name: None if one.may_be_unset or one.text else one.default for name, one in known})


def is_private(end: EndOfDocument) -> bool:
    """Whether a component stands in private subnets."""
    return bool(end.type) and end.stated.get("private_subnets") is True


def takes_by_itself(source: EndOfDocument, target: EndOfDocument) -> bool:
    """Whether a program takes what waits in a queue or a stream: it calls for it over its own network.

    Functions do not: their mappings poll for them.
    """
    if not source.type or not target.type:
        return False
    flow = component_type(target.type).flow
    return "buffers" in component_type(source.type).flow.traits and "compute" in flow.traits and flow.singly


def reached_privately(door: EndOfDocument) -> bool:
    """Whether clients reach an API through an endpoint of their network alone."""
    return door.type == "rest_api" and door.stated.get("endpoint") == "private"


def logs_by_network(end: EndOfDocument) -> bool:
    """Whether the logs of a component take the way that its calls take."""
    return bool(end.type) and "logs_by_network" in component_type(end.type).flow.traits


def way_out(
    gates: Mapping[str, int], source: EndOfDocument, target: EndOfDocument, connection: Connection
) -> int | Literal["nat"] | None:
    """Over what the bytes of a connection go: one of the `gates`, "nat" for any, or None: nothing is billed."""
    via = str(connection.inputs["via"] or AUTO)
    if via in gates:
        return gates[via]
    if via in (NAT, PUBLIC, GATEWAY_ENDPOINT):
        return NAT if via == NAT else None
    traits = component_type(target.type).flow.traits
    inside = traits & {"in_vpc", "gateway_endpoint"} or reached_privately(target) or target.type in GATES
    quiet = connection.late and connection.payload_input != IMAGE
    beside = target.type == "log_group" and not logs_by_network(source)
    if not is_private(source) or quiet or beside or inside:
        return None
    return NAT
