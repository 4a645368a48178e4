"""The maps of all component types: every meter is mapped, at the places of its rates, and real products find theirs."""

import csv
from collections import defaultdict

import pytest

from pricing.catalogue.catalogue import DATA, component_type, component_types
from pricing.imports.offer_map import read_maps
from pricing.prices.pricelist import HEADER
from tests.helpers.offer_files import RESERVED, Offer, aws_lambda, edge, product, tiers
from tests.helpers.offer_import import FORMS, Import, said

RULES = [rule for offer in read_maps().values() for rule in offer.rules]
TYPES = ["cloudfront_distribution", "ec2_instance", "lambda_managed_instances", "lambda_microvm", "load_balancer"]
TYPES += ["mq_broker", "nat_gateway", "s3_bucket"]


@pytest.fixture
def offers(tmp_path):
    return Import(tmp_path, TYPES)


def rates(offers, type_name):
    """Meter, place, above and price of the rates that were written."""
    return [" ".join(row.split(",")[at] for at in (0, 1, 3, 4)) for row in offers.rates(type_name)]


def test_every_meter_of_a_mapped_type_is_mapped_once_at_each_place():
    mapped = [(rule.meter, rule.place) for rule in RULES]
    assert len(mapped) == len(set(mapped))
    for name in {rule.meter.partition(".")[0] for rule in RULES}:
        mapped_here = {rule.meter for rule in RULES if rule.meter.startswith(f"{name}.")}
        known = component_type(name).meters.values()
        # What only a price feed has needs no map.
        meters = {one.full_name for one in known if not one.published.startswith("feed:")}
        assert meters <= mapped_here <= {one.full_name for one in known}


def test_every_type_with_published_meters_has_a_map():
    types = {name for name in component_types() if any(m.published for m in component_type(name).meters.values())}
    assert types == {path.stem for path in (DATA / "offers").glob("*.toml")}


def test_meters_are_mapped_to_the_places_of_their_rates():
    places, rated = defaultdict(set), defaultdict(set)
    for rule in RULES:
        places[rule.meter].add(rule.place)
    for path in (DATA / "rates").glob("*.csv"):
        with path.open(newline="") as file:
            for meter, place, *_ in list(csv.reader(file))[1:]:
                rated[f"{path.stem}.{meter}"].add(place if place == "global" or place.startswith("cf:") else "")
    wrong = {meter: rated[meter] for meter in places if rated[meter] and rated[meter] != places[meter]}
    assert not wrong


FEE_OF_HOURS = ("lambda_managed_instances.management_fee", "ec2_instance.hours")


def test_rules_of_an_offer_that_select_the_same_products_are_of_one_price():
    found = defaultdict(set)
    for rule in RULES:
        if rule.where:
            found[rule.offer, rule.place, tuple(sorted(rule.where.items()))].add(rule.meter)
    same = sorted(sorted(meters) for meters in found.values() if len(meters) > 1)
    fees = [meters for meters in same if meters[-1].startswith("lambda_managed_instances.management_fee_")]
    # A fee on an instance is metered as a part of its hours, at its price.
    assert fees == [[fee.replace(*FEE_OF_HOURS), fee] for *_, fee in fees]
    assert [meters for meters in same if meters not in fees] == [
        ["aurora_serverless.storage_io_optimized_mysql", "aurora_serverless.storage_io_optimized_postgresql"],
        [
            "ec2_instance.public_ipv4",
            "fargate_service.public_ipv4",
            "load_balancer.public_ipv4",
            "nat_gateway.public_ipv4",
        ],
    ]


def balancer(sku, kind, usage, price, unit="Hrs", **given):
    given = {"operation": f"LoadBalancing:{kind}", "usagetype": usage} | given
    return product(sku, f"Load Balancer-{kind}", price, unit, **given)


BALANCERS = Offer(
    "AWSELB",
    [
        balancer("ALBHOURS", "Application", "LoadBalancerUsage", "0.0225000000"),
        balancer("ALBLCUHOURS", "Application", "LCUUsage", "0.0080000000", "LCU-Hrs"),
        balancer("NLBHOURS", "Network", "LoadBalancerUsage", "0.0225000000"),
        balancer("NLBLCUHOURS", "Network", "LCUUsage", "0.0060000000", "LCU-Hrs"),
        balancer("ALBIRELAND", "Application", "EU-LoadBalancerUsage", "0.0252", region="eu-west-1"),
        balancer("ALBTRUSTSTORE", "Application", "TS-LoadBalancerUsage", "0.0056"),
        balancer("ALBOUTPOSTS", "Application", "Outposts-LCUUsage", "0.0016", "LCU-Hrs"),
        product("CLASSIC", "Load Balancer", "0.025", "Hrs", usagetype="LoadBalancerUsage", operation="LoadBalancing"),
    ],
)


