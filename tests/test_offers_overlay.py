"""Imported prices in an estimate: a folder that an import filled takes the place of the packaged rates."""

from datetime import date
from decimal import Decimal

import pytest

from calculator import RateNotFound, estimate, explain, parse, sweep
from calculator.bill.bill import draw_up
from pricing.formula.reading import as_decimal
from pricing.imports.offers import OfferFile, read_offers, write_offers
from tests.helpers.offer_files import Offer, sqs, sqs_free_tier

TODAY = date(2026, 9, 1)
QUEUES = [{"name": "jobs", "type": "sqs_queue", "messages": 10_000_000}]
# 3 requests a message: sent, received, deleted; the first million is free.
REQUESTS, PAID = 30_000_000, 29_000_000


def document(**given):
    account = {"free_tier": "always"}
    return {"region": "us-east-1", "as_of": "2026-09-01", "account": account, "components": QUEUES} | given


@pytest.fixture
def folder(tmp_path):
    """A folder into which a test imports offers of queues."""

    def take(*products, name="prices", **published):
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.json"
        path.write_text(Offer("AWSQueueService", [*products, sqs_free_tier()], **published).json())
        into = tmp_path / name
        write_offers(read_offers([OfferFile(path)], into=into, today=TODAY))
        return into

    return take


def priced(price, **given):
    """A price of standard queues from the first of August on."""
    return sqs(price, effective="2026-08-01", **given)


def test_an_imported_price_changes_an_estimate_and_says_where_it_is_from(folder):
    before = estimate(parse(document()))
    after = estimate(parse(document(), prices=folder(priced("0.0000006"))))
    assert before.total == pytest.approx(PAID * 0.40 / 1e6)
    assert after.total == pytest.approx(PAID * 0.60 / 1e6)
    (line,) = after.line_items
    assert line.usage == REQUESTS
    assert line.rate.source == "AWS Price List, AWSQueueService, version 20260831170211, published 2026-08-31T17:02:11Z"
    assert f"{line.rate.effective}" == "2026-08-01"


def test_an_imported_price_changes_the_digest_and_the_newest_source(folder):
    before = estimate(parse(document())).catalogue
    after = estimate(parse(document(), prices=folder(priced("0.0000006")))).catalogue
    assert before.digest != after.digest
    assert f"{after.newest_source}" == "2026-08-31"
    assert estimate(parse(document())).catalogue == before


def test_a_price_that_is_only_seen_again_changes_the_digest_but_no_amount(folder):
    same = priced(
        [("0", "100000000000", "4e-7"), ("100000000000", "200000000000", "3e-7"), ("200000000000", "Inf", "2.4e-7")]
    )
    before = estimate(parse(document()))
    after = estimate(parse(document(), prices=folder(same)))
    assert after.total == before.total
    assert after.catalogue.digest != before.catalogue.digest


def test_before_an_imported_price_begins_the_packaged_one_is_in_force(folder):
    prices = folder(priced("0.0000006"))
    july = estimate(parse(document(as_of="2026-07-31"), prices=prices))
    assert july.total == pytest.approx(PAID * 0.40 / 1e6)


def test_what_was_not_imported_keeps_its_packaged_price(folder):
    prices = folder(priced("0.0000006"))
    api = {"name": "web", "type": "http_api", "requests": 30_000_000}
    frankfurt = {"name": "far", "type": "sqs_queue", "messages": 10_000_000, "region": "eu-central-1"}
    plain, own = (estimate(parse(document(components=[api, frankfurt]), prices=given)) for given in (None, prices))
    assert own.line_items == plain.line_items


def test_an_import_may_give_a_region_its_first_price(folder):
    beijing = document(region="cn-north-1")
    with pytest.raises(RateNotFound):
        estimate(parse(beijing))
    first = priced("0.0000005", region="cn-north-1", sku="STANDARDBEIJING1")
    assert estimate(parse(beijing, prices=folder(first))).total == pytest.approx(PAID * 0.50 / 1e6)


def test_every_reading_and_sweep_and_explanation_takes_the_imported_price(folder):
    architecture = parse(document(), prices=folder(priced("0.0000006")))
    exact = draw_up(architecture, as_decimal)
    assert sum(line.cost for line in exact.lines) == Decimal("17.4")
    assert sweep(architecture, {"jobs.messages": [10_000_000, 0]}).totals == pytest.approx([17.4, 0])
    assert explain(architecture, "jobs").endswith("published 2026-08-31T17:02:11Z\njobs: $17.40 a month")


def test_a_second_import_into_a_folder_is_seen(folder):
    """In the same process too, in which the prices of the first have been read."""
    told, digests = [], set()
    for price, published in (("0.0000006", "2026-08-31"), ("0.0000007", "2026-09-01")):
        prices = folder(priced(price), published=f"{published}T17:02:11Z", version=published.replace("-", ""))
        answer = estimate(parse(document(), prices=prices))
        told.append((round(answer.total, 9), answer.catalogue.newest_source))
        digests.add(answer.catalogue.digest)
    assert told == [(17.4, "2026-08-31"), (20.3, "2026-09-01")]
    assert len(digests) == 2


def test_two_folders_do_not_mix(folder):
    one = folder(priced("0.0000006"), name="one")
    two = folder(priced("0.0000007"), name="two")
    totals = [estimate(parse(document(), prices=prices)).total for prices in (one, two, None)]
    assert totals == pytest.approx([17.4, 20.3, 11.6])
