"""The command `stackmeter`: estimates, explanations and component types in a terminal or a pipe."""

import csv
import io
import json
import sys
from collections.abc import Callable
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any, BinaryIO, Literal

import click

from calculator.architecture import Architecture
from calculator.estimate import Estimate, LineItem, estimate
from calculator.explain import explain
from calculator.schema import parse
from calculator.tables import aligned, estimate_tables
from calculator.text import read_document
from pricing.catalogue import component_type, component_types
from pricing.errors import Fault, InvalidDocument, NotFound, RateNotFound, StackmeterError

if TYPE_CHECKING:
    from pricing.catalogue import ComponentType

# A text cell that starts like a formula would be run by a spreadsheet program.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class _Refusals(click.Group):
    """Whatever cannot be computed ends with exit code 2 and every fault on a line of its own."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except (InvalidDocument, RateNotFound) as error:
            _refuse(error.faults)
        except StackmeterError as error:
            _refuse([Fault("", str(error))])


@click.group(cls=_Refusals)
@click.version_option(package_name="stackmeter")
def main() -> None:
    """What a serverless architecture on AWS costs and where it breaks."""


@main.command("estimate")
@click.argument("file", type=click.File("rb"))
@click.option("--format", "form", type=click.Choice(["table", "json", "csv"]), default="table", show_default=True)
@click.option("--fail-on", type=click.Choice(["violation"]), help="End with exit code 1 if a limit is violated.")
def estimate_command(file: BinaryIO, form: str, fail_on: str | None) -> None:
    """The bill and the violated limits of the architecture in FILE (JSON or YAML; - for standard input)."""
    result = estimate(_read(file))
    writers: dict[str, Callable[[Estimate], str]] = {"table": estimate_tables, "json": _as_json, "csv": _as_csv}
    click.echo(writers[form](result))
    if fail_on and result.violations:
        sys.exit(1)


@main.command("explain")
@click.argument("file", type=click.File("rb"))
@click.argument("component")
def explain_command(file: BinaryIO, component: str) -> None:
    """Each line of COMPONENT's bill in FILE as the sum that a person can check."""
    click.echo(explain(_read(file), component))


@main.command("types")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
def types_command(form: str) -> None:
    """The component types with their inputs."""
    known = [component_type(name) for name in component_types()]
    if form == "json":
        click.echo(json.dumps([_type_record(kind) for kind in known], indent=2))
        return
    for kind in known:
        rows = [(f"  {one.name}", one.unit, _default(one.default, one.mean_rate_of), one.about) for one in kind.inputs.values()]
        click.echo(f"{kind.name}: {kind.title}\n{aligned(rows)}\n")


def _read(file: BinaryIO) -> Architecture:
    text = file.read()
    form: Literal["json", "yaml"] = "json" if text.lstrip()[:1] in (b"{", b"[") else "yaml"
    return parse(read_document(text, format=form))


def _refuse(faults: Any) -> None:
    for fault in faults:
        click.echo(str(fault), err=True)
    sys.exit(2)


def _as_json(result: Estimate) -> str:
    return json.dumps(asdict(result), indent=2)


def _as_csv(result: Estimate) -> str:
    out = io.StringIO()
    columns = [field.name for field in fields(LineItem) if field.name not in ("tiers", "rate")]
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*columns, "effective", "checked", "source"])
    for item in result.line_items:
        cells = [getattr(item, column) for column in columns]
        writer.writerow([_cell(cell) for cell in (*cells, item.rate.effective, item.rate.checked, item.rate.source)])
    return out.getvalue().rstrip("\n")


def _cell(cell: str | float) -> str | float:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS) else cell


def _default(default: object, mean_rate_of: str | None) -> str:
    if mean_rate_of:
        return f"[{mean_rate_of} / month]"
    return "required" if default is None else f"[{str(default).lower() if isinstance(default, bool) else default}]"


def _type_record(kind: "ComponentType") -> dict[str, Any]:
    inputs = [asdict(one) | {"required": one.required} for one in kind.inputs.values()]
    return {"name": kind.name, "title": kind.title, "about": kind.about, "inputs": inputs}


if __name__ == "__main__":
    main()