@pytest.mark.parametrize("form", FORMS)
def test_load_balancers_of_each_kind_have_their_own_prices(offers, form):
    offers.take(BALANCERS(form))
    assert rates(offers, "load_balancer") == [
        "application_hours eu-west-1 0 0.0252",
        "application_hours us-east-1 0 0.0225",
        "application_lcu_hours us-east-1 0 0.008",
        "network_hours us-east-1 0 0.0225",
        "network_lcu_hours us-east-1 0 0.006",
    ]


def instance(sku, size, price, family="Compute Instance", **given):
    linux = {"operatingSystem": "Linux", "tenancy": "Shared", "capacitystatus": "Used", "preInstalledSw": "NA"}
    given = (
        linux | {"licenseModel": "No License required", "usagetype": f"BoxUsage:{size}", "instanceType": size} | given
    )
    return product(sku, family, price, "Hrs", **given)


INSTANCES = Offer(
    "AmazonEC2",
    [
        instance("M5LARGELINUX", "m5.large", "0.0960000000"),
        instance("M5LARGEFRANKFURT", "m5.large", "0.1150000000", region="eu-central-1"),
        instance("M5LARGEWINDOWS", "m5.large", "0.188", operatingSystem="Windows"),
        instance("M5LARGEDEDICATED", "m5.large", "0.102", tenancy="Dedicated"),
        instance("M5LARGERESERVED", "m5.large", "0", capacitystatus="AllocatedCapacityReservation"),
        instance("M5LARGEDATABASE", "m5.large", "0.576", preInstalledSw="SQL Std"),
        instance("M5LARGELINUX", "m5.large", "0.06", term=RESERVED, sold="Reserved"),
        instance("UNKNOWNSIZE", "z9.tiny", "0.01"),
        product("GP3STORAGE", "Storage", "0.08", "GB-Mo", usagetype="EBS:VolumeUsage.gp3", volumeApiName="gp3"),
        product("GP3IOPS", "System Operation", "0.005", "IOPS-Mo", volumeApiName="gp3"),
        product("NATHOURS", "NAT Gateway", "0.045", "Hrs", usagetype="NatGateway-Hours"),
        product("NATREGIONAL", "NAT Gateway", "0.09", "Hrs", usagetype="RegionalNatGateway-Hours"),
    ],
)


@pytest.mark.parametrize("form", FORMS)
def test_of_all_instances_of_a_size_the_plain_one_with_linux_is_priced(offers, form):
    offers.take(INSTANCES(form))
    assert rates(offers, "ec2_instance") == [
        "gp3 us-east-1 0 0.08",
        "hours_m5_large eu-central-1 0 0.115",
        "hours_m5_large us-east-1 0 0.096",
    ]
    assert rates(offers, "nat_gateway") == ["hours us-east-1 0 0.045"]


def test_a_fee_on_an_instance_follows_its_price(offers):
    offers.take(Offer("AmazonEC2", [instance("M7GLARGE", "m7g.large", "0.0816")]).json())
    assert rates(offers, "ec2_instance") == ["hours_m7g_large us-east-1 0 0.0816"]
    assert rates(offers, "lambda_managed_instances") == ["management_fee_m7g_large us-east-1 0 0.0816"]


MICROVMS = Offer(
    "AWSLambda",
    [
        aws_lambda("Lambda-MicroVM-vCPU-Second-ARM", "0.0000276944", sku="VCPUARM", unit="vCPU-Seconds"),
        aws_lambda("Lambda-MicroVM-vCPU-Second", "0.0000326557", sku="VCPU", unit="vCPU-Seconds"),
        aws_lambda("Lambda-MicroVM-Memory-GB-Second-ARM", "0.0000036667", sku="MEMORYARM", unit="GB-Seconds"),
        aws_lambda("Lambda-MicroVM-Memory-GB-Second", "0.0000043235", sku="MEMORY", unit="GB-Seconds"),
        aws_lambda("Lambda-MicroVM-Snapshot-Read-GB", "0.0015467699", sku="READ", unit="GB"),
        aws_lambda("Lambda-MicroVM-Snapshot-Write-GB", "0.0037977138", sku="WRITE", unit="GB"),
        aws_lambda("Lambda-MicroVM-Snapshot-Storage-GB-Hour", "0.0001111111", sku="STORAGE", unit="GB-Hours"),
    ],
)


