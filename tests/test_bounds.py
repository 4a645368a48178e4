"""Nothing that passes the door is work without bound: what is done is counted here, and what is refused says why."""

from itertools import pairwise

import pytest

from calculator import InvalidDocument, estimate, limits, parse
from calculator.bill import own_prices
from calculator.document.fields import Quantity
from calculator.document.traffic_schema import MAX_CONNECTIONS
from calculator.limits import growth
from calculator.limits.measured import measured
from calculator.load import cold_starts
from calculator.rules import all_rules, first_error, prices
from calculator.rules.view import View
from calculator.traffic import cold_share, leaving, propagate, walk
from pricing.catalogue.catalogue import connection_inputs
from pricing.catalogue.keep_alive import keep_alive_of, usual_keep_alive
from pricing.formula.reading import as_float

BASE = {"region": "us-east-1", "as_of": "2026-09-01"}
# Every hour of the week another rate, some 170 times as much in the busiest as in the calmest.
UNEVEN = [1 + hour * 37 % 168 for hour in range(168)]
FEW, MANY = [[240, 0], [360, 1]], [[10 * point, point / 99] for point in range(100)]


def function(name, **said):
    return {"name": name, "type": "lambda_function", "duration_ms": 100, "memory_mb": 512, **said}


def chain(length, *, shape="constant", keep_alive=None, duration_ms=100, requests=3e6, **said):
    """Functions that call each other, one after the other."""
    functions = [function(f"f{number}", duration_ms=duration_ms + number, **said) for number in range(length)]
    ends = ["traffic", *(one["name"] for one in functions)]
    traffic = {"requests_per_month": requests, "shape": shape}
    return BASE | {
        "traffic": traffic | ({} if keep_alive is None else {"keep_alive": keep_alive}),
        "components": functions,
        "connections": [{"from": one, "to": other} for one, other in pairwise(ends)],
    }


def faults(document):
    with pytest.raises(InvalidDocument) as refused:
        estimate(parse(document))
    return [(fault.pointer, fault.detail) for fault in refused.value.faults]


class Calls:
    """How often something is called that goes on doing what it does."""

    def __init__(self, monkeypatch, place, name):
        self.count = 0
        self.does = getattr(place, name)
        monkeypatch.setattr(place, name, self)

    def __call__(self, *given, **named):
        self.count += 1
        return self.does(*given, **named)


@pytest.fixture
def _nothing_is_known():
    for known in (cold_starts.crowd, cold_starts.crowd_by_hour, cold_starts._pauses):
        known.cache_clear()


# Cold starts


@pytest.mark.usefixtures("_nothing_is_known")
@pytest.mark.parametrize("keep_alive", [usual_keep_alive(), keep_alive_of(0), keep_alive_of(1e15), keep_alive_of(MANY)])
@pytest.mark.parametrize("load", [1e-9, 0.01, 1, 30, 1000, 1e9])
@pytest.mark.parametrize("weights", [[1.0], [0.0, 1.0, 2.0], UNEVEN])
def test_cold_starts_take_no_more_steps_than_were_counted(monkeypatch, keep_alive, load, weights):
    rates = [load * weight / max(weights) for weight in weights]
    counted = cold_starts.cold_steps(rates, 1)
    steps = Calls(monkeypatch, cold_starts, "_gap")
    cold_starts.cold_share_by_hour(rates, 1, keep_alive)
    assert 0 < steps.count <= counted


@pytest.mark.usefixtures("_nothing_is_known")
def test_a_keep_alive_of_many_points_is_looked_at_once(monkeypatch):
    looks = Calls(monkeypatch, cold_starts, "_cold_in_exponential")
    for load in (0.1, 1, 10, 100, 1000):
        cold_starts.cold_share(load, 1, keep_alive_of(MANY))
    assert looks.count < 400


@pytest.mark.usefixtures("_nothing_is_known")
@pytest.mark.parametrize("load", [0.01, 1, 30, 1000, 5000])
def test_what_is_read_between_looks_is_what_looks_say(load, monkeypatch):
    def exact(rates, keep_alive):
        calls = sum(rates)
        return sum(rate * cold_starts.crowd.__wrapped__(rate, 1, keep_alive).cold_share for rate in rates) / calls

    rates = [load * weight / 168 for weight in UNEVEN]
    assert cold_starts.cold_share_by_hour(rates, 1, usual_keep_alive()) == pytest.approx(
        exact(rates, usual_keep_alive()), rel=5e-3
    )
    dense = keep_alive_of(MANY)
    read = cold_starts.cold_share_by_hour(rates[:3], 1, dense)
    monkeypatch.setattr(cold_starts, "FEW_POINTS", len(MANY))
    cold_starts._pauses.cache_clear()
    assert read == pytest.approx(exact(rates[:3], dense), rel=1e-3)


