"""Limits and sweeps: floats decide as exact numbers do, and every scenario of a sweep is an estimate."""

from collections import defaultdict
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calculator import estimate, parse, sweep
from calculator.bill.bill import draw_up
from pricing.catalogue.catalogue import component_type, quota_named
from pricing.formula.reading import as_decimal, as_float
from tests.helpers.documents import (
    TYPES,
    combinations,
    document_of,
    documents,
    full_component,
    inputs_without_price,
    is_monthly,
    numeric_inputs,
    whole_component,
)
from tests.helpers.flowing import measure

# A usage is a product of some factors, and a pool a sum of usages.
BOUND = 1e-12


def exact_violations(architecture):
    """(quota, components, region) of what exceeds its limit in Decimal, but for an error in the 25th digit."""
    found, tolerance = set(), 1 + Decimal("1e-25")
    for check in draw_up(architecture, as_decimal).checks:
        demand, limit = Decimal(check.demand), Decimal(check.limit)
        broken = demand * tolerance < limit if check.quota.kind == "minimum" else demand > limit * tolerance
        if broken:
            names = tuple(architecture.components[index].name for index in check.components)
            found.add((check.quota.name, names, check.region))
    return found


def limits_of(stem, chosen):
    """The values, in all regions, of the quotas that a component demands of: those of its type and of others."""
    architecture = parse(document_of(full_component(stem, chosen)))
    quotas = [quota_named(demand.quota) for demand in measure(architecture, as_decimal)[1]]
    return {float(value) for quota in quotas for value in (quota.value, *quota.regions.values())} - {0.0}


LIMITED = [stem for stem in TYPES if any(limits_of(stem, chosen) for chosen in combinations(stem))]


@pytest.mark.parametrize("type_name", LIMITED)
@settings(max_examples=60)
@given(data=st.data())
def test_violations_are_those_of_exact_numbers(type_name, data):
    architecture = parse(data.draw(documents(types=[type_name], most=3)))
    violations = estimate(architecture).violations
    assert {(v.quota, v.components, v.region) for v in violations} == exact_violations(architecture)
    assert all(v.component is None or v.components == (v.component,) for v in violations)


