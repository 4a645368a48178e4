"""The shape of traffic: how the requests of a month lie over the hours of a week."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

__all__ = ["SHAPES", "Shape", "peak_to_mean", "shape_named", "shape_of"]

HOURS_PER_DAY = 24
HOURS_PER_WEEK = 168
SHAPES = ("constant", "business_hours", "daily_peak")

# An office: Monday to Friday, 9:00 to 17:00; at night and at weekends a twentieth of the rate of a working hour.
WORKING_DAYS = 5
WORKING_HOURS = range(9, 17)
REST = 0.05
# Consumers: one smooth wave a day, highest from 14:00 to 15:00, lowest from 2:00 to 3:00: 1.75 and 0.25 times the mean.
PEAK_HOUR = 14
SWING = 0.75


@dataclass(frozen=True, slots=True)
class Shape:
    """Weights of the 168 hours of a week from Monday 0:00; only their proportions matter."""

    weights: tuple[float, ...]
    title: str


@cache
def shape_named(name: str) -> Shape:
    """One of SHAPES. Raises ValueError for any other name.

    `constant`: every hour alike. `business_hours`: Monday to Friday from 9:00 to 17:00, and a twentieth of that rate at
    other times, so that six requests of seven fall into working hours. `daily_peak`: a raised cosine, seven times as
    much at its height as at its depth.

    >>> round(peak_to_mean(shape_named("business_hours")), 2), peak_to_mean(shape_named("daily_peak"))
    (3.62, 1.75)
    """
    if name == "constant":
        return shape_of([1.0] * HOURS_PER_DAY, title="Constant")
    if name == "business_hours":
        day = [1.0 if hour in WORKING_HOURS else REST for hour in range(HOURS_PER_DAY)]
        weekend = [REST] * HOURS_PER_DAY * (7 - WORKING_DAYS)
        return shape_of(day * WORKING_DAYS + weekend, title="Business hours")
    if name == "daily_peak":
        turn = 2 * math.pi / HOURS_PER_DAY
        wave = [1.0 + SWING * math.cos(turn * (hour - PEAK_HOUR)) for hour in range(HOURS_PER_DAY)]
        return shape_of(wave, title="Daily peak")
    raise ValueError(f"expected one of {', '.join(SHAPES)}")


def shape_of(weights: Sequence[float], *, title: str = "Hourly weights") -> Shape:
    """The shape of 24 hourly weights (every day alike, from 0:00) or of 168 (a week from Monday 0:00).

    Raises ValueError for another number of weights, for negative ones, and where all are 0.

    >>> len(shape_of([1, 2, 3] * 8).weights)
    168
    """
    if len(weights) not in (HOURS_PER_DAY, HOURS_PER_WEEK):
        raise ValueError("expected 24 or 168 hourly weights")
    week = tuple(float(weight) for weight in weights) * (HOURS_PER_WEEK // len(weights))
    if not all(0 <= weight < math.inf for weight in week) or not max(week):
        raise ValueError("expected weights of 0 or more, not all of them 0")
    # The largest is 1, so that no sum of weights overflows or vanishes.
    return Shape(tuple(weight / max(week) for weight in week), title)


def peak_to_mean(shape: Shape) -> float:
    """How many times the mean hour the busiest hour has.

    >>> peak_to_mean(shape_of([1.0] * 23 + [25.0]))
    12.5
    """
    return max(shape.weights) / (math.fsum(shape.weights) / HOURS_PER_WEEK)
