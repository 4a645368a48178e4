"""The machine: runs a plan's instructions over blocks of scenarios that stay in the processor's cache.

It is compiled once, for all architectures: plans, rates and limits come in as arrays. It never raises, never rounds and
never sees a string. This file imports nothing of ours, because numba's cache would not notice a change elsewhere.
"""

import math
from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar

import numpy as np
from numba import njit

# Scenarios in a block: a block of every slot fits the second-level cache, a few slots fit the first.
BLOCK = 512
# Scenarios in a chunk: the inputs of a chunk are brought together just before they are read.
STRIDE = 16 * BLOCK
# Unsigned, because a signed index could be negative and the test for it keeps a loop from being vectorised.
LAST, ONE, TWO = np.uint64(BLOCK), np.uint64(1), np.uint64(2)
# An instruction may read so many constants from its first on.
READ_AHEAD = 8
# The columns of an instruction: operation, destination slot, up to five source slots, offset of its first constant.
WIDTH = 8

MULTIPLY, MULTIPLY3, CEIL, MULTIPLY_CEIL, MULTIPLY3_CEIL, MULTIPLY_CEIL2 = range(6)
ADD, ADD3, ADD4, ADD_PRODUCT, ADD_PRODUCT2, SCALE = range(6, 12)
TIER1, TIER2, TIER3, TIER4, RATE1, RATE2, RATE3, RATE4 = range(12, 20)
TIERS, MAXIMUM, MINIMUM, DIVIDE, RATIO, WHERE, MEAN_CEIL = range(20, 27)
ABOVE, BELOW, ABOVE_SLOT, BELOW_SLOT, ABOVE2 = range(27, 32)

# What `spread.py` says of log-normal values, again: numba would not notice a change there.
TAIL, SMOOTH, WHOLE = 8.3, 5.0, 1.0 - 2.0**-48
ROOT_2, ROOT_2PI = math.sqrt(2), math.sqrt(2 * math.pi)

# Compiled code knows the real types; here they only keep the checker quiet.
Array: TypeAlias = Any
Offset: TypeAlias = Any

_F = TypeVar("_F", bound=Callable[..., Any])


def _compiled(function: _F) -> _F:
    """Compiled with strict IEEE arithmetic; cached on disk where a place is writable, else for this process."""
    options: dict[str, Any] = {"nogil": True, "error_model": "numpy", "boundscheck": False}
    try:
        compiled: Any = njit(cache=True, **options)(function)
    except RuntimeError:
        compiled = njit(**options)(function)
    return compiled  # type: ignore[no-any-return]


@_compiled
def _above(x: float, edge: float) -> float:
    return x - edge if x > edge else 0.0


@_compiled
def _products(
    operation: int, w: Array, d: Offset, a: Offset, b: Offset, c: Offset, s: float, t: float, u: float
) -> None:
    if operation == MULTIPLY:
        for i in range(LAST):
            w[d + i] = w[a + i] * w[b + i] * s
    elif operation == MULTIPLY3:
        for i in range(LAST):
            w[d + i] = w[a + i] * w[b + i] * w[c + i] * s
    elif operation == CEIL:
        for i in range(LAST):
            x = np.ceil(w[a + i] * s)
            w[d + i] = (x if x > u else u) * t
    elif operation == MULTIPLY_CEIL:
        for i in range(LAST):
            w[d + i] = w[a + i] * np.ceil(w[b + i] * s) * t
    elif operation == MULTIPLY3_CEIL:
        for i in range(LAST):
            w[d + i] = w[a + i] * np.ceil(w[b + i] * s) * w[c + i] * t
    else:
        for i in range(LAST):
            w[d + i] = w[a + i] * np.ceil(w[b + i] * s) * np.ceil(w[c + i] * t) * u


