"""The command `stackmeter`: estimates, explanations and component types in a terminal or a pipe."""

import csv
import io
import json
import re
import sys
from collections.abc import Callable
from dataclasses import asdict, fields
from typing import Any, BinaryIO, Literal

import click

from calculator.architecture import Architecture
from calculator.estimate import Estimate, LineItem, estimate
from calculator.schema import parse
from calculator.tables import aligned, estimate_tables
from calculator.text import read_document
from pricing.catalogue import ComponentType, Input, component_type, component_types
from pricing.errors import InvalidDocument, RateNotFound, StackmeterError

# A text cell that starts like a formula would be run by a spreadsheet program; some read the wide forms too.
FORMULA_STARTS = tuple("=+-@\t\r\uff1d\uff0b\uff0d\uff20")
# What would move the cursor or recolour a terminal, from a document of somebody else.
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f]")


class _Refusals(click.Group):
    """Whatever cannot be computed ends with exit code 2 and every fault on a line of its own."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except (InvalidDocument, RateNotFound) as error:
            told = [str(fault).replace("\n", "\\n") for fault in error.faults]
        except StackmeterError as error:
            told = [str(error)]
        for line in told:
            _tell(line, err=True)
        sys.exit(2)


@click.group("stackmeter", cls=_Refusals)
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
    _tell(writers[form](result))
    if fail_on and result.violations:
        sys.exit(1)


@main.command("explain")
@click.argument("file", type=click.File("rb"))
@click.argument("component")
def explain_command(file: BinaryIO, component: str) -> None:
    """Each line of COMPONENT's bill in FILE as the sum that a person can check."""
    from calculator.explanation import explain

    _tell(explain(_read(file), component))


@main.command("types")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
def types_command(form: str) -> None:
    """The component types with their inputs."""
    known = [component_type(name) for name in component_types()]
    if form == "json":
        _tell(json.dumps([_type_record(kind) for kind in known], indent=2))
    else:
        _tell("\n\n".join(map(_type_table, known)))


def _tell(text: str, *, err: bool = False) -> None:
    """Write text without control characters; what the terminal's encoding lacks is written as its escape."""
    plain = _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", text)
    encoding = getattr(sys.stderr if err else sys.stdout, "encoding", None) or "utf-8"
    click.echo(plain.encode(encoding, "backslashreplace").decode(encoding), err=err)


def _read(file: BinaryIO) -> Architecture:
    text = file.read()
    return parse(read_document(text, format=_format_of(getattr(file, "name", ""), text)))


def _format_of(name: object, text: bytes) -> Literal["json", "yaml"]:
    """The format that a file's name says; else JSON is what starts as an object or a list."""
    if str(name).lower().endswith((".yaml", ".yml")):
        return "yaml"
    return "json" if text.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[") else "yaml"


def _as_json(result: Estimate) -> str:
    return json.dumps(asdict(result), indent=2)


def _as_csv(result: Estimate) -> str:
    out = io.StringIO()
    columns = [field.name for field in fields(LineItem) if field.name not in ("tiers", "rate")]
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*columns, "effective", "checked", "source"])
    for line in result.line_items:
        cells = [getattr(line, column) for column in columns]
        writer.writerow([_cell(cell) for cell in (*cells, line.rate.effective, line.rate.checked, line.rate.source)])
    return out.getvalue().rstrip("\n")


def _cell(cell: str | float) -> str | float:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell


def _type_table(kind: ComponentType) -> str:
    rows = [(f"  {known.name}", _values(known), _default(known), known.about) for known in kind.inputs.values()]
    return f"{kind.name}: {kind.title}\n{aligned(rows)}"


def _values(known: Input) -> str:
    return "|".join(map(_shown, known.choices)) or known.unit


def _default(known: Input) -> str:
    if known.mean_rate_of:
        return f"[{known.mean_rate_of} / month]"
    if known.required:
        return "required if " + _condition(known) if known.when else "required"
    return f"[{_shown(known.default)}]"


def _condition(known: Input) -> str:
    return " and ".join(f"{name} = {'|'.join(map(_shown, values))}" for name, values in known.when.items())


def _shown(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _type_record(kind: ComponentType) -> dict[str, Any]:
    inputs = [
        known._asdict() | {"when": dict(known.when), "required": known.required} for known in kind.inputs.values()
    ]
    return {"name": kind.name, "title": kind.title, "about": kind.about, "inputs": inputs}


if __name__ == "__main__":
    main()
