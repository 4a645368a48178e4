"""What is learnt of a document on its way in: what is wrong in it, and what is assumed because nobody said it."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from calculator.architecture import Assumption, Value
from pricing.errors import Fault

# Nobody reads more; a small document must not make a huge answer.
MAX_FAULTS = 1000


class Intake:
    """Faults and assumptions of one document so far, and what its components inherit: month, day and region."""

    __slots__ = ("as_of", "assumptions", "faults", "month_hours", "region")

    def __init__(self, month_hours: float) -> None:
        self.month_hours = month_hours
        self.as_of = date.max
        self.region = ""
        self.faults: list[Fault] = []
        self.assumptions: list[Assumption] = []

    def add_fault(self, pointer: str, detail: str) -> None:
        """Something is wrong."""
        self.faults.append(Fault(pointer, detail))

    def add_assumption(self, pointer: str, value: Value, unit: str, why: str) -> None:
        """Something was not given: a default takes its place."""
        self.assumptions.append(Assumption(pointer, value, unit, f"not given: {why}", "default"))

    def add_taken(self, pointer: str, value: Value, unit: str, why: str) -> None:
        """Something was given, but not as one value: this one is taken."""
        self.assumptions.append(Assumption(pointer, value, unit, why, "default"))

    def sorted_faults(self, document: object) -> list[Fault]:
        """The faults in the order of the document."""
        faults = in_document_order(document, self.faults)
        if len(faults) <= MAX_FAULTS:
            return faults
        return [*faults[:MAX_FAULTS], Fault("", f"and {len(faults) - MAX_FAULTS} more faults")]


def escape(key: object) -> str:
    """A key as a part of a JSON Pointer (RFC 6901).

    >>> escape("a/b~c")
    'a~1b~0c'
    """
    return str(key).replace("~", "~0").replace("/", "~1")


def shown(value: object) -> str:
    """A stated value as a fault shows it: short, and an object or a list by its kind only.

    >>> shown("5"), shown(True), shown(None), shown({"a": 1}), shown("x" * 1000)[-5:], shown(10**5000)
    ("'5'", 'true', 'null', 'an object', 'xx...', 'a number of more than 60 digits')
    """
    if value is None or isinstance(value, bool):
        return str(value).lower().replace("none", "null")
    if isinstance(value, str):
        return repr(value) if len(value) <= 60 else f"{value[:57]!r}".removesuffix("'") + "..."
    if isinstance(value, int):
        # Python refuses to write integers of more than 4,300 digits.
        return str(value) if abs(value) < 10**60 else "a number of more than 60 digits"
    named = {dict: "an object", list: "a list", float: str(value) if isinstance(value, float) else ""}
    return named.get(type(value), f"a {type(value).__name__}")


def in_document_order(document: object, faults: Iterable[Fault]) -> list[Fault]:
    """Faults as they stand in the document; what is missing comes last in its object.

    >>> faults = [Fault("/c", "missing"), Fault("/a/1", ""), Fault("/a/0/x", ""), Fault("/b", "")]
    >>> [fault.pointer for fault in in_document_order({"b": 1, "a": [{"x": 1}, 2]}, faults)]
    ['/b', '/a/0/x', '/a/1', '/c']
    """
    # The keys of an object in their order, by the object's identity: an object may have many faults.
    orders: dict[int, dict[str, int]] = {}
    return sorted(faults, key=lambda fault: _place(document, fault.pointer, orders))


def _place(document: Any, pointer: str, orders: dict[int, dict[str, int]]) -> tuple[int, ...]:
    place = []
    for part in pointer.split("/")[1:]:
        if isinstance(document, list | tuple):
            place.append(int(part))
            document = document[int(part)]
        elif isinstance(document, dict):
            if id(document) not in orders:
                orders[id(document)] = {escape(key): index for index, key in enumerate(document)}
            place.append(orders[id(document)].get(part, len(document)))
            document = document.get(part)
    return tuple(place)
