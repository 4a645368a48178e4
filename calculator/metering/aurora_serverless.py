"""Amazon Aurora Serverless v2: capacity that follows the load by the hour, storage, I/O, backups and the Data API."""

from calculator.metering import Inputs, Metered
from pricing.catalogue.component_type import family_member
from pricing.formula.language import Constant, Number, ceil, maximum, minimum, where

CHUNK = Constant(32, "KB")
# From so many ACU on, an instance takes so many connections: the Aurora user guide's table of max_connections.
CONNECTIONS = {
    "mysql": ((1, 90), (4, 135), (8, 1000), (16, 2000), (32, 3000), (64, 4000), (128, 5000)),
    "postgresql": ((1, 189), (4, 823), (8, 1669), (16, 3360), (32, 5000)),
}
# PostgreSQL that may scale down to half an ACU or less takes no more than this.
CONNECTIONS_OF_SMALL_POSTGRESQL = 2000


def meter(q: Inputs) -> Metered:
    """Count the ACU-hours, GB and requests of a month, and what Aurora limits: capacity, connections, sizes [KB].

    Follows https://aws.amazon.com/rds/aurora/pricing/ and the Aurora user guide.

    >>> capacity = {"mean_acu": 4, "max_acu": 16, "min_acu": 1, "instances": 2, "busy_hours": 200, "month_hours": 730}
    >>> stored = {"engine": "mysql", "storage_mode": "standard", "storage_gb": 50, "io_requests": 1000, "backup_gb": 0}
    >>> calls = {"data_api_requests": 10, "data_api_request_kb": 3, "data_api_response_kb": 30}
    >>> usage = meter(Inputs(capacity | stored | calls | {"peak_connections": 500, "auto_pause_s": None})).usage
    >>> usage["acu_hours_mysql"], usage["data_api_requests_mysql"] == 2 * 10
    (2660, True)
    """
    mode = "_io_optimized" if q.storage_mode == "io_optimized" else ""
    usage = {
        family_member(f"acu_hours{mode}", q.engine): _acu_hours(q),
        family_member("storage_io_optimized", q.engine) if mode else "storage": q.storage_gb,
        family_member("backup", q.engine): q.backup_gb,
        family_member("data_api_requests", q.engine): q.data_api_requests * _chunks(q),
    }
    if q.storage_mode == "standard":
        usage["io_requests"] = q.io_requests
    limit = {} if q.peak_connections is None else {"aurora_v2_max_connections": connections_allowed(q)}
    return Metered(usage=usage, demand=_demand(q), limit=limit)


def _acu_hours(q: Inputs) -> Number:
    busy_acu = minimum(maximum(q.mean_acu, q.min_acu), q.max_acu)
    idle_hours = maximum(q.month_hours - q.busy_hours, 0)
    return q.instances * (busy_acu * q.busy_hours + q.min_acu * idle_hours)


def _chunks(q: Inputs) -> Number:
    return maximum(ceil((q.data_api_request_kb + q.data_api_response_kb) / CHUNK), 1)


def connections_allowed(q: Inputs) -> Number:
    """Connections that an instance takes at its largest capacity [connection/instance].

    >>> connections_allowed(Inputs({"engine": "mysql", "min_acu": 1, "max_acu": 4}))
    135
    """
    (_, connections), *larger = CONNECTIONS[q.engine]
    allowed: Number = connections
    for acu, connections in larger:
        allowed = where(acu > q.max_acu, allowed, connections)
    if q.engine == "postgresql":
        allowed = where(q.min_acu * 2 > 1, allowed, minimum(allowed, CONNECTIONS_OF_SMALL_POSTGRESQL))
    return allowed


def _demand(q: Inputs) -> dict[str, Number]:
    demand = {
        "aurora_v2_max_acu": q.max_acu,
        "rds_data_api_request": q.data_api_request_kb,
        "rds_data_api_response": q.data_api_response_kb,
    }
    if q.peak_connections is not None:
        demand["aurora_v2_max_connections"] = q.peak_connections
    if q.auto_pause_s is not None:
        demand["aurora_v2_auto_pause"] = q.auto_pause_s
        demand["aurora_v2_auto_pause_min"] = q.auto_pause_s
    return demand