@pytest.mark.parametrize("form", FORMS)
def test_a_price_by_the_hour_is_not_taken_for_one_by_the_month(offers, form):
    taken = offers.take(MICROVMS(form))
    assert rates(offers, "lambda_microvm") == [
        "memory_gb_seconds us-east-1 0 0.0000036667",
        "snapshot_read us-east-1 0 0.0015467699",
        "snapshot_write us-east-1 0 0.0037977138",
        "vcpu_seconds us-east-1 0 0.0000276944",
    ]
    assert said(taken, "prices for another unit") == {"lambda_microvm.storage: 'GB-Hours'": 1}


def test_one_product_may_price_meters_of_several_types(offers):
    given = {"usagetype": "PublicIPv4:InUseAddress", "group": "VPCPublicIPv4Address"}
    address = product("4GQUNXTFWVSGPUZK", "Public IPv4", "0.006", "Hrs", **given)
    row = "public_ipv4,us-east-1,2025-06-05,0,0.005,S1,2025-06-05,4GQUNXTFWVSGPUZK.JRTCKXETXF.6YS6EN2CT7"
    offers.know("ec2_instance", row)
    offers.know("load_balancer", row)
    offers.know("nat_gateway", row)
    taken = offers.take(Offer("AmazonVPC", [address]).json())
    taken_for = [change.meter for change in taken.changes]
    assert taken_for == ["ec2_instance.public_ipv4", "load_balancer.public_ipv4", "nat_gateway.public_ipv4"]
    assert not said(taken, "products whose known rate")
    # Where the map does not describe the product any more, it is known by its SKU for both.
    taken = offers.read(Offer("AmazonVPC", [address.but(attributes={"group": None})]).json())
    assert [change.meter for change in taken.changes] == []
    assert said(taken, "prices that differ") == {}


TEN_TB = [("0", "10240", "0.0850000000"), ("10240", "51200", "0.08"), ("51200", "Inf", "0.06")]
CLOUDFRONT = Offer(
    "AmazonCloudFront",
    [
        edge("DATAOFEUROPE", "Data Transfer", "EU-DataTransfer-Out-Bytes", TEN_TB, "GB", "Europe"),
        edge("DATAOFINDIA", "Data Transfer", "IN-DataTransfer-Out-Bytes", "0.109", "GB", "India"),
        edge("ORIGINOFEUROPE", "Data Transfer", "EU-DataTransfer-Out-OBytes", "0.02", "GB", "Europe"),
        edge("HTTPSOFEUROPE", "Request", "EU-Requests-Tier2-HTTPS", "0.0000012", "Requests", "Europe"),
        edge("HTTPSOFAMERICA", "Request", "US-Requests-Tier2-HTTPS", "0.000001", "Requests", "United States"),
        edge("HTTPOFAMERICA", "Request", "US-Requests-Tier1", "0.00000075", "Requests", "United States"),
        edge("PROXYOFEUROPE", "Request", "EU-Requests-HTTPS-Proxy-FLE", "0.000002", "Requests", "Europe"),
        edge("INVALIDATIONS", "Request", "Invalidations", tiers("0", "0.005", breaks=[1000]), "URL", "Any"),
        edge("FREEDATA", "Data Transfer", "Global-DataTransfer-Out-Bytes", [("0", "1024", "0")], "GB", "Any"),
        product(
            "SHIELDIRELAND", "Request", "0.00000075", region="eu-west-1", requestDescription="Origin Shield Requests"
        ),
    ],
)


@pytest.mark.parametrize("form", FORMS)
def test_cloudfront_is_priced_where_viewers_are(offers, form):
    taken = offers.take(CLOUDFRONT(form))
    assert rates(offers, "cloudfront_distribution") == [
        "data_out cf:eu 0 0.085",
        "data_out cf:eu 10240 0.08",
        "data_out cf:eu 51200 0.06",
        "data_out cf:india 0 0.109",
        "data_to_origin cf:eu 0 0.02",
        "field_level_encryption cf:eu 0 0.000002",
        "http_requests cf:united-states 0 0.00000075",
        "https_requests cf:eu 0 0.0000012",
        "https_requests cf:united-states 0 0.000001",
        "invalidation_paths global 0 0.005",
        "origin_shield_requests eu-west-1 0 0.00000075",
    ]
    assert not said(taken, "prices for another unit")


@pytest.mark.parametrize("form", FORMS)
def test_a_product_known_by_its_sku_alone_stays_at_its_place(offers, form):
    known = "data_out,cf:eu,2025-04-25,0,0.09,S08,2025-04-25,DATAOFEUROPE.JRTCKXETXF.6YS6EN2CT7"
    offers.know("cloudfront_distribution", known)
    renamed = edge("DATAOFEUROPE", "Data Transfer", "EU-Other-Bytes", "0.08", "GB", "Europe")
    offers.take(Offer("AmazonCloudFront", [renamed])(form))
    assert rates(offers, "cloudfront_distribution")[1:] == ["data_out cf:eu 0 0.08"]


