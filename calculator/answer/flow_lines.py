"""The traffic between the components, connection by connection, as an answer tells it."""

from typing import TypedDict

from calculator.rules.view import View, Way
from calculator.traffic.inputs import OUTSIDE

DECIMALS = 10

FlowLine = TypedDict("FlowLine", {"from": str, "to": str, "calls": float, "peak": float, "payload_kb": float | None})


def flow_lines(view: View) -> tuple[FlowLine, ...]:
    """What each connection carries: calls of a month, calls [1/s] of the busiest second, and the size of one [KB].

    The connections of the document come first, as they stand there; those of the hidden lines follow.
    """
    return tuple(_line(way) for way in view.ways)


def _line(way: Way) -> FlowLine:
    return {
        "from": OUTSIDE if way.source is None else way.source.name,
        "to": way.target.name,
        "calls": round(float(way.calls), DECIMALS),
        "peak": round(float(way.peak_calls), DECIMALS),
        "payload_kb": None if way.payload_kb is None else round(float(way.payload_kb), DECIMALS),
    }
