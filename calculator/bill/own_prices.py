"""A bill at list price becomes the account's own: what its price book takes off, line by line."""

from collections.abc import Iterable
from typing import NamedTuple

from calculator.bill.line import Line
from calculator.price_book import EVERYTHING, Commitment, Discount, PriceBook
from pricing.formula.language import Number, minimum, ratio, total
from pricing.formula.reading import Reading


class Committed(NamedTuple):
    """A commitment as a line of the bill: what it costs in the month. [USD]"""

    commitment: Commitment
    hours: Number
    cost: Number


def discounted(
    lines: Iterable[Line], book: PriceBook, reading: Reading, month_hours: Number
) -> tuple[list[Line], tuple[Committed, ...]]:
    """The lines at the account's own prices, and its commitments; `list_cost` keeps the list price of each line.

    The rule runs on every kind of number. An absolute rate replaces a meter's tiers, after the free tier; of several
    percentages the most specific counts; commitments cover what then remains, in their order. Percentages and what
    commitments leave to pay are the same for all lines of a meter, so each is worked out once for all of them.
    """
    own, due = [], dict[str, list[Number]]()
    factors: dict[str, Number | None] = {}
    for line in lines:
        meter = line.pool.meter.full_name
        if meter not in factors:
            factors[meter] = _percentage(meter, book, reading)
        factor, cost = factors[meter], _rated(line, book, reading)
        own.append(line._replace(cost=cost if factor is None else cost * factor))
        due.setdefault(meter, []).append(own[-1].cost)
    if not book.commitments:
        return own, ()
    owed = {meter: total(costs) for meter, costs in due.items()}
    rests, committed = _commit(owed, book.commitments, reading, month_hours)
    rest_of = (rests.get(line.pool.meter.full_name) for line in own)
    left = [
        line if rest is None else line._replace(cost=line.cost * rest) for line, rest in zip(own, rest_of, strict=True)
    ]
    return left, committed


def discount_on(meter: str, book: PriceBook) -> Discount | None:
    """The most specific percentage off a meter.

    >>> from decimal import Decimal
    >>> book = PriceBook((Discount("*", Decimal(5)), Discount("sqs_queue", Decimal(10))))
    >>> discount_on("sqs_queue.requests", book).percent
    Decimal('10')
    """
    matching = [discount for discount in book.discounts if covers(discount.on, meter)]
    return max(matching, key=lambda discount: (discount.on != EVERYTHING, len(discount.on)), default=None)


def covers(on: str, meter: str) -> bool:
    """Whether "*", a component type or a meter's full name means this meter.

    >>> covers("sqs_queue", "sqs_queue.requests"), covers("sqs_queue.requests", "sqs_queue.fifo_requests")
    (True, False)
    """
    return on in (EVERYTHING, meter, meter.partition(".")[0])


def _rated(line: Line, book: PriceBook, reading: Reading) -> Number:
    """What a line costs at list price or at the account's absolute rate."""
    pool = line.pool
    if pool.meter.full_name not in book.rates:
        return line.list_cost
    price = reading(book.rates[pool.meter.full_name], "price book", f"USD/{pool.meter.unit.replace('-', '/')}")
    return line.usage * ratio(pool.billable, pool.usage) * price


def _percentage(meter: str, book: PriceBook, reading: Reading) -> Number | None:
    """What is left to pay of a meter's price after its discount; None: it has none."""
    discount = discount_on(meter, book)
    return None if discount is None else reading((100 - discount.percent) / 100, "price book", "share")


def _commit(
    owed: dict[str, Number], commitments: Iterable[Commitment], reading: Reading, month_hours: Number
) -> tuple[dict[str, Number], tuple[Committed, ...]]:
    """What is left to pay of each meter that commitments cover, as a share; and what they cost themselves.

    A commitment pays for what it covers, at its lower price; what it covers pays the rest, pro rata.
    """
    meters: dict[str, list[str]] = {}
    for meter in owed:
        for on in (EVERYTHING, meter.partition(".")[0], meter):
            meters.setdefault(on, []).append(meter)
    rests: dict[str, Number] = {}
    committed = []
    for commitment in commitments:
        paid = reading(commitment.usd_per_hour, "commitment", "USD/hour") * month_hours
        committed.append(Committed(commitment, month_hours, paid))
        covered = meters.get(commitment.on, ())
        due = total(owed[meter] for meter in covered)
        worth = paid / reading((100 - commitment.percent) / 100, "commitment", "share")
        rest = ratio(due - minimum(due, worth), due)
        for meter in covered:
            owed[meter] = owed[meter] * rest
            rests[meter] = rests[meter] * rest if meter in rests else rest
    return rests, tuple(committed)
