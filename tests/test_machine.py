"""The machine against plain Python: each instruction, alone and fused, and programs of all of them at random."""

import math
import random
from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calculator import parse, sweep
from pricing.formula import machine as m
from pricing.formula.language import ceil, ceil_beyond, maximum, minimum, ratio, several, share_above, tiered, where
from pricing.formula.plan import Limit, make_plan
from pricing.formula.rounding import WHOLE
from pricing.formula.spread import Spread
from pricing.formula.varying import varying
from pricing.prices.pricelist import Tier, rate_of
from tests.helpers.documents import document_of
from tests.helpers.plans import compute, inputs, run

NAMES = "abcdef"
# A fused instruction may round in another order than Python: a few times 2**-53.
BOUND = 1e-15
# Sums of shares, by logarithms and error functions of two libraries.
SUMS = 1e-12


def rate(*prices, step=10):
    """A rate of tiers that are `step` wide."""
    tiers = [Tier(Decimal(step * i), Decimal(str(price))) for i, price in enumerate(prices)]
    return rate_of(tiers, meter="m.x", region="r", source="s", effective=date.min, checked=date.min)


FALLING = [0.4, 0.3, 0.24, 0.2, 0.15, 0.11]
RATES = {n: rate(*FALLING[:n]) for n in range(1, 7)}

