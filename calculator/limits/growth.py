"""How far traffic can grow: the multiple of it at which each limit first breaks."""

from array import array
from bisect import insort
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from calculator.architecture import Architecture
from calculator.limits.checks import Check, breaks
from calculator.limits.measured import measured
from calculator.metering import Inputs
from calculator.traffic.inputs import OUTSIDE
from calculator.traffic.walk import visits_of
from pricing.catalogue.catalogue import component_type
from pricing.formula.language import Number
from pricing.formula.reading import Reading

OUTSIDE_RATES = ("requests_per_month", "peak_rps", "burst_rps")
# Nobody grows more; what holds until then holds.
MOST = 1e6
# Where demands are looked at to see whether they grow in a straight line: no step falls on all of these.
SHRUNK = (0.0, 0.11, 0.53)
GROWN = (1.0, 1.37, 7.1, 101.0, 10_007.0, MOST)
# The same where only few looks are to be had; and a point between the first two of each row.
SHRUNK_FEW, GROWN_FEW = (0.0, 0.53), (1.0, 101.0, MOST)
BETWEEN = {0.11: 0.05, 0.53: 0.11, 1.37: 1.19, 101.0: 7.1}
STRAIGHT = 1e-9
# What breaks with so little traffic breaks with any.
HARDLY = 1e-9
# Two bounds on a multiple are one where they differ by less.
CLOSE = 1e-12
STEPS = 60
# An architecture is looked at up to so many components and connections in all. Where that is less than so many looks,
# it is looked at in few places, and besides at least so often.
MOST_VISITS, FEW, LEAST_LOOKS = 8000, 16, 1


def growing(architecture: Architecture, times: float) -> Reading:
    """The reading of a month with so many times the traffic: what comes from outside, and every input that grows.

    Schedules that start something start as often, and so many times more each time.
    """
    starting = {connection.source for connection in architecture.connections}
    grows = {f"{OUTSIDE}.{name}" for name in OUTSIDE_RATES}
    for index, one in enumerate(architecture.components):
        kind = component_type(one.type)
        if "clock" in kind.flow.traits and index in starting:
            grows.add(f"{one.name}.at_once")
        else:
            grows |= {f"{one.name}.{known.name}" for known in kind.inputs.values() if known.grows}

    def read(value: int | float | Decimal, name: str, unit: str) -> Number:
        return float(value) * times if name in grows else float(value)

    return read


def grown(architecture: Architecture, times: float) -> Architecture:
    """The architecture with so many times the traffic from outside, for who reads that from it."""
    if architecture.traffic is None:
        return architecture
    rates = {name: architecture.traffic.inputs[name] for name in OUTSIDE_RATES}
    more = {name: float(value) * times for name, value in rates.items() if value is not None}
    return replace(architecture, traffic=replace(architecture.traffic, inputs={**architecture.traffic.inputs, **more}))


class Multiple(NamedTuple):
    """At which multiple of the traffic a limit first breaks; None: it holds whatever the traffic.

    `at_least`: there was no time to look further, and so much was seen to hold.
    """

    times: float | None
    at_least: bool = False


def multiples(architecture: Architecture, checks: Sequence[Check]) -> list[Multiple]:
    """For each check the multiple of the traffic at which it first breaks.

    A demand that grows in a straight line gives it at once; any other, as long as it never falls, by narrowing down.
    Of a large architecture what seems to break first is looked at first.
    """
    seen = _Seen(architecture, checks)
    numbers: Sequence[int] = range(len(checks))
    if seen.few:
        numbers = sorted(numbers, key=seen.likely)
    found = {number: _first_break(number, seen) for number in numbers}
    return [found[number] for number in range(len(checks))]


class _Look(NamedTuple):
    """What is demanded at one multiple, and the limits: a large architecture has ten thousand checks."""

    demands: Sequence[float]
    limits: Sequence[float]


