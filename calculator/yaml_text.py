"""YAML as this product reads it: the core schema of YAML 1.2, digit groups in numbers, no key twice, no aliases."""

import re
from typing import Any

import yaml
from yaml.constructor import ConstructorError
from yaml.events import AliasEvent
from yaml.nodes import MappingNode, Node

_BOOL = re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$")
_NULL = re.compile(r"^(?:~|null|Null|NULL|)$")
_INT = re.compile(r"^[-+]?[0-9][0-9_]*$")
_FLOAT = re.compile(r"^[-+]?(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9][0-9_]*)(?:[eE][-+]?[0-9]+)?$")
_NOT_A_NUMBER = re.compile(r"^[-+]?\.(?:inf|Inf|INF|nan|NaN|NAN)$")
_DATE = re.compile(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")


class Loader(yaml.SafeLoader):
    """A safe loader in which `on` and `no` are words, `3e7` and `30_000_000` are numbers."""

    yaml_implicit_resolvers: dict[str | None, list[tuple[str, Any]]] = {}  # noqa: RUF012  PyYAML's own way

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        """An alias can make a small text into a huge document, so there are none."""
        if self.check_event(AliasEvent):
            raise ConstructorError(None, None, "aliases are not read", self.peek_event().start_mark)
        return super().compose_node(parent, index)


def _mapping(loader: Loader, node: MappingNode) -> dict[str, Any]:
    table: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, str):
            raise ConstructorError(None, None, f"expected a text as key, not {key!r}", key_node.start_mark)
        if key in table:
            raise ConstructorError(None, None, f"the key {key!r} stands twice", key_node.start_mark)
        table[key] = loader.construct_object(value_node, deep=True)
    return table


def _number(loader: Loader, node: Any) -> int | float:
    digits = loader.construct_scalar(node).replace("_", "")
    if len(digits) > 400:
        raise ConstructorError(None, None, f"a number of {len(digits)} digits", node.start_mark)
    return int(digits) if _INT.match(digits) else float(digits)


def _refuse(loader: Loader, node: Any) -> None:
    raise ConstructorError(None, None, f"{node.value} is not a number", node.start_mark)


for _tag, _pattern, _first in (
    ("tag:yaml.org,2002:bool", _BOOL, "tTfF"),
    ("tag:yaml.org,2002:null", _NULL, ["~", "n", "N", ""]),
    ("tag:yaml.org,2002:int", _INT, "-+0123456789"),
    ("tag:yaml.org,2002:str", _DATE, "0123456789"),
    ("tag:yaml.org,2002:float", _FLOAT, "-+.0123456789"),
    ("tag:stackmeter,2026:nan", _NOT_A_NUMBER, "-+."),
):
    Loader.add_implicit_resolver(_tag, _pattern, list(_first))
Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
Loader.add_constructor("tag:yaml.org,2002:int", _number)
Loader.add_constructor("tag:yaml.org,2002:float", _number)
Loader.add_constructor("tag:stackmeter,2026:nan", _refuse)
