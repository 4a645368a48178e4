"""The import of AWS Price List files: which products become rates of which meters, and with which dates."""

import json
from datetime import date

import pytest

from pricing.errors import CatalogueError, ImportFailed
from pricing.imports.offer_map import read_maps
from pricing.imports.offers import report, write_offers
from pricing.prices.pricelist import find_rate
from tests.helpers.offer_files import RESERVED, Offer, aws_lambda, product, sqs, sqs_free_tier, tiers
from tests.helpers.offer_import import FORMS, Import, said

LAMBDA_TIERS = [
    ("0", "6000000000", "0.0000166667"),
    ("6000000000", "15000000000", "0.0000150000"),
    ("15000000000", "Inf", "0.0000133334"),
]
LAMBDA = Offer(
    "AWSLambda",
    [
        aws_lambda("Request", "0.0000002000", sku="GU2ZS9HVP6QTQ7KE", unit="Requests"),
        aws_lambda("Lambda-GB-Second", LAMBDA_TIERS, sku="TG3M4CAGBA3NYQBH"),
        aws_lambda("Lambda-GB-Second-ARM", "0.0000133334", sku="72SBSFWPMDTH8S3J"),
        aws_lambda("Request", "0.0000002000", sku="REQUESTSOFIRELAND", region="eu-west-1", unit="Request"),
        aws_lambda("Lambda-Edge-Request", "0.0000006000", sku="NQA9ZMGJKNJQT78E", unit="Request"),
        product(
            "ZQVCC2M69R4S79XS",
            "Serverless",
            [("0", "1000000", "0.0000000000")],
            "Requests",
            region="Any",
            group="AWS-Lambda-Requests",
            usagetype="Global-Request",
            term="A429C66SYZ",
        ),
        aws_lambda("Request", "0.0000000001", sku="GU2ZS9HVP6QTQ7KE", unit="Requests", term=RESERVED, sold="Reserved"),
    ],
)


@pytest.fixture
def offers(tmp_path):
    return Import(tmp_path)


@pytest.mark.parametrize("form", FORMS)
def test_products_of_lambda_become_rates_with_tiers_sources_and_rate_codes(offers, form):
    taken = offers.take(LAMBDA(form))
    assert (offers.into / "rates" / "lambda_function.csv").read_text().splitlines()[1:] == [
        f"gb_seconds_arm64,us-east-1,2026-08-01,0,0.0000133334,{LAMBDA_SOURCE},2026-08-31,{ARM}.6YS6EN2CT7",
        f"gb_seconds_x86,us-east-1,2026-08-01,0,0.0000166667,{LAMBDA_SOURCE},2026-08-31,{X86}.6YS6EN2CT7",
        f"gb_seconds_x86,us-east-1,2026-08-01,6000000000,0.000015,{LAMBDA_SOURCE},2026-08-31,{X86}.TIER1",
        f"gb_seconds_x86,us-east-1,2026-08-01,15000000000,0.0000133334,{LAMBDA_SOURCE},2026-08-31,{X86}.TIER2",
        f"requests_x86,eu-west-1,2026-08-01,0,0.0000002,{LAMBDA_SOURCE},2026-08-31,REQUESTSOFIRELAND.JRTCKXETXF.6YS6EN2CT7",
        f"requests_x86,us-east-1,2026-08-01,0,0.0000002,{LAMBDA_SOURCE},2026-08-31,GU2ZS9HVP6QTQ7KE.JRTCKXETXF.6YS6EN2CT7",
    ]
    assert json.loads((offers.into / "rates" / "sources.json").read_text()) == {
        LAMBDA_SOURCE: "AWS Price List, AWSLambda, version 20260831170211, published 2026-08-31T17:02:11Z"
    }
    assert said(taken, "free tiers for all regions") == {"'global-request'": 1}


LAMBDA_SOURCE = "AWSLambda-20260831170211"
ARM, X86 = "72SBSFWPMDTH8S3J.JRTCKXETXF", "TG3M4CAGBA3NYQBH.JRTCKXETXF"


