"""Every limit at work: below, at and just beyond its value, and no value that could change without a test that fails.

An entry of `limits/<type>.toml` gives a quota, the smallest `component` that demands something of it, and what is said
of that component `below` the limit, `at` it and just `above` it; for a minimum "above" is what is less than it. Where a
quota counts components, these are their number, `account_quota` is a small limit of the account's own and `value` is
AWS's, unless the facts have it. With `exact = false` the demand grows in steps that do not meet the limit.
"""

import csv
import tomllib
from collections import defaultdict
from decimal import Decimal
from itertools import chain
from pathlib import Path

import pytest

from calculator import component_types, limits, parse
from calculator.limits.checks import checks_of, violated
from pricing.catalogue.catalogue import component_type, quota_named
from pricing.formula.reading import as_float
from tests.helpers.flowing import measure

FOLDER = Path(__file__).parent / "limits"
KNOWN = {"quota", "component", "below", "at", "above", "account_quota", "value", "exact"}
EXACT = 1e-9
# Below 80 % of a limit nothing is near it.
CLEARLY = Decimal("0.8")
# What is counted in few pieces cannot change by 2 %.
FEW = 50

FACTS = {row["id"]: row for row in csv.DictReader((FOLDER / "facts.csv").read_text("utf-8").splitlines())}
LEFT_OUT = tomllib.loads((FOLDER / "left_out.toml").read_text("utf-8"))
REASONS = dict(chain.from_iterable(reasons.items() for reasons in LEFT_OUT.values()))
QUOTAS = {quota.full_name: quota for name in component_types() for quota in component_type(name).quotas.values()}


def _entries():
    found = defaultdict(list)
    for path in sorted(FOLDER.glob("*.toml")):
        for entry in tomllib.loads(path.read_text("utf-8")).get("limit", ()):
            found[f"{path.stem}.{entry['quota']}"].append(entry)
    return dict(found)


ENTRIES = _entries()


def _named_entries():
    for name, entries in ENTRIES.items():
        for entry in entries:
            region = entry["component"].get("region")
            yield pytest.param(name, entry, id=f"{name} in {region}" if region else name)


def check_of(name, entry, said):
    """The check of a quota where `said` is said of the entry's component, or where there are so many of them."""
    several = isinstance(said, int)
    one = entry["component"] | ({} if several else said)
    document = {
        "region": region_of(entry),
        "as_of": "2026-09-01",
        "components": [one | {"name": f"c{i}"} for i in range(said if several else 1)],
    }
    if "account_quota" in entry:
        document["account"] = {"quotas": {quota_named(name).name: entry["account_quota"]}}
    architecture = parse(document)
    _, demands = measure(architecture, as_float)
    checks = [one for one in checks_of(demands, architecture.account, as_float) if one.quota.full_name == name]
    assert checks, "nothing is demanded of this quota"
    return checks[0]


def region_of(entry):
    return entry["component"].get("region", "us-east-1")


def value_of(quota, entry):
    """The limit in the entry's region: what the catalogue says, or what the account says."""
    return Decimal(str(entry["account_quota"])) if "account_quota" in entry else quota.value_in(region_of(entry))


@pytest.mark.parametrize(("name", "entry"), list(_named_entries()))
def test_a_limit_holds_until_it_is_passed(name, entry):
    assert set(entry) <= KNOWN
    quota = quota_named(name)
    below, at, above = (check_of(name, entry, entry[key]) for key in ("below", "at", "above"))
    assert [violated(check) for check in (below, at, above)] == [False, False, True]
    assert at.limit == pytest.approx(float(value_of(quota, entry)), rel=EXACT)
    if entry.get("exact", True):
        assert at.demand == pytest.approx(at.limit, rel=EXACT, abs=EXACT)
    if quota.kind == "maximum" and at.limit > 0 and "account_quota" not in entry:
        assert below.demand < at.limit * float(CLEARLY)


@pytest.mark.parametrize("name", QUOTAS)
def test_every_quota_has_an_entry_and_so_has_each_of_its_values(name):
    quota = QUOTAS[name]
    entries = ENTRIES.get(name, ())
    assert entries
    if not any("account_quota" in entry for entry in entries):
        assert {quota.value, *quota.regions.values()} <= {value_of(quota, entry) for entry in entries}


def test_every_entry_is_of_a_quota():
    assert set(ENTRIES) <= set(QUOTAS)


@pytest.mark.parametrize("name", QUOTAS)
def test_a_quota_that_changes_does_not_go_unnoticed(name):
    quota, entries = QUOTAS[name], ENTRIES.get(name, ())
    if any("account_quota" in entry for entry in entries):
        # So many components that they break AWS's own limit are not made here: the value itself is compared.
        assert quota.name in FACTS or {Decimal(entry["value"]) for entry in entries} == {quota.value}
        return
    entries = [entry for entry in entries if value_of(quota, entry) == quota.value]
    asked = [check_of(name, entry, entry[key]) for entry in entries for key in ("below", "at", "above")]
    before = [violated(check) for check in asked]
    for value in changed(quota.value):
        after = [violated(check._replace(limit=float(value))) for check in asked]
        assert after != before, f"{value} instead of {quota.value} would change nothing"


def changed(value):
    """A limit a little more and a little less."""
    if value < FEW and value == int(value):
        more, less = (Decimal("1.25"), Decimal("0.75"))
        return max(value * more, value + 1), min(value * less, value - 1)
    return value * Decimal("1.02"), value * Decimal("0.98")


@pytest.mark.parametrize("name", [name for name, quota in QUOTAS.items() if quota.follows])
def test_a_limit_that_follows_another_is_what_follows_from_it(name):
    quota = QUOTAS[name]
    followed = QUOTAS[f"{quota.type}.{quota.follows}"]
    assert quota.value == followed.value * quota.times - quota.less


def test_every_fact_is_a_quota_or_left_out_with_a_reason():
    quotas = {quota.name for quota in QUOTAS.values()}
    assert {id_ for id_ in FACTS if id_ not in quotas and id_ not in REASONS} == set()
    assert {id_ for id_ in REASONS if id_ in quotas or id_ not in FACTS} == set()
    for service, reasons in LEFT_OUT.items():
        for id_, reason in reasons.items():
            assert FACTS[id_]["service"] == service
            assert len(reason.split()) >= 3, id_


@pytest.mark.parametrize("name", [name for name, quota in QUOTAS.items() if quota.name in FACTS])
def test_a_quota_is_what_the_facts_say(name):
    quota = QUOTAS[name]
    fact = FACTS[quota.name]
    assert quota.value == Decimal(fact["catalogue_value"] or fact["value"])
    assert (quota.adjustable, quota.code, quota.confidence) == (
        fact["adjustable"] == "yes",
        fact["quota_code"],
        fact["confidence"],
    )
    regions = dict(pair.split("=") for pair in fact["regions"].split())
    assert quota.regions == {region: Decimal(value) for region, value in regions.items()}


@pytest.mark.parametrize(
    ("message_kb", "status"), [(819.1, "ok"), (819.2, "near"), (870.4, "near"), (1024, "near"), (1025, "violated")]
)
def test_a_limit_is_near_from_four_fifths_of_it_on(message_kb, status):
    # A message of SQS has at most 1,024 KB: four fifths are 819.2.
    queue = {"name": "jobs", "type": "sqs_queue", "messages": 1, "message_kb": message_kb}
    answer = limits(parse({"region": "us-east-1", "as_of": "2026-09-01", "components": [queue]}))
    (found,) = (one for one in answer.headroom if one.quota == "sqs_message_size")
    assert (found.status, found.used) == (status, pytest.approx(message_kb / 1024))
