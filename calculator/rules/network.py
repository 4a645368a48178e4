"""Functions in private subnets: a way out, and ports enough on it."""

from collections.abc import Iterator, Mapping

from calculator.rules import ERROR, WARNING, Breach, rule
from calculator.rules.amounts import beyond, by_target, joined, number, opened
from calculator.rules.view import APIS, FUNCTIONS, ConnectionView, View
from pricing.formula.words import money

# What is called at an address of the Internet unless an endpoint stands in the VPC.
CALLED_OUTSIDE = (
    *APIS,
    *FUNCTIONS,
    "api_destination",
    "appsync_api",
    "athena_workgroup",
    "event_bus",
    "firehose_stream",
    "iot_core",
    "kinesis_stream",
    "kms_key",
    "secret",
    "ses_identity",
    "sns_topic",
    "sqs_queue",
    "ssm_parameter",
    "state_machine",
)
# What gateway endpoints lead to: they are free, so that no component stands for them.
BEHIND_GATEWAYS = ("dynamodb_table", "s3_bucket")


@rule(
    why="A function in private subnets has no public address: what it calls does not answer, and it waits and is "
    "billed until its timeout.",
    remedy="Add interface endpoints or a NAT gateway; gateway endpoints to DynamoDB and S3 are free.",
    source="awsdocs/aws-lambda-developer-guide git history (last edit 2023-10)",
    checked="2023-10",
)
def vpc_lambda_needs_egress(view: View) -> Iterator[Breach]:
    """A function in private subnets calls what it cannot reach."""
    led_out = {component.region for component in view.of("nat_gateway", "vpc_endpoint")}
    for connection in _private(view, (*CALLED_OUTSIDE, *BEHIND_GATEWAYS)):
        if connection.source is not None and connection.source.region not in led_out:
            gateway = connection.target.type in BEHIND_GATEWAYS
            told = "no NAT gateway and no endpoint" + ("; a gateway endpoint would be free" if gateway else "")
            yield Breach(WARNING if gateway else ERROR, connection.path, told)


def _private(view: View, targets: tuple[str, ...]) -> Iterator[ConnectionView]:
    for connection in view.between(FUNCTIONS, targets):
        if connection.source is not None and connection.source.get("private_subnets"):
            yield connection


@rule(
    why="A NAT gateway has so many ports on each of its addresses for connections to one destination.",
    remedy="Give the gateway more addresses, keep fewer connections open, or use an endpoint in the VPC.",
    source="https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html (unverified)",
    checked="unverified",
)
def nat_port_exhaustion(view: View) -> Iterator[Breach]:
    """Functions open more connections to one destination than their NAT gateway has ports."""
    addresses = _addresses(view)
    for index, connections in by_target(_private(view, CALLED_OUTSIDE)).items():
        region = connections[0].target.region
        if region not in addresses:
            continue
        held = sum(opened(view, connection) for connection in connections)
        most = view.limit("nat_gateway.nat_connections", region) * addresses[region]
        if beyond(held, most):
            told = f"{number(held)} connections to {view.components[index].name}; {number(most)} ports"
            yield Breach(WARNING, joined(connections), told)


def _addresses(view: View) -> Mapping[str, float]:
    """Addresses of the NAT gateways by region, where no endpoint in the VPC leads past them."""
    past = {component.region for component in view.of("vpc_endpoint")}
    found: dict[str, float] = {}
    for component in view.of("nat_gateway"):
        if component.region not in past:
            # A private gateway has no public address, but one private address to connect from.
            found[component.region] = found.get(component.region, 0.0) + component.inputs.gateways * max(
                component.inputs.addresses, 1
            )
    return found


@rule(
    why="A private API has no address on the Internet: it is reached through an interface endpoint in a VPC, which is "
    "billed by the hour in each zone, and by the GB.",
    remedy="Add an interface endpoint for API Gateway in two zones, and let the API's policy name it.",
    source="docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-apis.html",
    checked="2026-11-28",
)
def private_api_without_endpoint(view: View) -> Iterator[Breach]:
    """Nothing leads to a private API."""
    entered = {component.region for component in view.of("vpc_endpoint")}
    for component in view.of("rest_api"):
        if component.inputs.endpoint == "private" and component.region not in entered:
            door = {"name": "door", "type": "vpc_endpoint", "region": component.region, "zones": 2, "data_gb": 0}
            cost = view.prices.alone([door])
            told = "no interface endpoint in the region"
            yield Breach(
                WARNING,
                (component.name,),
                told if cost is None else f"{told}; in two zones it costs {money(cost)} a month, and its data",
            )
