"""Functions that share an account's concurrency: one that nobody waits for may take what callers wait for."""

import math
from collections.abc import Iterator

from calculator.rules import WARNING, Breach, rule
from calculator.rules.amounts import beyond, executions, number, pools_of
from calculator.rules.view import FUNCTIONS, ComponentView, View
from calculator.rules.waiting import waiting


@rule(
    why="Functions without a reservation share what is left of the account's concurrency, first come, first served: a "
    "queue that is worked through or a burst of events takes it from callers that wait, and they get 429.",
    remedy="Reserve concurrency for the function that nobody waits for: it is free of charge, is its limit as well, "
    "and leaves the rest to the others. Of a queue, the mapping's maximum concurrency does the same.",
    source="docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html",
    checked="2026-11-28",
)
def starved_functions(view: View) -> Iterator[Breach]:
    """A function that nobody waits for can take the concurrency of one that callers wait for."""
    awaited = {connection.target.number for connection in waiting(view)}
    pools, sharing = pools_of(view), dict[str, list[tuple[float, ComponentView]]]()
    for component in view.of(*FUNCTIONS):
        running = executions(component)
        if running and component.get("reserved_concurrency") is None:
            sharing.setdefault(component.region, []).append((running, component))
    for region, functions in sharing.items():
        callers = [(running, one) for running, one in functions if one.number in awaited]
        others = [(running, one) for running, one in functions if one.number not in awaited and any(view.into(one))]
        shared, needed = pools[region], sum(running for running, _ in callers)
        if callers and others and beyond(sum(running for running, _ in functions), shared):
            taken, greedy = max(others, key=lambda one: one[0])
            path = (greedy.name, *(one.name for _, one in callers))
            told = (
                f"{greedy.name} runs {number(taken)} at one time at the peak, what callers wait for {number(needed)}; "
            )
            told += f"{number(shared)} are shared"
            left = math.floor(shared - sum(running for running, one in functions if one is not greedy))
            yield Breach(
                WARNING, path, told + (f". Reserving {left} for {greedy.name} costs $0.00" if left > 0 else "")
            )
