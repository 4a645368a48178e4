"""One rule, four readings: floats, Decimals, text and the machine say the same, at every edge and for every type."""

import math
from collections import defaultdict
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calculator import RateNotFound, estimate, parse, sweep
from calculator.bill import draw_up
from calculator.usage import measure
from pricing.catalogue import component_type, free_tier_named, meter_named, quota_named
from pricing.formula import ratio, unit_of
from pricing.pricelist import Allowance, price_pool, rates_of, regions_of
from pricing.reading import as_decimal, as_float, as_text
from pricing.unit import parse_unit
from tests import reference
from tests.documents import (
    REGIONS,
    TYPES,
    choice_inputs,
    combinations,
    document_of,
    documents,
    numeric_inputs,
    whole_component,
)
from tests.plans import compute, inputs

# Relative to the cost of the usage with nothing free at the highest price of its tiers.
BOUND = 2e-15
# Whole documents: a usage is a product of some factors, and a pool a sum of usages.
WHOLE_BOUND = 1e-12
METERS = [f"{stem}.{meter}" for stem, data in TYPES.items() for meter in data["meters"]]


def all_rates(meter):
    return [rate for region in regions_of(meter) for rate in rates_of(meter, region)]


def around(edges):
    """Each edge, the floats beside it, and what is a little and a unit away; nothing, one and very much."""
    near = {0.0, 1.0, 1e12, 123456.789}
    for edge in edges:
        beside = [math.nextafter(edge, -math.inf), edge, math.nextafter(edge, math.inf)]
        near.update(x for x in (*beside, edge - 1, edge + 1, edge * (1 - 1e-9), edge * (1 + 1e-9)) if x >= 0)
    return sorted(near)


def cents(usd):
    return usd.quantize(Decimal("1e-9")).quantize(Decimal("0.01"))


def allowances(meter):
    """No allowance; that of the meter as every account has it, half used, and used up; each alone and shared."""
    name = meter_named(meter).free_tier
    if name is None:
        return [None]
    tier = free_tier_named(name)
    left = [tier.quantity, tier.quantity / 2, Decimal(0)]
    return [None, *((tier, amount, shared) for amount in left for shared in (False, True))]


def assert_priced(found, exact, scale, where):
    """`found` in floats is `exact`: to the bound, and to the cent."""
    assert abs(Decimal(found) - exact) <= Decimal(BOUND) * scale, (where, found, exact)
    if scale < 10**6:
        assert cents(Decimal(found)) == cents(exact), (where, found, exact)


@pytest.mark.parametrize("meter", METERS)
def test_every_reading_prices_every_threshold_alike(meter):
    """All rates of a meter, in all regions and of all days, at all their thresholds, whatever is free."""
    rates, known = all_rates(meter), meter_named(meter)
    edges = {float(tier.above) for rate in rates for tier in rate.tiers}
    (q,) = inputs("q")
    for allowance in allowances(meter):
        free = 0 if allowance is None else allowance[1]
        quantities = around(edges | {float(edge + free) for rate in rates for edge, _, _ in rate.bands})
        outputs = [pool_in(float, known, rate, q, allowance).cost for rate in rates]
        outputs += [q * pool_in(float, known, rate, q, allowance).unit_cost for rate in rates]
        machine, _ = compute(outputs, {"q": quantities})
        for i, rate in enumerate(rates):
            tiers, highest = [(tier.above, tier.price) for tier in rate.tiers], max(tier.price for tier in rate.tiers)
            for j, quantity in enumerate(quantities):
                exact = Decimal(quantity)
                by_hand = reference.through_tiers(billable(exact, allowance), tiers)
                where = (rate.region, rate.effective, allowance, quantity)
                by_decimal = pool_in(Decimal, known, rate, exact, allowance).cost
                assert abs(by_decimal - by_hand) <= exact * highest * Decimal("1e-25"), where
                readings = pool_in(float, known, rate, quantity, allowance).cost, machine[i, j], machine[i + len(rates), j]
                for found in readings:
                    assert_priced(float(found), by_hand, exact * highest, where)


def pool_in(kind, meter, rate, usage, allowance):
    """A pool in floats, Decimals or formulas; where an allowance is shared, another pool has as much usage."""
    if allowance is None:
        return price_pool(meter, rate, usage, None)
    tier, left, shared = allowance
    return price_pool(meter, rate, usage, Allowance(tier, kind(left), usage + usage if shared else usage, shared))


def billable(usage, allowance):
    if allowance is None:
        return usage
    _, left, shared = allowance
    return usage - min(left / 2 if shared else left, usage)


# Text: the same values with units, for every combination of choices.
CASES = [(stem, chosen) for stem in TYPES for chosen in combinations(stem)]


def case_id(case):
    stem, chosen = case
    return "-".join([stem, *map(str, chosen.values())])


