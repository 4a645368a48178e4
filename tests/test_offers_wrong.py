"""Offer files that are cut off, tampered with, of another service or of the future: nothing is written, all is said."""

import csv
import io
import json
import re
import subprocess
import sys

import pytest

from pricing.errors import ImportFailed
from pricing.imports.bounded_json import BoundedJson
from pricing.imports.offers import OfferFile, read_offers
from tests.helpers.offer_files import Offer, sqs, tiers
from tests.helpers.offer_import import FORMS, TODAY, Import

QUEUE = Offer(
    "AWSQueueService", [sqs(tiers("0.4", "0.3", "0.2")), sqs("0.5", region="eu-west-1", sku="IRELAND000000001")]
)
SKU = "8RN6B8U4MERHRXP3"
PLACES = {"json": f"SKU {SKU}, rate code '{SKU}.JRTCKXETXF.{{code}}'", "csv": "line {line}"}


@pytest.fixture
def offers(tmp_path):
    return Import(tmp_path)


def place(form, at):
    """Where the range number `at` of the first product stands."""
    return PLACES[form].format(code="6YS6EN2CT7" if at == 0 else f"TIER{at}", line=7 + at)


def refusal(offers, *texts, **given):
    """What is said of files that are refused; nothing was written."""
    with pytest.raises(ImportFailed) as refused:
        offers.take(*texts, **given)
    assert not offers.into.exists()
    return [line.partition("offer")[2].partition(", ")[2] for line in str(refused.value).splitlines()]


def tampered(at, **changed):
    """The offer with one range of the first product changed."""
    ranges = [dict(zip(("begin", "end", "price"), each, strict=True)) for each in QUEUE.products[0].ranges]
    ranges[at] |= changed
    first = QUEUE.products[0].but(ranges=[tuple(each.values()) for each in ranges])
    return Offer(QUEUE.code, [first, *QUEUE.products[1:]])


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"price": "-0.4"}, "price: expected a finite number of 0 or more, not '-0.4'"),
        ({"price": "NaN"}, "price: expected a finite number of 0 or more, not 'NaN'"),
        ({"price": "Infinity"}, "price: expected a finite number of 0 or more, not 'Infinity'"),
        ({"price": "free"}, "price: expected a number, not 'free'"),
        ({"price": ""}, "price: expected a number, not ''"),
        ({"begin": "Inf"}, "begin: expected a finite number of 0 or more, not 'Inf'"),
        ({"end": "all"}, "end: expected a number, not 'all'"),
        ({"end": "100"}, "expected a range that ends after 100, not at 100"),
        ({"end": "50"}, "expected a range that ends after 100, not at 50"),
    ],
)
def test_tampered_prices_and_ranges_are_refused_with_their_place(offers, form, changed, said):
    assert f"{place(form, 1)}: {said}" in refusal(offers, tampered(1, **changed)(form))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("at", "changed", "said"),
    [
        (0, {"begin": "1"}, "expected tiers that begin at 0, not at 1"),
        (0, {"end": "99"}, "expected a tier from 99, where the one before it ends, not from 100"),
        (0, {"end": "101"}, "expected a tier from 101, where the one before it ends, not from 100"),
        (1, {"end": "Inf"}, "expected a tier from Inf, where the one before it ends, not from 200"),
        (2, {"end": "300"}, "expected a last tier without end (Inf), not to 300"),
    ],
)
def test_missing_and_overlapping_tiers_are_refused(offers, form, at, changed, said):
    assert refusal(offers, tampered(at, **changed)(form)) == [f"SKU {SKU}: {said}"]


@pytest.mark.parametrize("form", FORMS)
def test_a_tier_that_is_gone_is_missed(offers, form):
    for at, said in [(0, "tiers that begin at 0"), (1, "a tier from 100"), (2, "a last tier without end")]:
        ranges = [each for number, each in enumerate(QUEUE.products[0].ranges) if number != at]
        assert said in refusal(offers, Offer(QUEUE.code, [QUEUE.products[0].but(ranges=ranges)])(form))[0]


@pytest.mark.parametrize("form", FORMS)
def test_products_of_one_meter_that_disagree_are_refused(offers, form):
    twice = Offer(QUEUE.code, [sqs("0.4"), sqs("0.5", sku="ANOTHERSTANDARD1")])
    assert refusal(offers, twice(form)) == [
        f"sqs_queue.requests in us-east-1: expected one price: SKU {SKU} has $0.4 and SKU ANOTHERSTANDARD1 has $0.5"
    ]


