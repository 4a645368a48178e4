"""A sweep: one architecture priced over columns of input values, block by block on the numba machine."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from calculator.architecture import Architecture, Traffic, Value
from calculator.bill.bill import Bill, draw_up
from calculator.document.faults import escape
from calculator.document.fields import MAX_QUANTITY
from calculator.limits.checks import Check, violated
from calculator.traffic.inputs import OUTSIDE
from pricing.catalogue.catalogue import Input, component_type, traffic_inputs
from pricing.errors import Fault, InvalidDocument, SweepTooLarge
from pricing.formula.language import Formula, Number, total
from pricing.formula.reading import as_program
from pricing.formula.varying import restated

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    from pricing.formula.plan import Plan

    Floats: TypeAlias = NDArray[np.float64]

# One sweep's results at 100 components are some 80 GB at this size; a larger one is asked in parts.
MAX_SCENARIOS = 100_000_000


class _Column(NamedTuple):
    """The values of one input, one for each scenario, and the bounds that they must keep."""

    values: "Floats"
    at_least: float
    at_most: float


@dataclass(frozen=True, slots=True)
class Sweep:
    """What a sweep answers, scenario by scenario.

    `totals` float64[scenario] and `costs` {component: float64[scenario]} in USD a month; `feasible` bool[scenario] is
    false where a limit is violated; `checks` names what was compared: component (or "account"), quota, region.
    `unpriced` names what the totals lack, where the document lists what has no price: component, meter, region.
    """

    totals: "Floats"
    costs: "Mapping[str, Floats]"
    feasible: "NDArray[np.bool_]"
    checks: tuple[tuple[str, str, str], ...]
    masks: "NDArray[np.int64]"
    unpriced: tuple[tuple[str, str, str], ...] = ()

    def violated(self, check: tuple[str, str, str]) -> "NDArray[np.bool_]":
        """Where one of `checks` is violated: bool[scenario]. Raises ValueError for what is not one of them."""
        from pricing.formula.plan import WORD

        word, bit = divmod(self.checks.index(check), WORD)
        broken: NDArray[np.bool_] = self.masks[word] >> bit & 1 == 1
        return broken


def sweep(architecture: Architecture, values: "Mapping[str, ArrayLike]", *, threads: int = 1) -> Sweep:
    """Totals, component costs and feasibility of an architecture over columns of input values.

    `values` maps "component.input" to float64[scenario] in the input's unit; single numbers are taken for every
    scenario. Inputs not named keep the document's value; a mean rate follows the monthly input that it comes from, and
    what connections fill follows the traffic ("traffic.requests_per_month").
    Raises InvalidDocument (unknown input, not a number, unequal lengths), RateNotFound, SweepTooLarge.

    >>> from calculator import parse, sweep
    >>> jobs = {"name": "jobs", "type": "sqs_queue", "messages": 5_000_000}
    >>> architecture = parse({"region": "us-east-1", "as_of": "2026-09-01", "components": [jobs]})
    >>> sweep(architecture, {"jobs.messages": [0, 1e6, 5e6]}).totals.round(2).tolist()
    [0.0, 0.8, 5.6]
    """
    columns, count = _columns(architecture, values)
    varying = {name for name, column in columns.items() if len(column.values) == count}
    bill = draw_up(_restated(architecture, columns), as_program(varying))
    return _run(architecture, bill, _plan(architecture, bill), columns, count, threads)


def warm() -> None:
    """Compile the machine, or load it from numba's cache, so that the first sweep does not wait for it."""
    import numpy as np

    from pricing.formula import machine

    nothing, word, one = np.zeros((0, machine.WIDTH), np.int64), np.zeros((1, 1), np.int64), np.zeros(1, np.int64)
    constants, work = np.zeros(machine.READ_AHEAD), np.zeros(machine.BLOCK)
    machine.run(nothing, constants, np.zeros(1), work, np.zeros((0, 2)), one, np.zeros((1, 1)), word, 0, 1)


