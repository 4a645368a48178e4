"""Advice has its money: what each case says by hand, and what the bill of the changed architecture says."""

import pytest

from calculator import estimate, limits, parse
from calculator.bill.bill import draw_up
from calculator.command.tables import finding_rows
from calculator.rules import all_rules
from calculator.rules.changes import MOST_PRICED, still
from calculator.rules.findings import LEAST_SAVING
from calculator.rules.prices import prices_of
from calculator.rules.view import view_of
from pricing.formula.reading import as_decimal, as_float
from tests.test_rules import FILES, SAID, case_of, changed, several

CASES = [
    pytest.param(rule, case, id=f"{rule} {number}")
    for rule in FILES
    for number, case in enumerate(several(case_of(rule)["above"]))
    if "saving" in case
]


def document_of(rule, case):
    return changed(rule, {pointer: value for pointer, value in case.items() if pointer not in SAID})


def view(document):
    architecture = parse(document)
    bill = draw_up(architecture, as_float)
    return view_of(architecture, bill.flow, bill.checks, prices_of(architecture))


def breaches(rule, document):
    return list(next(one for one in all_rules() if one.id == rule).find(view(document)))


def advice(document, rule):
    return [finding for finding in estimate(parse(document)).findings if finding.id == rule]


@pytest.mark.parametrize(("rule", "case"), CASES)
def test_the_saving_is_what_a_hand_makes_it(rule, case):
    (finding,) = advice(document_of(rule, case), rule)
    assert finding.saving == pytest.approx(case["saving"], rel=1e-9)
    assert (finding.severity, list(finding.components)) == (case["severity"], case["path"])


@pytest.mark.parametrize(("rule", "case"), CASES)
def test_the_saving_is_the_difference_of_two_estimates(rule, case):
    document = document_of(rule, case)
    (breach,) = breaches(rule, document)
    now, then = (estimate(parse(one)).total for one in (document, breach.instead))
    (finding,) = advice(document, rule)
    assert finding.saving == round(now - then, 10)


@pytest.mark.parametrize(("rule", "case"), CASES)
def test_the_saving_is_the_same_in_decimals(rule, case):
    document = document_of(rule, case)
    (breach,) = breaches(rule, document)
    now, then = (sum(line.cost for line in draw_up(parse(one), as_decimal).lines) for one in (document, breach.instead))
    assert float(now - then) == pytest.approx(case["saving"], rel=1e-9)


@pytest.mark.parametrize(("rule", "case"), CASES)
def test_advice_breaks_no_limit_that_is_kept(rule, case):
    document = document_of(rule, case)
    (breach,) = breaches(rule, document)
    kept, then = (broken(one) for one in (document, breach.instead))
    assert then <= kept


def broken(document):
    """The limits that are broken, and the rules by which something is refused or lost."""
    answer = limits(parse(document))
    rules = {(one.id, one.components) for one in answer.findings if one.severity == "error"}
    return {(one.quota, one.components) for one in answer.violations} | rules


@pytest.mark.parametrize(("rule", "case"), CASES)
def test_advice_that_is_followed_is_not_given_again(rule, case):
    (breach,) = breaches(rule, document_of(rule, case))
    assert advice(breach.instead, rule) == []


@pytest.mark.parametrize(("rule", "case"), CASES)
def test_advice_leaves_the_document_as_it_is(rule, case):
    document, same = document_of(rule, case), document_of(rule, case)
    estimate(parse(document))
    assert document == same


def test_every_rule_with_another_document_says_its_saving():
    priced = {rule for rule in FILES for case in several(case_of(rule)["above"]) if changes(rule, case)}
    # A steady function may cost more as tasks: its saving stands below.
    assert priced - {case.values[0] for case in CASES} <= {"lambda_vs_fargate_breakeven_hint"}


def changes(rule, case):
    return any(breach.instead is not None for breach in breaches(rule, document_of(rule, case)))


# What no case of one rule shows


def one(**component):
    return {
        "region": "us-east-1",
        "as_of": "2026-10-15",
        "account": {"free_tier": "none"},
        "components": [component],
    }


