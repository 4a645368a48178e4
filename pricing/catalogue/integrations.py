"""How AWS carries things from one service to another: a fact about each pair of component types, kept as data.

`pricing/data/integrations/<type>.toml` has a row for each pair: under `to` where the type is the source, under `from`
where it is the target. A pair stands in one of the two files, so a new service says whom it meets in a file of its own.
A file may say of which `kinds` its type is; rows of a kind, such as "code", hold for every type of it that has no row
of its own. "any" is every type, "traffic" what comes from outside.
"""

from collections import Counter
from collections.abc import Mapping
from functools import cache
from itertools import chain, product
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import tomli

from pricing.catalogue.catalogue import DATA, component_type, component_types
from pricing.catalogue.component_type import Choice
from pricing.catalogue.toml_table import Table
from pricing.errors import CatalogueError

FOLDER = DATA / "integrations"
# What comes from outside: a source that is no component type.
OUTSIDE = "traffic"
# Kinds of types. Code calls what it likes; a program runs all the time, so it can wait for messages; an address answers
# HTTP; any is every type.
KINDS = ("code", "program", "address")
ANY = "any"

# How AWS does it: the caller asks (call), the target reads (poll), the source sends each (push), gathers (buffer) or
# routes by rules (rule), to subscribers (subscription), as a step of a workflow (task), fetches on a miss (origin),
# copies (replication), writes what happened (log), stands beside (attach), or runs code on events (trigger).
HOWS = (
    "attach", "buffer", "call", "log", "origin", "poll", "push", "replication", "rule", "subscription", "task",
    "trigger",
)  # fmt: skip
# pair: a page says it of this pair; partly: a page says a part of it; inferred: a list of AWS does not name it; own:
# from experience.
EVIDENCES = ("pair", "partly", "inferred", "own")
# The settings of a connection whose default a pair may say.
SETTINGS = ("batch", "batch_window_s", "pollers")
NUMBERS = (*SETTINGS, "batch_max", "batch_window_max_s", "buffer_mb", "buffer_s", "retries", "payload_limit_kb")

ROW_KEYS = f"type how arrives {' '.join(NUMBERS)} asynchronous same_region billed bytes when evidence source checked"
REFUSED_KEYS = "type supported why instead when evidence source checked"
CLOSED_KEYS = "why instead evidence source checked"

Choices = Mapping[str, object]
Condition = Mapping[str, tuple[Choice, ...]]
NOTHING: Condition = MappingProxyType({})


class Integration(NamedTuple):
    """How things go from a component of one type to one of another, or why AWS does not carry them.

    `arrives` is what arrives for what leaves; `numbers` are defaults and limits by name: `batch` [message],
    `batch_window_s` [s], `pollers`, `batch_max`, `batch_window_max_s`, `buffer_mb` [MB], `buffer_s` [s], `retries`
    [attempt] and `payload_limit_kb` [KB]. Nobody waits for an answer where it is `asynchronous`. `billed_at_source` and
    `billed_at_target` say what each side is billed, `bytes` which bytes cost. It holds where the choices of both ends
    are among `when_source` and `when_target`. What is not `supported` says `why`, and what to put between: `instead`.
    """

    from_type: str
    to_type: str
    supported: bool
    evidence: str
    source: str
    checked: str
    when_source: Condition = NOTHING
    when_target: Condition = NOTHING
    how: str = ""
    arrives: str = ""
    numbers: Mapping[str, int | float] = MappingProxyType({})
    asynchronous: bool = False
    same_region: bool = False
    billed_at_source: str = ""
    billed_at_target: str = ""
    bytes: str = ""
    why: str = ""
    instead: tuple[str, ...] = ()

    @property
    def defaults(self) -> Mapping[str, int | float]:
        """The settings of a connection that this pair has a default of its own for."""
        return {name: self.numbers[name] for name in SETTINGS if name in self.numbers}

    @property
    def condition(self) -> str:
        """The choices with which alone it holds; empty: always.

        >>> integration_between("sns_topic", "sqs_queue", {}, {"fifo": True}).condition
        'source fifo false, target fifo true'
        """
        ends = (("source", self.when_source), ("target", self.when_target))
        return ", ".join(
            f"{end} {name} {' or '.join(str(value).lower() for value in values)}"
            for end, when in ends
            for name, values in when.items()
        )


class PairFile(NamedTuple):
    """The rows of a type's file by their ends, and of which kinds the type is.

    `others_to` and `others_from` refuse every pair that has no row, from and to the type.
    """

    kinds: tuple[str, ...] = ()
    rows: Mapping[tuple[str, str], tuple[Integration, ...]] = MappingProxyType({})
    others_to: Integration | None = None
    others_from: Integration | None = None


