"""Queues, buckets and limits of concurrency against their slow twins."""

import math

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from calculator.load.erlang import blocked_share, servers_needed, throttled_share
from calculator.load.queueing import drain, drain_burst, drain_overload, drain_week
from calculator.load.token_bucket import burst
from tests.helpers.simulation import SPREADS, FluidQueue, bucket_refusals, refused_share, serve_queue

WEEK_S = 7 * 24 * 3600
EVER = 14 * 24 * 3600
rates = st.floats(0.5, 200)
lengths = st.integers(1, 600)


# Token buckets


@settings(max_examples=60)
@given(rates, st.integers(3, 500), rates, lengths)  # of smaller buckets even spacing wastes parts of a token
@example(100, 3, 100, 10)
@example(100, 50, 150, 1)
def test_a_bucket_refuses_what_single_requests_are_refused(rate, bucket, demand_rate, length_s):
    answer = burst(rate, bucket, demand_rate, length_s)
    first, refused = bucket_refusals(rate, bucket, demand_rate, length_s)
    assert answer.refused == pytest.approx(refused, abs=2.5)
    assert answer.refused_share * demand_rate * length_s == pytest.approx(answer.refused, abs=1e-6)
    if first is not None and answer.seconds_until_throttle is not None:
        # The first refusal is the one whose token is not whole yet.
        excess = demand_rate - rate
        assert first == pytest.approx(answer.seconds_until_throttle, abs=1 / demand_rate + 1.5 / excess)


@given(rates, st.integers(1, 500), rates)
def test_a_burst_without_end_is_a_very_long_one(rate, bucket, demand_rate):
    assume(demand_rate > rate * 1.01)
    endless, long = burst(rate, bucket, demand_rate), burst(rate, bucket, demand_rate, 1e9)
    assert endless.seconds_until_throttle == long.seconds_until_throttle
    assert endless.refused is None
    assert endless.refused_share == pytest.approx(long.refused_share, rel=1e-3)


@given(rates, st.integers(1, 500), st.floats(0.01, 1000))
def test_what_fits_into_the_bucket_is_just_not_refused(rate, bucket, length_s):
    most = rate + bucket / length_s
    assert burst(rate, bucket, most * 0.999, length_s).refused == 0
    assert burst(rate, bucket, most * 1.001, length_s).refused > 0


def test_the_rate_itself_is_never_refused():
    assert burst(10, 5, 10).seconds_until_throttle is None


# Limits of concurrency


@pytest.mark.parametrize("spread", SPREADS)
@pytest.mark.parametrize(("rate", "duration_s", "servers"), [(20, 0.1, 2), (10, 1, 12), (5, 10, 40), (1, 0.5, 1)])
def test_refusals_are_those_of_single_calls_whatever_the_durations(rate, duration_s, servers, spread):
    seen = refused_share(rate, duration_s, servers, spread=spread, calls=60_000)
    assert throttled_share(rate, duration_s, servers) == pytest.approx(seen, rel=0.07)


def erlang_b(offered, servers):
    """The formula as it stands in books, in whole terms."""
    terms = [1.0]
    for count in range(1, servers + 1):
        terms.append(terms[-1] * offered / count)
    return terms[-1] / math.fsum(terms)


@given(st.floats(0.01, 120), st.integers(0, 200))
@example(119.5, 30)
@example(120, 1)
def test_the_recursion_is_the_formula(offered, servers):
    assert blocked_share(offered, servers) == pytest.approx(erlang_b(offered, servers), rel=1e-8, abs=1e-200)


@pytest.mark.parametrize(("offered", "servers"), [(1e4, 1e4), (1e4, 5_000), (1e6, 1e6), (2.5e4, 100)])
def test_large_loads_begin_near_the_load(offered, servers):
    inverse = 1.0
    for count in range(1, int(servers) + 1):
        inverse = 1 + count / offered * inverse
    assert blocked_share(offered, servers) == pytest.approx(1 / inverse, rel=1e-9)


def test_halves_of_servers_serve_nobody_and_no_load_is_never_refused():
    assert blocked_share(3.0, 4.9) == blocked_share(3.0, 4)
    assert blocked_share(3.0, 0.5) == blocked_share(3.0, -1) == 1
    assert blocked_share(0.0, 0) == 0
    assert blocked_share(1.0, 1e9) == 0


@given(st.floats(0.001, 3000), st.floats(1e-6, 0.999))
def test_the_fewest_servers_are_enough_and_one_less_is_not(offered, share):
    fewest = servers_needed(offered, share)
    assert blocked_share(offered, fewest) <= share * (1 + 1e-9)
    assert fewest == 0 or blocked_share(offered, fewest - 1) > share * (1 - 1e-9)


def test_servers_for_nobody_and_for_everybody():
    assert servers_needed(0.0, 0.01) == servers_needed(5.0, 1.0) == 0
    with pytest.raises(ValueError, match="above 0"):
        servers_needed(5.0, 0.0)


