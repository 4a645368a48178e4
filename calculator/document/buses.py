"""Which kind of event bus a document means where it does not say so."""

from collections.abc import Sequence

from calculator.document.faults import Intake

BUS, KIND, DEFAULT = "event_bus", "bus", "default"
# What sends events by itself, and to the default bus alone.
SERVICES = ("cloudwatch_alarm", "s3_bucket", "ses_identity")


def with_buses(intake: Intake, entries: Sequence[object], connections: object) -> list[object]:
    """The components as they are written; a bus to which only AWS services send is the default one.

    AWS services send to no other bus (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event.html).
    """
    told: list[object] = list(entries)
    ways = [one for one in connections if isinstance(one, dict)] if isinstance(connections, list) else []
    types = {one.get("name"): one.get("type") for one in entries if isinstance(one, dict) and _is_named(one)}
    for index, entry in enumerate(entries):
        if isinstance(entry, dict) and entry.get("type") == BUS and entry.get(KIND) is None and _is_named(entry):
            senders = [way.get("from") for way in ways if way.get("to") == entry["name"]]
            if senders and all(isinstance(one, str) and types.get(one) in SERVICES for one in senders):
                told[index] = {**entry, KIND: DEFAULT}
                intake.add_assumption(f"/components/{index}/{KIND}", DEFAULT, "", "only AWS services send to it")
    return told


def _is_named(entry: dict[str, object]) -> bool:
    return isinstance(entry.get("name"), str)