def _columns(architecture: Architecture, values: "Mapping[str, ArrayLike]") -> tuple[dict[str, _Column], int]:
    """The columns by input and the number of scenarios; a single number is a column of one."""
    faults: list[Fault] = []
    columns: dict[str, _Column] = {}
    for name, given in values.items():
        column = _column(architecture, name, given)
        if isinstance(column, Fault):
            faults.append(column)
        else:
            columns[name] = column
    lengths = sorted({len(column.values) for column in columns.values()})
    several = [length for length in lengths if length != 1]
    if len(several) > 1:
        faults.append(Fault("", f"expected columns of one length, not {', '.join(map(str, several))}"))
    faults += [_range_fault(n, c) for n, c in columns.items() if len(c.values) == 1 and not _within(c)]
    if faults:
        raise InvalidDocument(faults)
    count = lengths[-1] if lengths else 1
    if count > MAX_SCENARIOS:
        raise SweepTooLarge(f"{count:,} scenarios were asked for; at most {MAX_SCENARIOS:,} are run at once")
    return columns, count


def _column(architecture: Architecture, name: str, given: "ArrayLike") -> _Column | Fault:
    import numpy as np

    known = _input(architecture, name)
    if isinstance(known, str):
        return Fault(f"/{escape(name)}", known)
    try:
        column = np.atleast_1d(np.asarray(given, np.float64))
    except (TypeError, ValueError):
        return Fault(f"/{escape(name)}", "expected numbers")
    if column.ndim != 1 or not len(column):
        return Fault(f"/{escape(name)}", "expected a column of at least one number")
    return _Column(column, known.at_least, MAX_QUANTITY if known.at_most is None else known.at_most)


def _within(column: _Column) -> bool:
    return bool(column.values.min() >= column.at_least and column.values.max() <= column.at_most)


def _range_fault(name: str, column: _Column) -> Fault:
    return Fault(f"/{escape(name)}", f"expected numbers from {column.at_least:g} to {column.at_most:g}")


def _input(architecture: Architecture, name: str) -> Input | str:
    """The numeric input of that name, or what is wrong with it."""
    component_name, _, input_name = name.rpartition(".")
    if component_name == OUTSIDE and architecture.traffic is not None and input_name in traffic_inputs():
        return traffic_inputs()[input_name]
    for component in architecture.components:
        if component.name == component_name:
            known = component_type(component.type).inputs.get(input_name)
            if known is None:
                return f"{component.type} has no input {input_name!r}"
            return f"{input_name} is no number, so it cannot be swept" if known.choices or known.text else known
    return f"expected component.input, such as {architecture.components[0].name}.requests"


def _restated(architecture: Architecture, columns: Mapping[str, _Column]) -> Architecture:
    """The architecture with the swept inputs stated, so that none of them is unset or derived."""
    components = []
    for component in architecture.components:
        swept = {
            name.rpartition(".")[2]: _swept(component.inputs, name.rpartition(".")[2], column)
            for name, column in columns.items()
            if name.rpartition(".")[0] == component.name
        }
        rates = {name: monthly for name, monthly in component.mean_rates.items() if name not in swept}
        derived = component.derived - swept.keys()
        components.append(replace(component, inputs={**component.inputs, **swept}, mean_rates=rates, derived=derived))
    return replace(architecture, components=tuple(components), traffic=_restated_traffic(architecture, columns))


def _restated_traffic(architecture: Architecture, columns: Mapping[str, _Column]) -> Traffic | None:
    traffic = architecture.traffic
    swept = {
        name: _swept(traffic.inputs, name, columns[f"{OUTSIDE}.{name}"])
        for name in traffic_inputs()
        if traffic and f"{OUTSIDE}.{name}" in columns
    }
    return replace(traffic, inputs={**traffic.inputs, **swept}) if traffic and swept else traffic


