"""Cold starts against single calls, against what was measured on AWS, and against exact cases."""

import math
import random
import time
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calculator.load.cold_starts import (
    cold_share,
    cold_share_by_hour,
    crowd,
    crowd_by_hour,
    environments_alive,
    latencies,
    provisioned_needed,
)
from calculator.load.erlang import blocked_share
from calculator.traffic.hours import hourly
from calculator.traffic.shapes import shape_named
from pricing.catalogue import keep_alive as keep_alives
from pricing.catalogue.keep_alive import KeepAlive, keep_alive_of, measured_keep_alives, usual_keep_alive
from tests.helpers import simulation
from tests.helpers.flowing import shaped
from tests.helpers.simulation import compare, environments_measured, mean_error, measured_errors

TEN_MINUTES = keep_alive_of(600)


@pytest.mark.parametrize("name", ["measured_2025", "ten_minutes"])
def test_cold_starts_are_those_of_single_calls(name):
    rows = list(
        compare((1 / 1000, 1 / 100, 1 / 10, 1), (0.2, 5), measured_keep_alives()[name], calls=80_000, enough=300)
    )
    assert len(rows) > 12
    assert mean_error(rows) < 0.12
    assert all(abs(formula / seen - 1) < 0.3 for *_, formula, seen in rows), rows
    assert sum(abs(one.alive / one.alive_seen - 1) for one in rows) / len(rows) < 0.02
    assert all(abs(one.alive / one.alive_seen - 1) < 0.1 for one in rows), rows


def test_environments_alive_are_those_measured_on_aws():
    rows = list(environments_measured())
    assert len(rows) == 20
    assert all(abs(formula / alive - 1) < 0.1 for _, alive, formula in rows), rows
    assert sum(abs(formula / alive - 1) for _, alive, formula in rows) / len(rows) < 0.04


@pytest.mark.parametrize(("spread", "within"), [("exponential", 0.06), ("fixed", 0.12)])
@pytest.mark.parametrize(("rate", "duration_s"), [(0.01, 1000), (0.1, 1000), (0.3, 700)])
def test_calls_longer_than_the_keep_alive_are_cold_as_often_as_single_calls(rate, duration_s, spread, within):
    seen = simulation.crowd_at(rate, duration_s, keep_alive_of(300), spread=spread, calls=40_000)[0]
    assert cold_share(rate, duration_s, keep_alive_of(300)) == pytest.approx(seen, rel=within)


def test_most_cold_starts_measured_on_aws_are_within_two_standard_errors():
    # The simulation of single calls itself has no more of the twenty: 15, with calls that all last alike.
    assert simulation.within_two_errors() >= 15


@pytest.mark.parametrize("spread", simulation.SPREADS)
@pytest.mark.parametrize(("rate", "duration_s"), [(0.1, 1000), (1, 300), (5, 2)])
def test_environments_of_long_calls_and_of_many_are_those_of_single_calls(rate, duration_s, spread):
    alive = simulation.crowd_at(rate, duration_s, keep_alive_of(300), spread=spread, calls=40_000)[1]
    assert environments_alive(rate, duration_s, keep_alive_of(300)) == pytest.approx(alive, rel=0.05)


@given(st.floats(1e-6, 1e4), st.floats(1e-3, 900), st.floats(1, 3600))
def test_environments_are_the_busy_ones_and_at_most_all_that_came_in_the_meantime(rate, duration_s, idle_s):
    alive = environments_alive(rate, duration_s, keep_alive_of(idle_s))
    assert rate * duration_s * (1 - 1e-9) <= alive <= rate * (duration_s + idle_s) * (1 + 1e-9)


@given(st.floats(1e-6, 1e-3), st.floats(10, 3600))
def test_of_calls_that_never_overlap_one_environment_lives_for_as_long_as_it_is_kept(rate, idle_s):
    alive = -math.expm1(-rate * idle_s)
    assert environments_alive(rate, 0.0, keep_alive_of(idle_s)) == pytest.approx(alive, rel=1e-9)


def test_environments_of_a_week_are_those_of_its_hours():
    rates = hourly(shaped(shape_named("business_hours")), 300_000)
    alive = sum(environments_alive(rate, 2, TEN_MINUTES) for rate in rates) / 168
    assert crowd_by_hour(rates, 2, TEN_MINUTES).environments == pytest.approx(alive, rel=1e-3)
    times = simulation.poisson_by_hour(random.Random(1), rates)
    seen = simulation.crowd(times, 2, TEN_MINUTES, random.Random(2), calls=140_000, warm_up=3600)[1]
    assert alive == pytest.approx(seen, rel=0.1)


