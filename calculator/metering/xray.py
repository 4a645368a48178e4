"""AWS X-Ray: traces recorded of a share of the requests, and traces retrieved and scanned."""

from calculator.metering import Inputs, Metered


def meter(inputs: Inputs) -> Metered:
    """Count the traces of a month, and what X-Ray limits: sizes [KB] and segments [segment/s].

    Follows https://aws.amazon.com/xray/pricing/.

    >>> traces = {"requests": 1000, "sampled_share": 1, "retrieved": 10, "scanned": 500, "insights": True}
    >>> meter(Inputs(traces | {"segments_per_trace": 2, "segment_kb": 1, "peak_rps": 5})).usage
    {'recorded': 1000, 'retrieved': 10, 'scanned': 500, 'insights': 1000}
    """
    recorded = inputs.requests * inputs.sampled_share
    usage = {"recorded": recorded, "retrieved": inputs.retrieved, "scanned": inputs.scanned}
    if inputs.insights:
        usage["insights"] = recorded
    return Metered(
        usage=usage,
        demand={
            "xray_segment_size": inputs.segment_kb,
            "xray_trace_size": inputs.segments_per_trace * inputs.segment_kb,
            "xray_segments_rate": inputs.peak_rps * inputs.sampled_share * inputs.segments_per_trace,
        },
    )
