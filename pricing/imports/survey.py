"""The survey of published prices: a table of what many sources show becomes the rate files of the component types.

    python -m pricing.imports.survey PRICES_CSV SOURCES_JSON [--more FILE]... [--into DIR] [--coverage FILE]

`--more FILE` is another table of prices (.csv, .csv.gz) or other sources (.json). DIR holds the component types and
their `rates/`; the file of `--coverage` gets the regions and rows of each meter. What a meter says to be published as
"feed:s3/Tags" is taken from AWS's price feeds, which the catalogue has as a whole.
"""

import argparse
import csv
import gzip
import io
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, TextIO

import tomli

from pricing.catalogue import feeds
from pricing.catalogue.catalogue import DATA
from pricing.catalogue.component_type import family_member
from pricing.errors import ImportFailed
from pricing.imports.documents import document_of, named
from pricing.imports.published import (
    FEED,
    PRE_CUT,
    DatedRate,
    Shown,
    day_seen,
    history,
    in_feed,
    number,
    quantity,
    same_quantity,
    with_history,
    without_free_tier,
)
from pricing.prices.history import changes
from pricing.prices.pricelist import HEADER, Tier, forget
from pricing.prices.sourcing import is_verified

MARKED = re.compile(r"\b(CONFLICT|UNVERIFIED|OLD)\b")
# Doubt about where tiers begin is not doubt about their prices: these stay, with breaks inferred from the region named.
INFERRED_BREAKS = re.compile(r"\bbreaks outside ([a-z0-9-]+) as UNVERIFIED\b")
ROUNDED = "aws-lambda-power-tuning"
SAME_BUT_ROUNDED = "rounding of the same price"
DIFFER = "prices that differ, each taken as a rate of its day"
UNKNOWN = "published names that no record has"
GAP = "no price in a region in which other meters of the type have one"


@dataclass(frozen=True, slots=True)
class Survey:
    """The sources by key, the prices by the name they are published under, and where each remark of an import goes."""

    sources: Mapping[str, str]
    prices: Mapping[str, list[Shown]]
    left_out: Counter[str] = field(default_factory=Counter)
    remarks: dict[str, dict[str, list[str]]] = field(default_factory=dict)

    def remark(self, kind: str, meter: str, text: str) -> None:
        """Keep a remark on a meter for the end of the import."""
        self.remarks.setdefault(kind, {}).setdefault(meter, []).append(text)


def read_survey(prices: Iterable[Path], sources: Iterable[Path]) -> Survey:
    """The survey in tables of prices and JSONs of their sources. Raises ImportFailed, which names file and line."""
    known: dict[str, str] = {}
    shown: dict[str, list[Shown]] = {}
    for path in sources:
        try:
            found: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
            known |= {key: document_of(words) for key, words in found.items()}
        except (OSError, ValueError, TypeError, AttributeError) as error:
            raise ImportFailed(f"{path.name}: {error}") from error
    known |= {f"{FEED}{each.feed}": feeds.source_of(each.feed) for each in feeds.metrics()}
    known |= {change.key: change.source for change in changes()}
    for path in prices:
        try:
            with _opened(path) as file:
                for name, one in _read_prices(csv.DictReader(file), path.name, known):
                    shown.setdefault(name, []).append(one)
        except (OSError, ValueError, TypeError) as error:
            raise ImportFailed(f"{path.name}: {error}") from error
    return Survey(known, shown)


