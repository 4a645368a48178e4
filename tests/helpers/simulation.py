"""The slow twins of cold starts, queues, buckets and limits: every call and every message, one after the other.

`python -m tests.helpers.simulation` prints how far the formulas are from these and from what was measured on AWS.
"""

import heapq
import math
import random
import sys
from collections import deque, namedtuple
from itertools import cycle, pairwise, takewhile

from calculator.load import cold_starts
from pricing.catalogue.keep_alive import keep_alive_of, measured_keep_alives

RATES = (1 / 1000, 1 / 300, 1 / 100, 1 / 30, 1 / 10, 1, 10, 100)
DURATIONS = (0.05, 0.2, 1, 5, 30)
SPREADS = ("exponential", "fixed")
# What the formula says, and what was seen in a simulation, of environments alive and of the share of cold starts.
Compared = namedtuple("Compared", "rate duration_s spread alive alive_seen formula seen")
# Rarer cold starts than this make no difference to anybody, and to simulate enough of them takes long.
COUNTS = 1e-4

# Cold starts measured on AWS Lambda in 2020 with Poisson arrivals: rate [request/s], what a warm call takes [s], share
# of cold starts and its standard error, environments alive in the mean. Rounded from examples/exp.csv of
# https://github.com/pacslab/simfaas: the experiments behind N. Mahmoudi and H. Khazaei, Performance
# Modeling of Serverless Computing Platforms, IEEE Transactions on Cloud Computing, 2020. Idle environments expired
# after 10 minutes then.
MEASURED = (
    (0.0018631, 1.9550, 0.342988, 0.031763, 0.674),
    (0.0024577, 1.9542, 0.210828, 0.037085, 0.814),
    (0.0028816, 1.9524, 0.145431, 0.024181, 0.779),
    (0.0034535, 1.9598, 0.110098, 0.022802, 0.908),
    (0.0042480, 1.9583, 0.079480, 0.012393, 0.946),
    (0.0057248, 1.9517, 0.038285, 0.006170, 1.032),
    (0.0078509, 1.9696, 0.033821, 0.005195, 1.129),
    (0.0163836, 1.9594, 0.019553, 0.002137, 1.270),
    (0.0501200, 1.9671, 0.008542, 0.000936, 2.114),
    (0.0998711, 1.9726, 0.005949, 0.000681, 2.764),
    (0.1003774, 1.9759, 0.005658, 0.000416, 2.889),
    (0.1980761, 1.9861, 0.003724, 0.000275, 3.719),
    (0.3017913, 1.9917, 0.002939, 0.000200, 4.422),
    (0.3974858, 1.9978, 0.002085, 0.000137, 5.045),
    (0.4996728, 2.0067, 0.001913, 0.000097, 5.694),
    (0.5956058, 2.0024, 0.001756, 0.000069, 6.419),
    (0.6972661, 2.0127, 0.001751, 0.000114, 6.928),
    (0.7979431, 2.0155, 0.001560, 0.000062, 7.564),
    (0.9024594, 2.0160, 0.001513, 0.000067, 7.870),
    (1.0005332, 2.0217, 0.001307, 0.000081, 8.397),
)


def poisson(rng, rate):
    """Times of calls at a constant rate."""
    now = 0.0
    while True:
        now += rng.expovariate(rate)
        yield now


def poisson_by_hour(rng, rates):
    """Times of calls at rates that change every hour."""
    for hour, rate in enumerate(cycle(rates)):
        if rate:
            calls = takewhile(lambda time: time < 3600, poisson(rng, rate))
            yield from (hour * 3600 + time for time in calls)


def lifetime(rng, points):
    """How long one idle environment is kept."""
    drawn = rng.random()
    if drawn < points[0][1]:
        return points[0][0]
    for (earlier, share), (later, next_share) in pairwise(points):
        if drawn < next_share:
            return earlier + (later - earlier) * (drawn - share) / (next_share - share)
    return points[-1][0]


