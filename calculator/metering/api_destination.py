"""Amazon EventBridge API destinations: each 64 KB that a call delivers is a call, on the same line as a bus's calls."""

from calculator.metering import Inputs, Metered
from pricing.formula.language import Constant, ceil, maximum

CHUNK = Constant(64, "KB")
ONE = Constant(1, "destination")


def meter(inputs: Inputs) -> Metered:
    """Count the calls [call] of a month, and what EventBridge limits: rates [call/s], the time of an answer [s].

    Follows https://aws.amazon.com/eventbridge/pricing/ and the quotas of the EventBridge user guide.

    >>> meter(Inputs({"calls": 1000, "event_kb": 65, "peak_rps": 1, "response_s": None})).usage
    {'event_bus.api_destination_calls': 2000.0}
    """
    demand = {"event_bus.eventbridge_api_destination_rate": inputs.peak_rps, "eventbridge_api_destinations": ONE}
    if inputs.response_s is not None:
        demand["eventbridge_api_destination_timeout"] = inputs.response_s
    chunks = maximum(ceil(inputs.event_kb / CHUNK), 1)  # the smallest call is one
    return Metered(usage={"event_bus.api_destination_calls": inputs.calls * chunks}, demand=demand)
