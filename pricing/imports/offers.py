"""The import of AWS Price List files: what they change in the rates, written whole or not at all.

AWS publishes an offer file for each service and region: "Reading the price list files",
https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/bulk-api-reading-price-list-files.html
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

from pricing.catalogue.catalogue import DATA
from pricing.catalogue.type_file import read_type
from pricing.errors import ImportFailed
from pricing.imports.offer_csv import csv_publication, feed_csv
from pricing.imports.offer_file import Faults, Publication, is_json
from pricing.imports.offer_json import feed_json, json_publication
from pricing.imports.offer_map import OfferMap, read_maps
from pricing.imports.offer_products import Products
from pricing.imports.offer_rates import (
    Change,
    Known,
    Priced,
    Rates,
    apply,
    differs,
    known_products,
    read_rates,
    sources_text,
)
from pricing.imports.survey import write

NOT_NEWER = "prices that differ from a known one that was seen on the same day or later, left alone"
NOT_LISTED = "meters with a known rate for which the file lists no price"
NO_FREE_TIER = "free tiers of AWS that the catalogue does not have"
OTHER_FREE_TIER = "free tiers that are not those of the catalogue"


class OfferFile(NamedTuple):
    """A file to import, and the service and region that it must be of; "" where it may be of any."""

    path: Path
    code: str = ""
    region: str = ""


@dataclass(frozen=True, slots=True)
class Offers:
    """What offer files say: the changes, what was left out and why, and the files that hold the result."""

    changes: list[Change]
    remarks: Mapping[str, Counter[str]]
    texts: Mapping[Path, str]


class _Read(NamedTuple):
    publication: Publication
    priced: list[Priced]


def read_offers(files: Iterable[OfferFile], *, into: Path, today: date, data: Path = DATA) -> Offers:
    """What offer files change in the rates of `data` and of the folder `into`, without writing anything.

    Both folders hold `rates/<type>.csv` and `rates/sources.json`; the newer version of a rate counts. Raises
    ImportFailed with the faults of all files, each with file, line or SKU and what was expected.
    """
    maps = read_maps(data / "offers", data)
    folders = [data, into]
    types = sorted({rule.meter.partition(".")[0] for offer in maps.values() for rule in offer.rules})
    rates = {name: read_rates(name, folders) for name in types}
    remarks: dict[str, Counter[str]] = {}
    reads = _read_all(files, maps, known_products(rates.values()), remarks, today)
    changes = []
    for read in sorted(reads, key=lambda read: (read.publication.day, read.publication.version)):
        changes += _apply(read, maps[read.publication.code], rates, remarks)
        _compare_free_tiers(read.priced, data, remarks)
    changed = {change.meter.partition(".")[0] for change in changes}
    texts = {into / "rates" / f"{name}.csv": rates[name].as_text() for name in sorted(changed)}
    if texts:
        publications = [read.publication for read in reads]
        texts[into / "rates" / "sources.json"] = sources_text(folders, texts, publications)
    return Offers(changes, remarks, texts)


def _read_all(
    files: Iterable[OfferFile],
    maps: Mapping[str, OfferMap],
    known: Known,
    remarks: dict[str, Counter[str]],
    today: date,
) -> list[_Read]:
    reads, wrong = [], []
    for file in files:
        try:
            publication, products = _read(file, maps, known, today)
            priced = products.priced(publication)
            products.faults.raise_any()
        except ImportFailed as error:
            wrong.append(str(error))
        else:
            reads.append(_Read(publication, priced))
            for kind, seen in products.remarks.items():
                remarks.setdefault(kind, Counter()).update(seen)
    if wrong:
        raise ImportFailed("\n".join(wrong))
    return reads


def _read(file: OfferFile, maps: Mapping[str, OfferMap], known: Known, today: date) -> tuple[Publication, Products]:
    faults = Faults(str(file.path))
    of_json = is_json(file.path)
    publication = (json_publication if of_json else csv_publication)(file.path, today, faults)
    if file.code and publication.code != file.code:
        raise faults.refusal("offerCode", f"expected {file.code}, not {publication.code}")
    if publication.code not in maps:
        raise faults.refusal("offerCode", f"expected a service with meters ({', '.join(maps)}), not {publication.code}")
    products = Products(maps[publication.code], known, file.region, faults)
    (feed_json if of_json else feed_csv)(file.path, products)
    return publication, products


def _apply(read: _Read, offer: OfferMap, rates: Mapping[str, Rates], remarks: dict[str, Counter[str]]) -> list[Change]:
    changes = []
    for priced in read.priced:
        of_type = rates[priced.meter.partition(".")[0]]
        change = apply(of_type, priced, read.publication)
        if change:
            changes.append(change)
        elif differs(of_type, priced):
            remarks.setdefault(NOT_NEWER, Counter())[f"{priced.meter} {priced.place}"] += 1
    listed = {(priced.meter, priced.place) for priced in read.priced}
    for place in {place for _, place in listed}:
        for rule in offer.rules:
            name, _, meter = rule.meter.partition(".")
            if (rule.meter, place) not in listed and rates[name].newest(meter, place):
                remarks.setdefault(NOT_LISTED, Counter())[f"{rule.meter} {place}"] += 1
    return changes


def _compare_free_tiers(priced: Iterable[Priced], data: Path, remarks: dict[str, Counter[str]]) -> None:
    for price in priced:
        if not price.free:
            continue
        type_name, _, name = price.meter.partition(".")
        owner, _, tier_name = (read_type(data / f"{type_name}.toml").meters[name].free_tier or "").partition(".")
        tier = read_type(data / f"{owner}.toml").free_tiers[tier_name] if owner else None
        told = f"{price.meter}: {price.free:f}"
        if tier is None:
            remarks.setdefault(NO_FREE_TIER, Counter())[told] += 1
        elif tier.quantity != price.free:
            remarks.setdefault(OTHER_FREE_TIER, Counter())[f"{told}, not {tier.quantity:f}"] += 1


def write_offers(offers: Offers) -> None:
    """Write the files that hold the result: all, or none where one cannot be written. Raises ImportFailed."""
    try:
        for folder in {path.parent for path in offers.texts}:
            folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImportFailed(f"cannot write: {error}") from error
    write(offers.texts)


def report(offers: Offers) -> str:
    """What changes, what only was seen again, and what was left out and why; a line for each change of a price."""
    lines = [str(change) for change in offers.changes if not change.confirms]
    seen: dict[str, list[str]] = {}
    for change in offers.changes:
        if change.confirms:
            days = f"checked {change.checked[0]} -> {change.checked[1]}"
            seen.setdefault(f"{change.meter}: unchanged, {days}", []).append(change.place)
    lines += [f"{told}: {', '.join(places)}" for told, places in sorted(seen.items())]
    for kind, what in sorted(offers.remarks.items()):
        lines.append(f"{kind}:")
        lines += [f"  {text}" + (f" ({count})" if count > 1 else "") for text, count in sorted(what.items())]
    return "\n".join(lines or ["nothing changes"])