# Rules as they are written; together they need every instruction, which a test below holds.
RULES = {
    "a product": lambda a, b: a * b,
    "a product with a constant": lambda a, b: a * 3 * b / 1024,
    "three factors": lambda a, b, c: a * b * c / 1000,
    "four factors": lambda a, b, c, d: a * b * c * d * 7,
    "six factors": lambda a, b, c, d, e, f: a * b * c * d * e * f,
    "a square": lambda a: a * a,
    "a ceiling": ceil,
    "a ceiling of a quotient": lambda a: ceil(a / 7),
    "a ceiling of a product": lambda a, b: ceil(a * b / 64),
    "a ceiling of a sum": lambda a, b: ceil(a + b),
    "a ceiling of a ceiling": lambda a: ceil(ceil(a / 3) / 2),
    "a factor and a ceiling": lambda a, b: a * ceil(b / 100),
    "two ceilings": lambda a, b: ceil(a / 3) * ceil(b / 7),
    "two factors and a ceiling": lambda a, b, c: a * ceil(b) * c / 1024,
    "a factor and two ceilings": lambda a, b, c: a * ceil(b / 100) * ceil(c / 64),
    "a factor and three ceilings": lambda a, b, c, d: a * ceil(b / 2) * ceil(c / 3) * ceil(d / 5) / 9,
    "three factors and two ceilings": lambda a, b, c, d, e: a * b * c * ceil(d / 2) * ceil(e / 3),
    "a ceiling used twice": lambda a, b: ceil(a / 7) * b + ceil(a / 7),
    "a sum": lambda a, b: a + b,
    "a sum with a constant": lambda a, b: a + b + 5,
    "three terms": lambda a, b, c: a + b + c,
    "four terms": lambda a, b, c, d: a + (b + c) + d + 1,
    "six terms": lambda a, b, c, d, e, f: a + b + c + d + e + f + 2,
    "a term twice": lambda a: a + a,
    "a term plus a product": lambda a, b, c: a + b * c,
    "a term plus two products": lambda a, b, c, d, e: a + b * c + d * e,
    "two products": lambda a, b, c, d: a * b + c * d,
    "four products and a constant": lambda a, b, c, d, e, f: a * b + c * d + e * f + a * f + 3,
    "a square plus a term": lambda a, b: a * a + b,
    "a product with a constant plus a term": lambda a, b, c: 3 * a * b + c,
    "a multiple": lambda a: a * 3,
    "a part": lambda a: a / 1000 / 1024,
    "a constant more": lambda a: a + 2,
    "a multiple and a constant": lambda a: 2 * a + 1,
    "a difference": lambda a, b: a - b,
    "what is left of a constant": lambda a: 5 - a,
    "nothing changed": lambda a: (a * 1 + 0 - 0) / 1,
    "nothing left": lambda a: a * 0 + 4,
    "the positive part of a difference": lambda a, b: maximum(a - b, 0),
    "what is above a constant": lambda a: maximum(a - 12, 0),
    "the positive part": lambda a: maximum(0, a),
    "at least so much": lambda a: maximum(a + 3, 0),
    "1 tier": lambda a: tiered(a, RATES[1]),
    "2 tiers": lambda a: tiered(a, RATES[2]),
    "3 tiers": lambda a: tiered(a, RATES[3]),
    "4 tiers": lambda a: tiered(a, RATES[4]),
    "5 tiers": lambda a: tiered(a, RATES[5]),
    "6 tiers": lambda a: tiered(a, RATES[6]),
    "a free tier and 1 tier": lambda a: tiered(maximum(a - 7, 0), RATES[1]),
    "a free tier and 4 tiers": lambda a: tiered(maximum(a - 7, 0), RATES[4]),
    "a free tier and 6 tiers": lambda a: tiered(maximum(a - 7, 0), RATES[6]),
    "a free tier that is used up": lambda a: tiered(maximum(a - 0, 0), RATES[3]),
    "tiers of a sum": lambda a, b: tiered(a + b, RATES[3]),
    "a share of 1 tier": lambda a, b: b * ratio(tiered(a, RATES[1]), a),
    "a share of a free tier and 1 tier": lambda a, b: b * ratio(tiered(maximum(a - 7, 0), RATES[1]), a),
    "a share of 2 tiers": lambda a, b: b * ratio(tiered(a, RATES[2]), a),
    "a share of 3 tiers": lambda a, b: b * ratio(tiered(maximum(a - 7, 0), RATES[3]), a),
    "a share of 4 tiers": lambda a, b: b * ratio(tiered(a, RATES[4]), a),
    "a share of 6 tiers": lambda a, b: b * ratio(tiered(a, RATES[6]), a),
    "tiers and their share": lambda a, b: tiered(a, RATES[2]) + b * ratio(tiered(a, RATES[2]), a),
    "what varies, rounded up": lambda a: ceil(varying(a, Spread(0.4)) / 7),
    "what varies and what does not": lambda a, b: ceil((varying(a, Spread(1.5)) + b) / 64, 1),
    "what varies above a constant": lambda a: ceil((varying(a, Spread(0.01)) - 256) / 64),
    "what varies, cut off": lambda a, b: b * (ceil(varying(a, Spread(0.4))) - ceil_beyond(varying(a, Spread(0.4)), 40)),
    "the share of what varies above a number": lambda a: share_above(varying(a, Spread(0.4)), 40),
    "a batch of what varies": lambda a, b: ceil(several(b, varying(a, Spread(0.4))) / 64),
    "samples, rounded up": lambda a, b: b * ceil(varying(a, Spread(0.6, (0.2, 0.3, 0.8, 2.7))) / 5, 1),
    "a batch of samples": lambda a, b: ceil(several(b, varying(a, Spread(0.6, (0.2, 0.3, 0.8, 2.7)))) / 5),
    "the larger": maximum,
    "the larger of a constant": lambda a: maximum(a, 5),
    "the smaller": minimum,
    "the smaller of a constant": lambda a: minimum(5, a),
    "a quotient": lambda a, b: a / (b + 1),
    "a quotient of a constant": lambda a: 7 / (a + 1),
    "a ratio": ratio,
    "a choice by size": lambda a, b, c, d: where(a > b, c, d),
    "a choice by a constant": lambda a, b: where(a > 5, b, 0),
    "a choice the other way": lambda a, b: where(a < b, 1, 2),
}


