"""An offer file of the AWS Price List in JSON: its products, then the terms on which they are sold, read as a stream.

Read product by product, as "Reading the price list files" describes it:
https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/bulk-api-reading-price-list-files.html
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import ijson

from pricing.imports.bounded_json import BoundedJson
from pricing.imports.offer_file import Faults, Publication, read_publication
from pricing.imports.offer_places import attributes_of
from pricing.imports.offer_products import Products

# The head of an offer file is flat; what is nested deeply is none, and costs the reader more the deeper it goes.
LONGEST_PREFIX = 200
HEAD = ("formatVersion", "offerCode", "version", "publicationDate")
# What a charge calls what a price of a term is called in the file.
FIELDS = {"rate code": "rateCode", "begin": "beginRange", "end": "endRange", "unit": "unit"}


def json_publication(path: Path, today: date, faults: Faults) -> Publication:
    """Who published a JSON offer file and when. Raises ImportFailed."""
    fields: dict[str, str] = {}
    with _stream(path, faults) as file:
        for prefix, event, value in ijson.parse(file):
            if prefix in HEAD and event == "string":
                fields[prefix] = value
            if (prefix, event) == ("products", "start_map"):
                return read_publication(fields, today, faults)
            if event == "start_map" and prefix in ("offers", "regions"):
                raise faults.refusal(prefix, "expected an offer file, not an index: `sync` reads those")
            if len(prefix) > LONGEST_PREFIX:
                break
    raise faults.refusal("products", "expected the products of an offer file")


def feed_json(path: Path, products: Products) -> None:
    """Hand each on-demand price of a JSON offer file to the products, one product at a time. Raises ImportFailed.

    The file is read twice, since nothing says that products come before terms.
    """
    with _stream(path, products.faults) as file:
        for sku, product in ijson.kvitems(file, "products"):
            _take(sku, product, products)
    with _stream(path, products.faults) as file:
        for sku, terms in ijson.kvitems(file, "terms.OnDemand"):
            if products.wanted(sku):
                _charge(sku, terms, products)


@contextmanager
def _stream(path: Path, faults: Faults) -> Iterator[BoundedJson]:
    try:
        with path.open("rb") as file:
            try:
                yield BoundedJson(file)
            except (ijson.JSONError, ValueError, ArithmeticError) as error:
                said = " ".join(str(error).split())[:200]
                raise faults.refusal(f"byte {file.tell()} or before", f"expected complete JSON: {said}") from error
    except OSError as error:
        raise faults.refusal("", f"cannot be read: {error.strerror or error}") from error


def _take(sku: str, product: Any, products: Products) -> None:
    attributes = product.get("attributes") if isinstance(product, dict) else None
    if not isinstance(attributes, dict):
        products.faults.add(f"SKU {sku[:64]!r}", "expected a product with attributes")
        return
    pairs = [("productFamily", product.get("productFamily", "")), *attributes.items()]
    products.wants(sku, attributes_of((name, value) for name, value in pairs if isinstance(value, str)))


def _charge(sku: str, terms: Any, products: Products) -> None:
    for code, term in _entries(terms, f"SKU {sku}", products.faults):
        place = f"SKU {sku}, term {code[:64]!r}"
        sold = {"term": _text(term, "offerTermCode"), "effective": _text(term, "effectiveDate")}
        for rate_code, price in _entries(term.get("priceDimensions"), place, products.faults):
            fields = sold | {name: _text(price, key) for name, key in FIELDS.items()} | _amount(price)
            products.charge(sku, fields, f"SKU {sku}, rate code {rate_code[:64]!r}")


def _entries(table: Any, place: str, faults: Faults) -> list[tuple[str, dict[str, Any]]]:
    if not isinstance(table, dict) or not all(isinstance(entry, dict) for entry in table.values()):
        faults.add(place, "expected a table of tables")
        return []
    return list(table.items())


def _text(table: dict[str, Any], key: str) -> str:
    """A value as text: numbers stand as texts in these files, and what is neither fails as a number or code."""
    return str(table.get(key, ""))


def _amount(price: dict[str, Any]) -> dict[str, str]:
    """The price in USD, or where there is none in the first other currency."""
    amounts = price.get("pricePerUnit")
    if not isinstance(amounts, dict) or not amounts:
        return {"currency": "USD", "price": str(amounts)}
    currency = "USD" if "USD" in amounts else next(iter(amounts))
    return {"currency": currency, "price": str(amounts[currency])}
