"""The one intake for documents: every fault at once with its JSON Pointer, every default stated as an assumption."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from marshmallow import Schema, ValidationError, fields

from calculator.architecture import Account, Architecture, Component, Connection, Traffic
from calculator.document.defaults import complete
from calculator.document.faults import Intake, escape, shown
from calculator.document.fields import LINE, LINE_LENGTH, NAME, Choice, Day, Part, Quantity, Text, load
from calculator.document.numbers import with_numbers
from calculator.document.price_book_schema import read_price_book
from calculator.price_book import PriceBook
from calculator.traffic.derivable import Ways, derived_inputs
from pricing.catalogue.catalogue import ComponentType, component_type, component_types, free_tier_named, quotas_called
from pricing.catalogue.flow_file import IMAGE
from pricing.errors import InvalidDocument, NotFound

MONTH_HOURS = 730
LEAST_HOURS, MOST_HOURS = 1, 744
MAX_COMPONENTS = 1000
# An input that more types have is no hint at one of them.
FEW_TYPES = 3
# What is done where no price is known: the first by default.
UNPRICED = ("refuse", "list")
# Which free tiers hold: those of accounts of before CREDITS_FROM end with their first year, later ones have credits
# (https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/free-tier.html).
FREE_TIERS = ("none", "always", "12_months", "credits")
CREDITS_FROM, MONTHS_UNTIL = date(2025, 7, 15), date(2026, 7, 15)
CREDITS_USD = 200
REGION = r"^[a-z]{2}(-[a-z]+)+-[0-9]+$"


class DocumentSchema(Part):
    """A document but for its account and its components, which have schemas of their own."""

    name = Text(NAME, "1 to 100 printable characters")
    region = Text(re.compile(REGION), "an AWS region such as us-east-1", required=True)
    as_of = Day()
    month_hours = Quantity(LEAST_HOURS, MOST_HOURS)
    account = fields.Raw(allow_none=True)
    traffic = fields.Raw(allow_none=True)
    components = fields.Raw(allow_none=True, required=True, error_messages={"required": "missing"})
    connections = fields.Raw(allow_none=True)
    hidden_lines = fields.Raw(allow_none=True)
    unpriced = Choice(UNPRICED)


class AccountSchema(Part):
    """`account` of a document but for what is used of its free tiers."""

    free_tier = Choice(FREE_TIERS)
    already_used = fields.Raw(allow_none=True)
    price_book = fields.Raw(allow_none=True)
    quotas = fields.Raw(allow_none=True)


class ComponentSchema(Part):
    """What every component has."""

    name = Text(NAME, "1 to 100 printable characters", required=True)
    type = fields.Raw(allow_none=True)
    region = Text(re.compile(REGION), "an AWS region such as us-east-1")


@cache
def _schema_of(kind: type[Schema]) -> Schema:
    return kind()


@cache
def _field(type_name: str, name: str) -> fields.Field[Any]:
    """How an input is read. Types have many inputs and documents state few, so each is made when it is first stated."""
    known = component_type(type_name).inputs[name]
    if known.choices:
        return Choice(known.choices)
    if known.text:
        return Text(LINE, f"a line of 1 to {LINE_LENGTH} printable characters")
    return Quantity(known.at_least, known.at_most, allow_none=known.may_be_unset)


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
    intake = Intake(MONTH_HOURS)
    numbers = with_numbers(intake, document)
    known = load(intake, _schema_of(DocumentSchema), numbers, "")
    intake.region = known.get("region", "")
    intake.as_of = _as_of(intake, known, today)
    intake.month_hours = _month_hours(intake, known)
    account = _account(intake, known)
    entries = _entries(intake, known)
    written = len(entries)
    traffic, connections, entries = _traffic(intake, known, entries)
    components = _components(intake, entries, connections, traffic, written)
    _check_sources(intake, components, connections)
    if intake.faults:
        raise InvalidDocument(intake.sorted_faults(document))
    architecture = Architecture(
        known.get("name", "architecture"),
        intake.region,
        intake.as_of,
        intake.month_hours,
        account,
        components,
        tuple(intake.assumptions),
        prices,
        traffic,
        tuple(connections),
        document=document,
        unpriced=known.get("unpriced", UNPRICED[0]),
    )
    if not connections:
        return _with_runtimes(architecture)
    from calculator.document.plans import with_plans
    from calculator.traffic.settle import fill_inputs_from_traffic

    return fill_inputs_from_traffic(with_plans(architecture))


def _with_runtimes(architecture: Architecture) -> Architecture:
    if all(component.inputs.get("runtime", "none") == "none" for component in architecture.components):
        return architecture
    from calculator.traffic.cold_share import with_initialization

    return with_initialization(architecture)


def _traffic(
    intake: Intake, known: Mapping[str, Any], entries: Sequence[object]
) -> tuple[Traffic | None, Sequence[Connection], Sequence[object]]:
    """What comes from outside, which way it goes, and all components with those that nobody wrote down.

    Nothing is imported for a document that says none of it.
    """
    if not {"traffic", "connections", "hidden_lines"} & known.keys():
        return None, (), entries
    from calculator.document.buses import with_buses
    from calculator.document.chosen import with_choices
    from calculator.document.edge_events import with_edge_events
    from calculator.document.hidden_lines import add_hidden_lines, without_pollers
    from calculator.document.log_lines import with_log_sizes
    from calculator.document.traffic_schema import (
        ends_of_document,
        implied_ends,
        read_connections,
        read_hidden_lines,
        read_traffic,
    )
    from calculator.traffic.walk import MAX_PARTS

    traffic = read_traffic(intake, known["traffic"]) if "traffic" in known else None
    entries = with_buses(intake, [*entries, *implied_ends(known.get("connections"), entries)], known.get("connections"))
    ends = ends_of_document(entries, intake.region)
    connections = read_connections(intake, known.get("connections", []), ends, outside=traffic is not None)
    entries = with_choices(intake, entries, ends, connections)
    settings = read_hidden_lines(intake, known.get("hidden_lines", {}))
    if not connections:
        return traffic, (), entries
    connections = with_log_sizes(intake, ends, connections, settings)
    if not settings["pollers"]:
        connections = without_pollers(connections)
    entries = with_edge_events(intake, entries, ends, connections)
    added, ways = add_hidden_lines(ends, connections, settings, intake.region, intake.as_of)
    parts = len(entries) + len(connections) + len(added) + len(ways)
    if parts > MAX_PARTS:
        expected = f"expected at most {MAX_PARTS} components and connections, with the hidden lines that they cause"
        intake.add_fault("/connections", f"{expected}; these are {parts}")
        return traffic, connections, entries
    return traffic, [*connections, *ways], [*entries, *added]


def _as_of(intake: Intake, known: Mapping[str, Any], today: date | None) -> date:
    if "as_of" in known:
        return known["as_of"]  # type: ignore[no-any-return]
    day = today or date.today()  # noqa: DTZ011  the day where the user is
    intake.add_assumption("/as_of", day.isoformat(), "", "today's prices")
    return day


def _month_hours(intake: Intake, known: Mapping[str, Any]) -> float:
    if "month_hours" not in known:
        intake.add_assumption("/month_hours", MONTH_HOURS, "hour/month", "AWS's mean month")
    return known.get("month_hours", MONTH_HOURS)  # type: ignore[no-any-return]


def _account(intake: Intake, known: Mapping[str, Any]) -> Account:
    account = load(intake, _schema_of(AccountSchema), known.get("account", {}), "/account")
    if "free_tier" not in account:
        intake.add_assumption("/account/free_tier", "always", "", "what every account has")
    _check_free_tier(intake, account.get("free_tier", ""))
    used = _quantities(intake, account, "already_used", free_tier_named)
    quotas = _quantities(intake, account, "quotas", quotas_called)
    book = PriceBook()
    if "price_book" in account:
        book = read_price_book(intake, account["price_book"], "/account/price_book")
    return Account(account.get("free_tier", "always"), used, book, quotas)


def _check_free_tier(intake: Intake, stated: str) -> None:
    """Refuse a free tier that no account has on the day of the bill, and say that credits are not taken off."""
    pointer, day = "/account/free_tier", intake.as_of
    if stated == "12_months" and day >= MONTHS_UNTIL:
        told = f"no account has the free tier of the first 12 months on {day}: accounts created from {CREDITS_FROM} on"
        intake.add_fault(pointer, f'{told} have credits instead, and for older ones it has ended; expected "always"')
    if stated == "credits":
        if day < CREDITS_FROM:
            intake.add_fault(
                pointer, f"no account has credits on {day}: those created from {CREDITS_FROM} on have them"
            )
        why = "up to so much, once, for the first months of an account (six on the free plan); not taken off the total"
        intake.add_taken(pointer, CREDITS_USD, "USD", why)


def _quantities(
    intake: Intake, account: Mapping[str, Any], key: str, known: Callable[[str], object]
) -> dict[str, Decimal]:
    """The quantities of an object of the account, each under a name that `known` knows."""
    stated = account.get(key, {})
    if not isinstance(stated, dict):
        intake.add_fault(f"/account/{key}", f"expected an object of quantities, not {shown(stated)}")
        return {}
    quantities = {}
    for name, quantity in stated.items():
        try:
            known(str(name))
            quantities[str(name)] = Decimal(repr(Quantity().deserialize(quantity)))
        except (NotFound, ValidationError) as error:
            detail = error.messages[0] if isinstance(error, ValidationError) else str(error)
            intake.add_fault(f"/account/{key}/{escape(name)}", str(detail))
    return quantities


def _entries(intake: Intake, known: Mapping[str, Any]) -> Sequence[object]:
    entries: Sequence[object] = known.get("components", ())
    if "components" in known and (not isinstance(entries, list | tuple) or not 1 <= len(entries) <= MAX_COMPONENTS):
        found = f"{len(entries)}" if isinstance(entries, list | tuple) else shown(entries)
        intake.add_fault("/components", f"expected a list of 1 to {MAX_COMPONENTS} components, not {found}")
        return ()
    _refuse_twins(intake, entries)
    return entries


def _components(
    intake: Intake, entries: Sequence[object], connections: Sequence[Connection], traffic: Traffic | None, written: int
) -> tuple[Component, ...]:
    """The components; those behind the `written` ones have been added as hidden lines."""
    types = [entry["type"] if isinstance(entry, dict) and "type" in entry else "" for entry in entries]
    # Of connections that cannot be read nobody knows what they fill.
    lost = any(fault.pointer.startswith("/connections") for fault in intake.faults)
    sources = {connection.source for connection in connections if not connection.fills}
    arriving: dict[int, list[Connection]] = {}
    for connection in connections:
        arriving.setdefault(connection.target, []).append(connection)
    ways, components = Ways(types, arriving, traffic, {}), []
    for index, entry in enumerate(entries):
        if index >= written and intake.faults:
            break  # what nobody wrote is at no fault
        kind = _kind(intake, f"/components/{index}", entry)
        if kind is not None and isinstance(entry, dict):
            said = {name for name, value in entry.items() if value is not None}
            sends = index in sources
            derived = derived_inputs(index, ways, said, sends=sends) if sends or index in arriving else frozenset()
            if lost:
                derived |= kind.flow.takes.keys() - said
            pointer = f"/components/{index}" if index < written else f"/hidden_lines/{entry['name']}"
            made = _component(intake, pointer, kind, entry, derived)
            components.append(replace(made, hidden=True) if index >= written else made)
    return tuple(components)


def _check_sources(intake: Intake, components: Sequence[Component], connections: Sequence[Connection]) -> None:
    """What leaves a component must be known: its inputs may say it in other words, or not at all."""
    if intake.faults:
        return
    for number, connection in enumerate(connections):
        if connection.source is not None:
            source = components[connection.source]
            flow = component_type(source.type).flow
            moves = not connection.inputs["control"] and not _brings_its_own(connection)
            if source.inputs.get(flow.left(source.inputs)) is None and moves:
                told = f"{source.name} has no {flow.leaves}, so nothing is known to leave it"
                intake.add_fault(f"/connections/{number}/from", told)


def _brings_its_own(connection: Connection) -> bool:
    """Whether a connection carries something else than what leaves its source: bytes of another, or images."""
    return bool(connection.follows) or connection.payload_input == IMAGE


def _kind(intake: Intake, pointer: str, stated: object) -> ComponentType | None:
    if not isinstance(stated, dict):
        intake.add_fault(pointer, f"expected an object, not {shown(stated)}")
        return None
    if stated.get("type") not in component_types():
        _refuse_untyped(intake, pointer, stated)
        return None
    return component_type(stated["type"])


def _component(
    intake: Intake, pointer: str, kind: ComponentType, stated: Mapping[str, object], derived: frozenset[str]
) -> Component:
    valid = _valid(intake, pointer, kind, stated)
    inputs, mean_rates = complete(intake, pointer, kind, stated, valid, derived)
    matters = derived & inputs.keys()
    return Component(valid.get("name", ""), kind.name, valid.get("region", intake.region), inputs, mean_rates, matters)


def _valid(intake: Intake, pointer: str, kind: ComponentType, stated: Mapping[str, object]) -> dict[str, Any]:
    """What is valid of a component: of what every component has, and of its inputs."""
    common = _schema_of(ComponentSchema)
    valid = load(intake, common, {key: stated[key] for key in stated if key in common.fields}, pointer)
    for key in stated.keys() - common.fields.keys():
        if key not in kind.inputs:
            expected = ", ".join([*common.fields, *kind.inputs])
            intake.add_fault(f"{pointer}/{escape(key)}", f"unknown key{_had_by(key)}; expected {expected}")
            continue
        try:
            valid[key] = _field(kind.name, key).deserialize(stated[key])
        except ValidationError as error:
            intake.add_fault(f"{pointer}/{key}", str(error.messages[0]))
    return valid


def _had_by(key: str) -> str:
    """Which other types have such an input, where it is a few: a hint for whoever takes one service for another."""
    names = [name for name in component_types() if key in component_type(name).inputs]
    return (
        f", which {' and '.join(names)} {'has' if len(names) == 1 else 'have'}" if 0 < len(names) <= FEW_TYPES else ""
    )


def _refuse_untyped(intake: Intake, pointer: str, stated: Mapping[str, object]) -> None:
    """Without a type nothing is known of a component but what every component has."""
    common = _schema_of(ComponentSchema)
    load(intake, common, {key: stated[key] for key in stated if key in common.fields}, pointer)
    found = f"not {shown(stated['type'])}" if "type" in stated else "but it is missing"
    intake.add_fault(f"{pointer}/type", f"expected one of {', '.join(component_types())}, {found}")


def _refuse_twins(intake: Intake, entries: Sequence[object]) -> None:
    seen: set[str] = set()
    for index, entry in enumerate(entries):
        name = entry.get("name") if isinstance(entry, dict) else None
        if isinstance(name, str):
            if name in seen:
                intake.add_fault(f"/components/{index}/name", f"the name {shown(name)} stands twice")
            seen.add(name)