@pytest.mark.parametrize("form", FORMS)
def test_usage_types_differ_by_region_and_queue_types_select(offers, form):
    fifo = {"kind": "FIFO (first-in, first-out)", "usagetype": "EU-Requests-FIFO-Tier1"}
    queue = Offer(
        "AWSQueueService",
        [
            sqs(tiers("0.0000004", "0.0000003", breaks=[100_000_000_000])),
            sqs("0.00000045", region="eu-west-1", sku="STANDARDIRELAND1"),
            sqs("0.00000055", region="eu-west-1", sku="FIFOOFIRELAND001", **fifo),
            sqs("0.0000001", kind="Fair", sku="FAIRVIRGINIA0001", usagetype="Requests-Fair-RBP"),
            sqs_free_tier(),
        ],
    )
    offers.take(queue(form))
    assert offers.rates("sqs_queue") == [
        "fair_surcharge,us-east-1,2026-08-01,0,0.0000001,2026-08-31",
        "fifo_requests,eu-west-1,2026-08-01,0,0.00000055,2026-08-31",
        "requests,eu-west-1,2026-08-01,0,0.00000045,2026-08-31",
        "requests,us-east-1,2026-08-01,0,0.0000004,2026-08-31",
        "requests,us-east-1,2026-08-01,100000000000,0.0000003,2026-08-31",
    ]


def dynamodb(usage, ranges, *, sku, unit="GB-Mo", region="us-east-1"):
    return product(
        sku, "Database Storage", ranges, unit, region=region, usagetype=usage, volumeType="Indexed DataStore"
    )


@pytest.mark.parametrize("form", FORMS)
def test_a_free_first_range_is_taken_out_and_two_products_may_agree_without_it(offers, form):
    free = tiers("0.0000000000", "0.2500000000", "0.2", breaks=[25, 1025])
    paid = tiers("0.25", "0.2", breaks=[1000])
    table = Offer(
        "AmazonDynamoDB",
        [
            dynamodb("TimedStorage-ByteHrs", free, sku="F3E2EDSYC6ZNW7XP"),
            dynamodb("USE1-TimedStorage-ByteHrs", paid, sku="STORAGEWITHPREFIX"),
            dynamodb("IA-TimedStorage-ByteHrs", "0.1", sku="DUA7FNC8NKEMZ7AA"),
            dynamodb("EUC1-TimedStorage-ByteHrs", "0.306", sku="STORAGEFRANKFURT", region="eu-central-1"),
            dynamodb("APN1-IA-TimedStorage-ByteHrs", "0.114", sku="STORAGEIATOKYO01", region="ap-northeast-1"),
        ],
    )
    taken = offers.take(table(form))
    assert [rate.rpartition(",")[0] for rate in offers.rates("dynamodb_table")] == [
        "storage,eu-central-1,2026-08-01,0,0.306",
        "storage,us-east-1,2026-08-01,0,0.25",
        "storage,us-east-1,2026-08-01,1000,0.2",
        "storage_ia,ap-northeast-1,2026-08-01,0,0.114",
        "storage_ia,us-east-1,2026-08-01,0,0.1",
    ]
    assert not said(taken, "free tiers")


@pytest.mark.parametrize("form", FORMS)
def test_a_free_tier_unlike_the_catalogues_is_said(offers, form):
    storage = dynamodb("TimedStorage-ByteHrs", tiers("0", "0.25", breaks=[30]), sku="F3E2EDSYC6ZNW7XP")
    cold = dynamodb("IA-TimedStorage-ByteHrs", tiers("0", "0.1", breaks=[5]), sku="DUA7FNC8NKEMZ7AA")
    taken = offers.read(Offer("AmazonDynamoDB", [storage, cold])(form))
    assert said(taken, "free tiers that are not") == {"dynamodb_table.storage: 30, not 25": 1}
    assert said(taken, "free tiers of AWS") == {"dynamodb_table.storage_ia: 5": 1}


@pytest.mark.parametrize("form", FORMS)
def test_a_price_of_nothing_is_a_price(offers, form):
    given = {"usagetype": "DeliveryAttempts-SQS", "endpointType": "Amazon SQS"}
    topic = Offer("AmazonSNS", [product("RN6V7ZMAAKU36Y77", "Message Delivery", "0", "Notifications", **given)])
    offers.take(topic(form))
    assert offers.rates("sns_topic") == ["sqs_deliveries,us-east-1,2026-08-01,0,0,2026-08-31"]


