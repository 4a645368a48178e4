"""The traffic between the components, connection by connection, as an answer tells it."""

from typing import TypedDict

from calculator.rules.view import ConnectionView, View
from calculator.traffic.inputs import OUTSIDE
from pricing.formula.rounding import rounded

FlowLine = TypedDict("FlowLine", {"from": str, "to": str, "calls": float, "peak": float, "payload_kb": float | None})


def flow_lines(view: View) -> tuple[FlowLine, ...]:
    """What each connection carries: calls of a month, calls [1/s] of the busiest second, and the size of one [KB].

    The connections of the document come first, as they stand there; those of the hidden lines follow.
    """
    return tuple(_line(connection) for connection in view.connections)


def _line(connection: ConnectionView) -> FlowLine:
    return {
        "from": OUTSIDE if connection.source is None else connection.source.name,
        "to": connection.target.name,
        "calls": rounded(connection.calls),
        "peak": rounded(connection.peak_calls),
        "payload_kb": None if connection.payload_kb is None else rounded(connection.payload_kb),
    }
