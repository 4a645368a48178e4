"""How far a price can be trusted: the document that a reader can open, and whether anybody read the price there."""

import re

ADDRESS = re.compile(r"https?://[^\s;,()]+(?:\([^\s;,()]*\)[^\s;,()]*)*")
UNVERIFIED = "unverified"
# Between the document that a price stands in and one in which it was seen later.
LATER = "; seen again later in: "


def link_of(source: str) -> str:
    """The address of the document that a source names; empty where it names none.

    >>> link_of("AWS's price list of 2026-09-01: https://aws.amazon.com/sqs/pricing/ (a copy)")
    'https://aws.amazon.com/sqs/pricing/'
    >>> link_of("the document itself")
    ''
    """
    found = ADDRESS.search(source)
    return found[0].rstrip(".:") if found else ""


def is_verified(source: str) -> bool:
    """Whether the first document that a source names was itself read.

    >>> is_verified("https://aws.amazon.com/pricing/ (unverified: as a third party quotes it)")
    False
    """
    return UNVERIFIED not in source.partition(LATER)[0]
