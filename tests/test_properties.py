"""What holds for every bill, whatever the architecture."""

import re
from math import fsum, inf

import orjson
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pricing.catalogue.catalogue import meter_named
from tests.helpers.documents import (
    LAST_12_MONTHS,
    TYPES,
    combinations,
    components,
    document_of,
    documents,
    every_choice,
    inputs_of,
    inputs_without_price,
    is_monthly,
    numeric_inputs,
    whole_component,
)
from tests.helpers.money import EXAMPLES, MIXED_EXAMPLES, RELATIVE, ROUNDED, bill_of, near, slack


@settings(max_examples=MIXED_EXAMPLES)
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


@settings(max_examples=MIXED_EXAMPLES)
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
    for chosen in every_choice(type_name):
        most = {"share": 1, "hour/month": 744}
        numbers = {key: most.get(known.unit, 10**15) for key, known in numeric_inputs(type_name, chosen).items()}
        answer = bill_of(document_of(whole_component(type_name, chosen, **numbers)))
        written = orjson.loads(orjson.dumps(answer))
        assert [line["usage"] for line in written["line_items"]] == [line.usage for line in answer.line_items]
        assert all(0 < line.usage < inf for line in answer.line_items)


@settings(max_examples=MIXED_EXAMPLES)
@given(documents())
def test_tiers_give_quantity_and_cost(document):
    for line in bill_of(document).line_items:
        quantity = fsum(tier["quantity"] for tier in line.tiers)
        assert near(quantity, line.billable)
        cost = fsum(tier["quantity"] * tier["price"] for tier in line.tiers)
        assert abs(cost - line.cost) <= RELATIVE * line.cost + ROUNDED * sum(2 + tier["price"] for tier in line.tiers)
        edges = [edge for tier in line.tiers for edge in (tier["from"], inf if tier["to"] is None else tier["to"])]
        assert edges == sorted(edges)
        assert edges[1:-1:2] == edges[2::2]
        assert all(tier["quantity"] >= 0 for tier in line.tiers)


@settings(max_examples=MIXED_EXAMPLES)
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


# What a component has of these besides its amounts a month, two have the double of; sizes, times and shares are the
# same for both. Of several that are multiplied, such as instances and their hours, one stands here.
ADDED = {
    "app_runner_service": {"active_hours", "hours", "auto_deploy_apps"},
    "appsync_api": {"cache_hours"},
    "athena_workgroup": {"dpus"},
    "aurora_serverless": {"instances", "storage_gb", "backup_gb"},
    "cloudfront_distribution": {"dedicated_ip_certificates"},
    "cloudwatch_alarm": {"alarms"},
    "cloudwatch_dashboard": {"dashboards"},
    "cloudwatch_metrics": {"metrics"},
    "cognito_user_pool": {"machine_clients"},
    "dax_cluster": {"nodes"},
    "dynamodb_table": {"storage_gb", "backup_gb", "write_units", "read_units"},
    "ec2_instance": {"instances", "snapshot_gb", "idle_ipv4"},
    "ecr_repository": {"storage_gb"},
    "ecs_service": {"instances"},
    "efs_file_system": {"storage_gb", "provisioned_mb_s", "ia_gb", "archive_gb"},
    "eks_cluster": {"clusters"},
    "elasticache_serverless": {"storage_gb"},
    "event_bus": {"archive_stored_gb"},
    "event_source_mapping": {"pollers", "epus"},
    "fargate_service": {"tasks"},
    "firehose_stream": {"stream_hours", "jq_hours"},
    "iot_core": {"devices"},
    "kinesis_stream": {"shards", "stream_hours", "extended_gb", "long_term_gb"},
    "kms_key": {"keys"},
    "lambda_function": {"provisioned_concurrency", "snapstart_versions"},
    "lambda_managed_instances": {"instances"},
    "lambda_microvm": {"images"},
    "lightsail_instance": {"instances"},
    "load_balancer": {"hours"},
    "log_group": {"stored_gb"},
    "mq_broker": {"brokers"},
    "msk_cluster": {"cluster_hours", "storage_gb"},
    "nat_gateway": {"gateways"},
    "rds_proxy": {"instances"},
    "rest_api": {"cache_hours"},
    "route53_health_check": {"checks"},
    "route53_resolver_endpoint": {"ip_addresses", "firewall_domains"},
    "route53_zone": {"zones", "cidr_blocks", "policy_records"},
    "s3_bucket": {"storage_gb", "tags"},
    "secret": {"secrets"},
    "ses_identity": {"dedicated_ips"},
    "sns_topic": {"archive_stored_gb"},
    "ssm_parameter": {"parameters"},
    "vpc_endpoint": {"endpoints"},
    "waf_web_acl": {"hours"},
}
# What would be rounded up, or billed at least, in each component for itself.
FIXED = {
    "passed_share": 1,  # the batches of a pipe are whole
    "committed_mb_s": 0,  # what is committed is billed at least
    "alias_queries": 0,  # what of the rest is free
    "free_events": 0,
}
# The cost of a component that is there: a flat-rate plan, and a cache that is billed as 1 GB at least.
STANDING = re.compile(r"cloudfront_distribution\.\w+_plan|elasticache_serverless\.storage_\w+")
# These bill the larger of several counts: halves must be halves of each.
IN_PROPORTION = {"load_balancer"}


def amounts_of(component):
    """The inputs of which two components have the double of one."""
    kind = component["type"]
    added = ADDED.get(kind, set()) & component.keys()
    added -= {"stream_hours"} if "shards" in added else set()
    names = [name for name, known in numeric_inputs(kind, component).items() if is_monthly(known) or name in added]
    return [name for name in names if name not in inputs_without_price(component)]


