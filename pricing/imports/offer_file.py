"""An offer file of the AWS Price List as a whole: who published it and when, and everything that is wrong in it.

The formats are described in "Reading the price list files":
https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/bulk-api-reading-price-list-files.html
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

from pricing.errors import ImportFailed

MOST_FAULTS = 20
FORMAT_VERSION = "v1.0"
# What becomes a file name, a key or a cell of ours must be a plain word: AWS's codes are.
PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


class Faults:
    """What is wrong in one file, each with its place; raised together, the first 20 at most."""

    __slots__ = ("file", "found")

    def __init__(self, file: str) -> None:
        """`file` is the name by which the user knows the file."""
        self.file = file
        self.found: list[str] = []

    def add(self, place: str, detail: str) -> None:
        """Keep a fault. Raises ImportFailed where it is the last one that fits."""
        self.found.append(": ".join(filter(None, (", ".join(filter(None, (self.file, place))), detail))))
        if len(self.found) == MOST_FAULTS:
            self.found.append(f"{self.file}: reading stopped after {MOST_FAULTS} faults")
            self.raise_any()

    def refusal(self, place: str, detail: str) -> ImportFailed:
        """What to raise for a fault after which reading makes no sense: it and all that were found before."""
        self.add(place, detail)
        return ImportFailed("\n".join(self.found))

    def raise_any(self) -> None:
        """Raises ImportFailed with a line for each fault; nothing happens where there is none."""
        if self.found:
            raise ImportFailed("\n".join(self.found))


class Publication(NamedTuple):
    """What an offer file says of itself: the service, the version, and the moment and day of its publication (UTC)."""

    code: str
    version: str
    moment: str
    day: date

    @property
    def source(self) -> str:
        """The key of the source of rates that come from it."""
        return f"{self.code}-{self.version}"

    def __str__(self) -> str:
        return f"AWS Price List, {self.code}, version {self.version}, published {self.moment}"


def read_publication(fields: Mapping[str, str], today: date, faults: Faults) -> Publication:
    """The publication that the head of an offer file names. Raises ImportFailed with all that is wrong in the head.

    >>> head = {"formatVersion": "v1.0", "offerCode": "AWSLambda", "version": "20260831170000"}
    >>> str(read_publication(head | {"publicationDate": "2026-08-31T17:00:00Z"}, date(2026, 9, 1), Faults("f")).day)
    '2026-08-31'
    """
    if fields.get("formatVersion") != FORMAT_VERSION:
        faults.add("FormatVersion", f"expected {FORMAT_VERSION}, not {fields.get('formatVersion', '')!r}")
    for key in ("offerCode", "version"):
        if not PLAIN.fullmatch(fields.get(key, "")):
            faults.add(key, f"expected a code, not {fields.get(key, '')!r}")
    moment = fields.get("publicationDate", "")
    day = _day_of(moment, today, faults)
    faults.raise_any()
    return Publication(fields["offerCode"], fields["version"], moment, day)


def _day_of(moment: str, today: date, faults: Faults) -> date:
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        faults.add("publicationDate", f"expected a moment such as 2026-08-31T17:00:00Z, not {moment!r}")
        return today
    day = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC).date()
    if day > today:
        faults.add("publicationDate", f"expected a day up to today ({today}), not {day}")
    return day


def is_json(path: Path) -> bool:
    """Whether a file starts like a JSON object. Raises ImportFailed where it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(64).removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{"
    except OSError as error:
        raise ImportFailed(f"{path.name}: cannot be read: {error.strerror or error}") from error
