"""Offer files as AWS publishes them, small: the same products as JSON and as CSV."""

import csv
import io
import json
from dataclasses import dataclass, field, replace

ON_DEMAND, RESERVED, FREE = "JRTCKXETXF", "NQ3QZPMQV9", "A429C66SYZ"
LOCATIONS = {
    "us-east-1": "US East (N. Virginia)",
    "eu-west-1": "EU (Ireland)",
    "eu-central-1": "EU (Frankfurt)",
    "ap-northeast-1": "Asia Pacific (Tokyo)",
    "cn-north-1": "China (Beijing)",
}
COLUMNS = {
    "location": "Location",
    "locationType": "Location Type",
    "instanceType": "Instance Type",
    "tenancy": "Tenancy",
    "operatingSystem": "Operating System",
    "licenseModel": "License Model",
    "capacitystatus": "CapacityStatus",
    "preInstalledSw": "Pre Installed S/W",
    "volumeApiName": "Volume API Name",
    "transferType": "Transfer Type",
    "fromLocation": "From Location",
    "fromLocationType": "From Location Type",
    "toLocation": "To Location",
    "toLocationType": "To Location Type",
    "fromRegionCode": "From Region Code",
    "toRegionCode": "To Region Code",
    "requestType": "Request Type",
    "requestDescription": "Request Description",
    "deploymentOption": "Deployment Option",
    "brokerEngine": "Broker Engine",
    "group": "Group",
    "groupDescription": "Group Description",
    "queueType": "Queue Type",
    "volumeType": "Volume Type",
    "storageClass": "Storage Class",
    "endpointType": "Endpoint Type",
    "eventType": "Event Type",
    "usagetype": "usageType",
    "operation": "operation",
    "regionCode": "Region Code",
    "servicename": "serviceName",
}
FIRST = ["SKU", "OfferTermCode", "RateCode", "TermType", "PriceDescription", "EffectiveDate", "StartingRange"]
FIRST += ["EndingRange", "Unit", "PricePerUnit", "Currency", "LeaseContractLength", "Product Family", "serviceCode"]
DISCLAIMER = 'This pricing list is for informational purposes only. See "aws.amazon.com", and the agreement.'


@dataclass(frozen=True)
class Product:
    """A product and its prices: (begin, end, price) for each range, "2" standing for a rate."""

    sku: str
    family: str
    attributes: dict
    ranges: list
    unit: str
    effective: str = "2026-08-01"
    currency: str = "USD"
    term: str = ON_DEMAND
    sold: str = "OnDemand"

    def rate_codes(self):
        return [f"{self.sku}.{self.term}.{'6YS6EN2CT7' if at == 0 else f'TIER{at}'}" for at in range(len(self.ranges))]

    def but(self, **changed):
        attributes = self.attributes | changed.pop("attributes", {})
        return replace(self, attributes={k: v for k, v in attributes.items() if v is not None}, **changed)


def product(sku, family, ranges, unit="Requests", *, region="us-east-1", **given):
    """A product sold in a region; ranges as one price or a list of (begin, end, price)."""
    fields = {key: given.pop(key) for key in ("effective", "currency", "term", "sold") if key in given}
    place = {"location": LOCATIONS.get(region, region), "locationType": "AWS Region", "regionCode": region}
    if region == "Any":
        place = {"location": "Any", "locationType": "AWS Region"}
    ranges = [("0", "Inf", ranges)] if isinstance(ranges, str) else ranges
    return Product(sku, family, {"servicecode": "", **place, "operation": "", **given}, ranges, unit, **fields)


