"""What varies from call to call: calls beyond a timeout, and means near a step in which AWS bills."""

from collections.abc import Iterator

from calculator.rules import INFO, WARNING, Breach, rule
from calculator.rules.amounts import metered, number
from calculator.rules.changes import document_of, is_stated, saved_alone
from calculator.rules.cold_starts import spread_of
from calculator.rules.view import ComponentView, View
from pricing.catalogue.catalogue import component_type
from pricing.formula.language import MS_PER_S, Varies
from pricing.formula.spread import Spread
from pricing.formula.varying import varying
from pricing.formula.words import money

# From one call in a thousand on it is worth a word.
LATE = 0.001
# How far sizes and durations lie from their means where nobody says it: as the durations of workflows do.
ASSUMED = 0.13
# What the spread would have to move: a share of the bill, and USD.
SHARE, LEAST = 0.01, 1.0
PERCENT = 100


@rule(
    why="Lambda stops a call at the timeout: it is billed until then, its work is lost, and whoever calls tries again. "
    "A mean below the timeout says nothing of the calls that take longer.",
    remedy="Raise the timeout, make the slow calls faster, or split their work.",
    source="docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html",
    checked="2026-11-28",
)
def calls_beyond_timeout(view: View) -> Iterator[Breach]:
    """Some calls take longer than the timeout lets them."""
    for component in view.of("lambda_function"):
        duration_ms, timeout_ms = float(component.inputs.duration_ms), float(component.inputs.timeout_s) * MS_PER_S
        if not component.inputs.requests or not 0 < duration_ms <= timeout_ms:
            continue  # a mean beyond the timeout is a limit that is violated
        spread = spread_of(component)
        late = spread.above(timeout_ms / duration_ms)
        if late >= LATE:
            stated = isinstance(component.inputs.duration_ms, Varies)
            told = (
                f"{number(late * PERCENT)} % of the calls take longer than {number(timeout_ms / MS_PER_S)} s: the mean "
            )
            told += (
                f"is {number(duration_ms / MS_PER_S)} s, the standard deviation {number(spread.cv * PERCENT)} % of it"
            )
            told += "; they are billed until then, and fail" if stated else " (assumed: the bill has none of them)"
            yield Breach(WARNING, (component.name,), told, remedy=_remedy(view, component))


def _remedy(view: View, component: ComponentView) -> str | None:
    """Nobody raises a timeout that is at its most."""
    most_s = view.limit("lambda_function.lambda_timeout_max", component.region)
    return None if component.inputs.timeout_s < most_s else "Make the slow calls faster, or split their work."


@rule(
    why="AWS rounds each call up by itself. Where a mean lies near a step, calls that lie about it are billed "
    "otherwise than the mean is.",
    remedy='Say how it varies: {"mean", "cv"}, {"p50", "p95"} or {"samples"} in place of the number.',
    source="aws.amazon.com/lambda/pricing, and those of the other services that bill in steps",
    checked="2026-11-28",
)
def mean_near_a_step(view: View) -> Iterator[Breach]:
    """A mean lies near a step in which AWS bills, and how far calls lie from it decides the bill."""
    written = len(document_of(view)["components"])
    for component in view.components[:written]:
        for known in component_type(component.type).inputs.values():
            # Of a size that nobody has said it is not known how it lies.
            if known.varies and is_stated(view, component, known.name) and _may_vary(component.get(known.name)):
                spread = _assumed(component, known.name)
                if _moves(view, component, known.name, spread):
                    yield from _told(view, component, known.name, spread)


def _may_vary(value: object) -> bool:
    return isinstance(value, float) and not isinstance(value, Varies) and value > 0


def _assumed(component: ComponentView, name: str) -> Spread:
    return (
        spread_of(component) if name == "duration_ms" and component.get("latency_cv") is not None else Spread(ASSUMED)
    )


def _moves(view: View, component: ComponentView, name: str, spread: Spread) -> bool:
    """Whether any usage of the component would be another: most means are far from a step."""
    before = metered(view, component).usage
    after = metered(view, component, **{name: varying(component.get(name), spread)}).usage
    return any(abs(float(after[meter]) - float(before[meter])) > SHARE * float(before[meter]) for meter in before)


def _told(view: View, component: ComponentView, name: str, spread: Spread) -> Iterator[Breach]:
    """The finding, where money moves."""
    stated = {"mean": float(component.get(name)), "cv": spread.cv}
    saved = saved_alone(view, component, {name: stated})
    if saved is None or abs(saved) < max(LEAST, SHARE * (view.prices.cost or 0)):
        return
    unit = component_type(component.type).inputs[name].unit
    told = f"{name} is {number(component.get(name))} {unit}; a standard deviation of {number(spread.cv * PERCENT)} % "
    told += f"would make it {money(abs(saved))} {'cheaper' if saved > 0 else 'dearer'} at list price"
    yield Breach(INFO, (component.name,), told)