@_compiled
def _sums(
    operation: int, w: Array, d: Offset, a: Offset, b: Offset, c: Offset, e: Offset, f: Offset, s: float, t: float
) -> None:
    if operation == ADD:
        for i in range(LAST):
            w[d + i] = w[a + i] + w[b + i] + s
    elif operation == ADD3:
        for i in range(LAST):
            w[d + i] = w[a + i] + w[b + i] + w[c + i] + s
    elif operation == ADD4:
        for i in range(LAST):
            w[d + i] = w[a + i] + w[b + i] + w[c + i] + w[e + i] + s
    elif operation == ADD_PRODUCT:
        for i in range(LAST):
            w[d + i] = w[a + i] + w[b + i] * w[c + i]
    elif operation == ADD_PRODUCT2:
        for i in range(LAST):
            w[d + i] = w[a + i] + w[b + i] * w[c + i] + w[e + i] * w[f + i]
    else:
        for i in range(LAST):
            w[d + i] = w[a + i] * s + t


@_compiled
def _tiers(operation: int, w: Array, d: Offset, a: Offset, k: Array, n: Offset) -> None:
    """cost(q) = sum of (step of the price) x max(q - threshold, 0); k holds thresholds and steps in turn."""
    x0, y0, x1, y1, x2, y2, x3, y3 = k[n], k[n + 1], k[n + 2], k[n + 3], k[n + 4], k[n + 5], k[n + 6], k[n + 7]
    if operation == TIER1:
        for i in range(LAST):
            w[d + i] = y0 * _above(w[a + i], x0)
    elif operation == TIER2:
        for i in range(LAST):
            w[d + i] = y0 * _above(w[a + i], x0) + y1 * _above(w[a + i], x1)
    elif operation == TIER3:
        for i in range(LAST):
            q = w[a + i]
            w[d + i] = y0 * _above(q, x0) + y1 * _above(q, x1) + y2 * _above(q, x2)
    else:
        for i in range(LAST):
            q = w[a + i]
            w[d + i] = y0 * _above(q, x0) + y1 * _above(q, x1) + y2 * _above(q, x2) + y3 * _above(q, x3)


@_compiled
def _rates(operation: int, w: Array, d: Offset, a: Offset, k: Array, n: Offset) -> None:
    """The mean price: what the tiers cost, divided by the quantity; 0 where there is none."""
    x0, y0, x1, y1, x2, y2, x3, y3 = k[n], k[n + 1], k[n + 2], k[n + 3], k[n + 4], k[n + 5], k[n + 6], k[n + 7]
    if operation == RATE1:
        for i in range(LAST):
            q = w[a + i]
            w[d + i] = y0 * _above(q, x0) / q if q > 0.0 else 0.0
    elif operation == RATE2:
        for i in range(LAST):
            q = w[a + i]
            w[d + i] = (y0 * _above(q, x0) + y1 * _above(q, x1)) / q if q > 0.0 else 0.0
    elif operation == RATE3:
        for i in range(LAST):
            q = w[a + i]
            w[d + i] = (y0 * _above(q, x0) + y1 * _above(q, x1) + y2 * _above(q, x2)) / q if q > 0.0 else 0.0
    else:
        for i in range(LAST):
            q = w[a + i]
            cost = y0 * _above(q, x0) + y1 * _above(q, x1) + y2 * _above(q, x2) + y3 * _above(q, x3)
            w[d + i] = cost / q if q > 0.0 else 0.0


@_compiled
def _many_tiers(w: Array, d: Offset, a: Offset, k: Array, n: Offset) -> None:
    for i in range(LAST):
        w[d + i] = 0.0
    for j in range(np.uint64(k[n])):
        edge, step = k[n + TWO * j + ONE], k[n + TWO * j + TWO]
        for i in range(LAST):
            w[d + i] += step * _above(w[a + i], edge)


@_compiled
def _mean_of_samples(part: float, shift: float, least: float, k: Array, n: Offset) -> float:
    """The mean of samples rounded up; of k: a coefficient, how many samples, and these."""
    count, result = np.uint64(k[n + ONE]), 0.0
    for j in range(count):
        x = np.ceil((k[n + TWO + np.uint64(j)] * part + shift) * WHOLE)
        result += x if x > least else least
    return result / count


