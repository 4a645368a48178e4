"""Queues before functions: how fast they are drained, what a burst leaves behind, and when messages expire.

A fluid model: messages flow in and out at rates, the oldest first. A message that comes while the work ahead of it
takes longer than the retention will expire, so it never needs a place: the useful work waiting never exceeds drain
rate times retention, and what would overflow that is lost.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from pricing.formula.language import S_PER_HOUR

__all__ = ["Backlog", "drain", "drain_burst", "drain_overload", "drain_week"]

# A queue counts as growing from week to week if it grows by more than rounding.
GROWS = 1e-9


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits in a queue at the worst, and how it ends.

    `backlog` [message]: the most that wait at one time, those included that will expire. `oldest_s` [s]: the longest
    wait. `clear_s` [s]: from the end of the burst (of a shape: from the first message that waits) until nothing waits
    any more, None: never. `in_flight` [message]: the most received and not yet deleted. `expired_share`: the part of
    the messages (of the burst; of a week; in the long run) that is older than the retention before its turn comes.
    `expires_after_s` [s]: when the first message expires, None: none does.
    """

    drain_rate: float
    backlog: float
    oldest_s: float
    clear_s: float | None
    in_flight: float
    expired_share: float
    expires_after_s: float | None


def drain(batch: float, duration_s: float, concurrency: float) -> float:
    """What a function takes from a queue [message/s]: full batches [message], each in `duration_s` [s], side by side.

    AWS: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html

    >>> drain(10, 2, 20)
    100.0
    """
    return batch * concurrency / duration_s if duration_s > 0 else math.inf


def drain_overload(inflow: float, drain_rate: float, duration_s: float, retention_s: float) -> Backlog:
    """A queue into which `inflow` [message/s] flows for ever, in the long run.

    `duration_s` [s] is how long a message is being worked on, `retention_s` [s] how long the queue keeps it.

    >>> worst = drain_overload(100, 80, 2, 345_600)
    >>> worst.expires_after_s, worst.expired_share, worst.clear_s, worst.backlog
    (1728000.0, 0.2, None, 34560000)
    """
    in_flight = _in_flight(inflow, drain_rate, duration_s)
    if inflow <= drain_rate:
        return Backlog(drain_rate, 0.0, 0.0, 0.0, in_flight, 0.0, None)
    lost = (inflow - drain_rate) / inflow
    return Backlog(drain_rate, inflow * retention_s, retention_s, None, in_flight, lost, retention_s / lost)


def drain_burst(
    inflow: float, burst_rate: float, length_s: float, drain_rate: float, duration_s: float, *, retention_s: float
) -> Backlog:
    """An empty queue into which `burst_rate` [message/s] flows for `length_s` [s], and `inflow` [message/s] after it.

    Where `inflow` alone is more than is drained, what becomes of it in the long run: `drain_overload`.

    >>> worst = drain_burst(50, 200, 300, 100, 2, retention_s=345_600)
    >>> worst.backlog, worst.oldest_s, worst.clear_s, worst.in_flight, worst.expired_share
    (30000.0, 300.0, 600.0, 200, 0.0)
    """
    if inflow > drain_rate:
        return drain_overload(inflow, drain_rate, duration_s, retention_s)
    excess = burst_rate - drain_rate
    in_flight = _in_flight(max(inflow, burst_rate), drain_rate, duration_s)
    if excess <= 0 or length_s <= 0:
        return Backlog(drain_rate, 0.0, 0.0, 0.0, in_flight, 0.0, None)
    lasting = drain_rate * retention_s
    full_after = lasting / excess
    waiting = min(excess * length_s, lasting)
    lost = max(excess * (length_s - full_after), 0.0)
    return Backlog(
        drain_rate,
        waiting + min(lost, excess * retention_s),
        waiting / drain_rate if drain_rate > 0 else retention_s,
        _clear(inflow, drain_rate, waiting, retention_s),
        in_flight,
        lost / (burst_rate * length_s),
        full_after + retention_s if lost else None,
    )


def _in_flight(inflow: float, drain_rate: float, duration_s: float) -> float:
    return min(inflow, drain_rate) * duration_s


def _clear(inflow: float, drain_rate: float, waiting: float, retention_s: float) -> float | None:
    """From the end of a burst until nothing waits. What is doomed is gone by then: useful work to its age remains."""
    if drain_rate > inflow:
        return waiting / (drain_rate - inflow)
    return None if inflow else retention_s


