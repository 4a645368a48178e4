"""Amazon EventBridge API destinations: each 64 KB that a call delivers is a call, on the same line as a bus's calls."""

from calculator.metering import Inputs, Metered
from pricing.formula.language import Constant, ceil, maximum

CHUNK = Constant(64, "KB")
ONE = Constant(1, "destination")


def meter(d: Inputs) -> Metered:
    """Count the calls [call] of a month, and what EventBridge limits: rates [call/s], the time of an answer [s].

    Follows https://aws.amazon.com/eventbridge/pricing/ and the quotas of the EventBridge user guide.

    >>> meter(Inputs({"calls": 1000, "event_kb": 65, "peak_rps": 1, "response_s": None})).usage
    {'event_bus.api_destination_calls': 2000.0}
    """
    demand = {"event_bus.eventbridge_api_destination_rate": d.peak_rps, "eventbridge_api_destinations": ONE}
    if d.response_s is not None:
        demand["eventbridge_api_destination_timeout"] = d.response_s
    chunks = maximum(ceil(d.event_kb / CHUNK), 1)  # the smallest call is one
    return Metered(usage={"event_bus.api_destination_calls": d.calls * chunks}, demand=demand)
