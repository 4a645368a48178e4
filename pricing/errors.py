"""The errors of the product, one class for each thing a caller can do about it.

StackmeterError
├── CatalogueError        a data file is wrong: file, key, what was expected
├── InvalidDocument       the document cannot be computed: every fault with its JSON Pointer
├── RateNotFound          no price is known for a meter, in a region, on a day
├── SweepTooLarge         more scenarios were asked than fit
├── ImportFailed          a file of prices or infrastructure cannot be read: where and why
├── NotFound              what was asked for does not exist
└── Conflict              somebody else changed it meanwhile
"""

from collections.abc import Iterable
from dataclasses import dataclass


class StackmeterError(Exception):
    """Anything this product refuses to do, with a sentence that says why."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong in a document, and where.

    >>> Fault("/components/0/type", "expected a component type").pointer
    '/components/0/type'
    """

    pointer: str
    detail: str

    def __str__(self) -> str:
        return f"{self.pointer or '/'}: {self.detail}"


class _Faulty(StackmeterError):
    """An error that carries every fault at once."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(str(fault) for fault in self.faults))


class InvalidDocument(_Faulty):
    """The document cannot be computed; `faults` lists everything that is wrong.

    >>> str(InvalidDocument([Fault("/region", "missing"), Fault("/components", "missing")]))
    '/region: missing; /components: missing'
    """


class RateNotFound(_Faulty):
    """No price is known for a used meter; `faults` names component, meter, region and day."""


class CatalogueError(StackmeterError):
    """A data file is wrong. Found by tests, not by users."""


class SweepTooLarge(StackmeterError):
    """More scenarios were asked for than the sweep allows."""


class ImportFailed(StackmeterError):
    """A file from elsewhere cannot be read."""


class NotFound(StackmeterError):
    """What was asked for does not exist."""


class Conflict(StackmeterError):
    """The thing was changed by somebody else since it was read."""