def columns_of(rule, count, seed=1):
    """Quantities with zeros, whole steps and thresholds among them."""
    draw = random.Random(seed)
    names = NAMES[: rule.__code__.co_argcount]
    kinds = [lambda: 0.0, lambda: float(draw.randrange(70)), lambda: draw.uniform(0, 70), lambda: draw.uniform(0, 1e9)]
    return {name: [draw.choice(kinds)() for _ in range(count)] for name in names}


def by_python(rule, columns):
    return np.array([float(rule(*row)) for row in zip(*columns.values(), strict=True)])


def arguments(rule):
    return inputs(*NAMES[: rule.__code__.co_argcount])


@pytest.mark.parametrize("name", RULES)
def test_an_instruction_does_what_python_does(name):
    rule = RULES[name]
    columns = columns_of(rule, 300)
    (found,), _ = compute([rule(*inputs(*columns))], columns)
    operations = {row[0] for row in make_plan([rule(*arguments(rule))], []).instructions}
    # A share is the difference of two sums, of numbers up to 1e9.
    bound, apart = (SUMS, 1e-6) if m.MEAN_CEIL in operations else (BOUND, 0)
    np.testing.assert_allclose(found, by_python(rule, columns), rtol=bound, atol=apart)


def test_the_rules_and_the_limits_reach_every_operation():
    plans = [make_plan([rule(*arguments(rule))], []) for rule in RULES.values()]
    limits = [Limit(*sides(*arguments(sides)), minimum_) for sides, minimum_ in CHECKS.values()]
    plans += [make_plan([], [limit]) for limit in limits]
    reached = {row[0] for plan in [*plans, make_plan([], limits)] for row in plan.instructions}
    sizes = {"BLOCK", "READ_AHEAD", "STRIDE", "WIDTH"}
    known = {name: x for name, x in vars(m).items() if name.isupper() and type(x) is int and name not in sizes}
    assert {name for name, operation in known.items() if operation not in reached} == set()


@pytest.mark.parametrize("count", [1, 2, m.BLOCK - 1, m.BLOCK, m.BLOCK + 1, 3 * m.BLOCK + 7])
def test_every_count_of_scenarios_is_filled(count):
    rules = [RULES[name] for name in ("a factor and two ceilings", "a share of 3 tiers", "a difference", "6 tiers")]
    columns = columns_of(rules[0], count)
    formulas = dict(zip(columns, inputs(*columns), strict=True))
    outputs = [rule(*(formulas[name] for name in NAMES[: rule.__code__.co_argcount])) for rule in rules]
    found, _ = compute(outputs, columns)
    for rule, row in zip(rules, found, strict=True):
        used = {name: columns[name] for name in NAMES[: rule.__code__.co_argcount]}
        np.testing.assert_allclose(row, by_python(rule, used), rtol=BOUND, atol=0)


def test_the_inputs_are_left_as_they_are():
    columns = {"a": np.arange(700.0), "b": np.arange(700.0) + 1}
    a, b = inputs("a", "b")
    compute([a * b, a + b, a, ceil(b / 3)], columns)
    assert (columns["a"] == np.arange(700.0)).all()
    assert (columns["b"] == np.arange(700.0) + 1).all()


def test_outputs_may_be_inputs_constants_and_each_other():
    (a,) = inputs("a")
    twice = a * 2
    found, _ = compute([a, 4.5, twice, twice, 0], {"a": [1.0, 2.0, 3.0]})
    assert found.tolist() == [[1, 2, 3], [4.5] * 3, [2, 4, 6], [2, 4, 6], [0, 0, 0]]


def over(demand, limit):
    return demand * WHOLE > limit


def under(demand, limit):
    return demand < limit * WHOLE


