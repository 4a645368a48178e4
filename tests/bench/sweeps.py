"""The sweep against whole-column NumPy and against only copying the columns."""

import numpy as np

from calculator import Architecture, parse, sweep
from calculator.bill.bill import draw_up
from calculator.explore.sweep import _columns, _plan, _restated
from pricing.formula.reading import as_program
from tests.bench.numpy_twin import Twin
from tests.bench.timing import best
from tests.bench.workload import DOCUMENT, draw

# A column of this size fits no cache: whole-column NumPy works from memory, as with any sweep worth the name.
SCENARIOS = 4_000_000


def report() -> list[str]:
    """What was measured, as lines to print."""
    architecture, columns = parse(DOCUMENT), draw(SCENARIOS)
    twin = Twin(architecture.as_of)
    agreement = check(architecture, 20_000)
    results = np.empty((11, SCENARIOS))

    def copy() -> None:
        for row, column in zip(results, columns.values(), strict=False):
            row[:] = column
        for column in list(columns.values())[len(results) :]:
            column.max()

    times = best(
        {
            "sweep, 1 thread": lambda: sweep(architecture, columns),
            "sweep, 2 threads": lambda: sweep(architecture, columns, threads=2),
            "NumPy, whole columns": lambda: twin.price(columns),
            "columns only read and copied": copy,
            "plan": lambda: plan_once(architecture),
        }
    )
    plan = times.pop("plan")
    lines = [f"  {name:30s} {taken / SCENARIOS * 1e9:8.1f} ns a scenario" for name, taken in times.items()]
    numpy, one, two = times["NumPy, whole columns"], times["sweep, 1 thread"], times["sweep, 2 threads"]
    return [
        f"Sweep of {SCENARIOS:,} scenarios, {len(columns)} varying inputs, nine components; {agreement}",
        *lines,
        f"  1 thread  {numpy / one:.1f} x whole-column NumPy",
        f"  2 threads {numpy / two:.1f} x whole-column NumPy, {one / two:.2f} x one thread",
        f"  bill and plan of this architecture: {plan * 1e3:.2f} ms",
    ]


def plan_once(architecture: Architecture) -> object:
    """Trace the architecture and write its plan."""
    columns, _ = _columns(architecture, draw(1))
    return _plan(architecture, draw_up(_restated(architecture, columns), as_program(set(columns))))


def check(architecture: Architecture, count: int) -> str:
    """That the two agree, before either is timed; raises AssertionError where they do not."""
    columns = draw(count, seed=1)
    ours, (totals, costs, mask) = sweep(architecture, columns), Twin(architecture.as_of).price(columns)
    apart = float(np.max(np.abs(ours.totals / totals - 1)))
    assert apart < 1e-12, apart
    for mine, theirs in zip(ours.costs.values(), costs, strict=True):
        assert np.allclose(mine, theirs, rtol=1e-12, atol=1e-9)
    assert (ours.feasible == (mask == 0)).all()
    return f"totals agree to {apart:.0e}, feasibility everywhere ({ours.feasible.mean():.1%} feasible)"
