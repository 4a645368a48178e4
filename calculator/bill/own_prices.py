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
    percentages the most specific counts; commitments cover what then remains, in their order.
    """
    own = [line._replace(cost=_own_cost(line, book, reading)) for line in lines]
    committed: list[Committed] = []
    for commitment in book.commitments:
        own, paid = _cover(own, commitment, reading, month_hours)
        committed.append(paid)
    return own, tuple(committed)


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


def _own_cost(line: Line, book: PriceBook, reading: Reading) -> Number:
    pool, cost = line.pool, line.list_cost
    meter = pool.meter.full_name
    if meter in book.rates:
        price = reading(book.rates[meter], "price book", f"USD/{pool.meter.unit.replace('-', '/')}")
        cost = line.usage * ratio(pool.billable, pool.usage) * price
    discount = discount_on(meter, book)
    if discount is None:
        return cost
    return cost * reading((100 - discount.percent) / 100, "price book", "share")


def _cover(
    lines: list[Line], commitment: Commitment, reading: Reading, month_hours: Number
) -> tuple[list[Line], Committed]:
    """A commitment pays for what it covers, at its lower price; the lines that it covers pay the rest, pro rata."""
    hourly = reading(commitment.usd_per_hour, "commitment", "USD/hour")
    paid = hourly * month_hours
    eligible = [covers(commitment.on, line.pool.meter.full_name) for line in lines]
    due = total(line.cost for line, covered in zip(lines, eligible, strict=True) if covered)
    worth = paid / reading((100 - commitment.percent) / 100, "commitment", "share")
    rest = ratio(due - minimum(due, worth), due)
    remaining = [
        line._replace(cost=line.cost * rest) if covered else line for line, covered in zip(lines, eligible, strict=True)
    ]
    return remaining, Committed(commitment, month_hours, paid)
