"""The intake of `account.price_book`: every fault at once, as of the rest of the document."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any, TypeVar

from marshmallow import Schema

from calculator.document.faults import Intake, escape, shown
from calculator.document.fields import LINE, Part, Quantity, Text, load
from calculator.price_book import EVERYTHING, Commitment, Discount, PriceBook
from pricing.catalogue.catalogue import component_types, meter_named
from pricing.errors import NotFound

MAX_ENTRIES = 1000
# A commitment with all of the price off would be worth without end. [%]
MOST_OFF, MOST_COMMITTED_OFF = 100, 99

_MADE = TypeVar("_MADE")


class _DiscountSchema(Part):
    on = Text(LINE, "a component type, a meter or *", required=True)
    percent = Quantity(0, MOST_OFF, required=True)
    note = Text(LINE, "a line of text")


class _RateSchema(Part):
    meter = Text(LINE, "a meter such as sqs_queue.requests", required=True)
    usd = Quantity(required=True)


class _CommitmentSchema(Part):
    on = Text(LINE, "a component type, a meter or *", required=True)
    usd_per_hour = Quantity(required=True)
    percent = Quantity(0, MOST_COMMITTED_OFF, required=True)
    note = Text(LINE, "a line of text")


SECTIONS = ("discounts", "rates", "commitments")


def read_price_book(intake: Intake, stated: object, pointer: str) -> PriceBook:
    """The price book that a document states; the intake learns what is wrong in it."""
    if not isinstance(stated, dict):
        intake.add_fault(pointer, f"expected an object, not {shown(stated)}")
        return PriceBook()
    for key in stated.keys() - set(SECTIONS):
        intake.add_fault(f"{pointer}/{escape(key)}", f"unknown key; expected {', '.join(SECTIONS)}")
    discounts = _entries(intake, _DiscountSchema(), stated, f"{pointer}/discounts", _discount)
    commitments = _entries(intake, _CommitmentSchema(), stated, f"{pointer}/commitments", _commitment)
    rates = _entries(intake, _RateSchema(), stated, f"{pointer}/rates", _rate)
    _refuse_twins(intake, stated.get("rates"), f"{pointer}/rates")
    return PriceBook(tuple(discounts), dict(rates), tuple(commitments))


def _refuse_twins(intake: Intake, rates: object, pointer: str) -> None:
    """A meter has one absolute rate."""
    seen: set[str] = set()
    for index, rate in enumerate(rates if isinstance(rates, list) else ()):
        meter = rate.get("meter") if isinstance(rate, dict) else None
        if isinstance(meter, str):
            if meter in seen:
                intake.add_fault(f"{pointer}/{index}/meter", f"the meter {shown(meter)} stands twice")
            seen.add(meter)


def _entries(
    intake: Intake, schema: Schema, book: Mapping[str, object], pointer: str, make: Callable[[dict[str, Any]], _MADE]
) -> list[_MADE]:
    entries = book.get(pointer.rpartition("/")[2], [])
    if not isinstance(entries, list) or len(entries) > MAX_ENTRIES:
        intake.add_fault(pointer, f"expected a list of at most {MAX_ENTRIES} entries, not {shown(entries)}")
        return []
    made = []
    for index, entry in enumerate(entries):
        before = len(intake.faults)
        valid = load(intake, schema, entry, f"{pointer}/{index}")
        for key, detail in _unknown_names(valid):
            intake.add_fault(f"{pointer}/{index}/{key}", detail)
        if len(intake.faults) == before:
            made.append(make(valid))
    return made


def _unknown_names(valid: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    on = valid.get("on", EVERYTHING)
    if on != EVERYTHING and on not in component_types():
        yield from _unknown_meter("on", on)
    if "meter" in valid:
        yield from _unknown_meter("meter", valid["meter"])


def _unknown_meter(key: str, name: str) -> Iterator[tuple[str, str]]:
    try:
        meter_named(name)
    except NotFound as error:
        yield key, str(error)


def _discount(valid: dict[str, Any]) -> Discount:
    return Discount(valid["on"], _exact(valid["percent"]), valid.get("note", ""))


def _commitment(valid: dict[str, Any]) -> Commitment:
    return Commitment(valid["on"], _exact(valid["usd_per_hour"]), _exact(valid["percent"]), valid.get("note", ""))


def _rate(valid: dict[str, Any]) -> tuple[str, Decimal]:
    return valid["meter"], _exact(valid["usd"])


def _exact(number: float) -> Decimal:
    return Decimal(repr(number))
