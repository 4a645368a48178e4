"""Meters found by words: those of the component types, and those of AWS's price feeds, which `metered_usage` bills."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from pricing.catalogue import feeds
from pricing.catalogue.catalogue import Meter, component_type, component_types
from pricing.prices.pricelist import rates_of, regions_of


class Found(NamedTuple):
    """A meter that a component of `type` uses; where `inputs` says some, it must have these.

    `places` is the number of places with a price: regions, geographies of CloudFront, or 1 for a price that holds
    everywhere; `as_of` the newest day on which one of these prices was seen.
    """

    name: str
    type: str
    inputs: Mapping[str, str]
    title: str
    unit: str
    places: int
    as_of: date


def find_meters(words: str, *, type_name: str = "", limit: int = 20) -> tuple[tuple[Found, ...], int]:
    """The meters whose name or title holds every word, and how many they are in all; `type_name`: of this type only.

    Those of the component types come first, then those of the price feeds, the shortest names before longer ones.

    >>> found, total = find_meters("queue fifo", type_name="sqs_queue")
    >>> found[0].name, total
    ('sqs_queue.fifo_requests', 1)
    >>> find_meters("rekognition", limit=1)[0][0].type
    'metered_usage'
    """
    own = [meter for meter, text in _own_meters() if type_name in ("", meter.type) and _holds(text, words)]
    own.sort(key=lambda meter: (len(meter.full_name), meter.full_name))
    published = feeds.search(words, limit=len(feeds.metrics())) if type_name in ("", feeds.TYPE) else ()
    found = [_own(meter) for meter in own[:limit]]
    found += [_published(each) for each in published[: limit - len(found)]]
    return tuple(found), len(own) + len(published)


def _holds(text: str, words: str) -> bool:
    return all(word in text for word in words.casefold().split())


@lru_cache(maxsize=1)
def _own_meters() -> tuple[tuple[Meter, str], ...]:
    return tuple(_with_text())


def _with_text() -> Iterator[tuple[Meter, str]]:
    """Each meter of a type's own, and the text in which words are looked for."""
    for name in component_types():
        kind = component_type(name)
        for meter in kind.meters.values():
            if meter.published:  # the amounts of users have no price to be found
                yield meter, f"{meter.full_name} {kind.title} {meter.title}".casefold()


def _own(meter: Meter) -> Found:
    places = regions_of(meter.full_name)
    seen = max((rate.checked for place in places for rate in rates_of(meter.full_name, place)), default=date.min)
    return Found(meter.full_name, meter.type, {}, meter.title, meter.unit, len(places), seen)


def _published(found: feeds.Metric) -> Found:
    inputs = {"service": found.feed, "metric": found.metric}
    return Found(f"{feeds.TYPE}.{found.name}", feeds.TYPE, inputs, found.metric, "unit", found.regions, found.as_of)
