"""Amazon CloudFront: data and requests are billed where viewers are served; a flat-rate plan is one price a month."""

from collections.abc import Mapping, Sequence

from calculator.metering import Carried, Inputs, Metered, Sent
from calculator.metering.log_files import log_files
from pricing.formula.language import (
    KB_PER_GB,
    S_PER_HOUR,
    Constant,
    Number,
    known_zero,
    maximum,
    minimum,
    ratio,
    total,
    where,
)

UNITED_STATES = "cf:united-states"
GEOGRAPHIES = {
    "canada_share": "cf:canada",
    "europe_share": "cf:eu",
    "japan_share": "cf:japan",
    "asia_pacific_share": "cf:asia-pacific",
    "australia_share": "cf:australia",
    "india_share": "cf:india",
    "south_america_share": "cf:south-america",
    "middle_east_share": "cf:middle-east",
    "south_africa_share": "cf:south-africa",
}
# Shares that add up to 1 leave nothing, though in floats they may add up to a little less.
LEAST_REST = 1_000_000_000_000
# What requests of viewers lead to that is no origin.
NO_ORIGINS = ("lambda_edge_function", "cloudfront_function", "firehose_stream", "kinesis_stream", "log_group")
BITS_PER_GB = Constant(8 * 1024 * 1024 * 1024, "bit/GB")
BITS_PER_GBIT = Constant(1_000_000_000, "bit/Gbit")


def meter(inputs: Inputs) -> Metered:
    """Count data [GB], requests [request] and paths [path] of a month by geography, and what CloudFront limits.

    Follows https://aws.amazon.com/cloudfront/pricing/ and the quotas page of the CloudFront developer guide.

    >>> from calculator import estimate, parse
    >>> site = {"name": "site", "type": "cloudfront_distribution", "data_out_gb": 2024, "https_requests": 0}
    >>> document = {"region": "us-east-1", "as_of": "2026-09-01", "components": [site | {"india_share": 1}]}
    >>> [(line.billable, line.cost) for line in estimate(parse(document)).line_items]
    [(1000.0, 109.0)]
    """
    demand = {"cloudfront_origin_response_timeout": inputs.origin_timeout_s}
    if inputs.largest_file_gb is not None:
        demand["cloudfront_cacheable_file"] = inputs.largest_file_gb
    if inputs.invalidation_batch is not None:
        demand["cf_invalidations"] = inputs.invalidation_batch
    if inputs.pricing_plan == "pay_as_you_go":
        return Metered(usage=_served(inputs) | _extras(inputs), demand=demand | _rates(inputs))
    return Metered(usage=_plan(inputs), demand=demand | _allowance(inputs))


def _served(inputs: Inputs) -> dict[str, Number]:
    usage: dict[str, Number] = {}
    for place, share in _shares(inputs).items():
        usage[f"data_out@{place}"] = inputs.data_out_gb * share
        usage[f"https_requests@{place}"] = inputs.https_requests * share
        usage[f"http_requests@{place}"] = inputs.http_requests * share
        usage[f"data_to_origin@{place}"] = inputs.data_to_origin_gb * share
        usage[f"field_level_encryption@{place}"] = inputs.field_level_encryption_requests * share
    return usage


def _shares(inputs: Inputs) -> dict[str, Number]:
    stated = {place: getattr(inputs, name) for name, place in GEOGRAPHIES.items()}
    together = total(stated.values())
    rest = maximum(1 - together, 0)
    shares = {place: share / maximum(together, 1) for place, share in stated.items()}
    return {UNITED_STATES: where(rest * LEAST_REST > 1, rest, 0)} | shares


def _extras(inputs: Inputs) -> dict[str, Number]:
    usage = {
        "invalidation_paths": inputs.invalidation_paths,
        "dedicated_ip_certificates": inputs.dedicated_ip_certificates,
    }
    if inputs.origin_shield_region != "none":
        usage[f"origin_shield_requests@{inputs.origin_shield_region}"] = inputs.origin_shield_requests
    return usage


def _plan(inputs: Inputs) -> dict[str, Number]:
    # A plan is billed for all hours of the month.
    return {f"{inputs.pricing_plan}_plan": inputs.month_hours / inputs.month_hours}


def _allowance(inputs: Inputs) -> dict[str, Number]:
    plan = f"cloudfront_{inputs.pricing_plan}_plan"
    return {f"{plan}_requests": inputs.https_requests + inputs.http_requests, f"{plan}_data": inputs.data_out_gb}


def _rates(inputs: Inputs) -> dict[str, Number]:
    requests = inputs.https_requests + inputs.http_requests
    rps = requests / (inputs.month_hours * S_PER_HOUR) if inputs.peak_rps is None else inputs.peak_rps
    gbits_per_request = ratio(inputs.data_out_gb, requests) * BITS_PER_GB / BITS_PER_GBIT
    return {"cloudfront_rps": rps, "cloudfront_bandwidth": rps * gbits_per_request}


def receive(inputs: Inputs, arriving: Sequence[Carried]) -> Mapping[str, Number]:
    """What goes on to the origin [GB]: bodies of uploads; what the origin answers is free."""
    sized = [(one.calls, one.payload_kb) for one in arriving if one.payload_kb is not None]
    return {"data_to_origin_gb": total(calls * size for calls, size in sized) * inputs.upload_share / KB_PER_GB}


def send(inputs: Inputs, connection: Inputs, target: Inputs, per_s: Number) -> Sent:
    """What a request becomes: a request of an origin, a run of a function, or a line of the log.

    Of what goes to an origin, uploads bring a body. All of them take each way that is wide enough.
    """
    if connection.log_kb is None:
        uploads = not known_zero(inputs.upload_share) and target.type not in NO_ORIGINS
        return Sent(1, _body_kb(inputs, connection) if uploads else None)
    return log_files(inputs, inputs.https_requests) if target.type == "s3_bucket" else Sent(1, connection.log_kb)


def _body_kb(inputs: Inputs, connection: Inputs) -> Number | None:
    """The mean size of what goes to an origin [KB], with all bodies of uploads."""
    sized = [(one.calls, one.payload_kb) for one in inputs.arriving if one.payload_kb is not None]
    if not sized:
        return None
    body_kb = ratio(total(calls * size for calls, size in sized), total(calls for calls, _ in sized))
    return body_kb * minimum(ratio(inputs.upload_share, connection.share * connection.calls), 1)