@_compiled
def _mean_of_lognormal(part: float, shift: float, sigma: float, least: float) -> float:
    """The mean of log-normal values rounded up: `spread.mean_ceil`."""
    middle = part * math.exp(-sigma * sigma / 2)
    high = middle * math.exp(TAIL * sigma) + shift
    first = max(math.floor(middle * math.exp(-TAIL * sigma) + shift), least)
    last = max(first, math.ceil(SMOOTH / sigma + shift))
    result, step = first, first
    while step < min(last, math.ceil(high)):
        edge = step - shift
        result += 1.0 if edge <= 0 else 0.5 * math.erfc(math.log(edge / middle) / (sigma * ROOT_2))
        step += 1.0
    if last >= high:
        return result
    edge = last - shift
    z = math.log(edge / middle) / sigma
    density = math.exp(-z * z / 2) / (ROOT_2PI * edge * sigma)
    bend = density / edge**2 * ((1 + z / sigma) * (2 + z / sigma) - 1 / sigma**2)
    beyond = 0.5 * (part * math.erfc((z - sigma) / ROOT_2) - edge * math.erfc(z / ROOT_2))
    return result + beyond + 0.25 * math.erfc(z / ROOT_2) + density / 12 - bend / 720


@_compiled
def _means_of_ceilings(w: Array, d: Offset, a: Offset, b: Offset, c: Offset, e: Offset, k: Array, n: Offset) -> None:
    """What varies in slot a, what does not in slot b, of how many draws each is the mean in slot c, the least in e."""
    cv, count = k[n], k[n + ONE]
    for i in range(LAST):
        part, shift, draws, least = w[a + i], w[b + i], w[c + i], w[e + i]
        sigma = math.sqrt(math.log1p(cv * cv / draws)) if draws > 0.0 else 0.0
        if part > 0.0 and count > 0.0 and draws == 1.0:
            w[d + i] = _mean_of_samples(part, shift, least, k, n)
        elif part > 0.0 and sigma > 0.0:
            w[d + i] = _mean_of_lognormal(part, shift, sigma, least)
        else:
            x = np.ceil((part + shift) * WHOLE)
            w[d + i] = x if x > least else least


@_compiled
def _others(operation: int, w: Array, d: Offset, a: Offset, b: Offset, c: Offset, e: Offset, s: float) -> None:
    if operation == MAXIMUM:
        for i in range(LAST):
            w[d + i] = w[a + i] if w[a + i] > w[b + i] else w[b + i]
    elif operation == MINIMUM:
        for i in range(LAST):
            w[d + i] = w[b + i] if w[a + i] > w[b + i] else w[a + i]
    elif operation == DIVIDE:
        for i in range(LAST):
            w[d + i] = w[a + i] / w[b + i] * s
    elif operation == RATIO:
        for i in range(LAST):
            w[d + i] = w[a + i] / w[b + i] * s if w[b + i] > 0.0 else 0.0
    else:
        for i in range(LAST):
            w[d + i] = w[c + i] if w[a + i] > w[b + i] else w[e + i]


@_compiled
def _checks(operation: int, m: Array, d: Offset, w: Array, a: Offset, b: Offset, bit: Offset, s: float) -> None:
    """Set a bit in the mask of each scenario whose demand breaks the limit; s carries the tolerance."""
    none = np.int64(0)
    if operation == ABOVE:
        for i in range(LAST):
            m[d + i] |= bit if w[a + i] > s else none
    elif operation == BELOW:
        for i in range(LAST):
            m[d + i] |= bit if w[a + i] < s else none
    elif operation == ABOVE_SLOT:
        for i in range(LAST):
            m[d + i] |= bit if w[a + i] * s > w[b + i] else none
    else:
        for i in range(LAST):
            m[d + i] |= bit if w[a + i] < w[b + i] * s else none


@_compiled
def _two_checks(
    m: Array, d: Offset, w: Array, a: Offset, b: Offset, first: Offset, second: Offset, s: float, t: float
) -> None:
    none = np.int64(0)
    for i in range(LAST):
        m[d + i] |= (first if w[a + i] > s else none) | (second if w[b + i] > t else none)


