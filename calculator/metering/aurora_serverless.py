"""Amazon Aurora Serverless v2: capacity that follows the load by the hour, storage, I/O, backups and the Data API."""

from collections.abc import Mapping, Sequence

from calculator.metering import Carried, Inputs, Metered
from pricing.catalogue.component_type import family_member
from pricing.formula.language import Constant, Number, ceil, maximum, minimum, total, where
from pricing.formula.varying import mixed

# What asks a database over the Data API: none of them opens a connection to it.
WITHOUT_CONNECTIONS = ("appsync_api", "event_bus", "lambda_edge_function", "schedule", "state_machine")
CHUNK = Constant(32, "KB")
# From so many ACU on, an instance takes so many connections: the Aurora user guide's table of max_connections.
CONNECTIONS = {
    "mysql": ((1, 90), (4, 135), (8, 1000), (16, 2000), (32, 3000), (64, 4000), (128, 5000)),
    "postgresql": ((1, 189), (4, 823), (8, 1669), (16, 3360), (32, 5000)),
}
# PostgreSQL that may scale down to half an ACU or less takes no more than this.
CONNECTIONS_OF_SMALL_POSTGRESQL = 2000


def meter(inputs: Inputs) -> Metered:
    """Count the ACU-hours, GB and requests of a month, and what Aurora limits: capacity, connections, sizes [KB].

    Follows https://aws.amazon.com/rds/aurora/pricing/ and the Aurora user guide.

    >>> capacity = {"mean_acu": 4, "max_acu": 16, "min_acu": 1, "instances": 2, "busy_hours": 200, "month_hours": 730}
    >>> stored = {"engine": "mysql", "storage_mode": "standard", "storage_gb": 50, "io_requests": 1000, "backup_gb": 0}
    >>> calls = {"data_api_requests": 10, "data_api_request_kb": 3, "data_api_response_kb": 30}
    >>> usage = meter(Inputs(capacity | stored | calls | {"peak_connections": 500, "auto_pause_s": None})).usage
    >>> usage["acu_hours_mysql"], usage["data_api_requests_mysql"] == 2 * 10
    (2660, True)
    """
    mode = "_io_optimized" if inputs.storage_mode == "io_optimized" else ""
    usage = {
        family_member(f"acu_hours{mode}", inputs.engine): _acu_hours(inputs),
        family_member("storage_io_optimized", inputs.engine) if mode else "storage": inputs.storage_gb,
        family_member("backup", inputs.engine): inputs.backup_gb,
        family_member("data_api_requests", inputs.engine): inputs.data_api_requests * _chunks(inputs),
    }
    if inputs.storage_mode == "standard":
        usage["io_requests"] = inputs.io_requests
    limit = {"aurora_v2_busy_acu": inputs.max_acu}
    if inputs.peak_connections is not None:
        limit["aurora_v2_max_connections"] = connections_allowed(inputs)
    return Metered(usage=usage, demand=_demand(inputs), limit=limit)


def _acu_hours(inputs: Inputs) -> Number:
    busy_acu = minimum(maximum(inputs.mean_acu, inputs.min_acu), inputs.max_acu)
    idle_hours = maximum(inputs.month_hours - inputs.busy_hours, 0)
    return inputs.instances * (busy_acu * inputs.busy_hours + inputs.min_acu * idle_hours)


def _chunks(inputs: Inputs) -> Number:
    return maximum(ceil((inputs.data_api_request_kb + inputs.data_api_response_kb) / CHUNK), 1)


def connections_allowed(inputs: Inputs) -> Number:
    """Connections that an instance takes at its largest capacity [connection/instance].

    >>> connections_allowed(Inputs({"engine": "mysql", "min_acu": 1, "max_acu": 4}))
    135
    """
    (_, connections), *larger = CONNECTIONS[inputs.engine]
    allowed: Number = connections
    for acu, connections in larger:
        allowed = where(acu > inputs.max_acu, allowed, connections)
    if inputs.engine == "postgresql":
        allowed = where(inputs.min_acu * 2 > 1, allowed, minimum(allowed, CONNECTIONS_OF_SMALL_POSTGRESQL))
    return allowed


def _demand(inputs: Inputs) -> dict[str, Number]:
    demand = {
        "aurora_v2_max_acu": inputs.max_acu,
        "aurora_v2_busy_acu": inputs.mean_acu,
        "rds_data_api_request": inputs.data_api_request_kb,
        "rds_data_api_response": inputs.data_api_response_kb,
    }
    if inputs.peak_connections is not None:
        demand["aurora_v2_max_connections"] = inputs.peak_connections
    if inputs.auto_pause_s is not None:
        demand["aurora_v2_auto_pause"] = inputs.auto_pause_s
        demand["aurora_v2_auto_pause_min"] = inputs.auto_pause_s
    return demand


def receive(inputs: Inputs, arriving: Sequence[Carried]) -> Mapping[str, Number]:
    """I/O of what the statements do not find in memory, and the calls of those that come over the Data API.

    Follows https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/data-api.html
    """
    received = {"io_requests": total(one.calls * one.settings.io_per_call for one in arriving)}
    called = [one for one in arriving if one.source_type in WITHOUT_CONNECTIONS]
    if not called:
        return received
    calls = total(one.calls for one in called)
    sent_kb = {
        "data_api_request_kb": [(one.calls, one.payload_kb) for one in called if one.payload_kb is not None],
        "data_api_response_kb": [(one.calls, one.response_kb) for one in called if one.response_kb is not None],
    }
    return received | {"data_api_requests": calls} | {name: mixed(sized) for name, sized in sent_kb.items() if sized}
