"""The catalogue: component types with their inputs, meters, free tiers and quotas, read from data files as frozen records."""

import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from pricing.errors import CatalogueError, NotFound
from pricing.unit import Unit, parse_unit

DATA = Path(__file__).parent / "data"

Choice = str | bool | int | float
Default = str | bool | int | float | None


@dataclass(frozen=True, slots=True)
class Input:
    """What a user may say of a component. A default "month_hours" is the hours of the month; "none" leaves it unset."""

    name: str
    about: str
    unit: str = ""
    default: Default = None
    mean_rate_of: str | None = None
    choices: tuple[Choice, ...] = ()
    at_least: float = 0
    at_most: float | None = None
    when: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict)

    @property
    def required(self) -> bool:
        """Whether the user must say it (where `when` holds)."""
        return self.default is None and self.mean_rate_of is None


@dataclass(frozen=True, slots=True)
class Meter:
    """What AWS counts to bill it. `published` is its key in the survey of published prices."""

    name: str
    type: str
    title: str
    unit: str
    published: str
    free_tier: str | None = None

    @property
    def full_name(self) -> str:
        """The name by which everybody knows it: "sqs_queue.requests"."""
        return f"{self.type}.{self.name}"

    @property
    def measured_in(self) -> Unit:
        """The unit that usage of it must have."""
        return parse_unit(self.unit)


@dataclass(frozen=True, slots=True)
class FreeTier:
    """An allowance that AWS takes off before it prices; one allowance may cover several meters."""

    name: str
    type: str
    covers: tuple[str, ...]
    quantity: Decimal
    kind: str
    scope: str
    source: str
    checked: date
    note: str = ""

    @property
    def full_name(self) -> str:
        """The key of `account.already_used`: "sqs_queue.requests"."""
        return f"{self.type}.{self.name}"


@dataclass(frozen=True, slots=True)
class Quota:
    """A limit that AWS sets: a demand is compared with its value in a region."""

    name: str
    type: str
    title: str
    unit: str
    value: Decimal
    scope: str
    adjustable: bool
    exceeded: str
    remedy: str
    source: str
    checked: str
    confidence: str
    kind: str = "maximum"
    regions: Mapping[str, Decimal] = field(default_factory=dict)
    code: str = ""
    note: str = ""

    def value_in(self, region: str) -> Decimal:
        """The limit in a region, in the quota's unit."""
        return self.regions.get(region, self.value)


@dataclass(frozen=True, slots=True)
class ComponentType:
    """A kind of component: what is said of it, what it bills and what limits it."""

    name: str
    title: str
    about: str
    pricing_page: str
    inputs: Mapping[str, Input]
    meters: Mapping[str, Meter]
    free_tiers: Mapping[str, FreeTier]
    quotas: Mapping[str, Quota]


@lru_cache(maxsize=1)
def component_types() -> tuple[str, ...]:
    """The names of all component types, sorted.

    >>> "sqs_queue" in component_types()
    True
    """
    return tuple(sorted(path.stem for path in DATA.glob("*.toml")))


@lru_cache(maxsize=None)
def component_type(name: str) -> ComponentType:
    """The component type of that name. Raises NotFound.

    >>> component_type("sqs_queue").title
    'Amazon SQS queue'
    """
    path = DATA / f"{name}.toml"
    if not name.isidentifier() or not path.is_file():
        raise NotFound(f"no component type {name!r}; there are {', '.join(component_types())}")
    return read_type(path)


def meter_named(full_name: str) -> Meter:
    """The meter of a full name such as "sqs_queue.requests". Raises NotFound.

    >>> meter_named("sqs_queue.requests").unit
    'request'
    """
    type_name, _, name = full_name.partition(".")
    meters = component_type(type_name).meters
    if name not in meters:
        raise NotFound(f"no meter {full_name!r}; {type_name} has {', '.join(meters)}")
    return meters[name]


def quota_named(full_name: str) -> Quota:
    """The quota of a full name such as "sqs_queue.sqs_message_size". Raises NotFound."""
    type_name, _, name = full_name.partition(".")
    quotas = component_type(type_name).quotas
    if name not in quotas:
        raise NotFound(f"no quota {full_name!r}; {type_name} has {', '.join(quotas)}")
    return quotas[name]


def free_tier_named(full_name: str) -> FreeTier:
    """The free tier of a full name such as "sqs_queue.requests". Raises NotFound."""
    type_name, _, name = full_name.partition(".")
    tiers = component_type(type_name).free_tiers
    if name not in tiers:
        raise NotFound(f"no free tier {full_name!r}; {type_name} has {', '.join(tiers) or 'none'}")
    return tiers[name]


@lru_cache(maxsize=256)
def digest(types: frozenset[str]) -> str:
    """The SHA-256 of the data files of these component types: equal digests give equal answers.

    >>> len(digest(frozenset({"sqs_queue"})))
    64
    """
    hashed = hashlib.sha256()
    for name in sorted(types):
        for path in (DATA / f"{name}.toml", DATA / "rates" / f"{name}.csv"):
            hashed.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return hashed.hexdigest()


