"""How far a price can be trusted: the document that a reader can open, and whether anybody read the price there."""

import re

ADDRESS = re.compile(r"https?://[^\s;,()]+(?:\([^\s;,()]*\)[^\s;,()]*)*")
# What an importer of AWS's own files says: AWS keeps every version of them under one address.
OFFER = re.compile(r"AWS Price List, (\w+), version (\d+)")
OFFERS = "https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws"
UNVERIFIED = "unverified"
# Between the document that a price stands in and one in which it was seen later.
LATER = "; seen again later in: "


def link_of(source: str) -> str:
    """The address of the document that a source names; empty where it names none.

    >>> link_of("AWS's price list of 2026-09-01: https://aws.amazon.com/sqs/pricing/ (a copy)")
    'https://aws.amazon.com/sqs/pricing/'
    >>> link_of("AWS Price List, AmazonS3, version 20260831170000, published 2026-08-31")
    'https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/AmazonS3/20260831170000/index.json'
    >>> link_of("the document itself")
    ''
    """
    found = ADDRESS.search(source)
    if found:
        return found[0].rstrip(".:")
    offer = OFFER.match(source)
    return f"{OFFERS}/{offer[1]}/{offer[2]}/index.json" if offer else ""


def is_verified(source: str) -> bool:
    """Whether the first document that a source names was itself read.

    >>> is_verified("https://aws.amazon.com/pricing/ (unverified: as a third party quotes it)")
    False
    """
    return UNVERIFIED not in source.partition(LATER)[0]
