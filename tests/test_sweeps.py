"""Limits and sweeps: floats decide as exact numbers do, and every scenario of a sweep is an estimate."""

from collections import defaultdict
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calculator import estimate, parse, sweep
from calculator.bill import draw_up
from pricing.reading import as_decimal, as_float
from tests.documents import TYPES, combinations, document_of, documents, numeric_inputs, whole_component

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


@pytest.mark.parametrize("type_name", TYPES)
@settings(max_examples=100)
@given(data=st.data())
def test_violations_are_those_of_exact_numbers(type_name, data):
    architecture = parse(data.draw(documents(types=[type_name], most=3)))
    violations = estimate(architecture).violations
    assert {(v.quota, v.components, v.region) for v in violations} == exact_violations(architecture)
    assert all(v.component is None or v.components == (v.component,) for v in violations)


def quota_edges():
    """Every quota that one input meets directly, with the input: a component just within, at and beyond the limit."""
    for stem, data in TYPES.items():
        for name, quota in data["quotas"].items():
            for region, value in {"us-east-1": quota["value"], **quota.get("regions", {})}.items():
                yield stem, name, region, value


@pytest.mark.parametrize("stem", TYPES)
def test_limits_hold_at_their_edge(stem):
    """What demands exactly the limit is fine; a millionth beyond it is not."""
    for chosen in combinations(stem):
        base = whole_component(stem, chosen)
        for name, entry in numeric_inputs(stem, chosen).items():
            if entry["unit"] == "share":
                continue
            values = sorted({float(v) for s, _, _, v in quota_edges() if s == stem} - {0.0})
            column = [v * f for v in values for f in (1 - 1e-6, 1, 1 + 1e-6) if v * f >= entry.get("at_least", 0)]
            answer = sweep(parse(document_of(base)), {f"c.{name}": column})
            for j in (0, len(column) // 2, len(column) - 1):
                stated = parse(document_of(base | {name: column[j]}))
                assert bool(answer.feasible[j]) == (not exact_violations(stated)), (chosen, name, column[j])


@st.composite
def sweeps(draw):
    """A document, and columns of some of its numbers."""
    document = draw(documents(most=3))
    names = [
        (i, name, entry)
        for i, component in enumerate(document["components"])
        for name, entry in numeric_inputs(component["type"], component).items()
    ]
    chosen = draw(st.lists(st.sampled_from(names), min_size=1, max_size=5, unique_by=lambda one: one[:2]))
    count = draw(st.integers(1, 4))
    columns = {}
    for i, name, entry in chosen:
        one = draw(st.booleans())
        drawn = st.lists(column_values(entry), min_size=1 if one else count, max_size=1 if one else count)
        columns[i, name] = draw(drawn)
    return document, columns


def column_values(entry):
    if entry["unit"] == "share":
        return st.integers(0, 100).map(lambda n: n / 100)
    least = entry.get("at_least", 0)
    if least:
        return st.integers(0, 19).map(lambda n: least + n)
    if entry["unit"].endswith("/month") and entry["unit"] not in ("hour/month", "GB/month"):
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
    }
    architecture = parse(document)
    answer = sweep(architecture, swept)
    assert_scenario(answer, 0, architecture)


def test_a_grid_of_every_choice_of_numbers_is_feasible_where_nothing_is_violated():
    """The masks of a large sweep, in all its blocks: each check against Decimal at random places."""
    function = whole_component("lambda_function", requests=10**7, duration_ms=100, memory_mb=1024)
    memory, rps = np.meshgrid(np.linspace(0, 20_480, 41), np.linspace(0, 2e4, 41))
    columns = {"c.memory_mb": memory.ravel(), "c.peak_rps": rps.ravel()}
    answer = sweep(parse(document_of(function)), columns)
    for j in range(0, memory.size, 97):
        stated = function | {"memory_mb": float(memory.ravel()[j]), "peak_rps": float(rps.ravel()[j])}
        assert bool(answer.feasible[j]) == (not exact_violations(parse(document_of(stated))))
    assert 0 < answer.feasible.sum() < memory.size
