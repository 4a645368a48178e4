"""Pools and allowances: what the account pays together, per region and over all regions."""

import random
from collections import defaultdict
from math import fsum

from hypothesis import given, settings
from hypothesis import strategies as st

from pricing.catalogue.catalogue import component_type, free_tier_named, meter_named
from tests.helpers.documents import LAST_12_MONTHS, REGIONS, TYPES, document_of, documents, whole_component
from tests.helpers.money import MIXED_EXAMPLES, RELATIVE, ROUNDED, bill_of, near, slack

FREE_TIERS = {tier.full_name: tier for name in TYPES for tier in component_type(name).free_tiers.values()}
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


def test_what_has_one_price_for_all_regions_has_one_pool():
    """25 hosted zones at the first price, wherever the components say that they are."""
    zones = whole_component("route53_zone", zones=20, queries=0)
    answer = bill_of(document_of(zones, zones | {"name": "d", "region": "eu-west-1"}))
    lines = [line for line in answer.line_items if line.meter == "route53_zone.zones"]
    assert {line.region for line in lines} == {"global"}
    assert [[tier["quantity"] for tier in line.tiers] for line in lines] == [[12.5, 7.5]] * 2
    together = bill_of(document_of(zones | {"zones": 40}))
    assert near(together.total, answer.total)


def test_what_aws_limits_in_all_regions_together_is_counted_together():
    """500 distributions are allowed, wherever the components say that they are, and 500 hosted zones."""
    site = whole_component("cloudfront_distribution", data_out_gb=0, https_requests=0)
    sites = [site | {"name": f"s{i}", "region": REGIONS[i % 2]} for i in range(501)]
    zones = whole_component("route53_zone", zones=250, queries=0)
    assert bill_of(document_of(*sites[:500], zones, zones | {"name": "d", "region": REGIONS[1]})).violations == ()
    answer = bill_of(document_of(*sites, zones, zones | {"name": "d", "region": REGIONS[1], "zones": 251}))
    told = {found.quota: (found.region, found.demand, found.component) for found in answer.violations}
    assert told == {
        "cloudfront_distributions": ("global", 501, None),
        "route53_hosted_zones": ("global", 501, None),
    }


def test_geographies_have_tiers_of_their_own_and_share_an_allowance():
    """10 TB from Europe and 10 TB from Japan have the first price; of 1 TB that is free each has half."""
    tb = 1024
    said = {"data_out_gb": 20 * tb, "https_requests": 0, "europe_share": 0.5, "japan_share": 0.5}
    answer = bill_of(document_of(whole_component("cloudfront_distribution", **said)))
    lines = {line.region: line for line in answer.line_items if line.meter == "cloudfront_distribution.data_out"}
    assert lines.keys() == {"cf:eu", "cf:japan"}
    for line in lines.values():
        assert (line.usage, line.free, len(line.tiers)) == (10 * tb, tb / 2, 1)


def test_types_that_share_a_meter_share_its_pool():
    """Calls of an API destination are a meter of the event bus: one line each, one pool."""
    bus = whole_component("event_bus", custom_events=0, api_destination_calls=10**6)
    calls = whole_component("api_destination", calls=3 * 10**6, name="d")
    lines = bill_of(document_of(bus, calls)).line_items
    assert [(line.component, line.type, line.meter, line.usage) for line in lines] == [
        ("c", "event_bus", "event_bus.api_destination_calls", 10**6),
        ("d", "api_destination", "event_bus.api_destination_calls", 3 * 10**6),
    ]
    assert near(lines[0].cost * 3, lines[1].cost)


@settings(max_examples=MIXED_EXAMPLES)
@given(documents())
def test_more_of_a_free_tier_costs_no_more(document):
    totals = {}
    for free_tier in ("12_months", "always", "none"):
        account = document["account"] | {"free_tier": free_tier}
        totals[free_tier] = bill_of(document | {"as_of": LAST_12_MONTHS, "account": account})
    bound = slack(*totals.values())
    assert totals["12_months"].total <= totals["always"].total + bound
    assert totals["always"].total <= totals["none"].total + bound
    free = {name: fsum(line.free for line in answer.line_items) for name, answer in totals.items()}
    assert free["none"] == 0


@settings(max_examples=MIXED_EXAMPLES)
@given(documents(), st.sampled_from(["always", "12_months"]))
def test_an_allowance_that_is_used_up_is_none(document, free_tier):
    document, account = document | {"as_of": LAST_12_MONTHS}, {"free_tier": free_tier}
    untouched = bill_of(document | {"account": account})
    nothing = bill_of(document | {"account": account | {"already_used": dict.fromkeys(FREE_TIERS, 0)}})
    all_used = {name: float(tier.quantity) for name, tier in FREE_TIERS.items()}
    used_up = bill_of(document | {"account": account | {"already_used": all_used}})
    none = bill_of(document | {"account": {"free_tier": "none"}})
    assert nothing.line_items == untouched.line_items
    of_region = {name for name, tier in FREE_TIERS.items() if tier.scope == "region"}
    elsewhere = [
        line.component
        for line in used_up.line_items
        if meter_named(line.meter).free_tier in of_region and line.region != document["region"]
    ]
    if not elsewhere:
        assert used_up.line_items == none.line_items
    assert used_up.total <= none.total + slack(none)


@settings(max_examples=MIXED_EXAMPLES)
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


def test_a_thousand_components_pay_what_one_pays():
    parts = [QUEUE | {"messages": 1000 * i, "name": f"q{i}", "region": REGIONS[0]} for i in range(1, 1001)]
    random.Random(1).shuffle(parts)
    one = bill_of(document_of(QUEUE | {"messages": 1000 * 1000 * 1001 // 2}))
    several = bill_of(document_of(*parts))
    assert near(one.total, several.total, scale=one.total)
