"""What holds for every bill, whatever the architecture."""

import random
from collections import defaultdict
from decimal import Decimal
from math import fsum, inf

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from calculator import estimate, parse
from pricing.catalogue import free_tier_named, meter_named
from tests.documents import (
    REGIONS,
    TYPES,
    components,
    document_of,
    documents,
    inputs_of,
    is_monthly,
    numeric_inputs,
    whole_component,
)

# Money and quantities leave the library with ten decimals.
ROUNDED = 0.6e-10
RELATIVE = 1e-12
EXAMPLES = 60

FREE_TIERS = {f"{stem}.{name}": tier for stem, data in TYPES.items() for name, tier in data.get("free_tier", {}).items()}


def bill_of(document):
    return estimate(parse(document))


def gross(answer):
    """What all of it would cost with nothing free at the prices of the lowest tiers reached, or higher."""
    return fsum(max([line.cost, *(tier["price"] * line.usage for tier in line.tiers)]) for line in answer.line_items)


def slack(*answers):
    """How far two sums of money may lie apart that are the same in Decimal."""
    lines = sum(len(answer.line_items) for answer in answers)
    return max(map(gross, answers)) * RELATIVE + (1 + lines) * ROUNDED + 1e-6 * RELATIVE


def near(a, b, scale=0.0):
    return abs(a - b) <= RELATIVE * max(abs(a), abs(b), scale) + ROUNDED * 2


@settings(max_examples=EXAMPLES)
@given(documents())
def test_line_items_add_up(document):
    answer = bill_of(document)
    assert near(answer.total, fsum(line.cost for line in answer.line_items))
    assert near(answer.total, fsum(component.cost for component in answer.by_component))
    for component in answer.by_component:
        costs = [line.cost for line in answer.line_items if line.component == component.component]
        assert near(component.cost, fsum(costs))
    assert [c.component for c in answer.by_component] == [c["name"] for c in document["components"]]
    assert answer.total >= 0


@settings(max_examples=EXAMPLES)
@given(documents())
def test_what_is_free_and_what_is_billed_is_what_is_used(document):
    answer = bill_of(document)
    for line in answer.line_items:
        assert line.usage > 0
        assert line.free >= 0
        assert 0 <= line.billable <= line.usage * (1 + RELATIVE)
        assert line.cost >= 0
        assert near(line.free + line.billable, line.usage)
        if meter_named(line.meter).free_tier is None or document["account"]["free_tier"] == "none":
            assert line.free == 0


@settings(max_examples=EXAMPLES)
@given(documents())
def test_tiers_give_quantity_and_cost(document):
    for line in bill_of(document).line_items:
        quantity = fsum(tier["quantity"] for tier in line.tiers)
        assert near(quantity, line.billable)
        cost = fsum(tier["quantity"] * tier["price"] for tier in line.tiers)
        assert abs(cost - line.cost) <= RELATIVE * line.cost + ROUNDED * (1 + len(line.tiers))
        edges = [edge for tier in line.tiers for edge in (tier["from"], inf if tier["to"] is None else tier["to"])]
        assert edges == sorted(edges)
        assert edges[1:-1:2] == edges[2::2]
        assert all(tier["quantity"] >= 0 for tier in line.tiers)


@settings(max_examples=EXAMPLES)
@given(documents(most=5), st.randoms(use_true_random=False))
def test_the_order_of_components_does_not_matter(document, shuffle):
    answer = bill_of(document)
    turned = list(document["components"])
    shuffle.shuffle(turned)
    other = bill_of(document | {"components": turned})
    assert abs(answer.total - other.total) <= slack(answer, other)
    costs = {component.component: component.cost for component in other.by_component}
    for component in answer.by_component:
        assert abs(component.cost - costs[component.component]) <= slack(answer, other)
    violated = [{(v.quota, v.component, frozenset(v.components), v.region) for v in a.violations} for a in (answer, other)]
    assert violated[0] == violated[1]


@pytest.mark.parametrize("type_name", TYPES)
@settings(max_examples=EXAMPLES)
@given(data=st.data())
def test_more_usage_never_costs_less(type_name, data):
    document = data.draw(documents(type_name=type_name, most=3))
    component = document["components"][0]
    monthly = [name for name, entry in numeric_inputs(type_name, component).items() if is_monthly(entry)]
    assume(monthly)  # a table of provisioned capacity has amounts a month too; nothing else is without
    name = data.draw(st.sampled_from(monthly))
    more = component | {name: component[name] + data.draw(st.sampled_from([1, 1000, 10**6, 10**9]))}
    answer, other = bill_of(document), bill_of(document | {"components": [more, *document["components"][1:]]})
    assert other.total >= answer.total - slack(answer, other)


def alone(component, **stated):
    return document_of(component, region=component["region"], **stated)


