"""The import of published prices: each of its rules on a few records."""

import csv
import json

import pytest

from pricing.imports.published import FREE_FIRST_TIER
from pricing.imports.survey import main
from pricing.prices.pricelist import HEADER

COLUMNS = ["service", "dimension", "region", "unit", "above", "price_usd", "as_of", "source", "rate_codes", "note"]
SOURCES = {
    "S1": "AWS feed",
    "S2": "AWS price list",
    "S3": "public quotation",
    "S41": "aws-lambda-power-tuning@262",
}
FEED, LATER = "2025-06-05T17:56:10Z", "2025-08-28"


def record(price, above="0", *, key="x.requests", region="us-east-1", unit="requests", **more):
    row = {"service": "x", "dimension": key, "region": region, "unit": unit, "above": above, "price_usd": price}
    return row | {"as_of": FEED, "source": "S1", "rate_codes": "", "note": ""} | more


class Import:
    """A directory with one component type, imported from a few records."""

    def __init__(self, path):
        self.path, self.data = path, path / "data"
        self.data.mkdir()
        self.declare(requests="x.requests")

    def declare(self, **published):
        meters = "".join(f'[meters.{name}]\npublished = "{key}"\n' for name, key in published.items())
        (self.data / "queue.toml").write_text(meters)

    def run(self, *records, sources=SOURCES):
        with (self.path / "prices.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            writer.writerows(records)
        (self.path / "sources.json").write_text(json.dumps(sources))
        return main([str(self.path / "prices.csv"), str(self.path / "sources.json"), "--into", str(self.data)])

    def rates(self, *records):
        assert self.run(*records) == 0
        return self.written()

    def written(self):
        with (self.data / "rates" / "queue.csv").open(newline="") as file:
            header, *rows = csv.reader(file)
        assert header == HEADER
        return [",".join(row) for row in rows]


@pytest.fixture
def survey(tmp_path):
    return Import(tmp_path)


def test_one_record_becomes_one_row_with_its_source_day_and_rate_code(survey):
    rows = survey.rates(record("0.0000004", rate_codes="AAA.BBB.CCC"))
    assert rows == ["requests,us-east-1,2025-06-05,0,0.0000004,S1,2025-06-05,AAA.BBB.CCC"]
    assert json.loads((survey.data / "rates" / "sources.json").read_text()) == {"S1": "AWS feed"}


def test_prices_stay_as_published_and_never_get_an_exponent(survey):
    rows = survey.rates(record("1e-7"), record("0.50", region="us-west-2"), record("2E-9", "1E+9", region="us-west-2"))
    assert [row.split(",")[3:5] for row in rows] == [["0", "0.0000001"], ["0", "0.50"], ["1000000000", "0.000000002"]]


def test_each_tier_keeps_its_own_rate_code(survey):
    rows = survey.rates(record("0.3", "100", rate_codes="SKU.T.2"), record("0.4", rate_codes="SKU.T.1"))
    assert [row.split(",")[3:] for row in rows] == [
        ["0", "0.4", "S1", "2025-06-05", "SKU.T.1"],
        ["100", "0.3", "S1", "2025-06-05", "SKU.T.2"],
    ]


def test_the_same_price_seen_later_moves_checked_only(survey):
    rows = survey.rates(record("0.4", as_of=LATER, source="S2"), record("0.40", rate_codes="A"))
    assert rows == ["requests,us-east-1,2025-06-05,0,0.4,S2,2025-08-28,"]


def test_a_newer_source_with_fewer_tiers_does_not_erase_tiers(survey):
    rows = survey.rates(record("0.4"), record("0.3", "100"), record("0.4", as_of=LATER, source="S2"))
    assert rows == [
        "requests,us-east-1,2025-06-05,0,0.4,S1,2025-08-28,",
        "requests,us-east-1,2025-06-05,100,0.3,S1,2025-08-28,",
    ]


def test_a_newer_source_with_more_tiers_completes_the_rate(survey):
    newer = {"as_of": LATER, "source": "S2"}
    rows = survey.rates(record("0.4"), record("0.4", **newer), record("0.3", "100", **newer))
    assert rows == [
        "requests,us-east-1,2025-06-05,0,0.4,S2,2025-08-28,",
        "requests,us-east-1,2025-06-05,100,0.3,S2,2025-08-28,",
    ]


def test_a_different_price_is_a_new_rate_and_is_said(survey, capsys):
    rows = survey.rates(record("0.4"), record("0.5", as_of=LATER, source="S2"))
    assert rows == [
        "requests,us-east-1,2025-06-05,0,0.4,S1,2025-06-05,",
        "requests,us-east-1,2025-08-28,0,0.5,S2,2025-08-28,",
    ]
    assert (
        "us-east-1: S1 of 2025-06-05 shows $0.4 above 0, but S2 of 2025-08-28 shows $0.5 above 0"
        in capsys.readouterr().out
    )


def test_a_price_that_came_back_is_a_rate_again(survey):
    rows = survey.rates(record("0.4"), record("0.5", as_of=LATER), record("0.4", as_of="2026-01-01"))
    assert [row.split(",")[2:5:2] for row in rows] == [
        ["2025-06-05", "0.4"],
        ["2025-08-28", "0.5"],
        ["2026-01-01", "0.4"],
    ]


def test_of_two_prices_of_one_day_the_one_with_more_tiers_stays_and_both_are_said(survey, capsys):
    rows = survey.rates(record("0.4"), record("0.3", "100"), record("0.5", source="S2"))
    assert [row.split(",")[4] for row in rows] == ["0.4", "0.3"]
    assert "S2 of 2025-06-05 shows $0.5 above 0, but S1 of 2025-06-05 shows $0.4 above 0, $0.3 above 100" in (
        capsys.readouterr().out
    )


def test_a_price_before_a_cut_is_history_and_the_next_begins_on_the_day_of_the_cut(survey, capsys):
    cut = "PRE-CUT price, superseded 2024-11-01 (history record)"
    rows = survey.rates(
        record("0.125"),
        record("0.25", as_of="2024-10-01", source="S2", note=cut),
        record("0.125", as_of="2026-08-31", source="S3"),
        record("0.15", region="eu-west-1"),
    )
    assert rows == [
        "requests,eu-west-1,2025-06-05,0,0.15,S1,2025-06-05,",
        "requests,us-east-1,2024-10-01,0,0.25,S2,2024-10-01,",
        "requests,us-east-1,2024-11-01,0,0.125,S1+S3,2026-08-31,",
    ]
    assert "differ" not in capsys.readouterr().out


@pytest.mark.parametrize("note", ["PRE-CUT price, superseded 2024-11-01", "PRE-CUT price"])
def test_a_price_that_ended_is_not_taken_for_todays(survey, capsys, note):
    assert survey.rates(record("0.25", as_of="2024-10-01", note=note)) == []
    assert "1 records: marked PRE-CUT" in capsys.readouterr().out


@pytest.mark.parametrize("mark", ["CONFLICT", "UNVERIFIED", "OLD"])
def test_marked_prices_are_left_out_whole(survey, capsys, mark):
    newer = {"as_of": LATER, "source": "S2"}
    marked = [record("9", **newer), record("8", "10", **newer, note=f"{mark}: another page says so")]
    assert survey.rates(record("0.4"), *marked) == ["requests,us-east-1,2025-06-05,0,0.4,S1,2025-06-05,"]
    assert f"2 records: marked {mark}" in capsys.readouterr().out


@pytest.mark.parametrize("note", ["an unverified reader's remark", "the old page", "GOLD", "CONFLICTS", "OLDER"])
def test_only_the_whole_upper_case_word_is_a_mark(survey, note):
    assert len(survey.rates(record("0.4", note=note))) == 1


def test_unverified_breaks_do_not_make_a_price_unverified(survey, capsys):
    note = "Breaks documented for us-east-1 (public); treat breaks outside us-east-1 as UNVERIFIED."
    tiers = [("0.4", "0"), ("0.3", "100")]
    records = [
        record(price, above, region=region, note=note)
        for region in ("us-east-1", "eu-west-1")
        for price, above in tiers
    ]
    assert [row.split(",")[1:5:2] for row in survey.rates(*records)] == [
        ["eu-west-1", "0"],
        ["eu-west-1", "100"],
        ["us-east-1", "0"],
        ["us-east-1", "100"],
    ]
    assert "tiers whose breaks are inferred from us-east-1:\n  queue.requests: eu-west-1\n" in capsys.readouterr().out


def test_a_default_is_no_region(survey, capsys):
    assert survey.rates(record("0.4", region="default"), record("0.4"))[0].split(",")[1] == "us-east-1"
    assert "1 records: no region" in capsys.readouterr().out


def test_rounded_values_only_check(survey, capsys):
    rounded = {"as_of": "2026-09-01", "source": "S41", "unit": "transitions"}
    assert survey.rates(
        record("0.4", unit="state transitions"),
        record("0.4", **rounded),
        record("0.6", unit="state transitions", region="us-west-2"),
        record("0.7", **rounded, region="us-west-2"),
        record("0.7", **rounded, region="eu-west-1"),
    ) == ["requests,us-east-1,2025-06-05,0,0.4,S1,2025-06-05,", "requests,us-west-2,2025-06-05,0,0.6,S1,2025-06-05,"]
    said = capsys.readouterr().out
    assert "3 records: rounded values, for cross-checks only" in said
    assert "cross-checks that agree:\n  queue.requests: us-east-1\n" in said
    assert "cross-checks that differ:\n  queue.requests: us-west-2: S41 of 2026-09-01 shows $0.7 above 0\n" in said


def test_an_undated_mirror_is_of_mid_2026(survey):
    mirror = record("0.4", as_of="2026 (page mirror; undated, includes MicroVMs)")
    assert survey.rates(mirror) == ["requests,us-east-1,2026-07-01,0,0.4,S1,2026-07-01,"]


def test_a_free_first_tier_is_taken_out_and_the_next_tiers_shift(survey):
    tiers = [("0", "0"), ("0.6", "1000"), ("0.5", "5000")]
    rows = survey.rates(*(record(price, above, note=FREE_FIRST_TIER) for price, above in tiers))
    assert [row.split(",")[3:5] for row in rows] == [["0", "0.6"], ["4000", "0.5"]]


@pytest.mark.parametrize(
    ("quantity", "tiers"),
    [("1_000", [["0", "0.6"]]), ('"1000.0"', [["0", "0.6"]]), ("999", [["0", "0"], ["1000", "0.6"]])],
)
def test_a_free_first_tier_is_known_by_the_quantity_of_the_free_tier(survey, quantity, tiers):
    with (survey.data / "queue.toml").open("a") as file:
        file.write(f'[free_tier.requests]\ncovers = ["requests"]\nquantity = {quantity}\n')
    rows = survey.rates(record("0"), record("0.6", "1000"))
    assert [row.split(",")[3:5] for row in rows] == tiers


def test_a_price_of_nothing_is_a_price(survey):
    assert survey.rates(record("0")) == ["requests,us-east-1,2025-06-05,0,0,S1,2025-06-05,"]


def test_a_free_tier_without_a_price_after_it_is_no_price(survey, capsys):
    assert survey.rates(record("0", note=FREE_FIRST_TIER)) == []
    assert "1 records: tiers do not start at 0 and rise" in capsys.readouterr().out


@pytest.mark.parametrize("records", [[record("0.4", "100")], [record("0.4"), record("0.5")]])
def test_tiers_start_at_nothing_and_rise(survey, capsys, records):
    assert survey.rates(*records) == []
    assert "tiers do not start at 0 and rise" in capsys.readouterr().out


def test_a_price_that_the_type_file_doubts_is_left_out(survey, capsys):
    with (survey.data / "queue.toml").open("a") as file:
        file.write('doubtful_in = ["eu-west-1"]\n')
    rows = survey.rates(record("0.4"), record("0.1", region="eu-west-1"), record("0.5", region="us-west-2"))
    assert [row.split(",")[1] for row in rows] == ["us-east-1", "us-west-2"]
    assert "1 records: in a region where the type's file doubts it" in capsys.readouterr().out


def test_wordings_of_a_unit_are_one_and_another_quantity_is_left_out(survey, capsys):
    rows = survey.rates(
        record("0.4", unit="GB-seconds (64 MB x 100 ms)"),
        record("0.4", unit="GB-seconds", as_of=LATER, source="S2"),
        record("0.05", unit="128MB-seconds", as_of="2026-01-01", source="S3"),
    )
    assert rows == ["requests,us-east-1,2025-06-05,0,0.4,S2,2025-08-28,"]
    assert "1 records: counted in 128MB-seconds, not in GB-second" in capsys.readouterr().out


def test_a_meter_without_a_price_in_a_region_of_its_type_is_said(survey, capsys):
    survey.declare(requests="x.requests", fair="x.fair")
    survey.rates(record("0.4"), record("0.4", region="eu-west-1"), record("0.1", key="x.fair"))
    assert "have one:\n  queue.fair: eu-west-1\n" in capsys.readouterr().out


def test_an_unknown_published_name_is_said_and_the_others_are_written(survey, capsys):
    survey.declare(requests="x.requests", fair="x.fare")
    assert survey.run(record("0.4")) == 1
    assert "published names that no record has:\n  queue.fair: x.fare\n" in capsys.readouterr().out
    assert len(survey.written()) == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"price": "cheap"}, "line 2"),
        ({"price": "-1"}, "line 2"),
        ({"price": "NaN"}, "line 2"),
        ({"price": "1", "above": "Infinity"}, "line 2"),
        ({"price": "1", "as_of": "2026"}, "line 2"),
        ({"price": "1", "as_of": "spring 2026"}, "line 2"),
        ({"price": "1", "source": "S99"}, "line 2"),
    ],
)
def test_what_cannot_be_read_is_named_and_nothing_is_written(survey, capsys, wrong, said):
    survey.rates(record("0.4"))
    assert survey.run(record(**wrong)) == 2
    assert said in capsys.readouterr().err
    assert survey.written() == ["requests,us-east-1,2025-06-05,0,0.4,S1,2025-06-05,"]


