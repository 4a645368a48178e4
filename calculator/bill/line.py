"""A line of a bill, in any reading."""

from typing import NamedTuple

from pricing.formula.language import Number
from pricing.prices.pricelist import Pool


class Line(NamedTuple):
    """What one component pays for one meter: its share of the pool, at own price and at list price. [USD]"""

    component: int
    usage: Number
    cost: Number
    pool: Pool
    list_cost: Number
