"""How far traffic can grow: the multiple of it at which each limit first breaks."""

from bisect import insort
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from calculator.architecture import Architecture
from calculator.limits.checks import Check, violated
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
STRAIGHT = 1e-9
# What breaks with so little traffic breaks with any.
HARDLY = 1e-9
# Two bounds on a multiple are one where they differ by less.
CLOSE = 1e-12
STEPS = 60
# An architecture is looked at up to so many components and connections in all, but so many times at least.
MOST_VISITS, LEAST_LOOKS = 50_000, 10


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


def multiples(architecture: Architecture, checks: Sequence[Check]) -> list[float | None]:
    """For each check the multiple of the traffic at which it first breaks; None: it holds whatever the traffic.

    A demand that grows in a straight line gives it at once; any other, as long as it never falls, by narrowing down.
    """
    seen = _Seen(architecture, checks)
    return [_first_break(number, seen) for number in range(len(checks))]


class _Seen:
    """The checks at every multiple that was looked at; so much is computed once for all of them."""

    __slots__ = ("architecture", "known", "left", "points", "settings")

    def __init__(self, architecture: Architecture, checks: Sequence[Check]) -> None:
        self.architecture = architecture
        self.known: dict[float, Sequence[Check]] = {1.0: checks}
        self.points = [1.0]
        self.settings: dict[int, Inputs] = {}  # what connections say does not grow
        self.left = max(LEAST_LOOKS, MOST_VISITS // visits_of(architecture))

    def at(self, times: float) -> Sequence[Check]:
        """Every check at a multiple of the traffic."""
        if times not in self.known:
            self.left -= 1
            self.known[times] = measured(self.architecture, growing(self.architecture, times), self.settings).checks
            insort(self.points, times)
        return self.known[times]

    def bounds(self, number: int, most: float) -> tuple[float, float]:
        """The last multiple below `most` at which a check was seen to hold, and the next, at which it is broken."""
        held = 0.0
        for point in self.points:
            if point >= most or violated(self.known[point][number]):
                return held, point
            held = point
        return held, most


def _first_break(number: int, seen: _Seen) -> float | None:
    if violated(seen.at(1.0)[number]):
        if violated(seen.at(0.0)[number]) or violated(seen.at(HARDLY)[number]):
            return None
        points: tuple[float, ...] = (*SHRUNK, 1.0)
    elif not violated(seen.at(MOST)[number]):
        return None
    else:
        points = GROWN
    broken = next(point for point in points if violated(seen.at(point)[number]))
    reached = points[: points.index(broken) + 1]
    straight = _straight(number, seen, reached)
    return _narrowed(number, seen, broken) if straight is None else straight


def _straight(number: int, seen: _Seen, points: Sequence[float]) -> float | None:
    """Where the line through the first and the last point meets the limit, if every point between lies on it."""
    checks = [seen.at(point)[number] for point in points]
    slope = (checks[-1].demand - checks[0].demand) / (points[-1] - points[0])
    for point, check in zip(points, checks, strict=True):
        on_line = checks[0].demand + slope * (point - points[0])
        if abs(check.demand - on_line) > STRAIGHT * abs(check.demand) or check.limit != checks[0].limit:
            return None
    # Two points make a line of anything: it is looked at once more where it meets the limit.
    met = float(points[0] + (checks[0].limit - checks[0].demand) / slope)
    if len(points) == 2 and abs(seen.at(met)[number].demand - checks[0].limit) > STRAIGHT * checks[0].limit:
        return None
    return met


def _narrowed(number: int, seen: _Seen, broken: float) -> float:
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
        check = seen.at(met if held < met < broken else middle)[number]
        just_beyond = met * (1 + STRAIGHT)
        meets = abs(check.demand - check.limit) <= CLOSE * check.limit
        if meets and just_beyond < broken and violated(seen.at(just_beyond)[number]):
            return met
    return broken if broken - held <= CLOSE * broken else held


def _met(seen: _Seen, number: int, held: float, broken: float) -> float:
    before, after = seen.at(held)[number], seen.at(broken)[number]
    rise = after.demand - before.demand
    return float(held + (before.limit - before.demand) * (broken - held) / rise) if rise else held
