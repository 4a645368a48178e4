"""A table of a data file: each value is read as what it must be, and whatever is wrong is said with file and key."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

from pricing.errors import CatalogueError


class Table:
    """One table of a data file. Every reading raises CatalogueError, which names file and key."""

    __slots__ = ("entries", "file", "path")

    def __init__(self, file: str, path: tuple[str, ...], entries: Any, known: str | None = None) -> None:
        """`path` are the keys that lead here, `known` those that may stand here; None: any."""
        self.file = file
        self.path = path
        self.entries = entries
        if not isinstance(entries, dict):
            self.refuse("", "expected a table")
        unknown = sorted(entries.keys() - known.split()) if known else ()
        for key in unknown:
            self.refuse(key, f"unknown key; expected {', '.join(str(known).split())}")

    def refuse(self, key: str, detail: str) -> NoReturn:
        """Say what is wrong at a key; "": at the table itself."""
        where = ".".join([*self.path, key] if key else self.path)
        raise CatalogueError(": ".join(filter(None, (self.file, where, detail))))

    def text(self, key: str, default: str | None = None) -> str:
        """A text, which must not be empty unless the default is."""
        value = self.entries.get(key, default)
        if not isinstance(value, str) or not (value or default == ""):
            self.refuse(key, "missing" if value is None else "expected a text")
        return value

    def one_of(self, key: str, allowed: tuple[str, ...], default: str | None = None) -> str:
        """One of the texts that are allowed."""
        value = self.entries.get(key, default)
        if value not in allowed:
            self.refuse(key, f"expected one of {', '.join(allowed)}")
        return str(value)

    def flag(self, key: str) -> bool:
        """True or false."""
        value = self.entries.get(key)
        if not isinstance(value, bool):
            self.refuse(key, "expected true or false")
        return value

    def day(self, key: str) -> date:
        """A day without time."""
        value = self.entries.get(key)
        if type(value) is not date:
            self.refuse(key, "expected a day such as 2026-09-01")
        return value

    def number(self, key: str) -> Decimal:
        """A number, exact: whole, or a text of decimals."""
        value = self.entries.get(key)
        if isinstance(value, bool) or not isinstance(value, int | str):
            self.refuse(key, 'expected a whole number, or decimals as a text such as "0.5"')
        try:
            exact = Decimal(value)
        except InvalidOperation:
            self.refuse(key, f"expected a number, not {value!r}")
        if not exact.is_finite() or exact < 0:
            self.refuse(key, "expected a finite number of 0 or more")
        return exact

    def names(self, key: str) -> tuple[str, ...]:
        """A list of at least one text, none twice."""
        value = self.entries.get(key)
        if not isinstance(value, list) or not value or not all(isinstance(name, str) for name in value):
            self.refuse(key, "expected a list of names")
        if len(set(value)) < len(value):
            self.refuse(key, "a name stands twice")
        return tuple(value)

    def tables(self, key: str, known: str) -> Iterator[tuple[str, "Table"]]:
        """The tables inside the table at a key, by name; none where the key is missing."""
        for name, entries in self.inside(key).entries.items():
            yield name, Table(self.file, (*self.path, key, name), entries, known)

    def inside(self, key: str) -> "Table":
        """The table at a key, with any keys; an empty one where the key is missing."""
        return Table(self.file, (*self.path, key), self.entries.get(key, {}))
