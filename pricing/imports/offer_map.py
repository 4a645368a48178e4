"""Which products of the AWS Price List price which meters: declared by people, one file for each component type.

    offer = "AWSQueueService"                   # the offer code; a meter may name another one
    source = "where these names were read"

    [meters.requests]                           # a meter of the type, or a family of meters
    where = { productFamily = "API Request", queueType = "Standard" }
    unit = ["Requests"]                         # AWS's names of what one price is for
    per = 1                                     # how many units of the meter are one of AWS's units

A product is one of the meter's where all its attributes are equal (a list: any of them), or where the newest known rate
of the meter came from it: without `where`, that is the only way. Usage types stand without the region's billing code.
`places = { "cf:eu" = "EU" }` is for a meter that is not priced by region: a place of ours, and what stands for {place}
in `where`. For a family, {} stands for the choice, or for what `choices = { "mq.m5.large" = "m5.large" }` says of it.
"""

from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import tomli

from pricing.catalogue.catalogue import DATA
from pricing.catalogue.component_type import family_member
from pricing.catalogue.toml_table import Table
from pricing.errors import CatalogueError
from pricing.imports.offer_places import RAW_USAGE, attribute_name, attribute_value
from pricing.imports.published import quantity

OFFERS = DATA / "offers"
METER_KEYS = "offer where unit per places choices"


class Rule(NamedTuple):
    """How a product becomes a price of a meter: at which place of ours ("": its region), for which of AWS's units.

    `per` is how many units of the meter one of AWS's units is.
    """

    offer: str
    meter: str
    place: str
    where: Mapping[str, tuple[str, ...]]
    units: tuple[str, ...]
    per: int

    def counts_in(self, unit: str) -> bool:
        """Whether AWS's unit is one of those declared, in any spelling."""
        return unit_name(unit) in self.units


class OfferMap:
    """The rules of one offer, found by the attributes of a product without trying each of them."""

    __slots__ = ("_by_values", "attributes", "code", "meters", "rules")

    def __init__(self, code: str, rules: tuple[Rule, ...]) -> None:
        """`rules` are those of the offer `code`."""
        self.code = code
        self.rules = rules
        self.meters = frozenset(rule.meter for rule in rules)
        self.attributes = frozenset(name for rule in rules for name in rule.where)
        self._by_values: dict[tuple[str, ...], dict[tuple[str, ...], list[Rule]]] = {}
        for rule in rules:
            names = tuple(sorted(rule.where))
            for values in product(*(rule.where[name] for name in names)) if names else ():
                self._by_values.setdefault(names, {}).setdefault(values, []).append(rule)

    def find(self, attributes: Mapping[str, str]) -> list[Rule]:
        """The rules whose attributes a product has."""
        found = []
        for names, by_values in self._by_values.items():
            found += by_values.get(tuple(attributes.get(name, "") for name in names), [])
        return found


def unit_name(unit: str) -> str:
    """A unit in one spelling.

    >>> unit_name("GB-Seconds") == unit_name("gb second"), unit_name("Requests") == unit_name("Request")
    (True, True)
    """
    return quantity(unit.casefold().replace("-", " "))


def read_maps(folder: Path = OFFERS, types: Path = DATA) -> dict[str, OfferMap]:
    """The maps by offer code. Raises CatalogueError, which names file and key.

    >>> sorted(rule.meter for rule in read_maps()["AWSQueueService"].rules)
    ['sqs_queue.fair_surcharge', 'sqs_queue.fifo_requests', 'sqs_queue.requests']
    """
    rules: dict[str, list[Rule]] = {}
    for path in sorted(folder.glob("*.toml")):
        for rule in read_map(path, types / path.name):
            rules.setdefault(rule.offer, []).append(rule)
    return {code: OfferMap(code, tuple(found)) for code, found in rules.items()}


def read_map(path: Path, type_file: Path) -> list[Rule]:
    """The rules for the meters of one component type. Raises CatalogueError, which names file and key."""
    file = Table(f"offers/{path.name}", (), _toml(path), "offer source meters")
    file.text("source")
    declared = Table(type_file.name, (), _toml(type_file))
    rules = []
    for name, table in file.tables("meters", METER_KEYS):
        meters = dict(_meters(name, declared, table))
        for unknown in sorted(table.inside("choices").entries.keys() - meters.values()):
            table.refuse(f"choices.{unknown}", "not a choice of the family")
        for meter, choice in meters.items():
            rules += list(_rules(f"{path.stem}.{meter}", choice, table, file.entries.get("offer")))
    return rules


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomli.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CatalogueError(f"{path.name}: {error}") from error


def _meters(name: str, declared: Table, table: Table) -> Iterator[tuple[str, str]]:
    """The meter of that name with "", or those of the family with their choices."""
    meter = declared.inside("meters").entries.get(name)
    if meter is None:
        table.refuse("", f"no meter or family of {declared.file}")
    if "each" not in meter:
        yield name, ""
        return
    for choice in declared.inside("inputs").inside(meter["each"]).entries["choices"]:
        yield family_member(name, choice), str(choice)


def _rules(meter: str, choice: str, table: Table, offer: object) -> Iterator[Rule]:
    places, choices = table.inside("places"), table.inside("choices")
    units = tuple(unit_name(unit) for unit in table.names("unit"))
    per = table.entries.get("per", 1)
    if type(per) is not int or per < 1:
        table.refuse("per", "expected a whole number of 1 or more")
    code = table.text("offer", offer if isinstance(offer, str) else None)
    for place in places.entries or {"": ""}:
        words = {"{place}": places.text(place, "") if place else "", "{}": choices.text(choice, choice)}
        yield Rule(code, meter, place, _where(table, words, placed=bool(place)), units, per)


def _where(table: Table, words: Mapping[str, str], *, placed: bool) -> dict[str, tuple[str, ...]]:
    where: dict[str, tuple[str, ...]] = {}
    conditions = table.inside("where")
    for key, value in conditions.entries.items():
        values = conditions.names(key) if isinstance(value, list) else (conditions.text(key, ""),)
        for word, meaning in words.items():
            values = tuple(text.replace(word, meaning) for text in values)
        # Outside regions what stands before a usage type is no billing code: EU-DataTransfer-Out-Bytes of CloudFront.
        name = RAW_USAGE if placed and attribute_name(key) == "usagetype" else attribute_name(key)
        where[name] = tuple(attribute_value(text) for text in values)
    return where