def drain_week(rates: Sequence[float], drain_rate: float, duration_s: float, *, retention_s: float) -> Backlog:
    """A queue that starts empty and takes in these hourly rates [message/s] again and again, such as the 168 of a week.

    The worst of it; backlogs are read at the ends of hours. However long messages are kept, four rounds are walked: two
    from empty, and two from full, after which a queue that overflows at all is each round as it was the round before.

    >>> worst = drain_week([0.0] * 9 + [10.0] * 8 + [0.0] * 7, 4.0, 1, retention_s=345_600)
    >>> worst.backlog, worst.oldest_s, worst.clear_s, worst.expired_share
    (172800.0, 43200.0, 72000.0, 0.0)
    """
    if drain_rate <= 0:
        return drain_overload(math.fsum(rates) / len(rates), 0.0, duration_s, retention_s)
    in_flight = _in_flight(max(rates), drain_rate, duration_s)
    if max(rates) <= drain_rate:
        return Backlog(drain_rate, 0.0, 0.0, 0.0, in_flight, 0.0, None)
    hours, lasting = len(rates), drain_rate * retention_s
    path = _filling(rates, drain_rate, lasting)
    growth = path[-1].work - path[hours - 1].work
    growth = growth if growth > GROWS * math.fsum(rates) * S_PER_HOUR else 0.0
    clear_s = None if growth else _longest(path, rates, drain_rate)
    if not growth and not any(hour.lost for hour in path):
        most = max(hour.work for hour in path)
        return Backlog(drain_rate, most, most / drain_rate, clear_s, in_flight, 0.0, None)
    overflowing = _overflowing(rates, drain_rate, lasting)
    return Backlog(
        drain_rate,
        max(_waiting(overflowing, rates, drain_rate, retention_s)),
        max(hour.work for hour in overflowing) / drain_rate,
        clear_s,
        in_flight,
        math.fsum(hour.lost for hour in overflowing) / (math.fsum(rates) * S_PER_HOUR),
        _first_loss_s(path, rates, drain_rate, lasting, growth) + retention_s,
    )


class _Hour(NamedTuple):
    """An hour's end: the useful work that waits, and what came in the hour and will expire [message]."""

    work: float
    lost: float


def _filling(rates: Sequence[float], drain_rate: float, lasting: float) -> list[_Hour]:
    """Two rounds from empty. What the second leaves more than the first, each later one leaves more again."""
    path, work = [], 0.0
    for rate in (*rates, *rates):
        level = work + (rate - drain_rate) * S_PER_HOUR
        work = min(max(level, 0.0), lasting)
        path.append(_Hour(work, max(level - lasting, 0.0)))
    return path


def _overflowing(rates: Sequence[float], drain_rate: float, lasting: float) -> list[_Hour]:
    """A round of a queue that is full once in each: from full, the second. Free places are counted: few beside many."""
    path, free = [], 0.0
    for rate in (*rates, *rates):
        left = free + (drain_rate - rate) * S_PER_HOUR
        free = min(max(left, 0.0), lasting)
        path.append(_Hour(lasting - free, max(-left, 0.0)))
    return path[len(rates) :]


def _first_loss_s(
    path: Sequence[_Hour], rates: Sequence[float], drain_rate: float, lasting: float, growth: float
) -> float:
    """When a queue that fills is full for the first time. Once it never empties it grows by as much each round."""
    rounds = 0
    if not any(hour.lost for hour in path):
        second = path[len(rates) :]
        most = max(hour.work for hour in second)
        rounds = math.floor((lasting - most) / growth) + 1
        path = [_Hour(0.0, max(hour.work + rounds * growth - lasting, 0.0)) for hour in second]
        rounds += 1
    first = max(range(len(path)), key=lambda index: path[index].lost > 0)
    rising = rates[first % len(rates)] - drain_rate
    full_s = min(path[first].lost / rising, S_PER_HOUR) if rising > 0 else 0.0
    return (rounds * len(rates) + first + 1) * S_PER_HOUR - full_s


def _waiting(cycle: Sequence[_Hour], rates: Sequence[float], drain_rate: float, retention_s: float) -> list[float]:
    """All that waits at the ends of hours: useful work, and what came within the retention and will expire."""
    lost = [hour.lost for hour in cycle]
    together = math.fsum(lost)
    rounds, rest_s = divmod(retention_s, len(cycle) * S_PER_HOUR)
    whole, part_s = divmod(rest_s, S_PER_HOUR)
    total = [0.0, *accumulate((*lost, *lost))]
    waiting = []
    for index, hour in enumerate(cycle, start=len(cycle)):
        begun = index - int(whole)
        # The losses of an hour lie at its end, at the rate by which it overflows.
        rising = max(rates[begun % len(rates)] - drain_rate, 0.0)
        late = min(part_s * rising, lost[begun % len(lost)])
        waiting.append(hour.work + rounds * together + total[index + 1] - total[begun + 1] + late)
    return waiting


def _longest(path: Sequence[_Hour], rates: Sequence[float], drain_rate: float) -> float | None:
    """The longest time in which something waited; None where the last round never ends it."""
    longest, since, work, emptied = 0.0, 0.0, 0.0, -1
    for index, hour in enumerate(path):
        start_s = index * S_PER_HOUR
        rate = rates[index % len(rates)]
        if not work:
            since = start_s
        if not hour.work:
            emptied = index
            longest = max(longest, start_s + (work / (drain_rate - rate) if work else 0.0) - since)
        work = hour.work
    return longest if emptied >= len(path) - len(rates) else None
