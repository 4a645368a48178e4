"""The machine: runs a plan's instructions over blocks of scenarios that stay in the processor's cache.

It is compiled once, for all architectures: plans, rates and limits come in as arrays. It never raises, never rounds and
never sees a string. This file imports nothing of ours, because numba's cache would not notice a change elsewhere.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from numba import njit

# Scenarios in a block: a block of every slot fits the second-level cache, a few slots fit the first.
BLOCK = 512
# The columns of an instruction: operation, destination slot, up to five source slots, offset of its first constant.
WIDTH = 8

MULTIPLY, MULTIPLY3, CEIL, MULTIPLY_CEIL, MULTIPLY3_CEIL, MULTIPLY_CEIL2 = range(6)
ADD, ADD3, ADD4, ADD_PRODUCT, ADD_PRODUCT2, SCALE = range(6, 12)
TIER1, TIER2, TIER3, TIER4, RATE1, RATE2, RATE3, RATE4 = range(12, 20)
TIERS, MAXIMUM, MINIMUM, DIVIDE, RATIO, WHERE = range(20, 26)
ABOVE, BELOW, ABOVE_SLOT, BELOW_SLOT = range(26, 30)

_F = TypeVar("_F", bound=Callable[..., Any])


def _compiled(function: _F) -> _F:
    """Compiled with strict IEEE arithmetic; cached on disk where a place is writable, else for this process."""
    options = {"nogil": True, "error_model": "numpy", "boundscheck": False}
    try:
        return njit(cache=True, **options)(function)  # type: ignore[no-any-return]
    except RuntimeError:
        return njit(**options)(function)  # type: ignore[no-any-return]


@_compiled
def _above(x, edge):  # type: ignore[no-untyped-def]
    return x - edge if x > edge else 0.0


@_compiled
def _products(operation, d, a, b, c, s, t, u):  # type: ignore[no-untyped-def]
    if operation == MULTIPLY:
        for i in range(BLOCK):
            d[i] = a[i] * b[i] * s
    elif operation == MULTIPLY3:
        for i in range(BLOCK):
            d[i] = a[i] * b[i] * c[i] * s
    elif operation == CEIL:
        for i in range(BLOCK):
            d[i] = np.ceil(a[i] * s) * t
    elif operation == MULTIPLY_CEIL:
        for i in range(BLOCK):
            d[i] = a[i] * np.ceil(b[i] * s) * t
    elif operation == MULTIPLY3_CEIL:
        for i in range(BLOCK):
            d[i] = a[i] * np.ceil(b[i] * s) * c[i] * t
    else:
        for i in range(BLOCK):
            d[i] = a[i] * np.ceil(b[i] * s) * np.ceil(c[i] * t) * u


@_compiled
def _sums(operation, d, a, b, c, e, f, s, t):  # type: ignore[no-untyped-def]
    if operation == ADD:
        for i in range(BLOCK):
            d[i] = a[i] + b[i] + s
    elif operation == ADD3:
        for i in range(BLOCK):
            d[i] = a[i] + b[i] + c[i] + s
    elif operation == ADD4:
        for i in range(BLOCK):
            d[i] = a[i] + b[i] + c[i] + e[i] + s
    elif operation == ADD_PRODUCT:
        for i in range(BLOCK):
            d[i] = a[i] + b[i] * c[i]
    elif operation == ADD_PRODUCT2:
        for i in range(BLOCK):
            d[i] = a[i] + b[i] * c[i] + e[i] * f[i]
    else:
        for i in range(BLOCK):
            d[i] = a[i] * s + t


@_compiled
def _tiers(operation, d, a, k):  # type: ignore[no-untyped-def]
    """cost(q) = sum of (step of the price) x max(q - threshold, 0); k holds thresholds and steps in turn."""
    if operation == TIER1:
        for i in range(BLOCK):
            d[i] = k[1] * _above(a[i], k[0])
    elif operation == TIER2:
        for i in range(BLOCK):
            d[i] = k[1] * _above(a[i], k[0]) + k[3] * _above(a[i], k[2])
    elif operation == TIER3:
        for i in range(BLOCK):
            q = a[i]
            d[i] = k[1] * _above(q, k[0]) + k[3] * _above(q, k[2]) + k[5] * _above(q, k[4])
    else:
        for i in range(BLOCK):
            q = a[i]
            d[i] = (
                k[1] * _above(q, k[0]) + k[3] * _above(q, k[2]) + k[5] * _above(q, k[4]) + k[7] * _above(q, k[6])
            )


@_compiled
def _rates(operation, d, a, k):  # type: ignore[no-untyped-def]
    """The mean price: what the tiers cost, divided by the quantity; 0 where there is none."""
    _tiers(operation - RATE1 + TIER1, d, a, k)
    for i in range(BLOCK):
        d[i] = d[i] / a[i] if a[i] > 0.0 else 0.0


@_compiled
def _many_tiers(d, a, k):  # type: ignore[no-untyped-def]
    d[:] = 0.0
    for j in range(int(k[0])):
        edge, step = k[1 + 2 * j], k[2 + 2 * j]
        for i in range(BLOCK):
            d[i] += step * _above(a[i], edge)


@_compiled
def _others(operation, d, a, b, c, e, s):  # type: ignore[no-untyped-def]
    if operation == MAXIMUM:
        for i in range(BLOCK):
            d[i] = a[i] if a[i] > b[i] else b[i]
    elif operation == MINIMUM:
        for i in range(BLOCK):
            d[i] = b[i] if a[i] > b[i] else a[i]
    elif operation == DIVIDE:
        for i in range(BLOCK):
            d[i] = a[i] / b[i] * s
    elif operation == RATIO:
        for i in range(BLOCK):
            d[i] = a[i] / b[i] * s if b[i] > 0.0 else 0.0
    else:
        for i in range(BLOCK):
            d[i] = c[i] if a[i] > b[i] else e[i]


@_compiled
def _checks(operation, mask, a, b, bit, s):  # type: ignore[no-untyped-def]
    """Set a bit in the mask of each scenario whose demand breaks the limit; s carries the tolerance."""
    if operation == ABOVE:
        for i in range(BLOCK):
            mask[i] |= bit if a[i] > s else np.int64(0)
    elif operation == BELOW:
        for i in range(BLOCK):
            mask[i] |= bit if a[i] < s else np.int64(0)
    elif operation == ABOVE_SLOT:
        for i in range(BLOCK):
            mask[i] |= bit if a[i] * s > b[i] else np.int64(0)
    else:
        for i in range(BLOCK):
            mask[i] |= bit if a[i] < b[i] * s else np.int64(0)


@_compiled
def run_block(instructions, constants, slots, masks):  # type: ignore[no-untyped-def]
    """Run all instructions on one block: float64[slot, BLOCK], masks int64[word, BLOCK]."""
    for z in range(instructions.shape[0]):
        operation = instructions[z, 0]
        d, a, b = slots[instructions[z, 1]], slots[instructions[z, 2]], slots[instructions[z, 3]]
        c, e, f = slots[instructions[z, 4]], slots[instructions[z, 5]], slots[instructions[z, 6]]
        k = constants[instructions[z, 7] :]
        if operation <= MULTIPLY_CEIL2:
            _products(operation, d, a, b, c, k[0], k[1], k[2])
        elif operation <= SCALE:
            _sums(operation, d, a, b, c, e, f, k[0], k[1])
        elif operation <= TIER4:
            _tiers(operation, d, a, k)
        elif operation <= RATE4:
            _rates(operation, d, a, k)
        elif operation == TIERS:
            _many_tiers(d, a, k)
        elif operation <= WHERE:
            _others(operation, d, a, b, c, e, k[0])
        else:
            _checks(operation, masks[instructions[z, 1]], a, b, np.int64(1) << instructions[z, 6], k[0])


@_compiled
def run(instructions, constants, fixed, columns, outputs, totals, masks, first, last):  # type: ignore[no-untyped-def]
    """Run a plan over the scenarios first to last.

    `fixed` float64[slot]: what each slot holds before the first block (the plan's constants).
    `columns` float64[input, scenario] go into the first slots; the slots named by `outputs` int64[output] come out into
    `totals` float64[output, scenario]; `masks` int64[word, scenario] are or-ed with the violations.
    """
    slots = np.empty((fixed.size, BLOCK))
    words = np.zeros((masks.shape[0], BLOCK), np.int64)
    for j in range(fixed.size):
        slots[j, :] = fixed[j]
    start = first
    while start < last:
        count = min(BLOCK, last - start)
        for j in range(columns.shape[0]):
            slots[j, :count] = columns[j, start : start + count]
        words[:, :] = 0
        run_block(instructions, constants, slots, words)
        for j in range(outputs.size):
            totals[j, start : start + count] = slots[outputs[j], :count]
        for j in range(masks.shape[0]):
            masks[j, start : start + count] |= words[j, :count]
        start += BLOCK
