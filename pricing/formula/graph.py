"""Formulas as one graph of numbered steps: equal steps shared, constants folded, in an order that can be run."""

import operator
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from pricing.formula.language import Formula, Number, Tiers


class Step(NamedTuple):
    """What is computed from steps before: `parts` are their ids; a constant's `value`; a tier's `thresholds`.

    Those of a mean_ceil are the coefficient of variation and the samples.
    """

    operation: str
    parts: tuple[int, ...] = ()
    name: str = ""
    value: float | None = None
    thresholds: tuple[float, ...] = ()


_FOLD: dict[str, Callable[[Any, Any], float]] = {"add": operator.add, "multiply": operator.mul}
_COMMUTES = frozenset({"add", "multiply", "maximum", "minimum"})


class Graph:
    """Numbered steps; a step's arguments have smaller numbers than itself.

    Operations: input, constant, multiply, add, ceil, maximum, minimum, ratio, divide, where (a > b, x, y), mean_ceil
    (what varies, what does not, draws, the least) and tier, whose thresholds and price steps stand in turn.
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
        return self._number(Step("constant", value=value))

    def value(self, step: int) -> float | None:
        """What a step is where it is a constant."""
        return self.steps[step].value

    def uses(self, roots: Iterable[int]) -> dict[int, int]:
        """How often each step that the roots need is worked on."""
        counts: dict[int, int] = {}
        waiting = list(roots)
        while waiting:
            step = waiting.pop()
            counts[step] = counts.get(step, 0) + 1
            if counts[step] == 1:
                waiting += self.steps[step].parts
        return counts

    def _trace(self, formula: Formula) -> int:
        parts = [self._traced[id(a)] if isinstance(a, Formula) else self.constant(float(a)) for a in formula.arguments]
        operation = formula.operation
        if formula.detail is not None:
            return self._detailed(operation, parts, formula.detail)
        if operation == "subtract":
            return self._step("add", parts[0], self._step("multiply", parts[1], self.constant(-1.0)))
        divisor = self.value(parts[1]) if operation == "divide" else None
        if divisor is not None:
            return self._step("multiply", parts[0], self.constant(1.0 / divisor))
        if operation == "ratio":
            return self._ratio(parts[0], parts[1])
        return self._step(operation, *parts)

    def _detailed(self, operation: str, parts: list[int], detail: Any) -> int:
        """What needs more than its parts: the name of an input, the tiers of a rate, how something varies."""
        if operation == "input":
            return self._number(Step("input", name=detail))
        if operation == "tiered":
            return self._tier(parts[0], _thresholds(detail))
        return self._number(Step(operation, tuple(parts), thresholds=(detail.cv, *detail.samples)))

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
        return self._number(Step(operation, parts))

    def _multiply(self, parts: tuple[int, ...], values: list[float | None]) -> int:
        if 0.0 in values:
            return self.constant(0.0)
        if 1.0 in values:
            return parts[1 - values.index(1.0)]
        return self._number(Step("multiply", tuple(sorted(parts))))

    def _positive_part(self, part: int) -> int:
        """max(x + c, 0) is a tier of price 1 from -c on: the form in which free tiers and tiers fuse."""
        operation, parts, *_ = self.steps[part]
        if operation == "add":
            for constant, x in (parts, parts[::-1]):
                offset = self.value(constant)
                if offset is not None and offset <= 0:
                    return self._tier(x, (-offset, 1.0))
        return self._tier(part, (0.0, 1.0))

    def _tier(self, part: int, thresholds: tuple[float, ...]) -> int:
        """Tiers of what is left of a free tier are tiers of all, moved up by it."""
        inner = self.steps[part]
        if inner.operation == "tier" and len(inner.thresholds) == 2 and inner.thresholds[1] == 1.0:
            free = inner.thresholds[0]
            moved = tuple(x + free if j % 2 == 0 else x for j, x in enumerate(thresholds))
            return self._tier(inner.parts[0], moved)
        if len(thresholds) == 2 and thresholds[0] == 0.0 and part in self._positive:
            return self._step("multiply", part, self.constant(thresholds[1]))
        return self._number(Step("tier", (part,), thresholds=thresholds))

    def _ratio(self, a: int, b: int) -> int:
        if self.value(a) == 0.0:
            return a
        return self._number(Step("ratio", (a, b)))

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
        operation, parts, _, value, _ = self.steps[step]
        if operation in ("input", "tier", "mean_ceil"):
            return True
        if value is not None:
            return value >= 0
        if operation == "maximum":
            return any(part in self._positive for part in parts)
        return all(part in self._positive for part in (parts[2:] if operation == "where" else parts))


def _thresholds(rate: Tiers) -> tuple[float, ...]:
    """Thresholds and price steps in turn."""
    result: list[float] = []
    before = 0.0
    for above, _, price in rate.float_bands:
        result += [above, price - before]
        before = price
    return tuple(result)
