"""AWS AppSync: operations and delivered messages are billed by started 5 KB, connections by the minute."""

from collections.abc import Mapping, Sequence

from calculator.metering import Carried, Inputs, Metered
from pricing.catalogue.component_type import family_member
from pricing.formula.language import MS_PER_S, Constant, Number, ceil, maximum, ratio, total

STEP = Constant(5, "KB")


def meter(inputs: Inputs) -> Metered:
    """Count the operations [operation], updates [update] and minutes [minute] of a month, and what AppSync limits.

    Follows https://aws.amazon.com/appsync/pricing/ and the AppSync page of the AWS General Reference.

    >>> from calculator import estimate, parse
    >>> api = {"name": "api", "type": "appsync_api", "operations": 1_000_000, "operation_kb": 6}
    >>> document = {"region": "us-east-1", "as_of": "2026-09-01", "components": [api]}
    >>> [(line.meter, line.usage) for line in estimate(parse(document)).line_items]
    [('appsync_api.operations', 2000000.0)]
    """
    if inputs.api_type == "events":
        return Metered(usage=_events(inputs), demand=_realtime(inputs) | {"appsync_inbound_rate": inputs.peak_rps})
    return Metered(usage=_graphql(inputs), demand=_realtime(inputs) | _execution(inputs))


def _graphql(inputs: Inputs) -> dict[str, Number]:
    usage = {
        "operations": inputs.operations * _steps(inputs.operation_kb),
        "realtime_updates": inputs.realtime_updates * _steps(inputs.update_kb),
        "connection_minutes": inputs.connection_minutes,
    }
    if inputs.cache:
        usage[family_member("cache", inputs.cache_gb)] = inputs.cache_hours
    return usage


def _events(inputs: Inputs) -> dict[str, Number]:
    published = inputs.operations * _steps(inputs.operation_kb)
    delivered = inputs.realtime_updates * _steps(inputs.update_kb)
    return {"event_operations": published + delivered, "event_connection_minutes": inputs.connection_minutes}


def _steps(size_kb: Number) -> Number:
    return maximum(ceil(size_kb / STEP), 1)  # the smallest message is one


def _realtime(inputs: Inputs) -> dict[str, Number]:
    demand = {
        "appsync_subscription_payload": inputs.update_kb,
        "appsync_outbound_rate": inputs.peak_updates_rps * _steps(inputs.update_kb),
    }
    if inputs.peak_connects_rps is not None:
        demand["appsync_connect_rate"] = inputs.peak_connects_rps
    if inputs.subscriptions_per_connection is not None:
        demand["appsync_subscriptions_per_conn"] = inputs.subscriptions_per_connection
    return demand


def _execution(inputs: Inputs) -> dict[str, Number]:
    demand = {"appsync_request_tokens": inputs.peak_rps * inputs.tokens_per_request}
    if inputs.slowest_ms is not None:
        demand["appsync_execution_timeout"] = inputs.slowest_ms / MS_PER_S
    if inputs.cache and inputs.cache_ttl_s is not None:
        demand["appsync_cache_ttl"] = inputs.cache_ttl_s
    return demand


def tell(inputs: Inputs, leaving: Sequence[Carried]) -> Mapping[str, Number]:
    """Updates that are pushed to subscribers in a month, and their mean size [KB]."""
    pushed = [carried for carried in leaving if carried.settings.push]
    sized = [(carried.calls, carried.payload_kb) for carried in pushed if carried.payload_kb is not None]
    told = {"realtime_updates": total(carried.calls for carried in pushed)} if pushed else {}
    if not sized:
        return told
    size = total(calls * size for calls, size in sized)
    return told | {"update_kb": ratio(size, total(calls for calls, _ in sized))}
