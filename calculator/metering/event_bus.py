"""Amazon EventBridge: every 64 KB of an event is an event; schema discovery counts by 8 KB, archives by GB."""

from collections.abc import Mapping, Sequence

from calculator.metering import Inputs, Link, Metered
from pricing.formula.language import Constant, Number, ceil, maximum, total

CHUNK = Constant(64, "KB")
DISCOVERY_CHUNK = Constant(8, "KB")


def meter(b: Inputs) -> Metered:
    """Count the events [event] and GB of a bus in a month, and what EventBridge limits: sizes [KB], rates [1/s].

    Follows https://aws.amazon.com/eventbridge/pricing/ and the quotas of the EventBridge user guide.

    >>> events = {"custom_events": 1000, "event_kb": 65, "schema_discovery_events": 1000, "partner_events": 0}
    >>> sent_on = {"cross_account_events": 0, "api_destination_calls": 0, "archive_gb": 0, "archive_stored_gb": 0}
    >>> rates = {"peak_rps": 2, "put_batch": 1, "targets_per_event": 1, "api_destination_peak_rps": 0}
    >>> usage = meter(Inputs(events | sent_on | rates)).usage
    >>> usage["custom_events"], usage["schema_discovery"]
    (2000.0, 9000.0)
    """
    chunks = maximum(ceil(b.event_kb / CHUNK), 1)  # the smallest event is one event
    discovery_chunks = maximum(ceil(b.event_kb / DISCOVERY_CHUNK), 1)
    usage = {
        "custom_events": b.custom_events * chunks,
        "partner_events": b.partner_events * chunks,
        "cross_account_events": b.cross_account_events * chunks,
        "api_destination_calls": b.api_destination_calls * chunks,
        "archive_processing": b.archive_gb,
        "archive_storage": b.archive_stored_gb,
        "schema_discovery": b.schema_discovery_events * discovery_chunks,
    }
    demand = {
        "eventbridge_putevents_rate": b.peak_rps / b.put_batch,
        "eventbridge_invocations_rate": b.peak_rps * b.targets_per_event,
        "eventbridge_entry_size": b.event_kb,
        "eventbridge_entries_per_request": b.put_batch,
        "eventbridge_api_destination_rate": b.api_destination_peak_rps,
    }
    return Metered(usage=usage, demand=demand)


def tell(b: Inputs, links: Sequence[Link]) -> Mapping[str, Number]:
    """Targets that an event reaches in the mean; calls of an API destination are on the bill of the destination."""
    return {"targets_per_event": total(link.settings.share * link.settings.calls for link in links)}
