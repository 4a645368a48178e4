"""The one way to a price of what might be: another document, at the prices of the architecture at hand."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple

from calculator.architecture import Architecture
from calculator.bill.bill import draw_up
from calculator.bill.unpriced import Unpriced
from calculator.document.schema import parse
from calculator.traffic.walk import visits_of
from pricing.errors import InvalidDocument, RateNotFound
from pricing.formula.reading import as_float
from pricing.formula.rounding import rounded

# Components and connections that are read and priced for one answer, all its changed documents together, and of these
# for the document itself: it is read, measured, priced, and looked at as it grows. Of the largest none is priced.
MOST_WORK, OWN_WORK = 10_000, 6
# What a component costs to price by itself, in components of a document; and how many steps of cold starts one is.
ALONE = 8
STEPS = 400


class Budget:
    """How much work may yet be done, in components to price, and how often there was too little left."""

    __slots__ = ("left", "refused")

    def __init__(self, left: int) -> None:
        self.left = left
        self.refused = 0

    def takes(self, work: int) -> bool:
        """Whether so much work may be done; it is counted before it is."""
        if work > self.left:
            self.refused += 1
            return False
        self.left -= work
        return True


class Prices(NamedTuple):
    """What an architecture costs [USD a month; None: not priced], and how much may be priced in other ways yet.

    `work` is what pricing the whole of it takes; `unpriced` is what it uses of meters without a price, by component,
    meter and region.
    """

    architecture: Architecture
    cost: float | None
    work: int
    budget: Budget
    unpriced: Mapping[tuple[str, str, str], float] = MappingProxyType({})

    def of(self, document: object) -> float | None:
        """What a changed document costs [USD a month]; None where that cannot be computed, or too much has been."""
        if self.cost is None or not self.budget.takes(self.work):
            return None
        return self._total(document)

    def saving(self, document: object) -> float | None:
        """What a changed document costs less [USD a month]; None where that is not known."""
        changed = self.of(document)
        return None if changed is None or self.cost is None else rounded(self.cost - changed)

    def alone(self, components: Sequence[Mapping[str, Any]]) -> float | None:
        """What some components cost at list price, without free tiers and all else [USD a month]; None: not known.

        Known where the architecture as a whole is not priced, too, but not where too much has been priced.
        """
        if not self.budget.takes(ALONE * len(components)):
            return None
        said: Any = self.architecture.document
        kept = {key: value for key, value in said.items() if key in ("region", "month_hours")}
        return self._total(kept | {"account": {"free_tier": "none"}, "components": components})

    def changed(self, document: object) -> Architecture | None:
        """Another architecture on the same day and at the same prices; None where it is none, or too much is."""
        return self._parsed(document) if self.budget.takes(self.work) else None

    def _parsed(self, document: object) -> Architecture | None:
        try:
            return parse(document, today=self.architecture.as_of, prices=self.architecture.prices)
        except InvalidDocument:
            return None

    def _total(self, document: object) -> float | None:
        changed = self._parsed(document)
        if changed is None:
            return None
        try:
            bill = draw_up(changed, as_float)
        except RateNotFound:
            return None
        if any(amount > self.unpriced.get(key, 0) for key, amount in _amounts(changed, bill.unpriced).items()):
            return None  # what is saved might cost more where no price is known
        costs = [line.cost for line in bill.lines] + [committed.cost for committed in bill.committed]
        return rounded(math.fsum(rounded(cost) for cost in costs))


def on_day(architecture: Architecture, day: date) -> Architecture:
    """The architecture as AWS bills it on a day, and refuses what it has no price for.

    Rules have days too, so that its document is read anew. Raises InvalidDocument where it does not hold on that day.
    """
    document = architecture.document
    if not isinstance(document, dict):
        return replace(architecture, as_of=day, unpriced="refuse")
    return parse(document | {"as_of": day.isoformat(), "unpriced": "refuse"}, prices=architecture.prices)


def work_of(architecture: Architecture) -> int:
    """How much work it is to read and price an architecture once, in components."""
    work = visits_of(architecture)
    if not any(one.type == "lambda_function" for one in architecture.components):
        return work
    # What has no function does not import the mathematics of cold starts: the command must start fast.
    from calculator.traffic.cold_share import steps_of

    return work + steps_of(architecture) // STEPS


def _amounts(architecture: Architecture, unpriced: Iterable[Unpriced]) -> Mapping[tuple[str, str, str], float]:
    """How much is used of each meter without a price, by component, meter and region."""
    names = [component.name for component in architecture.components]
    return {(names[one.component], one.meter, one.region): float(one.amount) for one in unpriced}


def prices_of(architecture: Architecture, cost: float | None = None, unpriced: Sequence[Unpriced] = ()) -> Prices:
    """The prices of what might be of an architecture that costs so much now [USD a month]; None: it is not priced.

    A large architecture takes long to price, so that only some of what could be changed in it is.
    """
    work = work_of(architecture)
    budget = Budget(max(MOST_WORK - OWN_WORK * work, 0))
    return Prices(architecture, cost, work, budget, _amounts(architecture, unpriced))