@dataclass(frozen=True)
class Offer:
    """An offer file."""

    code: str
    products: list
    published: str = "2026-08-31T17:02:11Z"
    version: str = "20260831170211"
    head: dict = field(default_factory=dict)

    def __call__(self, form):
        return self.json() if form == "json" else self.csv()

    def json(self):
        head = {
            "formatVersion": "v1.0",
            "disclaimer": DISCLAIMER,
            "offerCode": self.code,
            "version": self.version,
            "publicationDate": self.published,
        } | self.head
        terms = {"OnDemand": {}, "Reserved": {}}
        for each in self.products:
            entry = terms[each.sold].setdefault(each.sku, {})
            entry[f"{each.sku}.{each.term}"] = self._term(each)
        products = {
            each.sku: {"sku": each.sku, "productFamily": each.family, "attributes": each.attributes}
            for each in self.products
        }
        return json.dumps(head | {"products": products, "terms": terms, "attributesList": {}}, indent=2)

    def _term(self, each):
        prices = {
            code: {
                "rateCode": code,
                "description": f"${price} per {each.unit}",
                "beginRange": begin,
                "endRange": end,
                "unit": each.unit,
                "pricePerUnit": {each.currency: price},
                "appliesTo": [],
            }
            for code, (begin, end, price) in zip(each.rate_codes(), each.ranges, strict=True)
        }
        return {
            "offerTermCode": each.term,
            "sku": each.sku,
            "effectiveDate": f"{each.effective}T00:00:00Z",
            "priceDimensions": prices,
            "termAttributes": {},
        }

    def csv(self, *, before=()):
        """The rows; columns are those that the service's products have, so that they differ by service."""
        used = [name for name in COLUMNS if any(name in each.attributes for each in self.products)]
        head = {
            "FormatVersion": "v1.0",
            "Disclaimer": DISCLAIMER,
            "Publication Date": self.published,
            "Version": self.version,
            "OfferCode": self.code,
        } | self.head
        out = io.StringIO()
        writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerows([name, value] for name, value in head.items())
        writer.writerow([*FIRST, *(COLUMNS[name] for name in used)])
        for each in self.products:
            for code, (begin, end, price) in zip(each.rate_codes(), each.ranges, strict=True):
                row = [each.sku, each.term, code, each.sold, f"${price}", each.effective, begin, end, each.unit, price]
                row += [each.currency, "1yr" if each.sold == "Reserved" else "", each.family, self.code]
                writer.writerow([*row, *(each.attributes.get(name, "") for name in used)])
        return "\n".join([*before, out.getvalue()])


def tiers(*prices, breaks=(100, 200)):
    """Ranges of several prices with these breaks between them."""
    edges = ["0", *map(str, breaks[: len(prices) - 1]), "Inf"]
    return [(edges[at], edges[at + 1], price) for at, price in enumerate(prices)]


def sqs(price="0.0000004000", *, region="us-east-1", kind="Standard", sku="8RN6B8U4MERHRXP3", **given):
    """The requests of a kind of queue: named Requests-RBP in us-east-1, and Requests-Tier1 elsewhere."""
    prefix = {"us-east-1": "", "eu-west-1": "EU-", "eu-central-1": "EUC1-", "ap-northeast-1": "APN1-"}.get(
        region, "CNN1-"
    )
    name = f"{prefix}Requests-RBP" if not prefix else f"{prefix}Requests-Tier1"
    given = {"usagetype": name, "group": "SQS-APIRequest-Tier1", "queueType": kind} | given
    return product(sku, "API Request", price, region=region, **given)


def sqs_free_tier():
    """The allowance for all regions, with an offer term of its own."""
    free = [("0", "1000000", "0.0000000000")]
    more = {"usagetype": "Global-Requests", "queueType": "Standard", "group": "SQS-APIRequest-Tier1", "term": FREE}
    return product("FREE4SQSREQUESTS", "API Request", free, region="Any", **more)


def aws_lambda(name, price, *, sku, region="us-east-1", unit="Lambda-GB-Second", **given):
    """A product of Lambda: `name` is its usage type without the region's code."""
    prefix = {"us-east-1": "", "eu-west-1": "EU-"}.get(region, "APN1-")
    groups = {"Request": "AWS-Lambda-Requests", "Lambda-GB-Second": "AWS-Lambda-Duration"}
    group = {"Lambda-GB-Second-ARM": "AWS-Lambda-Duration-ARM"}.get(name, groups.get(name, f"AWS-{name}"))
    given = {"group": group, "groupDescription": "weighted by memory, in GB-s", "usagetype": f"{prefix}{name}"} | given
    return product(sku, "Serverless", price, unit, region=region, **given)


def edge(sku, family, usage, ranges, unit, place):
    """A product of CloudFront, sold where viewers are, or everywhere."""
    where = {"location": place, "locationType": "AWS Edge Location", "regionCode": None}
    if family == "Data Transfer":
        where = {"fromLocation": place, "fromLocationType": "AWS Edge Location"} | dict.fromkeys(where)
    return product(sku, family, ranges, unit, region="Any", usagetype=usage).but(attributes=where)
