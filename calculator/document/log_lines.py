"""Lines of log that connections carry: their size, where nobody says it, is not that of a request."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from calculator.architecture import Connection, Value
from calculator.document.faults import Intake
from calculator.document.ways_out import EndOfDocument
from pricing.catalogue.catalogue import component_type

LOG_GROUP = "log_group"
# What a line is taken to be where the log is drawn and its size is not said.
LINE_KB = 1.0


def with_log_sizes(
    intake: Intake, ends: Sequence[EndOfDocument], connections: Sequence[Connection], settings: Mapping[str, Value]
) -> list[Connection]:
    """The connections, those that lead to a log group with the size of a line; the intake learns what is assumed.

    What runs code or answers requests writes lines of its own; what sends events to a group sends these.
    """
    sized = []
    for number, one in enumerate(connections):
        logs = component_type(ends[one.source].type).flow.logs if one.source is not None else ""
        if not logs or ends[one.target].type != LOG_GROUP or one.inputs["payload_kb"] is not None:
            sized.append(one)
        elif one.source is not None and "log_kb" in component_type(ends[one.source].type).inputs:
            sized.append(replace(one, payload_input="log_kb"))
        else:
            size = settings[logs] or LINE_KB
            intake.add_assumption(f"/connections/{number}/payload_kb", size, "KB", "the size of a line of log")
            sized.append(replace(one, inputs={**one.inputs, "payload_kb": size}))
    return sized
