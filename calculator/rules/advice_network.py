"""Advice on networks: what need not pass a NAT gateway."""

from collections.abc import Iterator, Mapping
from typing import Any

from calculator.rules import INFO, Breach, rule
from calculator.rules.amounts import beyond, number
from calculator.rules.changes import Advice, advised, stated, still
from calculator.rules.network import BEHIND_GATEWAYS, CALLED_OUTSIDE
from calculator.rules.view import ComponentView, ConnectionView, View
from pricing.formula.language import KB_PER_GB

# From so much on it is worth asking where it goes. [GB/month]
MUCH_GB = 100
# What reaches AWS without the VPC of a function.
BESIDE_THE_VPC = ("log_group", "data_transfer", "nat_gateway")
# Services of AWS that an endpoint leads to; an API destination stands outside.
OF_AWS = {*CALLED_OUTSIDE, *BEHIND_GATEWAYS} - {"api_destination"}
# An endpoint in two zones works on when one fails.
ZONES = 2


def _private(view: View, region: str) -> Iterator[ConnectionView]:
    for connection in view.connections:
        source = connection.source
        if source is not None and source.region == region and source.get("private_subnets"):
            yield connection


@rule(
    why="A NAT gateway is billed by the hour, used or not. Where functions in private subnets call nothing but S3 and "
    "DynamoDB, gateway endpoints do, and cost nothing.",
    remedy="Add the gateway endpoints and take the NAT gateway away.",
    source="docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html",
    checked="2026",
)
def nat_gateway_unneeded(view: View) -> Iterator[Breach]:
    """A NAT gateway leads to nothing but S3 and DynamoDB."""
    for component in view.of("nat_gateway"):
        if stated(view, component):
            continue
        connections = [
            connection
            for connection in _private(view, component.region)
            if connection.target.type not in BESIDE_THE_VPC
        ]
        regions = {one.region for one in view.of("nat_gateway") if not stated(view, one)}
        if (
            connections
            and len(regions) == 1
            and all(connection.target.type in BEHIND_GATEWAYS for connection in connections)
        ):
            names = tuple(dict.fromkeys(name for connection in connections for name in connection.path))
            told = f"{len(connections)} connections of functions in private subnets, all to S3 or DynamoDB"
            yield from advised(view, INFO, [Advice(names, told, _without_nat)])


def _without_nat(document: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**document, "hidden_lines": {**(document.get("hidden_lines") or {}), "nat": False}}


@rule(
    why="What functions and tasks in private subnets send to AWS's own services goes through the NAT gateway unless "
    "an endpoint stands in the VPC: each GB is billed, to S3 and DynamoDB too.",
    remedy="Add gateway endpoints for S3 and DynamoDB, which cost nothing, and interface endpoints in two zones for "
    "the other services named here.",
    source="docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-pricing.html",
    checked="2026-11-28",
)
def aws_through_nat(view: View) -> Iterator[Breach]:
    """Much data for AWS's own services passes a NAT gateway."""
    for nat in view.of("nat_gateway"):
        moved: dict[str, float] = {}
        ways = [(connection, gb) for connection, gb in _through(view, nat) if connection.target.type in OF_AWS]
        for connection, gb in ways:
            moved[connection.target.type] = moved.get(connection.target.type, 0.0) + gb
        worth = {kind: gb for kind, gb in moved.items() if _is_cheaper_beside(view, nat, kind, gb)}
        less = min(sum(worth.values()), nat.inputs.data_gb)
        if not beyond(less, MUCH_GB):
            continue
        document = still(view)
        document["components"][nat.number] |= {"data_gb": nat.inputs.data_gb - less}
        document["components"] += [_endpoint(nat, kind, worth[kind]) for kind in worth if kind not in BEHIND_GATEWAYS]
        path = (nat.name, *dict.fromkeys(way.target.name for way, _ in ways if way.target.type in worth))
        told = ", ".join(f"{number(gb)} GB a month for {kind}" for kind, gb in worth.items())
        yield Breach(INFO, path, f"{told}, of {number(nat.inputs.data_gb)} GB in all", document)


def _through(view: View, nat: ComponentView) -> Iterator[tuple[ConnectionView, float]]:
    """The connections whose bytes a gateway carries, and how many those are [GB/month]."""
    for connection, seen in zip(view.architecture.connections, view.connections, strict=True):
        if connection.target == nat.number and connection.follows is not None:
            yield view.connections[connection.follows.number], seen.calls * (seen.payload_kb or 0.0) / KB_PER_GB


def _is_cheaper_beside(view: View, nat: ComponentView, kind: str, gb: float) -> bool:
    """Whether an endpoint carries so much for less than the gateway does."""
    if kind in BEHIND_GATEWAYS:
        return gb > 0
    gateway = {"name": "nat", "type": "nat_gateway", "region": nat.region, "gateways": 0, "data_gb": gb}
    now, then = (view.prices.alone([one]) for one in (gateway, _endpoint(nat, kind, gb)))
    return now is not None and then is not None and then < now


def _endpoint(nat: ComponentView, kind: str, gb: float) -> dict[str, Any]:
    return {"name": f"{kind} endpoint", "type": "vpc_endpoint", "region": nat.region, "zones": ZONES, "data_gb": gb}


@rule(
    why="Each GB through a NAT gateway is billed besides its hours. To AWS's own services an endpoint in the VPC "
    "carries it for less than a quarter, to S3 and DynamoDB for nothing.",
    remedy="Look up in the flow logs where the data goes; add gateway endpoints for S3 and DynamoDB and interface "
    "endpoints for the services that take most.",
    source="docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-pricing.html",
    checked="2026",
)
def nat_gateway_data(view: View) -> Iterator[Breach]:
    """Much data passes a NAT gateway."""
    for component in view.of("nat_gateway"):
        if beyond(component.inputs.data_gb, MUCH_GB):
            gb = sum(gb for way, gb in _through(view, component) if way.target.type in BEHIND_GATEWAYS)
            told = f"{number(component.inputs.data_gb)} GB a month"
            known = f"; functions in private subnets move some {number(gb)} GB to and from S3 and DynamoDB"
            yield Breach(INFO, (component.name,), told + (known if gb else ""))
