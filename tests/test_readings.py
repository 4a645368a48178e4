"""One rule, four readings: floats, Decimals, text and the machine say the same, at every edge and for every type."""

import csv
import gzip
import math
import tomllib
from collections import defaultdict
from decimal import Decimal

import pytest

from calculator import parse
from calculator.bill.bill import draw_up
from pricing.catalogue import feeds
from pricing.catalogue.catalogue import DATA, component_type, free_tier_named, meter_named, quota_named
from pricing.formula.language import known_zero, ratio, unit_of
from pricing.formula.reading import as_decimal, as_text
from pricing.formula.unit import parse_unit
from pricing.prices.pricelist import Allowance, price_pool, rates_of, regions_of
from tests.helpers import reference
from tests.helpers.documents import (
    LAST_12_MONTHS,
    TYPES,
    document_of,
    every_choice,
    full_component,
    numeric_inputs,
    priced_in,
)
from tests.helpers.flowing import measure
from tests.helpers.plans import compute, inputs

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


@pytest.mark.parametrize("type_name", TYPES)
def test_every_rate_is_the_one_of_the_rate_file(type_name):
    """The twin reads the rate files for itself: every meter, place, day and tier."""
    by_hand = {
        (meter, place, day): sorted(tiers)
        for (meter, place), days in reference.rates(type_name).items()
        for day, tiers in days.items()
    }
    read = {
        (meter.full_name, rate.region, rate.effective): [(tier.above, tier.price) for tier in rate.tiers]
        for meter in component_type(type_name).meters.values()
        for rate in all_rates(meter.full_name)
        if meter.published
    }
    assert read == by_hand


