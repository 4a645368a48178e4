"""What an offer file charges for a product, and how its ranges become tiers that count from the first billable unit."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, Inexact, localcontext
from itertools import pairwise
from typing import NamedTuple

from pricing.errors import ImportFailed
from pricing.imports.offer_file import PLAIN, Faults
from pricing.imports.published import FREE_FIRST_TIER, Shown, number, without_free_tier
from pricing.prices.pricelist import Tier


class Charge(NamedTuple):
    """One range of a price: from `begin` to `end` (None: no end) a `unit` costs `price` under a term. [USD]"""

    term: str
    effective: date
    begin: Decimal
    end: Decimal | None
    price: Decimal
    unit: str
    rate_code: str


def read_charge(fields: Mapping[str, str], place: str, faults: Faults) -> Charge | None:
    """The charge in a row or a price of a term; None, and every fault kept, where a value is not what it must be.

    >>> row = {"term": "JRTCKXETXF", "effective": "2026-08-01", "begin": "0", "end": "Inf", "price": "4e-7"}
    >>> charge = read_charge(row | {"unit": "Requests", "rate code": "A.JRTCKXETXF.B"}, "line 7", Faults("index.csv"))
    >>> charge.end, f"{charge.price:f}"
    (None, '0.0000004')
    """
    before = len(faults.found)
    begin, price = (_number(fields, key, place, faults) for key in ("begin", "price"))
    end = None if fields["end"] == "Inf" else _number(fields, "end", place, faults)
    effective = _day(fields["effective"], place, faults)
    for key in ("term", "rate code"):
        if not PLAIN.fullmatch(fields[key]):
            faults.add(place, f"{key}: expected a code, not {fields[key]!r}")
    if end is not None and len(faults.found) == before and end <= begin:
        faults.add(place, f"expected a range that ends after {begin:f}, not at {end:f}")
    if len(faults.found) > before:
        return None
    return Charge(fields["term"], effective, begin, end, price, fields["unit"], fields["rate code"])


def _number(fields: Mapping[str, str], key: str, place: str, faults: Faults) -> Decimal:
    try:
        return number(fields[key])
    except ImportFailed as error:
        faults.add(place, f"{key}: {error}")
        return Decimal(0)


def _day(text: str, place: str, faults: Faults) -> date:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        faults.add(place, f"effective date: expected a day such as 2026-08-01, not {text!r}")
        return date.min


def in_force(charges: Iterable[Charge], day: date, place: str, faults: Faults) -> list[Charge]:
    """The charges of the newest term that is effective by a day; none where all begin later."""
    effective = max((charge.effective for charge in charges if charge.effective <= day), default=None)
    found = [charge for charge in charges if charge.effective == effective]
    terms = sorted({charge.term for charge in found})
    if len(terms) > 1:
        faults.add(place, f"expected one term effective {effective}, found {', '.join(terms)}")
        return []
    return found


def tiers_of(charges: Iterable[Charge], per: int, place: str, faults: Faults) -> tuple[tuple[Tier, ...], Decimal]:
    """The tiers of a product for single units, and the free units before them; no tiers, and faults, if ranges misfit.

    A first range of $0 before others is a free tier: it is taken out, and the others count from its end. `per` is how
    many units one of AWS's units is.
    """
    ordered = sorted(charges, key=lambda charge: charge.begin)
    before = len(faults.found)
    if ordered[0].begin != 0:
        faults.add(place, f"expected tiers that begin at 0, not at {ordered[0].begin:f}")
    for one, two in pairwise(ordered):
        if one.end != two.begin:
            faults.add(place, f"expected a tier from {_end(one)}, where the one before it ends, not from {two.begin:f}")
    if ordered[-1].end is not None:
        faults.add(place, f"expected a last tier without end (Inf), not to {_end(ordered[-1])}")
    tiers = tuple(_tier(charge, per, place, faults) for charge in ordered)
    if len(faults.found) > before:
        return (), Decimal(0)
    note = FREE_FIRST_TIER if len(tiers) > 1 else ""
    paid = without_free_tier(Shown("", "", ordered[0].effective, ordered[0].unit, note, tiers)).tiers
    return paid, tiers[len(tiers) - len(paid)].above


def _end(charge: Charge) -> str:
    return "Inf" if charge.end is None else f"{charge.end:f}"


def _tier(charge: Charge, per: int, place: str, faults: Faults) -> Tier:
    with localcontext(prec=60) as context:
        context.traps[Inexact] = True
        try:
            price = charge.price / per
        except Inexact:
            faults.add(place, f"price: {charge.price:f} cannot be written as a price for one of {per}")
            price = charge.price
        return Tier((charge.begin * per).normalize(), price.normalize(), charge.rate_code)
