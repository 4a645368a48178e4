"""The catalogue as it is told: component types, quotas, meters and their rates as plain tables."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache

from calculator.document.traffic_schema import COMMON, IMPLIED, NEITHER_READS_NOR_WRITES
from pricing.catalogue.catalogue import (
    ComponentType,
    FreeTier,
    Input,
    Meter,
    Quota,
    TrafficRule,
    component_type,
    component_types,
    connection_inputs,
    hidden_line_inputs,
    meter_named,
    traffic_inputs,
)
from pricing.catalogue.flow_file import ARRIVING, COUNTS
from pricing.prices.coverage import Coverage, coverage, regions
from pricing.prices.pricelist import Rate, rates_of, regions_of
from pricing.prices.search import Found
from pricing.prices.sourcing import is_verified, link_of

Table = Mapping[str, object]


def all_types() -> tuple[ComponentType, ...]:
    """Every component type, by name."""
    return tuple(component_type(name) for name in component_types())


@lru_cache(maxsize=1)
def known_places() -> tuple[str, ...]:
    """Where prices hold: the regions, the geographies of CloudFront, and "global", sorted."""
    meters = (meter for kind in all_types() for meter in kind.meters.values())
    return tuple(sorted({place for meter in meters for place in regions_of(meter.full_name)}))


def type_table(kind: ComponentType) -> Table:
    """A component type: what is said of it, what it bills, what of that is free."""
    return {
        "name": kind.name,
        "title": kind.title,
        "about": kind.about,
        "pricing_page": kind.pricing_page,
        "inputs": [_input_table(known) for known in kind.inputs.values()],
        "meters": [_meter_table(meter) for meter in kind.meters.values()],
        "free_tiers": [_free_tier_table(tier) for tier in kind.free_tiers.values()],
        "flow": _flow_table(kind.flow),
    }


def common_table() -> Table:
    """What may be said of the traffic, of a connection and of the hidden lines."""
    return {
        "traffic": [_input_table(known) for known in traffic_inputs().values()],
        # A text has no default, and yet no connection must say one.
        "connection": [{**_input_table(known), "required": False} for known in connection_inputs().values()],
        "connection_always": COMMON,
        "connection_settles": NEITHER_READS_NOR_WRITES,
        "implied_ends": IMPLIED,
        "arriving": [{"name": amount, "always": amount in COUNTS} for amount in ARRIVING],
        "hidden_lines": [_input_table(known) for known in hidden_line_inputs().values()],
    }


def quota_table(quota: Quota, region: str | None) -> Table:
    """A quota with its value in a region; None: its value where no exception is known."""
    return {
        "name": quota.name,
        "type": quota.type,
        "title": quota.title,
        "unit": quota.unit,
        "region": region,
        "value": float(quota.value_in(region) if region else quota.value),
        "regions": {exception: float(value) for exception, value in quota.regions.items()},
        "kind": quota.kind,
        "scope": quota.scope,
        "place": quota.place,
        "adjustable": quota.adjustable,
        "exceeded": quota.exceeded,
        "remedy": quota.remedy,
        "source": quota.source,
        "checked": quota.checked,
        "confidence": quota.confidence,
        "code": quota.code,
        "note": quota.note,
    }


def meter_table(meter: Meter, place: str | None) -> Table:
    """A meter with the free tiers that cover it and its rates in a place, or in all."""
    tiers = [tier for kind in all_types() for tier in kind.free_tiers.values() if meter.full_name in tier.covers]
    places = (place,) if place else regions_of(meter.full_name)
    return _meter_table(meter) | {
        "type": meter.type,
        "free_tiers": [_free_tier_table(tier) for tier in tiers],
        "rates": [_rate_table(rate) for known in places for rate in rates_of(meter.full_name, known)],
    }


def found_table(found: Found) -> Table:
    """A meter that a search found."""
    return found._asdict()


def region_tables(as_of: date) -> Iterator[Table]:
    """Each region with the number of component types of which all, some or none of the meters have a price there."""
    covered = coverage(as_of).values()
    for region in regions():
        extents = Counter(row[region].extent for row in covered)
        yield {"region": region, **{extent: extents[extent] for extent in ("all", "some", "none")}}


def coverage_tables(as_of: date) -> Iterator[Table]:
    """Each component type with what of it has a price, region by region."""
    for name, row in coverage(as_of).items():
        kind = component_type(name)
        yield {
            "type": name,
            "title": kind.title,
            "pricing_page": kind.pricing_page,
            "meters": list(kind.meters),
            "regions": [_covered_table(covered) for covered in row.values()],
        }


def _covered_table(covered: Coverage) -> Table:
    return {
        "region": covered.region,
        "extent": covered.extent,
        "priced": len(covered.priced),
        "missing": covered.missing,
    }


def _input_table(known: Input) -> Table:
    return {
        "name": known.name,
        "about": known.about,
        "unit": known.unit,
        "required": known.required,
        "default": known.default,
        "mean_rate_of": known.mean_rate_of,
        "choices": known.choices or None,
        "at_least": known.at_least,
        "at_most": known.at_most,
        "when": dict(known.when),
        "text": known.text,
        "limited_by": known.limited_by,
        "varies": known.varies,
    }


def _flow_table(flow: TrafficRule) -> Table:
    return {
        "takes": dict(flow.takes),
        "leaves": flow.leaves,
        "told": flow.told,
        "as_source": flow.as_source,
        "as_target": flow.as_target,
        "brings": dict(flow.brings),
    }


def _meter_table(meter: Meter) -> dict[str, object]:
    return {"name": meter.full_name, "title": meter.title, "unit": meter.unit}


def _free_tier_table(tier: FreeTier) -> Table:
    return {
        "name": tier.full_name,
        "covers": tier.covers,
        "quantity": float(tier.quantity),
        "unit": meter_named(tier.covers[0]).unit,
        "kind": tier.kind,
        "scope": tier.scope,
        "source": tier.source,
        "checked": tier.checked,
        "note": tier.note,
        "except_in": tier.except_in,
    }


def _rate_table(rate: Rate) -> Table:
    tiers = zip(rate.tiers, rate.bands, strict=True)
    return {
        "region": rate.region,
        "effective": rate.effective,
        "source": rate.source,
        "link": link_of(rate.source),
        "unverified": not is_verified(rate.source),
        "checked": rate.checked,
        "tiers": [
            {
                "from": float(above),
                "to": None if end is None else float(end),
                "price": float(price),
                "rate_code": tier.rate_code,
            }
            for tier, (above, end, price) in tiers
        ],
    }