def test_cold_starts_are_those_measured_on_aws():
    rows = list(measured_errors())
    # The measurements themselves are some 8 % uncertain, the rare ones 15 %: the exact ones count for more.
    assert sum(error * weight for *_, error, weight in rows) / sum(row[-1] for row in rows) < 0.12
    precise = [error for *_, error, weight in rows if weight > 10]
    assert len(precise) > 10
    assert sum(precise) / len(precise) < 0.12
    assert sum(error for *_, error, _ in rows) / len(rows) < 0.14


def test_cold_starts_of_a_week_are_those_of_single_calls():
    rates = hourly(shaped(shape_named("business_hours")), 300_000)
    times = simulation.poisson_by_hour(random.Random(1), rates)
    seen = simulation.cold_share(times, 2, usual_keep_alive(), random.Random(2), calls=140_000, warm_up=3600)
    assert cold_share_by_hour(rates, 2, usual_keep_alive()) == pytest.approx(seen, rel=0.12)


def passage(rate, duration_s, level, time_s, *, step_s):
    """Chance that the number busy, once fallen to `level`, has not risen again after a time: by small steps."""
    chances = [0.0] * level + [1.0]
    for _ in range(round(time_s / step_s)):
        ups = [chance * rate * step_s for chance in chances]
        downs = [chance * count / duration_s * step_s for count, chance in enumerate(chances)]
        chances = [
            chance - up - down + (ups[index - 1] if index else 0) + (downs[index + 1] if index < level else 0)
            for index, (chance, up, down) in enumerate(zip(chances, ups, downs, strict=True))
        ]
    return sum(chances)


@pytest.mark.parametrize(("rate", "duration_s", "idle_s"), [(0.5, 2, 60), (0.1, 5, 100), (1, 4, 30), (0.05, 30, 20)])
def test_exponential_durations_are_exact_but_for_the_fit(rate, duration_s, idle_s):
    load = rate * duration_s
    exact = sum(
        math.exp(-load) * load**level / math.factorial(level) * passage(rate, duration_s, level, idle_s, step_s=0.01)
        for level in range(14)
    )
    assert cold_share(rate, duration_s, keep_alive_of(idle_s)) == pytest.approx(exact, rel=0.02)


@given(st.floats(1e-6, 1e-3), st.floats(10, 3600))
def test_calls_that_never_overlap_are_cold_after_a_long_pause(rate, idle_s):
    assert cold_share(rate, 0.0, keep_alive_of(idle_s)) == pytest.approx(math.exp(-rate * idle_s), rel=1e-9)


@given(st.floats(0, 1e4), st.floats(0, 900), st.floats(1, 3600))
def test_a_share_is_a_share(rate, duration_s, idle_s):
    assert 0 <= cold_share(rate, duration_s, keep_alive_of(idle_s)) <= 1


@given(st.floats(1e-4, 100), st.floats(0.01, 10), st.floats(60, 1200))
def test_environments_kept_longer_are_cold_less_often(rate, duration_s, idle_s):
    shorter, longer = (cold_share(rate, duration_s, keep_alive_of(idle)) for idle in (idle_s, idle_s * 1.1))
    assert longer <= shorter * (1 + 1e-9)


@given(st.floats(0.01, 100), st.floats(0.01, 30))
def test_a_spread_lies_between_its_ends(rate, duration_s):
    first, last = (cold_share(rate, duration_s, keep_alive_of(idle_s)) for idle_s in (240, 360))
    assert last * (1 - 1e-9) <= cold_share(rate, duration_s, usual_keep_alive()) <= first * (1 + 1e-9)


def test_no_call_would_be_cold_and_nothing_kept_is_always_cold():
    assert cold_share(0, 1, TEN_MINUTES) == cold_share(1e-300, 1, TEN_MINUTES) == 1
    assert cold_share(5, 1, keep_alive_of(0)) == pytest.approx(1, rel=1e-5)
    assert cold_share_by_hour([0.0] * 168, 1, TEN_MINUTES) == 1


@pytest.mark.parametrize("duration_s", [1, 30])
def test_large_loads_follow_the_scale_of_smaller_ones(duration_s, monkeypatch):
    rate = 4000 / duration_s
    quick = crowd.__wrapped__(rate, duration_s, usual_keep_alive()).cold_share
    monkeypatch.setattr("calculator.load.cold_starts.LARGE_LOAD", 1e9)
    assert quick == pytest.approx(crowd.__wrapped__(rate, duration_s, usual_keep_alive()).cold_share, rel=0.03)


@pytest.mark.parametrize(("rate", "duration_s"), [(0.01, 1), (10, 1), (100, 5), (1e6, 30)])
def test_a_share_is_known_within_a_millisecond(rate, duration_s):
    def once():
        start = time.perf_counter()
        crowd.__wrapped__(rate, duration_s, usual_keep_alive())
        return time.perf_counter() - start

    # A goal for a quiet machine; here only what no noise explains.
    assert min(once() for _ in range(10)) < 0.003


