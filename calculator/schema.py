"""The one door for documents: every fault at once with its JSON Pointer, every default stated as an assumption."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from marshmallow import Schema, ValidationError, fields

from calculator.architecture import Account, Architecture, Component
from calculator.defaults import complete
from calculator.door import Door, escape, shown
from calculator.price_book import PriceBook
from calculator.price_book_schema import read_price_book
from calculator.schema_fields import LINE, MAX_QUANTITY, NAME, Choice, Day, Part, Quantity, Text, load
from pricing.catalogue import component_type, component_types, free_tier_named
from pricing.errors import InvalidDocument, NotFound

__all__ = ["MAX_COMPONENTS", "MAX_QUANTITY", "MONTH_HOURS", "REGION", "component_schema", "escape", "parse"]

MONTH_HOURS = 730
MAX_COMPONENTS = 1000
REGION = r"^[a-z]{2}(-[a-z]+)+-[0-9]+$"


class DocumentSchema(Part):
    """A document but for its account and its components, which have schemas of their own."""

    name = Text(NAME, "1 to 100 printable characters")
    region = Text(re.compile(REGION), "an AWS region such as us-east-1", required=True)
    as_of = Day()
    month_hours = Quantity(1, 744)
    account = fields.Raw(allow_none=True)
    components = fields.Raw(allow_none=True, required=True, error_messages={"required": "missing"})


class AccountSchema(Part):
    """`account` of a document but for what is used of its free tiers."""

    free_tier = Choice(("none", "always", "12_months"))
    already_used = fields.Raw(allow_none=True)
    price_book = fields.Raw(allow_none=True)


class ComponentSchema(Part):
    """What every component has."""

    name = Text(NAME, "1 to 100 printable characters", required=True)
    type = fields.Raw(allow_none=True)
    region = Text(re.compile(REGION), "an AWS region such as us-east-1")


@cache
def _schema_of(kind: type[Schema]) -> Schema:
    return kind()


@cache
def component_schema(type_name: str) -> Schema:
    """The schema of a component of that type, made from its inputs."""
    members: dict[str, fields.Field[Any]] = {}
    for known in component_type(type_name).inputs.values():
        if known.choices:
            members[known.name] = Choice(known.choices)
        elif known.text:
            members[known.name] = Text(LINE, "a line of 1 to 500 printable characters")
        else:
            members[known.name] = Quantity(known.at_least, known.at_most, allow_none=known.may_be_unset)
    return ComponentSchema.from_dict(dict(members), name=type_name)()


def parse(document: object, *, today: date | None = None, prices: Path | None = None) -> Architecture:
    """The architecture that a document describes, with a stated assumption for every input not given.

    `today` is the day taken where the document has no `as_of`; the clock's day if None. `prices` is a folder that
    `stackmeter prices import` filled: what it holds takes the place of the packaged prices.
    Raises InvalidDocument with every fault and its JSON Pointer, in the order of the document.

    >>> architecture = parse({"region": "us-east-1", "as_of": "2026-09-01",
    ...     "components": [{"name": "jobs", "type": "sqs_queue", "messages": 5_000_000}]})
    >>> architecture.components[0].inputs["message_kb"], architecture.assumptions[0].pointer
    (1, '/month_hours')
    """
    door = Door(MONTH_HOURS)
    known = load(door, _schema_of(DocumentSchema), document, "")
    door.region = known.get("region", "")
    as_of = _as_of(door, known, today)
    door.month_hours = _month_hours(door, known)
    account = _account(door, known)
    components = _components(door, known)
    if door.faults:
        raise InvalidDocument(door.told(document))
    name, assumed = known.get("name", "architecture"), tuple(door.assumptions)
    return Architecture(name, door.region, as_of, door.month_hours, account, components, assumed, prices)


def _as_of(door: Door, known: Mapping[str, Any], today: date | None) -> date:
    if "as_of" in known:
        return known["as_of"]  # type: ignore[no-any-return]
    day = today or date.today()  # noqa: DTZ011  the day where the user is
    door.assume("/as_of", day.isoformat(), "", "today's prices")
    return day


def _month_hours(door: Door, known: Mapping[str, Any]) -> float:
    if "month_hours" not in known:
        door.assume("/month_hours", MONTH_HOURS, "hour/month", "AWS's mean month")
    return known.get("month_hours", MONTH_HOURS)  # type: ignore[no-any-return]


def _account(door: Door, known: Mapping[str, Any]) -> Account:
    account = load(door, _schema_of(AccountSchema), known.get("account", {}), "/account")
    if "free_tier" not in account:
        door.assume("/account/free_tier", "always", "", "what every account has")
    used = account.get("already_used", {})
    if not isinstance(used, dict):
        door.refuse("/account/already_used", f"expected an object of quantities, not {shown(used)}")
        return Account()
    quantities = {name: _used(door, str(name), quantity) for name, quantity in used.items()}
    book = PriceBook()
    if "price_book" in account:
        book = read_price_book(door, account["price_book"], "/account/price_book")
    return Account(account.get("free_tier", "always"), quantities, book)


def _used(door: Door, name: str, quantity: object) -> Decimal:
    try:
        free_tier_named(name)
        return Decimal(repr(Quantity().deserialize(quantity)))
    except (NotFound, ValidationError) as error:
        detail = error.messages[0] if isinstance(error, ValidationError) else str(error)
        door.refuse(f"/account/already_used/{escape(name)}", str(detail))
        return Decimal(0)


def _components(door: Door, known: Mapping[str, Any]) -> tuple[Component, ...]:
    entries = known.get("components", ())
    if "components" in known and (not isinstance(entries, list | tuple) or not 1 <= len(entries) <= MAX_COMPONENTS):
        found = f"{len(entries)}" if isinstance(entries, list | tuple) else shown(entries)
        door.refuse("/components", f"expected a list of 1 to {MAX_COMPONENTS} components, not {found}")
        return ()
    _refuse_twins(door, entries)
    components = (_component(door, f"/components/{index}", entry) for index, entry in enumerate(entries))
    return tuple(component for component in components if component)


def _component(door: Door, pointer: str, stated: object) -> Component | None:
    if not isinstance(stated, dict):
        door.refuse(pointer, f"expected an object, not {shown(stated)}")
        return None
    if stated.get("type") not in component_types():
        _refuse_untyped(door, pointer, stated)
        return None
    kind = component_type(stated["type"])
    valid = load(door, component_schema(kind.name), stated, pointer)
    inputs, mean_rates = complete(door, pointer, kind, stated, valid)
    return Component(valid.get("name", ""), kind.name, valid.get("region", door.region), inputs, mean_rates)


def _refuse_untyped(door: Door, pointer: str, stated: Mapping[str, object]) -> None:
    """Without a type nothing is known of a component but what every component has."""
    common = _schema_of(ComponentSchema)
    load(door, common, {key: stated[key] for key in stated if key in common.fields}, pointer)
    found = f"not {shown(stated['type'])}" if "type" in stated else "but it is missing"
    door.refuse(f"{pointer}/type", f"expected one of {', '.join(component_types())}, {found}")


def _refuse_twins(door: Door, entries: Sequence[object]) -> None:
    seen: set[str] = set()
    for index, entry in enumerate(entries):
        name = entry.get("name") if isinstance(entry, dict) else None
        if isinstance(name, str):
            if name in seen:
                door.refuse(f"/components/{index}/name", f"the name {shown(name)} stands twice")
            seen.add(name)