STEADY = {"name": "f", "type": "lambda_function", "requests": 26_280_000, "duration_ms": 1000, "memory_mb": 1769}


def test_a_steady_function_costs_less_as_tasks():
    (finding,) = advice(one(**STEADY, peak_rps=10.0), "lambda_vs_fargate_breakeven_hint")
    # Ten executions at one time, each of one vCPU: 15 tasks of 1 vCPU and 2 GB are then used to 70 %.
    on_lambda = 26_280_000 * 0.2e-6 + 26_280_000 * 1769 / 1024 * 0.0000166667
    on_fargate = 15 * 730 * (0.04048 + 2 * 0.004445)
    assert finding.saving == pytest.approx(on_lambda - on_fargate)
    assert "15 tasks of 1 vCPU and 2 GB would do (AWS must raise the account's 6 vCPUs)" in finding.numbers


def test_small_functions_share_a_task():
    small = STEADY | {"memory_mb": 128, "requests": 262_800_000}
    (breach,) = breaches("lambda_vs_fargate_breakeven_hint", one(**small, peak_rps=100))
    tasks = breach.instead["components"][0]
    # A quarter of a vCPU carries three such functions, and 100 / (3 x 0.7) are 47.6.
    assert (tasks["vcpu"], tasks["memory_gb"], tasks["tasks"]) == (0.25, 0.5, 48)


def test_tasks_that_cost_more_are_no_advice():
    small = STEADY | {"memory_mb": 128, "requests": 262_800_000}
    assert advice(one(**small, peak_rps=199), "lambda_vs_fargate_breakeven_hint") == []


FLOWING = {
    "region": "us-east-1",
    "as_of": "2026-10-15",
    "traffic": {"requests_per_month": 30_000_000, "peak_rps": 60, "payload_kb": 2, "response_kb": 20},
    "components": [
        {"name": "web", "type": "rest_api"},
        {"name": "handler", "type": "lambda_function", "duration_ms": 120, "private_subnets": True},
        {"name": "jobs", "type": "sqs_queue"},
        {"name": "worker", "type": "lambda_function", "duration_ms": 300},
        {"name": "orders", "type": "dynamodb_table"},
    ],
    "connections": [
        {"from": "traffic", "to": "web"},
        {"from": "web", "to": "handler"},
        {"from": "handler", "to": "jobs", "share": 0.15},
        {"from": "jobs", "to": "worker", "batch": 1, "failure_share": 0.01, "max_receive_count": 5},
        {"from": "worker", "to": "orders", "writes": 2, "reads": 1},
    ],
}


def test_an_architecture_without_its_traffic_costs_the_same():
    assert estimate(parse(still(view(FLOWING)))).total == pytest.approx(estimate(parse(FLOWING)).total, rel=1e-12)


def test_advice_along_connections():
    """75 USD for the API; a peak of 60 for a mean of 11.4 is not steady; the queue is sent one message a call.

    Of 1.7 messages a second five pollers gather no two within 5 s.
    """
    told = {finding.id: finding for finding in estimate(parse(FLOWING)).findings}
    assert told["http_api_instead_of_rest"].saving == pytest.approx(75.0)
    assert told["dead_letter_queue_missing"].severity == "warning"
    assert {"invoke_with_batches", "send_in_batches", "receive_in_batches", "nat_gateway_unneeded"}.isdisjoint(told)


def test_only_what_has_several_messages_sends_them_together():
    document = FLOWING | {"connections": [*FLOWING["connections"]]}
    document["connections"][2] = {"from": "handler", "to": "jobs", "calls": 4}
    (finding,) = advice(document, "send_in_batches")
    assert finding.numbers == "1 message with each call; 4 go"


def many(count, **said):
    components = [
        {"name": f"f{index}", "type": "lambda_function", "requests": 10_000_000, "duration_ms": 100} | said
        for index in range(count)
    ]
    return one() | {"components": components}


MOST_APART = int(MOST_PRICED**0.5)


