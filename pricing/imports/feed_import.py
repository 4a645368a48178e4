"""The survey of AWS's price feeds becomes the compressed files that `feeds.py` reads.

`python -m pricing.imports.feed_import PRICE_FEED.jsonl.gz [DIRECTORY]`
"""

import csv
import gzip
import io
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

from pricing.catalogue.feeds import FEEDS, GLOBAL, HEADER, INDEX_HEADER
from pricing.errors import ImportFailed

REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-[0-9]+")
# "EU (London) (Instance Type: r5.large, Multi-AZ: yes)": a location, then what tells this price from the others.
PLACE = re.compile(r"(?P<location>[^()]+ \([^()]+\))(?: \((?P<rest>.*)\))?")
# https://docs.aws.amazon.com/general/latest/gr/rande.html, in the words that the feeds use.
LOCATIONS = {
    "AWS GovCloud (US)": "us-gov-west-1",
    "AWS GovCloud (US-East)": "us-gov-east-1",
    "Africa (Cape Town)": "af-south-1",
    "Asia Pacific (Hong Kong)": "ap-east-1",
    "Asia Pacific (Hyderabad)": "ap-south-2",
    "Asia Pacific (Jakarta)": "ap-southeast-3",
    "Asia Pacific (Malaysia)": "ap-southeast-5",
    "Asia Pacific (Melbourne)": "ap-southeast-4",
    "Asia Pacific (Mumbai)": "ap-south-1",
    "Asia Pacific (Osaka)": "ap-northeast-3",
    "Asia Pacific (Seoul)": "ap-northeast-2",
    "Asia Pacific (Singapore)": "ap-southeast-1",
    "Asia Pacific (Sydney)": "ap-southeast-2",
    "Asia Pacific (Taipei)": "ap-east-2",
    "Asia Pacific (Thailand)": "ap-southeast-7",
    "Asia Pacific (Tokyo)": "ap-northeast-1",
    "Canada (Central)": "ca-central-1",
    "Canada West (Calgary)": "ca-west-1",
    "EU (Frankfurt)": "eu-central-1",
    "EU (Ireland)": "eu-west-1",
    "EU (London)": "eu-west-2",
    "EU (Milan)": "eu-south-1",
    "EU (Paris)": "eu-west-3",
    "EU (Spain)": "eu-south-2",
    "EU (Stockholm)": "eu-north-1",
    "EU (Zurich)": "eu-central-2",
    "Israel (Tel Aviv)": "il-central-1",
    "Mexico (Central)": "mx-central-1",
    "Middle East (Bahrain)": "me-south-1",
    "Middle East (UAE)": "me-central-1",
    "South America (Sao Paulo)": "sa-east-1",
    "US East (N. Virginia)": "us-east-1",
    "US East (Ohio)": "us-east-2",
    "US West (N. California)": "us-west-1",
    "US West (Oregon)": "us-west-2",
}


def place_of(region: str) -> tuple[str, str] | None:
    """The region that a price is of and what else its place says; None for a local zone, a country or nothing.

    >>> place_of("EU (London) (country: Andorra)"), place_of("Any"), place_of("US East (Dallas)")
    (('eu-west-2', 'country: Andorra'), ('global', ''), None)
    """
    if REGION.fullmatch(region):
        return region, ""
    if region == "Any":
        return GLOBAL, ""
    found = PLACE.fullmatch(region)
    if found is None or found["location"] not in LOCATIONS:
        return None
    return LOCATIONS[found["location"]], found["rest"] or ""


def read_feeds(lines: Iterable[str]) -> tuple[dict[str, dict[tuple[str, str], str]], dict[str, str], Counter[str]]:
    """Prices by (metric, region) of each feed, the day of each feed, and what was left out by reason.

    Raises ImportFailed with the line at fault.
    """
    feeds: dict[str, dict[tuple[str, str], str]] = {}
    days: dict[str, str] = {}
    left_out: Counter[str] = Counter()
    for number, line in enumerate(lines, 1):
        try:
            record = json.loads(line)
            feed, place = record["feed"], place_of(record["region"])
            usd = f"{Decimal(record['usd']).normalize():f}"
            days[feed] = record["as_of"][:10]
        except (ValueError, KeyError, ArithmeticError) as error:
            raise ImportFailed(f"line {number}: {error!r}") from error
        if place is None:
            left_out["no region: a local zone, a country or a geography"] += 1
            continue
        metric = f"{record['metric']} ({place[1]})" if place[1] else record["metric"]
        prices = feeds.setdefault(feed, {})
        if prices.setdefault((metric, place[0]), usd) != usd:
            # Two prices under one name cannot be told apart: neither may be taken for the other.
            prices[metric, place[0]] = ""
    for prices in feeds.values():
        unclear = [name for name, usd in prices.items() if not usd]
        left_out["two prices under one name"] += len(unclear)
        for name in unclear:
            del prices[name]
    return feeds, days, left_out


def write_feeds(lines: Iterable[str], into: Path) -> str:
    """Write a file for each feed and the index of all metrics; answers what was written, in words."""
    feeds, days, left_out = read_feeds(lines)
    into.mkdir(parents=True, exist_ok=True)
    index: list[list[str]] = []
    for feed, prices in sorted(feeds.items()):
        _write(into / f"{feed}.csv.gz", HEADER, [[*name, usd] for name, usd in sorted(prices.items())])
        regions = Counter(metric for metric, _ in prices)
        index += [[feed, metric, days[feed], str(count)] for metric, count in sorted(regions.items())]
    _write(into / "metrics.csv.gz", INDEX_HEADER, index)
    told = [f"{len(feeds)} feeds, {len(index)} metrics, {sum(map(len, feeds.values()))} prices"]
    return "\n".join([*told, *(f"left out: {count} {reason}" for reason, count in sorted(left_out.items()))])


def _write(path: Path, header: list[str], rows: list[list[str]]) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([header, *rows])
    # mtime=0: the same prices give the same bytes.
    path.write_bytes(gzip.compress(text.getvalue().encode(), 9, mtime=0))


if __name__ == "__main__":
    with gzip.open(sys.argv[1], "rt", encoding="utf-8") as source:
        sys.stdout.write(write_feeds(source, Path(sys.argv[2]) if len(sys.argv) > 2 else FEEDS) + "\n")
