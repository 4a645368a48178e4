"""The commands that tell what the catalogue knows: component types, meters, and what can be priced where."""

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

import click

from calculator.command.tables import aligned
from calculator.command.terminal import tell
from pricing.catalogue import feeds
from pricing.catalogue.catalogue import ComponentType, Input, component_type, component_types
from pricing.errors import NotFound
from pricing.prices.coverage import Coverage
from pricing.prices.coverage import coverage as covered_by_type
from pricing.prices.coverage import regions as known_regions
from pricing.prices.search import Found, find_meters

EXTENTS = ("all", "some", "none")
# What stands for an extent where a column is one character wide.
SIGNS = {"all": "#", "some": "+", "none": "."}
Covered = Mapping[str, Mapping[str, Coverage]]

_form = click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
_as_of = click.option(
    "--as-of", type=click.DateTime(["%Y-%m-%d"]), metavar="DAY", help="Prices of this day; if not given, today's."
)


@click.command("types")
@_form
def types(form: str) -> None:
    """The component types with their inputs."""
    known = [component_type(name) for name in component_types()]
    if form == "json":
        tell(json.dumps([_type_record(kind) for kind in known], indent=2))
    else:
        tell("\n\n".join(map(_type_table, known)))


@click.command("meters")
@click.argument("words", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="So many at most.")
@_form
def meters(words: tuple[str, ...], limit: int, form: str) -> None:
    """Search the meters by WORDS.

    Their names or titles hold all WORDS. Those of the component types come first, then those of AWS's price feeds, for
    a component of type metered_usage.
    """
    found, total = find_meters(" ".join(words), limit=limit)
    if form == "json":
        tell(json.dumps([each._asdict() for each in found], indent=2, default=str))
    else:
        tell(_meters_table(found, total))


@click.command("regions")
@_as_of
@_form
def regions(as_of: datetime | None, form: str) -> None:
    """How many types have prices in each region.

    ALL: types of which all meters have a price there; SOME: only some have; NONE: none has.
    """
    rows = [_region_record(region, covered_by_type(_day(as_of))) for region in known_regions()]
    if form == "json":
        tell(json.dumps(rows, indent=2))
    else:
        header = ("REGION", *map(str.upper, EXTENTS))
        tell(aligned([header, *(tuple(map(str, row.values())) for row in rows)], right=[1, 2, 3]))


@click.command("coverage")
@click.option("--type", "type_name", metavar="TYPE", help="Of this type only, with the meters that are missing.")
@click.option("--region", metavar="REGION", help="In this region only.")
@_as_of
@click.option("--format", "form", type=click.Choice(["table", "json", "csv"]), default="table", show_default=True)
def coverage(type_name: str | None, region: str | None, as_of: datetime | None, form: str) -> None:
    """Which types have prices in which regions.

    For all of their meters, for some or for none; with --type or --region, also what is missing.
    """
    table = _chosen(covered_by_type(_day(as_of)), type_name, region)
    writers: dict[str, Callable[[Covered], str]] = {"json": _covered_json, "csv": _covered_csv, "table": _matrix}
    if type_name or region:
        writers["table"] = _covered_rows
    tell(writers[form](table))


def _day(given: datetime | None) -> date:
    return given.date() if given else datetime.now(UTC).date()


def _type_table(kind: ComponentType) -> str:
    rows = [(f"  {known.name}", _values(known), _default(known), known.about) for known in kind.inputs.values()]
    return f"{kind.name}: {kind.title}\n{aligned(rows)}"


def _values(known: Input) -> str:
    return "text" if known.text else "|".join(map(_shown, known.choices)) or known.unit


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


def _meters_table(found: Sequence[Found], total: int) -> str:
    own = [each for each in found if each.type != feeds.TYPE]
    published = [each for each in found if each.type == feeds.TYPE]
    parts = []
    if own:
        rows = [(each.name, each.title, each.unit, str(each.places), str(each.as_of)) for each in own]
        parts.append(aligned([("METER", "TITLE", "UNIT", "PLACES", "AS OF"), *rows], right=[3]))
    if published:
        told = [(*each.inputs.values(), str(each.places), str(each.as_of)) for each in published]
        table = aligned([("SERVICE", "METRIC", "PLACES", "AS OF"), *told], right=[2])
        parts.append(f"For a component of type {feeds.TYPE}:\n{table}")
    return "\n\n".join([*parts, f"{len(found)} of {total} meters"])


def _region_record(region: str, table: Covered) -> dict[str, Any]:
    counts = Counter(row[region].extent for row in table.values())
    return {"region": region, **{extent: counts[extent] for extent in EXTENTS}}


def _chosen(table: Covered, type_name: str | None, region: str | None) -> Covered:
    """The rows and columns asked for. Raises NotFound."""
    if region and region not in known_regions():
        raise NotFound(f"no price is known in {region!r}; there are prices in {', '.join(known_regions())}")
    if type_name and not component_type(type_name).meters:
        raise NotFound(f"{type_name} has no meters of its own: those of other types price it")
    types = [type_name] if type_name else table
    return {name: {place: table[name][place] for place in ([region] if region else table[name])} for name in types}


def _cells(table: Covered) -> Iterable[Coverage]:
    return (covered for row in table.values() for covered in row.values())


def _covered_json(table: Covered) -> str:
    records = [asdict(each) | {"extent": each.extent} for each in _cells(table)]
    return json.dumps(records, indent=2)


def _covered_csv(table: Covered) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["type", "region", "extent", "priced", "missing"])
    for each in _cells(table):
        writer.writerow([each.type, each.region, each.extent, " ".join(each.priced), " ".join(each.missing)])
    return out.getvalue().rstrip("\n")


def _covered_rows(table: Covered) -> str:
    rows = [("TYPE", "REGION", "PRICED", "METERS", "MISSING")]
    for each in _cells(table):
        meters_of_type = f"{len(each.priced)} of {len(each.priced) + len(each.missing)}"
        rows.append((each.type, each.region, each.extent, meters_of_type, ", ".join(each.missing)))
    return aligned(rows)


def _matrix(table: Covered) -> str:
    """A row for each type and a column for each region, whose name is written downwards."""
    places = known_regions()
    width, height = max(map(len, table)), max(map(len, places))
    head = [("", *letters) for letters in zip(*(place.rjust(height) for place in places), strict=True)]
    rows = [(name, *(SIGNS[row[place].extent] for place in places)) for name, row in table.items()]
    lines = [f"{name:{width}} {' '.join(cells)}".rstrip() for name, *cells in (*head, *rows)]
    legend = ", ".join(f"{sign} {extent}" for extent, sign in SIGNS.items())
    told = f"Meters with a price: {legend}. What is missing: --type TYPE or --region REGION."
    return "\n".join([told, "", *lines])
