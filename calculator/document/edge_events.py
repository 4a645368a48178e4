"""Functions of a distribution: on which event each runs, and how often where the document does not say so."""

from collections.abc import Mapping, Sequence

from calculator.architecture import Connection, Value
from calculator.document.faults import Intake
from calculator.document.ways_out import EndOfDocument

DISTRIBUTION, EDGE_FUNCTION, SCRIPT = "cloudfront_distribution", "lambda_edge_function", "cloudfront_function"
VIEWER, ORIGIN = "viewer", "origin"
# What a distribution leads to that is no origin of it.
NO_ORIGINS = (EDGE_FUNCTION, SCRIPT, "firehose_stream", "kinesis_stream", "log_group", "waf_web_acl")


def edge_settings(
    intake: Intake,
    pointer: str,
    one: Connection,
    ends: Sequence[EndOfDocument],
    shares: Mapping[int, float],
    known: Mapping[str, object],
) -> dict[str, Value]:
    """The event that runs a function of a distribution, and its share of the requests; the intake learns both.

    `shares` are those of the requests that reach the origins of each distribution. A function runs on every request of
    a viewer, or on what reaches the origins: misses and uploads
    (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-cloudfront-trigger-events.html). A
    CloudFront Function runs on events of viewers only.
    """
    if one.source is None or ends[one.source].type != DISTRIBUTION:
        return {}
    target = ends[one.target]
    if one.inputs["log_kb"] is not None and one.inputs["payload_kb"] is None:
        return {"payload_kb": one.inputs["log_kb"]}
    if target.type not in (EDGE_FUNCTION, SCRIPT):
        return {}
    event = one.inputs["event"]
    if "event" not in known and target.stated.get("event") == ORIGIN:
        event = f"{ORIGIN}_request"
        intake.add_assumption(f"{pointer}/event", event, "", f"the event of {target.name}")
    if not str(event).startswith(ORIGIN):
        return {"event": event}
    if target.type == SCRIPT:
        why = "a CloudFront Function runs on events of viewers only; put a lambda_edge_function there"
        intake.add_fault(f"{pointer}/event", f"{why}, not {event}")
    if "share" in known:
        return {"event": event}
    share = min(shares.get(one.source, 1.0), 1.0)
    intake.add_assumption(f"{pointer}/share", share, "share", "what reaches the origins of the distribution")
    return {"event": event, "share": share}


def shares_of_origins(ends: Sequence[EndOfDocument], connections: Sequence[Connection]) -> dict[int, float]:
    """The share of its requests that each distribution sends on to its origins; none where it has no origins."""
    shares: dict[int, float] = {}
    for one in connections:
        distribution = one.source is not None and ends[one.source].type == DISTRIBUTION
        if distribution and not one.late and one.inputs["log_kb"] is None and ends[one.target].type not in NO_ORIGINS:
            share = float(one.inputs["share"] or 0) * float(one.inputs["calls"] or 0)
            shares[one.source or 0] = shares.get(one.source or 0, 0.0) + share
    return shares


def with_edge_events(
    intake: Intake, entries: Sequence[object], ends: Sequence[EndOfDocument], connections: Sequence[Connection]
) -> list[object]:
    """The components as they are written, each function of a distribution with the event of its connections."""
    events: dict[int, set[str]] = {}
    for one in connections:
        if one.source is not None and (ends[one.source].type, ends[one.target].type) == (DISTRIBUTION, EDGE_FUNCTION):
            events.setdefault(one.target, set()).add(str(one.inputs["event"]).partition("_")[0])
    told: list[object] = list(entries)
    for index, kinds in events.items():
        # The limits of events of viewers are the tighter ones.
        event = VIEWER if VIEWER in kinds else ORIGIN
        entry = told[index]
        if isinstance(entry, dict) and entry.get("event", VIEWER) != event:
            intake.add_assumption(f"/components/{index}/event", event, "", "the event of the connection that runs it")
            told[index] = {**entry, "event": event}
    return told
