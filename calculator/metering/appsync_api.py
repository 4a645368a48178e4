"""AWS AppSync: operations and delivered messages are billed by started 5 KB, connections by the minute."""

from calculator.metering import Inputs, Metered
from pricing.catalogue.component_type import family_member
from pricing.formula.language import MS_PER_S, Constant, Number, ceil, maximum

STEP = Constant(5, "KB")


def meter(q: Inputs) -> Metered:
    """Count the operations [operation], updates [update] and minutes [minute] of a month, and what AppSync limits.

    Follows https://aws.amazon.com/appsync/pricing/ and the AppSync page of the AWS General Reference.

    >>> from calculator import estimate, parse
    >>> api = {"name": "api", "type": "appsync_api", "operations": 1_000_000, "operation_kb": 6}
    >>> document = {"region": "us-east-1", "as_of": "2026-09-01", "components": [api]}
    >>> [(line.meter, line.usage) for line in estimate(parse(document)).line_items]
    [('appsync_api.operations', 2000000.0)]
    """
    if q.api_type == "events":
        return Metered(usage=_events(q), demand=_realtime(q) | {"appsync_inbound_rate": q.peak_rps})
    return Metered(usage=_graphql(q), demand=_realtime(q) | _execution(q))


def _graphql(q: Inputs) -> dict[str, Number]:
    usage = {
        "operations": q.operations * _steps(q.operation_kb),
        "realtime_updates": q.realtime_updates * _steps(q.update_kb),
        "connection_minutes": q.connection_minutes,
    }
    if q.cache:
        usage[family_member("cache", q.cache_gb)] = q.cache_hours
    return usage


def _events(q: Inputs) -> dict[str, Number]:
    published = q.operations * _steps(q.operation_kb)
    delivered = q.realtime_updates * _steps(q.update_kb)
    return {"event_operations": published + delivered, "event_connection_minutes": q.connection_minutes}


def _steps(size_kb: Number) -> Number:
    return maximum(ceil(size_kb / STEP), 1)  # the smallest message is one


def _realtime(q: Inputs) -> dict[str, Number]:
    demand = {
        "appsync_subscription_payload": q.update_kb,
        "appsync_outbound_rate": q.peak_updates_rps * _steps(q.update_kb),
    }
    if q.peak_connects_rps is not None:
        demand["appsync_connect_rate"] = q.peak_connects_rps
    if q.subscriptions_per_connection is not None:
        demand["appsync_subscriptions_per_conn"] = q.subscriptions_per_connection
    return demand


def _execution(q: Inputs) -> dict[str, Number]:
    demand = {"appsync_request_tokens": q.peak_rps * q.tokens_per_request}
    if q.slowest_ms is not None:
        demand["appsync_execution_timeout"] = q.slowest_ms / MS_PER_S
    if q.cache and q.cache_ttl_s is not None:
        demand["appsync_cache_ttl"] = q.cache_ttl_s
    return demand