# Queues


def fluid(segments, drain_rate, retention_s, *, step_s):
    queue = FluidQueue(drain_rate, retention_s, step_s)
    for rate, length_s in segments:
        queue.run(rate, length_s)
    return queue


@settings(max_examples=40, deadline=None)
@given(st.floats(0, 40), st.floats(0, 100), st.integers(10, 300), st.floats(1, 60), st.integers(20, 2000))
@example(10, 100, 300, 50, 60)  # expires
@example(0, 100, 100, 60, 10_000)
def test_a_burst_leaves_what_small_steps_leave(inflow, burst_rate, length_s, drain_rate, retention_s):
    assume(inflow < drain_rate * 0.9)
    answer = drain_burst(inflow, burst_rate, length_s, drain_rate, 1, retention_s=retention_s)
    step = length_s / 500
    after = (answer.clear_s or 0) * 1.2 + 5 * step
    twin = fluid([(burst_rate, length_s), (inflow, after)], drain_rate, retention_s, step_s=step)
    slack = 3 * step * max(burst_rate, drain_rate)
    assert answer.backlog == pytest.approx(twin.worst, abs=slack)
    assert answer.oldest_s == pytest.approx(twin.oldest, abs=4 * step)
    assert answer.expired_share * burst_rate * length_s == pytest.approx(twin.expired, abs=2 * slack)
    assert twin.emptied is not None
    if not answer.backlog:
        return
    if twin.expired > 2 * slack:
        late = 4 * step * burst_rate / (burst_rate - drain_rate)
        assert answer.expires_after_s == pytest.approx(twin.first_expired, abs=late)
    assert length_s + answer.clear_s == pytest.approx(twin.emptied, abs=4 * slack / (drain_rate - inflow) + 4 * step)


@pytest.mark.parametrize(("batch", "duration_s", "concurrency"), [(10, 2, 5), (1, 0.1, 3), (5, 10, 20)])
def test_a_burst_leaves_what_single_messages_leave(batch, duration_s, concurrency):
    drained = drain(batch, duration_s, concurrency)
    peak, calm, length_s = 2.5 * drained, 0.4 * drained, 120 * duration_s
    answer = drain_burst(calm, peak, length_s, drained, duration_s, retention_s=EVER)
    arrivals = [index / peak for index in range(int(peak * length_s))]
    worst, longest, last = serve_queue(arrivals, batch, duration_s, concurrency)
    assert answer.backlog == pytest.approx(worst, abs=2 * batch * concurrency)
    assert answer.oldest_s == pytest.approx(longest, abs=2 * duration_s)
    assert length_s + answer.oldest_s == pytest.approx(last, abs=2 * duration_s)
    assert answer.in_flight == pytest.approx(batch * concurrency)


def test_an_overload_expires_as_in_small_steps():
    answer = drain_overload(100, 80, 2, 500)
    twin = fluid([(100, 6000)], 80, 500, step_s=1)
    assert answer.expires_after_s == pytest.approx(twin.first_expired, abs=10)
    assert answer.backlog == pytest.approx(twin.amount, rel=0.01)
    before = twin.expired
    twin.run(100, 1000)
    assert answer.expired_share * 100 * 1000 == pytest.approx(twin.expired - before, rel=0.02)
    assert (answer.clear_s, answer.oldest_s, answer.in_flight) == (None, 500, 160)
    assert drain_burst(100, 200, 60, 80, 2, retention_s=500) == answer


def test_a_queue_that_nothing_drains_keeps_all_until_it_expires():
    answer = drain_burst(0, 10, 60, 0, 1, retention_s=600)
    assert (answer.backlog, answer.expired_share, answer.oldest_s) == (600, 1, 600)
    assert (answer.expires_after_s, answer.clear_s) == (600, 600)
    assert drain_burst(0, 10, 0, 0, 1, retention_s=600).backlog == 0
    assert drain_week([10.0] * 24, 0, 1, retention_s=600) == drain_overload(10, 0, 1, 600)


def test_a_queue_that_is_drained_at_once_holds_nothing():
    assert drain(10, 0, 5) == math.inf
    assert drain_burst(5, 50, 60, math.inf, 0, retention_s=600).backlog == 0
    week = drain_week([5.0] * 24, math.inf, 0, retention_s=600)
    assert (week.backlog, week.oldest_s, week.clear_s, week.expires_after_s) == (0, 0, 0, None)


def test_a_queue_drained_as_fast_as_it_fills_never_clears():
    assert drain_burst(10, 20, 60, 10, 1, retention_s=6000).clear_s is None
    assert drain_burst(10, 10, 60, 10, 1, retention_s=6000).clear_s == 0


