"""The command that tells which component types AWS connects, and how."""

import json
from collections.abc import Sequence

import click

from calculator.command.tables import aligned
from calculator.command.terminal import tell
from pricing.catalogue.integrations import Integration, integration_record, integrations
from pricing.errors import NotFound


@click.command("connections")
@click.argument("type_name", metavar="[TYPE]", required=False)
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
def connections(type_name: str | None, form: str) -> None:
    """Which types AWS connects, and how.

    Of every pair, or of those with TYPE at one end: how things go and what arrives; of those that AWS refuses, why, and
    what to put between. What a pair does not name, a document cannot connect.
    """
    rows = [row for row in integrations() if type_name in (None, row.from_type, row.to_type)]
    if not rows:
        known = sorted({end for row in integrations() for end in (row.from_type, row.to_type)})
        raise NotFound(f"nothing is known to lead from or to {type_name!r}; expected one of {', '.join(known)}")
    if form == "json":
        tell(json.dumps([integration_record(row) for row in rows], indent=2))
    else:
        tell(_table(rows))


def _table(rows: Sequence[Integration]) -> str:
    told = [(row.from_type, row.to_type, row.how or "refused", _defaults(row), _said(row)) for row in rows]
    return aligned([("FROM", "TO", "HOW", "DEFAULTS", "WHAT ARRIVES"), *told])


def _defaults(row: Integration) -> str:
    return " ".join(f"{name}={number:g}" for name, number in row.defaults.items())


def _said(row: Integration) -> str:
    between = f"; put {' or '.join(row.instead)} between" if row.instead else ""
    return f"{row.arrives or row.why + between}{f' ({row.condition})' if row.condition else ''}"