def integration_between(
    source_type: str, target_type: str, source_choices: Choices, target_choices: Choices
) -> Integration | None:
    """How AWS carries things from the one type to the other; None where nobody has said anything of this pair.

    `source_type` may be "traffic". What the choices do not say has its default. Raises CatalogueError, NotFound.

    >>> queue = integration_between("sqs_queue", "lambda_function", {}, {})
    >>> queue.how, queue.defaults
    ('poll', {'batch': 10, 'batch_window_s': 0})
    >>> integration_between("sns_topic", "sqs_queue", {}, {"fifo": True}).supported
    False
    """
    for row in _rows_between(source_type, target_type):
        if _holds(row.when_source, source_type, source_choices) and _holds(
            row.when_target, target_type, target_choices
        ):
            return row
    refused = _file(source_type).others_to or (_file(target_type).others_from if source_type != OUTSIDE else None)
    return refused and refused._replace(from_type=source_type, to_type=target_type)


@cache
def integrations() -> tuple[Integration, ...]:
    """Every pair that is known, by source and target. Raises CatalogueError, NotFound.

    >>> len(integrations()) > 300
    True
    """
    files = {path.stem: read_integrations(path) for path in sorted(FOLDER.glob("*.toml"))}
    twice = Counter(ends for file in files.values() for ends in file.rows)
    for ends, times in twice.items():
        if times > 1:
            raise CatalogueError(f"{' to '.join(ends)}: it stands in two files")
    told = {end for ends in twice for end in ends} | files.keys() | {*component_types()}
    known = sorted(told - {*KINDS})
    every = (row for source in known for target in known for row in _rows_between(source, target))
    # What any may do, and what no other can, is told once, of "any".
    of_any = {ends for ends in twice if ANY in ends}
    told_once = [row for row in every if row.from_type == ANY or (ANY, row.to_type) not in of_any]
    for name, file in files.items():
        told_once += [file.others_to._replace(from_type=name, to_type=ANY)] if file.others_to else []
        told_once += [file.others_from._replace(from_type=ANY, to_type=name)] if file.others_from else []
    return tuple(sorted(told_once, key=lambda row: row.from_type))


def integration_record(row: Integration) -> dict[str, object]:
    """A pair as it is told: its ends, how things go, what holds if nothing is stated, and from where that is known.

    `defaults` are those of batches, buffers and retries, `limits` the most that AWS takes.

    >>> integration_record(integration_between("http_api", "s3_bucket", {}, {}))["instead"]
    ('rest_api', 'lambda_function')
    """
    limits = {name: number for name, number in row.numbers.items() if "max" in name or "limit" in name}
    when = {"source": dict(row.when_source), "target": dict(row.when_target)}
    return {
        "from": row.from_type,
        "to": row.to_type,
        "supported": row.supported,
        "when": {end: choices for end, choices in when.items() if choices},
        "how": row.how,
        "arrives": row.arrives,
        "defaults": {name: number for name, number in row.numbers.items() if name not in limits},
        "limits": limits,
        "asynchronous": row.asynchronous,
        "same_region": row.same_region,
        "billed": {"source": row.billed_at_source, "target": row.billed_at_target},
        "bytes": row.bytes,
        "why": row.why,
        "instead": row.instead,
        "evidence": row.evidence,
        "source": row.source,
        "checked": row.checked,
    }


def _rows_between(source_type: str, target_type: str) -> tuple[Integration, ...]:
    """The rows of two types, or those of their kinds where they have none of their own."""
    sources = (source_type, *_file(source_type).kinds, ANY)
    targets = (target_type, *_file(target_type).kinds)
    for source, target in product(sources, targets):
        rows = _file(source).rows.get((source, target)) or _file(target).rows.get((source, target))
        if rows:
            return tuple(row._replace(from_type=source_type, to_type=target_type) for row in rows)
    return ()


@cache
def _file(name: str) -> PairFile:
    path = FOLDER / f"{name}.toml"
    return _read(path) if name.isidentifier() and path.is_file() else PairFile()


def _holds(when: Condition, type_name: str, stated: Choices) -> bool:
    """Whether each choice is one of those asked for; what is no choice at all is a fault elsewhere."""
    for name, allowed in when.items():
        known = component_type(type_name).inputs[name]
        if (stated[name] if stated.get(name) in known.choices else known.default) not in allowed:
            return False
    return True


def read_integrations(path: Path) -> PairFile:
    """The rows of a data file, held against the types they name. Raises CatalogueError, which names file and key.

    >>> read_integrations(FOLDER / "fargate_service.toml").kinds
    ('code', 'program', 'address')
    """
    file = _read(path)
    for row in chain.from_iterable(file.rows.values()):
        for end, type_name, when in (
            ("source", row.from_type, row.when_source),
            ("target", row.to_type, row.when_target),
        ):
            for name, values in when.items():
                known = component_type(type_name).inputs.get(name) if type_name in component_types() else None
                if known is None or not set(values) <= set(known.choices):
                    where = f"{path.name}: {row.from_type} to {row.to_type}: when.{end}.{name}"
                    raise CatalogueError(f"{where}: expected choices of an input of {type_name}")
    return file


