"""The command `stackmeter`: estimates and explanations in a terminal or a pipe; what else it can is imported late."""

import csv
import io
import json
import sys
from collections.abc import Callable
from dataclasses import asdict, fields
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO

import click

from calculator.answer.estimate import Estimate, LineItem, estimate
from calculator.command.tables import estimate_tables
from calculator.command.terminal import read_architecture, tell, with_prices
from pricing.errors import InvalidDocument, RateNotFound, StackmeterError

# The commands that stand in modules of their own: one estimate must start fast, so it imports none of them.
LATER = {
    "changes": "changes",
    "check": "check",
    "connections": "connections",
    "coverage": "catalogue",
    "meters": "catalogue",
    "prices": "prices",
    "regions": "catalogue",
    "types": "catalogue",
}
# A text cell that starts like a formula would be run by a spreadsheet program; some read the wide forms too.
FORMULA_STARTS = tuple("=+-@\t\r\uff1d\uff0b\uff0d\uff20")


# What is told of the rate of a line in CSV, and what where there is none.
RATE_COLUMNS = ("effective", "checked", "source", "link", "old", "derived", "unverified")
NO_RATE = ("", "", "no price is known", "", "", "", "")


class _Commands(click.Group):
    """Whatever cannot be computed ends with exit code 2 and every fault on a line of its own."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except (InvalidDocument, RateNotFound) as error:
            told = [str(fault).replace("\n", "\\n") for fault in error.faults]
        except StackmeterError as error:
            told = [str(error)]
        for line in told:
            tell(line, err=True)
        sys.exit(2)

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted({*super().list_commands(context), *LATER})

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in LATER:
            return super().get_command(context, name)
        command: click.Command = getattr(import_module(f"calculator.command.{LATER[name]}"), name)
        return command


@click.group("stackmeter", cls=_Commands)
@click.version_option(package_name="stackmeter")
def main() -> None:
    """What a serverless architecture on AWS costs and where it breaks."""


@main.command("estimate")
@click.argument("file", type=click.File("rb"))
@click.option("--format", "form", type=click.Choice(["table", "json", "csv"]), default="table", show_default=True)
@click.option("--partial", is_flag=True, help="Price what has a price, and name the rest.")
@click.option("--fail-on", type=click.Choice(["violation"]), help="End with exit code 1 if a limit is violated.")
@with_prices
def estimate_command(file: BinaryIO, form: str, fail_on: str | None, prices: Path | None, *, partial: bool) -> None:
    """The bill and the violated limits of the architecture in FILE (JSON or YAML; - for standard input)."""
    result = estimate(read_architecture(file, prices, partial=partial))
    writers: dict[str, Callable[[Estimate], str]] = {"table": estimate_tables, "json": _as_json, "csv": _as_csv}
    tell(writers[form](result))
    if fail_on and result.violations:
        sys.exit(1)


@main.command("explain")
@click.argument("file", type=click.File("rb"))
@click.argument("component")
@with_prices
def explain_command(file: BinaryIO, component: str, prices: Path | None) -> None:
    """Each line of COMPONENT's bill in FILE as the sum that a person can check."""
    from calculator.bill.explanation import explain

    tell(explain(read_architecture(file, prices), component))


def _as_json(result: Estimate) -> str:
    return json.dumps(asdict(result), indent=2)


def _as_csv(result: Estimate) -> str:
    out = io.StringIO()
    columns = [field.name for field in fields(LineItem) if field.name not in ("tiers", "rate")]
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*columns, *RATE_COLUMNS])
    for line in result.line_items:
        cells = [getattr(line, column) for column in columns]
        rate = [getattr(line.rate, column) for column in RATE_COLUMNS]
        writer.writerow([_cell(cell) for cell in (*cells, *rate)])
    for one in result.unpriced:
        known = {"component": one.component, "region": one.region, "meter": one.meter}
        writer.writerow([*(_cell(known.get(column, "")) for column in columns), *NO_RATE])
    return out.getvalue().rstrip("\n")


def _cell(cell: str | float) -> str | float:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell


if __name__ == "__main__":
    main()
