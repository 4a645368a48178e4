"""Advice on workflows: short ones that are billed by the step."""

from collections.abc import Iterator

from calculator.rules import INFO, Breach, rule
from calculator.rules.amounts import beyond, busy_s, by_source, number
from calculator.rules.changes import Advice, advised, is_stated, with_inputs
from calculator.rules.view import FUNCTIONS, ComponentView, View
from pricing.formula.language import MS_PER_S

# What only a standard workflow has.
ONLY_STANDARD = (
    "callbacks",
    "burst_callbacks",
    "distributed_map_children",
    "open_map_runs",
    "activity_pollers",
    "history_days",
    "redrive_days",
)
# The mean must leave room for the slow ones.
ROOM = 2


@rule(
    why="A standard workflow bills each step, an express workflow its executions, their time and memory: short "
    "workflows of many steps cost a fraction.",
    remedy="Make it an express workflow if each step may run twice: it is at least once, not exactly once, keeps no "
    "history but in logs, and waits for no task (.sync, callbacks).",
    source="docs.aws.amazon.com/step-functions/latest/dg/choosing-workflow-type.html",
    checked="2026",
)
def express_instead_of_standard(view: View) -> Iterator[Breach]:
    """A short workflow is billed by its steps."""
    found = []
    leaving = by_source(view.connections)
    for component in view.of("state_machine"):
        behind = leaving.get(component.number, [])
        waits = any(component.get(name) for name in ONLY_STANDARD) or any(
            w.target.type == component.type for w in behind
        )
        if component.inputs.workflow != "standard" or waits:
            continue
        calls = [
            (busy_s(connection.target) or 0.0) * connection.settings.share * connection.settings.calls
            for connection in behind
            if connection.target.type in FUNCTIONS
        ]
        lasts_s = _lasts_s(view, component, sum(calls))
        if not beyond(ROOM * lasts_s, view.limit("state_machine.sfn_execution_duration_express", component.region)):
            told = (
                f"{number(component.inputs.transitions)} transitions in each execution, which takes {number(lasts_s)} s"
            )
            inputs = {"workflow": "express", "duration_ms": lasts_s * MS_PER_S}
            found.append(Advice((component.name,), told, with_inputs(component, **inputs)))
    yield from advised(view, INFO, found)


def _lasts_s(view: View, component: ComponentView, tasks_s: float) -> float:
    """How long an execution lasts: as stated, or else as long as its functions, one after the other."""
    said = float(component.inputs.duration_ms / MS_PER_S)
    return said if is_stated(view, component, "duration_ms") else max(said, tasks_s)
