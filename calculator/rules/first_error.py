"""What breaks at a multiple of the traffic, limits and rules together, and up to which multiple nothing does."""

from bisect import bisect_left
from collections.abc import Callable, Iterable
from typing import NamedTuple

from calculator.architecture import Architecture
from calculator.limits.checks import violated
from calculator.limits.growth import HARDLY, Multiple, growing, grown
from calculator.limits.measured import measured
from calculator.metering import Inputs
from calculator.rules import ERROR, Breach, Rule, all_rules
from calculator.rules.prices import prices_of
from calculator.rules.view import View, view_of
from calculator.traffic.propagate import propagate
from calculator.traffic.walk import visits_of

# An architecture is looked at up to so many components and connections in all; so often at least, and never oftener.
MOST_VISITS, LEAST_LOOKS, MOST_LOOKS = 8000, 2, 40
# Two multiples are one where they differ by less.
CLOSE = 1e-7
# Just below and just above a limit.
BESIDE = 1e-9


class FirstError(NamedTuple):
    """The error that comes first: up to `times` the traffic no rule finds one; 0: one is found whatever the traffic.

    `at_least`: there was no time to look further.
    """

    times: float
    rule: Rule
    breach: Breach
    at_least: bool = False


class Looks:
    """Looks at one architecture at multiples of its traffic, as many as are left."""

    __slots__ = ("architecture", "left", "prices", "settings")

    def __init__(self, architecture: Architecture) -> None:
        self.architecture, self.prices = architecture, prices_of(architecture, None)
        self.settings: dict[int, Inputs] = {}  # what connections say does not grow
        self.left = min(max(MOST_VISITS // visits_of(architecture), LEAST_LOOKS), MOST_LOOKS)

    def at(self, times: float) -> View:
        """The architecture with so many times the traffic, as rules look at it."""
        self.left -= 1
        flow, _, checks = measured(self.architecture, growing(self.architecture, times), self.settings)
        return view_of(grown(self.architecture, times), flow, checks, self.prices)

    def unchecked(self, times: float) -> View:
        """The same without checks of limits, of which no error is made: half the work."""
        self.left -= 1
        reading = growing(self.architecture, times)
        hours = float(self.architecture.month_hours)
        flow = propagate(self.architecture, reading, hours, settings=self.settings)
        return view_of(grown(self.architecture, times), flow, (), self.prices)


def errors_in(view: View, rules: Iterable[Rule]) -> list[tuple[Rule, Breach]]:
    """What rules find to be an error."""
    return [(one, breach) for one in rules for breach in one.find(view) if breach.severity == ERROR]


def first_error(view: View, below: float) -> FirstError | None:
    """The error that some rule finds first as the traffic grows, before `below` times what it is; None: there is none.

    What is an error with more traffic is taken to be one with more still, so that the middle of what holds and what
    does not decides which half to look into. What comes out was seen to hold.
    """
    rules = [one for one in all_rules() if one.finds_errors]
    now = errors_in(view, rules)
    looks, highest = Looks(view.architecture), below * (1 - BESIDE)
    if not now and highest < 1:
        return None
    found = now if now and highest >= 1 else errors_in(looks.unchecked(highest), rules)
    if not found:
        return None
    return _narrowed(looks, rules=found, low=HARDLY if now else 1.0, high=min(highest, 1.0) if now else highest)


def _narrowed(looks: Looks, *, rules: list[tuple[Rule, Breach]], low: float, high: float) -> FirstError:
    last = rules
    if low == HARDLY and (always := errors_in(looks.unchecked(low), _rules(last))):
        return FirstError(0.0, *always[0])

    def breaks(times: float) -> bool:
        nonlocal last
        errors = errors_in(looks.unchecked(times), _rules(last))
        last = errors or last
        return bool(errors)

    found = holding(looks, low, high, breaks)
    return FirstError(found.times or 0.0, *last[0], found.at_least)


def _rules(errors: list[tuple[Rule, Breach]]) -> list[Rule]:
    return list(dict.fromkeys(rule for rule, _ in errors))


def holding(looks: Looks, low: float, high: float, breaks: Callable[[float], bool]) -> Multiple:
    """The largest multiple that was seen to hold, between one that holds and one that breaks."""
    while looks.left > 0 and high > low * (1 + CLOSE):
        middle = (low * high) ** 0.5
        if breaks(middle):
            high = middle
        else:
            low = middle
    return Multiple(low, at_least=high > low * (1 + CLOSE))


def holds_until(architecture: Architecture, low: float, high: float, likely: Iterable[float] = ()) -> Multiple | None:
    """Up to which multiple, from `low` to `high`, no limit breaks and no rule finds an error; None: beyond `high`.

    It is taken to hold at `low`. The `likely` multiples are looked at first: just below and just above them.
    """
    looks, rules = Looks(architecture), [one for one in all_rules() if one.finds_errors]

    def breaks(times: float) -> bool:
        view = looks.at(times)
        return any(map(violated, view.checks)) or bool(errors_in(view, rules))

    if breaks(low * (1 + BESIDE)):
        return Multiple(low)
    if not breaks(high * (1 - BESIDE)):
        return None
    if looks.left <= 1:
        return holding(looks, low, high, breaks)
    points = [low, *sorted({point for point in likely if low * (1 + CLOSE) < point < high * (1 - CLOSE)}), high]
    if len(points) > 2 ** (looks.left - 1):
        points = [low, *points[1 : 2 ** (looks.left - 1) - 1], high]  # what breaks first is among the least
    first = bisect_left(points, True, 1, len(points) - 1, key=lambda point: breaks(point * (1 + BESIDE)))
    if first < len(points) - 1 and not breaks(points[first] * (1 - BESIDE)):
        return Multiple(points[first])
    return holding(looks, points[first - 1], points[first], breaks)
