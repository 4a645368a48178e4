"""Advice on networks: what need not pass a NAT gateway."""

from collections.abc import Iterator, Mapping
from typing import Any

from calculator.rules import INFO, Breach, rule
from calculator.rules.amounts import beyond, number
from calculator.rules.changes import Advice, advised, stated
from calculator.rules.network import BEHIND_GATEWAYS
from calculator.rules.view import FUNCTIONS, ConnectionView, View
from pricing.formula.language import KB_PER_GB

# From so much on it is worth asking where it goes. [GB/month]
MUCH_GB = 100
# What reaches AWS without the VPC of a function.
BESIDE_THE_VPC = ("log_group", "data_transfer", "nat_gateway")


def _private(view: View, region: str) -> Iterator[ConnectionView]:
    for connection in view.connections:
        source = connection.source
        if (
            source is not None
            and source.type in FUNCTIONS
            and source.region == region
            and source.get("private_subnets")
        ):
            yield connection


def _gb(connection: ConnectionView) -> float:
    """Data that a connection to a table or a bucket moves [GB/month]."""
    size = (connection.payload_kb or 0.0) + (connection.response_kb or 0.0) or connection.target.get("item_kb") or 0.0
    return float(
        connection.calls * ((connection.settings.writes or 0) + (connection.settings.reads or 0)) * size / KB_PER_GB
    )


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
            gb = sum(
                _gb(connection)
                for connection in _private(view, component.region)
                if connection.target.type in BEHIND_GATEWAYS
            )
            told = f"{number(component.inputs.data_gb)} GB a month"
            known = f"; functions in private subnets move some {number(gb)} GB to and from S3 and DynamoDB"
            yield Breach(INFO, (component.name,), told + (known if gb else ""))
