"""The indexes of the AWS Price List: which offer file holds the prices of a service in a region.

"Reading the service index file" and "Reading the service Region index file":
https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/bulk-api-reading-price-list-files.html
"""

import json
from pathlib import Path
from typing import Any, NamedTuple

from pricing.errors import ImportFailed

INDEX = "/offers/v1.0/aws/index.json"
LARGEST_INDEX = 50_000_000


class Listed(NamedTuple):
    """A file that an index lists: its address, its size [B] and SHA-256 where the index says them."""

    address: str
    size: int | None = None
    sha256: str | None = None


def offer_entries(index: Path) -> dict[str, dict[str, Any]]:
    """The services of the service index by offer code. Raises ImportFailed."""
    return _entries(index, "offers")


def region_entries(index: Path) -> dict[str, dict[str, Any]]:
    """The regions of a service's Region index by region code. Raises ImportFailed."""
    return _entries(index, "regions")


def listed(index: Path, name: str, entry: dict[str, Any], key: str) -> Listed:
    """The file that an entry names under a key such as "currentVersionUrl". Raises ImportFailed.

    >>> listed(Path("index.json"), "AWSLambda", {"currentVersionUrl": "/offers/x.json"}, "currentVersionUrl")
    Listed(address='/offers/x.json', size=None, sha256=None)
    """
    address, size, sha256 = entry.get(key), entry.get("size"), entry.get("sha256")
    if not isinstance(address, str) or not address:
        raise ImportFailed(f"{index}, {name}: expected an address under {key}")
    if not isinstance(size, int | None) or not isinstance(sha256, str | None):
        raise ImportFailed(f"{index}, {name}: expected a size in bytes and a SHA-256 as text")
    return Listed(address, size, sha256 and sha256.lower())


def _entries(index: Path, key: str) -> dict[str, dict[str, Any]]:
    try:
        if index.stat().st_size > LARGEST_INDEX:
            raise ImportFailed(f"{index}: expected an index of at most {LARGEST_INDEX} bytes")
        content = json.loads(index.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise ImportFailed(f"{index}: expected an index in JSON: {error}") from error
    entries = content.get(key) if isinstance(content, dict) else None
    if not isinstance(entries, dict) or not all(isinstance(entry, dict) for entry in entries.values()):
        raise ImportFailed(f"{index}: expected a table of {key}")
    return entries
