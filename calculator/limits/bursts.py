"""How many times its peak leaves each component in a burst from outside."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from calculator.architecture import Architecture
from pricing.formula.language import Number, ratio, total

# What holds a burst back: whatever is behind reads at its own speed.
BUFFERS = ("sqs_queue", "kinesis_stream", "dynamodb_table", "firehose_stream")


class Arrival(NamedTuple):
    """What comes over one connection in the busiest second [1/s]; `source` is None where it comes from outside.

    `waits` is false of events, which wait in a queue of Lambda's own.
    """

    source: int | None
    target: int
    peak_calls: Number
    waits: bool


def burst_factors(
    architecture: Architecture, arrivals: Iterable[Arrival], outside: Number
) -> Mapping[int | None, Number]:
    """How many times its peak leaves each component, where `outside` times the peak comes from outside.

    Nothing more leaves what holds a burst back, nor what only such components lead to: they are left out.
    """
    arriving: dict[int, list[Arrival]] = {}
    for arrival in arrivals:
        arriving.setdefault(arrival.target, []).append(arrival)
    factors: dict[int | None, Number] = {None: outside}
    for index in architecture.order:
        if architecture.components[index].type not in BUFFERS and any(
            arrival.source in factors for arrival in arriving.get(index, ())
        ):
            factors[index] = times_in_burst(arriving[index], factors)
    return factors


def times_in_burst(arrivals: Sequence[Arrival], factors: Mapping[int | None, Number]) -> Number:
    """How many times the peak comes over some connections in a burst; 0 where nothing comes at the peak.

    >>> from_outside, steady = Arrival(None, 0, 30.0, waits=True), Arrival(7, 0, 10.0, waits=True)
    >>> times_in_burst([from_outside, steady], {None: 3.0})
    2.5
    """
    in_burst = total(arrival.peak_calls * factors.get(arrival.source, 1) for arrival in arrivals)
    return ratio(in_burst, total(arrival.peak_calls for arrival in arrivals))