@pytest.mark.parametrize("form", FORMS)
def test_two_terms_of_one_day_are_refused(offers, form):
    twice = Offer(QUEUE.code, [sqs("0.4"), sqs("0.5").but(term="ANOTHER")])
    assert refusal(offers, twice(form)) == [
        f"SKU {SKU}: expected one term effective 2026-08-01, found ANOTHER, JRTCKXETXF"
    ]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            {"published": "2026-09-02T00:00:00Z"},
            "publicationDate: expected a day up to today (2026-09-01), not 2026-09-02",
        ),
        (
            {"published": "2026-09-01T23:00:00-05:00"},
            "publicationDate: expected a day up to today (2026-09-01), not 2026-09-02",
        ),
        ({"published": "soon"}, "publicationDate: expected a moment such as 2026-08-31T17:00:00Z, not 'soon'"),
        ({"version": "../../x"}, "version: expected a code, not '../../x'"),
        ({"code": "=cmd()"}, "offerCode: expected a code, not '=cmd()'"),
        ({"code": "AmazonEC9"}, "offerCode: expected a service with meters"),
    ],
)
def test_heads_are_checked(offers, form, given, said):
    offer = Offer(**{"code": QUEUE.code, "products": QUEUE.products, **given})
    assert refusal(offers, offer(form))[0].startswith(said)


@pytest.mark.parametrize(("form", "name"), [("json", "formatVersion"), ("csv", "FormatVersion")])
def test_another_format_version_is_refused(offers, form, name):
    said = refusal(offers, Offer(QUEUE.code, QUEUE.products, head={name: "v2.0"})(form))
    assert said == ["FormatVersion: expected v1.0, not 'v2.0'"]


@pytest.mark.parametrize("form", FORMS)
def test_the_service_and_the_region_that_were_asked_for_must_be_there(offers, form):
    assert refusal(offers, QUEUE(form), code="AWSLambda") == ["offerCode: expected AWSLambda, not AWSQueueService"]
    with pytest.raises(ImportFailed, match="expected prices of sa-east-1, found those of eu-west-1, us-east-1"):
        offers.take(QUEUE(form), region="sa-east-1")
    offers.take(QUEUE(form), region="eu-west-1")
    assert [rate.split(",")[1] for rate in offers.rates("sqs_queue")] == ["eu-west-1"]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("effective", ["01/03/2018", "", "2026-13-01", "soon"])
def test_a_day_must_be_a_day(offers, form, effective):
    said = refusal(offers, Offer(QUEUE.code, [sqs("0.4", effective=effective)])(form))
    assert "effective date: expected a day such as 2026-08-01" in said[0]


@pytest.mark.parametrize("form", FORMS)
def test_codes_are_plain(offers, form):
    strange = Offer(QUEUE.code, [sqs("0.4", sku="=1+1")])
    assert refusal(offers, strange(form)) == ["SKU '=1+1': expected a code"]
    strange = Offer(QUEUE.code, [sqs("0.4").but(term="a,b")])
    assert "term: expected a code, not 'a,b'" in refusal(offers, strange(form))[0]


@pytest.mark.parametrize("form", FORMS)
def test_all_faults_of_all_files_are_said_at_once(offers, form):
    first = tampered(0, price="-1")
    both = Offer(QUEUE.code, [*first.products[:1], sqs("NaN", region="eu-west-1", sku="IRELAND000000001")])
    said = refusal(offers, both(form), QUEUE(form), tampered(2, price="x")(form))
    assert [re.sub(r".*?: ", "", line, count=1) for line in said] == [
        "price: expected a finite number of 0 or more, not '-1'",
        "price: expected a finite number of 0 or more, not 'NaN'",
        "expected tiers that begin at 0, not at 100",
        "price: expected a number, not 'x'",
        "expected a last tier without end (Inf), not to 200",
    ]


@pytest.mark.parametrize("form", FORMS)
def test_reading_stops_after_twenty_faults(offers, form):
    many = Offer(QUEUE.code, [sqs("-1", sku=f"SKU{at:013}") for at in range(1000)])
    with pytest.raises(ImportFailed) as refused:
        offers.take(many(form))
    lines = str(refused.value).splitlines()
    assert len(lines) == 21
    assert lines[-1].endswith("reading stopped after 20 faults")


