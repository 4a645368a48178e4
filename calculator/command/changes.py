"""The command `stackmeter changes`: what another day's prices change in a bill, and which rate did it."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import click

from calculator.answer.price_age import RateUsed
from calculator.answer.price_changes import Change, Changes
from calculator.answer.price_changes import changes as compare
from calculator.command.tables import aligned
from calculator.command.terminal import read_architecture, tell, with_prices
from pricing.formula.words import money, quantity

HEADER = ("COMPONENT", "METER", "REGION", "BEFORE", "AFTER", "DIFFERENCE")
DAY = click.DateTime(["%Y-%m-%d"])


@click.command("changes")
@click.argument("file", type=click.File("rb"))
@click.option("--before", type=DAY, required=True, metavar="DAY", help="The day of the one bill: 2024-10-15.")
@click.option("--after", type=DAY, required=True, metavar="DAY", help="The day of the other bill.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@with_prices
def changes(file: BinaryIO, before: datetime, after: datetime, form: str, prices: Path | None) -> None:
    """What another day's prices change in a bill.

    Which line items of the architecture in FILE cost more or less, and which rate did it.
    """
    architecture = read_architecture(file, prices)
    found = compare(architecture, before.date(), after.date())
    tell(json.dumps(asdict(found), indent=2) if form == "json" else _table(architecture.name, found))


def _table(name: str, found: Changes) -> str:
    days = f"prices as of {found.as_of_before} and {found.as_of_after}"
    head = f"{name}: {money(found.before)} and {money(found.after)} a month, {_signed(found.difference)} ({days})"
    if not found.lines:
        return f"{head}\n\nNo line changed."
    rows: list[Sequence[str]] = [HEADER]
    for line in found.lines:
        costs = (money(line.before), money(line.after), _signed(line.difference))
        rows.append((line.component, line.meter, line.region, *costs))
    told = (text for line in found.lines for text in _rates(line, found))
    return "\n".join([head, "", aligned(rows, right=[3, 4, 5]), "", "The rates:", *told])


def _rates(line: Change, found: Changes) -> Iterable[str]:
    yield f"  {line.component}, {line.title} ({line.meter} in {line.region})"
    yield f"    {found.as_of_before}: {_rate(line.rate_before, line.prices_before)}"
    yield f"    {found.as_of_after}: {_rate(line.rate_after, line.prices_after)}"


def _rate(rate: RateUsed | None, prices: Sequence[float]) -> str:
    if rate is None:
        return "no such line"
    tiers = ", ".join(f"${quantity(price)}" for price in prices) or "nothing billable"
    seen = f"derived from {rate.effective}" if rate.derived else f"seen from {rate.effective} to {rate.checked}"
    return f"{tiers}, {seen}: {rate.source}"


def _signed(amount: float) -> str:
    return f"{'-' if amount < 0 else '+'}{money(abs(amount))}"