def traced_and_exact(component, **stated):
    architecture = parse(document_of(component, **stated))
    return measure(architecture, as_text), measure(architecture, as_decimal)


def fully_said(stem, chosen, optional):
    """A component in which every quantity is used: other numbers in each input, so that a mix-up is seen."""
    component = whole_component(stem, chosen)
    for i, (name, entry) in enumerate(numeric_inputs(stem, chosen).items()):
        unsaid = entry.get("default") == "none"
        if unsaid and not optional:
            del component[name]
        else:
            component[name] = 0.25 if entry["unit"] == "share" else 7001.5 + 13 * i
    return component


@pytest.mark.parametrize("case", CASES, ids=case_id)
@pytest.mark.parametrize("optional", [True, False], ids=["optional", "required"])
def test_text_has_the_exact_values_and_the_units(case, optional):
    component = fully_said(*case, optional)
    (usage, demand), (exact_usage, exact_demand) = traced_and_exact(component)
    assert [u.meter for u in usage] == [u.meter for u in exact_usage]
    for traced, exact in zip(usage, exact_usage, strict=True):
        assert traced.amount.value == exact.amount, traced.meter.full_name
        assert traced.amount.unit == parse_unit(traced.meter.unit), traced.meter.full_name
    assert [d.quota for d in demand] == [d.quota for d in exact_demand]
    for traced, exact in zip(demand, exact_demand, strict=True):
        unit = parse_unit(quota_named(traced.quota).unit)
        assert getattr(traced.amount, "value", traced.amount) == exact.amount, traced.quota
        assert traced.amount == 0 or traced.amount.unit == unit, traced.quota
        if traced.limit is not None:
            assert traced.limit.value == exact.limit, traced.quota
            assert traced.limit.unit == unit, traced.quota


@pytest.mark.parametrize("case", CASES, ids=case_id)
def test_costs_in_text_are_dollars_and_exact(case):
    architecture = parse(document_of(fully_said(*case, True), account={"free_tier": "12_months"}))
    try:
        text, exact = draw_up(architecture, as_text), draw_up(architecture, as_decimal)
    except RateNotFound:
        pytest.fail("every meter has a price in us-east-1")
    assert text.lines
    for traced, line in zip(text.lines, exact.lines, strict=True):
        assert traced.cost.value == line.cost
        assert traced.cost.unit == parse_unit("USD")


def test_every_meter_and_every_quota_is_reached():
    meters, quotas = set(), set()
    for case in CASES:
        (usage, demand), _ = traced_and_exact(fully_said(*case, True))
        meters |= {used.meter.full_name for used in usage}
        quotas |= {demanded.quota for demanded in demand}
    assert meters == set(METERS)
    assert quotas == {f"{stem}.{quota}" for stem, data in TYPES.items() for quota in data["quotas"]}


def test_a_unit_that_does_not_fit_is_seen():
    gb_s, kb = as_text(1, "a", "GB-s"), as_text(1, "b", "KB")
    with pytest.raises(TypeError, match="cannot be added"):
        gb_s + kb
    assert unit_of(ratio(gb_s, gb_s)) == ()


# Limits: floats decide as Decimals do.
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
@settings(max_examples=60)
@given(data=st.data())
def test_violations_are_those_of_exact_numbers(type_name, data):
    architecture = parse(data.draw(documents(type_name=type_name, most=3)))
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


# Sweeps: every scenario is an estimate.
@st.composite
def sweeps(draw, **kwargs):
    """A document, and columns of some of its numbers."""
    document = draw(documents(most=3, regions=REGIONS[:2], **kwargs))
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


@settings(max_examples=150)
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
        bound = WHOLE_BOUND * scale[component.component] + 1e-10 * (1 + len(bill.lines))
        assert abs(answer.costs[component.component][j] - component.cost) <= bound
    assert abs(answer.totals[j] - one.total) <= WHOLE_BOUND * sum(scale.values()) + 1e-10 * (1 + len(bill.lines))
    assert bool(answer.feasible[j]) == (not one.violations)
    broken = {(v.component or "account", v.quota, v.region) for v in one.violations}
    swept = {check for check in answer.checks if answer.violated(check)[j]}
    assert swept == broken & set(answer.checks)


@pytest.mark.parametrize("type_name", TYPES)
@settings(max_examples=20)
@given(data=st.data())
def test_a_sweep_of_one_is_the_estimate(type_name, data):
    document = data.draw(documents(type_name=type_name, most=2))
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


def test_the_data_files_and_the_catalogue_have_the_same_inputs():
    """The documents of these tests are drawn from the files: nothing is left out."""
    for stem in TYPES:
        known = component_type(stem).inputs
        drawn = {name for chosen in combinations(stem) for name in numeric_inputs(stem, chosen)} | set(choice_inputs(stem))
        assert drawn == set(known)