class _Seen:
    """The checks at every multiple that was looked at; so much is computed once for all of them."""

    __slots__ = ("architecture", "checks", "few", "known", "left", "points", "settings")

    def __init__(self, architecture: Architecture, checks: Sequence[Check]) -> None:
        self.architecture = architecture
        self.checks = checks
        self.known = {1.0: _look(checks)}
        self.points = [1.0]
        self.settings: dict[int, Inputs] = {}  # what connections say does not grow
        self.left = max(LEAST_LOOKS, MOST_VISITS // visits_of(architecture))
        self.few = self.left < FEW

    def at(self, times: float) -> _Look:
        """Every check at a multiple of the traffic."""
        if times not in self.known:
            # In few places it is looked at in any case.
            self.left -= not self.few or times not in (HARDLY, *SHRUNK, *GROWN)
            reading = growing(self.architecture, times)
            self.known[times] = _look(measured(self.architecture, reading, self.settings).checks)
            insort(self.points, times)
        return self.known[times]

    def breaks(self, number: int, times: float) -> bool:
        """Whether a limit is broken at a multiple of the traffic."""
        look = self.at(times)
        return breaks(self.checks[number].quota, look.demands[number], look.limits[number])

    def likely(self, number: int) -> float:
        """Where a limit breaks if what is demanded of it grows in a straight line."""
        if self.breaks(number, 1.0):
            return 0.0
        now, most = self.known[1.0], self.at(MOST)
        rise = most.demands[number] - now.demands[number]
        return 1.0 + (now.limits[number] - now.demands[number]) * MOST / rise if rise > 0 else MOST

    def bounds(self, number: int, most: float) -> tuple[float, float]:
        """The last multiple below `most` at which a check was seen to hold, and the next, at which it is broken."""
        held = 0.0
        for point in self.points:
            if point >= most or self.breaks(number, point):
                return held, point
            held = point
        return held, most


def _look(checks: Sequence[Check]) -> _Look:
    demands, limits = (float(one.demand) for one in checks), (float(one.limit) for one in checks)
    return _Look(array("d", demands), array("d", limits))


def _first_break(number: int, seen: _Seen) -> Multiple:
    if seen.breaks(number, 1.0):
        if seen.breaks(number, 0.0) or seen.breaks(number, HARDLY):
            return Multiple(None)
        points: tuple[float, ...] = (*(SHRUNK_FEW if seen.few else SHRUNK), 1.0)
    elif not seen.breaks(number, MOST):
        return Multiple(None)
    else:
        points = GROWN_FEW if seen.few else GROWN
    broken = next(point for point in points if seen.breaks(number, point))
    reached = points[: points.index(broken) + 1]
    straight = _straight(number, seen, reached)
    return _narrowed(number, seen, broken) if straight is None else Multiple(straight)


def _straight(number: int, seen: _Seen, points: Sequence[float]) -> float | None:
    """Where the line through the first and the last point meets the limit, if every point between lies on it."""
    looks = [seen.at(point) for point in points]
    demands, limit = [look.demands[number] for look in looks], looks[0].limits[number]
    slope = (demands[-1] - demands[0]) / (points[-1] - points[0])
    for point, look in zip(points, looks, strict=True):
        on_line = demands[0] + slope * (point - points[0])
        if abs(look.demands[number] - on_line) > STRAIGHT * abs(look.demands[number]) or look.limits[number] != limit:
            return None
    met = float(points[0] + (limit - demands[0]) / slope)
    if len(points) > 2:
        return met
    # Two points make a line of anything: it is looked at once more where it meets the limit, or between them, which is
    # one look for all limits.
    between = met if seen.left > 0 else BETWEEN[points[-1]]
    on_line = limit if between == met else demands[0] + slope * (between - points[0])
    return met if abs(seen.at(between).demands[number] - on_line) <= STRAIGHT * on_line else None


def _narrowed(number: int, seen: _Seen, broken: float) -> Multiple:
    """Between a multiple that holds and one that breaks: where a line between them meets the limit, or their middle.

    Demands are straight between steps and bends, so the line soon meets it; at a step only the middle gets nearer.
    Where there is no time to look further it is the largest multiple that was seen to hold.
    """
    held = 0.0
    for step in range(STEPS):
        held, broken = seen.bounds(number, broken)
        if broken - held <= CLOSE * broken or seen.left <= 0:
            break
        middle = (held + broken) / 2
        met = middle if step % 3 == 2 else _met(seen, number, held, broken)
        beyond = met if held < met < broken else middle
        look, just_beyond = seen.at(beyond), met * (1 + STRAIGHT)
        limit = look.limits[number]
        meets = abs(look.demands[number] - limit) <= CLOSE * limit
        if meets and just_beyond < broken and seen.breaks(number, just_beyond):
            return Multiple(met)
    near = broken - held <= CLOSE * broken
    return Multiple(broken) if near else Multiple(held, at_least=True)


def _met(seen: _Seen, number: int, held: float, broken: float) -> float:
    before, after = seen.at(held), seen.at(broken)
    rise = after.demands[number] - before.demands[number]
    return held + (before.limits[number] - before.demands[number]) * (broken - held) / rise if rise else held
