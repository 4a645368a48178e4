"""The rates that are known, and what a later offer file changes in them: a new rate, or only the day of the check."""

import csv
import json
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from pricing.errors import ImportFailed
from pricing.imports.offer_file import Publication
from pricing.imports.survey import as_csv
from pricing.prices.pricelist import HEADER, Tier

# The rows of a rate by its first day, by meter and place.
Rows = dict[tuple[str, str], dict[str, list[list[str]]]]
# The meters and places that a product priced, by its SKU: one product may price meters of several types.
Known = Mapping[str, Set[tuple[str, str]]]


class Priced(NamedTuple):
    """A price of an offer file as the catalogue has it: a meter at a place, its tiers less the free tier, since when.

    `free` is how many units the file gives away before the first tier, `sku` the product of AWS.
    """

    meter: str
    place: str
    effective: date
    tiers: tuple[Tier, ...]
    free: Decimal
    sku: str


class Change(NamedTuple):
    """What an offer file changes: `old` are the tiers known before (None: no rate was known), `new` those it lists.

    `checked` are the days of the checks before and now.
    """

    meter: str
    place: str
    old: tuple[Tier, ...] | None
    new: tuple[Tier, ...]
    effective: date
    checked: tuple[date | None, date]

    @property
    def confirms(self) -> bool:
        """Whether the price stays, and only the day moves on which it was seen last."""
        return self.old is not None and prices(self.old) == prices(self.new)

    def __str__(self) -> str:
        if self.confirms:
            return f"{self.meter} {self.place}: unchanged, checked {self.checked[0]} -> {self.checked[1]}"
        old = "no price" if self.old is None else shown(self.old)
        return f"{self.meter} {self.place}: {old} -> {shown(self.new)}, effective {self.effective}"


@dataclass(slots=True)
class Rates:
    """The rates of one component type, as rows of its rate file."""

    type: str
    rows: Rows = field(default_factory=dict)

    def newest(self, meter: str, place: str) -> list[list[str]]:
        """The rows of the newest rate of a meter at a place; none where no rate is known."""
        days = self.rows.get((meter, place), {})
        return days[max(days)] if days else []

    def as_text(self) -> str:
        """The rate file."""
        rows = [row for days in self.rows.values() for rate in days.values() for row in rate]
        return as_csv(HEADER, sorted(rows, key=lambda row: (row[0], row[1], row[2], Decimal(row[3]))))


def prices(tiers: Iterable[Tier]) -> list[tuple[Decimal, Decimal]]:
    """What tiers say: where each begins and what it costs. [USD]"""
    return [(tier.above, tier.price) for tier in tiers]


def shown(tiers: Iterable[Tier]) -> str:
    """Tiers in a line.

    >>> shown([Tier(Decimal(0), Decimal("0.4")), Tier(Decimal(1000), Decimal("0.3"))])
    '$0.4, $0.3 above 1000'
    """
    return ", ".join(f"${tier.price:f}" + (f" above {tier.above:f}" if tier.above else "") for tier in tiers)


def read_rates(type_name: str, folders: Iterable[Path]) -> Rates:
    """The rates of a type in all these folders; of two versions of a rate the one checked last. Raises ImportFailed."""
    rates = Rates(type_name)
    for folder in folders:
        path = folder / "rates" / f"{type_name}.csv"
        if path.exists():
            for key, days in _read(path).items():
                known = rates.rows.setdefault(key, {})
                known |= {day: rows for day, rows in days.items() if day not in known or known[day][0][6] <= rows[0][6]}
    return rates


def _read(path: Path) -> Rows:
    rows: Rows = {}
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.reader(file, strict=True)
            if next(reader, None) != HEADER:
                raise ImportFailed(f"{path.name}, line 1: expected the header {','.join(HEADER)}")
            for row in reader:
                meter, place, effective, above, price, _, checked, _ = row
                _ = (Decimal(above), Decimal(price), date.fromisoformat(effective), date.fromisoformat(checked))
                rows.setdefault((meter, place), {}).setdefault(effective, []).append(row)
    except (OSError, ValueError, ArithmeticError, csv.Error) as error:
        raise ImportFailed(f"{path.name}: not a rate file: {error}") from error
    return rows


def apply(rates: Rates, priced: Priced, publication: Publication) -> Change | None:
    """Take a price into the rates; None where what is known is as new as the offer file.

    A new rate begins on the day that AWS says, but after the last day on which the old price was seen.
    """
    meter = priced.meter.partition(".")[2]
    known = rates.newest(meter, priced.place)
    checked = date.fromisoformat(known[0][6]) if known else None
    if checked and checked >= publication.day:
        return None
    old = tuple(Tier(Decimal(row[3]), Decimal(row[4]), row[7]) for row in known) or None
    effective = date.fromisoformat(known[0][2]) if known else priced.effective
    change = Change(priced.meter, priced.place, old, priced.tiers, effective, (checked, publication.day))
    if checked and not change.confirms:
        effective = min(max(priced.effective, checked + timedelta(days=1)), publication.day)
        change = change._replace(effective=effective)
    rows = [_row(meter, change, tier, publication) for tier in priced.tiers]
    rates.rows.setdefault((meter, priced.place), {})[f"{effective}"] = rows
    return change


def differs(rates: Rates, priced: Priced) -> bool:
    """Whether a price is not that of the newest known rate."""
    known = rates.newest(priced.meter.partition(".")[2], priced.place)
    return [(Decimal(row[3]), Decimal(row[4])) for row in known] != prices(priced.tiers)


def _row(meter: str, change: Change, tier: Tier, publication: Publication) -> list[str]:
    price = [f"{tier.above:f}", f"{tier.price:f}", publication.source, f"{publication.day}", tier.rate_code]
    return [meter, change.place, f"{change.effective}", *price]


def known_products(rates: Iterable[Rates]) -> Known:
    """The meters and places that each product (SKU) priced, by the rate codes SKU.TERM.RATE of the rates."""
    products: dict[str, set[tuple[str, str]]] = {}
    for known in rates:
        for (meter, place), days in known.rows.items():
            for code in {row[7].partition(".")[0] for rows in days.values() for row in rows} - {""}:
                products.setdefault(code, set()).add((f"{known.type}.{meter}", place))
    return products


def sources_text(folders: Iterable[Path], texts: Mapping[Path, str], publications: Iterable[Publication]) -> str:
    """The `sources.json` of the last folder: the sources that its rates name, these included. Raises ImportFailed."""
    known: dict[str, str] = {}
    files = dict(texts)
    try:
        for folder in folders:
            path = folder / "rates" / "sources.json"
            known |= json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        others = [path for path in (folder / "rates").glob("*.csv") if path not in texts]
        files |= {path: path.read_text(encoding="utf-8") for path in others}
    except (OSError, ValueError, TypeError) as error:
        raise ImportFailed(f"sources.json: {error}") from error
    known |= {publication.source: str(publication) for publication in publications}
    used = {row[5] for text in files.values() for row in list(csv.reader(text.splitlines()))[1:]}
    return json.dumps({key: known.get(key, key) for key in sorted(used)}, indent=2, ensure_ascii=False) + "\n"