def stored(sku, usage, volume, ranges, **given):
    return product(sku, "Storage", ranges, "GB-Mo", usagetype=usage, volumeType=volume, **given)


def moved(sku, tier, operation, price):
    return product(sku, "API Request", price, usagetype=f"Requests-Tier{tier}", operation=operation)


STANDARD = tiers("0.0230000000", "0.022", "0.021", breaks=[51200, 512000])
S3 = Offer(
    "AmazonS3",
    [
        stored("WP9ANXZGBYYSGJEA", "TimedStorage-ByteHrs", "Standard", STANDARD),
        stored("STANDARDFRANKFURT", "EUC1-TimedStorage-ByteHrs", "Standard", "0.0245", region="eu-central-1"),
        stored("STANDARDIA", "TimedStorage-SIA-ByteHrs", "Standard - Infrequent Access", "0.0125"),
        stored("SMALLOBJECTS", "TimedStorage-SIA-SmObjects", "Standard - Infrequent Access", "0.0125"),
        stored("TABLES", "Tables-TimedStorage-ByteHrs", "Standard", "0.0265"),
        product("PUTS", "API Request", "0.000005", usagetype="Requests-Tier1", group="S3-API-Tier1"),
        product("PUTSINTELLIGENT", "API Request", "0.000005", usagetype="Requests-INT-Tier1"),
        product("GETSFRANKFURT", "API Request", "4.3e-7", usagetype="EUC1-Requests-Tier2", region="eu-central-1"),
        moved("TOCOLDER", 4, "", "0.00001"),
        moved("TOGLACIERIR", 4, "S3-GIRTransition", "0.00002"),
        moved("TOGLACIER", 3, "S3-GlacierTransition", "0.00003"),
        moved("TODEEPARCHIVE", 3, "S3-GDATransition", "0.00005"),
        moved("RESTORES", 3, "RestoreObject", "0.00005"),
    ],
)


@pytest.mark.parametrize("form", FORMS)
def test_storage_classes_and_transitions_of_s3_are_told_apart(offers, form):
    offers.take(S3(form))
    assert rates(offers, "s3_bucket") == [
        "gets_standard eu-central-1 0 0.00000043",
        "puts_intelligent_tiering us-east-1 0 0.000005",
        "puts_standard us-east-1 0 0.000005",
        "storage_standard eu-central-1 0 0.0245",
        "storage_standard us-east-1 0 0.023",
        "storage_standard us-east-1 51200 0.022",
        "storage_standard us-east-1 512000 0.021",
        "storage_standard_ia us-east-1 0 0.0125",
        "transitions_deep_archive us-east-1 0 0.00005",
        "transitions_glacier us-east-1 0 0.00003",
        "transitions_glacier_ir us-east-1 0 0.00002",
        "transitions_intelligent_tiering us-east-1 0 0.00001",
        "transitions_onezone_ia us-east-1 0 0.00001",
        "transitions_standard_ia us-east-1 0 0.00001",
    ]


def test_deep_archive_is_an_offer_of_its_own_whatever_its_rate_was_known_by(offers):
    known = "us-east-1,2025-06-05,0,0.00099,S48,2025-06-05,82TFRVR9729PGTNP.JRTCKXETXF.6YS6EN2CT7"
    offers.know("s3_bucket", f"storage_deep_archive,{known}", f"storage_int_deep_archive,{known}")
    of_tiering = stored("82TFRVR9729PGTNP", "TimedStorage-INT-DAA-ByteHrs", "IntelligentTieringDeepArchive", "0.0008")
    taken = offers.take(Offer("AmazonS3", [of_tiering]).json())
    assert [change.meter for change in taken.changes] == ["s3_bucket.storage_int_deep_archive"]
    own = stored("DEEPARCHIVE", "TimedStorage-GDA-ByteHrs", "Glacier Deep Archive", "0.00098")
    taken = offers.take(Offer("AmazonS3GlacierDeepArchive", [own]).json())
    assert [change.meter for change in taken.changes] == ["s3_bucket.storage_deep_archive"]


def test_choices_may_have_other_names_at_aws(offers):
    given = {"instanceType": "m5.large", "brokerEngine": "ActiveMQ", "deploymentOption": "Multi-AZ"}
    offers.take(Offer("AmazonMQ", [product("PAIRHOURS", "Broker Instances", "0.6", "Hrs", **given)]).json())
    assert rates(offers, "mq_broker") == ["activemq_pair_hours_mq_m5_large us-east-1 0 0.6"]


def test_rate_files_have_the_header_that_imports_write():
    for path in (DATA / "rates").glob("*.csv"):
        with path.open(newline="") as file:
            assert next(csv.reader(file)) == HEADER, path.name