def test_hours_count_by_their_calls():
    shares = [cold_share(rate, 1, TEN_MINUTES) for rate in (0.001, 1)]
    assert cold_share_by_hour([0.001, 1.0, 1.0], 1, TEN_MINUTES) == pytest.approx(
        (0.001 * shares[0] + 2 * shares[1]) / 2.001
    )


# Keep-alive


def test_measurements_are_those_of_the_file():
    entries = tomllib.loads(keep_alives.FILE.read_text("utf-8"))
    assert measured_keep_alives().keys() == entries.keys()
    for name, entry in entries.items():
        keep_alive = measured_keep_alives()[name]
        for point in entry["points"]:
            assert keep_alive.cold_after(point["idle_s"]) == float(point["cold_share"])
        assert keep_alive.source
        assert keep_alive.checked == str(entry["checked"])
    assert sum(entry["default"] for entry in entries.values()) == 1


def test_2025_is_warm_for_four_minutes_and_cold_after_six():
    usual = usual_keep_alive()
    assert [usual.cold_after(idle_s) for idle_s in (0, 240, 315, 360, 3600)] == [0, 0, 0.43, 1, 1]
    assert usual.cold_after(277.5) == pytest.approx(0.215)


def test_lifetimes_drawn_are_those_of_the_points():
    rng = random.Random(1)
    keep_alive = keep_alive_of([(100, 0.2), (200, 0.2), (200, 0.5), (300, 1)])
    drawn = [simulation.lifetime(rng, keep_alive.points) for _ in range(20_000)]
    for idle_s in (99, 100, 150, 200, 250, 300):
        assert sum(life <= idle_s for life in drawn) / 20_000 == pytest.approx(keep_alive.cold_after(idle_s), abs=0.015)


@pytest.mark.parametrize(
    "points",
    [
        [],
        [(300, 0.5)],
        [(300, 0), (200, 1)],
        [(200, 0.5), (300, 0.4)],
        [(200, 1), (200, 1)],
        [(-1, 0), (5, 1)],
        [(1, -1)],
    ],
)
def test_points_that_do_not_rise_to_one_are_refused(points):
    with pytest.raises(ValueError, match="rise"):
        keep_alive_of(points)


def test_a_number_is_a_step():
    assert keep_alive_of(300).points == ((300.0, 1.0),)
    assert isinstance(keep_alive_of([(300, 1)]), KeepAlive)


# Latencies


@pytest.mark.parametrize(("duration_ms", "init_ms", "cold", "variation"), [
    (100, 400, 0.02, 0.5),
    (100, 400, 0.0, 0.5),
    (100, 400, 1.0, 0.2),
    (20, 3000, 0.04, 1.5),
    (100, 50, 0.5, 0.0),
])  # fmt: skip
def test_latencies_are_those_of_single_calls(duration_ms, init_ms, cold, variation):
    rng = random.Random(1)
    spread = math.log1p(variation**2)
    middle = math.log(duration_ms) - spread / 2
    waits = sorted(
        rng.lognormvariate(middle, math.sqrt(spread)) + (init_ms if rng.random() < cold else 0) for _ in range(200_000)
    )
    answer = latencies(duration_ms, init_ms, cold, variation=variation)
    assert answer.mean_ms == pytest.approx(sum(waits) / len(waits), rel=0.02)
    if 0 < cold < 1 and not variation:
        return  # half of the calls wait exactly one time, half another: the median of a sample is either
    for share, wait in ((0.5, answer.p50_ms), (0.95, answer.p95_ms), (0.99, answer.p99_ms)):
        assert wait == pytest.approx(waits[int(share * len(waits))], rel=0.03)


@given(st.floats(0, 1e6), st.floats(0, 1e5), st.floats(0, 1), st.floats(0, 5))
def test_latencies_rise(duration_ms, init_ms, cold, variation):
    answer = latencies(duration_ms, init_ms, cold, variation=variation)
    assert 0 <= answer.p50_ms <= answer.p95_ms <= answer.p99_ms < math.inf


def test_latencies_without_spread_are_two():
    assert latencies(100, 400, 0.05, variation=0).p95_ms == pytest.approx(100)
    assert latencies(100, 400, 0.06, variation=0).p95_ms == pytest.approx(500)
    assert latencies(0, 0, 0.5, variation=0.5).p99_ms == pytest.approx(0, abs=1e-9)


# Provisioned concurrency


@pytest.mark.parametrize("share", [0.1, 0.01, 0.001])
def test_provisioned_environments_are_just_enough(share):
    needed = provisioned_needed(50, 0.3, share)
    assert blocked_share(15, needed) <= share < blocked_share(15, needed - 1)
    seen = simulation.refused_share(50, 0.3, needed, spread="fixed", calls=100_000)
    assert seen == pytest.approx(blocked_share(15, needed), rel=0.15, abs=2e-4)
