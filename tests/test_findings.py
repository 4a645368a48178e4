"""What is no mistake is not told, a remedy can be followed, and advice takes no credit for what it does not change."""

import pytest

from calculator import estimate, limits, parse
from calculator.rules.changes import document_of
from tests.test_advice import advice, breaches, one, view


def violated(**component):
    return {one.quota: one for one in limits(parse(document(**component))).violations}


def statuses(**component):
    return {one.quota: one.status for one in limits(parse(document(**component))).headroom}


def document(**component):
    return one(**{"name": "c", **component})


def function(**said):
    return {"type": "lambda_function", "requests": 1_000_000, "duration_ms": 100} | said


# Settings at their limits


@pytest.mark.parametrize(
    ("component", "quota"),
    [
        ({"type": "rest_api", "requests": 1}, "apigw_rest_integration_timeout"),
        ({"type": "http_api", "requests": 1}, "apigw_http_integration_timeout"),
        (function(snapstart="java"), "lambda_snapstart_ephemeral"),
        (function(), "lambda_ephemeral_storage_min"),
    ],
)
def test_a_default_that_is_its_own_limit_is_not_near(component, quota):
    assert statuses(**component)[quota] == "ok"


@pytest.mark.parametrize(
    ("component", "quota"),
    [
        ({"type": "rest_api", "requests": 1, "integration_timeout_ms": 28_000}, "apigw_rest_integration_timeout"),
        (function(timeout_s=900), "lambda_timeout_max"),
        ({"type": "sqs_queue", "messages": 1, "message_kb": 1024}, "sqs_message_size"),
    ],
)
def test_what_is_set_near_a_limit_is_near(component, quota):
    assert statuses(**component)[quota] == "near"


@pytest.mark.parametrize(("timeout_s", "raised"), [(600, True), (899, True), (900, False)])
def test_nobody_is_told_to_raise_a_timeout_that_is_at_its_most(timeout_s, raised):
    slow = violated(**function(timeout_s=timeout_s, duration_ms=1_800_000, streamed_kb=204_800_000))
    for quota in ("lambda_duration_within_timeout", "lambda_stream_bandwidth"):
        assert ("Raise the timeout" in slow[quota].remedy) == raised
        assert slow[quota].remedy


def test_the_longest_timeout_of_a_batch_is_not_to_be_longer():
    told = []
    for timeout_s in (600, 900):
        components = [{"name": "q", "type": "sqs_queue", "messages": 1000}, function(name="f", timeout_s=timeout_s)]
        queue = one() | {"components": [components[0], {k: v for k, v in components[1].items() if k != "requests"}]}
        queue["connections"] = [{"from": "q", "to": "f", "batch": 10, "message_s": 100}]
        (found,) = [one for one in limits(parse(queue)).findings if one.id == "sqs_batch_duration"]
        told.append(found.remedy)
    assert "longer timeout" in told[0]
    assert "longer timeout" not in told[1]


# What AWS takes


def test_a_package_from_s3_may_be_larger_than_an_upload():
    assert "lambda_zip_direct_upload" in violated(**function(zip_mb=60))
    assert violated(**function(zip_mb=60, zip_from="s3")) == {}
    assert "lambda_zip_unzipped" in violated(**function(zip_mb=60, zip_from="s3", unzipped_mb=251))


def test_a_streamed_answer_is_not_held_to_6_mb():
    assert "lambda_sync_payload" in violated(**function(response_kb=20_000))
    assert violated(**function(response_kb=20_000, streamed_kb=20_000, timeout_s=60)) == {}
    assert "lambda_sync_payload" in violated(**function(request_kb=6145, streamed_kb=20_000, timeout_s=60))


def test_a_rest_api_streams_more_than_10_mb_for_up_to_15_minutes():
    api = {"type": "rest_api", "requests": 1, "response_kb": 51_200}
    assert set(violated(**api)) == {"apigw_payload_size"}
    assert violated(**api, stream_s=900, integration_timeout_ms=900_000) == {}
    assert set(violated(**api, stream_s=901)) == {"apigw_rest_stream_duration"}
    assert set(violated(**api, stream_s=60, request_kb=10_241)) == {"apigw_payload_size"}


