"""JSON of any length that is handed on only where reading it takes little memory: nothing deep, no endless text."""

import re
from typing import BinaryIO

# An offer file nests eight deep, and its longest texts have some thousand characters.
MOST_DEEP = 16
LONGEST = 20_000

# A whole text, or one whose end is not there yet.
_TEXT = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|(".*)\Z', re.DOTALL)
_NUMBER = re.compile(rb"[-+.0-9eE]{1000}")
_ALL_BUT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))


class BoundedJson:
    """A file to read from. What a parser would take much memory for ends with a ValueError before it is handed on."""

    __slots__ = ("_depth", "_file", "_text")

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._depth = 0
        self._text = b""

    def read(self, size: int = -1) -> bytes:
        """The next bytes, none at the end. Raises ValueError."""
        chunk = self._file.read(size)
        parts: list[bytes | None] = _TEXT.split(self._text + chunk)
        self._text = parts[-2] or b"" if len(parts) > 1 else b""
        between = b"".join(part or b"" for part in parts[::2])
        if len(self._text) > LONGEST or _NUMBER.search(between):
            raise ValueError(f"a text of more than {LONGEST:,} bytes or a number of more than 1,000 digits")
        self._follow(between.translate(None, delete=_ALL_BUT_BRACKETS))
        return chunk

    def _follow(self, marks: bytes) -> None:
        """How deep the brackets of a chunk lead: what closes in it what it opened is taken out from inside."""
        for _ in range(MOST_DEEP):
            fewer = marks.replace(b"[]", b"").replace(b"{}", b"")
            if len(fewer) == len(marks):
                break
            marks = fewer
        opened = marks.count(b"[") + marks.count(b"{")
        if self._depth + opened > MOST_DEEP:
            raise ValueError(f"nested more than {MOST_DEEP} deep")
        self._depth += 2 * opened - len(marks)
