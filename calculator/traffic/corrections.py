"""What comes back over a loop whose batches grow with it: corrected until as much comes back as was said to."""

from typing import NamedTuple

from pricing.formula.language import Number, maximum, minimum, where

# What may come back at most where nothing has shown it yet: so many times what was said to.
FAR = 10**6
# What lies between two bounds that are far apart: so many times the lower one, or such a part of the upper one.
UP, DOWN = 8, 64
# A difference that is less than such a part is none.
SETTLED = 10**10
NEARLY = 10**9


class Bounds(NamedTuple):
    """What was said to come back last (`said`), and between which two amounts it lies."""

    said: Number
    low: Number
    high: Number


def corrected(bounds: Bounds | None, found: Number, proposed: Number) -> Bounds:
    """What to say next, where `found` came back of what was said, and a straight line goes to what is `proposed`.

    A batch that is full after it was not brings less back for each that leaves: a straight line may lead beyond what is
    right, back before it, and so on for ever. What brought more back than was said is too little, what brought less too
    much: where a straight line leads there again, what lies between them is said instead.

    >>> first = corrected(None, 10.0, 990.0)
    >>> second = corrected(first, 99.0, 11.0)
    >>> corrected(second, 110.0, 990.0).said
    88.0
    """
    if bounds is None:
        return Bounds(proposed, proposed * 0, proposed * FAR)
    more, less = (found - bounds.said) * SETTLED > bounds.said, (bounds.said - found) * SETTLED > bounds.said
    low, high = where(more, bounds.said, bounds.low), where(less, bounds.said, bounds.high)
    half = (low + high) / 2
    between = maximum(minimum(low * UP, half), minimum(high / DOWN, half))
    beyond = proposed + proposed / NEARLY
    limited = where(high > beyond, where(proposed > low, proposed, between), between)
    return Bounds(where(more, limited, where(less, limited, proposed)), low, high)
