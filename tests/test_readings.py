"""One rule, four readings: floats, Decimals, text and the machine say the same, at every edge and for every type."""

import math
from decimal import Decimal

import pytest

from calculator import RateNotFound, parse
from calculator.bill import draw_up
from calculator.usage import measure
from pricing.catalogue import component_type, free_tier_named, meter_named, quota_named
from pricing.formula import known_zero, ratio, unit_of
from pricing.pricelist import Allowance, price_pool, rates_of, regions_of
from pricing.reading import as_decimal, as_text
from pricing.unit import parse_unit
from tests import reference
from tests.documents import (
    TYPES,
    choice_inputs,
    combinations,
    document_of,
    numeric_inputs,
    whole_component,
)
from tests.plans import compute, inputs

# Relative to the cost of the usage with nothing free at the highest price of its tiers.
BOUND = 2e-15
METERS = [meter.full_name for stem in TYPES for meter in component_type(stem).meters.values()]


def all_rates(meter):
    return [rate for region in regions_of(meter) for rate in rates_of(meter, region)]


def around(edges):
    """Each edge, the floats beside it, and what is a little and a unit away; nothing, one and very much."""
    near = {0.0, 1.0, 1e12, 123456.789}
    for edge in edges:
        beside = [math.nextafter(edge, -math.inf), edge, math.nextafter(edge, math.inf)]
        near.update(x for x in (*beside, edge - 1, edge + 1, edge * (1 - 1e-9), edge * (1 + 1e-9)) if x > 1e-9)
    return sorted(near)


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
        assert reference.cents(found) == reference.cents(exact), (where, found, exact)


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
                by_float = pool_in(float, known, rate, quantity, allowance).cost
                for found in (by_float, machine[i, j], machine[i + len(rates), j]):
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
        assert getattr(traced.cost, "value", traced.cost) == line.cost
        assert known_zero(traced.cost) or traced.cost.unit == parse_unit("USD")


def test_every_meter_and_every_quota_is_reached():
    meters, quotas = set(), set()
    for case in CASES:
        (usage, demand), _ = traced_and_exact(fully_said(*case, True))
        meters |= {used.meter.full_name for used in usage}
        quotas |= {demanded.quota for demanded in demand}
    assert meters == set(METERS)
    assert quotas == {f"{stem}.{quota}" for stem in TYPES for quota in component_type(stem).quotas}


def test_a_unit_that_does_not_fit_is_seen():
    gb_s, kb = as_text(1, "a", "GB-s"), as_text(1, "b", "KB")
    with pytest.raises(TypeError, match="cannot be added"):
        gb_s + kb
    assert unit_of(ratio(gb_s, gb_s)) == ()


def test_the_data_files_and_the_catalogue_have_the_same_inputs():
    """The documents of these tests are drawn from the files: nothing is left out."""
    for stem in TYPES:
        known = component_type(stem).inputs
        drawn = {name for chosen in combinations(stem) for name in numeric_inputs(stem, chosen)} | set(
            choice_inputs(stem)
        )
        assert drawn == set(known)