@_compiled
def _run_block(instructions: Array, k: Array, w: Array, at: Array, m: Array) -> None:
    """Run all instructions on one block: slot j begins at w[at[j]], mask word j at m[j * BLOCK]."""
    for z in range(instructions.shape[0]):
        operation, n = instructions[z, 0], np.uint64(instructions[z, 7])
        a, b = at[instructions[z, 2]], at[instructions[z, 3]]
        if operation >= ABOVE:
            word, bit = np.uint64(instructions[z, 1]) * LAST, np.int64(1) << instructions[z, 6]
            if operation == ABOVE2:
                _two_checks(m, word, w, a, b, bit, np.int64(1) << instructions[z, 5], k[n], k[n + ONE])
            else:
                _checks(operation, m, word, w, a, b, bit, k[n])
            continue
        d, c, e = at[instructions[z, 1]], at[instructions[z, 4]], at[instructions[z, 5]]
        if operation <= MULTIPLY_CEIL2:
            _products(operation, w, d, a, b, c, k[n], k[n + ONE], k[n + TWO])
        elif operation <= SCALE:
            _sums(operation, w, d, a, b, c, e, at[instructions[z, 6]], k[n], k[n + ONE])
        elif operation <= TIER4:
            _tiers(operation, w, d, a, k, n)
        elif operation <= RATE4:
            _rates(operation, w, d, a, k, n)
        elif operation == TIERS:
            _many_tiers(w, d, a, k, n)
        elif operation == MEAN_CEIL:
            _means_of_ceilings(w, d, a, b, c, e, k, n)
        else:
            _others(operation, w, d, a, b, c, e, k[n])


@_compiled
def _copy(target: Array, to: Offset, source: Array, begin: Offset, size: Offset) -> None:
    for i in range(size):
        target[to + i] = source[begin + i]


@_compiled
def _outside(w: Array, begin: Offset, size: Offset, low: float, high: float) -> int:
    """How many values are not from low to high; NaN is not."""
    count = 0
    for i in range(size):
        x = w[begin + i]
        count += 0 if (x >= low) & (x <= high) else 1
    return count


@_compiled
def run(
    instructions: Array,
    constants: Array,
    fixed: Array,
    work: Array,
    bounds: Array,
    outputs: Array,
    totals: Array,
    masks: Array,
    first: int,
    count: int,
) -> Array:
    """Run a plan over a chunk: `count` scenarios from `first` on; how many values are outside `bounds`: int64[input].

    `work` float64[inputs * STRIDE + (slot - inputs) * BLOCK]: the chunk's input columns, the first slots, then a
    block for every other slot. `bounds` float64[input, 2] are the least and the largest value that an input may have.
    `fixed` float64[slot]: what the slots that are no inputs hold at first (the plan's constants).
    The slots named by `outputs` int64[output] come out into `totals` float64[output, scenario]; `masks`
    int64[word, scenario] receive the violations. All arrays are C-contiguous: other strides cost a third more.
    """
    inputs = bounds.shape[0]
    words, at = np.zeros(masks.shape[0] * BLOCK, np.int64), np.empty(fixed.size, np.uint64)
    outside = np.zeros(inputs, np.int64)
    for j in range(fixed.size):
        begin = j * STRIDE if j < inputs else inputs * STRIDE + (j - inputs) * BLOCK
        at[j] = np.uint64(begin)
        if j >= inputs:
            work[begin : begin + BLOCK] = fixed[j]
    start = 0
    while start < count:
        size, to = min(BLOCK, count - start), np.uint64(first + start)
        for j in range(inputs):
            outside[j] += _outside(work, at[j], np.uint64(size), bounds[j, 0], bounds[j, 1])
        words[:] = 0
        _run_block(instructions, constants, work, at, words)
        for j in range(outputs.size):
            _copy(totals[j], to, work, at[outputs[j]], np.uint64(size))
        for j in range(masks.shape[0]):
            _copy(masks[j], to, words, np.uint64(j * BLOCK), np.uint64(size))
        for j in range(inputs):
            at[j] += LAST
        start += BLOCK
    return outside
