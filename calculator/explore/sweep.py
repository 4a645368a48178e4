"""A sweep: one architecture priced over columns of input values, block by block on the numba machine."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from calculator.architecture import Architecture
from calculator.bill import Bill, Check, draw_up
from calculator.estimate import violated
from calculator.schema import MAX_QUANTITY
from pricing.catalogue import Input, component_type
from pricing.errors import Fault, InvalidDocument, SweepTooLarge
from pricing.formula import Formula, Number, total
from pricing.reading import as_program

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    from pricing.plan import Plan

    Floats: TypeAlias = NDArray[np.float64]

# One sweep's results at 100 components are some 80 GB at this size; a larger one is asked in parts.
MAX_SCENARIOS = 100_000_000


@dataclass(frozen=True, slots=True)
class Sweep:
    """What a sweep answers, scenario by scenario.

    `totals` float64[scenario] and `costs` {component: float64[scenario]} in USD a month; `feasible` bool[scenario] is
    false where a limit is violated; `checks` are the names of what was compared: component (or "account"), quota, region.
    """

    totals: "Floats"
    costs: "Mapping[str, Floats]"
    feasible: "NDArray[np.bool_]"
    checks: tuple[tuple[str, str, str], ...]
    masks: "NDArray[np.int64]"

    def violated(self, check: tuple[str, str, str]) -> "NDArray[np.bool_]":
        """Where one of `checks` is violated: bool[scenario]. Raises ValueError for what is not one of them."""
        from pricing.plan import WORD

        word, bit = divmod(self.checks.index(check), WORD)
        return (self.masks[word] >> bit & 1).astype(bool)


def sweep(
    architecture: Architecture, values: "Mapping[str, ArrayLike]", *, threads: int = 1
) -> Sweep:
    """Totals, component costs and feasibility of an architecture over columns of input values.

    `values` maps "component.input" to float64[scenario] in the input's unit; single numbers are taken for every
    scenario. Inputs not named keep the document's value; a mean rate follows the monthly input that it comes from.
    Raises InvalidDocument (unknown input, not a number, unequal lengths), RateNotFound, SweepTooLarge.

    >>> from calculator import parse, sweep
    >>> jobs = {"name": "jobs", "type": "sqs_queue", "messages": 5_000_000}
    >>> architecture = parse({"region": "us-east-1", "as_of": "2026-09-01", "components": [jobs]})
    >>> sweep(architecture, {"jobs.messages": [0, 1e6, 5e6]}).totals.round(2).tolist()
    [0.0, 0.8, 5.6]
    """
    columns, count = _columns(architecture, values)
    varied = {name: len(column) != 1 or count == 1 for name, column in columns.items()}
    bill = draw_up(_restated(architecture, columns), as_program({name for name, varies in varied.items() if varies}))
    plan = _plan(architecture, bill)
    return _run(architecture, bill, plan, columns, count, threads)


def warm() -> None:
    """Compile the machine, or load it from numba's cache, so that the first sweep does not wait for it."""
    import numpy as np

    from pricing import machine

    row = np.zeros((0, machine.WIDTH), np.int64)
    results, masks = np.zeros((1, 1)), np.zeros((1, 1), np.int64)
    machine.run(row, np.zeros(4), np.zeros(1), np.zeros((0, 1)), np.zeros(1, np.int64), results, masks, 0, 1)


def _columns(architecture: Architecture, values: "Mapping[str, ArrayLike]") -> "tuple[dict[str, Floats], int]":
    import numpy as np

    faults: list[Fault] = []
    columns: dict[str, Any] = {}
    for name, given in values.items():
        known = _input(architecture, name)
        if isinstance(known, str):
            faults.append(Fault(f"/{name}", known))
            continue
        try:
            column = np.atleast_1d(np.asarray(given, np.float64))
        except (TypeError, ValueError):
            faults.append(Fault(f"/{name}", "expected numbers"))
            continue
        faults += _column_faults(name, known, column)
        columns[name] = column
    lengths = {len(column) for column in columns.values()} - {1}
    if len(lengths) > 1:
        faults.append(Fault("", f"expected columns of one length, not {', '.join(map(str, sorted(lengths)))}"))
    if faults:
        raise InvalidDocument(faults)
    count = lengths.pop() if lengths else 1
    if count > MAX_SCENARIOS:
        raise SweepTooLarge(f"{count:,} scenarios were asked for; at most {MAX_SCENARIOS:,} are run at once")
    return columns, count


