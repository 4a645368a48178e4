"""An offer file of the AWS Price List in CSV: rows of metadata, a header whose columns differ by service, prices.

Read row by row, as "Reading the price list files" describes it:
https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/bulk-api-reading-price-list-files.html
"""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TextIO

from pricing.imports.offer_file import Faults, Publication, read_publication
from pricing.imports.offer_places import attribute_name, attributes_of
from pricing.imports.offer_products import Products

# FormatVersion, Disclaimer, Publication Date, Version, OfferCode; older files have "sep=," before them.
MOST_METADATA_ROWS = 10
# A row of prices has some thousand characters, the disclaimer as many.
LONGEST_LINE = 1_000_000
COLUMNS = {
    "SKU": "sku",
    "TermType": "term type",
    "OfferTermCode": "term",
    "RateCode": "rate code",
    "EffectiveDate": "effective",
    "StartingRange": "begin",
    "EndingRange": "end",
    "Unit": "unit",
    "PricePerUnit": "price",
    "Currency": "currency",
}
METADATA = {
    "formatversion": "formatVersion",
    "publicationdate": "publicationDate",
    "version": "version",
    "offercode": "offerCode",
}
PLACES = {"location", "locationtype", "regioncode", "fromlocation", "fromlocationtype", "fromregioncode", "usagetype"}

Row = list[str]


def csv_publication(path: Path, today: date, faults: Faults) -> Publication:
    """Who published a CSV offer file and when. Raises ImportFailed."""
    with _rows(path, faults) as rows:
        metadata, _ = _head(rows, faults)
    return read_publication(metadata, today, faults)


def feed_csv(path: Path, products: Products) -> None:
    """Hand each on-demand price of a CSV offer file to the products, row by row. Raises ImportFailed."""
    faults = products.faults
    with _rows(path, faults) as rows:
        _, header = _head(rows, faults)
        index = {meaning: header.index(name) for name, meaning in COLUMNS.items() if name in header}
        for name in sorted(COLUMNS.keys() - header):
            faults.add("header", f"expected a column {name}")
        faults.raise_any()
        needed = products.offer.attributes | PLACES
        columns = [(at, name) for at, name in enumerate(header) if attribute_name(name) in needed]
        for line, row in rows:
            if len(row) != len(header):
                faults.add(f"line {line}", f"expected {len(header)} columns, found {len(row)}")
            elif row[index["term type"]] == "OnDemand":
                sku = row[index["sku"]]
                if products.wants(sku, attributes_of((name, row[at]) for at, name in columns)):
                    products.charge(sku, {name: row[at] for name, at in index.items()}, f"line {line}")


@contextmanager
def _rows(path: Path, faults: Faults) -> Iterator[Iterator[tuple[int, Row]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(_lines(file), strict=True)
            try:
                yield ((reader.line_num, row) for row in reader if row)
            except (csv.Error, UnicodeDecodeError) as error:
                raise faults.refusal(f"line {reader.line_num}", f"expected a row of CSV in UTF-8: {error}") from error
    except OSError as error:
        raise faults.refusal("", f"cannot be read: {error.strerror or error}") from error


def _lines(file: TextIO) -> Iterator[str]:
    while line := file.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE:
            raise csv.Error(f"a line of {LONGEST_LINE:,} characters or more")
        yield line


def _head(rows: Iterator[tuple[int, Row]], faults: Faults) -> tuple[dict[str, str], Row]:
    metadata: dict[str, str] = {}
    for line, row in rows:
        if row[0] == "SKU":
            return metadata, row
        if line > MOST_METADATA_ROWS:
            break
        name = attribute_name(row[0])
        if name in METADATA and len(row) > 1:
            metadata[METADATA[name]] = row[1]
    raise faults.refusal(f"line {MOST_METADATA_ROWS}", "expected the header of an offer file, which starts with SKU")
