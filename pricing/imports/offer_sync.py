"""The offer files of services in regions, found by AWS's indexes and downloaded.

"Getting price list files using the AWS Price List Bulk API":
https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/using-the-aws-price-list-bulk-api.html
"""

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

from pricing.errors import ImportFailed
from pricing.imports.offer_download import Host, fetch
from pricing.imports.offer_index import INDEX, Listed, listed, offer_entries, region_entries
from pricing.imports.offers import OfferFile

# The public endpoint of the price lists; the files need no credentials.
AWS = "https://pricing.us-east-1.amazonaws.com"
# The name under which the file of a service for all places is asked for: CloudFront and Route 53 have no regions.
EVERYWHERE = "global"

Form = Literal["json", "csv"]


def sync(
    host: Host, services: Iterable[str], regions: Collection[str], *, known: Collection[str], form: Form = "json"
) -> list[OfferFile]:
    """Download the newest offer files of these services (offer codes) in these regions; answers where they are.

    The region "global" is the file of a service for all places. `known` are the services that price meters. Raises
    ImportFailed with every service and region that AWS does not list, or for a file that does not come whole.
    """
    wanted = list(dict.fromkeys(services))
    unknown = [code for code in wanted if code not in known]
    if unknown:
        raise ImportFailed(f"no meter is priced by {', '.join(unknown)}; there are {', '.join(sorted(known))}")
    index = fetch(host, Listed(INDEX))
    offers = offer_entries(index)
    missing = [code for code in wanted if code not in offers]
    if missing:
        raise ImportFailed(f"{index}: expected the services {', '.join(missing)}")
    found, wrong = [], []
    for code in wanted:
        files, faults = _files(host, index, code, offers[code], list(dict.fromkeys(regions)))
        found += files
        wrong += faults
    if wrong:
        raise ImportFailed("\n".join(wrong))
    return [
        OfferFile(fetch(host, _in_form(file, form)), code, "" if region == EVERYWHERE else region)
        for code, region, file in found
    ]


def _files(
    host: Host, index: Path, code: str, offer: dict[str, Any], regions: list[str]
) -> tuple[list[tuple[str, str, Listed]], list[str]]:
    """The files of a service by region, and what is said of the regions in which it is not sold."""
    found, entries = [], _regions(host, index, code, offer) if set(regions) - {EVERYWHERE} else {}
    for region in regions:
        if region == EVERYWHERE:
            found.append((code, region, listed(index, code, offer, "currentVersionUrl")))
        elif region in entries:
            found.append((code, region, listed(index, f"{code}, {region}", entries[region], "currentVersionUrl")))
    absent = [region for region in regions if region != EVERYWHERE and region not in entries]
    return found, [f"{code}: not sold in {', '.join(absent)}; it is in {', '.join(sorted(entries))}"] if absent else []


def _regions(host: Host, index: Path, code: str, offer: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return region_entries(fetch(host, listed(index, code, dict(offer), "currentRegionIndexUrl")))


def _in_form(file: Listed, form: Form) -> Listed:
    """The file as JSON, as it is listed, or as CSV, which stands beside it and of which the index knows no size.

    >>> _in_form(Listed("/offers/AWSLambda/20260831/us-east-1/index.json", 17), "csv")
    Listed(address='/offers/AWSLambda/20260831/us-east-1/index.csv', size=None, sha256=None)
    """
    return file if form == "json" else Listed(f"{file.address.removesuffix('.json')}.csv")
