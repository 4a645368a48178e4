"""API Gateway WebSocket API: each started 32 KB of a message is billed, and each minute of a connection."""

from calculator.metering import Inputs, Metered, Sent, part_of
from pricing.formula.language import MINUTES_PER_HOUR, S_PER_MINUTE, Constant, Number, ceil, maximum, ratio

STEP = Constant(32, "KB")
ONE = Constant(1, "API")


def meter(inputs: Inputs) -> Metered:
    """Count the messages [message] and connection minutes [minute] of a month, and what API Gateway limits.

    Follows https://aws.amazon.com/api-gateway/pricing/ and the quotas page of the API Gateway developer guide.

    >>> from calculator import estimate, parse
    >>> api = {"name": "api", "type": "websocket_api", "messages": 1000, "message_kb": 33, "connection_minutes": 600}
    >>> document = {"region": "us-east-1", "as_of": "2026-09-01", "components": [api]}
    >>> [line.usage for line in estimate(parse(document)).line_items]
    [2000.0, 600.0]
    """
    connections = _connections(inputs)
    return Metered(
        usage={
            "messages": inputs.messages * maximum(ceil(inputs.message_kb / STEP), 1),
            "connection_minutes": inputs.connection_minutes,
        },
        demand={
            "rest_api.apigw_throttle_rate": inputs.peak_rps,
            "rest_api.apigw_stage_throttle": inputs.peak_rps,
            "rest_api.apigw_method_throttle": part_of(inputs.peak_rps, inputs.route_share),
            "apigw_ws_message_size": inputs.message_kb,
            "apigw_ws_concurrent_connections": connections,
            # As many come as go: those that are open, over the time that each stays.
            "apigw_ws_new_connections": ratio(connections, inputs.session_s),
            "apigw_ws_connection_duration": inputs.session_s,
            "apigw_ws_integration_timeout": inputs.integration_timeout_ms,
            "rest_api.apigw_integration_timeout_min": inputs.integration_timeout_ms,
            "rest_api.apigw_regional_apis": ONE,
        },
        limit={
            "rest_api.apigw_stage_throttle": inputs.throttle_rps,
            "rest_api.apigw_method_throttle": inputs.route_throttle_rps,
        },
    )


def _connections(inputs: Inputs) -> Number:
    if inputs.connections is None:
        return inputs.connection_minutes / (inputs.month_hours * MINUTES_PER_HOUR)
    return inputs.connections


def send(inputs: Inputs, connection: Inputs, target: Inputs, per_s: Number) -> Sent:
    """What a message becomes: a call of its route; the routes of sessions are called when one begins or ends."""
    if connection.route == "message":
        return Sent(1, None)
    sessions = inputs.connection_minutes * S_PER_MINUTE / inputs.session_s
    return Sent(ratio(sessions, inputs.messages), None)
