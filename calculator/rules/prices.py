"""The one way to a price of what might be: another document, at the prices of the architecture at hand."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from calculator.architecture import Architecture
from calculator.bill.bill import draw_up
from calculator.document.schema import parse
from pricing.errors import InvalidDocument, RateNotFound
from pricing.formula.reading import as_float
from pricing.formula.rounding import rounded

# Changed documents are priced up to so many components in all, but so many documents at least.
MOST_COMPONENTS, LEAST_PRICED = 4000, 16


class Prices(NamedTuple):
    """What an architecture costs [USD a month; None: not priced], and how many changes of it may be priced yet."""

    architecture: Architecture
    cost: float | None
    left: Iterator[int]

    def of(self, document: object) -> float | None:
        """What a changed document costs [USD a month]; None where that cannot be computed, or too much has been."""
        if self.cost is None or next(self.left, None) is None:
            return None
        return self._total(document)

    def saving(self, document: object) -> float | None:
        """What a changed document costs less [USD a month]; None where that is not known."""
        changed = self.of(document)
        return None if changed is None or self.cost is None else rounded(self.cost - changed)

    def alone(self, components: Sequence[Mapping[str, Any]]) -> float | None:
        """What some components cost at list price, without free tiers and all else [USD a month]; None: not known.

        Known where the architecture as a whole is not priced, too.
        """
        said: Any = self.architecture.document
        kept = {key: value for key, value in said.items() if key in ("region", "month_hours")}
        return self._total(kept | {"account": {"free_tier": "none"}, "components": components})

    def changed(self, document: object) -> Architecture | None:
        """Another architecture on the same day and at the same prices; None where a document is none."""
        try:
            return parse(document, today=self.architecture.as_of, prices=self.architecture.prices)
        except InvalidDocument:
            return None

    def _total(self, document: object) -> float | None:
        changed = self.changed(document)
        if changed is None:
            return None
        try:
            bill = draw_up(changed, as_float)
        except RateNotFound:
            return None
        costs = [line.cost for line in bill.lines] + [committed.cost for committed in bill.committed]
        return rounded(math.fsum(rounded(cost) for cost in costs))


def prices_of(architecture: Architecture, cost: float | None = None) -> Prices:
    """The prices of what might be of an architecture that costs so much now [USD a month]; None: it is not priced.

    A large architecture takes long to price, so that only some of what could be changed in it is.
    """
    return Prices(architecture, cost, iter(range(max(LEAST_PRICED, MOST_COMPONENTS // len(architecture.components)))))