@pytest.mark.usefixtures("_nothing_is_known")
@pytest.mark.parametrize("keep_alive", [FEW, MANY])
def test_cold_starts_are_worked_out_once_for_a_document_and_all_that_it_could_be(monkeypatch, keep_alive):
    steps = Calls(monkeypatch, cold_starts, "_gap")
    document = chain(30, shape=UNEVEN, keep_alive=keep_alive, duration_ms=900, requests=3e9, init_ms=500)
    counted = cold_share.steps_of(parse(chain(30, shape=UNEVEN, duration_ms=900, requests=3e9)))
    read = steps.count
    answer = estimate(parse(document))
    assert all(one.cold_share > 0 for one in answer.functions)
    assert answer.functions[0].remedies[0].cost is not None
    # The shares of the document; then those of functions in half of the time and the like, a few for each change.
    assert read <= counted
    assert steps.count <= 3 * counted


def test_a_thousand_functions_of_any_load_are_within_the_bound_under_an_even_load():
    assert 1000 * cold_starts.cold_steps([1e9], 900) <= cold_share.MOST_STEPS


def test_more_work_on_cold_starts_than_is_taken_is_refused_before_it_is_done(monkeypatch):
    steps = Calls(monkeypatch, cold_starts, "_gap")
    ((pointer, told),) = faults(chain(1000, shape=UNEVEN, duration_ms=60_000, requests=1e12, init_ms=500))
    assert pointer == "/components"
    assert f"at most {cold_share.MOST_STEPS:,} are taken" in told
    assert "cold_start_share" in told
    assert steps.count == 0
    stated = chain(1000, shape=UNEVEN, duration_ms=60_000, requests=1e12, init_ms=500, cold_start_share=0.01)
    assert len(parse(stated).components) >= 1000
    unconnected = [function(f"f{one}", requests=1e12 + one, duration_ms=60_000) for one in range(1000)]
    traffic = {"requests_per_month": 1, "shape": UNEVEN}
    ((pointer, told),) = faults(BASE | {"traffic": traffic, "components": unconnected})
    assert pointer == "/components"
    assert steps.count == 0


# Connections


