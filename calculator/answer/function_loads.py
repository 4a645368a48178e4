"""Functions under load: cold starts, what callers wait, what is throttled, and what it costs to have no cold starts."""

from collections.abc import Iterator
from dataclasses import dataclass

from calculator.load.cold_starts import cold_share_by_hour, latencies, provisioned_needed
from calculator.load.erlang import throttled_share
from calculator.rules.findings import Pricer
from calculator.rules.view import ComponentView, View
from calculator.traffic.cold_share import keep_alive_under
from calculator.traffic.hours import hourly
from pricing.formula.language import MS_PER_S

# Provisioned concurrency for all but so many of the calls at the busiest time.
SPILL = 0.01
DECIMALS = 10


@dataclass(frozen=True, slots=True)
class Remedy:
    """A way to have fewer cold starts, and what it costs more [USD a month]; None: not priced."""

    what: str
    cost: float | None


@dataclass(frozen=True, slots=True)
class FunctionLoad:
    """A function under its traffic: `concurrency` in the mean and at the peak, the share of calls that start cold.

    Latencies [ms] are of the call alone. `init_cost` [USD a month] is what billed initialization costs; None: not
    priced. `throttled_share` of the calls at the busiest time find the function's reservation exhausted.
    """

    component: str
    mean_concurrency: float
    peak_concurrency: float
    cold_share: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    throttled_share: float
    init_cost: float | None
    remedies: tuple[Remedy, ...]


def function_loads(view: View, cost: float | None, price: Pricer) -> tuple[FunctionLoad, ...]:
    """Every function of an architecture that costs `cost` [USD a month]; None: nothing is priced."""
    return tuple(_loads(view, cost, price))


def _loads(view: View, cost: float | None, price: Pricer) -> Iterator[FunctionLoad]:
    alive = keep_alive_under(view.architecture.traffic)
    for component in view.of("lambda_function"):
        duration_s = component.inputs.duration_ms / MS_PER_S
        rates = hourly(view.architecture, component.inputs.requests * (1 - component.inputs.provisioned_share))
        stated = component.inputs.cold_start_share
        cold = stated if stated > 0 or not sum(rates) else cold_share_by_hour(rates, duration_s, alive)
        waits = latencies(
            component.inputs.duration_ms, component.inputs.init_ms, cold * (1 - component.inputs.provisioned_share)
        )
        reserved = component.inputs.reserved_concurrency
        remedies = _remedies(view, component, cost, price) if component.inputs.init_ms and cold else ()
        yield FunctionLoad(
            component=component.name,
            mean_concurrency=round(sum(rates) / len(rates) * duration_s, DECIMALS),
            peak_concurrency=round(component.inputs.peak_rps * duration_s, DECIMALS),
            cold_share=round(cold, DECIMALS),
            p50_ms=waits.p50_ms,
            p95_ms=waits.p95_ms,
            p99_ms=waits.p99_ms,
            throttled_share=0.0
            if reserved is None
            else throttled_share(component.inputs.peak_rps, duration_s, reserved),
            init_cost=_more(cost, price, view, component, cold_start_share=0) if component.inputs.init_ms else 0.0,
            remedies=remedies,
        )


def _remedies(view: View, component: ComponentView, cost: float | None, price: Pricer) -> tuple[Remedy, ...]:
    needed = provisioned_needed(component.inputs.peak_rps, component.inputs.duration_ms / MS_PER_S, SPILL)
    provisioned = _less(
        cost, price, view, component, provisioned_concurrency=needed, provisioned_share=1 - SPILL, cold_start_share=0
    )
    twice = _less(
        cost,
        price,
        view,
        component,
        memory_mb=component.inputs.memory_mb * 2,
        duration_ms=component.inputs.duration_ms / 2,
        init_ms=component.inputs.init_ms / 2,
    )
    return (
        Remedy(
            f"provisioned concurrency of {needed}: {1 - SPILL:.0%} of the calls at the peak start warm", provisioned
        ),
        Remedy("SnapStart for Python or .NET", _less(cost, price, view, component, snapstart="python")),
        Remedy("SnapStart for Java", _less(cost, price, view, component, snapstart="java")),
        Remedy("twice the memory, if all of it is computing: half of the time", twice),
    )


def _less(cost: float | None, price: Pricer, view: View, component: ComponentView, **inputs: object) -> float | None:
    """What a change costs more."""
    saved = _more(cost, price, view, component, **inputs)
    return None if saved is None else round(-saved, DECIMALS)


def _more(cost: float | None, price: Pricer, view: View, component: ComponentView, **inputs: object) -> float | None:
    """What it costs more as it is than with a change."""
    changed = None if cost is None else price(view.instead(component, **inputs))
    return None if changed is None or cost is None else round(cost - changed, DECIMALS)
