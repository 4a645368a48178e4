"""The prices in force in a region on a day, and what a pool of usage costs: less the free tier, through the tiers."""

import csv
import json
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from pricing.catalogue import feeds
from pricing.catalogue.catalogue import DATA, FreeTier, Meter, digest, meter_named
from pricing.errors import CatalogueError
from pricing.formula.language import Number, maximum, ratio, tiered
from pricing.prices import history

# The component type of the user's own amounts.
OWN = "custom_line"
# They hold on every day, and are of the day that is asked for.
EVER = date.min
HEADER = ["meter", "region", "effective", "above", "price", "source", "checked", "rate_code"]


class Tier(NamedTuple):
    """From `above` units on, one unit costs `price`. [USD]"""

    above: Decimal
    price: Decimal
    rate_code: str = ""


class Rate(NamedTuple):
    """The price of one meter in one region from one day on, seen last on `checked` in `source` (its words).

    It is `derived` where it is asked for on a day before `effective`, and nothing says that it was another then.
    """

    meter: str
    region: str
    effective: date
    checked: date
    source: str
    tiers: tuple[Tier, ...]
    bands: tuple[tuple[Decimal, Decimal | None, Decimal], ...]
    float_bands: tuple[tuple[float, float, float], ...]
    derived: bool = False


def rate_of(tiers: Iterable[Tier], **given: str | date) -> Rate:
    """A rate made of its tiers, for a price list or a test.

    >>> rate_of([Tier(Decimal(0), Decimal("0.4"))], meter="m.x", region="r", source="", effective=date.min,
    ...         checked=date.min).bands
    ((Decimal('0'), None, Decimal('0.4')),)
    """
    ordered = tuple(tiers)
    ends: list[Decimal | None] = [*(tier.above for tier in ordered[1:]), None]
    bands = tuple((tier.above, end, tier.price) for tier, end in zip(ordered, ends, strict=True))
    floats = tuple((float(a), float("inf") if b is None else float(b), float(price)) for a, b, price in bands)
    return Rate(tiers=ordered, bands=bands, float_bands=floats, **given)  # type: ignore[arg-type]


@lru_cache(maxsize=65_536)
def rates_of(meter: str, region: str, overlay: Path | None = None) -> tuple[Rate, ...]:
    """All rates of a meter in a region, the oldest first; none where no price is known.

    `overlay` is a folder of imported prices: a rate file there takes the place of the packaged one.

    >>> [len(rate.tiers) for rate in rates_of("sqs_queue.requests", "us-east-1")]
    [3]
    """
    type_name, _, name = meter.partition(".")
    if type_name == feeds.TYPE:
        return _feed_rates(meter, name, region)
    if type_name == OWN:
        return (_own_rate(meter, region),)
    by_day: dict[date, list[list[str]]] = {}
    for row in _rows(type_name, overlay).get((name, region), ()):
        by_day.setdefault(date.fromisoformat(row[2]), []).append(row)
    known = sources(overlay)
    return tuple(_rate(meter, region, day, rows, known) for day, rows in sorted(by_day.items()))


def regions_of(meter: str, overlay: Path | None = None) -> tuple[str, ...]:
    """The regions in which a price of the meter is known, sorted.

    >>> "us-east-1" in regions_of("sqs_queue.requests")
    True
    """
    type_name, _, name = meter.partition(".")
    if type_name == feeds.TYPE:
        return tuple(sorted(feeds.prices(name)))
    if type_name == OWN:
        return ("global",)
    return tuple(sorted(region for known, region in _rows(type_name, overlay) if known == name))


def find_rate(meter: str, region: str, as_of: date, overlay: Path | None = None) -> Rate | None:
    """The rate in force on a day: the newest one effective by then; None where none is known.

    From 2021 on what is not known to have changed is taken to have cost the same (pricing/prices/history.py).

    >>> find_rate("sqs_queue.requests", "us-east-1", date(2015, 1, 1)) is None
    True
    >>> find_rate("sqs_queue.requests", "us-east-1", date(2022, 1, 1)).derived
    True
    """
    rates = rates_of(meter, region, overlay)
    in_force = [rate for rate in rates if rate.effective <= as_of]
    if in_force:
        return in_force[-1] if in_force[-1].checked != EVER else in_force[-1]._replace(effective=as_of, checked=as_of)
    if rates and known_since(meter, region, overlay)[0] <= as_of:
        return rates[0]._replace(derived=True)
    return None


def known_since(meter: str, region: str, overlay: Path | None = None) -> tuple[date, str]:
    """The first day on which a meter has a price in a region, and what AWS changed then; `date.max`: it has none.

    >>> known_since("lambda_function.requests_arm64", "eu-west-1")[0].isoformat()
    '2021-09-29'
    """
    rates = rates_of(meter, region, overlay)
    if not rates:
        return date.max, ""
    if rates[0].effective <= history.HELD_BACK_TO:
        return rates[0].effective, ""
    return history.holds_from(meter_named(meter).published, region, rates[0].effective)


