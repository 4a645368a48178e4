"""Formulas on the machine, for tests: columns of inputs by name in, columns of results and violations out."""

from importlib import import_module

import numpy as np

from pricing.formula.language import Formula
from pricing.formula.plan import WORD, make_plan

# The module; `calculator.explore.sweep` as an attribute is the function of that name.
SWEEP = import_module("calculator.explore.sweep")


def inputs(*names):
    """The formulas of inputs that vary."""
    return [Formula("input", detail=name) for name in names]


def run(plan, columns, *, threads=1):
    """float64[output, scenario] and bool[limit, scenario] of a plan over columns by name."""
    count = len(next(iter(columns.values())))
    results = np.full((len(plan.outputs), count), np.nan)
    masks = np.zeros((plan.words, count), np.int64)
    given = {name: SWEEP._Column(np.asarray(column, np.float64), -np.inf, np.inf) for name, column in columns.items()}
    assert not SWEEP._fill(plan, given, results, masks, threads)
    bits = [masks[j // WORD] >> j % WORD & 1 for j in range(plan.limits)]
    return results, np.array(bits, bool).reshape(plan.limits, count)


def compute(outputs, columns, limits=(), *, threads=1):
    """As `run`, of a plan made for the outputs and limits."""
    return run(make_plan(outputs, list(limits)), columns, threads=threads)
