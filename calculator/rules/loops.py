"""Loops that feed themselves: what comes back is as much as what went in, or more, until a limit stops it."""

from collections.abc import Iterator, Mapping
from typing import Any

from calculator.architecture import Loop
from calculator.rules import ERROR, Breach, rule
from calculator.rules.amounts import by_target, month_s, number
from calculator.rules.changes import still
from calculator.rules.view import View
from pricing.catalogue.catalogue import component_type
from pricing.catalogue.component_type import Quota
from pricing.formula.language import S_PER_HOUR
from pricing.formula.words import money, quantity

# Lambda counts the passes of an event through these, and stops it after so many.
COUNTED = ("lambda_function", "sqs_queue", "sns_topic", "s3_bucket")
PASSES = 16


@rule(
    why="Each that enters makes at least one more: the loop runs ever faster until a limit of AWS throttles it, and is "
    "billed all the while.",
    remedy="Write to another queue, topic, table or bucket than the one that starts the function; or let a filter "
    "(share) or a count in the message end each chain. Bound the function's concurrency meanwhile.",
    source="docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html",
    checked="2026",
)
def recursive_loop(view: View) -> Iterator[Breach]:
    """A loop feeds itself."""
    endless: dict[int, list[Loop]] = {}
    for loop in view.architecture.loops:
        if loop.gain >= 1:
            endless.setdefault(loop.path[0], []).append(loop)
    for loops in endless.values():
        path = tuple(dict.fromkeys(index for loop in loops for index in loop.path))
        told = [f"{number(loops[0].gain)} come back for each that enters"]
        told += [*_at_the_limit(view, path), _detected(view, path)]
        yield Breach(ERROR, tuple(view.components[index].name for index in path), "; ".join(told))


def _detected(view: View, path: tuple[int, ...]) -> str:
    """Whether Lambda notices."""
    types = {view.components[index].type for index in path}
    if types <= {*COUNTED} and "lambda_function" in types:
        return f"Lambda stops a chain after {PASSES} passes, if the SDK is new enough and nobody has switched that off"
    return "Lambda does not notice a loop of this kind"


def _at_the_limit(view: View, path: tuple[int, ...]) -> Iterator[str]:
    """The limit that would stop the loop, and what an hour costs that runs at it."""
    first = _first_limit(view, path)
    entering = [
        connection
        for connection in view.into(view.components[path[0]])
        if connection.source is None or connection.source.number not in path
    ]
    mean = sum(connection.calls for connection in entering) / month_s(view.architecture)
    if first is None or not mean:
        yield "no limit that is known here stops it"
        return
    times, quota, limit = first
    peak = sum(connection.peak_calls for connection in entering)
    hour = times * peak / mean / view.architecture.month_hours
    costs = _cost_of_an_hour(view, path, hour)
    yield f"{quota.title} ({quota.name}: {quantity(limit, quota.unit)}) would stop it"
    yield f"an hour at that limit brings {number(times * peak * S_PER_HOUR)} calls" + (
        "" if costs is None else f" and costs about {money(costs)}"
    )


def _first_limit(view: View, path: tuple[int, ...]) -> tuple[float, Quota, float] | None:
    """The limit of what is in the loop that breaks first: at which multiple of the traffic, and how much it is."""
    found = [
        (multiple.times, check.quota, float(check.limit))
        for multiple, check in zip(view.multiples, view.checks, strict=False)
        if multiple.times and check.quota.kind == "maximum" and not {*path}.isdisjoint(check.components)
    ]
    return min(found, key=lambda one: one[0]) if found else None


def _cost_of_an_hour(view: View, path: tuple[int, ...], hour: float) -> float | None:
    """What an hour costs in the loop and behind it [USD]: `hour` months of one pass, at list price."""
    shares = _shares(view, path)
    with_it, without = (view.prices.alone(_part(view, shares, times)) for times in (hour, 0.0))
    return None if with_it is None or without is None else with_it - without


def _shares(view: View, path: tuple[int, ...]) -> Mapping[int, float]:
    """How much of what arrives at a component comes out of the loop."""
    shares, arriving = dict.fromkeys(path, 1.0), by_target(view.connections)
    for index in view.architecture.order:
        connections = [connection for connection in arriving.get(index, []) if connection.calls]
        if index not in shares and connections:
            out = sum(
                connection.calls * shares.get(connection.source.number, 0.0)
                for connection in connections
                if connection.source is not None
            )
            shares[index] = out / sum(connection.calls for connection in connections)
    return {index: share for index, share in shares.items() if share}


def _part(view: View, shares: Mapping[int, float], times: float) -> list[Mapping[str, Any]]:
    """The components of a loop and those behind it, with so many months of what came out of one pass through it."""
    components: list[Mapping[str, Any]] = []
    entries = still(view)["components"]
    for index, share in shares.items():
        component = view.architecture.components[index]
        said, kind = dict(entries[index]), component_type(component.type)
        for name in component.derived:
            if kind.inputs[name].unit.endswith("/month") and name in said:
                # Where so much arrives, no receive comes back empty.
                said[name] = 0.0 if name == "empty_receives" else said[name] * share * times
        components.append(said)
    return components
