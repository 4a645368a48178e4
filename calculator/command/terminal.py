"""What the commands read and write: documents in, text that a terminal can show out."""

import re
import sys
from pathlib import Path
from typing import BinaryIO, Literal

import click

from calculator.architecture import Architecture
from calculator.document.schema import parse
from calculator.document.text import MAX_LENGTH, read_document

# What would move the cursor or recolour a terminal, from a document of somebody else.
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f]")
# Prices that take the place of the packaged ones.
with_prices = click.option(
    "--prices",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="Newer prices: the folder that `stackmeter prices import --into DIR` wrote.",
)


def tell(text: str, *, err: bool = False) -> None:
    """Write text without control characters; what the terminal's encoding lacks is written as its escape."""
    plain = _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", text)
    encoding = getattr(sys.stderr if err else sys.stdout, "encoding", None) or "utf-8"
    click.echo(plain.encode(encoding, "backslashreplace").decode(encoding), err=err)


def read_architecture(file: BinaryIO, prices: Path | None, *, partial: bool = False) -> Architecture:
    """The architecture that a file holds, in JSON or YAML; `partial`: what has no price is listed.

    Raises InvalidDocument.
    """
    # What is longer is refused, and not read to its end.
    text = file.read(max(MAX_LENGTH.values()) + 1)
    document = read_document(text, format=_format_of(getattr(file, "name", ""), text))
    if partial and isinstance(document, dict):
        document["unpriced"] = "list"
    return parse(document, prices=prices)


def _format_of(name: object, text: bytes) -> Literal["json", "yaml"]:
    """The format that a file's name says; else JSON is what starts as an object or a list."""
    if str(name).lower().endswith((".yaml", ".yml")):
        return "yaml"
    return "json" if text.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[") else "yaml"
