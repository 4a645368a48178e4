"""Event buses and state machines: targets that multiply events, executions started too fast, histories too long."""

from collections.abc import Iterator

from calculator.rules import ERROR, Breach, rule
from calculator.rules.amounts import beyond, by_source, by_target, joined, number
from calculator.rules.view import ConnectionView, View

EVENT_SOURCES = ("event_bus", "event_pipe", "schedule")
# What is written into the history of a standard workflow: its start and end, and for each task that it is scheduled,
# submitted, started, ended and left; for each iteration of an inline Map its start and end.
EVENTS_OF_EXECUTION = 2
EVENTS_OF_TASK = 5
EVENTS_OF_ITERATION = 2


@rule(
    why="Each target of each matching rule is an invocation of its own, and those are limited, not the events.",
    remedy="Ask AWS for more invocations per second, or send fewer targets what they do not need.",
    source="docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota (public mirror)",
    checked="2026-H2 (undated mirror)",
)
def eventbridge_invocation_amplification(view: View) -> Iterator[Breach]:
    """The targets of a bus multiply its events beyond the invocations of a region."""
    for index, connections in by_source(
        view.between(("event_bus",), {connection.target.type for connection in view.connections})
    ).items():
        bus, invocations = view.components[index], sum(connection.peak_calls for connection in connections)
        most = view.limit("event_bus.eventbridge_invocations_rate", bus.region)
        if len(connections) > 1 and beyond(invocations, most):
            comes = f"{number(bus.inputs.peak_rps)} events/s to {len(connections)} targets"
            told = f"{comes} = {number(invocations)} invocations/s"
            yield Breach(ERROR, joined(connections), f"{told}; at most {number(most)}")


@rule(
    why="StartExecution refills a token bucket of its own; events that come faster are throttled, retried and "
    "in the end dead letters.",
    remedy="Use an express workflow, or let one execution work on a batch.",
    source="docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html (public mirror)",
    checked="2026",
)
def sfn_start_rate(view: View) -> Iterator[Breach]:
    """Events start executions faster than Step Functions does."""
    for index, connections in by_target(view.between(EVENT_SOURCES, ("state_machine",))).items():
        machine, starts = view.components[index], sum(connection.peak_calls for connection in connections)
        if machine.get("synchronous"):
            continue
        most = view.limit(f"state_machine.sfn_start_execution_{machine.inputs.workflow}", machine.region)
        if beyond(starts, most):
            told = f"{number(starts)} starts/s of a {machine.inputs.workflow} workflow; at most {number(most)}"
            yield Breach(ERROR, joined(connections), told)


@rule(
    why="A standard execution ends when its history is full, after its work has been done and paid for: "
    "each task and each iteration of an inline Map writes to it.",
    remedy="Use a distributed Map, whose iterations have histories of their own, or nested executions.",
    source="docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html (public mirror)",
    checked="2026",
)
def sfn_history_budget(view: View) -> Iterator[Breach]:
    """The tasks of an execution fill its history."""
    for index, connections in by_source(
        view.between(("state_machine",), {connection.target.type for connection in view.connections})
    ).items():
        machine = view.components[index]
        elsewhere = machine.get("history_events") is not None or machine.get("distributed_map_children") is not None
        if machine.inputs.workflow != "standard" or elsewhere:
            continue
        written, most = _history(connections), view.limit("state_machine.sfn_history_events", machine.region)
        if beyond(written, most):
            told = f"{number(sum(map(_tasks, connections)))} tasks an execution write {number(written)} events"
            yield Breach(ERROR, joined(connections), f"{told}; at most {number(most)}")


def _tasks(connection: ConnectionView) -> float:
    return float(connection.settings.share * connection.settings.calls)


def _history(connections: list[ConnectionView]) -> float:
    """Events of an execution: tasks that are called more than once are taken to be of one Map."""
    iterations = max(connection.settings.calls for connection in connections)
    mapped = EVENTS_OF_ITERATION * iterations if iterations > 1 else 0
    return float(EVENTS_OF_EXECUTION + EVENTS_OF_TASK * sum(map(_tasks, connections)) + mapped)
