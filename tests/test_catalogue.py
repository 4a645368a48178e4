"""The catalogue: each way in which a data file can be wrong is refused by name, and the files that are there agree."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from calculator import CatalogueError, NotFound, component_type, component_types
from pricing.catalogue.catalogue import DATA, digest, free_tier_named, meter_named, quota_named, read_type
from pricing.catalogue.component_type import family_member
from pricing.catalogue.toml_table import Table
from pricing.prices.pricelist import rates_of, regions_of

BAD = sorted((Path(__file__).parent / "bad_catalogue").glob("*.toml"))
TYPES = [component_type(name) for name in component_types()]
NAMES = component_types()
REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-[0-9]")

GOOD = """
title = "A queue"
about = "Counts."
pricing_page = "https://aws.amazon.com/"
[inputs]
messages = { unit = "message/month", about = "Messages." }
fifo = { choices = [false, true], default = false, about = "Order." }
cache_gb = { choices = [0, 0.5, 118], default = 0, about = "Cache." }
hours = { unit = "hour/month", default = "month_hours", about = "Hours." }
batch = { unit = "message", default = 1, at_least = 1, about = "Batch." }
share = { unit = "share", default = 0.5, at_most = 1, when = { fifo = [true], cache_gb = [0.5] }, about = "Share." }
reserved = { unit = "message/s", default = "none", about = "Reserved." }
peak_rps = { unit = "message/s", mean_rate_of = "messages", about = "Rate." }
[meters.requests]
title = "Requests"
unit = "request"
published = "queue.requests"
[meters.calls]
title = "Calls"
unit = "GB-s"
published = "queue.calls"
free_tier = "other.calls"
[free_tier.requests]
covers = ["requests", "other.requests"]
quantity = "0.5"
kind = "12_months"
scope = "region"
source = "AWS"
checked = 2026-07-01
except_in = ["us-gov-"]
[quotas.size]
title = "Size"
unit = "KB"
value = 64
regions = { eu-west-1 = "0.5" }
kind = "minimum"
scope = "account"
adjustable = true
exceeded = "Refused."
remedy = "Send less."
source = "AWS"
checked = "2026-05"
confidence = "low"
"""


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_wrong_data_file_is_refused_by_name(path):
    """The message stands in the first line of the file; where it names what TOML or Python say, only its beginning."""
    expected = path.read_text("utf-8").splitlines()[0].removeprefix("# ")
    with pytest.raises(CatalogueError) as refused:
        read_type(path)
    assert str(refused.value).startswith(f"{path.name}: {expected}")


def test_there_are_wrong_files():
    assert len(BAD) > 70


def test_a_file_that_is_no_text(tmp_path):
    (tmp_path / "x.toml").write_bytes(b'title = "\xff"')
    with pytest.raises(CatalogueError, match=r"x\.toml: not TOML: "):
        read_type(tmp_path / "x.toml")


def test_a_good_file_is_read(tmp_path):
    (tmp_path / "queue.toml").write_text(GOOD, "utf-8")
    kind = read_type(tmp_path / "queue.toml")
    assert (kind.name, kind.title, kind.about, kind.pricing_page) == (
        "queue",
        "A queue",
        "Counts.",
        "https://aws.amazon.com/",
    )
    assert [name for name, known in kind.inputs.items() if known.required] == ["messages"]
    assert kind.inputs["cache_gb"].choices == (0, 0.5, 118)
    assert kind.inputs["share"].when == {"fifo": (True,), "cache_gb": (0.5,)}
    assert kind.inputs["share"].at_most == 1
    assert [name for name, known in kind.inputs.items() if known.may_be_unset] == ["reserved"]
    assert [name for name, known in kind.inputs.items() if known.follows_the_month] == ["hours"]
    assert kind.meters["requests"].full_name == "queue.requests"
    assert kind.meters["requests"].free_tier == "queue.requests"
    assert kind.meters["calls"].free_tier == "other.calls"
    tier = kind.free_tiers["requests"]
    assert tier.covers == ("queue.requests", "other.requests")
    assert (tier.quantity, tier.kind, tier.scope, tier.checked) == (
        Decimal("0.5"),
        "12_months",
        "region",
        date(2026, 7, 1),
    )
    assert (tier.holds_in("us-east-1"), tier.holds_in("us-gov-west-1")) == (True, False)
    assert kind.free_tiers["requests"]._replace(except_in=()).holds_in("us-gov-west-1")
    quota = kind.quotas["size"]
    assert (quota.value_in("us-east-1"), quota.value_in("eu-west-1")) == (64, Decimal("0.5"))
    assert (quota.kind, quota.scope, quota.adjustable, quota.code, quota.note) == ("minimum", "account", True, "", "")


def test_a_choice_named_none_is_not_unset():
    assert not component_type("lambda_function").inputs["snapstart"].may_be_unset


def test_what_was_read_cannot_be_changed():
    kind = component_type("sqs_queue")
    with pytest.raises(AttributeError):
        kind.title = "x"
    for table in (kind.inputs, kind.meters, kind.free_tiers, kind.quotas, kind.inputs["fair"].when):
        with pytest.raises(TypeError):
            table["x"] = 1


def test_the_types_are_sorted_and_read_once():
    assert list(NAMES) == sorted(NAMES)
    assert component_type("sqs_queue") is component_type("sqs_queue")


@pytest.mark.parametrize(
    "name", ["", "sqs", "SQS_QUEUE", "../data/sqs_queue", "sqs_queue.toml", "a" * 5000, "\0", "é", "\ud800"]
)
def test_an_unknown_type(name):
    with pytest.raises(NotFound, match=r"no component type .*; there are api_destination, "):
        component_type(name)
    for look_up in (meter_named, quota_named, free_tier_named):
        with pytest.raises(NotFound):
            look_up(f"{name}.requests")


@pytest.mark.parametrize("look_up", [meter_named, quota_named, free_tier_named])
@pytest.mark.parametrize("name", ["sqs_queue", "sqs_queue.", "sqs_queue.x", "sqs_queue.requests.x", ".requests", ""])
def test_an_unknown_name(look_up, name):
    with pytest.raises(NotFound, match=r"^no (meter|quota|free tier|component type) "):
        look_up(name)


def test_the_digest_is_of_the_types_used():
    alone = digest(frozenset({"sqs_queue"}))
    assert re.fullmatch("[0-9a-f]{64}", alone)
    assert len({alone, digest(frozenset({"sns_topic"})), digest(frozenset({"sqs_queue", "sns_topic"}))}) == 3
    digest.cache_clear()
    assert digest(frozenset({"sqs_queue"})) == alone


def test_a_change_in_any_file_changes_the_digest(tmp_path, monkeypatch):
    (tmp_path / "rates").mkdir()
    files = [tmp_path / "queue.toml", tmp_path / "rates" / "queue.csv", tmp_path / "rates" / "sources.json"]
    for file in files:
        file.write_text("1")
    monkeypatch.setattr("pricing.catalogue.catalogue.DATA", tmp_path)
    seen = set()
    for file in [None, *files]:
        if file:
            file.write_text("2")
        digest.cache_clear()
        seen.add(digest(frozenset({"queue"})))
    digest.cache_clear()
    assert len(seen) == 4


# The files that are there


@pytest.mark.parametrize("kind", TYPES, ids=NAMES)
def test_free_tiers_and_meters_name_each_other(kind):
    for tier in kind.free_tiers.values():
        # A GB that is kept for a month counts as much as a GB that is written: AWS gives so many GB for both.
        units = {meter_named(meter).unit.removesuffix("-month") for meter in tier.covers}
        assert len(units) == 1, "one allowance, one unit"
        assert {meter_named(meter).free_tier for meter in tier.covers} == {tier.full_name}
    for meter in kind.meters.values():
        if meter.free_tier:
            assert meter.full_name in free_tier_named(meter.free_tier).covers


@pytest.mark.parametrize("kind", TYPES, ids=NAMES)
def test_the_units_of_inputs_stand_in_their_names(kind):
    for name, known in kind.inputs.items():
        ends = {"s": "_s", "ms": "_ms", "KB": "_kb", "MB": "_mb", "GB": "_gb", "share": ("_share", "_cv")}
        if known.unit in ends:
            assert name.endswith(ends[known.unit]), name
        if known.unit == "hour/month":
            assert name == "hours" or name.endswith("_hours"), name
        if name.endswith("_rps"):
            assert known.unit.endswith("/s"), name


@pytest.mark.parametrize("kind", TYPES, ids=NAMES)
def test_every_meter_has_rates_and_no_rate_is_without_meter(kind):
    assert all(regions_of(meter.full_name) for meter in kind.meters.values())
    rows = (DATA / "rates" / f"{kind.name}.csv").read_text("utf-8").splitlines()[1:]
    assert {row.split(",")[0] for row in rows} <= kind.meters.keys()


def test_only_the_users_own_amounts_have_no_published_price():
    assert [meter.full_name for kind in TYPES for meter in kind.meters.values() if not meter.published] == [
        "custom_line.amount"
    ]


def test_a_family_has_a_meter_for_each_choice():
    kind = component_type("ec2_instance")
    hours = [name for name in kind.meters if name.startswith("hours_")]
    assert hours == [family_member("hours", choice) for choice in kind.inputs["instance_type"].choices]
    assert kind.meters["hours_m5_large"].published == "ec2.linux.ondemand.m5.large"
    assert kind.meters["hours_m5_large"].title == "Instance hours, m5.large"
    for kind in TYPES:
        assert not [meter.name for meter in kind.meters.values() if "{}" in meter.title + meter.published]


@pytest.mark.parametrize("kind", TYPES, ids=NAMES)
def test_the_regions_of_quotas_are_regions(kind):
    for quota in kind.quotas.values():
        assert all(REGION.fullmatch(region) for region in quota.regions), quota.name
        assert quota.value not in quota.regions.values(), "only exceptions are listed"


def test_no_two_quotas_have_one_name():
    names = [name for kind in TYPES for name in kind.quotas]
    assert sorted(set(names)) == sorted(names)


def test_what_is_free_stands_in_the_free_tiers():
    """A first tier of $0 would be free in each region, and in an account without free tiers too."""
    for kind in TYPES:
        for meter in kind.meters.values():
            rates = [rate for region in regions_of(meter.full_name) for rate in rates_of(meter.full_name, region)]
            assert all(rate.tiers[0].price or not any(tier.price for tier in rate.tiers) for rate in rates), (
                meter.full_name
            )


def test_a_table_says_where_it_is():
    with pytest.raises(CatalogueError, match=r"^x\.toml: a\.b: expected a table$"):
        Table("x.toml", ("a", "b"), 5)
    with pytest.raises(CatalogueError, match=r"^x\.toml: z: unknown key; expected a, b$"):
        Table("x.toml", (), {"a": 1, "z": 1}, "a b")
