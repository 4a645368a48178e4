"""What comes back over loops: sums of geometric series, one within another, in any reading."""

from collections.abc import Mapping, MutableSet, Sequence
from typing import NamedTuple

from pricing.formula.language import Number, known_zero, maximum, ratio, total

# A series that had an end when the document was read may have none in this reading: it counts at most so many times.
MOST_TIMES = 10**9


class Step(NamedTuple):
    """A connection within a circle: for each that leaves its source, `times` more leave its target."""

    number: int
    source: int
    target: int
    times: Number
    back: bool


class Returned(NamedTuple):
    """How many more leave each component, and the gain of each head: what comes back to it for each that it sends."""

    more: Mapping[int, Number]
    gains: Mapping[int, Number]


def returned(
    order: Sequence[int],
    steps: Sequence[Step],
    lacking: Mapping[int, Number],
    endless: MutableSet[int],
    *,
    deciding: bool = False,
) -> Returned:
    """What leaves the components of a circle beyond what leaves them so far.

    `order` is the way of the traffic through the circle with its ways back open, and `lacking` what comes back to the
    heads of its loops and has not been counted. To an `endless` head nothing comes back; where that is being decided
    (in floats), a head with a gain of 1 or more becomes one. An outer loop's gain counts its inner loops.

    >>> there, back = Step(0, 0, 1, 1.0, False), Step(1, 1, 0, 0.5, True)
    >>> returned((0, 1), [there, back], {0: 10.0}, set())
    Returned(more={0: 20.0, 1: 20.0}, gains={0: 0.5})
    """
    closing = [step for step in steps if step.back]
    heads = [index for index in order if any(step.target == index for step in closing)]
    reached = {head: _reached(head, order, steps) for head in heads}
    rows: dict[int, dict[int, Number]] = {head: {} for head in heads}
    for head in heads:
        for step in closing:
            if step.source in reached[head]:
                _add(rows[step.target], head, step.times * reached[head][step.source])
    gains = _eliminate(heads, rows, dict(lacking), endless, deciding=deciding)
    sent: dict[int, Number] = {}
    for head, (gain, left) in reversed(gains.items()):
        if head not in endless:
            inner = total(_times(rows[head], outer) * sent[outer] for outer in sent if outer in rows[head])
            sent[head] = (left + inner) * _series(gain)
    more: dict[int, Number] = {}
    for head, extra in sent.items():
        for index, each in reached[head].items():
            _add(more, index, each * extra)
    return Returned(more, {head: gain for head, (gain, _) in gains.items()})


def _reached(head: int, order: Sequence[int], steps: Sequence[Step]) -> dict[int, Number]:
    """How many leave each component for one that leaves the head, with all ways back open."""
    leaving: dict[int, list[Step]] = {}
    for step in steps:
        if not step.back and not known_zero(step.times):
            leaving.setdefault(step.source, []).append(step)
    reached: dict[int, Number] = {head: 1}
    for index in order:
        if index in reached:
            for step in leaving.get(index, ()):
                _add(reached, step.target, step.times * reached[index])
    return reached


def _eliminate(
    heads: Sequence[int],
    rows: dict[int, dict[int, Number]],
    lacking: dict[int, Number],
    endless: MutableSet[int],
    *,
    deciding: bool,
) -> dict[int, tuple[Number, Number]]:
    """The gain of each head with those within it counted, and what lacks there; the innermost first."""
    gains: dict[int, tuple[Number, Number]] = {}
    for place in range(len(heads) - 1, -1, -1):
        head = heads[place]
        gain = _times(rows[head], head)
        gains[head] = (gain, lacking.get(head, 0))
        if deciding and gain >= 1:
            endless.add(head)
        if head in endless:
            continue
        again = _series(gain)
        for outer in heads[:place]:
            through = _times(rows[outer], head)
            if not known_zero(through):
                through = through * again
                _add(lacking, outer, through * gains[head][1])
                for other in heads[:place]:
                    if other in rows[head]:
                        _add(rows[outer], other, through * rows[head][other])
    return gains


def _series(gain: Number) -> Number:
    """The sum of a geometric series from 1."""
    return 1 if known_zero(gain) else ratio(MOST_TIMES, maximum((1 - gain) * MOST_TIMES, 1))


def _times(row: Mapping[int, Number], head: int) -> Number:
    return row.get(head, 0)


def _add(sums: dict[int, Number], key: int, number: Number) -> None:
    sums[key] = sums[key] + number if key in sums else number