@pytest.mark.parametrize("form", FORMS)
def test_prices_are_exact_in_any_notation(offers, form):
    gateway = Offer(
        "AmazonApiGateway",
        [
            product(
                "FC2TWT2UEPTBKVBX",
                "API Calls",
                [("0", "3E+8", "1E-6"), ("300000000", "Inf", "9.00e-7")],
                usagetype="USE1-ApiGatewayHttpRequest",
                operation="ApiGatewayHttpApi",
            ),
            product("UTA8VPBNDBWNCNMC", "WebSocket", "0.000000250000", "minutes", usagetype="USE1-ApiGatewayMinute"),
        ],
    )
    offers.take(gateway(form))
    assert [rate.split(",")[3:5] for rate in offers.rates("http_api")] == [
        ["0", "0.000001"],
        ["300000000", "0.0000009"],
    ]
    assert [rate.split(",")[4] for rate in offers.rates("websocket_api")] == ["0.00000025"]


def test_older_csv_has_other_rows_before_the_header_and_no_region_codes(offers):
    old = Offer("AWSQueueService", [sqs().but(attributes={"regionCode": None}), sqs_free_tier()])
    ireland = sqs(region="eu-west-1", sku="STANDARDIRELAND1").but(attributes={"regionCode": None})
    text = Offer(old.code, [*old.products, ireland]).csv(before=["sep=,"])
    text = "".join(line for line in text.splitlines(keepends=True) if "Disclaimer" not in line)
    assert "Region Code" not in text
    offers.take(b"\xef\xbb\xbf" + text.encode())
    assert [rate.split(",")[1] for rate in offers.rates("sqs_queue")] == ["eu-west-1", "us-east-1"]


@pytest.mark.parametrize("form", FORMS)
def test_yuan_are_never_dollars(offers, form):
    china = sqs("0.00000283", region="cn-north-1", sku="STANDARDBEIJING1", currency="CNY")
    taken = offers.take(Offer("AWSQueueService", [china, sqs()])(form))
    assert [rate.split(",")[1] for rate in offers.rates("sqs_queue")] == ["us-east-1"]
    assert said(taken, "prices in another currency") == {"'CNY' in cn-north-1": 1}


@pytest.mark.parametrize("form", FORMS)
def test_local_zones_are_no_regions(offers, form):
    boston = sqs("0.9", sku="STANDARDOFBOSTON").but(
        attributes={"location": "US East (Boston)", "locationType": "AWS Local Zone"}
    )
    taken = offers.take(Offer("AWSQueueService", [boston, sqs()])(form))
    assert offers.rates("sqs_queue") == ["requests,us-east-1,2026-08-01,0,0.0000004,2026-08-31"]
    assert said(taken, "products that are not sold in a region") == {"'us east (boston)'": 1}


@pytest.mark.parametrize("form", FORMS)
def test_another_unit_is_left_out_and_said(offers, form):
    dear = sqs("0.4").but(unit="1M Requests")
    taken = offers.read(Offer("AWSQueueService", [dear])(form))
    assert taken.texts == {}
    assert said(taken, "prices for another unit") == {"sqs_queue.requests: '1M Requests'": 1}


def test_a_map_may_say_how_many_units_one_of_aws_is(offers):
    file = offers.data / "offers" / "sqs_queue.toml"
    file.write_text(file.read_text().replace('unit = ["Requests"]', 'unit = ["1K Requests"]\nper = 1000', 1))
    offers.take(Offer("AWSQueueService", [sqs(tiers("0.0004", "0.0003")).but(unit="1K Requests")]).json())
    assert [rate.split(",")[3:5] for rate in offers.rates("sqs_queue")] == [["0", "0.0000004"], ["100000", "0.0000003"]]


