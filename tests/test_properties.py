"""What holds for every bill, whatever the architecture."""

from math import fsum, inf

import orjson
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pricing.catalogue import meter_named
from tests.documents import (
    TYPES,
    combinations,
    components,
    document_of,
    documents,
    inputs_of,
    is_monthly,
    numeric_inputs,
    whole_component,
)
from tests.money import EXAMPLES, RELATIVE, ROUNDED, bill_of, near, slack


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


@pytest.mark.parametrize("requests", [(656_115, 609_067), (20_215_394, 31_128_044), (932_056_545, 994_108_269)])
def test_nothing_is_free_without_an_allowance(requests):
    """A share of a pool is a rounded number: what it leaves over is not free."""
    apis = [whole_component("rest_api", requests=count, name=f"a{count}") for count in requests]
    lines = bill_of(document_of(*apis, account={"free_tier": "none"})).line_items
    assert [(line.usage, line.free, line.billable) for line in lines] == [(count, 0, count) for count in requests]


@pytest.mark.parametrize("type_name", TYPES)
def test_the_largest_answer_can_be_written(type_name):
    """Quantities of up to 1e15 are taken; what they multiply to is a number that JSON's readers know."""
    for chosen in combinations(type_name):
        most = {"share": 1, "hour/month": 744}
        numbers = {key: most.get(entry["unit"], 10**15) for key, entry in numeric_inputs(type_name, chosen).items()}
        answer = bill_of(document_of(whole_component(type_name, chosen, **numbers)))
        written = orjson.loads(orjson.dumps(answer))
        assert [line["usage"] for line in written["line_items"]] == [line.usage for line in answer.line_items]
        assert all(0 < line.usage < inf for line in answer.line_items)


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
    violated = [
        {(v.quota, v.component, frozenset(v.components), v.region) for v in a.violations} for a in (answer, other)
    ]
    assert violated[0] == violated[1]


@pytest.mark.parametrize("type_name", TYPES)
@settings(max_examples=EXAMPLES)
@given(data=st.data())
def test_more_usage_never_costs_less(type_name, data):
    document = data.draw(documents(types=[type_name], most=3))
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
    stated = {
        a.pointer.rpartition("/")[2]: a.value for a in answer.assumptions if a.pointer.startswith("/components/0/")
    }
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