def _input(architecture: Architecture, name: str) -> Input | str:
    """The numeric input of that name, or what is wrong with it."""
    component_name, _, input_name = name.rpartition(".")
    for component in architecture.components:
        if component.name == component_name:
            known = component_type(component.type).inputs.get(input_name)
            if known is None:
                return f"{component.type} has no input {input_name!r}"
            return f"{input_name} is a choice, which cannot be swept" if known.choices else known
    return f"expected component.input, such as {architecture.components[0].name}.requests"


def _column_faults(name: str, known: Input, column: "Floats") -> list[Fault]:
    at_most = MAX_QUANTITY if known.at_most is None else known.at_most
    if column.ndim != 1 or not len(column):
        return [Fault(f"/{name}", "expected a column of at least one number")]
    if not bool(((column >= known.at_least) & (column <= at_most)).all()):
        return [Fault(f"/{name}", f"expected numbers from {known.at_least:g} to {at_most:g}")]
    return []


def _restated(architecture: Architecture, columns: "Mapping[str, Floats]") -> Architecture:
    """The architecture with the swept inputs stated, so that none of them is unset or derived."""
    from dataclasses import replace

    components = []
    for component in architecture.components:
        prefix = component.name + "."
        swept = {name.removeprefix(prefix): float(c[0]) for name, c in columns.items() if name.rpartition(".")[0] == component.name}
        rates = {name: monthly for name, monthly in component.mean_rates.items() if name not in swept}
        components.append(replace(component, inputs={**component.inputs, **swept}, mean_rates=rates))
    return replace(architecture, components=tuple(components))


def _plan(architecture: Architecture, bill: Bill) -> "Plan":
    from pricing.plan import Limit, make_plan

    costs: list[list[Number]] = [[] for _ in architecture.components]
    for line in bill.lines:
        costs[line.component].append(line.cost)
    sums = [total(parts) for parts in costs]
    limits = [Limit(check.demand, check.limit, check.quota.kind == "minimum") for check in bill.checks if _varies(check)]
    return make_plan([total(sums), *sums], limits)


def _varies(check: Check) -> bool:
    return isinstance(check.demand, Formula) or isinstance(check.limit, Formula)


def _run(
    architecture: Architecture, bill: Bill, plan: "Plan", columns: "Mapping[str, Floats]", count: int, threads: int
) -> Sweep:
    import numpy as np

    from pricing import machine

    table = np.stack([columns[name] for name in plan.inputs]) if plan.inputs else np.zeros((0, count))
    results = np.empty((len(plan.outputs), count))
    masks = np.zeros((plan.words, count), np.int64)
    arguments = (
        np.array(plan.instructions, np.int64).reshape(-1, machine.WIDTH),
        np.array(plan.constants),
        np.array(plan.fixed),
        np.ascontiguousarray(table),
        np.array(plan.outputs, np.int64),
        results,
        masks,
    )
    edges = np.linspace(0, count, threads + 1).astype(int).tolist()
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda span: machine.run(*arguments, *span), zip(edges[:-1], edges[1:], strict=True)))
    always = any(violated(check) for check in bill.checks if not _varies(check))
    names = [component.name for component in architecture.components]
    checks = tuple(
        ("account" if check.quota.scope == "account" else names[check.components[0]], check.quota.name, check.region)
        for check in bill.checks
        if _varies(check)
    )
    feasible = np.zeros(count, bool) if always else ~masks.any(axis=0)
    return Sweep(results[0], dict(zip(names, results[1:], strict=True)), feasible, checks, masks)
