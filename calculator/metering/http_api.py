"""API Gateway HTTP API: each started 512 KB of a call is one billed request."""

from calculator.metering import Inputs, Metered, part_of
from pricing.formula.language import Constant, Number, ceil, maximum

STEP = Constant(512, "KB")
ONE = Constant(1, "API")


def meter(inputs: Inputs) -> Metered:
    """Count the requests [request] of a month, and what API Gateway limits.

    Follows https://aws.amazon.com/api-gateway/pricing/ and the quotas page of the API Gateway developer guide.

    >>> from calculator import estimate, parse
    >>> api = {"name": "api", "type": "http_api", "requests": 1000, "request_kb": 513}
    >>> document = {"region": "us-east-1", "as_of": "2026-09-01", "components": [api]}
    >>> [line.usage for line in estimate(parse(document)).line_items]
    [2000.0]
    """
    # AWS says that 513 KB of data are two requests, and counts a call of 12 KB with an answer of 46 KB once: it does
    # not count request and answer apart. So the larger one decides, and a call without a body is one request.
    larger_kb = maximum(inputs.request_kb, inputs.response_kb)
    return Metered(
        usage={"requests": inputs.requests * maximum(_steps(inputs.request_kb), _steps(inputs.response_kb))},
        demand={
            "rest_api.apigw_throttle_rate": inputs.peak_rps,
            "rest_api.apigw_stage_throttle": inputs.peak_rps,
            "rest_api.apigw_method_throttle": part_of(inputs.peak_rps, inputs.route_share),
            "rest_api.apigw_payload_size": larger_kb,
            "apigw_http_integration_timeout": inputs.integration_timeout_ms,
            "rest_api.apigw_integration_timeout_min": inputs.integration_timeout_ms,
            "rest_api.apigw_regional_apis": ONE,
        },
        limit={
            "rest_api.apigw_stage_throttle": inputs.throttle_rps,
            "rest_api.apigw_method_throttle": inputs.route_throttle_rps,
        },
    )


def _steps(size_kb: Number) -> Number:
    return ceil(size_kb / STEP, 1)
