"""What a survey calls its sources becomes the public document that a reader can open."""

import re
from collections.abc import Mapping
from functools import cache

import tomli

from pricing.catalogue.catalogue import DATA
from pricing.prices.sourcing import LATER

DOCUMENTS = DATA / "documents" / "sources.toml"
# Between the document that a rate is read from and the one that it was seen in later.
BOTH = "+"


def document_of(words: str) -> str:
    """The words for a source in a rate file: its document with an address; unchanged where none is known.

    >>> document_of("aws.amazon.com/lambda/pricing (public mirror, 2026)")
    'https://aws.amazon.com/lambda/pricing/ (a copy of 2026)'
    >>> document_of("AWS feed")
    'AWS feed'
    """
    for pattern, says in _documents():
        found = pattern.search(words)
        if found:
            return says.format(*found.groups())
    return words


def named(key: str, sources: Mapping[str, str]) -> str:
    """The words for a source by its key; those of both where a later source confirms a document.

    >>> named("S1+S2", {"S1": "a feed", "S2": "a list"})
    'a feed; seen again later in: a list'
    """
    first, _, later = key.partition(BOTH)
    return f"{sources[first]}{LATER}{sources[later]}" if later else sources[first]


@cache
def _documents() -> tuple[tuple[re.Pattern[str], str], ...]:
    entries = tomli.loads(DOCUMENTS.read_text(encoding="utf-8"))["document"]
    return tuple((re.compile(entry["survey"]), entry["says"]) for entry in entries)
