"""Dead letters: what the way on which messages are worked on and the way of those that fail say of each other."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from calculator.architecture import Connection, Value
from calculator.document.faults import Intake
from calculator.document.ways_out import EndOfDocument
from pricing.catalogue.catalogue import component_type

# What the way of dead letters takes over from the way beside it, and this from that.
FAILING = ("failure_share", "max_receive_count", "partial_batch_response")
ATTEMPTS = "max_receive_count"
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
DEFAULT_ATTEMPTS = 10


def with_dead_letters(
    intake: Intake, ends: Sequence[EndOfDocument], read: Sequence[Connection | None], stated: Sequence[object]
) -> list[Connection]:
    """The connections; what one of the two ways says of failures holds for the other, unless it says so itself.

    A queue with dead letters makes ten attempts where nobody says how many; the intake is told. A share of dead letters
    is one of all messages where nobody says how many attempts fail.
    """
    known = [entry if isinstance(entry, dict) else {} for entry in stated]
    ways = [(number, one) for number, one in enumerate(read) if one is not None]
    working = {one.source: number for number, one in reversed(ways) if not one.inputs["dead_letter"]}
    completed = {number: one.inputs for number, one in ways}
    for number, one in ways:
        if not one.inputs["dead_letter"] or one.source is None or one.source not in working:
            continue
        beside = working[one.source]
        if ATTEMPTS in component_type(ends[one.source].type).flow.as_source:
            completed[beside] = _working(intake, beside, completed[beside], known[beside], known[number])
        taken_over = {name: completed[beside][name] for name in FAILING if name not in known[number]}
        if "share" in known[number] and not completed[beside]["failure_share"]:
            taken_over["failure_share"] = 1
        completed[number] = {**one.inputs, **taken_over}
    return [replace(one, inputs=completed[number]) for number, one in ways]


def _working(
    intake: Intake, number: int, inputs: Mapping[str, Value], known: Mapping[str, object], dead: Mapping[str, object]
) -> dict[str, Value]:
    """What holds of the failures where messages are worked on; `dead` is what the way of dead letters says."""
    said: dict[str, Value] = {}
    for name in FAILING:
        value = dead.get(name)
        if name in dead and name not in known and isinstance(value, bool | int | float):
            said[name] = value
    if ATTEMPTS not in known and ATTEMPTS not in said:
        said[ATTEMPTS] = DEFAULT_ATTEMPTS
        why = "the default of a queue with dead letters"
        intake.add_assumption(f"/connections/{number}/{ATTEMPTS}", DEFAULT_ATTEMPTS, "message", why)
    return {**inputs, **said}
