"""Cold starts as callers feel them, and what it costs to have fewer."""

from collections.abc import Iterator
from typing import NamedTuple

from calculator.load.cold_starts import Latencies, latencies, provisioned_needed
from calculator.rules import INFO, WARNING, Breach, rule
from calculator.rules.amounts import number
from calculator.rules.changes import saved_alone
from calculator.rules.view import ComponentView, View
from calculator.rules.waiting import waited_s, waiting
from calculator.traffic.cold_share import cold_share_of
from pricing.formula.language import MS_PER_S
from pricing.formula.spread import Spread
from pricing.formula.varying import Varying
from pricing.formula.words import money

# Provisioned concurrency for all but so many of the calls at the busiest time.
SPILL = 0.01
# From so many cold calls on they are worth a word.
MANY = 0.05
PERCENT = 100


class Coldness(NamedTuple):
    """The share of the calls outside provisioned concurrency that start cold, and what callers wait for all calls."""

    cold_share: float
    waits: Latencies


def coldness(view: View, component: ComponentView) -> Coldness:
    """How cold a function is: as it is stated, or as its traffic makes it."""
    on_demand, cold = 1 - component.inputs.provisioned_share, component.inputs.cold_start_share
    if not cold > 0 and component.inputs.requests * on_demand:
        cold = cold_share_of(view.architecture, vars(component.inputs))
    return Coldness(cold, _waits(component, cold * on_demand))


def _waits(component: ComponentView, cold: float) -> Latencies:
    variation = spread_of(component).cv
    return latencies(float(component.inputs.duration_ms), float(component.inputs.init_ms), cold, variation=variation)


def spread_of(component: ComponentView) -> Spread:
    """How the durations of a function lie around their mean: as it is stated, or assumed."""
    duration_ms = component.inputs.duration_ms
    return duration_ms.spread if isinstance(duration_ms, Varying) else Spread(float(component.inputs.latency_cv))


def kept_warm(component: ComponentView) -> tuple[int, dict[str, object]]:
    """Provisioned concurrency for all but few of the calls at the peak: how much, and the inputs that say it."""
    needed = provisioned_needed(component.inputs.peak_rps, component.inputs.duration_ms / MS_PER_S, SPILL)
    return needed, {"provisioned_concurrency": needed, "provisioned_share": 1 - SPILL, "cold_start_share": 0}


@rule(
    why="A call that finds no idle environment waits until one is initialized. Few calls far apart start cold most "
    "often, and so do the first of every burst.",
    remedy="Keep environments ready (provisioned concurrency, best by schedule or by load), or restore them from a "
    "snapshot (SnapStart for Java, Python and .NET); a smaller package starts faster everywhere.",
    source="docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html",
    checked="2026-11-28",
)
def cold_starts(view: View) -> Iterator[Breach]:
    """Callers wait for cold starts."""
    patience = _patience(view)
    for component in view.of("lambda_function"):
        if not _initializes(component):
            continue
        if component.number not in patience and any(view.into(component)):
            continue  # nobody waits
        cold, waits = coldness(view, component)
        share, most_s = cold * (1 - component.inputs.provisioned_share), patience.get(component.number)
        late = most_s is not None and waits.p95_ms > most_s * MS_PER_S >= _warm(component).p95_ms
        if share >= MANY or late:
            told = f"{number(share * PERCENT)} % of the calls start cold, each {number(component.inputs.init_ms)} "
            told += f"ms later; of 100 calls 5 take {number(waits.p95_ms)} ms or more"
            told += f", and the caller waits {number(most_s)} s" if late and most_s is not None else ""
            yield Breach(WARNING if late else INFO, (component.name,), told + _ways(view, component))


def _initializes(component: ComponentView) -> bool:
    return bool(component.inputs.init_ms and component.inputs.requests) and component.inputs.snapstart == "none"


def _patience(view: View) -> dict[int, float | None]:
    """How long the least patient caller of each component waits [s]; None: nobody knows."""
    found: dict[int, float | None] = {}
    for connection in waiting(view):
        known = [most for most in (found.get(connection.target.number), waited_s(view, connection)) if most is not None]
        found[connection.target.number] = min(known) if known else None
    return found


def _warm(component: ComponentView) -> Latencies:
    return _waits(component, 0.0)


def _ways(view: View, component: ComponentView) -> str:
    """What the ways out cost, in words; nothing where that is not known."""
    needed, inputs = kept_warm(component)
    ways: dict[str, dict[str, object]] = {
        f"provisioned concurrency of {needed}": inputs,
        "SnapStart for Python or .NET": {"snapstart": "python"},
        "SnapStart for Java": {"snapstart": "java"},
    }
    told = []
    for way, changes in ways.items():
        saved = saved_alone(view, component, changes)
        if saved is not None:
            told.append(f"{way} costs {money(abs(saved))} a month {'less' if saved > 0 else 'more'}")
    return f"; at list price {', '.join(told)}" if told else ""
