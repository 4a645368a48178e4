"""The quotas of a data file: what AWS limits, and how one limit follows another."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from pricing.catalogue.component_type import AtMost, Input, Quota
from pricing.catalogue.toml_table import Table
from pricing.formula.unit import parse_unit

QUOTA_KEYS = (
    "title unit value regions kind scope adjustable exceeded remedy source checked confidence code note "
    "counts follows times less bucket place at_most"
)


def read_quotas(file: Table, type_name: str, inputs: Mapping[str, Input]) -> dict[str, Quota]:
    """The quotas of a component type by name. Raises CatalogueError, which names file and key."""
    tables = dict(file.tables("quotas", QUOTA_KEYS))
    quotas = {name: _quota(name, type_name, table) for name, table in tables.items()}
    for name, quota in quotas.items():
        followed = (("follows", quota.follows), ("bucket", quota.bucket), ("at_most.quota", _at_most_quota(quota)))
        for key, other in followed:
            if other and (other == name or other not in quotas):
                tables[name].refuse(key, "expected another quota of this file")
        if quota.at_most and quota.at_most.input not in inputs:
            tables[name].refuse("at_most.input", f"no input {quota.at_most.input}")
    for known in inputs.values():
        _check_limited(file, known, quotas)
    return quotas


def _at_most_quota(quota: Quota) -> str:
    return quota.at_most.quota if quota.at_most else ""


def _at_most(table: Table) -> AtMost:
    inside = Table(table.file, (*table.path, "at_most"), table.entries["at_most"], "input quota remedy")
    return AtMost(inside.text("input"), inside.text("quota"), inside.text("remedy"))


def _check_limited(file: Table, known: Input, quotas: Mapping[str, Quota]) -> None:
    for name in known.limited_by:
        if "." in name:
            continue  # a quota of another file, which is not read here
        if name not in quotas:
            file.refuse(f"inputs.{known.name}.limited_by", f"no quota {name}")
        if known.choices or known.text or parse_unit(known.unit) != parse_unit(quotas[name].unit):
            file.refuse(f"inputs.{known.name}.limited_by", f"expected a number in {quotas[name].unit}")


def _quota(name: str, type_name: str, table: Table) -> Quota:
    regions, entries = table.inside("regions"), table.entries
    if "place" in entries and (regions.entries or entries.get("scope") != "account"):
        table.refuse("place", "of meaning only for an account, and where no region is an exception")
    return Quota(
        name=name,
        type=type_name,
        title=table.text("title"),
        unit=table.text("unit"),
        value=table.number("value"),
        regions=MappingProxyType({region: regions.number(region) for region in regions.entries}),
        kind=table.one_of("kind", ("maximum", "minimum"), "maximum"),
        scope=table.one_of("scope", ("component", "account")),
        adjustable=table.flag("adjustable"),
        exceeded=table.text("exceeded"),
        remedy=table.text("remedy"),
        source=table.text("source"),
        checked=table.text("checked"),
        confidence=table.one_of("confidence", ("high", "medium", "low")),
        code=table.text("code", ""),
        note=table.text("note", ""),
        counts=table.flag("counts") if "counts" in entries else False,
        follows=table.text("follows", ""),
        times=table.number("times") if "times" in entries else Decimal(1),
        less=table.number("less") if "less" in entries else Decimal(0),
        bucket=table.text("bucket", ""),
        place=table.one_of("place", ("global",)) if "place" in entries else "",
        at_most=_at_most(table) if "at_most" in entries else None,
    )