def test_files_that_are_not_what_they_should_be_are_refused(survey, tmp_path):
    assert main([str(tmp_path / "none.csv"), str(tmp_path / "none.json")]) == 2
    (survey.data / "queue.toml").write_text("[meters")
    assert survey.run(record("0.4")) == 2


def test_nothing_is_written_where_one_file_cannot_be(survey):
    survey.rates(record("0.4"))
    (survey.data / "rates" / ".sources.json.new").mkdir()
    assert survey.run(record("0.5")) == 2
    assert survey.written() == ["requests,us-east-1,2025-06-05,0,0.4,S1,2025-06-05,"]
    assert not list((survey.data / "rates").glob(".queue*"))


def test_a_meter_that_only_a_feed_shows_is_taken_from_there(survey, capsys):
    survey.declare(requests="x.requests", flows="feed:swf/InitiatedWorkflows", none="feed:swf/Nothing", other="swf:x")
    assert survey.run(record("0.4")) == 1
    assert "flows,us-east-1,2025-06-05,0,0.0001,feed:swf,2025-06-05," in survey.written()
    assert json.loads((survey.data / "rates" / "sources.json").read_text())["feed:swf"].endswith("/raw/swf.json")
    assert "has:\n  queue.none: feed:swf/Nothing\n  queue.other: swf:x\n" in capsys.readouterr().out


def test_the_order_of_records_does_not_matter(survey):
    records = [record(price, above, region=region) for price, above in [("2", "0"), ("1", "9")] for region in "ba"]
    assert survey.rates(*records) == survey.rates(*reversed(records))
