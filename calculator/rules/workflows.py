"""Event buses and state machines: targets that multiply events, executions started too fast, histories too long."""

from collections.abc import Iterator

from calculator.rules import ERROR, Breach, rule
from calculator.rules.amounts import beyond, by_source, by_target, joined, number
from calculator.rules.view import View, Way

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
    for index, ways in by_source(view.between(("event_bus",), {way.target.type for way in view.ways})).items():
        bus, invocations = view.places[index], sum(way.peak_calls for way in ways)
        most = view.limit("event_bus.eventbridge_invocations_rate", bus.region)
        if len(ways) > 1 and beyond(invocations, most):
            told = f"{number(bus.q.peak_rps)} events/s to {len(ways)} targets = {number(invocations)} invocations/s"
            yield Breach(ERROR, joined(ways), f"{told}; at most {number(most)}")


@rule(
    why="StartExecution refills a token bucket of its own; events that come faster are throttled, retried and "
    "in the end dead letters.",
    remedy="Use an express workflow, or let one execution work on a batch.",
    source="docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html (public mirror)",
    checked="2026",
)
def sfn_start_rate(view: View) -> Iterator[Breach]:
    """Events start executions faster than Step Functions does."""
    for index, ways in by_target(view.between(EVENT_SOURCES, ("state_machine",))).items():
        machine, starts = view.places[index], sum(way.peak_calls for way in ways)
        if machine.get("synchronous"):
            continue
        most = view.limit(f"state_machine.sfn_start_execution_{machine.q.workflow}", machine.region)
        if beyond(starts, most):
            told = f"{number(starts)} starts/s of a {machine.q.workflow} workflow; at most {number(most)}"
            yield Breach(ERROR, joined(ways), told)


@rule(
    why="A standard execution ends when its history is full, after its work has been done and paid for: "
    "each task and each iteration of an inline Map writes to it.",
    remedy="Use a distributed Map, whose iterations have histories of their own, or nested executions.",
    source="docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html (public mirror)",
    checked="2026",
)
def sfn_history_budget(view: View) -> Iterator[Breach]:
    """The tasks of an execution fill its history."""
    for index, ways in by_source(view.between(("state_machine",), {way.target.type for way in view.ways})).items():
        machine = view.places[index]
        elsewhere = machine.get("history_events") is not None or machine.get("distributed_map_children") is not None
        if machine.q.workflow != "standard" or elsewhere:
            continue
        written, most = _history(ways), view.limit("state_machine.sfn_history_events", machine.region)
        if beyond(written, most):
            told = f"{number(sum(map(_tasks, ways)))} tasks an execution write {number(written)} events"
            yield Breach(ERROR, joined(ways), f"{told}; at most {number(most)}")


def _tasks(way: Way) -> float:
    return float(way.c.share * way.c.calls)


def _history(ways: list[Way]) -> float:
    """Events of an execution: tasks that are called more than once are taken to be of one Map."""
    iterations = max(way.c.calls for way in ways)
    mapped = EVENTS_OF_ITERATION * iterations if iterations > 1 else 0
    return float(EVENTS_OF_EXECUTION + EVENTS_OF_TASK * sum(map(_tasks, ways)) + mapped)
