"""Rules between components: each is one small function that looks at an architecture and yields what breaks it.

A rule's name is the id of its findings, the first line of its docstring their title. Every function that `rule` has
made one, in any module of this folder, is asked.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import FunctionType
from typing import Any, NamedTuple, TypeAlias, cast

from calculator.rules.view import View

ERROR, WARNING, INFO = "error", "warning", "info"


class Breach(NamedTuple):
    """Where a rule is broken: the components on the path, and the numbers in words.

    `instead` is a document that would cost less; a breach that has one is told only where it does. `remedy` is what to
    do where that of the rule is of no use.
    """

    severity: str
    path: tuple[str, ...]
    numbers: str
    instead: Mapping[str, Any] | None = None
    remedy: str | None = None


Finder: TypeAlias = Callable[[View], Iterable[Breach]]


class Rule(NamedTuple):
    """What is known of a rule: why it holds, what to do, and where that is known from."""

    id: str
    title: str
    why: str
    remedy: str
    source: str
    checked: str
    find: Finder

    @property
    def finds_errors(self) -> bool:
        """Whether a breach of it may be an error."""
        return "ERROR" in cast(FunctionType, self.find).__code__.co_names


def rule(*, why: str, remedy: str, source: str, checked: str) -> Callable[[Finder], Rule]:
    """Make a rule of a function."""

    def made(find: Finder) -> Rule:
        title = (find.__doc__ or "").strip().partition("\n")[0].rstrip(".")
        return Rule(find.__name__, title, why, remedy, source, checked, find)

    return made


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule of every module of this folder, by id.

    >>> all(one.id and one.title for one in all_rules())
    True
    """
    modules = (import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__))
    return tuple(sorted(_rules_of(modules), key=lambda one: one.id))


def _rules_of(modules: Iterable[Any]) -> Iterator[Rule]:
    for module in modules:
        yield from (value for value in vars(module).values() if isinstance(value, Rule))
