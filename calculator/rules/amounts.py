"""What several rules ask: how long a call keeps a function busy, how many may run at one time, and over which ways."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from calculator.architecture import Architecture
from calculator.rules.view import FUNCTIONS, Place, View, Way
from calculator.traffic.inputs import read_traffic
from pricing.formula.language import MS_PER_S, S_PER_HOUR, WHOLE
from pricing.formula.reading import as_float


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


def busy_s(place: Place) -> float | None:
    """How long a call keeps an environment of a function busy [s]; None where that is not known."""
    duration_ms = place.get("duration_ms")
    if duration_ms is None:
        return None
    return float(duration_ms * (place.get("invocations") or 1) / MS_PER_S)


def executions(place: Place) -> float | None:
    """Executions of a function at its busiest time, no more than are reserved; None where that is not known."""
    busy, peak_rps, reserved = busy_s(place), place.get("peak_rps"), place.get("reserved_concurrency")
    if busy is None or peak_rps is None:
        return None
    return float(peak_rps * busy if reserved is None else min(peak_rps * busy, reserved))


def pool(view: View, region: str) -> float:
    """Executions of a region that no function has reserved."""
    reserved = sum(place.get("reserved_concurrency") or 0 for place in view.of(*FUNCTIONS) if place.region == region)
    return max(view.limit("lambda_function.lambda_concurrency_account", region) - reserved, 0.0)


def runnable(view: View) -> Callable[[Place], float]:
    """How many executions of a function may run at one time: what it has reserved, or what others leave."""
    regions = {place.region for place in view.of(*FUNCTIONS)}
    pools = {region: pool(view, region) for region in regions}
    for place in view.of(*FUNCTIONS):
        if place.get("reserved_concurrency") is None:
            pools[place.region] -= place.get("provisioned_concurrency") or 0

    def most(place: Place) -> float:
        reserved = place.get("reserved_concurrency")
        if reserved is not None:
            return float(reserved)
        return max(pools[place.region] + (place.get("provisioned_concurrency") or 0), 0.0)

    return most


def by_source(ways: Iterable[Way]) -> Mapping[int, list[Way]]:
    """Connections by the place of the component that they leave."""
    found: dict[int, list[Way]] = {}
    for way in ways:
        if way.source is not None:
            found.setdefault(way.source.number, []).append(way)
    return found


def by_target(ways: Iterable[Way]) -> Mapping[int, list[Way]]:
    """Connections by the place of the component that they lead to."""
    found: dict[int, list[Way]] = {}
    for way in ways:
        found.setdefault(way.target.number, []).append(way)
    return found


def joined(ways: Iterable[Way]) -> tuple[str, ...]:
    """The names at the ends of several connections, each once: where they come from, then where they lead to."""
    ends = list(ways)
    sources = (way.source.name for way in ends if way.source is not None)
    return tuple(dict.fromkeys((*sources, *(way.target.name for way in ends))))


def month_s(architecture: Architecture) -> float:
    """The length of the month [s]."""
    return float(architecture.month_hours * S_PER_HOUR)


def outside(architecture: Architecture) -> Mapping[str, Any] | None:
    """The traffic from outside, requests and peak both known; None where there is none."""
    if architecture.traffic is None:
        return None
    return read_traffic(architecture.traffic, as_float, as_float(architecture.month_hours, "month_hours", "hour/month"))
