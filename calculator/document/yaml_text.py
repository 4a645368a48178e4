"""YAML as this product reads it: the core schema of YAML 1.2, digit groups in numbers, no key twice, no aliases."""

import re
from collections.abc import Callable
from typing import Any

import yaml
from yaml.constructor import ConstructorError
from yaml.events import AliasEvent
from yaml.nodes import MappingNode, Node, ScalarNode

# A number in any format has fewer digits than this.
MAX_DIGITS = 400
# Texts, numbers, lists and tables, keys among them. YAML is read value by value in Python, and takes its time for each.
MAX_VALUES = 60_000

_DIGITS = "[0-9]+(?:_[0-9]+)*"
_BOOL = re.compile(r"(?:true|True|TRUE|false|False|FALSE)\Z")
_NULL = re.compile(r"(?:~|null|Null|NULL|)\Z")
_INT = re.compile(rf"[-+]?{_DIGITS}\Z")
_FLOAT = re.compile(rf"[-+]?(?:{_DIGITS}(?:\.(?:{_DIGITS})?)?|\.{_DIGITS})(?:[eE][-+]?[0-9]+)?\Z")
_NOT_A_NUMBER = re.compile(r"[-+]?\.(?:inf|Inf|INF|nan|NaN|NAN)\Z")


class Loader(yaml.SafeLoader):
    """A safe loader in which `on` and `no` are words, `3e7` and `30_000_000` are numbers."""

    yaml_implicit_resolvers: dict[str | None, list[tuple[str, Any]]] = {}  # noqa: RUF012  PyYAML's own way

    values_left = MAX_VALUES

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        """An alias can make a small text into a huge document, and a tag a text into anything, so there are none."""
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]
        mark = event.start_mark
        self.values_left -= 1
        if self.values_left < 0:
            problem = f"more than {MAX_VALUES:,} values; as JSON a document may have more"
            raise ConstructorError(None, None, problem, mark)
        if isinstance(event, AliasEvent):
            raise ConstructorError(None, None, "aliases are not read", mark)
        if getattr(event, "tag", None) is not None:
            raise ConstructorError(None, None, f"the tag {event.tag!r} is not read", mark)
        return super().compose_node(parent, index)


def _mapping(loader: Loader, node: MappingNode) -> dict[str, Any]:
    table: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, str):
            raise ConstructorError(None, None, "expected a text as key", key_node.start_mark)
        if key in table:
            raise ConstructorError(None, None, f"the key {key[:60]!r} stands twice", key_node.start_mark)
        table[key] = loader.construct_object(value_node, deep=True)
    return table


def _number(loader: Loader, node: ScalarNode) -> int | float:
    digits = node.value.replace("_", "")
    if len(digits) > MAX_DIGITS:
        raise ConstructorError(None, None, f"a number of {len(digits)} digits", node.start_mark)
    return int(digits) if _INT.match(digits) else float(digits)


def _refuse(loader: Loader, node: ScalarNode) -> None:
    raise ConstructorError(None, None, f"{node.value} is not a number", node.start_mark)


_CONSTRUCTORS: dict[str, Callable[..., Any]] = {
    "bool": lambda loader, node: node.value.lower() == "true",
    "null": lambda loader, node: None,
    "int": _number,
    "float": _number,
    "nan": _refuse,
    "map": _mapping,
}
for _name, _construct in _CONSTRUCTORS.items():
    Loader.add_constructor(f"tag:yaml.org,2002:{_name}", _construct)
for _name, _pattern, _first in (
    ("bool", _BOOL, "tTfF"),
    ("null", _NULL, ["~", "n", "N", ""]),
    ("int", _INT, "-+0123456789"),
    ("float", _FLOAT, "-+.0123456789"),
    ("nan", _NOT_A_NUMBER, "-+."),
):
    Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_name}", _pattern, list(_first))