CHECKS = {
    "above a constant": (lambda a: (a, 5.0), False),
    "a multiple above a constant": (lambda a: (a * 3, 5.0), False),
    "a product above a constant": (lambda a, b: (a * b, 50.0), False),
    "above nothing": (lambda a: (a, 0.0), False),
    "above a limit that varies": (lambda a, b: (a, b), False),
    "a constant above a limit that varies": (lambda a: (5.0, a), False),
    "a constant above a constant": (lambda: (5.0, 4.0), False),
    "below a constant": (lambda a: (a, 5.0), True),
    "a part below a constant": (lambda a: (a / 1000, 0.005), True),
    "below a limit that varies": (lambda a, b: (a, b), True),
    "what falls above a constant": (lambda a: (10 - a, 5.0), False),
    "a negative multiple above a constant": (lambda a: (0 - a * 2, -9.0), False),
}


@pytest.mark.parametrize("name", CHECKS)
def test_a_limit_is_checked_as_python_does(name):
    sides, minimum_ = CHECKS[name]
    columns = columns_of(sides, 300) or {"unused": [0.0] * 3}
    used = columns if sides.__code__.co_argcount else {}
    (a,) = inputs("a")
    plan = make_plan([a], [Limit(*sides(*inputs(*used)), minimum_)])
    _, (broken,) = run(plan, {"a": [0.0] * 3} | columns)
    test = under if minimum_ else over
    rows = zip(*used.values(), strict=True) if used else [()] * 3
    assert broken.tolist() == [test(*sides(*row)) for row in rows]


def test_all_limits_are_checked_together_as_python_does():
    columns = columns_of(lambda a, b: 0, 300)
    a, b = inputs("a", "b")
    rows = list(zip(columns["a"], columns["b"], strict=True))
    limits = [Limit(*sides(*(a, b)[: sides.__code__.co_argcount]), minimum_) for sides, minimum_ in CHECKS.values()]
    _, broken = compute([], columns, limits)
    for (sides, minimum_), found in zip(CHECKS.values(), broken, strict=True):
        test = under if minimum_ else over
        assert found.tolist() == [test(*sides(*row[: sides.__code__.co_argcount])) for row in rows]


def test_a_demand_of_exactly_its_limit_does_not_break_it():
    """In floats 0.1 * 3 is a little more than 0.3, and 0.7 + 0.1 a little less than 0.8."""
    a, b, c, d = inputs(*"abcd")
    maxima = [(a * b, 0.3), (a * b, b / 10), (a * b / 3, 0.1), (0.8, c + d)]
    minima = [(c + d, 0.8), (c + d, d * 8), (0.3, a * b), (2 * (c + d), 1.6)]
    limits = [Limit(*sides, False) for sides in maxima] + [Limit(*sides, True) for sides in minima]
    _, broken = compute([a], {"a": [0.1], "b": [3.0], "c": [0.7], "d": [0.1]}, limits)
    assert not broken.any()


def test_more_limits_than_a_word_has_bits():
    (a,) = inputs("a")
    edges = [float(n) for n in range(200)]
    plan = make_plan([a], [Limit(a, edge, False) for edge in edges])
    assert plan.words == 4
    values = [0.0, 0.5, 62.0, 62.5, 63.0, 63.5, 64.0, 126.5, 199.0, 199.5]
    _, broken = run(plan, {"a": values})
    assert broken.T.tolist() == [[value > edge for edge in edges] for value in values]


def test_more_steps_than_anything_is_sized_for():
    """A sum of 3,000 rules is not deeper than Python's stack, and its slots are used again."""
    formulas = inputs("a", "b")
    terms = [ceil(formulas[0] / (n + 1)) * formulas[1] for n in range(1, 3000)]
    total = terms[0]
    for term in terms[1:]:
        total = total + term
    plan = make_plan([total], [])
    assert len(plan.fixed) < 3100
    (found,), _ = run(plan, {"a": [10.0, 100.0], "b": [1.0, 2.0]})
    expected = [b * sum(math.ceil(a / (n + 1)) for n in range(1, 3000)) for a, b in ((10, 1), (100, 2))]
    assert found.tolist() == expected