def test_who_streams_waits_as_long_as_a_stream_may_last():
    parts = [
        {"name": "api", "type": "rest_api"},
        function(name="f", duration_ms=100_000, timeout_s=120, streamed_kb=9000),
    ]
    parts[1].pop("requests")
    behind = one() | {"components": parts, "traffic": {"requests_per_month": 1000}}
    behind["connections"] = [{"from": "traffic", "to": "api"}, {"from": "api", "to": "f"}]
    assert "apigw_lambda_timeout_gap" in {found.id for found in limits(parse(behind)).findings}
    parts[0]["stream_s"] = 120
    assert "apigw_lambda_timeout_gap" not in {found.id for found in limits(parse(behind)).findings}


@pytest.mark.parametrize(
    ("said", "broken"),
    [
        ({"message_kb": 256}, set()),
        ({"message_kb": 257}, {"sns_message_size", "sns_batch_total_size"}),
        ({"message_kb": 1024, "max_message_kb": 1024}, set()),
        ({"message_kb": 65, "max_message_kb": 64}, {"sns_message_size", "sns_batch_total_size"}),
        ({"message_kb": 200, "publish_batch": 5, "max_message_kb": 1024}, set()),
        ({"message_kb": 1, "max_message_kb": 256, "subscriptions": 101}, set()),
        ({"message_kb": 1, "max_message_kb": 512, "subscriptions": 101}, {"sns_subscriptions_of_large_messages"}),
    ],
)
def test_a_topic_takes_what_it_is_set_to_take(said, broken):
    assert set(violated(type="sns_topic", publishes=1, **said)) == broken


@pytest.mark.parametrize(("size_kb", "broken"), [(256, set()), (257, {"sqs_message_size"})])
@pytest.mark.parametrize("fifo", [False, True])
def test_a_queue_takes_what_it_is_set_to_take(size_kb, broken, fifo):
    said = {"type": "sqs_queue", "messages": 1, "message_kb": size_kb, "fifo": fifo}
    assert set(violated(**said, max_message_kb=256)) == broken
    assert set(violated(**said)) == set()


def test_a_topic_at_its_most_is_not_to_be_set_higher():
    first = violated(type="sns_topic", publishes=1, message_kb=300)["sns_message_size"]
    most = violated(type="sns_topic", publishes=1, message_kb=1025, max_message_kb=1024)["sns_message_size"]
    assert "1 MiB" in first.remedy
    assert "1 MiB" not in most.remedy


# Batches

BATCHED = one() | {
    "components": [
        {"name": "jobs", "type": "sqs_queue", "messages": 30_000_000},
        {"name": "worker", "type": "lambda_function", "duration_ms": 100, "timeout_s": 30},
        {"name": "news", "type": "sns_topic"},
        {"name": "orders", "type": "dynamodb_table", "reads": 0},
    ],
    "connections": [
        {"from": "jobs", "to": "worker", "batch": 1},
        {"from": "worker", "to": "news"},
        {"from": "worker", "to": "orders", "writes": 1},
    ],
}


def test_a_larger_batch_takes_no_credit_for_what_is_behind_it():
    """27 million invocations and 54 million requests of the queue less, whatever the worker does with the messages."""
    (finding,) = advice(BATCHED, "invoke_with_batches")
    assert finding.saving == pytest.approx(27_000_000 * 0.2e-6 + 54_000_000 * 0.4e-6)
    (breach,) = breaches("invoke_with_batches", BATCHED)
    now, then = (lines(stated) for stated in (BATCHED, breach.instead))
    changed = {line for line in now.keys() | then.keys() if now.get(line) != pytest.approx(then.get(line))}
    assert changed == {("worker", "lambda_function.requests_x86"), ("jobs", "sqs_queue.requests")}
    assert document_of(view(BATCHED)) == BATCHED


def lines(stated):
    return {(line.component, line.meter): line.usage for line in estimate(parse(stated)).line_items}


# Money in words


def test_cold_starts_say_what_each_way_out_costs():
    """Two environments kept ready by the hour, or snapshots that are restored for nothing."""
    cold = one(**function(name="f", init_ms=900, cold_start_share=0.2, timeout_s=10))
    (found,) = advice(cold, "cold_starts")
    ways = {
        "provisioned concurrency of 2": {
            "provisioned_concurrency": 2,
            "provisioned_share": 0.99,
            "cold_start_share": 0,
        },
        "SnapStart for Java": {"snapstart": "java"},
    }
    for way, changes in ways.items():
        changed = estimate(
            parse(one(**function(name="f", init_ms=900, timeout_s=10) | {"cold_start_share": 0.2} | changes))
        )
        more = changed.total - estimate(parse(cold)).total
        assert f"{way} costs ${abs(more):.2f} a month {'more' if more > 0 else 'less'}" in found.numbers
    assert found.numbers.startswith("20 % of the calls start cold, each 900 ms later; of 100 calls 5 take ")
    (unpriced,) = [one for one in limits(parse(cold)).findings if one.id == "cold_starts"]
    assert unpriced.numbers == found.numbers


