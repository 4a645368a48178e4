"""What faces the clients: distributions in a chain, and connections that come back or are told all at once."""

from collections.abc import Iterator

from calculator.rules import ERROR, WARNING, Breach, rule
from calculator.rules.amounts import beyond, number
from calculator.rules.view import ComponentView, View
from pricing.formula.language import MINUTES_PER_HOUR


@rule(
    why="An edge-optimized API has a CloudFront distribution of AWS's own: two in a chain are slower, and a third "
    "is refused.",
    remedy="Make the API's endpoint regional.",
    source="docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits (public mirror)",
    checked="2026",
)
def double_cloudfront(view: View) -> Iterator[Breach]:
    """An edge-optimized API stands behind a distribution."""
    for connection in view.between(("cloudfront_distribution",), ("rest_api",)):
        if connection.target.inputs.endpoint == "edge":
            yield Breach(WARNING, connection.path, "two distributions in a chain")


@rule(
    why="After an interruption all clients come back at once, and API Gateway opens only so many connections a second; "
    "two hours later they come again.",
    remedy="Let clients wait for a random time before they connect again.",
    source="docs.aws.amazon.com/apigateway/.../apigateway-execution-service-websocket-limits-table.html",
    checked="2026",
)
def ws_reconnect_storm(view: View) -> Iterator[Breach]:
    """Clients connect again faster than API Gateway opens connections."""
    for component in view.of("websocket_api"):
        window_s, connections = component.inputs.reconnect_s, _connections(view, component)
        most = view.limit("websocket_api.apigw_ws_new_connections", component.region)
        if window_s and beyond(connections / window_s, most):
            told = f"{number(connections)} connections in {number(window_s)} s; {number(most)}/s"
            yield Breach(
                WARNING, (component.name,), f"{told}: they need {number(connections / most)} s" if most else told
            )


@rule(
    why="A message to everybody is one call for each connection, and these calls share the account's request rate.",
    remedy="Send less often, or use AppSync Events or IoT Core, which deliver one message to many.",
    source="docs.aws.amazon.com/apigateway/latest/developerguide/limits.html + general/latest/gr/apigateway.html",
    checked="2026-08-10",
)
def ws_broadcast_rate(view: View) -> Iterator[Breach]:
    """Messages to every connection are more than API Gateway lets through."""
    for component in view.of("websocket_api"):
        per_s, connections = component.inputs.broadcasts_per_s, _connections(view, component)
        most = view.limit("rest_api.apigw_throttle_rate", component.region)
        if per_s is not None and beyond(connections * per_s, most):
            sent = f"{number(connections)} connections x {number(per_s)}/s = {number(connections * per_s)} messages/s"
            yield Breach(ERROR, (component.name,), f"{sent}; at most {number(most)}")


def _connections(view: View, component: ComponentView) -> float:
    if component.inputs.connections is not None:
        return float(component.inputs.connections)
    return float(component.inputs.connection_minutes / (view.architecture.month_hours * MINUTES_PER_HOUR))
