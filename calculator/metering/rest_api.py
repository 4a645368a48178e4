"""API Gateway REST API: each request is billed whatever its size, and a cache for each hour that it is on."""

from calculator.metering import Inputs, Metered, part_of
from pricing.formula.language import Constant, Number, ceil, maximum

ONE = Constant(1, "API")
# Of a streamed answer each started 10 MB is one request.
STREAM_STEP = Constant(10 * 1024, "KB")

CACHE_METERS = {
    0.5: "cache_0_5_gb",
    1.6: "cache_1_6_gb",
    6.1: "cache_6_1_gb",
    13.5: "cache_13_5_gb",
    28.4: "cache_28_4_gb",
    58.2: "cache_58_2_gb",
    118: "cache_118_gb",
    237: "cache_237_gb",
}


def meter(inputs: Inputs) -> Metered:
    """Count the requests [request] and the cache's hours [hour] of a month, and what API Gateway limits.

    Follows https://aws.amazon.com/api-gateway/pricing/, the quotas page of the API Gateway developer guide and its page
    on streaming (https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode.html).

    >>> sizes = {"request_kb": 513, "response_kb": 1, "header_kb": None, "url_characters": None, "cache_gb": 0.5}
    >>> rest = {"cache_hours": 730, "endpoint": "edge", "peak_rps": 2, "integration_timeout_ms": 29_000}
    >>> throttles = dict.fromkeys(["throttle_rps", "method_throttle_rps", "plan_throttle_rps"])
    >>> unsaid = dict.fromkeys(["method_share", "key_share", "stream_s"])
    >>> meter(Inputs({"requests": 1000} | sizes | rest | throttles | unsaid)).usage
    {'requests': 1000, 'cache_0_5_gb': 730}
    """
    streamed = inputs.stream_s is not None
    metered = ceil(inputs.response_kb / STREAM_STEP, 1) if streamed else 1
    usage = {"requests": inputs.requests * metered}
    demand = {
        "apigw_throttle_rate": inputs.peak_rps,
        "apigw_stage_throttle": inputs.peak_rps,
        "apigw_method_throttle": part_of(inputs.peak_rps, inputs.method_share),
        "apigw_plan_throttle": part_of(inputs.peak_rps, inputs.key_share),
        "apigw_payload_size": inputs.request_kb if streamed else maximum(inputs.request_kb, inputs.response_kb),
        "apigw_integration_timeout_min": inputs.integration_timeout_ms,
    }
    if inputs.cache_gb:
        usage[CACHE_METERS[inputs.cache_gb]] = inputs.cache_hours
        demand["apigw_cached_response_size"] = inputs.response_kb
    limit = {
        "apigw_stage_throttle": inputs.throttle_rps,
        "apigw_method_throttle": inputs.method_throttle_rps,
        "apigw_plan_throttle": inputs.plan_throttle_rps,
    }
    return Metered(usage=usage, demand=demand | _endpoint(inputs), limit=limit)


def _endpoint(inputs: Inputs) -> dict[str, Number]:
    """What is limited in another way where clients come in elsewhere."""
    timeout = "apigw_rest_edge_integration_timeout" if inputs.endpoint == "edge" else "apigw_rest_integration_timeout"
    demand: dict[str, Number] = {f"apigw_{inputs.endpoint}_apis": ONE}
    if inputs.stream_s is None:
        # An answer that is streamed has its own limit, stream_s.
        demand[timeout] = inputs.integration_timeout_ms
    if inputs.header_kb is not None:
        demand["apigw_private_header_total" if inputs.endpoint == "private" else "apigw_header_total"] = (
            inputs.header_kb
        )
    if inputs.url_characters is not None:
        demand[f"apigw_url_length_{inputs.endpoint}"] = inputs.url_characters
    return demand