def test_meters_outside_regions_have_places_of_ours(offers):
    file = offers.data / "offers" / "sqs_queue.toml"
    file.write_text(
        'offer = "AmazonCloudFront"\nsource = "x"\n[meters.requests]\nunit = ["GB"]\n'
        'where = { usagetype = "{place}-DataTransfer-Out-Bytes" }\nplaces = { "cf:eu" = "EU", "cf:us" = "US" }\n'
    )
    sold = [
        product(f"EDGEOF{name}", "Data Transfer", price, "GB", region="Any", usagetype=f"{name}-DataTransfer-Out-Bytes")
        for name, price in (("EU", "0.085"), ("US", "0.08"), ("AP", "0.12"))
    ]
    offers.take(Offer("AmazonCloudFront", sold).json())
    assert [rate.split(",")[1:5:3] for rate in offers.rates("sqs_queue")] == [["cf:eu", "0.085"], ["cf:us", "0.08"]]


@pytest.mark.parametrize("form", FORMS)
def test_a_known_rate_code_recognises_a_product_that_the_map_does_not_describe(offers, form):
    known = (
        "fifo_publish_requests,us-east-1,2025-06-05,0,0.0000003,S52,2025-06-05,GXS664ADCBPVT6BA.JRTCKXETXF.6YS6EN2CT7"
    )
    offers.know("sns_topic", known)
    fifo = product("GXS664ADCBPVT6BA", "N/A", "0.0000004", usagetype="F-Something")
    other = product("SOMETHINGELSE001", "N/A", "0.0000009", usagetype="F-Something")
    offers.take(Offer("AmazonSNS", [fifo, other])(form))
    assert offers.rates("sns_topic")[-1] == "fifo_publish_requests,us-east-1,2026-08-01,0,0.0000004,2026-08-31"


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("meter", "region"), [("fifo_requests", "us-east-1"), ("requests", "eu-west-1")])
def test_a_product_known_as_another_meter_or_region_is_left_out(offers, form, meter, region):
    offers.know("sqs_queue", f"{meter},{region},2025-06-05,0,0.5,S53,2025-06-05,8RN6B8U4MERHRXP3.JRTCKXETXF.6YS6EN2CT7")
    taken = offers.read(Offer("AWSQueueService", [sqs()])(form))
    assert taken.changes == []
    assert said(taken, "products whose known rate") == {f"SKU 8RN6B8U4MERHRXP3, sqs_queue.{meter} {region}": 1}


@pytest.mark.parametrize("form", FORMS)
def test_the_newest_term_that_is_effective_counts(offers, form):
    older = sqs("0.6").but(term="OLDERTERM0", effective="2026-01-01")
    newer, later = sqs("0.5"), sqs("0.4").but(term="LATERTERM0", effective="2026-10-01")
    taken = offers.take(Offer("AWSQueueService", [older, newer, later])(form))
    assert offers.rates("sqs_queue") == ["requests,us-east-1,2026-08-01,0,0.5,2026-08-31"]
    taken = offers.read(Offer("AWSQueueService", [later.but(sku="LATERREQUESTS001")], version="2")(form))
    assert said(taken, "prices that begin after") == {"SKU LATERREQUESTS001 from 2026-10-01": 1}


KNOWN = "requests,us-east-1,2025-06-05,0,0.0000004,S53,2025-08-28,OLD.RATE.CODE"
OTHER = "requests,eu-west-1,2025-06-05,0,0.0000007,S53,2025-08-28,"


@pytest.mark.parametrize("form", FORMS)
def test_an_equal_price_moves_only_the_day_of_the_check_and_its_source(offers, form):
    offers.know("sqs_queue", OTHER, KNOWN)
    taken = offers.take(Offer("AWSQueueService", [sqs("0.00000040")])(form))
    assert offers.rates("sqs_queue") == [
        "requests,eu-west-1,2025-06-05,0,0.0000007,2025-08-28",
        "requests,us-east-1,2025-06-05,0,0.0000004,2026-08-31",
    ]
    assert report(taken).splitlines()[0] == (
        "sqs_queue.requests: unchanged, checked 2025-08-28 -> 2026-08-31: us-east-1"
    )
    assert list(json.loads(taken.texts[offers.into / "rates" / "sources.json"])) == [
        "AWSQueueService-20260831170211",
        "S53",
    ]