def _read(path: Path) -> PairFile:
    """The rows of a file by themselves: a document must not read the files of types that it does not have."""
    try:
        entries = tomli.loads(path.read_text(encoding="utf-8"))
    except (tomli.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CatalogueError(f"{path.name}: not TOML: {error}") from error
    file = Table(path.name, (), entries, "kinds to from others_to others_from")
    kinds = file.names("kinds") if "kinds" in file.entries else ()
    if not set(kinds) <= set(KINDS):
        file.refuse("kinds", f"expected some of {', '.join(KINDS)}")
    rows: dict[tuple[str, str], list[Integration]] = {}
    for row in (*_rows(file, "to", path.stem), *_rows(file, "from", path.stem)):
        rows.setdefault((row.from_type, row.to_type), []).append(row)
    frozen = MappingProxyType({ends: tuple(those) for ends, those in rows.items()})
    return PairFile(kinds, frozen, _closed(file, "others_to"), _closed(file, "others_from"))


def _rows(file: Table, key: str, own: str) -> list[Integration]:
    tables = file.entries.get(key, [])
    if not isinstance(tables, list):
        file.refuse(key, f"expected rows, each under [[{key}]]")
    rows: list[Integration] = []
    always: set[str] = set()
    for number, entries in enumerate(tables, 1):
        table = Table(file.file, (key, str(number)), entries)
        other = table.text("type")
        if other in always:
            table.refuse("type", f"a row of {other} stands before that holds always")
        rows.append(_row(table, *((own, other) if key == "to" else (other, own))))
        if not rows[-1].when_source and not rows[-1].when_target:
            always.add(other)
    return rows


def _row(table: Table, from_type: str, to_type: str) -> Integration:
    """A row; one that is refused says `supported = false`."""
    if "supported" not in table.entries:
        table = Table(table.file, table.path, table.entries, ROW_KEYS)
        return _carried(table, _of_ends(table, from_type, to_type, supported=True))
    if table.flag("supported"):
        table.refuse("supported", "of no meaning where it is true")
    table = Table(table.file, table.path, table.entries, REFUSED_KEYS)
    return _refused(table, _of_ends(table, from_type, to_type, supported=False))


def _of_ends(table: Table, from_type: str, to_type: str, *, supported: bool) -> Integration:
    """What every row has: its ends, from where it is known, and with which choices it holds."""
    when = Table(table.file, (*table.path, "when"), table.entries.get("when", {}), "source target")
    if "when" in table.entries and not when.entries:
        table.refuse("when", "expected choices of the source or of the target")
    return Integration(
        from_type=from_type,
        to_type=to_type,
        supported=supported,
        evidence=table.one_of("evidence", EVIDENCES),
        source=table.text("source"),
        checked=table.day("checked").isoformat(),
        when_source=_condition(when.inside("source")),
        when_target=_condition(when.inside("target")),
    )


def _condition(asked: Table) -> Condition:
    for name, values in asked.entries.items():
        if not isinstance(values, list) or not values or any(isinstance(value, list | dict) for value in values):
            asked.refuse(name, "expected a list of choices")
    return MappingProxyType({name: tuple(values) for name, values in asked.entries.items()})


def _carried(table: Table, row: Integration) -> Integration:
    billed = Table(table.file, (*table.path, "billed"), table.entries.get("billed", {}), "source target")
    return row._replace(
        how=table.one_of("how", HOWS),
        arrives=table.text("arrives"),
        numbers=MappingProxyType({name: _number(table, name) for name in NUMBERS if name in table.entries}),
        asynchronous="asynchronous" in table.entries and table.flag("asynchronous"),
        same_region="same_region" in table.entries and table.flag("same_region"),
        billed_at_source=billed.text("source", ""),
        billed_at_target=billed.text("target", ""),
        bytes=table.text("bytes", ""),
    )


def _refused(table: Table, row: Integration) -> Integration:
    instead = table.names("instead") if "instead" in table.entries else ()
    return row._replace(why=table.text("why"), instead=instead)


def _closed(file: Table, key: str) -> Integration | None:
    """What refuses every pair without a row of its own."""
    if key not in file.entries:
        return None
    table = Table(file.file, (key,), file.entries[key], CLOSED_KEYS)
    return _refused(table, _of_ends(table, "", "", supported=False))


def _number(table: Table, key: str) -> int | float:
    value = table.entries[key]
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < float("inf"):
        table.refuse(key, "expected a number of 0 or more")
    return value