@lru_cache(maxsize=16)
def sources(overlay: Path | None = None) -> Mapping[str, str]:
    """The sources of the rates by their key, those of an overlay too."""
    files = [DATA / "rates" / "sources.json", *([overlay / "rates" / "sources.json"] if overlay else [])]
    known: dict[str, str] = {}
    for file in files:
        if file.is_file():
            known |= json.loads(file.read_text(encoding="utf-8"))
    return MappingProxyType(known)


def forget() -> None:
    """Read prices anew from now on, because rate files of a folder have been written.

    >>> forget(); rates_of.cache_info().currsize
    0
    """
    for remembered in (rates_of, sources, _rows, digest):
        remembered.cache_clear()


def _feed_rates(meter: str, name: str, region: str) -> tuple[Rate, ...]:
    prices = feeds.prices(name)
    price = prices.get(region, prices.get(feeds.GLOBAL))
    if price is None:
        return ()
    metric = feeds.metric_named(name)
    source = feeds.source_of(metric.feed)
    seen = metric.as_of
    tiers = [Tier(Decimal(0), price)]
    return (rate_of(tiers, meter=meter, region=region, effective=seen, checked=seen, source=source),)


def _own_rate(meter: str, region: str) -> Rate:
    """What has no published price is counted in USD by the document itself: a dollar costs a dollar, from ever."""
    tiers = [Tier(Decimal(0), Decimal(1))]
    return rate_of(tiers, meter=meter, region=region, effective=EVER, checked=EVER, source="the document itself")


class Pool(NamedTuple):
    """The usage of one meter by all components in one region, and what is billed for it.

    `billable` is the usage less the free tier, `cost` what that costs. [USD] `unit_cost` hands the cost back pro rata.
    """

    meter: Meter
    rate: Rate
    usage: Number
    billable: Number
    cost: Number
    unit_cost: Number
    allowance: "Allowance | None"


class Allowance(NamedTuple):
    """What is left of a free tier, in units of the meters that it covers, and the usage that it is shared by."""

    tier: FreeTier
    left: Number
    covered: Number
    shared: bool


def price_pool(meter: Meter, rate: Rate, usage: Number, allowance: Allowance | None) -> Pool:
    """The price of a pool: usage less its share of the free tier, through the tiers.

    A free tier is shared pro rata by the pools that it covers. The rule runs on every kind of number.
    """
    if allowance is None:
        billable = usage
    elif allowance.shared:
        billable = usage * ratio(maximum(allowance.covered - allowance.left, 0), allowance.covered)
    else:
        billable = maximum(usage - allowance.left, 0)
    cost = tiered(billable, rate)
    return Pool(meter, rate, usage, billable, cost, ratio(cost, usage), allowance)


@lru_cache(maxsize=512)
def _rows(type_name: str, overlay: Path | None = None) -> Mapping[tuple[str, str], list[list[str]]]:
    """The rows of a type's rate file by meter and region. Raises CatalogueError for one that is wrong."""
    path = rate_file(type_name, overlay)
    rows: dict[tuple[str, str], list[list[str]]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        if next(reader, None) != HEADER:
            raise CatalogueError(f"rates/{path.name}: expected the header {','.join(HEADER)}")
        for row in reader:
            if len(row) != len(HEADER):
                raise CatalogueError(f"rates/{path.name}, line {reader.line_num}: expected {len(HEADER)} columns")
            rows.setdefault((row[0], row[1]), []).append(row)
    return rows


def rate_file(type_name: str, overlay: Path | None = None) -> Path:
    """The rate file of a type: that of the overlay if it has one, else the packaged one.

    >>> rate_file("sqs_queue").name
    'sqs_queue.csv'
    """
    imported = overlay / "rates" / f"{type_name}.csv" if overlay else None
    return imported if imported and imported.is_file() else DATA / "rates" / f"{type_name}.csv"


def _rate(meter: str, region: str, effective: date, rows: list[list[str]], known: Mapping[str, str]) -> Rate:
    try:
        tiers = [Tier(Decimal(row[3]), Decimal(row[4]), row[7]) for row in rows]
        checked = date.fromisoformat(rows[0][6])
    except (ArithmeticError, ValueError) as error:
        raise CatalogueError(f"rates of {meter} in {region}, {effective}: {error!r}") from error
    above = [tier.above for tier in tiers]
    if above[0] != 0 or above != sorted(set(above)):
        raise CatalogueError(f"rates of {meter} in {region}, {effective}: tiers must start at 0 and rise")
    source = known.get(rows[0][5], rows[0][5])
    return rate_of(tiers, meter=meter, region=region, effective=effective, checked=checked, source=source)