def read_type(path: Path) -> ComponentType:
    """The component type that a data file describes. Raises CatalogueError, which names file and key."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CatalogueError(f"{path.name}: not TOML: {error}") from error
    _refuse_unknown(path.name, table, {"title", "about", "pricing_page", "inputs", "meters", "free_tier", "quotas"})
    name = path.stem
    free_tiers = {key: _free_tier(path, key, entry) for key, entry in _tables(path, table, "free_tier")}
    covered = {meter: tier.full_name for tier in free_tiers.values() for meter in tier.covers}
    meters = {
        key: _record(Meter, path, f"meters.{key}", {"free_tier": covered.get(f"{name}.{key}")} | entry, name=key, type=name)
        for key, entry in _tables(path, table, "meters")
    }
    return ComponentType(
        name=name,
        title=_text(path, table, "title"),
        about=_text(path, table, "about"),
        pricing_page=_text(path, table, "pricing_page"),
        inputs=MappingProxyType({key: _input(path, key, entry) for key, entry in _tables(path, table, "inputs")}),
        meters=MappingProxyType(meters),
        free_tiers=MappingProxyType(free_tiers),
        quotas=MappingProxyType({key: _quota(path, key, entry) for key, entry in _tables(path, table, "quotas")}),
    )


_R = TypeVar("_R")


def _record(cls: type[_R], path: Path, where: str, entry: Mapping[str, Any], **given: str) -> _R:
    known = [key for key in fields(cls) if key.name not in given]  # type: ignore[arg-type]
    _refuse_unknown(f"{path.name}: {where}", entry, {key.name for key in known})
    for key in known:
        if key.default is MISSING and key.default_factory is MISSING and key.name not in entry:
            raise CatalogueError(f"{path.name}: {where}: {key.name} is missing")
        if key.type in (str, bool, date) and not isinstance(entry.get(key.name, key.default), key.type):
            raise CatalogueError(f"{path.name}: {where}.{key.name}: expected {key.type.__name__}")
    return cls(**given, **entry)


def _input(path: Path, key: str, entry: dict[str, Any]) -> Input:
    entry = dict(entry)
    if "choices" in entry:
        entry["choices"] = tuple(entry["choices"])
        if entry.get("default", entry["choices"][0]) not in entry["choices"]:
            raise CatalogueError(f"{path.name}: inputs.{key}.default: expected one of the choices")
    elif "unit" not in entry:
        raise CatalogueError(f"{path.name}: inputs.{key}: unit or choices is missing")
    if "when" in entry:
        entry["when"] = MappingProxyType({name: tuple(values) for name, values in entry["when"].items()})
    return _record(Input, path, f"inputs.{key}", entry, name=key)


def _free_tier(path: Path, key: str, entry: dict[str, Any]) -> FreeTier:
    where = f"free_tier.{key}"
    covers = tuple(name if "." in name else f"{path.stem}.{name}" for name in entry.get("covers", ()))
    if not covers:
        raise CatalogueError(f"{path.name}: {where}.covers: expected names of meters")
    _expect(path, where, entry, "kind", ("always", "12_months"))
    _expect(path, where, entry, "scope", ("account", "region"))
    quantity = _decimal(path, f"{where}.quantity", entry.get("quantity"))
    return _record(FreeTier, path, where, entry | {"covers": covers, "quantity": quantity}, name=key, type=path.stem)


def _quota(path: Path, key: str, entry: dict[str, Any]) -> Quota:
    where = f"quotas.{key}"
    _expect(path, where, {"kind": "maximum"} | entry, "kind", ("maximum", "minimum"))
    _expect(path, where, entry, "scope", ("component", "account"))
    _expect(path, where, entry, "confidence", ("high", "medium", "low"))
    regions = {
        region: _decimal(path, f"{where}.regions.{region}", value) for region, value in entry.get("regions", {}).items()
    }
    value = _decimal(path, f"{where}.value", entry.get("value"))
    return _record(
        Quota, path, where, entry | {"value": value, "regions": MappingProxyType(regions)}, name=key, type=path.stem
    )


def _decimal(path: Path, where: str, value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise CatalogueError(f"{path.name}: {where}: expected a number")
    try:
        number = Decimal(str(value).replace("_", ""))
    except InvalidOperation:
        raise CatalogueError(f"{path.name}: {where}: expected a number, not {value!r}") from None
    if not number.is_finite() or number < 0:
        raise CatalogueError(f"{path.name}: {where}: expected a finite number of 0 or more")
    return number


def _expect(path: Path, where: str, entry: Mapping[str, Any], key: str, allowed: tuple[str, ...]) -> None:
    if entry.get(key) not in allowed:
        raise CatalogueError(f"{path.name}: {where}.{key}: expected one of {', '.join(allowed)}")


def _text(path: Path, table: Mapping[str, Any], key: str) -> str:
    if not isinstance(table.get(key), str):
        raise CatalogueError(f"{path.name}: {key}: expected a text")
    return str(table[key])


def _tables(path: Path, table: Mapping[str, Any], key: str) -> Iterator[tuple[str, dict[str, Any]]]:
    section = table.get(key, {})
    if not isinstance(section, dict):
        raise CatalogueError(f"{path.name}: {key}: expected a table")
    for name, entry in section.items():
        if not isinstance(entry, dict):
            raise CatalogueError(f"{path.name}: {key}.{name}: expected a table")
        yield name, entry


def _refuse_unknown(where: str, entry: Mapping[str, Any], known: set[str]) -> None:
    unknown = sorted(entry.keys() - known)
    if unknown:
        raise CatalogueError(f"{where}: unknown key {', '.join(unknown)}; expected {', '.join(sorted(known))}")