def crowd(length, *, ways):
    """Functions that call one over many connections, which calls others over as many."""
    functions, others = ([function(f"{kind}{number}") for number in range(length)] for kind in "ft")
    return BASE | {
        "traffic": {"requests_per_month": 3e6},
        "components": [*functions, function("hub"), *others],
        "connections": [
            *({"from": "traffic", "to": one["name"], "share": 1 / length} for one in functions),
            *({"from": f"f{number % length}", "to": "hub", "calls": 0.1} for number in range(ways // 2)),
            *({"from": "hub", "to": f"t{number % length}", "calls": 0.1} for number in range(ways // 2)),
        ],
    }


def ring(length):
    """Queues and functions in a circle: half of what comes goes on."""
    names = [f"{kind}{number}" for number in range(length) for kind in "qf"]
    queues = {name: {"name": name, "type": "sqs_queue"} for name in names if name[0] == "q"}
    ways = [{"from": one, "to": other} for one, other in pairwise([*names, names[0]])]
    return BASE | {
        "traffic": {"requests_per_month": 3e6},
        "components": [queues.get(name) or function(name) for name in names],
        "connections": [
            {"from": "traffic", "to": "q0"},
            *(way | ({"calls": 0.5} if way["from"][0] == "f" else {"batch": 10}) for way in ways),
        ],
    }


def test_what_connections_say_is_read_once_for_all_that_grows(monkeypatch):
    architecture = parse(crowd(10, ways=300))
    monkeypatch.setattr(prices, "MOST_WORK", 0)
    read, looks = Calls(monkeypatch, walk, "read_connection"), Calls(monkeypatch, growth, "measured")
    estimate(architecture)
    # The bill, growth, the first error, and the same at business hours.
    assert looks.count > 3
    assert read.count <= 4 * len(architecture.connections)


def test_what_arrives_is_gathered_once_for_all_that_leaves(monkeypatch):
    architecture = parse(crowd(10, ways=1900))
    gathered = Calls(monkeypatch, leaving, "arriving_at")
    measured(architecture, as_float)
    assert gathered.count <= len(architecture.components)


def test_of_a_connection_only_what_is_said_is_looked_at(monkeypatch):
    looked = []
    deserialize = Quantity.deserialize

    def deserialized(field, value, name=None, *rest, **named):
        looked.append(name)
        return deserialize(field, value, name, *rest, **named)

    monkeypatch.setattr(Quantity, "deserialize", deserialized)
    document = crowd(1, ways=2)
    parse(document)
    said = [name for one in document["connections"] for name in one if name in connection_inputs()]
    assert sorted(name for name in looked if name in connection_inputs()) == sorted(said)


def test_a_circle_is_gone_round_until_it_is_settled(monkeypatch):
    architecture = parse(ring(20))
    rounds = Calls(monkeypatch, propagate, "_return")
    settled = measured(architecture, as_float).flow
    assert rounds.count <= walk.USUAL_CORRECTIONS
    monkeypatch.setattr(propagate, "_is_settled", lambda *_: False)
    assert [one["peak_rps"] for one in settled.inputs if "peak_rps" in one] == pytest.approx(
        [one["peak_rps"] for one in measured(architecture, as_float).flow.inputs if "peak_rps" in one], rel=1e-12
    )
    assert rounds.count > walk.CORRECTIONS


@pytest.mark.parametrize("document", [crowd(5, ways=100), crowd(10, ways=1900), ring(50), chain(300)])
def test_growth_is_looked_at_by_components_and_connections(monkeypatch, document):
    architecture = parse(document)
    visits = walk.visits_of(architecture)
    assert visits >= len(architecture.components) + len(architecture.connections)
    looks, errors = Calls(monkeypatch, growth, "measured"), Calls(monkeypatch, first_error, "propagate")
    estimate(architecture)
    fixed = len(growth.GROWN) + len(growth.SHRUNK) + 1
    # Where errors are looked for, and where all is looked at again at business hours.
    assert 0 < looks.count <= fixed + 1 + max(growth.LEAST_LOOKS, growth.MOST_VISITS // visits)
    assert errors.count <= 2 + max(first_error.LEAST_LOOKS, first_error.MOST_VISITS // visits)


def reserved(length):
    """Functions with a reservation each, which break it one after the other: none at the same multiple."""
    functions = [
        function(f"f{one}")
        | {"reserved_concurrency": 10, "peak_rps": 100 / (1.01 + 0.3 * one / length), "requests": 1e3}
        for one in range(length)
    ]
    return BASE | {"account": {"quotas": {"lambda_concurrency_account": 1e9}}, "components": functions}


@pytest.mark.parametrize("length", [100, 900])
def test_limits_that_all_break_elsewhere_are_looked_at_within_the_budget(monkeypatch, length):
    architecture = parse(reserved(length))
    looks = Calls(monkeypatch, growth, "measured")
    answer = limits(architecture)
    fixed = len(growth.GROWN) + len(growth.SHRUNK) + 1 + len(growth.BETWEEN)
    assert looks.count <= fixed + max(growth.LEAST_LOOKS, growth.MOST_VISITS // length)
    found = sorted(one.multiple for one in answer.headroom if one.quota == "lambda_reserved_concurrency")
    assert found == pytest.approx([1.01 + 0.3 * one / length for one in range(length)])
    assert answer.growth.multiple == pytest.approx(1.01)


def test_what_there_is_no_time_to_narrow_down_is_told_as_what_holds_at_least(monkeypatch):
    document = ring(20)
    exact = limits(parse(document)).growth
    monkeypatch.setattr(growth, "MOST_VISITS", 0)
    monkeypatch.setattr(growth, "LEAST_LOOKS", 0)
    told = limits(parse(document)).growth
    assert "at least" not in exact.text
    assert told.text.startswith("you can grow at least ")
    assert 1 <= told.multiple <= exact.multiple


def test_functions_are_not_counted_anew_for_each_region(monkeypatch):
    names = [f"{first}{second}-north-1" for first in "abcdefghij" for second in "abcdefghij"]
    functions = [function(name) | {"region": name, "requests": 1e6} for name in names]
    counted, of = [], View.of
    monkeypatch.setattr(View, "of", lambda view, *types: counted.append(types) or of(view, *types))
    limits(parse(BASE | {"components": functions}))
    assert 0 < len(counted) < 3 * len(all_rules())


def test_connections_are_found_by_their_ends():
    document = crowd(10, ways=400)
    view = first_error.Looks(parse(document)).at(1.0)
    hub = next(one for one in view.components if one.name == "hub")
    assert [*view.into(hub)] == [one for one in view.connections if one.target is hub]
    ends = {"lambda_function"}, {"lambda_function", "log_group"}
    found = [
        one for one in view.connections if one.source and one.source.type in ends[0] and one.target.type in ends[1]
    ]
    assert [*view.between(*ends)] == found


# What passes the door


def privately(document):
    """The document with every other function in private subnets of another region."""
    for one in document["components"][::2]:
        one |= {"private_subnets": True, "region": "eu-west-1"}
    return document


@pytest.mark.parametrize(
    ("document", "told"),
    [
        (crowd(10, ways=3000), f"expected a list of at most {MAX_CONNECTIONS} connections, not 3010"),
        (ring(300), f"at most {walk.MAX_PARTS} components and connections, where those of circles count five times"),
        (
            privately(crowd(400, ways=1590)),
            f"at most {walk.MAX_PARTS} components and connections, with the hidden lines that they cause; these are",
        ),
    ],
)
def test_what_is_too_large_is_refused_with_the_bound(document, told):
    with pytest.raises(InvalidDocument) as refused:
        parse(document)
    assert [fault.pointer for fault in refused.value.faults] == ["/connections"]
    assert told in refused.value.faults[0].detail


def test_environments_of_stated_cold_starts_are_worked_out_where_they_take_few_steps(monkeypatch):
    steps = Calls(monkeypatch, cold_starts, "_gap")
    stated = {"duration_ms": 60_000, "requests": 1e12, "cold_start_share": 0.01}
    assert {one.mean_environments for one in limits(parse(chain(100, shape=UNEVEN, **stated))).functions} == {None}
    few = limits(parse(chain(2, shape=UNEVEN, **stated))).functions
    assert all(one.peak_environments > one.mean_environments > one.mean_concurrency for one in few)
    assert 0 < steps.count <= cold_share.MOST_STEPS


# Changes that are priced


def priced(monkeypatch, document):
    """How many documents are priced beside the document itself, and how many single components."""
    calls = Calls(monkeypatch, prices, "parse")
    architecture = parse(document)
    estimate(architecture)
    return calls.count, prices.work_of(architecture)


@pytest.mark.parametrize("length", [1, 10, 100, 300])
def test_changes_are_priced_within_the_budget(monkeypatch, length):
    looks, work = priced(monkeypatch, chain(length, init_ms=400))
    assert work >= 2 * length
    assert looks > 1
    assert prices.OWN_WORK * work + looks * prices.ALONE <= prices.MOST_WORK


def left_out(answer):
    """How many changes the answer says were not priced."""
    return [one.value for one in answer.assumptions if one.unit == "change"]


@pytest.mark.parametrize("document", [chain(1000, init_ms=400), crowd(50, ways=1900)])
def test_of_the_largest_architectures_no_change_is_priced_which_is_told(monkeypatch, document):
    looks, work = priced(monkeypatch, document)
    assert prices.OWN_WORK * work >= prices.MOST_WORK
    assert looks == 0
    assert left_out(estimate(parse(document)))[0] > 0
    assert not left_out(estimate(parse(chain(5))))


def test_a_budget_counts_before_it_gives():
    budget = prices.Budget(10)
    assert [budget.takes(4) for _ in range(3)] == [True, True, False]
    assert (budget.takes(2), budget.takes(1), budget.left) == (True, False, 0)
    assert budget.refused == 2


def test_every_change_of_a_small_architecture_is_priced():
    answer = estimate(parse(chain(10, init_ms=400, shape="business_hours", requests=1e5)))
    remedies = [remedy for one in answer.functions for remedy in one.remedies]
    assert len(remedies) == 4 * 10
    assert None not in {remedy.cost for remedy in remedies} | {one.init_cost for one in answer.functions}


# Own prices


def test_a_price_book_is_compared_with_meters_not_with_lines(monkeypatch):
    queues = [{"name": f"q{one}", "type": "sqs_queue", "messages": 5e6 + one} for one in range(200)]
    book = {
        "discounts": [{"on": "sqs_queue", "percent": one % 100} for one in range(200)],
        "commitments": [{"on": "*", "usd_per_hour": 0.001, "percent": 10} for _ in range(200)],
    }
    architecture = parse(BASE | {"components": queues, "account": {"price_book": book}})
    compared, shared = Calls(monkeypatch, own_prices, "covers"), Calls(monkeypatch, own_prices, "ratio")
    monkeypatch.setattr(prices, "MOST_WORK", 0)
    estimate(architecture)
    assert compared.count == 200
    assert shared.count == 200


def test_two_commitments_one_after_the_other_cover_what_a_hand_makes_of_them():
    # 4,000,000 messages are 12,000,000 requests, 1,000,000 of them free: $4.40. The first, of $0.73 a month at 10 %
    # less, covers $0.73 / 0.9; of the rest the second, of $1.46 a month at 20 % less, covers $1.46 / 0.8.
    book = {
        "commitments": [
            {"on": "sqs_queue", "usd_per_hour": 0.001, "percent": 10},
            {"on": "*", "usd_per_hour": 0.002, "percent": 20},
        ]
    }
    queues = [{"name": f"q{one}", "type": "sqs_queue", "messages": one * 1e6} for one in (3, 1)]
    answer = estimate(parse(BASE | {"components": queues, "account": {"price_book": book}}))
    left = 4.4 - 0.73 / 0.9 - 1.46 / 0.8
    costs = [item.cost for item in answer.line_items if item.meter == "sqs_queue.requests"]
    assert costs == pytest.approx([left * 3 / 4, left / 4])
    assert answer.total == pytest.approx(left + 0.73 + 1.46)


def test_limits_of_a_long_chain_are_found():
    assert limits(parse(chain(1000))).growth.multiple is not None