def crowd(times, duration_s, keep_alive, rng, *, spread="exponential", calls=100_000, enough=math.inf, warm_up=0.0):
    """Share of cold starts, and environments alive in the mean: each call takes the one used last of those alive."""
    busy, idle = [], []
    counted = cold = 0
    alive_s = 0.0
    for now in times:
        while busy and busy[0] <= now:
            ended = heapq.heappop(busy)
            idle.append((ended, ended + lifetime(rng, keep_alive.points)))
        while idle and idle[-1][1] < now:
            alive_s += since(warm_up, *idle.pop())
        if now >= warm_up:
            counted += 1
            cold += not idle
        if idle:
            alive_s += since(warm_up, idle.pop()[0], now)
        ends = now + (duration_s if spread == "fixed" else rng.expovariate(1 / duration_s))
        alive_s += since(warm_up, now, ends)
        heapq.heappush(busy, ends)
        if counted >= calls or cold >= enough:
            left = sum(since(warm_up, ended, min(expires, now)) for ended, expires in idle)
            left -= sum(end - now for end in busy)
            return cold / counted, (alive_s + left) / (now - warm_up)
    raise AssertionError("calls never end")


def since(start, begins, ends):
    """How much of a time lies after a start."""
    return max(ends - max(begins, start), 0.0)


def cold_share(times, duration_s, keep_alive, rng, **settings):
    """Share of cold starts."""
    return crowd(times, duration_s, keep_alive, rng, **settings)[0]


def crowd_at(rate, duration_s, keep_alive, *, spread, seed=1, calls=100_000, enough=math.inf):
    """Both at a constant rate, once the environments are as many as they become."""
    rng = random.Random(seed)
    warm_up = 2 * keep_alive.points[-1][0] + 20 * duration_s
    times = poisson(rng, rate)
    return crowd(times, duration_s, keep_alive, rng, spread=spread, calls=calls, enough=enough, warm_up=warm_up)


def refused_share(rate, duration_s, servers, *, spread, seed=1, calls=100_000):
    """Share of calls that find all servers busy."""
    rng = random.Random(seed)
    busy, refused = [], 0
    for count, now in enumerate(poisson(rng, rate)):
        if count == calls:
            return refused / calls
        while busy and busy[0] <= now:
            heapq.heappop(busy)
        if len(busy) >= servers:
            refused += 1
        else:
            heapq.heappush(busy, now + (duration_s if spread == "fixed" else rng.expovariate(1 / duration_s)))
    raise AssertionError("calls never end")


def bucket_refusals(rate, bucket, demand_rate, length_s):
    """Requests one by one, evenly spaced: when the first is refused [s], and how many are."""
    tokens, before, first, refused = bucket, 0.0, None, 0
    for number in range(math.floor(demand_rate * length_s)):
        now = number / demand_rate
        tokens = min(tokens + rate * (now - before), bucket)
        before = now
        if tokens >= 1 - 1e-9:
            tokens -= 1
        else:
            refused += 1
            first = now if first is None else first
    return first, refused


class FluidQueue:
    """A queue in small steps, oldest first; what is older than the retention goes."""

    def __init__(self, drain_rate, retention_s, step_s):
        """Empty."""
        self.drain_rate, self.retention_s, self.step_s = drain_rate, retention_s, step_s
        self.waiting = deque()
        self.now = self.amount = 0.0
        self.worst = self.oldest = self.expired = self.longest = self.since = 0.0
        self.first_expired = self.emptied = None

    def run(self, rate, length_s):
        """Let messages flow in at this rate for so long."""
        for _ in range(round(length_s / self.step_s)):
            if rate:
                self.waiting.append([self.now, rate * self.step_s])
                self.amount += rate * self.step_s
            self.now += self.step_s
            self._serve()
            self._expire()
            self.worst = max(self.worst, self.amount)
            if self.waiting:
                self.oldest = max(self.oldest, self.now - self.waiting[0][0])
                self.emptied = None
            else:
                self.longest = max(self.longest, self.now - self.since)
                self.since = self.now
                self.emptied = self.now if self.emptied is None else self.emptied

    def _serve(self):
        left = self.drain_rate * self.step_s * (1 + 1e-9)
        while self.waiting and left > 0:
            served = min(left, self.waiting[0][1])
            left -= served
            self.amount -= served
            self.waiting[0][1] -= served
            if self.waiting[0][1] <= 0:
                self.waiting.popleft()

    def _expire(self):
        while self.waiting and self.now - self.waiting[0][0] > self.retention_s:
            amount = self.waiting.popleft()[1]
            self.amount -= amount
            self.expired += amount
            self.first_expired = self.now if self.first_expired is None else self.first_expired


