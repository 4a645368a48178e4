"""A plan: formulas as instructions for the machine: products, sums, ceilings and tiers fused, slots allotted."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pricing.formula import machine as m
from pricing.formula.graph import Graph
from pricing.formula.language import Number
from pricing.formula.rounding import WHOLE

# Tiers that one instruction prices without a loop over them.
MOST_TIERS = 4
# What is one instruction on registers.
_PLAIN = {"maximum": m.MAXIMUM, "minimum": m.MINIMUM, "divide": m.DIVIDE, "where": m.WHERE}
# Bits of a mask word that are used; the sign is left alone.
WORD = 63


@dataclass(frozen=True, slots=True)
class Limit:
    """A demand that must not go above (maximum) or below (minimum) a limit."""

    demand: Number
    limit: Number
    minimum: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """What the machine runs. `outputs` are slots; bit j of the masks (word j // 63) is the j-th of `limits`."""

    inputs: tuple[str, ...]
    instructions: tuple[tuple[int, ...], ...]
    constants: tuple[float, ...]
    fixed: tuple[float, ...]
    outputs: tuple[int, ...]
    limits: int

    @property
    def words(self) -> int:
        """How many mask words the limits need, at least one."""
        return max(1, -(-self.limits // WORD))


class Instruction(NamedTuple):
    """An instruction before slots are allotted: registers are ids, the bits those of checks."""

    operation: int
    target: int
    sources: tuple[int, ...]
    constants: tuple[float, ...]
    bit: int = -1
    second_bit: int = -1


def make_plan(outputs: Sequence[Number], limits: Sequence[Limit]) -> Plan:
    """The plan that computes the outputs and checks the limits, of formulas traced by `as_program`.

    >>> from pricing.formula.language import Formula
    >>> x = Formula("input", detail="x")
    >>> make_plan([x * 2 + 1], []).inputs
    ('x',)
    """
    graph = Graph()
    roots = [graph.add(output) for output in outputs]
    checks = [(graph.add(limit.demand), graph.add(limit.limit), limit.minimum) for limit in limits]
    writer = _Writer(graph, [*roots, *(step for demand, limit, _ in checks for step in (demand, limit))])
    # Checks first: what only they need is soon free again.
    for bit, (demand, limit, minimum) in enumerate(checks):
        writer.check(bit, demand, limit, minimum=minimum)
    return _allot(writer, [writer.register(root) for root in roots], len(checks))


class _Writer:
    """Writes instructions for a graph: a step that is used once is fused into the one that uses it."""

    def __init__(self, graph: Graph, roots: Iterable[int]) -> None:
        self.graph = graph
        self.uses = graph.uses(roots)
        self.code: list[Instruction] = []
        self.done: dict[int, int] = {}
        self.fresh = len(graph.steps)

    def register(self, step: int) -> int:
        """The register that holds a step's value, computed if it is not yet."""
        if step not in self.done:
            self.done[step] = self._compute(step)
        return self.done[step]

    def check(self, bit: int, demand: int, limit: int, *, minimum: bool) -> None:
        """Compare a demand with a limit; a limit that does not vary is divided by the demand's constant factor."""
        value = self.graph.value(limit)
        if value is None or self.graph.value(demand) is not None:
            operation = m.BELOW_SLOT if minimum else m.ABOVE_SLOT
            sources = (self.register(demand), self.register(limit))
            self._write(operation, sources, (WHOLE,), bit=bit)
            return
        coefficient, factors = self._factors(demand)
        if len(factors) == 1 and coefficient > 0:
            demand, value = factors[0], value / coefficient
        register = self.register(demand)
        if minimum:
            self._write(m.BELOW, (register,), (value * WHOLE,), bit=bit)
        else:
            self._above(bit, register, value / WHOLE)

    def _above(self, bit: int, register: int, edge: float) -> None:
        """Two maxima are compared in one instruction: each alone would read and write the mask again."""
        waiting = next((j for j in range(len(self.code) - 1, -1, -1) if self.code[j].operation == m.ABOVE), None)
        if waiting is None or self.code[waiting].bit // WORD != bit // WORD:
            self._write(m.ABOVE, (register,), (edge,), bit=bit)
            return
        first = self.code.pop(waiting)
        pair = Instruction(m.ABOVE2, -1, (*first.sources, register), (*first.constants, edge), first.bit, bit)
        self.code.append(pair)

    def _write(
        self, operation: int, sources: tuple[int, ...], constants: tuple[float, ...] = (), *, bit: int = -1
    ) -> int:
        """Append an instruction; a check, which has a bit, has no target."""
        target = -1
        if bit < 0:
            target, self.fresh = self.fresh, self.fresh + 1
        self.code.append(Instruction(operation, target, sources, constants, bit))
        return target

    def _compute(self, step: int) -> int:
        operation, parts, *_ = self.graph.steps[step]
        if operation in ("input", "constant"):
            return step
        if operation in _PLAIN and not self._least_ceiling(operation, parts):
            return self._write(_PLAIN[operation], tuple(map(self.register, parts)), (1.0,))
        if operation in ("ceil", "maximum"):
            return self._ceil(step)
        compute = {"multiply": self._product, "add": self._add, "tier": self._tier, "ratio": self._ratio}
        return compute.get(operation, self._mean_ceil)(step)

    def _product(self, step: int) -> int:
        return self._multiply(*self._factors(step))

    def _factors(self, step: int) -> tuple[float, list[int]]:
        """A product as its constant and its factors; products used elsewhere too are left whole."""
        coefficient, factors, waiting = 1.0, [], [step]
        while waiting:
            part = waiting.pop()
            operation, parts, _, value, _ = self.graph.steps[part]
            if value is not None:
                coefficient *= value
            elif operation == "multiply" and (part == step or self.uses[part] == 1):
                waiting += reversed(parts)
            else:
                factors.append(part)
        return coefficient, factors

    def _ceiling(self, step: int) -> tuple[int, float]:
        """What is rounded up, and its factor; `WHOLE` keeps a whole step from becoming the next one."""
        inside = self.graph.steps[step].parts[0]
        scale, factors = self._factors(inside)
        if len(factors) != 1:
            return self.register(inside), WHOLE
        return self.register(factors[0]), scale * WHOLE

    def _ceil(self, step: int) -> int:
        """A quantity rounded up; of the maximum of that and a constant, both in one instruction."""
        operation, parts, *_ = self.graph.steps[step]
        least = -math.inf
        if operation == "maximum":
            least = next(value for value in map(self.graph.value, parts) if value is not None)
            step = next(part for part in parts if self.graph.value(part) is None)
        source, scale = self._ceiling(step)
        return self._write(m.CEIL, (source,), (scale, 1.0, least))

    def _least_ceiling(self, operation: str, parts: Sequence[int]) -> bool:
        """Whether this is the maximum of a constant and of a ceiling that nothing else uses."""
        constants = [part for part in parts if self.graph.value(part) is not None]
        return operation == "maximum" and len(constants) == 1 and any(map(self._once_ceiled, parts))

    def _once_ceiled(self, step: int) -> bool:
        return self.graph.steps[step].operation == "ceil" and self.uses[step] == 1 and step not in self.done

    def _multiply(self, coefficient: float, factors: list[int]) -> int:
        ceilings = [factor for factor in factors if self._once_ceiled(factor)]
        plain = [self.register(factor) for factor in factors if factor not in ceilings]
        if not plain:
            plain = [self.register(ceilings.pop())]
        current = plain.pop(0)
        if not plain and not ceilings:
            return self._write(m.SCALE, (current,), (coefficient, 0.0))
        while plain or ceilings:
            constant = coefficient if len(plain) + len(ceilings) <= 2 else 1.0
            current = self._multiply_some(current, plain, ceilings, constant)
        return current

    def _multiply_some(self, current: int, plain: list[int], ceilings: list[int], constant: float) -> int:
        """One instruction that multiplies by one or two more factors, which it takes from the lists."""
        if len(ceilings) >= 2:
            (a, s), (b, t) = self._ceiling(ceilings.pop()), self._ceiling(ceilings.pop())
            return self._write(m.MULTIPLY_CEIL2, (current, a, b), (s, t, constant))
        if ceilings:
            a, s = self._ceiling(ceilings.pop())
            if plain:
                return self._write(m.MULTIPLY3_CEIL, (current, a, plain.pop()), (s, constant))
            return self._write(m.MULTIPLY_CEIL, (current, a), (s, constant))
        if len(plain) >= 2:
            return self._write(m.MULTIPLY3, (current, plain.pop(), plain.pop()), (constant,))
        return self._write(m.MULTIPLY, (current, plain.pop()), (constant,))

    def _add(self, step: int) -> int:
        constant, terms = self._terms(step)
        products: list[tuple[int, int]] = []
        plain: list[int] = []
        for term, times in terms.items():
            coefficient, factors = self._factors(term)
            once = self.uses[term] == times and term not in self.done
            if times > 1:
                plain.append(self._multiply(*((coefficient * times, factors) if once else (float(times), [term]))))
            elif once and coefficient == 1.0 and len(factors) == 2 and not any(map(self._once_ceiled, factors)):
                products.append((self.register(factors[0]), self.register(factors[1])))
            else:
                plain.append(self.register(term))
        current = plain.pop(0) if plain else self._write(m.MULTIPLY, products.pop(), (1.0,))
        while products:
            taken = [products.pop() for _ in range(min(2, len(products)))]
            operation = m.ADD_PRODUCT2 if len(taken) == 2 else m.ADD_PRODUCT
            current = self._write(operation, (current, *(factor for pair in taken for factor in pair)))
        while plain:
            taken_plain = [plain.pop(0) for _ in range(min(3, len(plain)))]
            last, constant = (constant, 0.0) if not plain else (0.0, constant)
            current = self._write(m.ADD + len(taken_plain) - 1, (current, *taken_plain), (last,))
        return self._write(m.SCALE, (current,), (1.0, constant)) if constant else current

    def _terms(self, step: int) -> tuple[float, dict[int, int]]:
        """A sum as its constant and its terms, with how often each occurs."""
        constant, terms, waiting = 0.0, dict[int, int](), [step]
        while waiting:
            part = waiting.pop()
            operation, parts, _, value, _ = self.graph.steps[part]
            if value is not None:
                constant += value
            elif operation == "add" and (part == step or (self.uses[part] == 1 and part not in self.done)):
                waiting += reversed(parts)
            else:
                terms[part] = terms.get(part, 0) + 1
        return constant, terms

    def _tier(self, step: int) -> int:
        _, (quantity,), _, _, thresholds = self.graph.steps[step]
        count = len(thresholds) // 2
        if count > MOST_TIERS:
            return self._write(m.TIERS, (self.register(quantity),), (float(count), *thresholds))
        return self._write(m.TIER1 + count - 1, (self.register(quantity),), thresholds)

    def _ratio(self, step: int) -> int:
        """What tiers cost a unit, their ratio to their own quantity, is one instruction."""
        over, under = self.graph.steps[step].parts
        inner = self.graph.steps[over]
        count = len(inner.thresholds) // 2
        if self.uses[over] > 1 or inner.parts != (under,) or not 0 < count <= MOST_TIERS:
            return self._write(m.RATIO, (self.register(over), self.register(under)), (1.0,))
        return self._write(m.RATE1 + count - 1, (self.register(under),), inner.thresholds)

    def _mean_ceil(self, step: int) -> int:
        """What varies, rounded up: its constants are how it varies, how many samples follow, and these."""
        _, parts, _, _, (cv, *samples) = self.graph.steps[step]
        return self._write(m.MEAN_CEIL, tuple(map(self.register, parts)), (cv, float(len(samples)), *samples))


def _allot(writer: _Writer, outputs: list[int], limits: int) -> Plan:
    """Give each register a slot: inputs first, then constants and outputs for good, the rest while they are needed.

    A target never shares its slot with a source: the compiled loops are three times as fast when they cannot overlap.
    """
    graph, code = writer.graph, writer.code
    last_use = {source: index for index, line in enumerate(code) for source in line.sources}
    needed = [*last_use, *outputs]
    inputs = sorted({step for step in needed if step < len(graph.steps) and graph.steps[step].operation == "input"})
    values = {step: graph.value(step) for step in needed if step < len(graph.steps)}
    constants = sorted(step for step, value in values.items() if value is not None)
    slots = {register: slot for slot, register in enumerate([*inputs, *constants])}
    for output in outputs:
        slots.setdefault(output, len(slots))
    kept, count = set(slots), len(slots)
    free: list[int] = []
    for index, line in enumerate(code):
        if line.target not in slots and line.target >= 0:
            slots[line.target] = free.pop() if free else count
            count = max(count, slots[line.target] + 1)
        free += [slots[s] for s in set(line.sources) if last_use[s] == index and s not in kept]
    fixed = [0.0] * max(count, 1)
    for step in constants:
        fixed[slots[step]] = float(values[step] or 0.0)
    instructions, numbers = _encode(code, slots)
    names = tuple(graph.steps[step].name for step in inputs)
    return Plan(names, instructions, numbers, tuple(fixed), tuple(slots[output] for output in outputs), limits)


def _encode(code: list[Instruction], slots: dict[int, int]) -> tuple[tuple[tuple[int, ...], ...], tuple[float, ...]]:
    """Rows of the machine's columns; a check has its mask word as target and its bit as last source."""
    rows: list[tuple[int, ...]] = []
    numbers: list[float] = []
    for line in code:
        sources = [slots[source] for source in line.sources]
        sources += [sources[0]] * (5 - len(sources))
        target = slots.get(line.target, 0)
        if line.bit >= 0:
            target, sources[4] = divmod(line.bit, WORD)
            sources[3] = line.second_bit % WORD
        rows.append((line.operation, target, *sources, len(numbers)))
        numbers += line.constants
    return tuple(rows), (*numbers, *([0.0] * m.READ_AHEAD))
