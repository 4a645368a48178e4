"""The products of an offer file that price meters: kept as the file streams by, then turned into prices of meters."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from pricing.imports.offer_file import PLAIN, Faults, Publication
from pricing.imports.offer_map import OfferMap, Rule
from pricing.imports.offer_places import RAW_USAGE, is_free_tier, region_of
from pricing.imports.offer_rates import Known, Priced, prices, shown
from pricing.imports.offer_tiers import Charge, in_force, read_charge, tiers_of

CURRENCY = "prices in another currency than USD, skipped"
UNIT = "prices for another unit than the map names, left out"
NO_REGION = "products that are not sold in a region, left out"
OTHER_METER = "products whose known rate is of another meter or region, left out"
OTHER_REGION = "products of other regions than the file's, left out"
FREE_TIER = "free tiers for all regions, published as a price of $0: not a rate"
LATER = "prices that begin after the publication, left out"


class Found(NamedTuple):
    """A product that prices meters: where it is sold, its rules, and its charges seen so far."""

    sku: str
    region: str
    rules: list[Rule]
    charges: list[Charge]


class Products:
    """What one offer file says of the meters; all else is dropped as it is read, so that memory stays small."""

    def __init__(self, offer: OfferMap, known: Known, region: str, faults: Faults) -> None:
        """`known` are the meters and places that a SKU priced; `region` is the file's, "" where it may have many."""
        self.offer = offer
        self.faults = faults
        self.remarks: dict[str, Counter[str]] = {}
        self._known = known
        self._region = region
        self._found: dict[str, Found | None] = {}
        self._regions: set[str] = set()

    def remark(self, kind: str, what: str) -> None:
        """Count what was seen and left out, for the end of the import."""
        self.remarks.setdefault(kind, Counter())[what] += 1

    def wants(self, sku: str, attributes: Mapping[str, str]) -> bool:
        """Whether the prices of a product are needed: whether it prices a meter at a place."""
        if sku not in self._found:
            rules = self._rules(sku, attributes)
            if not rules:
                return False
            self._found[sku] = self._accepted(sku, attributes, rules)
        return self._found[sku] is not None

    def wanted(self, sku: str) -> bool:
        """Whether `wants` took the product with this SKU."""
        return self._found.get(sku) is not None

    def charge(self, sku: str, fields: Mapping[str, str], place: str) -> None:
        """Keep one price of a product that is wanted. Raises ImportFailed at the last fault that fits."""
        found = self._found[sku]
        if found is None:
            return
        if fields["currency"] != "USD":
            self.remark(CURRENCY, f"{fields['currency'][:8]!r} in {found.region or 'no region'}")
            return
        charge = read_charge(fields, place, self.faults)
        if charge:
            found.charges.append(charge)

    def _rules(self, sku: str, attributes: Mapping[str, str]) -> list[Rule]:
        known = self._known.get(sku, ())
        rules = self.offer.find(attributes)
        if not rules and known:
            fits = {pair for meter, place in known for pair in ((meter, place), (meter, ""))}
            rules = [rule for rule in self.offer.rules if (rule.meter, rule.place) in fits]
        return rules

    def _accepted(self, sku: str, attributes: Mapping[str, str], rules: list[Rule]) -> Found | None:
        region = region_of(attributes)
        placed = [rule for rule in rules if rule.place or region]
        if is_free_tier(attributes):
            self.remark(FREE_TIER, repr(attributes[RAW_USAGE]))
        elif not PLAIN.fullmatch(sku):
            self.faults.add(f"SKU {sku[:64]!r}", "expected a code")
        elif not placed:
            self.remark(NO_REGION, repr(attributes.get("location", "")))
        elif self._is_of_another(sku, region, placed):
            known = ", ".join(" ".join(pair) for pair in sorted(self._known[sku]))
            self.remark(OTHER_METER, f"SKU {sku}, {known}")
        else:
            return self._in_region(Found(sku, region, placed, []))
        return None

    def _is_of_another(self, sku: str, region: str, rules: list[Rule]) -> bool:
        known = {pair for pair in self._known.get(sku, ()) if pair[0] in self.offer.meters}
        return bool(known) and known.isdisjoint((rule.meter, rule.place or region) for rule in rules)

    def _in_region(self, found: Found) -> Found | None:
        self._regions.add(found.region)
        if self._region and found.region != self._region:
            self.remark(OTHER_REGION, found.region or "no region")
            return None
        return found

    def priced(self, publication: Publication) -> list[Priced]:
        """The prices of the meters, one for each place. Products that do not agree on one are a fault."""
        chosen: dict[tuple[str, str], Priced] = {}
        if self._region and self._regions and self._region not in self._regions:
            found_in = ", ".join(sorted(region or "no region" for region in self._regions))
            self.faults.add("", f"expected prices of {self._region}, found those of {found_in}")
        for found in filter(None, self._found.values()):
            for price in self._prices(found, publication):
                first = chosen.setdefault((price.meter, price.place), price)
                if prices(first.tiers) != prices(price.tiers):
                    self._differ(first, price)
                elif price.sku in self._known:
                    chosen[price.meter, price.place] = price
        return [chosen[key] for key in sorted(chosen)]

    def _prices(self, found: Found, publication: Publication) -> Iterator[Priced]:
        place = f"SKU {found.sku}"
        charges = in_force(found.charges, publication.day, place, self.faults)
        if found.charges and not charges:
            self.remark(LATER, f"{place} from {min(charge.effective for charge in found.charges)}")
        for rule in found.rules if charges else ():
            wrong = {charge.unit for charge in charges if charge.price and not rule.counts_in(charge.unit)}
            if wrong:
                self.remark(UNIT, f"{rule.meter}: {', '.join(map(repr, sorted(wrong)))}")
                continue
            tiers, free = tiers_of(charges, rule.per, place, self.faults)
            if tiers:
                at = rule.place or found.region
                yield Priced(rule.meter, at, charges[0].effective, tiers, free, found.sku)

    def _differ(self, one: Priced, other: Priced) -> None:
        said = " and ".join(f"SKU {price.sku} has {shown(price.tiers)}" for price in (one, other))
        self.faults.add(f"{one.meter} in {one.place}", f"expected one price: {said}")
