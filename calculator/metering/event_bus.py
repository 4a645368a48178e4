"""Amazon EventBridge: every 64 KB of an event is an event; schema discovery counts by 8 KB, archives by GB."""

from collections.abc import Mapping, Sequence

from calculator.metering import Carried, Inputs, Metered
from pricing.formula.language import KB_PER_GB, Constant, Number, ceil, maximum, total

# What sends to the default bus by itself and for nothing.
FREE = ("cloudwatch_alarm", "ses_identity")
CHUNK = Constant(64, "KB")
DISCOVERY_CHUNK = Constant(8, "KB")
HOURS_PER_DAY = Constant(24, "hour/day")


def meter(inputs: Inputs) -> Metered:
    """Count the events [event] and GB of a bus in a month, and what EventBridge limits: sizes [KB], rates [1/s].

    Follows https://aws.amazon.com/eventbridge/pricing/ and the quotas of the EventBridge user guide.

    >>> events = {"custom_events": 1000, "free_events": 0, "event_kb": 65, "schema_discovery_events": 1000}
    >>> events["partner_events"] = 0
    >>> sent_on = {"cross_account_events": 0, "api_destination_calls": 0, "archive_gb": 0, "archive_stored_gb": 0}
    >>> rates = {"peak_rps": 2, "put_batch": 1, "targets_per_event": 1, "api_destination_peak_rps": 0}
    >>> usage = meter(Inputs(events | sent_on | rates)).usage
    >>> usage["custom_events"], usage["schema_discovery"]
    (2000.0, 9000.0)
    """
    chunks = maximum(ceil(inputs.event_kb / CHUNK), 1)  # the smallest event is one event
    discovery_chunks = maximum(ceil(inputs.event_kb / DISCOVERY_CHUNK), 1)
    usage = {
        "custom_events": maximum(inputs.custom_events - inputs.free_events, 0) * chunks,
        "partner_events": inputs.partner_events * chunks,
        "cross_account_events": inputs.cross_account_events * chunks,
        "api_destination_calls": inputs.api_destination_calls * chunks,
        "archive_processing": inputs.archive_gb,
        "archive_storage": inputs.archive_stored_gb,
        "schema_discovery": inputs.schema_discovery_events * discovery_chunks,
    }
    demand = {
        "eventbridge_putevents_rate": inputs.peak_rps / inputs.put_batch,
        "eventbridge_invocations_rate": inputs.peak_rps * inputs.targets_per_event,
        "eventbridge_entry_size": inputs.event_kb,
        "eventbridge_entries_per_request": inputs.put_batch,
        "eventbridge_api_destination_rate": inputs.api_destination_peak_rps,
    }
    return Metered(usage=usage, demand=demand)


def receive(inputs: Inputs, arriving: Sequence[Carried]) -> Mapping[str, Number]:
    """Events that are free, and what an archive of all events takes in [GB] and keeps [GB], where there is one.

    AWS services send events of what is managed for nothing, S3 those of objects for money
    (https://aws.amazon.com/eventbridge/pricing/). Events that are stated are stated without the free ones.
    """
    known = "custom_events" in inputs.derived
    received = {"free_events": total(one.calls for one in arriving if one.source_type in FREE)} if known else {}
    if not inputs.archive:
        return received
    gb = inputs.custom_events * inputs.event_kb / KB_PER_GB
    return received | {
        "archive_gb": gb,
        "archive_stored_gb": gb * inputs.archive_days * HOURS_PER_DAY / inputs.month_hours,
    }


def tell(inputs: Inputs, leaving: Sequence[Carried]) -> Mapping[str, Number]:
    """Targets that an event reaches in the mean; calls of an API destination are on the bill of the destination."""
    return {"targets_per_event": total(carried.settings.share * carried.settings.calls for carried in leaving)}
