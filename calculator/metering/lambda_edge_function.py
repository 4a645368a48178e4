"""Lambda@Edge: each request is billed, and its duration times its memory, near the viewer and without free tier."""

from calculator.metering import Inputs, Metered
from pricing.formula.language import MB_PER_GB, MS_PER_S, Number, ceil


def meter(q: Inputs) -> Metered:
    """Count the requests [request] and durations [GB-s] of a month, and what Lambda@Edge limits.

    Follows https://aws.amazon.com/lambda/pricing/ and the quotas page of the CloudFront developer guide.

    >>> sizes = {"memory_mb": 128, "response_kb": None, "body_kb": None, "package_mb": None, "timeout_s": 3}
    >>> run = {"requests": 10_000_000, "duration_ms": 9.5, "event": "viewer", "peak_rps": 4}
    >>> meter(Inputs(run | sizes)).usage
    {'requests': 10000000, 'gb_seconds': 12500.0}
    """
    seconds = q.requests * ceil(q.duration_ms) / MS_PER_S
    demand = {
        "lambda_function.lambda_memory_min": q.memory_mb,
        f"lambda_edge_{q.event}_timeout": q.timeout_s,
        "lambda_edge_rps": q.peak_rps,
        # Little's law: those under way at one time are those that come in a second, times the seconds that each stays.
        "lambda_edge_concurrency": q.peak_rps * q.duration_ms / MS_PER_S,
    }
    if q.package_mb is not None:
        demand["lambda_edge_code"] = q.package_mb
    demand |= _viewer(q) if q.event == "viewer" else {"lambda_function.lambda_memory_max": q.memory_mb}
    return Metered(usage={"requests": q.requests, "gb_seconds": seconds * q.memory_mb / MB_PER_GB}, demand=demand)


def _viewer(q: Inputs) -> dict[str, Number]:
    demand = {"lambda_edge_viewer_memory": q.memory_mb}
    if q.response_kb is not None:
        demand["lambda_edge_response_viewer"] = q.response_kb
    if q.body_kb is not None:
        demand["lambda_edge_body_viewer"] = q.body_kb
    return demand