def _opened(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8", newline="")
    return path.open(encoding="utf-8", newline="")


def _read_prices(rows: "csv.DictReader[str]", file: str, sources: Mapping[str, str]) -> Iterator[tuple[str, Shown]]:
    sets: dict[tuple[str, str, str, str], Shown] = {}
    for row in rows:
        try:
            name = (row["dimension"], row["region"], row["source"], row["as_of"])
            tier = Tier(number(row["above"]), number(row["price_usd"]), row["rate_codes"])
            sure = is_verified(sources[name[2]])
            known = sets.get(name) or Shown(name[1], name[2], day_seen(name[3]), row["unit"], "", (), sure)
        except (KeyError, TypeError, ImportFailed) as error:
            raise ImportFailed(f"{file}, line {rows.line_num}: {error!r}") from error
        note = known.note if row["note"] in known.note else f"{known.note} {row['note']}".strip()
        tiers = tuple(sorted((*known.tiers, tier), key=lambda tier: tier.above))
        sets[name] = replace(known, note=note, tiers=tiers)
    return ((name[0], shown) for name, shown in sets.items())


def rates_of_meter(
    survey: Survey, meter: str, published: str, *, place: str = "", allowance: Decimal | None = None
) -> dict[str, list[DatedRate]]:
    """The rates of a meter by region, from all records of the name it is published under.

    A meter of one place for all regions has the price that is published without a region. A first tier of $0 that is
    as much as the meter's `allowance` is that free tier, and no part of the price.

    >>> rates_of_meter(Survey({}, {}), "sqs_queue.requests", "sqs.requests.standard")
    {}
    """
    everything = survey.prices.get(published, []) or list(in_feed(published))
    if place:
        everything = [replace(shown, region=place) for shown in everything if shown.region == "default"]
    if not everything:
        survey.remark(UNKNOWN, meter, published or "no name given")
        return {}
    usual = Counter(quantity(shown.unit) for shown in everything).most_common(1)[0][0]
    regions: dict[str, list[Shown]] = {}
    for shown in everything:
        paid = without_free_tier(shown, allowance)
        reason = _why_not(paid, usual, survey.sources[shown.source])
        if reason:
            survey.left_out[reason] += len(shown.tiers)
            continue
        regions.setdefault(shown.region, []).append(paid)
    dated = {region: with_history(published, shown) for region, shown in sorted(regions.items())}
    found = {region: _history(survey, meter, shown) for region, shown in dated.items()}
    _cross_check(survey, meter, found, everything)
    return {region: rates for region, rates in found.items() if rates}


def _why_not(shown: Shown, usual: str, source: str) -> str:
    """Why a price cannot become a rate; empty where it can."""
    marked = MARKED.search(INFERRED_BREAKS.sub("", shown.note))
    above = [tier.above for tier in shown.tiers]
    reasons = {
        "no region: the record stands for a default": shown.region == "default",
        "rounded values, for cross-checks only": ROUNDED in source or SAME_BUT_ROUNDED in shown.note,
        f"marked {marked[1] if marked else ''}": marked is not None,
        "marked PRE-CUT without the day of the cut": PRE_CUT.search(shown.note) is not None and shown.until is None,
        f"counted in {shown.unit}, not in {usual}": not same_quantity(shown.unit, usual),
        "tiers do not start at 0 and rise": not above or above[0] != 0 or above != sorted(set(above)),
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


def _history(survey: Survey, meter: str, prices: list[Shown]) -> list[DatedRate]:
    rates = history(prices, lambda text: survey.remark(DIFFER, meter, text))
    if rates[-1].until:
        # A price that has ended must not be taken for today's.
        survey.left_out["marked PRE-CUT, and the price after it is not known"] += len(rates[-1].shown.tiers)
        rates.pop()
    for rate in rates:
        documented = INFERRED_BREAKS.search(rate.shown.note)
        if documented and documented[1] != rate.shown.region:
            survey.remark(f"tiers whose breaks are inferred from {documented[1]}", meter, rate.shown.region)
    return rates


def _cross_check(survey: Survey, meter: str, found: Mapping[str, list[DatedRate]], prices: list[Shown]) -> None:
    for shown in prices:
        if ROUNDED not in survey.sources[shown.source] or shown.region not in found:
            continue
        equal = any(rate.shown.tiers[0].price == shown.tiers[0].price for rate in found[shown.region])
        kind = "cross-checks that agree" if equal else "cross-checks that differ"
        survey.remark(kind, meter, f"{shown.region}: {shown}" if not equal else shown.region)


def rate_rows(survey: Survey, type_file: Path) -> list[list[str]]:
    """The rows of a component type's rate file, sorted by meter, region, day and tier. Raises ImportFailed."""
    try:
        table = tomli.loads(type_file.read_text(encoding="utf-8"))
        meters: dict[str, dict[str, Any]] = table.get("meters", {})
    except (OSError, ValueError) as error:
        raise ImportFailed(f"{type_file.name}: {error}") from error
    rows = []
    meters = {name: meter for family in meters.items() for name, meter in _members(*family, table.get("inputs", {}))}
    for name, meter in sorted(meters.items()):
        if "published" not in meter:
            continue  # counted in USD by the document itself
        found = rates_of_meter(
            survey,
            f"{type_file.stem}.{name}",
            meter["published"],
            place=meter.get("place", ""),
            allowance=_allowance(name, table.get("free_tier", {})),
        )
        for region in found.keys() & set(meter.get("doubtful_in", ())):
            survey.left_out["in a region where the type's file doubts it"] += len(found.pop(region))
        rows += [row for rates in found.values() for rate in rates for row in _rows(name, rate)]
    regions = {row[1] for row in rows}
    for name in sorted(meters):
        for region in sorted(regions - {row[1] for row in rows if row[0] == name}):
            survey.remark(GAP, f"{type_file.stem}.{name}", region)
    return rows


def _allowance(meter: str, free_tiers: Mapping[str, Any]) -> Decimal | None:
    return next((Decimal(tier["quantity"]) for tier in free_tiers.values() if meter in tier["covers"]), None)


def _members(name: str, meter: dict[str, Any], inputs: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """A meter, or the meters of a family: one for each choice of the input named by `each`."""
    if "each" not in meter:
        yield name, meter
        return
    for choice in inputs[meter["each"]]["choices"]:
        yield family_member(name, choice), meter | {"published": meter["published"].replace("{}", str(choice))}


def _rows(meter: str, rate: DatedRate) -> Iterator[list[str]]:
    for tier in rate.shown.tiers:
        price = [f"{tier.above:f}", f"{tier.price:f}", rate.shown.source, f"{rate.checked}", tier.rate_code]
        yield [meter, rate.shown.region, f"{rate.effective}", *price]


def as_csv(header: list[str], rows: list[list[str]]) -> str:
    r"""A table as text.

    >>> as_csv(["meter", "price"], [["requests", "0.0000004"]])
    'meter,price\nrequests,0.0000004\n'
    """
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([header, *rows])
    return text.getvalue()


def coverage(rows: Mapping[str, list[list[str]]]) -> list[list[str]]:
    """Of each meter the number of regions with a price, and of rows.

    >>> coverage({"sqs_queue": [["requests", "us-east-1"], ["requests", "us-east-1"], ["requests", "eu-west-1"]]})
    [['sqs_queue.requests', '2', '3']]
    """
    regions: dict[str, list[str]] = {}
    for type_name, table in rows.items():
        for row in table:
            regions.setdefault(f"{type_name}.{row[0]}", []).append(row[1])
    return [[meter, str(len(set(found))), str(len(found))] for meter, found in sorted(regions.items())]


def write(texts: Mapping[Path, str]) -> None:
    """Write rate files, each whole: where one cannot be written, all stay as they were. Raises ImportFailed.

    What this process has read of prices is forgotten.
    """
    beside = {path: path.with_name(f".{path.name}.new") for path in texts}
    try:
        for path, text in texts.items():
            path.parent.mkdir(exist_ok=True)
            beside[path].write_text(text, encoding="utf-8", newline="\n")
        for path, new in beside.items():
            new.replace(path)
    except OSError as error:
        for new in beside.values():
            with suppress(OSError):
                new.unlink()
        raise ImportFailed(f"cannot write: {error}") from error
    forget()


def report(survey: Survey, rows: Mapping[str, list[list[str]]]) -> str:
    """What was written, what was left out and why, and where sources disagree or say nothing."""
    lines = [f"{type_name}.csv: {len(table)} rows" for type_name, table in sorted(rows.items())]
    lines += [f"  {meter}: {regions} regions, {count} rows" for meter, regions, count in coverage(rows)]
    lines += ["left out:", *(f"  {count} records: {reason}" for reason, count in sorted(survey.left_out.items()))]
    for kind, meters in sorted(survey.remarks.items()):
        lines += [f"{kind}:", *(f"  {meter}: {', '.join(texts)}" for meter, texts in sorted(meters.items()))]
    return "\n".join(lines) + "\n"


def import_rates(survey: Survey, into: Path, coverage_file: Path | None = None) -> dict[str, list[list[str]]]:
    """Write the rate files of the component types in a directory; answers their rows by type. Raises ImportFailed."""
    rows = {path.stem: rate_rows(survey, path) for path in sorted(into.glob("*.toml"))}
    used = sorted({row[5] for table in rows.values() for row in table})
    sources = json.dumps({key: named(key, survey.sources) for key in used}, indent=2, ensure_ascii=False)
    texts = {into / "rates" / f"{name}.csv": as_csv(HEADER, table) for name, table in rows.items()}
    texts[into / "rates" / "sources.json"] = sources + "\n"
    if coverage_file:
        texts[coverage_file] = as_csv(["meter", "regions", "rows"], coverage(rows))
    write(texts)
    return rows


def main(arguments: list[str] | None = None) -> int:
    """Write the rate files and say so: 0; 1 where a published name has no record; 2 where nothing is written."""
    parser = argparse.ArgumentParser(
        prog="python -m pricing.imports.survey", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("prices", type=Path, help="table of published prices (CSV)")
    parser.add_argument("sources", type=Path, help="their sources by key (JSON)")
    more = "more of them: a table of prices (.csv, .csv.gz) or sources (.json)"
    parser.add_argument("--more", type=Path, action="append", default=[], metavar="FILE", help=more)
    parser.add_argument("--into", type=Path, default=DATA, help="directory of the component types (%(default)s)")
    parser.add_argument("--coverage", type=Path, help="also write the regions and rows of each meter to this file")
    given = parser.parse_args(arguments)
    try:
        others = [path for path in given.more if path.suffix == ".json"]
        tables = [path for path in given.more if path not in others]
        survey = read_survey([given.prices, *tables], [given.sources, *others])
        rows = import_rates(survey, given.into, given.coverage)
    except ImportFailed as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(report(survey, rows))
    return 1 if UNKNOWN in survey.remarks else 0


if __name__ == "__main__":
    sys.exit(main())