def by_hour(rates_of_week, weeks, drain_rate, retention_s, *, step_s=60):
    return fluid([(rate, 3600) for rate in [*rates_of_week] * weeks], drain_rate, retention_s, step_s=step_s)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, 10), min_size=24, max_size=24), st.floats(0.5, 11), st.integers(1, 60))
@example([0] * 9 + [10] * 8 + [0] * 7, 4, 50)
@example([0] * 9 + [10] * 8 + [0] * 7, 4, 2)  # expires every day and is empty every night
@example([0] * 9 + [10] * 8 + [0] * 7, 3, 50)  # grows from day to day
@example([5] * 24, 4.9, 30)
def test_a_day_repeated_leaves_what_small_steps_leave(day, drain_rate, retention_h):
    mean = sum(day) / 24
    assume(mean and abs(mean / drain_rate - 1) > 0.01)
    answer = drain_week(day, drain_rate, 1, retention_s=retention_h * 3600)
    overfull = mean > drain_rate
    until_full = drain_rate * retention_h / (mean - drain_rate) / 24 if overfull else 0
    days = 5 + math.ceil(until_full) + math.ceil(retention_h / 24)
    assume(days < 60)
    twin = by_hour(day, days, drain_rate, retention_h * 3600)
    slack = 60 * 3 * max(*day, drain_rate)
    # Where messages expire within an hour in which others come, the most may lie inside the hour.
    inside = 3600 * max(day) if answer.expires_after_s else 0
    assert twin.worst - inside - slack <= answer.backlog <= twin.worst + slack
    assert answer.oldest_s == pytest.approx(twin.oldest, abs=slack / drain_rate + 120)
    before = twin.expired
    for rate in day:
        twin.run(rate, 3600)
    assert answer.expired_share * sum(day) * 3600 == pytest.approx(twin.expired - before, abs=2 * slack)
    if answer.expires_after_s and twin.expired > 10 * slack:
        assert answer.expires_after_s == pytest.approx(twin.first_expired, abs=1800 + slack / drain_rate)
    if answer.clear_s is None:
        assert overfull
        assert twin.emptied is None
    else:
        # Just above what flows in, a little left over takes long to drain.
        slowest = min(drain_rate - rate for rate in day if rate < drain_rate)
        assert answer.clear_s == pytest.approx(twin.longest, abs=slack / slowest + 180)


def test_a_backlog_over_midnight_is_measured_whole():
    late = [0.0] * 20 + [10.0] * 4
    answer = drain_week(late, 4, 1, retention_s=EVER)
    assert answer.backlog == 6 * 4 * 3600
    assert answer.clear_s == pytest.approx(10 * 3600)
    assert answer.oldest_s == pytest.approx(6 * 3600)


def test_many_weeks_until_the_first_message_expires_are_not_walked():
    week = [1.0] * 168
    answer = drain_week(week, 1 - 1e-6, 1, retention_s=EVER)
    assert answer.expires_after_s == pytest.approx(EVER / 1e-6, rel=1e-6)
    assert answer.expires_after_s == pytest.approx(drain_overload(1, 1 - 1e-6, 1, EVER).expires_after_s, rel=1e-6)
    assert answer.backlog == pytest.approx(EVER, rel=1e-3)
    assert answer.clear_s is None


def test_a_constant_shape_below_the_drain_rate_never_waits():
    answer = drain_week([3.0] * 168, 4, 2, retention_s=EVER)
    assert (answer.backlog, answer.oldest_s, answer.clear_s, answer.in_flight) == (0, 0, 0, 6)
    assert WEEK_S == 168 * 3600


class Read(tuple):
    """Hourly rates that count how often one of them is read."""

    reads = 0

    def __iter__(self):
        for rate in super().__iter__():
            self.reads += 1
            yield rate

    def __getitem__(self, place):
        self.reads += 1
        return super().__getitem__(place)


DAY = [0.0] * 9 + [10.0] * 8 + [0.0] * 7


@pytest.mark.parametrize("drain_rate", [3.0, 4.0, 3.333])
@pytest.mark.parametrize("retention_s", [3600, 345_600, 1e9, 3e10, 1e15])
def test_no_retention_makes_the_work_longer(drain_rate, retention_s):
    week = Read(DAY * 7)
    drain_week(week, drain_rate, 1, retention_s=retention_s)
    assert week.reads <= 12 * len(week)


def test_a_retention_of_ages_is_the_long_run():
    # 10 a second for 8 h are 288,000 a day, 3 a second are 259,200: a tenth is lost, and 28,800 more wait each day.
    ever = drain_week(DAY, 3.0, 1, retention_s=1e15)
    assert ever.expired_share == pytest.approx(0.1)
    assert ever.oldest_s == pytest.approx(1e15)
    assert ever.backlog == pytest.approx(8 * 10 / 24 * 1e15)
    assert ever.expires_after_s == pytest.approx(1e15 / 0.1)
    assert ever.clear_s is None
