"""Lambda@Edge: each request is billed, and its duration times its memory, near the viewer and without free tier."""

from datetime import date

from calculator.metering import Inputs, Metered
from pricing.formula.language import MB_PER_GB, MS_PER_S, Constant, Number, ceil

# https://aws.amazon.com/about-aws/whats-new/2021/03/cloudfront-lambda-at-edge-billing-granularity/
BY_MS_FROM = date(2021, 4, 1)
STEP_BEFORE = Constant(50, "ms")


def meter(inputs: Inputs) -> Metered:
    """Count the requests [request] and durations [GB-s] of a month, and what Lambda@Edge limits.

    Follows https://aws.amazon.com/lambda/pricing/ and the quotas page of the CloudFront developer guide.

    >>> sizes = {"memory_mb": 128, "response_kb": None, "body_kb": None, "package_mb": None, "timeout_s": 3}
    >>> run = {"requests": 10_000_000, "duration_ms": 9.5, "event": "viewer", "peak_rps": 4, "as_of": date(2026, 9, 1)}
    >>> meter(Inputs(run | sizes)).usage
    {'requests': 10000000, 'gb_seconds': 12500.0}
    """
    seconds = inputs.requests * _billed_ms(inputs) / MS_PER_S
    demand = {
        "lambda_function.lambda_memory_min": inputs.memory_mb,
        f"lambda_edge_{inputs.event}_timeout": inputs.timeout_s,
        "lambda_edge_rps": inputs.peak_rps,
        # Little's law: those under way at one time are those that come in a second, times the seconds that each stays.
        "lambda_edge_concurrency": inputs.peak_rps * inputs.duration_ms / MS_PER_S,
    }
    if inputs.package_mb is not None:
        demand["lambda_edge_code"] = inputs.package_mb
    demand |= _viewer(inputs) if inputs.event == "viewer" else {"lambda_function.lambda_memory_max": inputs.memory_mb}
    return Metered(
        usage={"requests": inputs.requests, "gb_seconds": seconds * inputs.memory_mb / MB_PER_GB}, demand=demand
    )


def _billed_ms(inputs: Inputs) -> Number:
    if inputs.as_of < BY_MS_FROM:
        return ceil(inputs.duration_ms / STEP_BEFORE) * STEP_BEFORE
    return ceil(inputs.duration_ms)


def _viewer(inputs: Inputs) -> dict[str, Number]:
    demand = {"lambda_edge_viewer_memory": inputs.memory_mb}
    if inputs.response_kb is not None:
        demand["lambda_edge_response_viewer"] = inputs.response_kb
    if inputs.body_kb is not None:
        demand["lambda_edge_body_viewer"] = inputs.body_kb
    return demand