def shared_out(component, shares):
    """The component as several: its amounts a month, its capacity and its storage are shared out."""
    amounts = [name for name, entry in numeric_inputs(component["type"], component).items() if adds_up(name, entry)]
    parts = []
    for i, share in enumerate(shares):
        rest = i == len(shares) - 1
        taken = {}
        for name in amounts:
            before = sum(part[name] for part in parts)
            taken[name] = component[name] - before if rest else component[name] * share // 100
        parts.append(component | taken | {"name": f"part {i}"})
    return parts


# What a component has of these, two have the double of; sizes, times and shares are the same for both.
ADDED = {
    "provisioned_concurrency",
    "snapstart_versions",
    "archive_stored_gb",
    "storage_gb",
    "backup_gb",
    "write_units",
    "read_units",
}


def adds_up(name, entry):
    return is_monthly(entry) or name in ADDED


WHOLE = st.integers(0, 10**6) | st.integers(0, 10**5).map(lambda n: n * 10**6)


@st.composite
def whole_amounts(draw, type_name):
    """A component whose amounts are whole numbers, moved one by one: nothing is rounded up in between."""
    component = draw(components(type_name))
    for name, entry in numeric_inputs(type_name, component).items():
        if adds_up(name, entry):
            component[name] = draw(WHOLE)
        elif entry.get("at_least"):
            component[name] = 1
    return component


@pytest.mark.parametrize("type_name", TYPES)
@settings(max_examples=30)
@given(data=st.data())
def test_splitting_a_component_changes_no_total(type_name, data):
    component = data.draw(whole_amounts(type_name))
    shares = data.draw(st.lists(st.integers(0, 50), min_size=2, max_size=3))
    if component.get("cache_gb"):
        component = component | {"cache_gb": 0}  # a cache is on for its hours, however many requests there are
    free_tier = data.draw(st.sampled_from(["none", "always", "12_months"]))
    one = bill_of(alone(component, account={"free_tier": free_tier}))
    several = bill_of(document_of(*shared_out(component, shares), account={"free_tier": free_tier}))
    assert abs(one.total - several.total) <= slack(one, several)


@pytest.mark.parametrize("type_name", TYPES)
@settings(max_examples=30)
@given(data=st.data())
def test_one_of_twice_as_much_is_two(type_name, data):
    component = data.draw(whole_amounts(type_name))
    amounts = [name for name, entry in numeric_inputs(type_name, component).items() if adds_up(name, entry)]
    double = component | {name: component[name] * 2 for name in amounts}
    if component.get("cache_gb"):
        double["cache_hours"] = component["cache_hours"] * 2
        assume(double["cache_hours"] <= 744)
    one, two = bill_of(alone(double)), bill_of(document_of(component | {"name": "x"}, component | {"name": "y"}))
    assert abs(one.total - two.total) <= slack(one, two)
    costs = [line.cost for line in two.line_items if line.component == "x"]
    assert near(fsum(costs) * 2, two.total)


# Pools and allowances.
QUEUE = whole_component("sqs_queue", empty_receives=0)


def test_regions_share_an_allowance_of_the_account():
    """1,000,000 free requests for 3,000,000 in one region and 999,999 in another: each gets its share."""
    here, there = QUEUE | {"messages": 10**6}, QUEUE | {"messages": 333_333, "name": "d", "region": "eu-west-1"}
    answer = bill_of(document_of(here, there))
    used = [line.usage for line in answer.line_items]
    assert used == [3_000_000, 999_999]
    free = [line.free for line in answer.line_items]
    assert near(fsum(free), 10**6)
    assert near(free[0] / used[0], free[1] / used[1])


def test_regions_have_tiers_of_their_own():
    """150 billion requests in each of two regions: in each the first 100 billion have the first price."""
    messages = 50 * 10**9
    here, there = QUEUE | {"messages": messages}, QUEUE | {"messages": messages, "name": "d", "region": "eu-west-1"}
    account = {"free_tier": "none"}
    one, two = bill_of(document_of(here, account=account)), bill_of(document_of(here, there, account=account))
    assert near(two.total, 2 * one.total)
    assert [tier["from"] for line in two.line_items for tier in line.tiers] == [0, 10**11] * 2
    together = bill_of(document_of(here, there | {"region": "us-east-1"}, account=account))
    assert together.total < two.total - 1


def test_an_allowance_of_the_region_is_each_regions_own():
    table = whole_component("dynamodb_table", writes=0, reads=0, storage_gb=30)
    answer = bill_of(document_of(table, table | {"name": "d", "region": "eu-west-1"}))
    assert [line.free for line in answer.line_items if line.meter == "dynamodb_table.storage"] == [25, 25]


