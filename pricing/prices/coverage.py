"""Where each component type can be priced: how many of its meters have a price, region by region."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from pricing.catalogue.catalogue import component_type, component_types
from pricing.prices.pricelist import known_since, regions_of


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of one type in one region: the meters that have a price and those that do not."""

    type: str
    region: str
    priced: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def extent(self) -> str:
        """How much of it has a price: "all", "some" or "none"."""
        if not self.missing:
            return "all"
        return "some" if self.priced else "none"


@lru_cache(maxsize=1)
def regions() -> tuple[str, ...]:
    """The AWS regions in which any meter has a price, sorted; CloudFront's geographies are not regions.

    >>> "us-east-1" in regions(), len(regions())
    (True, 36)
    """
    known = {
        region
        for name in component_types()
        for meter in component_type(name).meters.values()
        for region in regions_of(meter.full_name)
    }
    return tuple(sorted(region for region in known if is_region(region)))


def is_region(place: str) -> bool:
    """Whether a place of prices is an AWS region: not "global", not a geography of CloudFront.

    >>> is_region("eu-west-1"), is_region("cf:eu"), is_region("global")
    (True, False, False)
    """
    return ":" not in place and place.count("-") >= 2


@lru_cache(maxsize=8)
def coverage(as_of: date) -> Mapping[str, Mapping[str, Coverage]]:
    """By type and region, what can be priced on a day. Meters with one price for all regions count everywhere.

    A type that has no meters of its own is left out: what it uses is priced with the types whose meters they are.

    >>> coverage(date(2026, 9, 1))["sqs_queue"]["us-east-1"].extent
    'all'
    """
    types = [name for name in component_types() if component_type(name).meters]
    return {name: {region: _covered(name, region, as_of) for region in regions()} for name in types}


def _covered(type_name: str, region: str, as_of: date) -> Coverage:
    since = _known_since(type_name, region)
    priced = tuple(meter for meter, day in since.items() if day and day <= as_of)
    return Coverage(type_name, region, priced, tuple(meter for meter in since if meter not in priced))


@lru_cache(maxsize=4096)
def _known_since(type_name: str, region: str) -> Mapping[str, date | None]:
    """The day from which on each meter of a type has a price in a region; None: it has none."""
    return {meter.name: _first_day(meter.full_name, region) for meter in component_type(type_name).meters.values()}


def _first_day(meter: str, region: str) -> date | None:
    places = regions_of(meter)
    # A meter that is priced in places that are no regions is the same for all of them.
    asked = [region] if any(map(is_region, places)) else places
    first = min((known_since(meter, place)[0] for place in asked), default=date.max)
    return None if first == date.max else first
