"""Shapes move requests between hours and never make or lose any."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calculator import Traffic
from calculator.traffic.hours import hourly
from calculator.traffic.inputs import read_traffic
from calculator.traffic.shapes import SHAPES, peak_to_mean, shape_named, shape_of
from pricing.formula.reading import as_float
from tests.helpers.flowing import shaped

weights = st.sampled_from([24, 168]).flatmap(
    lambda count: st.lists(st.floats(0, 1e12), min_size=count, max_size=count).filter(any)
)
shapes = st.one_of(st.sampled_from(SHAPES).map(shape_named), weights.map(shape_of))
requests = st.floats(0, 1e15)
months = st.floats(1, 744)


def read(shape, hours, requests=None, peak=None):
    stated = {"requests_per_month": requests, "peak_rps": peak, "burst_rps": None, "burst_s": 0}
    return read_traffic(Traffic(stated, shape.weights, peak_to_mean(shape)), as_float, hours)


@given(shapes, requests, months)
def test_a_month_has_the_requests_that_were_said(shape, total, hours):
    rates = hourly(shaped(shape, hours), total)
    assert len(rates) in (1, 168)
    assert min(rates) >= 0
    assert math.fsum(rates) * 3600 * hours / len(rates) == pytest.approx(total, rel=1e-9)


@given(shapes)
def test_the_busiest_hour_has_the_mean_or_more(shape):
    assert 1 - 1e-12 <= peak_to_mean(shape) <= 168 + 1e-9


@given(shapes, requests, months)
def test_the_peak_is_the_busiest_hour(shape, total, hours):
    assert read(shape, hours, requests=total)["peak_rps"] == pytest.approx(
        max(hourly(shaped(shape, hours), total)), rel=1e-9
    )


@given(shapes, st.floats(0, 1e6), months)
def test_total_and_peak_are_one_statement(shape, peak, hours):
    total = read(shape, hours, peak=peak)["requests_per_month"]
    assert read(shape, hours, requests=total)["peak_rps"] == pytest.approx(peak, rel=1e-9)


@given(weights, st.floats(1e-6, 1e6))
def test_only_proportions_matter(given_weights, factor):
    larger = shape_of([weight * factor for weight in given_weights])
    assert larger.weights == pytest.approx(shape_of(given_weights).weights, rel=1e-9, abs=1e-300)


@given(st.floats(1e-6, 1e6))
def test_constant_is_the_same_in_every_hour(weight):
    assert peak_to_mean(shape_of([weight] * 24)) == pytest.approx(1)
    assert shape_of([weight] * 168).weights == shape_named("constant").weights


def test_business_hours_are_eight_hours_of_five_days():
    week = shape_named("business_hours").weights
    busy = [hour for hour, weight in enumerate(week) if weight == 1]
    assert len(busy) == 40
    assert busy[:8] == [9, 10, 11, 12, 13, 14, 15, 16]
    assert max(busy) == 4 * 24 + 16
    assert {weight for weight in week if weight < 1} == {0.05}
    assert peak_to_mean(shape_named("business_hours")) == pytest.approx(168 / 46.4)


def test_a_daily_peak_is_smooth_and_the_same_every_day():
    week = shape_named("daily_peak").weights
    assert week == week[:24] * 7
    assert week[:24].index(max(week)) == 14
    assert max(week) / min(week) == pytest.approx(7)
    assert all(max(pair) / min(pair) < 1.7 for pair in pairwise(week))


@pytest.mark.parametrize(
    "wrong",
    [[], [1.0] * 23, [1.0] * 25, [0.0] * 24, [*([1.0] * 23), -1.0], [*([1.0] * 23), math.nan], [math.inf] * 24],
)
def test_what_is_no_shape_is_refused(wrong):
    with pytest.raises(ValueError, match="weights"):
        shape_of(wrong)


def test_unknown_shapes_are_refused():
    with pytest.raises(ValueError, match="business_hours"):
        shape_named("weekly")
