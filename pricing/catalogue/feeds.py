"""Every metric of AWS's published price feeds: found by words, priced by feed, metric and region.

One small compressed file a feed, so that pricing one metric reads one feed; `metrics.csv.gz` is what a search reads.
"""

import csv
import gzip
import io
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from pricing.errors import NotFound

FEEDS = Path(__file__).parents[1] / "data" / "feeds"
HEADER = ["metric", "region", "usd"]
INDEX_HEADER = ["feed", "metric", "as_of", "regions"]
# Where the feeds are kept.
ARCHIVED, ARCHIVE = "2025-06-18", "https://github.com/QuinnyPig/aws-price-watcher/blob/a6645eb2e5/raw"
# The component type whose meters these are.
TYPE = "metered_usage"
# The place of a price that holds everywhere.
GLOBAL = "global"


class Metric(NamedTuple):
    """A metric of a feed, the day of the feed, and in how many regions it has a price."""

    feed: str
    metric: str
    as_of: date
    regions: int

    @property
    def name(self) -> str:
        """The meter's name within `metered_usage`: "rekognition/Group1-ImagesProcessed"."""
        return f"{self.feed}/{self.metric}"


@lru_cache(maxsize=1)
def metrics() -> tuple[Metric, ...]:
    """Every metric of every feed, sorted by feed and metric.

    >>> len({metric.feed for metric in metrics()}) > 200
    True
    """
    rows = _read(FEEDS / "metrics.csv.gz", INDEX_HEADER)
    return tuple(Metric(feed, name, date.fromisoformat(day), int(regions)) for feed, name, day, regions in rows)


def search(words: str, *, limit: int = 50) -> tuple[Metric, ...]:
    """The metrics whose feed or name holds every word, the shortest names first; some feeds have other names, too.

    >>> search("rekognition images")[0].feed, search("elastic transcoder")[0].feed
    ('rekognition', 'ets')
    """
    wanted, called = words.casefold().split(), _also_called()
    texts = ((metric, f"{metric.name} {called.get(metric.feed, '')}".casefold()) for metric in metrics())
    found = [metric for metric, text in texts if all(word in text for word in wanted)]
    return tuple(sorted(found, key=lambda metric: (len(metric.name), metric.name))[:limit])


def metric_named(name: str) -> Metric:
    """The metric "feed/metric". Raises NotFound, with the nearest names that share its words.

    >>> metric_named("rekognition/nothing like it")
    Traceback (most recent call last):
    ...
    pricing.errors.NotFound: no metric 'rekognition/nothing like it'; search for its words
    """
    known = _by_name().get(name)
    if known is None:
        raise NotFound(f"no metric {name!r}; search for its words")
    return known


def source_of(feed: str) -> str:
    """The document that a feed is kept in.

    >>> source_of("swf").rpartition("/")[2]
    'swf.json'
    """
    return f"AWS pricing-page feed {feed}, archived {ARCHIVED}: {ARCHIVE}/{feed}.json"


def prices(name: str) -> Mapping[str, Decimal]:
    """The price of one unit of a metric by region. [USD] Raises NotFound for an unknown metric."""
    metric = metric_named(name)
    return _feed(metric.feed)[metric.metric]


@lru_cache(maxsize=1)
def _also_called() -> dict[str, str]:
    """What people call a service whose feed has another name."""
    with (FEEDS / "also_called.csv").open(encoding="utf-8", newline="") as file:
        return {row["feed"]: row["words"] for row in csv.DictReader(file)}


@lru_cache(maxsize=1)
def _by_name() -> dict[str, Metric]:
    return {metric.name: metric for metric in metrics()}


@lru_cache(maxsize=8)
def _feed(feed: str) -> dict[str, dict[str, Decimal]]:
    table: dict[str, dict[str, Decimal]] = {}
    for metric, region, usd in _read(FEEDS / f"{feed}.csv.gz", HEADER):
        table.setdefault(metric, {})[region] = Decimal(usd)
    return table


def _read(path: Path, header: list[str]) -> Iterator[list[str]]:
    with gzip.open(path, "rb") as packed, io.TextIOWrapper(packed, encoding="utf-8", newline="") as text:
        reader = csv.reader(text)
        if next(reader, None) != header:
            raise ValueError(f"{path.name}: expected the header {','.join(header)}")
        yield from reader