# Programs at random. Whole numbers and prices of a quarter are exact in floats in any order, so results must be equal.
DYADIC = [rate(*[0.5, 0.25, 0.75, 1, 0.25][:n], step=4) for n in range(1, 6)]
LEAF = st.sampled_from([*NAMES[:4], 0, 1, 2, 3, 0.5])


def grown(children):
    pairs = st.tuples(st.sampled_from(["+", "-", "*", "max", "min", "+", "*"]), children, children)
    tiers = st.tuples(st.just("tiered"), children, st.integers(0, 4))
    free = st.tuples(st.just("free"), children, st.integers(0, 5))
    ceilings = st.tuples(st.just("ceil"), children, st.sampled_from([1, 2, 4]))
    choices = st.tuples(st.just("where"), children, children, children, children)
    return pairs | tiers | free | ceilings | choices


TREES = st.recursive(LEAF, grown, max_leaves=12)

BINARY = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "max": maximum,
    "min": minimum,
}


def value(tree, known):
    """A tree on whatever kind of number `known` holds."""
    if not isinstance(tree, tuple):
        return known[tree] if isinstance(tree, str) else tree
    operation, *parts = tree
    if operation == "tiered":
        return tiered(maximum(value(parts[0], known), 0), DYADIC[parts[1]])
    if operation == "free":
        return maximum(value(parts[0], known) - parts[1], 0)
    if operation == "ceil":
        return ceil(value(parts[0], known) / parts[1])
    a, b, *rest = (value(part, known) for part in parts)
    return where(a > b, *rest) if operation == "where" else BINARY[operation](a, b)


@settings(max_examples=250)
@given(
    st.lists(TREES, min_size=1, max_size=4),
    st.lists(st.tuples(TREES, TREES, st.booleans()), max_size=3),
    st.lists(st.tuples(*[st.integers(0, 6)] * 4), min_size=1, max_size=4),
)
def test_a_program_at_random_does_what_python_does(outputs, limits, rows):
    traced = dict(zip(NAMES, inputs(*NAMES[:4]), strict=False))
    columns = {name: [float(row[i]) for row in rows] for i, name in enumerate(NAMES[:4])}
    plan_limits = [Limit(value(a, traced), value(b, traced), minimum_) for a, b, minimum_ in limits]
    found, broken = compute([value(tree, traced) for tree in outputs], columns, plan_limits)
    for j, row in enumerate(rows):
        known = {name: float(x) for name, x in zip(NAMES, row, strict=False)}
        assert [float(value(tree, known)) for tree in outputs] == found[:, j].tolist()
        tests = [(under if minimum_ else over)(value(a, known), value(b, known)) for a, b, minimum_ in limits]
        assert tests == broken[:, j].tolist()


@pytest.mark.parametrize("threads", [2, 3])
def test_threads_change_no_bit(threads):
    function = {"name": "c", "type": "lambda_function", "requests": 10**7, "duration_ms": 120, "memory_mb": 512}
    queue = {"name": "jobs", "type": "sqs_queue", "messages": 10**6}
    architecture = parse(document_of(function, queue))
    count = 2 * getattr(m, "STRIDE", m.BLOCK) + 5
    draw = np.random.default_rng(1)
    columns = {"c.requests": draw.uniform(0, 1e9, count), "jobs.messages": draw.uniform(0, 1e9, count)}
    columns["c.peak_rps"] = draw.uniform(0, 1e5, count)
    alone, together = sweep(architecture, columns), sweep(architecture, columns, threads=threads)
    assert alone.totals.tobytes() == together.totals.tobytes()
    assert all(alone.costs[name].tobytes() == together.costs[name].tobytes() for name in ("c", "jobs"))
    assert alone.masks.tobytes() == together.masks.tobytes()
    assert 0 < alone.feasible.sum() < count