@pytest.mark.parametrize("stem", LIMITED)
def test_limits_hold_at_their_edge(stem):
    """What demands exactly the limit is fine; a millionth beyond it is not."""
    for chosen in combinations(stem):
        base, values = whole_component(stem, chosen), limits_of(stem, chosen)
        for name, known in numeric_inputs(stem, chosen).items():
            edges = [v * f for v in sorted(values) for f in (1 - 1e-6, 1, 1 + 1e-6) if v * f >= known.at_least]
            if known.unit == "share" or not edges:
                continue
            answer = sweep(parse(document_of(base)), {f"c.{name}": edges})
            for j in (0, len(edges) // 2, len(edges) - 1):
                stated = parse(document_of(base | {name: edges[j]}))
                assert bool(answer.feasible[j]) == (not exact_violations(stated)), (chosen, name, edges[j])


def test_most_types_have_limits():
    """The others have none that their inputs could tell."""
    without = {stem for stem in TYPES if not component_type(stem).quotas}
    assert set(TYPES) - set(LIMITED) == without - {"ecs_service"}


@pytest.mark.parametrize("broken", [0, 40, 79])
def test_a_scenario_that_breaks_one_limit_of_many_is_not_feasible(broken):
    """A word of a mask holds 63 limits: whichever word the broken one stands in, the others say nothing."""
    names = [f"q{number}" for number in range(80)]
    architecture = parse(
        document_of(*({"name": name, "type": "sqs_queue", "messages": 1_000, "send_batch": 1} for name in names))
    )
    sizes = {f"{name}.message_kb": [1, 1024, 1024] for name in names} | {f"q{broken}.message_kb": [1, 1024, 1025]}
    answer = sweep(architecture, sizes)
    assert len(answer.masks) > 2
    assert sum(bool(word[2]) for word in answer.masks) == 1
    assert answer.feasible.tolist() == [True, True, False]


@st.composite
def sweeps(draw):
    """A document, and columns of some of its numbers."""
    document = draw(documents(most=3))
    names = [
        (i, name, known)
        for i, component in enumerate(document["components"])
        for name, known in numeric_inputs(component["type"], component).items()
        if name not in inputs_without_price(component)
    ]
    chosen = draw(st.lists(st.sampled_from(names), min_size=1, max_size=5, unique_by=lambda one: one[:2]))
    count = draw(st.integers(1, 4))
    columns = {}
    for i, name, known in chosen:
        one = draw(st.booleans())
        drawn = st.lists(column_values(known), min_size=1 if one else count, max_size=1 if one else count)
        columns[i, name] = draw(drawn)
    return document, columns


def column_values(known):
    if known.unit == "share":
        return st.integers(0, 100).map(lambda n: n / 100)
    if known.at_least:
        return st.integers(0, 19).map(lambda n: known.at_least + n)
    if is_monthly(known) and known.unit != "GB/month":
        return st.one_of(st.just(0), st.integers(0, 10**6), st.integers(0, 10**5).map(lambda n: n * 10**6))
    return st.one_of(st.just(0), st.integers(0, 10**4), st.integers(0, 10**5).map(lambda n: n / 8))


def scenario(document, columns, j):
    """The document in which the j-th value of each column is stated."""
    components = [dict(component) for component in document["components"]]
    for (i, name), column in columns.items():
        components[i][name] = column[j if len(column) > 1 else 0]
    return document | {"components": components}


@settings(max_examples=250)
@given(sweeps())
def test_a_sweep_is_an_estimate_in_every_scenario(drawn):
    document, columns = drawn
    names = {f"{document['components'][i]['name']}.{name}": column for (i, name), column in columns.items()}
    answer = sweep(parse(document), names)
    count = max(len(column) for column in columns.values())
    assert len(answer.totals) == len(answer.feasible) == count
    for j in range(count):
        assert_scenario(answer, j, parse(scenario(document, columns, j)))


def assert_scenario(answer, j, architecture):
    one, bill = estimate(architecture), draw_up(architecture, as_float)
    scale = defaultdict(float)
    for line in bill.lines:
        highest = max(price for _, _, price in line.pool.rate.float_bands)
        scale[architecture.components[line.component].name] += line.usage * highest
    for component in one.by_component:
        bound = BOUND * scale[component.component] + 1e-10 * (1 + len(bill.lines))
        assert abs(answer.costs[component.component][j] - component.cost) <= bound
    assert abs(answer.totals[j] - one.total) <= BOUND * sum(scale.values()) + 1e-10 * (1 + len(bill.lines))
    assert bool(answer.feasible[j]) == (not one.violations)
    broken = {(v.component or "account", v.quota, v.region) for v in one.violations}
    swept = {check for check in answer.checks if answer.violated(check)[j]}
    assert swept == broken & set(answer.checks)


@pytest.mark.parametrize("type_name", TYPES)
@settings(max_examples=20)
@given(data=st.data())
def test_a_sweep_of_one_is_the_estimate(type_name, data):
    document = data.draw(documents(types=[type_name], most=2))
    component = document["components"][0]
    swept = {
        f"c0.{name}": component[name]
        for name in numeric_inputs(type_name, component)
        if name in component  # what is not said may follow from what is swept
        and name not in inputs_without_price(component)
    }
    architecture = parse(document)
    answer = sweep(architecture, swept)
    assert_scenario(answer, 0, architecture)


def test_a_grid_of_every_choice_of_numbers_is_feasible_where_nothing_is_violated():
    """The masks of a large sweep, in all its blocks: each check against Decimal at random places."""
    said = {"requests": 10**7, "duration_ms": 100, "memory_mb": 1024, "async_event_age_s": 3600}
    function = whole_component("lambda_function", **said)
    memory, rps = np.meshgrid(np.linspace(0, 20_480, 41), np.linspace(0, 2e4, 41))
    columns = {"c.memory_mb": memory.ravel(), "c.peak_rps": rps.ravel()}
    answer = sweep(parse(document_of(function)), columns)
    for j in range(0, memory.size, 97):
        stated = function | {"memory_mb": float(memory.ravel()[j]), "peak_rps": float(rps.ravel()[j])}
        assert bool(answer.feasible[j]) == (not exact_violations(parse(document_of(stated))))
    assert 0 < answer.feasible.sum() < memory.size