def test_a_second_task_has_its_price():
    task = one(name="web", type="fargate_service", vcpu=0.25, memory_gb=0.5, tasks=1, public_ipv4=1)
    (found,) = advice(task, "single_public_task")
    more = 730 * (0.25 * 0.04048 + 0.5 * 0.004445 + 0.005)
    assert found.numbers == f"1 task with 1 public address; a second one costs ${more:.2f} a month at list price"


# Flat-rate plans

SITE = {
    "region": "us-east-1",
    "as_of": "2026-11-28",
    "account": {"free_tier": "none"},
    "traffic": {"requests_per_month": 8_000_000, "response_kb": 50},
    "components": [
        {"name": "cdn", "type": "cloudfront_distribution", "pricing_plan": "pro"},
        {"name": "waf", "type": "waf_web_acl", "rules": 5, "rule_groups": 3, "bot_control": True},
        {"name": "edge", "type": "cloudfront_function"},
        {"name": "zone", "type": "route53_zone", "queries": 1_000_000, "zones": 2},
    ],
    "connections": [
        {"from": "traffic", "to": "cdn"},
        {"from": "cdn", "to": "waf"},
        {"from": "cdn", "to": "edge"},
    ],
}


def planned(plan, **waf):
    components = [
        {**SITE["components"][0], "pricing_plan": plan},
        {**SITE["components"][1], **waf},
        *SITE["components"][2:],
    ]
    return SITE | {"components": components}


def usage(stated):
    return {line.meter: line.usage for line in estimate(parse(stated)).line_items}


def test_what_a_plan_includes_is_not_billed_beside_it():
    beside = {"waf_web_acl.web_acl", "waf_web_acl.rules", "waf_web_acl.requests", "cloudfront_function.invocations"}
    assert beside <= usage(planned("pay_as_you_go")).keys()
    assert beside.isdisjoint(usage(planned("pro")))
    assert beside <= usage(planned("pro", flat_rate_plan="none")).keys() | {"cloudfront_function.invocations"}


@pytest.mark.parametrize(("plan", "billed"), [("pro", True), ("business", False)])
def test_the_larger_plans_include_bot_control(plan, billed):
    assert ("waf_web_acl.bot_control" in usage(planned(plan))) == billed


def test_the_plan_is_told_as_an_assumption():
    told = {found.pointer: found for found in parse(planned("pro")).assumptions}
    found = told["/components/1/flat_rate_plan"]
    assert (found.value, found.origin, found.why) == ("pro", "derived", "included in the plan of cdn")
    assert told["/components/3/flat_rate_plan"].value == "none"  # the zone is not connected


def test_a_plan_includes_one_zone_and_its_queries():
    zone = {"type": "route53_zone", "queries": 1_000_000, "zones": 2}
    assert usage(one(name="zone", **zone)) == {"route53_zone.zones": 2, "route53_zone.queries": 1_000_000}
    assert usage(one(name="zone", **zone, flat_rate_plan="free")) == {"route53_zone.zones": 1}


def test_events_whose_dead_letters_are_kept_go_somewhere():
    components = [
        {"name": "news", "type": "sns_topic", "publishes": 1000},
        {"name": "f", "type": "lambda_function", "duration_ms": 100},
        {"name": "kept", "type": "sqs_queue"},
    ]
    ways = [{"from": "news", "to": "f", "failure_share": 0.1}, {"from": "f", "to": "kept", "dead_letter": True}]
    told = {}
    for connections in (ways[:1], ways):
        kept = components[: len(connections) + 1]
        found = limits(parse(one() | {"components": kept, "connections": connections})).findings
        told[len(connections)] = {finding.id for finding in found}
    assert "failure_destination_missing" in told[1]
    assert "failure_destination_missing" not in told[2]


def test_nobody_waits_for_what_is_pushed_to_clients():
    components = [
        {"name": "ws", "type": "websocket_api", "connection_minutes": 1000},
        {"name": "f", "type": "lambda_function", "duration_ms": 100},
    ]
    ways = [{"from": "traffic", "to": "ws"}, {"from": "ws", "to": "f"}, {"from": "f", "to": "ws", "push": True}]
    told = limits(
        parse(one() | {"components": components, "connections": ways, "traffic": {"requests_per_month": 1000}})
    )
    assert "edge_chain_timeout_monotonic" not in {finding.id for finding in told.findings}
