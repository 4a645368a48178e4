"""What several rules ask: how long a call keeps a function busy, how many may run at one time, and over which ways."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from calculator.architecture import Architecture
from calculator.metering import Inputs, Metered, rule_of
from calculator.rules.view import FUNCTIONS, ComponentView, ConnectionView, View
from calculator.traffic.cold_share import environments_of
from calculator.traffic.inputs import read_traffic
from pricing.formula.language import MS_PER_S, S_PER_HOUR
from pricing.formula.reading import as_float
from pricing.formula.rounding import WHOLE


def beyond(amount: float, most: float) -> bool:
    """Whether an amount is more than what is allowed; an error of the last digits is not.

    >>> beyond(0.1 + 0.2, 0.3), beyond(0.31, 0.3)
    (False, True)
    """
    return amount * WHOLE > most


def number(amount: float) -> str:
    """A number as findings show it.

    >>> number(1234.5678), number(0.25), number(10_000.0)
    ('1,234.57', '0.25', '10,000')
    """
    return f"{amount:,.2f}".rstrip("0").rstrip(".") if abs(amount) >= 1 else f"{amount:.3g}"


def busy_s(component: ComponentView) -> float | None:
    """How long a call keeps an environment of a function busy [s]; None where that is not known."""
    duration_ms = component.get("duration_ms")
    if duration_ms is None:
        return None
    return float(duration_ms * (component.get("invocations") or 1) / MS_PER_S)


def executions(component: ComponentView) -> float | None:
    """Executions of a function at its busiest time, no more than are reserved; None where that is not known."""
    busy, peak_rps, reserved = busy_s(component), component.get("peak_rps"), component.get("reserved_concurrency")
    if busy is None or peak_rps is None:
        return None
    return float(peak_rps * busy if reserved is None else min(peak_rps * busy, reserved))


def metered(view: View, component: ComponentView, **inputs: object) -> Metered:
    """What a component uses and demands, as it is or with other inputs."""
    month = {"month_hours": view.architecture.month_hours, "as_of": view.architecture.as_of, "region": component.region}
    return rule_of(component.type)(Inputs(vars(component.inputs) | month, **inputs))


def opened(view: View, connection: ConnectionView) -> float:
    """Connections that a function keeps open at its busiest time: idle environments hold theirs, too.

    Where it is not known how many environments are alive, those of calls under way are counted.
    """
    source = connection.source
    if source is None:
        return 0.0
    running = executions(source) or 0.0
    alive = environments_of(view.architecture, vars(source.inputs)) if source.type == "lambda_function" else None
    most = running if alive is None else max(alive.peak, running)
    return float(most * connection.settings.open_connections)


def pools_of(view: View) -> dict[str, float]:
    """Executions of each region with functions that none of these has reserved."""
    reserved: dict[str, float] = {}
    for component in view.of(*FUNCTIONS):
        reserved[component.region] = reserved.get(component.region, 0) + (component.get("reserved_concurrency") or 0)
    limit = "lambda_function.lambda_concurrency_account"
    return {region: max(view.limit(limit, region) - taken, 0.0) for region, taken in reserved.items()}


def runnable(view: View) -> Callable[[ComponentView], float]:
    """How many executions of a function may run at one time: what it has reserved, or what others leave."""
    pools = pools_of(view)
    for component in view.of(*FUNCTIONS):
        if component.get("reserved_concurrency") is None:
            pools[component.region] -= component.get("provisioned_concurrency") or 0

    def most(component: ComponentView) -> float:
        reserved = component.get("reserved_concurrency")
        if reserved is not None:
            return float(reserved)
        return max(pools[component.region] + (component.get("provisioned_concurrency") or 0), 0.0)

    return most


def by_source(connections: Iterable[ConnectionView]) -> Mapping[int, list[ConnectionView]]:
    """Connections by the place of the component that they leave."""
    found: dict[int, list[ConnectionView]] = {}
    for connection in connections:
        if connection.source is not None:
            found.setdefault(connection.source.number, []).append(connection)
    return found


def by_target(connections: Iterable[ConnectionView]) -> Mapping[int, list[ConnectionView]]:
    """Connections by the place of the component that they lead to."""
    found: dict[int, list[ConnectionView]] = {}
    for connection in connections:
        found.setdefault(connection.target.number, []).append(connection)
    return found


def joined(connections: Iterable[ConnectionView]) -> tuple[str, ...]:
    """The names at the ends of several connections, each once: where they come from, then where they lead to."""
    ends = list(connections)
    sources = (connection.source.name for connection in ends if connection.source is not None)
    return tuple(dict.fromkeys((*sources, *(connection.target.name for connection in ends))))


def month_s(architecture: Architecture) -> float:
    """The length of the month [s]."""
    return float(architecture.month_hours * S_PER_HOUR)


def burst_times(architecture: Architecture) -> float | None:
    """How many times its peak the traffic comes in a burst; None where no burst or no traffic is stated."""
    traffic = outside(architecture)
    if traffic is None or not traffic["burst_rps"] or not traffic["peak_rps"]:
        return None
    return float(traffic["burst_rps"] / traffic["peak_rps"])


def outside(architecture: Architecture) -> Mapping[str, Any] | None:
    """The traffic from outside, requests and peak both known; None where there is none."""
    if architecture.traffic is None:
        return None
    return read_traffic(architecture.traffic, as_float, as_float(architecture.month_hours, "month_hours", "hour/month"))
