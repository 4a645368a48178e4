"""How far the traffic can grow: the first limit to break, or the first error, in words that lead an answer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from calculator.architecture import Architecture
from calculator.limits.checks import Check, violated
from calculator.limits.evenness import BUSINESS_HOURS, Lying, at_business_hours, shape_of_traffic
from calculator.limits.growth import MOST, Multiple
from calculator.rules.first_error import FirstError, first_error, holds_until
from calculator.rules.view import View
from calculator.traffic.shapes import peak_to_mean, shape_named
from pricing.formula.rounding import cut, rounded_down
from pricing.formula.words import quantity

DIGITS = 3
# A multiple that was narrowed down by looking may lie so much of itself below the one that it is.
LOOKED = 2e-7
AT = {
    "constant": " at an even load",
    "business_hours": " at business hours",
    "daily_peak": " at a daily peak",
    "weights": " at the hours that are stated",
    "peak": " at the peak that is stated",
    "": "",
}


@dataclass(frozen=True, slots=True)
class Growth:
    """What breaks first: at which multiple of the traffic, and what happens then; `multiple` None: nothing breaks.

    The multiple is rounded down, and 0 where something is broken whatever the traffic. It is the `quota` of a limit or
    the `finding`, a rule of which a breach is an error. It rests on the `shape` of the traffic: where that is only
    assumed to be even, `at_business_hours` is the multiple at business hours.
    """

    multiple: float | None
    at_business_hours: float | None
    shape: Lying
    quota: str | None
    finding: str | None
    title: str | None
    components: tuple[str, ...]
    region: str | None
    text: str


class _First(NamedTuple):
    """What breaks first: the multiple up to which it holds, or at least so far, and what it is in words."""

    times: float
    at_least: bool
    now: bool
    quota: str | None
    finding: str | None
    title: str
    components: tuple[str, ...]
    region: str
    text: str


def growth_of(view: View, ranked: Sequence[tuple[Check, Multiple]]) -> Growth:
    """What breaks first; `ranked` are all limits and the multiples at which they break, the first to break first."""
    architecture = view.architecture
    limited = _limited(architecture, *ranked[0]) if ranked else None
    if limited is not None and not limited.times:
        return _growth(architecture, limited, None)
    error = first_error(view, MOST if limited is None else limited.times)
    first = limited if error is None else _found(view, error)
    return _growth(
        architecture, first, _at_business_hours(architecture, first, [multiple.times for _, multiple in ranked])
    )


def _limited(architecture: Architecture, check: Check, multiple: Multiple) -> _First | None:
    now = violated(check)
    if multiple.times is None and not now:
        return None
    quota, names = check.quota, tuple(architecture.components[index].name for index in check.components)
    where = "the account" if quota.scope == "account" else names[0]
    text = f"{quota.title} ({where}, {check.region}): {quota.exceeded}"
    return _First(
        multiple.times or 0.0, multiple.at_least, now, quota.name, None, quota.title, names, check.region, text
    )


def _found(view: View, error: FirstError) -> _First:
    times, rule, breach, at_least = error
    regions = {component.name: component.region for component in view.components}
    text = f"{rule.title} ({' -> '.join(breach.path)}): {rule.why}"
    return _First(times, at_least, times < 1, None, rule.id, rule.title, breach.path, regions[breach.path[0]], text)


def _at_business_hours(
    architecture: Architecture, first: _First | None, multiples: Iterable[float | None]
) -> Multiple | None:
    """The multiple at business hours, where nobody says how the traffic lies; None: it is said, or nothing breaks."""
    busier = at_business_hours(architecture)
    if busier is None or (first is not None and not first.times):
        return None
    most, busiest = MOST if first is None else first.times, peak_to_mean(shape_named(BUSINESS_HOURS))
    # Everything grows with the traffic, and at business hours only the peak is so much higher.
    found = holds_until(busier, most / busiest, most, [times / busiest for times in multiples if times])
    return found if found is not None or first is None else Multiple(first.times, first.at_least)


def _growth(architecture: Architecture, first: _First | None, at_business_hours: Multiple | None) -> Growth:
    shape = shape_of_traffic(architecture)
    busier = None if at_business_hours is None else at_business_hours.times
    beside = "" if busier is None else f" ({in_words(busier)} times at business hours)"
    if at_business_hours is not None and at_business_hours.at_least:
        beside = beside.replace("(", "(at least ")
    at = f"{AT[shape]}{beside}"
    if first is None:
        text = f"no limit that is known here breaks before {quantity(MOST)} times the traffic{at}"
    elif not first.times:
        text = f"broken whatever the traffic: {first.text}"
    elif first.now:
        bound = "at least" if first.at_least else "at most"
        text = f"too much already, {bound} {in_words(first.times)} times the traffic holds{at}: {first.text}"
    else:
        least = "at least " if first.at_least else ""
        text = f"you can grow {least}{in_words(first.times)} times{at}; then {first.text}"
    return Growth(
        multiple=None if first is None else rounded_down(first.times),
        at_business_hours=None if busier is None else rounded_down(busier),
        shape=shape,
        quota=None if first is None else first.quota,
        finding=None if first is None else first.finding,
        title=None if first is None else first.title,
        components=() if first is None else first.components,
        region=None if first is None else first.region,
        text=text,
    )


def in_words(multiple: float, *, digits: int = DIGITS) -> str:
    """A multiple with its first digits, no larger than it is.

    >>> in_words(1016.9), in_words(0.06999), in_words(5 - 1e-8)
    ('1,010', '0.0699', '5')
    """
    return quantity(cut(multiple, Decimal(multiple).adjusted() + 1 - digits, LOOKED)) if multiple else "0"
