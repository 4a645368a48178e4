"""A data file is read strictly into a component type: what is unknown, missing or makes no sense is refused by name."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

import tomli

from pricing.catalogue.component_type import Choice, ComponentType, EarlierTier, FreeTier, Input, Meter, family_member
from pricing.catalogue.flow_file import read_flow
from pricing.catalogue.quota_file import read_quotas
from pricing.catalogue.toml_table import Table
from pricing.errors import CatalogueError

# What stands beside the inputs of a component, or is read by its rule under that name.
RESERVED = ("name", "type", "region", "month_hours", "as_of")
# What the choices of one input may be: all of one kind.
KINDS = ({"text"}, {"number"}, {"flag"})

INPUT_KEYS = "unit about default mean_rate_of choices at_least at_most when text listed limited_by grows varies"
METER_KEYS = "title unit published free_tier place each doubtful_in"
FREE_TIER_KEYS = "covers quantity kind scope source checked note except_in earlier"
EARLIER_KEYS = "until quantity kind scope"
FREE_TIER_KINDS, SCOPES = ("always", "12_months"), ("account", "region")


def read_type(path: Path) -> ComponentType:
    """The component type that a data file describes. Raises CatalogueError, which names file and key.

    >>> from pricing.catalogue.catalogue import DATA
    >>> list(read_type(DATA / "sqs_queue.toml").free_tiers)
    ['requests']
    """
    try:
        entries = tomli.loads(path.read_text(encoding="utf-8"))
    except (tomli.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CatalogueError(f"{path.name}: not TOML: {error}") from error
    file = Table(path.name, (), entries, "title about pricing_page inputs meters free_tier quotas flow")
    inputs, free_tiers = _inputs(file), _free_tiers(file, path.stem)
    quotas = read_quotas(file, path.stem, inputs)
    return ComponentType(
        name=path.stem,
        title=file.text("title"),
        about=file.text("about"),
        pricing_page=file.text("pricing_page"),
        inputs=MappingProxyType(inputs),
        meters=MappingProxyType(_meters(file, path.stem, inputs, free_tiers)),
        free_tiers=MappingProxyType(free_tiers),
        quotas=MappingProxyType(quotas),
        flow=read_flow(file, inputs),
    )


def read_inputs_file(path: Path) -> Mapping[str, Input]:
    """The inputs of a data file that has nothing else. Raises CatalogueError, which names file and key.

    >>> from pricing.catalogue.catalogue import DATA
    >>> read_inputs_file(DATA / "flow" / "connection.toml")["share"].default
    1
    """
    entries = tomli.loads(path.read_text(encoding="utf-8"))
    return MappingProxyType(_inputs(Table(path.name, (), entries, "inputs")))


def _inputs(file: Table) -> dict[str, Input]:
    inputs: dict[str, Input] = {}
    for name, table in file.tables("inputs", INPUT_KEYS):
        if not name.isidentifier() or name in RESERVED:
            table.refuse("", f"expected a name other than {', '.join(RESERVED)}")
        choices, text = _choices(table), "text" in table.entries and table.flag("text")
        inputs[name] = Input(
            name=name,
            about=table.text("about"),
            unit=table.text("unit", "" if choices or text else None),
            default=table.entries.get("default"),
            mean_rate_of=table.text("mean_rate_of") if "mean_rate_of" in table.entries else None,
            choices=choices,
            at_least=table.entries.get("at_least", 0),
            at_most=table.entries.get("at_most"),
            when=MappingProxyType(_when(table, inputs)),
            text=text,
            limited_by=table.names("limited_by") if "limited_by" in table.entries else (),
            grows=table.flag("grows") if "grows" in table.entries else _is_traffic(table),
            listed="listed" in table.entries and table.flag("listed"),
            varies="varies" in table.entries and table.flag("varies"),
        )
        (_check_choice if choices else _check_text if text else _check_number)(table, inputs[name])
        _check_mean_rate(table, inputs[name], inputs)
    return inputs


def _is_traffic(table: Table) -> bool:
    """Whether a number is so much a month or a second, but for hours, which are how long something is on."""
    unit = str(table.entries.get("unit", ""))
    return unit.endswith(("/month", "/s")) and not unit.startswith(("hour/", "minute/"))


def _choices(table: Table) -> tuple[Choice, ...]:
    choices = table.entries.get("choices", ())
    if "choices" in table.entries and (not isinstance(choices, list) or {_kind(one) for one in choices} not in KINDS):
        table.refuse("choices", "expected a list of texts, of numbers, or of true and false")
    if len(set(choices)) < len(choices):
        table.refuse("choices", "a choice stands twice")
    return tuple(choices)


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "flag"
    return "number" if isinstance(value, int | float) else "text" if isinstance(value, str) else "other"


def _when(table: Table, before: Mapping[str, Input]) -> dict[str, tuple[Choice, ...]]:
    conditions = table.inside("when").entries
    for name, values in conditions.items():
        if name not in before or not before[name].choices:
            table.refuse(f"when.{name}", "expected an input with choices that stands before")
        if not isinstance(values, list) or not values or any(value not in before[name].choices for value in values):
            table.refuse(f"when.{name}", f"expected choices of {name}")
    return {name: tuple(values) for name, values in conditions.items()}


def _check_choice(table: Table, known: Input) -> None:
    if known.default is not None and known.default not in known.choices:
        table.refuse("default", "expected one of the choices")
    for key in ("at_least", "at_most", "mean_rate_of"):
        if key in table.entries:
            table.refuse(key, "of no meaning beside choices")


def _check_text(table: Table, _: Input) -> None:
    for key in ("default", "at_least", "at_most", "mean_rate_of"):
        if key in table.entries:
            table.refuse(key, "of no meaning beside text")


def _check_number(table: Table, known: Input) -> None:
    for key, value in (("at_least", known.at_least), ("at_most", known.at_most)):
        if value is not None and _kind(value) != "number":
            table.refuse(key, "expected a number")
    at_most = float("inf") if known.at_most is None else known.at_most
    if not known.at_least <= at_most:
        table.refuse("at_most", "expected at_least or more")
    if known.default in (None, "none", "month_hours"):
        return
    if _kind(known.default) != "number" or not known.at_least <= float(known.default) <= at_most:
        table.refuse("default", 'expected a number from at_least to at_most, "none" or "month_hours"')


def _check_mean_rate(table: Table, known: Input, inputs: Mapping[str, Input]) -> None:
    if known.mean_rate_of is None:
        return
    if known.default is not None:
        table.refuse("default", "of no meaning beside mean_rate_of")
    monthly = inputs.get(known.mean_rate_of)
    if monthly is None or monthly is known or not monthly.unit.endswith("/month"):
        table.refuse("mean_rate_of", "expected a monthly input that stands before")
    # Where the rate is read, the amount that it follows must be too.
    if any(name not in known.when or not set(known.when[name]) <= set(values) for name, values in monthly.when.items()):
        table.refuse("when", f"expected at least the conditions of {monthly.name}")


def _meters(
    file: Table, type_name: str, inputs: Mapping[str, Input], free_tiers: Mapping[str, FreeTier]
) -> dict[str, Meter]:
    covering = {meter: tier.full_name for tier in free_tiers.values() for meter in tier.covers}
    meters = {}
    for name, choice, table in _families(file, inputs):
        covered = covering.pop(f"{type_name}.{name}", None)
        if covered and "free_tier" in table.entries:
            table.refuse("free_tier", f"{covered} covers it already")
        meters[name] = Meter(
            name=name,
            type=type_name,
            title=table.text("title").replace("{}", choice),
            unit=table.text("unit"),
            published=table.text("published", "").replace("{}", choice),
            # Only the free tier of another type is named here; those of this type say what they cover.
            free_tier=table.text("free_tier") if "free_tier" in table.entries else covered,
            place=table.one_of("place", ("global",)) if "place" in table.entries else "",
            doubtful_in=table.names("doubtful_in") if "doubtful_in" in table.entries else (),
        )
    for meter, tier in covering.items():
        if meter.startswith(f"{type_name}."):
            file.refuse(f"free_tier.{tier.partition('.')[2]}.covers", f"no meter {meter}")
    return meters


def _families(file: Table, inputs: Mapping[str, Input]) -> Iterator[tuple[str, str, Table]]:
    """Each meter by name; one with `each` is a family, a meter for each choice of an input, which stands for {}."""
    for name, table in file.tables("meters", METER_KEYS):
        if "each" not in table.entries:
            yield name, "", table
            continue
        chosen = inputs.get(table.text("each"))
        if chosen is None or not chosen.choices:
            table.refuse("each", "expected an input with choices")
        for choice in chosen.choices:
            yield family_member(name, choice), str(choice), table


def _free_tiers(file: Table, type_name: str) -> dict[str, FreeTier]:
    tiers: dict[str, FreeTier] = {}
    for name, table in file.tables("free_tier", FREE_TIER_KEYS):
        covers = tuple(meter if "." in meter else f"{type_name}.{meter}" for meter in table.names("covers"))
        twice = [meter for meter in covers if any(meter in other.covers for other in tiers.values())]
        if twice:
            table.refuse("covers", f"{twice[0]} is covered by another free tier")
        tiers[name] = FreeTier(
            name=name,
            type=type_name,
            covers=covers,
            quantity=table.number("quantity"),
            kind=table.one_of("kind", FREE_TIER_KINDS),
            scope=table.one_of("scope", SCOPES),
            source=table.text("source"),
            checked=table.day("checked"),
            note=table.text("note", ""),
            except_in=table.names("except_in") if "except_in" in table.entries else (),
            earlier=tuple(_earlier(table)),
        )
    return tiers


def _earlier(table: Table) -> Iterator[EarlierTier]:
    entries = table.entries.get("earlier", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        table.refuse("earlier", "expected a list of tables")
    for entry in entries:
        one = Table(table.file, (*table.path, "earlier"), entry, EARLIER_KEYS)
        kind, scope = one.one_of("kind", FREE_TIER_KINDS), one.one_of("scope", SCOPES)
        yield EarlierTier(one.day("until"), one.number("quantity"), kind, scope)