def test_one_allowance_covers_several_meters():
    fifo = {"fifo": True, "high_throughput": False}
    ordered = whole_component("sqs_queue", fifo, name="d", messages=3 * 10**6, empty_receives=0)
    answer = bill_of(document_of(QUEUE | {"messages": 10**6}, ordered))
    assert [(line.meter, line.free) for line in answer.line_items] == [
        ("sqs_queue.requests", 250_000),
        ("sqs_queue.fifo_requests", 750_000),
    ]


@settings(max_examples=EXAMPLES)
@given(documents())
def test_more_of_a_free_tier_costs_no_more(document):
    totals = {}
    for free_tier in ("12_months", "always", "none"):
        totals[free_tier] = bill_of(document | {"account": document["account"] | {"free_tier": free_tier}})
    bound = slack(*totals.values())
    assert totals["12_months"].total <= totals["always"].total + bound
    assert totals["always"].total <= totals["none"].total + bound
    free = {name: fsum(line.free for line in answer.line_items) for name, answer in totals.items()}
    assert free["none"] == 0


@settings(max_examples=EXAMPLES)
@given(documents(), st.sampled_from(["always", "12_months"]))
def test_an_allowance_that_is_used_up_is_none(document, free_tier):
    account = {"free_tier": free_tier}
    untouched = bill_of(document | {"account": account})
    nothing = bill_of(document | {"account": account | {"already_used": dict.fromkeys(FREE_TIERS, 0)}})
    all_used = {name: float(Decimal(str(tier["quantity"]))) for name, tier in FREE_TIERS.items()}
    used_up = bill_of(document | {"account": account | {"already_used": all_used}})
    none = bill_of(document | {"account": {"free_tier": "none"}})
    assert nothing.line_items == untouched.line_items
    of_region = {name for name, tier in FREE_TIERS.items() if tier["scope"] == "region"}
    elsewhere = [
        line.component
        for line in used_up.line_items
        if meter_named(line.meter).free_tier in of_region and line.region != document["region"]
    ]
    if not elsewhere:
        assert used_up.line_items == none.line_items
    assert used_up.total <= none.total + slack(none)


@settings(max_examples=EXAMPLES)
@given(documents(most=6))
def test_no_more_is_free_than_is_allowed(document):
    answer = bill_of(document)
    free = defaultdict(list)
    for line in answer.line_items:
        name = meter_named(line.meter).free_tier
        if name is not None:
            scope = line.region if free_tier_named(name).scope == "region" else "account"
            free[name, scope].append(line)
    for (name, _), lines in free.items():
        quantity = float(free_tier_named(name).quantity)
        taken = fsum(line.free for line in lines)
        assert taken <= quantity + RELATIVE * fsum(line.usage for line in lines) + ROUNDED * len(lines)


@settings(max_examples=30)
@given(documents())
def test_the_same_document_has_the_same_answer(document):
    first, again = bill_of(document), bill_of(document)
    assert first == again


@pytest.mark.parametrize("type_name", TYPES)
@settings(max_examples=20)
@given(data=st.data())
def test_what_is_not_said_is_its_default_and_is_stated(type_name, data):
    """Leave inputs out, say what the assumptions say: the same bill."""
    component = data.draw(components(type_name, explicit=True))
    optional = [
        name
        for name, entry in inputs_of(type_name).items()
        if name in component and "default" in entry and ("choices" not in entry) and "mean_rate_of" not in entry
    ]
    left_out = data.draw(st.sets(st.sampled_from(optional))) if optional else set()
    short = {key: value for key, value in component.items() if key not in left_out}
    answer = bill_of(alone(short))
    stated = {a.pointer.rpartition("/")[2]: a.value for a in answer.assumptions if a.pointer.startswith("/components/0/")}
    assert left_out == set(stated)
    said = {name: value for name, value in stated.items() if value is not None}
    other = bill_of(alone(short | said))
    assert other.line_items == answer.line_items
    assert other.violations == answer.violations


@pytest.mark.parametrize("type_name", TYPES)
def test_a_rate_that_is_not_said_is_the_mean_of_the_month(type_name):
    for name, entry in inputs_of(type_name).items():
        if "mean_rate_of" in entry:
            component = whole_component(type_name, **{entry["mean_rate_of"]: 730 * 3600 * 5})
            if name in component:
                del component[name]
                assumed = {a.pointer: a.value for a in bill_of(document_of(component)).assumptions}
                assert assumed[f"/components/0/{name}"] == pytest.approx(5, rel=1e-12)


def test_a_thousand_components_pay_what_one_pays():
    parts = [QUEUE | {"messages": 1000 * i, "name": f"q{i}", "region": REGIONS[0]} for i in range(1, 1001)]
    random.Random(1).shuffle(parts)
    one = bill_of(document_of(QUEUE | {"messages": 1000 * 1000 * 1001 // 2}))
    several = bill_of(document_of(*parts))
    assert near(one.total, several.total, scale=one.total)