@pytest.mark.parametrize(
    ("effective", "begins"),
    [("2026-08-01", "2026-08-01"), ("2025-01-01", "2025-08-29"), ("2025-08-28", "2025-08-29")],
)
def test_another_price_is_a_new_rate_that_begins_after_the_old_one_was_seen(offers, effective, begins):
    offers.know("sqs_queue", KNOWN)
    taken = offers.take(Offer("AWSQueueService", [sqs("0.0000005", effective=effective)]).json())
    assert offers.rates("sqs_queue") == [
        "requests,us-east-1,2025-06-05,0,0.0000004,2025-08-28",
        f"requests,us-east-1,{begins},0,0.0000005,2026-08-31",
    ]
    assert report(taken) == f"sqs_queue.requests us-east-1: $0.0000004 -> $0.0000005, effective {begins}"


def test_other_tiers_are_another_price(offers):
    offers.know("sqs_queue", KNOWN)
    taken = offers.take(Offer("AWSQueueService", [sqs(tiers("0.0000004", "0.0000003"))]).json())
    assert len(offers.rates("sqs_queue")) == 3
    assert report(taken) == (
        "sqs_queue.requests us-east-1: $0.0000004 -> $0.0000004, $0.0000003 above 100, effective 2026-08-01"
    )


@pytest.mark.parametrize("published", ["2025-08-28", "2025-08-27"])
def test_a_file_that_is_no_newer_than_what_is_known_changes_nothing(offers, published):
    offers.know("sqs_queue", KNOWN)
    older = {"published": f"{published}T10:00:00Z"}
    taken = offers.read(Offer("AWSQueueService", [sqs("0.9", effective="2025-01-01")], **older).json())
    assert (taken.changes, taken.texts) == ([], {})
    assert said(taken, "prices that differ") == {"sqs_queue.requests us-east-1": 1}
    taken = offers.read(Offer("AWSQueueService", [sqs("0.0000004", effective="2025-01-01")], **older).json())
    assert report(taken) == "nothing changes"


def test_the_same_file_again_changes_nothing(offers):
    offers.take(LAMBDA.json())
    taken = offers.read(LAMBDA.json(), LAMBDA.csv())
    assert (taken.changes, taken.texts, report(taken).splitlines()[0]) == (
        [],
        {},
        "free tiers for all regions, published as a price of $0: not a rate:",
    )


def test_files_of_several_days_make_a_history_in_any_order(offers):
    days = [("2026-07-31", "0.3"), ("2026-08-31", "0.4")]
    files = [
        Offer("AWSQueueService", [sqs(price, effective=day[:8] + "01")], f"{day}T10:00:00Z", day).json()
        for day, price in days
    ]
    offers.take(*reversed(files))
    assert offers.rates("sqs_queue") == [
        "requests,us-east-1,2026-07-01,0,0.3,2026-07-31",
        "requests,us-east-1,2026-08-01,0,0.4,2026-08-31",
    ]


def test_of_package_and_folder_the_version_checked_last_counts(offers):
    offers.know("sqs_queue", KNOWN, "requests,us-east-1,2026-01-01,0,0.3,S60,2026-02-01,")
    offers.know("sqs_queue", KNOWN.replace("2025-08-28", "2026-01-01"), folder=offers.into)
    offers.take(Offer("AWSQueueService", [sqs("0.3")]).json())
    assert offers.rates("sqs_queue") == [
        "requests,us-east-1,2025-06-05,0,0.0000004,2026-01-01",
        "requests,us-east-1,2026-01-01,0,0.3,2026-08-31",
    ]


def test_a_meter_that_the_file_does_not_list_any_more_is_said_and_kept(offers):
    offers.know("sqs_queue", "fifo_requests,us-east-1,2025-06-05,0,0.5,S53,2025-08-28,", KNOWN)
    taken = offers.take(Offer("AWSQueueService", [sqs()]).json())
    assert said(taken, "meters with a known rate") == {"sqs_queue.fifo_requests us-east-1": 1}
    assert len(offers.rates("sqs_queue")) == 2


