"""`stackmeter check`: does an architecture break, for a pipeline that must not let it through."""

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO

import click

from calculator.answer.limits import Limits, limits
from calculator.command.sarif import sarif_of
from calculator.command.tables import finding_rows, headroom_table, load_tables, violation_rows
from calculator.command.terminal import read_architecture, tell
from calculator.rules import ERROR
from calculator.rules.findings import Finding

FORMATS = ("table", "json", "sarif")


@click.command("check")
@click.argument("file", type=click.File("rb"))
@click.option("--format", "form", type=click.Choice(FORMATS), default="table", show_default=True)
def check(file: BinaryIO, form: str) -> None:
    """Every limit of the architecture in FILE, and what the rules find; no prices are needed.

    Ends with exit code 1 if a limit is violated or a finding is an error.
    """
    name = str(getattr(file, "name", "-"))
    answer = limits(read_architecture(file, None))
    writers: dict[str, Callable[[], str]] = {
        "table": lambda: _as_table(answer),
        "json": lambda: json.dumps(asdict(answer), indent=2),
        "sarif": lambda: json.dumps(sarif_of(answer, _location(name)), indent=2),
    }
    tell(writers[form]())
    if answer.violations or any(_is_error(finding) for finding in answer.findings):
        sys.exit(1)


def _is_error(finding: Finding) -> bool:
    return finding.severity == ERROR


def _as_table(answer: Limits) -> str:
    parts = [answer.growth.text, violation_rows(answer.violations), finding_rows(answer.findings)]
    return "\n\n".join(filter(None, [*parts, load_tables(answer), headroom_table(answer.headroom)]))


def _location(name: str) -> str:
    """The file as a code host knows it: relative to where the command runs."""
    path = Path(name)
    return path.as_posix() if name != "<stdin>" else "stdin"