def serve_queue(arrivals, batch, duration_s, concurrency):
    """Message by message through a function: the most that wait, the longest wait and the last start [s]."""
    free = [0.0] * concurrency
    arrived, worst, longest, taken = 0, 0, 0.0, 0
    now = 0.0
    while taken < len(arrivals):
        now = max(heapq.heappop(free), arrivals[taken])
        while arrived < len(arrivals) and arrivals[arrived] <= now:
            arrived += 1
        worst = max(worst, arrived - taken)
        longest = max(longest, now - arrivals[taken])
        taken = min(arrived, taken + batch)
        heapq.heappush(free, now + duration_s)
    return worst, longest, now


def compare(rates, durations, keep_alive, *, calls, enough):
    """Rate, duration, spread, formula, simulation: where the simulation shows cold starts worth counting."""
    for rate in rates:
        for duration_s in durations:
            formula = cold_starts.crowd(rate, duration_s, keep_alive)
            for spread in SPREADS:
                seen, alive = crowd_at(rate, duration_s, keep_alive, spread=spread, calls=calls, enough=enough)
                if seen > COUNTS:
                    yield Compared(rate, duration_s, spread, formula.environments, alive, formula.cold_share, seen)


def mean_error(rows):
    """Mean of the relative errors of the rows that `compare` gives."""
    errors = [abs(formula / seen - 1) for *_, formula, seen in rows]
    return sum(errors) / len(errors)


def measured_errors():
    """Rate, measured, formula, relative error and its weight (how exactly it was measured)."""
    ten_minutes = measured_keep_alives()["ten_minutes"]
    for rate, duration_s, seen, error, _ in MEASURED:
        formula = cold_starts.cold_share(rate, duration_s, ten_minutes)
        yield rate, seen, formula, abs(formula / seen - 1), seen / error


def within_two_errors():
    """How many of the measured shares of cold starts the formula meets within two of their standard errors."""
    ten_minutes = measured_keep_alives()["ten_minutes"]
    return sum(
        abs(cold_starts.cold_share(rate, duration_s, ten_minutes) - seen) <= 2 * error
        for rate, duration_s, seen, error, _ in MEASURED
    )


def environments_measured():
    """Rate, environments alive as measured on AWS, and by the formula."""
    ten_minutes = measured_keep_alives()["ten_minutes"]
    for rate, duration_s, _, _, alive in MEASURED:
        yield rate, alive, cold_starts.environments_alive(rate, duration_s, ten_minutes)


def report():
    """Print both comparisons."""
    everything = []
    for name, keep_alive in measured_keep_alives().items():
        print(f"\nKeep-alive {name}: rate [1/s], duration [s], durations, formula, simulated, error")
        for row in compare(RATES, DURATIONS, keep_alive, calls=1_000_000, enough=1000):
            everything.append(row)
            rate, duration_s, spread, alive, alive_seen, formula, seen = row
            print(
                f"{rate:9.4f} {duration_s:6.2f} {spread:12} {formula:9.6f} {seen:9.6f} {formula / seen - 1:+7.1%}",
                end="",
            )
            print(f"   alive {alive:9.3f} {alive_seen:9.3f} {alive / alive_seen - 1:+7.1%}")
            sys.stdout.flush()
    print(f"\nMean error against {len(everything)} simulations: {mean_error(everything):.1%}")
    print("\nMeasured on AWS: rate [1/s], measured, formula, error")
    rows = list(measured_errors())
    for rate, seen, formula, error, _ in rows:
        print(f"{rate:9.4f} {seen:9.6f} {formula:9.6f} {error:7.1%}")
    plain = sum(row[3] for row in rows) / len(rows)
    exact = sum(row[3] * row[4] for row in rows) / sum(row[4] for row in rows)
    print(f"Mean error against {len(rows)} measurements: {plain:.1%}; weighted by their exactness: {exact:.1%}")
    print(f"Within two standard errors: {within_two_errors()} of {len(rows)}")
    print("\nEnvironments alive, measured on AWS: rate [1/s], measured, formula, error")
    for rate, alive, formula in environments_measured():
        print(f"{rate:9.4f} {alive:7.3f} {formula:7.3f} {formula / alive - 1:+7.1%}")
    fixed = keep_alive_of(300)
    print(f"Fixed 300 s: {mean_error(compare((0.01, 1), (0.2, 5), fixed, calls=300_000, enough=1000)):.1%}")


if __name__ == "__main__":
    report()