@pytest.mark.parametrize("count", [MOST_APART, MOST_APART + 1])
def test_many_changes_of_one_kind_are_priced_together(count):
    document = many(count, memory_mb=1024)
    found = advice(document, "arm64_instead_of_x86")
    assert len(found) == (count if count <= MOST_APART else 1)
    assert sum(finding.saving for finding in found) == pytest.approx(count * 3.3333)
    assert {name for finding in found for name in finding.components} == {f"f{index}" for index in range(count)}


def test_of_many_changes_those_that_save_are_priced_together():
    """Of twenty tables every second stores enough for the other class to pay off."""
    tables = [
        {"name": f"t{index}", "type": "dynamodb_table", "writes": 1_000_000, "reads": 0, "storage_gb": size}
        for index, size in enumerate([0.1, 100.0] * 10)
    ]
    (finding,) = advice(one() | {"components": tables}, "dynamodb_table_class")
    # 100 GB at $0.25 and at $0.10, a million writes at $0.625 and at $0.78 a million.
    assert finding.saving == pytest.approx(10 * (15 - 0.155))
    assert finding.components == tuple(f"t{index}" for index in range(1, 20, 2))


def test_less_than_a_cent_is_no_advice():
    saved = 3.3333 / 10_000_000
    just, less = (many(1, memory_mb=1024, requests=cents * LEAST_SAVING / saved) for cents in (1.01, 0.99))
    assert len(advice(just, "arm64_instead_of_x86")) == 1
    assert advice(less, "arm64_instead_of_x86") == []


@pytest.mark.parametrize(("usd", "rest", "minor"), [(0.99, 0, True), (1.01, 0, False), (5, 500, True), (5, 400, False)])
def test_what_saves_less_than_a_dollar_or_a_hundredth_is_minor(usd, rest, minor):
    """`rest` USD are on the bill besides the function."""
    document = many(1, memory_mb=1024, requests=usd / (3.3333 / 10_000_000))
    document["components"].append({"name": "other", "type": "custom_line", "amount_usd": rest})
    (finding,) = advice(document, "arm64_instead_of_x86")
    assert finding.minor is minor


def test_minor_advice_comes_last_and_stands_apart():
    document = many(1, memory_mb=1024, requests=1_000_000)
    document["components"].append({"name": "web", "type": "rest_api", "requests": 30_000_000})
    answer = estimate(parse(document))
    assert [(one.id, one.minor) for one in answer.findings] == [
        ("http_api_instead_of_rest", False),
        ("arm64_instead_of_x86", True),
    ]
    told = finding_rows(answer.findings).splitlines()
    assert [line.partition(" ")[0] for line in told] == ["INFO", "Saves", "INFO"]
    assert finding_rows(answer.findings[:1]).splitlines() == told[:1]
    assert finding_rows(answer.findings[1:]).splitlines() == told[1:]


def test_free_tiers_leave_nothing_to_save():
    document = many(1, requests=1_000_000) | {"account": {"free_tier": "always"}}
    assert estimate(parse(document)).findings == ()


def test_an_unknown_price_is_no_advice():
    """EBS prices are known in one region only; elsewhere nobody can say what gp3 saves."""
    document = one(name="i", type="ec2_instance", instance_type="t4g.nano", gp2_gb=100) | {"as_of": "2026-10-15"}
    assert len(advice(document, "gp3_instead_of_gp2")) == 1
    assert breaches("gp3_instead_of_gp2", document)[0].instead["components"][0]["gp3_gb"] == 100


# Loops


def loop(gain, *types, **said):
    """A queue, and what its messages go through until they come back."""
    names = ["jobs", *(f"c{index}" for index in range(len(types)))]
    components = [
        {"name": name, "type": kind} | (said if kind == "lambda_function" else {})
        for name, kind in zip(names, ("sqs_queue", *types), strict=True)
    ]
    ways = [{"from": here, "to": there} for here, there in zip(names, [*names[1:], names[0]], strict=True)]
    ways[0]["batch"] = 1
    ways[-1]["calls"] = gain
    return {
        "region": "us-east-1",
        "as_of": "2026-10-15",
        "hidden_lines": {"logs": False},
        "traffic": {"requests_per_month": 1_000_000},
        "components": components,
        "connections": [{"from": "traffic", "to": "jobs"}, *ways],
    }