def _swept(inputs: Mapping[str, Value], name: str, column: _Column) -> float:
    """The first value of a column; where the input varies from call to call, the column is of its means."""
    return restated(inputs.get(name), float(column.values[0]))  # type: ignore[no-any-return]


def _plan(architecture: Architecture, bill: Bill) -> "Plan":
    from pricing.formula.plan import Limit, make_plan

    costs: list[list[Number]] = [[] for _ in architecture.components]
    for line in bill.lines:
        costs[line.component].append(line.cost)
    sums = [total(parts) for parts in costs]
    varying = [check for check in bill.checks if _varies(check)]
    limits = [Limit(check.demand, check.limit, check.quota.kind == "minimum") for check in varying]
    everything = total([*sums, *(committed.cost for committed in bill.committed)])
    return make_plan([everything, *sums], limits)


def _varies(check: Check) -> bool:
    return isinstance(check.demand, Formula) or isinstance(check.limit, Formula)


def _run(
    architecture: Architecture, bill: Bill, plan: "Plan", columns: Mapping[str, _Column], count: int, threads: int
) -> Sweep:
    import numpy as np

    results = np.empty((len(plan.outputs), count))
    masks = np.empty((plan.words, count), np.int64)
    faults = _fill(plan, columns, results, masks, threads)
    if faults:
        raise InvalidDocument(faults)
    varying = [check for check in bill.checks if _varies(check)]
    always = any(violated(check) for check in bill.checks if not _varies(check))
    names = [component.name for component in architecture.components]
    checks = tuple((_whose(check, names), check.quota.name, check.region) for check in varying)
    feasible = np.zeros(count, bool) if always else (masks == 0).all(axis=0)
    unpriced = tuple((names[one.component], one.meter, one.region) for one in bill.unpriced)
    return Sweep(results[0], dict(zip(names, results[1:], strict=True)), feasible, checks, masks, unpriced)


def _whose(check: Check, names: list[str]) -> str:
    return "account" if check.quota.scope == "account" else names[check.components[0]]


def _fill(
    plan: "Plan", columns: Mapping[str, _Column], results: "Floats", masks: "NDArray[np.int64]", threads: int
) -> list[Fault]:
    """Run the plan over spans of scenarios, and check the values on the way: they are in the cache only once."""
    from concurrent.futures import ThreadPoolExecutor

    import numpy as np

    from pricing.formula import machine

    instructions = np.array(plan.instructions, np.int64).reshape(-1, machine.WIDTH)
    constants, fixed, outputs = np.array(plan.constants), np.array(plan.fixed), np.array(plan.outputs, np.int64)
    inputs = [columns[name] for name in plan.inputs]
    size = len(inputs) * machine.STRIDE + (len(fixed) - len(inputs)) * machine.BLOCK
    bounds = np.array([(column.at_least, column.at_most) for column in inputs]).reshape(-1, 2)

    def run(span: tuple[int, int]) -> "NDArray[np.int64]":
        work, outside = np.empty(size), np.zeros(len(inputs), np.int64)
        table = work[: len(inputs) * machine.STRIDE].reshape(len(inputs), machine.STRIDE)
        for first in range(*span, machine.STRIDE):
            count = min(machine.STRIDE, span[1] - first)
            for row, column in zip(table, inputs, strict=True):
                row[:count] = column.values[first : first + count]
            outside += machine.run(instructions, constants, fixed, work, bounds, outputs, results, masks, first, count)
        return outside

    with ThreadPoolExecutor(threads) as pool:
        outside = np.sum(list(pool.map(run, _spans(masks.shape[1], threads))), axis=0)
    return [_range_fault(name, columns[name]) for name, many in zip(plan.inputs, outside, strict=True) if many]


def _spans(count: int, threads: int) -> list[tuple[int, int]]:
    """One span of scenarios a thread."""
    return list(pairwise(count * thread // threads for thread in range(threads + 1)))
