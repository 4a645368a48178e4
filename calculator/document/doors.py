"""What goes through the doors of an architecture besides requests: answers to connected clients, private endpoints."""

from collections.abc import Iterator, Mapping, Sequence

from calculator.architecture import Connection, Follow, Value
from calculator.document.ways_out import EndOfDocument
from pricing.catalogue.catalogue import component_type

WEBSOCKET, ENDPOINT = "websocket_api", "vpc_endpoint"


def answers_of_routes(
    ends: Sequence[EndOfDocument], number: int, connection: Connection, settings: Mapping[str, Value]
) -> Iterator[Connection]:
    """The messages that a WebSocket API sends besides those that it gets: what a route answers, what it sends clients.

    A route whose integration answers sends the answer to the client as a message
    (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-route-response.html).
    """
    if connection.source is None or ends[connection.source].type != WEBSOCKET or connection.late:
        return
    if "outside" in component_type(ends[connection.target].type).flow.traits:
        follows = Follow(number, ("payload",))
        yield Connection(connection.source, connection.source, settings, follows=follows, late=True)
    elif _is_answered(connection):
        answering = connection.target if component_type(ends[connection.target].type).flow.leaves else connection.source
        yield Connection(answering, connection.source, settings, follows=Follow(number, ("response",)), late=True)


def _is_answered(connection: Connection) -> bool:
    said = connection.inputs["response_kb"] is not None
    return said and connection.inputs["route"] == "message" and connection.inputs["invocation"] == "sync"


def endpoints_of(ends: Sequence[EndOfDocument], connections: Sequence[Connection]) -> dict[int | None, int]:
    """The endpoint of the document that a private API is connected with, whichever of the two is written first."""
    endpoints: dict[int | None, int] = {}
    for one in connections:
        for here, there in ((one.source, one.target), (one.target, one.source)):
            if there is not None and ends[there].type == ENDPOINT:
                endpoints.setdefault(here, there)
    return endpoints