def test_the_rates_of_other_services_stay_as_they_are(offers):
    offers.know("sns_topic", "publish_requests,us-east-1,2025-06-05,0,0.5,S52,2025-08-28,", folder=offers.into)
    taken = offers.take(Offer("AWSQueueService", [sqs()]).json())
    assert {path.name for path in taken.texts} == {"sqs_queue.csv", "sources.json"}
    sources = json.loads((offers.into / "rates" / "sources.json").read_text())
    assert sources["S52"] == "S52"


def test_reading_writes_nothing(offers):
    taken = offers.read(LAMBDA.json())
    assert taken.texts
    assert not offers.into.exists()


def test_nothing_is_written_where_one_file_cannot_be(offers):
    offers.know("sqs_queue", KNOWN, folder=offers.into)
    (offers.into / "rates" / ".sources.json.new").mkdir()
    before = (offers.into / "rates" / "sqs_queue.csv").read_text()
    with pytest.raises(ImportFailed, match="cannot write"):
        offers.take(Offer("AWSQueueService", [sqs("0.9")]).json())
    assert (offers.into / "rates" / "sqs_queue.csv").read_text() == before


def test_a_folder_that_is_a_file_is_refused(offers):
    offers.into.write_text("")
    with pytest.raises(ImportFailed, match="cannot write"):
        write_offers(offers.read(LAMBDA.json()))


def test_what_was_written_is_read_as_a_rate(offers):
    offers.take(LAMBDA.json())
    rate = find_rate("lambda_function.gb_seconds_x86", "us-east-1", date(2026, 8, 15), offers.into)
    assert [str(tier.above) for tier in rate.tiers] == ["0", "6000000000", "15000000000"]


@pytest.mark.parametrize(
    ("wrong", "said_so"),
    [
        ('[meters.nothing]\nunit = ["x"]', "meters.nothing: no meter or family of sqs_queue.toml"),
        ("[meters.requests]\nunit = []", "meters.requests.unit: expected a list of names"),
        ('[meters.requests]\nunit = ["x"]\nper = 0', "meters.requests.per: expected a whole number"),
        ('[meters.requests]\nunit = ["x"]\nwere = {}', "meters.requests.were: unknown key"),
        (
            '[meters.requests]\nunit = ["x"]\nchoices = { a = "b" }',
            "meters.requests.choices.a: not a choice of the family",
        ),
        ('[meters.requests]\nunit = ["x"]\nwhere = { group = 1 }', "meters.requests.where.group: expected a text"),
        ("meters = 1", "meters: expected a table"),
        ("[meters", "sqs_queue.toml: "),
    ],
)
def test_a_wrong_map_is_refused_by_name(offers, wrong, said_so):
    (offers.data / "offers" / "sqs_queue.toml").write_text(f'offer = "AWSQueueService"\nsource = "x"\n{wrong}\n')
    with pytest.raises(CatalogueError, match=r"sqs_queue\.toml") as refused:
        offers.read(LAMBDA.json())
    assert said_so in str(refused.value)


def test_families_are_mapped_choice_by_choice(offers):
    (offers.data / "sqs_queue.toml").write_text(
        '[inputs]\ninstance_type = { choices = ["m5.large", "c5.large"] }\n'
        '[meters.hours]\neach = "instance_type"\npublished = "ec2.{}"\n'
    )
    (offers.data / "offers" / "sqs_queue.toml").write_text(
        'offer = "AmazonEC2"\nsource = "x"\n[meters.hours]\nunit = ["Hrs"]\n'
        'where = { instanceType = "{}", tenancy = "Shared" }\nchoices = { "m5.large" = "large" }\n'
    )
    rules = read_maps(offers.data / "offers", offers.data)["AmazonEC2"]
    found = rules.find({"instancetype": "c5.large", "tenancy": "shared"})
    assert [rule.meter for rule in found] == ["sqs_queue.hours_c5_large"]
    found = rules.find({"instancetype": "large", "tenancy": "shared"})
    assert [rule.meter for rule in found] == ["sqs_queue.hours_m5_large"]
    assert rules.find({"instancetype": "c5.large", "tenancy": "dedicated"}) == []
