"""JSON and YAML text to a document: strict about what the formats leave open (duplicate keys, NaN, depth)."""

import json
import math
from typing import Any, Literal

from pricing.errors import Fault, InvalidDocument

MAX_DEPTH = 64
# Beyond this a number is no quantity anybody has; Python refuses to convert integers of more than 4,300 digits.
MAX_DIGITS = 400
# The longest document that is read, in characters: a thousand components with all that can be said of them are fewer.
MAX_LENGTH = {"json": 4_000_000, "yaml": 1_000_000}


def read_document(text: str | bytes, *, format: Literal["json", "yaml"] = "json") -> object:
    """The document that a text holds, still unchecked.

    Raises InvalidDocument (pointer "") for what is not JSON or YAML, duplicate keys, NaN and infinities, nesting
    deeper than 64, text that is not UTF-8, and what is longer than a document can be.

    >>> read_document('{"requests": 3e7}')
    {'requests': 30000000.0}
    >>> read_document("requests: 30_000_000", format="yaml")
    {'requests': 30000000}
    """
    if len(text) > MAX_LENGTH[format]:
        raise _refusal(f"expected at most {MAX_LENGTH[format]:,} characters of {format.upper()}")
    try:
        # Some editors begin a file with a byte order mark.
        source = (text.decode("utf-8") if isinstance(text, bytes) else text).removeprefix("\ufeff")
        document = _read_yaml(source) if format == "yaml" else _read_json(source)
        _refuse_strange(document, 0)
    except UnicodeDecodeError:
        raise _refusal("expected text in UTF-8") from None
    except RecursionError:
        raise _refusal(f"nested too deeply; at most {MAX_DEPTH} levels") from None
    except ValueError as error:
        raise _refusal(f"not {format.upper()}: {error}") from None
    return document


def _refusal(detail: str) -> InvalidDocument:
    return InvalidDocument([Fault("", detail)])


def _read_json(text: str) -> object:
    return json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant, parse_int=_whole)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise ValueError(f"the key {_short(key)} stands twice")
            seen.add(key)
    return table


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number")


def _whole(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise ValueError(f"a number of {len(digits)} digits")
    return int(digits)


def _refuse_strange(value: object, depth: int) -> None:
    """Refuse what JSON and YAML can say but no database or answer can hold: deep nesting, half characters, NUL."""
    if depth > MAX_DEPTH:
        raise RecursionError
    if isinstance(value, dict):
        for key, inner in value.items():
            _refuse_strange(key, depth)
            _refuse_strange(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            _refuse_strange(inner, depth + 1)
    elif isinstance(value, str):
        _refuse_strange_text(value)
    elif isinstance(value, float) and not math.isfinite(value):
        raise ValueError("a number is too large to be held")


def _refuse_strange_text(text: str) -> None:
    if "\0" in text:
        raise ValueError("text holds the character NUL")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise ValueError("text holds one half of a surrogate pair") from None


def _short(key: str) -> str:
    return repr(key) if len(key) <= 60 else repr(key[:57]) + "..."


def _read_yaml(text: str) -> object:
    # Imported here because the command must start fast and mostly reads JSON.
    import yaml

    from calculator.document.yaml_text import Loader

    try:
        return yaml.load(text, Loader)  # noqa: S506  a safe loader, stricter than SafeLoader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f": line {mark.line + 1} column {mark.column + 1}" if mark else ""
        raise ValueError(f"{error.problem}{where}") from None
    except yaml.YAMLError as error:
        raise ValueError(" ".join(str(error).split())) from None
