"""Where a product of the AWS Price List is sold, and its attributes under names that JSON and CSV files share.

The billing codes before usage types (none or USE1- for us-east-1, EUC1-, APN1- ...) are those of "Understanding your
AWS billing and usage reports": https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-understanding-billing.html
"""

import re
from collections.abc import Iterable, Mapping

# A usage type of a region starts with its billing code, eu-west-1's with EU- or EUW1-; some services write the region's
# own code. Codes have a digit, so that IA-TimedStorage-ByteHrs keeps the IA that is part of its name.
PREFIX = re.compile(r"(?:[A-Z]{3}[0-9]{1,2}|EU|[a-z]{2}(?:-[a-z]+)+-[0-9])-")
REGION = re.compile(r"[a-z]{2}(?:-[a-z]+)+-[0-9]")
FREE_TIER_USAGE = "global-"
RAW_USAGE = "rawusagetype"

# The names under `location` in files that have no region codes; EU (...) and Europe (...) are both in use.
LOCATIONS = {
    "Africa (Cape Town)": "af-south-1",
    "Asia Pacific (Hong Kong)": "ap-east-1",
    "Asia Pacific (Hyderabad)": "ap-south-2",
    "Asia Pacific (Jakarta)": "ap-southeast-3",
    "Asia Pacific (Malaysia)": "ap-southeast-5",
    "Asia Pacific (Melbourne)": "ap-southeast-4",
    "Asia Pacific (Mumbai)": "ap-south-1",
    "Asia Pacific (New Zealand)": "ap-southeast-6",
    "Asia Pacific (Osaka)": "ap-northeast-3",
    "Asia Pacific (Osaka-Local)": "ap-northeast-3",
    "Asia Pacific (Seoul)": "ap-northeast-2",
    "Asia Pacific (Singapore)": "ap-southeast-1",
    "Asia Pacific (Sydney)": "ap-southeast-2",
    "Asia Pacific (Taipei)": "ap-east-2",
    "Asia Pacific (Thailand)": "ap-southeast-7",
    "Asia Pacific (Tokyo)": "ap-northeast-1",
    "AWS GovCloud (US)": "us-gov-west-1",
    "AWS GovCloud (US-East)": "us-gov-east-1",
    "AWS GovCloud (US-West)": "us-gov-west-1",
    "Canada (Central)": "ca-central-1",
    "Canada West (Calgary)": "ca-west-1",
    "China (Beijing)": "cn-north-1",
    "China (Ningxia)": "cn-northwest-1",
    "Europe (Frankfurt)": "eu-central-1",
    "Europe (Ireland)": "eu-west-1",
    "Europe (London)": "eu-west-2",
    "Europe (Milan)": "eu-south-1",
    "Europe (Paris)": "eu-west-3",
    "Europe (Spain)": "eu-south-2",
    "Europe (Stockholm)": "eu-north-1",
    "Europe (Zurich)": "eu-central-2",
    "Israel (Tel Aviv)": "il-central-1",
    "Mexico (Central)": "mx-central-1",
    "Middle East (Bahrain)": "me-south-1",
    "Middle East (UAE)": "me-central-1",
    "South America (Sao Paulo)": "sa-east-1",
    "US East (N. Virginia)": "us-east-1",
    "US East (Ohio)": "us-east-2",
    "US West (N. California)": "us-west-1",
    "US West (Oregon)": "us-west-2",
}
_BY_NAME = {name.casefold(): region for name, region in LOCATIONS.items()}


def attribute_name(name: str) -> str:
    """The name of an attribute, the same for JSON's `usagetype`, `queueType` and CSV's "usageType", "Queue Type".

    >>> attribute_name("Pre Installed S/W"), attribute_name("preInstalledSw")
    ('preinstalledsw', 'preinstalledsw')
    """
    return re.sub(r"[^a-z0-9]", "", name.casefold())


def attribute_value(value: str) -> str:
    """A value as it is compared: AWS is not strict about case and spaces at the ends.

    >>> attribute_value(" FIFO (first-in, first-out)")
    'fifo (first-in, first-out)'
    """
    return value.strip().casefold()


def bare_usage(usage_type: str) -> str:
    """A usage type without the billing code of its region.

    >>> [bare_usage(name) for name in ("Request", "USE1-Request", "EU-Request", "eu-west-1-Request")]
    ['Request', 'Request', 'Request', 'Request']
    >>> bare_usage("APN1-IA-TimedStorage-ByteHrs"), bare_usage("IA-TimedStorage-ByteHrs")
    ('IA-TimedStorage-ByteHrs', 'IA-TimedStorage-ByteHrs')
    """
    name = usage_type.strip()
    prefix = PREFIX.match(name)
    return name[prefix.end() :] if prefix else name


def attributes_of(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The attributes of a product by comparable name, its usage type also without the region's billing code.

    >>> attributes_of([("usageType", "EUC1-Request"), ("Region Code", "eu-central-1")])
    {'usagetype': 'request', 'regioncode': 'eu-central-1', 'rawusagetype': 'euc1-request'}
    """
    attributes = {attribute_name(name): value for name, value in pairs}
    raw = attributes.get("usagetype", "")
    attributes["usagetype"] = bare_usage(raw)
    attributes[RAW_USAGE] = raw
    return {name: attribute_value(value) for name, value in attributes.items()}


def is_free_tier(attributes: Mapping[str, str]) -> bool:
    """Whether a product is an allowance for all regions, published as a price of $0 at the location "Any".

    >>> is_free_tier(attributes_of([("location", "Any"), ("usagetype", "Global-Request")]))
    True
    """
    return attributes[RAW_USAGE].startswith(FREE_TIER_USAGE) and attributes.get("location", "") in ("any", "")


def region_of(attributes: Mapping[str, str]) -> str:
    """The region in which a product is sold; "" where it is sold elsewhere: everywhere, in a local zone, at the edge.

    >>> region_of(attributes_of([("Location", "EU (Ireland)"), ("Location Type", "AWS Region")]))
    'eu-west-1'
    >>> region_of(attributes_of([("regionCode", "us-east-1"), ("locationType", "AWS Local Zone")]))
    ''
    """
    kind = attributes.get("locationtype") or attributes.get("fromlocationtype", "")
    if kind not in ("", "aws region"):
        return ""
    code = attributes.get("regioncode") or attributes.get("fromregioncode", "")
    if not code:
        name = attributes.get("location") or attributes.get("fromlocation", "")
        code = _BY_NAME.get(re.sub(r"^eu \(", "europe (", name).replace("ã", "a"), "")
    return code if REGION.fullmatch(code) else ""