def test_a_json_file_that_is_cut_off_anywhere_is_refused(offers):
    text = QUEUE.json()
    for end in range(len(text) - 1, 0, -29):
        with pytest.raises(ImportFailed):
            offers.take(text[:end])
    assert not offers.into.exists()
    assert "expected complete JSON" in refusal(offers, text[: len(text) // 2])[0]


def test_a_csv_file_that_is_cut_off_anywhere_gives_no_other_prices(offers):
    text, refused = QUEUE.csv(), 0
    whole = {(change.place, change.new) for change in offers.read(text).changes}
    for end in range(0, len(text) - 1, 7):
        try:
            got = {(change.place, change.new) for change in offers.read(text[:end]).changes}
        except ImportFailed:
            refused += 1
        else:
            assert got <= whole, text[:end][-40:]
    assert refused > 0.98 * len(text) / 7


def test_rows_that_are_cut_off_say_their_line(offers):
    lines = QUEUE.csv().splitlines(keepends=True)
    assert refusal(offers, "".join(lines[:-1]) + lines[-1][:40])[0].startswith("line 10: expected")
    assert refusal(offers, "".join(lines[:-1]) + lines[-1].rpartition(",")[0] + "\n") == [
        "line 10: expected 21 columns, found 20"
    ]


def rewritten(change):
    """The CSV with every row changed."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(change(row) for row in csv.reader(io.StringIO(QUEUE.csv())))
    return out.getvalue()


def test_a_csv_file_needs_its_columns(offers):
    without = {9, 10}
    text = rewritten(lambda row: [cell for at, cell in enumerate(row) if len(row) < 5 or at not in without])
    assert refusal(offers, text) == ["header: expected a column Currency", "header: expected a column PricePerUnit"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "line 10: expected the header of an offer file"),
        ("a,b\n" * 99, "line 10: expected the header of an offer file"),
        (b"\xff\xfe\x00", "line 0: expected a row of CSV in UTF-8"),
        ('"' + "x" * 200_000, "line 1: expected a row of CSV in UTF-8: field larger"),
        ("{}", "products: expected the products of an offer file"),
        ('{"offers": {"AWSLambda": {}}}', "offers: expected an offer file, not an index"),
        ('{"regions": {"us-east-1": {}}}', "regions: expected an offer file, not an index"),
        ('{"products": NaN}', "expected complete JSON"),
        ("[" * 100_000, "expected the header"),
        ('{"a":' * 100_000, "nested more than 16 deep"),
        ('{"a":' * 16 + "1" + "}" * 16, "expected the products of an offer file"),
        ('{"products": {"A": ' + "[" * 65_000, "nested more than 16 deep"),
        ('{"products": {"A": ' + '[{"b": [' * 15 + "1" + "]}]" * 15 + "}}", "nested more than 16 deep"),
        ('{"products": {"A": "' + "x" * 200_000 + '"}}', "a text of more than 20,000 bytes"),
        ('{"products": {"A": "' + '\\"' * 200_000 + '"}}', "a text of more than 20,000 bytes"),
        ('{"products": {"A": ' + "1" * 5_000 + "}}", "a number of more than 1,000 digits"),
        ("x" * 2_000_000, "a line of 1,000,000 characters or more"),
    ],
)
def test_what_is_no_offer_file_is_refused(offers, text, said):
    assert said in refusal(offers, text)[0]


@pytest.mark.parametrize("size", [1, 2, 7, 64, 65_536])
def test_brackets_in_texts_are_no_nesting_however_a_file_is_cut(size):
    texts = ["[" * 90, '\\"[[[[' * 30, "\\\\", "]}" * 40, "{" * 90, '\\\\\\"[', ""]
    inner = ", ".join(f'{{"{text}": ["{text}", [1.5e3, {{}}]]}}' for text in texts)
    text = f'{{"a": [[{inner}], [{inner}]]}}'.encode()
    file = BoundedJson(io.BytesIO(text))
    assert b"".join(iter(lambda: file.read(size), b"")) == text
    deep = BoundedJson(io.BytesIO(text[:-1] + b', "b": ' + b"[" * 16))
    with pytest.raises(ValueError, match="nested more than 16 deep"):
        list(iter(lambda: deep.read(size), b""))


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (["products", SKU], 1, f"SKU '{SKU}': expected a product with attributes"),
        (["products", SKU, "attributes"], [], f"SKU '{SKU}': expected a product with attributes"),
        (["terms", "OnDemand", SKU], [], f"SKU {SKU}: expected a table of tables"),
        (["terms", "OnDemand", SKU, "x"], 1, f"SKU {SKU}: expected a table of tables"),
        (["terms", "OnDemand", SKU, f"{SKU}.JRTCKXETXF", "priceDimensions"], 1, "expected a table of tables"),
        (["terms", "OnDemand", SKU, f"{SKU}.JRTCKXETXF", "effectiveDate"], 1, "expected a day"),
        (["terms", "OnDemand", SKU, f"{SKU}.JRTCKXETXF", "priceDimensions", "a"], {}, "begin: expected a number"),
    ],
)
def test_json_of_another_shape_is_refused(offers, path, value, said):
    content = json.loads(QUEUE.json())
    inner = content
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    assert said in "\n".join(refusal(offers, json.dumps(content)))


def test_a_product_without_a_price_gives_no_rate(offers):
    content = json.loads(QUEUE.json())
    del content["terms"]["OnDemand"][SKU]
    offers.take(json.dumps(content))
    assert [rate.split(",")[1] for rate in offers.rates("sqs_queue")] == ["eu-west-1"]


def test_terms_may_stand_before_products(offers):
    content = json.loads(QUEUE.json())
    content["products"] = content.pop("products")
    offers.take(json.dumps(content))
    assert len(offers.rates("sqs_queue")) == 4


def test_a_file_that_is_not_there_is_named(offers):
    gone = [OfferFile(offers.path / "gone.json")]
    with pytest.raises(ImportFailed, match=r"gone\.json: cannot be read"):
        read_offers(gone, into=offers.into, today=TODAY, data=offers.data)


@pytest.mark.parametrize("text", ["meter\n", "", "meter,region,effective,above,price,source,checked,rate_code\na,b\n"])
def test_rates_that_cannot_be_read_are_refused(offers, text):
    offers.know("sqs_queue")
    (offers.data / "rates" / "sqs_queue.csv").write_text(text)
    with pytest.raises(ImportFailed, match=r"sqs_queue\.csv"):
        offers.take(QUEUE.json())


SIZE = 60_000_000
MEASURE = """
from datetime import date
from pathlib import Path
from pricing.imports.offers import OfferFile, read_offers
def peak_kb():
    # What the kernel counted for this program; getrusage would count the peak of the one that started it.
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
start = peak_kb()
offers = read_offers([OfferFile(Path({path!r}))], into=Path({into!r}), today=date(2026, 9, 1), data=Path({data!r}))
print(len(offers.changes), peak_kb() - start)
"""


def large(form):
    """An offer with two products of ours among very many others, in pieces."""
    filler = [sqs("0.9", sku=f"OTHER{at:011}", kind="Another kind of queue", text="x" * 150) for at in range(200)]
    small = Offer(QUEUE.code, [*filler, *QUEUE.products])(form)
    if form == "csv":
        start, _, end = small.partition('"OTHER00000000000"')
        body, _, end = end.partition('"8RN6B8U4MERHRXP3"')
        yield start
        piece = f'"OTHER00000000000"{body}'
        for _ in range(SIZE // len(piece)):
            yield piece
        yield f'"8RN6B8U4MERHRXP3"{end}'
        return
    content = json.loads(small)
    parts = [
        json.dumps({k: v for k, v in table.items() if k.startswith("OTHER")})[1:-1]
        for table in (content["products"], content["terms"]["OnDemand"])
    ]
    for key in [key for key in content["products"] if key.startswith("OTHER")]:
        del content["products"][key], content["terms"]["OnDemand"][key]
    start, middle, end = re.split(r'(?<="products": \{)|(?<="OnDemand": \{)', json.dumps(content))
    for text, part in ((start, parts[0]), (middle, parts[1])):
        yield text
        for _ in range(SIZE // 2 // len(part)):
            yield part + ","
    yield end


@pytest.mark.parametrize("form", FORMS)
def test_memory_stays_small_whatever_the_size_of_the_file(offers, form):
    path = offers.path / "large"
    with path.open("w") as file:
        file.writelines(large(form))
    assert path.stat().st_size > 0.9 * SIZE
    program = {"path": str(path), "into": str(offers.into), "data": str(offers.data)}
    done = subprocess.run(
        [sys.executable, "-c", MEASURE.format(**program)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    changes, grown_kb = map(int, done.stdout.split())
    assert changes == 2
    assert grown_kb < 8_000