def test_a_loop_is_stopped_by_the_first_limit():
    document = loop(2, "lambda_function", duration_ms=100, reserved_concurrency=50)
    (finding,) = [one for one in limits(parse(document)).findings if one.id == "recursive_loop"]
    assert finding.severity == "error"
    assert "2 come back for each that enters" in finding.numbers
    assert "lambda_reserved_concurrency: 50 executions" in finding.numbers
    # 500 a second, 1.8 million an hour: invocations, 22,500 GB-s, three requests of the queue for each.
    costs = 0.36 + 22_500 * 0.0000166667 + 3 * 0.72
    assert f"brings 1,800,000 calls and costs about ${costs:.2f}" in finding.numbers


def test_lambda_does_not_notice_every_loop():
    noticed = loop(1, "lambda_function", "sns_topic", duration_ms=100)
    unnoticed = loop(1, "lambda_function", "event_bus", duration_ms=100)
    told = [
        next(one.numbers for one in limits(parse(document)).findings if one.id == "recursive_loop")
        for document in (noticed, unnoticed)
    ]
    assert "stops a chain after 16 passes" in told[0]
    assert "does not notice" in told[1]


def test_what_a_loop_calls_is_counted_with_it():
    document = loop(1, "lambda_function", duration_ms=100)
    document["components"].append({"name": "orders", "type": "dynamodb_table", "reads": 0})
    alone, calling = (
        document,
        document | {"connections": [*document["connections"], {"from": "c0", "to": "orders", "writes": 1}]},
    )
    alone["components"][-1] = {"name": "orders", "type": "dynamodb_table", "reads": 0, "writes": 0}
    calling["components"] = [*document["components"][:-1], {"name": "orders", "type": "dynamodb_table", "reads": 0}]
    costs = []
    for one_document in (alone, calling):
        (finding,) = [one for one in limits(parse(one_document)).findings if one.id == "recursive_loop"]
        calls, cost = finding.numbers.split(" brings ")[1].split(" calls and costs about $")
        costs.append(float(cost.split(";")[0]) / float(calls.replace(",", "")))
    # A write unit for each, at $0.625 a million.
    assert costs[1] - costs[0] == pytest.approx(0.625e-6, abs=2e-9)


@pytest.mark.parametrize("count", [6, 60])
def test_many_streams_that_queues_could_be_are_priced_together(count):
    """Each with a function behind it: two shards and a million records against three million requests."""
    parts, ways = [], []
    for index in range(count):
        stream = {"type": "kinesis_stream", "capacity": "provisioned", "shards": 2, "records": 1_000_000}
        parts += [stream | {"name": f"s{index}"}, {"name": f"f{index}", "type": "lambda_function", "duration_ms": 100}]
        ways.append({"from": f"s{index}", "to": f"f{index}"})
    document = one() | {"components": parts, "connections": ways, "hidden_lines": {"logs": False}}
    found = advice(document, "queue_instead_of_stream")
    assert len(found) == (count if count == 6 else 1)
    assert sum(finding.saving for finding in found) == pytest.approx(count * 20.714)


def test_the_five_busiest_of_many_steady_functions_are_compared():
    names = [f"f{number}" for number in range(7)]
    functions = [{"name": name, "type": "lambda_function", "duration_ms": 1000} for name in names]
    ways = [{"from": "traffic", "to": name, "calls": 1 + number} for number, name in enumerate(names)]
    traffic = {"requests_per_month": 26_280_000, "peak_rps": 12}
    document = {"region": "us-east-1", "as_of": "2026-09-01", "traffic": traffic}
    found = breaches("lambda_vs_fargate_breakeven_hint", document | {"components": functions, "connections": ways})
    assert [breach.path for breach in found] == [(f"f{number}",) for number in (6, 5, 4, 3, 2)]
