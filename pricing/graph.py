"""Formulas as one graph of numbered steps: equal steps shared, constants folded, in an order that can be run."""

import operator
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeAlias

from pricing.formula import Formula, Number, Tiers

# A step is its operation and what it works on: ids of steps, or numbers and names.
Step: TypeAlias = tuple[str | int | float | tuple[float, ...], ...]

_FOLD: dict[str, Callable[[Any, Any], float]] = {"add": operator.add, "multiply": operator.mul}
_COMMUTES = frozenset({"add", "multiply", "maximum", "minimum"})


class Graph:
    """Numbered steps; a step's arguments have smaller numbers than itself.

    Operations: ("input", name), ("constant", x), ("multiply", a, b), ("add", a, b), ("ceil", a), ("maximum", a, b),
    ("minimum", a, b), ("ratio", a, b), ("divide", a, b), ("where", a, b, x, y), ("tier", a, (threshold, step, ...)).
    """

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self._numbers: dict[Step, int] = {}
        self._traced: dict[int, int] = {}
        self._kept: list[Formula] = []
        self._positive: set[int] = set()

    def add(self, number: Number) -> int:
        """The id of the step that computes a number; without recursion, for sums of thousands of terms."""
        if not isinstance(number, Formula):
            return self.constant(float(number))
        waiting = [number]
        while waiting:
            formula = waiting[-1]
            missing = [a for a in formula.arguments if isinstance(a, Formula) and id(a) not in self._traced]
            if id(formula) in self._traced:
                waiting.pop()
            elif missing:
                waiting += missing
            else:
                self._traced[id(formula)] = self._trace(formula)
                self._kept.append(formula)  # its id must stay its own
                waiting.pop()
        return self._traced[id(number)]

    def constant(self, value: float) -> int:
        """The id of a constant."""
        return self._number(("constant", value))

    def value(self, step: int) -> float | None:
        """What a step is where it is a constant."""
        operation = self.steps[step]
        return float(operation[1]) if operation[0] == "constant" else None  # type: ignore[arg-type]

    def uses(self, roots: Iterable[int]) -> dict[int, int]:
        """How often each step that the roots need is worked on."""
        counts: dict[int, int] = {}
        waiting = list(roots)
        while waiting:
            step = waiting.pop()
            counts[step] = counts.get(step, 0) + 1
            if counts[step] == 1:
                waiting += self.arguments(step)
        return counts

    def arguments(self, step: int) -> Sequence[int]:
        """The ids that a step works on."""
        operation, *rest = self.steps[step]
        if operation in ("input", "constant"):
            return ()
        return rest[:1] if operation == "tier" else rest  # type: ignore[return-value]

    def _trace(self, formula: Formula) -> int:
        parts = [self._traced[id(a)] if isinstance(a, Formula) else self.constant(float(a)) for a in formula.arguments]
        operation = formula.operation
        if operation == "input":
            return self._number(("input", formula.detail))
        if operation == "tiered":
            return self._tier(parts[0], _thresholds(formula.detail))
        if operation == "subtract":
            return self._step("add", parts[0], self._step("multiply", parts[1], self.constant(-1.0)))
        if operation == "divide" and self.value(parts[1]) is not None:
            return self._quotient(parts[0], float(self.value(parts[1])))  # type: ignore[arg-type]
        if operation == "ratio":
            return self._ratio(parts[0], parts[1])
        return self._step(operation, *parts)

    def _step(self, operation: str, *parts: int) -> int:
        values = [self.value(part) for part in parts]
        if operation in _FOLD and None not in values:
            return self.constant(_FOLD[operation](*values))
        if operation == "multiply":
            return self._multiply(parts, values)
        if operation == "add" and 0.0 in values:
            return parts[1 - values.index(0.0)]
        if operation == "maximum" and 0.0 in values:
            other = parts[1 - values.index(0.0)]
            return other if other in self._positive else self._positive_part(other)
        if operation in _COMMUTES:
            parts = tuple(sorted(parts))
        return self._number((operation, *parts))

    def _multiply(self, parts: tuple[int, ...], values: list[float | None]) -> int:
        if 0.0 in values:
            return self.constant(0.0)
        if 1.0 in values:
            return parts[1 - values.index(1.0)]
        return self._number(("multiply", *sorted(parts)))

    def _quotient(self, part: int, divisor: float) -> int:
        return self._step("multiply", part, self.constant(1.0 / divisor))

    def _positive_part(self, part: int) -> int:
        """max(x + c, 0) is a tier of price 1 from -c on: the form in which free tiers and tiers fuse."""
        operation, *rest = self.steps[part]
        if operation == "add":
            for constant, x in (rest, rest[::-1]):
                offset = self.value(constant)  # type: ignore[arg-type]
                if offset is not None and offset <= 0:
                    return self._tier(x, (-offset, 1.0))  # type: ignore[arg-type]
        return self._tier(part, (0.0, 1.0))

    def _tier(self, part: int, thresholds: tuple[float, ...]) -> int:
        """Tiers of what is left of a free tier are tiers of all, moved up by it."""
        operation, *rest = self.steps[part]
        if operation == "tier" and len(rest[1]) == 2 and rest[1][1] == 1.0:  # type: ignore[arg-type, index]
            free = rest[1][0]  # type: ignore[index]
            moved = tuple(x + free if j % 2 == 0 else x for j, x in enumerate(thresholds))
            return self._tier(rest[0], moved)  # type: ignore[arg-type]
        if len(thresholds) == 2 and thresholds[0] == 0.0 and part in self._positive:
            return self._step("multiply", part, self.constant(thresholds[1]))
        return self._number(("tier", part, thresholds))

    def _ratio(self, a: int, b: int) -> int:
        if self.value(a) == 0.0:
            return a
        return self._number(("ratio", a, b))

    def _number(self, step: Step) -> int:
        number = self._numbers.get(step)
        if number is None:
            number = self._numbers[step] = len(self.steps)
            self.steps.append(step)
            if self._never_negative(number):
                self._positive.add(number)
        return number

    def _never_negative(self, step: int) -> bool:
        """Inputs are 0 or more, and so is what adds, multiplies, divides or prices them."""
        operation, *rest = self.steps[step]
        if operation in ("input", "tier"):
            return True
        if operation == "constant":
            return rest[0] >= 0  # type: ignore[operator]
        if operation == "maximum":
            return any(part in self._positive for part in rest)
        return all(part in self._positive for part in (rest[2:] if operation == "where" else rest))


def _thresholds(rate: Tiers) -> tuple[float, ...]:
    """Thresholds and price steps in turn."""
    result: list[float] = []
    before = 0.0
    for above, _, price in rate.float_bands:
        result += [above, price - before]
        before = price
    return tuple(result)
