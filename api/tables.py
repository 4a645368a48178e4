"""The catalogue as it is told: component types, quotas, meters and their rates as plain tables."""

from collections.abc import Mapping
from functools import lru_cache

from pricing.catalogue import ComponentType, FreeTier, Input, Meter, Quota, component_type, component_types, meter_named
from pricing.pricelist import Rate, rates_of, regions_of, sources

Table = Mapping[str, object]


def all_types() -> tuple[ComponentType, ...]:
    """Every component type, by name."""
    return tuple(component_type(name) for name in component_types())


@lru_cache(maxsize=1)
def known_regions() -> tuple[str, ...]:
    """The regions of which a price or a quota is known, sorted."""
    priced = {
        region for kind in all_types() for meter in kind.meters.values() for region in regions_of(meter.full_name)
    }
    limited = {region for kind in all_types() for quota in kind.quotas.values() for region in quota.regions}
    return tuple(sorted(priced | limited))


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
        "adjustable": quota.adjustable,
        "exceeded": quota.exceeded,
        "remedy": quota.remedy,
        "source": quota.source,
        "checked": quota.checked,
        "confidence": quota.confidence,
        "code": quota.code,
        "note": quota.note,
    }


def meter_table(meter: Meter, region: str | None) -> Table:
    """A meter with the free tiers that cover it and its rates in a region, or in all."""
    tiers = [tier for kind in all_types() for tier in kind.free_tiers.values() if meter.full_name in tier.covers]
    regions = (region,) if region else regions_of(meter.full_name)
    return _meter_table(meter) | {
        "type": meter.type,
        "free_tiers": [_free_tier_table(tier) for tier in tiers],
        "rates": [_rate_table(rate) for known in regions for rate in rates_of(meter.full_name, known)],
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
    }


def _rate_table(rate: Rate) -> Table:
    tiers = zip(rate.tiers, rate.bands, strict=True)
    return {
        "region": rate.region,
        "effective": rate.effective,
        "source": sources().get(rate.source, rate.source),
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
