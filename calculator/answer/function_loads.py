"""Functions under load: cold starts, what callers wait, what is throttled, and what it costs to have no cold starts."""

from collections.abc import Iterator
from dataclasses import dataclass

from calculator.load.erlang import throttled_share
from calculator.rules.cold_starts import SPILL, coldness, kept_warm
from calculator.rules.view import ComponentView, View
from calculator.traffic.cold_share import environments_of
from calculator.traffic.hours import hourly
from pricing.formula.language import MS_PER_S
from pricing.formula.rounding import rounded


@dataclass(frozen=True, slots=True)
class Remedy:
    """A way to have fewer cold starts, and what it costs more [USD a month]; None: not priced."""

    what: str
    cost: float | None


@dataclass(frozen=True, slots=True)
class FunctionLoad:
    """A function under its traffic: `concurrency` in the mean and at the peak, the share of calls that start cold.

    `environments` are those alive beside it, busy or idle: they hold connections; None: too much work to know.

    Latencies [ms] are of the call alone. `init_cost` [USD a month] is what billed initialization costs; None: not
    priced. `throttled_share` of the calls at the busiest time find the function's reservation exhausted.
    """

    component: str
    mean_concurrency: float
    peak_concurrency: float
    mean_environments: float | None
    peak_environments: float | None
    cold_share: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    throttled_share: float
    init_cost: float | None
    remedies: tuple[Remedy, ...]


def function_loads(view: View) -> tuple[FunctionLoad, ...]:
    """Every function of an architecture; with money where the architecture is priced."""
    return tuple(_loads(view))


def _loads(view: View) -> Iterator[FunctionLoad]:
    for component in view.of("lambda_function"):
        duration_s = component.inputs.duration_ms / MS_PER_S
        rates = hourly(view.architecture, component.inputs.requests * (1 - component.inputs.provisioned_share))
        cold, waits = coldness(view, component)
        alive = environments_of(view.architecture, vars(component.inputs))
        reserved = component.inputs.reserved_concurrency
        remedies = _remedies(view, component) if component.inputs.init_ms and cold else ()
        yield FunctionLoad(
            component=component.name,
            mean_concurrency=rounded(sum(rates) / len(rates) * duration_s),
            peak_concurrency=rounded(component.inputs.peak_rps * duration_s),
            mean_environments=None if alive is None else rounded(alive.mean),
            peak_environments=None if alive is None else rounded(alive.peak),
            cold_share=rounded(cold),
            p50_ms=waits.p50_ms,
            p95_ms=waits.p95_ms,
            p99_ms=waits.p99_ms,
            throttled_share=0.0
            if reserved is None
            else throttled_share(component.inputs.peak_rps, duration_s, reserved),
            init_cost=_more(view, component, cold_start_share=0) if component.inputs.init_ms else 0.0,
            remedies=remedies,
        )


def _remedies(view: View, component: ComponentView) -> tuple[Remedy, ...]:
    needed, provisioned = kept_warm(component)
    twice = {
        "memory_mb": component.inputs.memory_mb * 2,
        "duration_ms": component.inputs.duration_ms / 2,
        "init_ms": component.inputs.init_ms / 2,
    }
    ready = f"provisioned concurrency of {needed}: {1 - SPILL:.0%} of the calls at the peak start warm"
    return (
        Remedy(ready, _less(view, component, **provisioned)),
        Remedy("SnapStart for Python or .NET", _less(view, component, snapstart="python")),
        Remedy("SnapStart for Java", _less(view, component, snapstart="java")),
        Remedy("twice the memory, if all of it is computing: half of the time", _less(view, component, **twice)),
    )


def _less(view: View, component: ComponentView, **inputs: object) -> float | None:
    """What a change costs more."""
    saved = _more(view, component, **inputs)
    return None if saved is None else rounded(-saved)


def _more(view: View, component: ComponentView, **inputs: object) -> float | None:
    """What it costs more as it is than with a change."""
    return view.prices.saving(view.instead(component, **inputs))