def price_list_of(feed):
    """The twin's reading of a price feed: metric -> region -> price."""
    table = defaultdict(dict)
    with gzip.open(DATA / "feeds" / f"{feed}.csv.gz", "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            table[row["metric"]][row["region"]] = Decimal(row["usd"])
    return table


def test_every_price_of_every_feed_is_priced_alike():
    """A metric has one price a region and no tiers. Each is read as the twin reads it; each price is priced once."""
    rates = {}
    for feed in sorted({metric.feed for metric in feeds.metrics()}):
        by_hand = price_list_of(feed)
        assert by_hand.keys() == {metric.metric for metric in feeds.metrics() if metric.feed == feed}
        for metric, prices in by_hand.items():
            meter = f"metered_usage.{feed}/{metric}"
            assert set(regions_of(meter)) == prices.keys()
            for region, price in prices.items():
                (rate,) = rates_of.__wrapped__(meter, region)  # without the cache, which holds less than these
                assert [(tier.above, tier.price) for tier in rate.tiers] == [(0, price)], (meter, region)
                rates[price] = rate
    quantities = [Decimal(quantity) for quantity in ("0", "1", "123456.789", "1e12")]
    for price, rate in rates.items():
        known = meter_named(rate.meter)
        for quantity in quantities:
            exact = quantity * price
            assert price_pool(known, rate, quantity, None).cost == exact, (rate.meter, rate.region)
            assert_priced(price_pool(known, rate, float(quantity), None).cost, exact, exact, (rate.meter, rate.region))
    (q,) = inputs("q")
    some = [rates[price] for price in sorted(rates)[::100]]
    outputs = [price_pool(meter_named(rate.meter), rate, q, None).cost for rate in some]
    machine, _ = compute(outputs, {"q": [float(quantity) for quantity in quantities]})
    for rate, costs in zip(some, machine, strict=True):
        for quantity, cost in zip(quantities, costs, strict=True):
            exact = quantity * rate.tiers[0].price
            assert_priced(float(cost), exact, exact, (rate.meter, rate.region))


# Text: the same values with units, for every choice.
CASES = [(stem, chosen) for stem in TYPES for chosen in every_choice(stem)]


def case_id(case):
    stem, chosen = case
    return "-".join([stem, *map(str, chosen.values())])


def traced_and_exact(component, **stated):
    architecture = parse(document_of(component, **stated))
    return measure(architecture, as_text), measure(architecture, as_decimal)


def fully_said(stem, chosen, optional):
    """A component in which every quantity is used, where all have a price; without what may be unset or with it."""
    region, zeros = next(iter(priced_in(stem, chosen).items()))
    assert not zeros, "there is a region in which everything has a price"
    component = full_component(stem, chosen, region=region)
    unset = [name for name, known in numeric_inputs(stem, chosen).items() if known.default == "none"]
    return component if optional else {name: value for name, value in component.items() if name not in unset}


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
        assert traced.amount == 0 or unit_of(traced.amount) == unit, traced.quota
        if traced.limit is not None:
            assert traced.limit.value == exact.limit, traced.quota
            assert traced.limit.unit == unit, traced.quota


# AWS bills nothing for these.
FREE = [
    *(("cloudfront_function", {"flat_rate_plan": plan}) for plan in ("free", "pro", "business", "premium")),
    ("email_recipients", {}),
    ("event_source_mapping", {"source": "stream"}),
    ("external_endpoint", {}),
    ("ssm_parameter", {"tier": "standard", "higher_throughput": False}),
]


@pytest.mark.parametrize("case", CASES, ids=case_id)
def test_costs_in_text_are_dollars_and_exact(case):
    architecture = parse(document_of(fully_said(*case, True), as_of=LAST_12_MONTHS, account={"free_tier": "12_months"}))
    text, exact = draw_up(architecture, as_text), draw_up(architecture, as_decimal)
    assert bool(text.lines) == (case not in FREE)
    for traced, line in zip(text.lines, exact.lines, strict=True):
        assert getattr(traced.cost, "value", traced.cost) == line.cost
        assert known_zero(traced.cost) or traced.cost.unit == parse_unit("USD")


def test_every_meter_and_every_quota_is_reached():
    meters, quotas = set(), set()
    for case in CASES:
        # What is billed may depend on the region: bundles of Lightsail have half the data transfer in India.
        for region in ("us-east-1", "ap-south-1"):
            whole = full_component(*case, region=region)
            known = component_type(whole["type"]).inputs
            # What may be left out can stand in the place of something else: an answer is streamed, or waited for.
            least = {key: value for key, value in whole.items() if key not in known or not known[key].may_be_unset}
            billed = whole | {name: 0 for name in ("alias_queries", "free_events") if name in whole}
            billed |= {"data_out_gb": 10**9, "instances": 1} if "bundle" in whole else {}
            for component in (whole, least, billed):
                (usage, demand), _ = traced_and_exact(component)
                meters |= {used.meter.full_name for used in usage if used.meter.type != feeds.TYPE}
                quotas |= {demanded.quota for demanded in demand}
    assert meters == set(METERS)
    assert quotas == {f"{stem}.{quota}" for stem in TYPES for quota in component_type(stem).quotas}


def test_a_unit_that_does_not_fit_is_seen():
    gb_s, kb = as_text(1, "a", "GB-s"), as_text(1, "b", "KB")
    with pytest.raises(TypeError, match="cannot be added"):
        gb_s + kb
    assert unit_of(ratio(gb_s, gb_s)) == ()


def test_the_data_files_and_the_catalogue_have_the_same_inputs():
    """The documents of these tests are drawn from the catalogue: nothing that stands in a file is left out."""
    for stem in TYPES:
        written = tomllib.loads((DATA / f"{stem}.toml").read_text("utf-8"))["inputs"]
        drawn = {name for chosen in every_choice(stem) for name in full_component(stem, chosen)}
        assert drawn - {"name", "type", "region"} == set(written)
        for name, entry in written.items():
            chosen = {one[name] for one in every_choice(stem) if name in one}
            assert chosen >= set(entry.get("choices", ()))