def variable(answer):
    """What a bill comes to without what each component costs for being there."""
    return fsum(line.cost for line in answer.line_items if not STANDING.fullmatch(line.meter))


@pytest.mark.parametrize("type_name", TYPES)
def test_every_amount_is_one_of_the_type(type_name):
    known = {name for chosen in combinations(type_name) for name in numeric_inputs(type_name, chosen)}
    assert ADDED.get(type_name, set()) <= known
    assert ADDED.keys() <= set(TYPES)
    for chosen in combinations(type_name):
        # To poll a stream is free of charge: there are no amounts.
        assert amounts_of(whole_component(type_name, chosen)) or chosen.get("source") == "stream"


@pytest.mark.parametrize("type_name", TYPES)
@settings(max_examples=EXAMPLES)
@given(data=st.data())
def test_more_usage_never_costs_less(type_name, data):
    document = data.draw(documents(types=[type_name], most=3))
    component = document["components"][0]
    said = [name for name in amounts_of(component) if component.get(name) is not None]
    if component.get("throughput") == "provisioned":
        # What is stored in EFS brings throughput with it that is dearer in one zone than the storage is.
        said.remove("storage_gb")
    # More that is free, and more servers with an allowance of their own, cost less.
    freeing = {"alias_queries", "free_events", *(("instances", "hours") if type_name == "lightsail_instance" else ())}
    said = [name for name in said if name not in freeing]
    assume(said)
    name = data.draw(st.sampled_from(said))
    more = component | {name: component[name] + data.draw(st.sampled_from([1, 1000, 10**6, 10**9]))}
    answer, other = bill_of(document), bill_of(document | {"components": [more, *document["components"][1:]]})
    assert other.total >= answer.total - slack(answer, other)


def alone(component, **stated):
    return document_of(component, region=component["region"], **stated)


def shared_out(component, shares):
    """The component as several: its amounts a month, its capacity and its storage are shared out."""
    parts = []
    for i, share in enumerate(shares):
        rest = i == len(shares) - 1
        taken = {}
        for name in amounts_of(component):
            before = sum(part[name] for part in parts)
            taken[name] = component[name] - before if rest else component[name] * share // 100
        parts.append(component | taken | {"name": f"part {i}"})
    return parts


WHOLE = st.integers(0, 10**6) | st.integers(0, 10**5).map(lambda n: n * 10**6)


@st.composite
def whole_amounts(draw, type_name):
    """A component whose amounts are whole numbers, moved one by one: nothing is rounded up in between."""
    component = draw(components(type_name, explicit=draw(st.booleans())))
    amounts = amounts_of(component)
    for name, known in numeric_inputs(type_name, component).items():
        if name in amounts:
            component[name] = draw(WHOLE) * (100 if type_name in IN_PROPORTION else 1)
        elif name in FIXED or known.at_least:
            component[name] = FIXED.get(name, 1)
    return component


@pytest.mark.parametrize("type_name", TYPES)
@settings(max_examples=30)
@given(data=st.data())
def test_splitting_a_component_changes_no_total(type_name, data):
    component = data.draw(whole_amounts(type_name))
    component |= {"flat_rate_plan": "none"} if "flat_rate_plan" in component else {}  # it includes one zone of each
    shares = data.draw(st.lists(st.integers(0, 50), min_size=2, max_size=3))
    free_tier = data.draw(st.sampled_from(["none", "always", "12_months"]))
    said = {"as_of": LAST_12_MONTHS, "account": {"free_tier": free_tier}}
    one = bill_of(alone(component, **said))
    several = bill_of(document_of(*shared_out(component, shares), **said))
    assert abs(variable(one) - variable(several)) <= slack(one, several)


@pytest.mark.parametrize("type_name", TYPES)
@settings(max_examples=30)
@given(data=st.data())
def test_one_of_twice_as_much_is_two(type_name, data):
    component = data.draw(whole_amounts(type_name))
    component |= {"flat_rate_plan": "none"} if "flat_rate_plan" in component else {}  # it includes one zone of each
    double = component | {name: component[name] * 2 for name in amounts_of(component)}
    one, two = bill_of(alone(double)), bill_of(document_of(component | {"name": "x"}, component | {"name": "y"}))
    assert abs(variable(one) - variable(two)) <= slack(one, two)
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
        for name, known in inputs_of(type_name).items()
        if name in component and known.default is not None and not known.choices
    ]
    left_out = data.draw(st.sets(st.sampled_from(optional))) if optional else set()
    short = {key: value for key, value in component.items() if key not in left_out}
    answer = bill_of(alone(short))
    stated = {
        a.pointer.rpartition("/")[2]: a.value for a in answer.assumptions if a.pointer.startswith("/components/0/")
    }
    # Nothing is assumed of what is not set.
    assert {name for name in left_out if inputs_of(type_name)[name].default != "none"} <= set(stated) <= left_out
    said = {name: value for name, value in stated.items() if value is not None}
    other = bill_of(alone(short | said))
    assert other.line_items == answer.line_items
    assert other.violations == answer.violations


RATES = [(kind, name) for kind in TYPES for name, known in inputs_of(kind).items() if known.mean_rate_of]


@pytest.mark.parametrize(("type_name", "name"), RATES)
def test_a_rate_that_is_not_said_is_the_mean_of_the_month(type_name, name):
    monthly = inputs_of(type_name)[name].mean_rate_of
    chosen = next(one for one in combinations(type_name) if name in numeric_inputs(type_name, one))
    component = whole_component(type_name, chosen, **{monthly: 730 * 3600 * 5})
    del component[name]
    assumed = {a.pointer: a.value for a in bill_of(document_of(component)).assumptions}
    assert assumed[f"/components/0/{name}"] == pytest.approx(5, rel=1e-12)
