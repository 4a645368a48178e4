"""The JSON Schema of a document, made from the inputs of the component types.

Whatever it refuses is refused; that names stand once, and that a price is known, no JSON Schema can say.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from api.tables import all_types, known_places
from calculator.document.fields import LINE_LENGTH, MAX_QUANTITY, NAME_LENGTH
from calculator.document.numbers import MAX_SAMPLES, MOST_CV
from calculator.document.price_book_schema import MAX_ENTRIES, MOST_COMMITTED_OFF, MOST_OFF
from calculator.document.schema import (
    FREE_TIERS,
    LEAST_HOURS,
    MAX_COMPONENTS,
    MONTH_HOURS,
    MOST_HOURS,
    REGION,
    UNPRICED,
)
from calculator.document.traffic_schema import MAX_CONNECTIONS, MAX_POINTS
from calculator.traffic.inputs import OUTSIDE
from calculator.traffic.shapes import SHAPES
from pricing.catalogue.catalogue import (
    Choice,
    ComponentType,
    Input,
    component_types,
    connection_inputs,
    hidden_line_inputs,
    traffic_inputs,
)
from pricing.catalogue.feeds import TYPE as FEEDS
from pricing.prices.coverage import regions

JsonSchema = dict[str, Any]

NAME: JsonSchema = {"type": "string", "minLength": 1, "maxLength": NAME_LENGTH, "pattern": r"^[^\x00-\x1f\x7f]*$"}
LINE: JsonSchema = NAME | {"maxLength": LINE_LENGTH}


def document_schemas() -> dict[str, JsonSchema]:
    """The schemas by name: the document, its parts, each component type, and the names that the catalogue knows."""
    kinds = all_types()
    free_tiers = [tier.full_name for kind in kinds for tier in kind.free_tiers.values()]
    meters = [meter.full_name for kind in kinds for meter in kind.meters.values()]
    return {
        "Architecture": _architecture(),
        "Account": _account(free_tiers),
        "VaryingNumber": _varying(),
        "NumberNotKnown": _not_known(),
        "Traffic": _traffic(),
        "Connection": _connection(),
        "HiddenLines": _inputs(hidden_line_inputs(), "What AWS bills beside the components, where traffic flows."),
        "Component": _any_component(),
        **{kind.name: _component(kind) for kind in kinds},
        "Region": _region(),
        "ComponentTypeName": _names(component_types()),
        "MeterName": _meter_name(meters),
        "RegionName": _names(regions()),
        "PlaceName": _names(known_places()),
    }


def _ref(name: str) -> JsonSchema:
    return {"$ref": f"#/components/schemas/{name}"}


def _names(names: tuple[str, ...] | list[str]) -> JsonSchema:
    return {"type": "string", "enum": list(names)}


def _meter_name(own: list[str]) -> JsonSchema:
    about = f"{FEEDS}.SERVICE/METRIC is any metric of a price feed, of which there are too many to list: search them."
    return {
        "description": about,
        "type": "string",
        "anyOf": [{"enum": own}, {"pattern": rf"^{FEEDS}\.[^\x00-\x1f\x7f]{{1,700}}$"}],
    }


def _object(properties: Mapping[str, JsonSchema], required: list[str], about: str) -> JsonSchema:
    return {
        "type": "object",
        "description": about,
        "properties": dict(properties),
        "required": required,
        "additionalProperties": False,
    }


def _region() -> JsonSchema:
    # Both halves say text; the first leads whoever makes examples to regions that have prices.
    about = "An AWS region. Components that use anything need one with known prices."
    return {"description": about, "type": "string", "anyOf": [{"enum": list(regions())}, {"pattern": REGION}]}


def _architecture() -> JsonSchema:
    day = {"type": "string", "format": "date", "description": "Prices of this day; if not given, today's."}
    hours = {
        "type": "number",
        "minimum": LEAST_HOURS,
        "maximum": MOST_HOURS,
        "default": MONTH_HOURS,
        "description": "Hours of the month.",
    }
    components = {"type": "array", "items": _ref("Component"), "minItems": 1, "maxItems": MAX_COMPONENTS}
    properties = {
        "name": NAME,
        "region": _ref("Region"),
        "as_of": day,
        "month_hours": hours | {"description": "Hours of the month."},
        "account": _ref("Account"),
        "traffic": _ref("Traffic"),
        "components": components | {"description": "Each has a name of its own."},
        "connections": {
            "type": "array",
            "items": _ref("Connection"),
            "maxItems": MAX_CONNECTIONS,
            "description": "Which way the traffic goes: inputs that are not given follow from it.",
        },
        "hidden_lines": _ref("HiddenLines"),
        "unpriced": {
            "enum": list(UNPRICED),
            "default": UNPRICED[0],
            "description": "What no price is known of is refused, or listed beside what can be priced.",
        },
    }
    return _object(properties, ["region", "components"], "Components of one account, priced for a month.")


def _account(free_tiers: list[str]) -> JsonSchema:
    free_tier = {
        "enum": list(FREE_TIERS),
        "default": "always",
        "description": "none; always: what every account has; 12_months: also what accounts created before 2025-07-15 "
        "had in their first year; credits: always, for a later account, whose credits are not taken off.",
    }
    used = {
        "type": "object",
        "propertyNames": {"enum": free_tiers},
        "additionalProperties": {"type": "number", "minimum": 0, "maximum": MAX_QUANTITY},
        "description": "How much of a free tier is used by what is not in the document.",
    }
    names = {key for kind in all_types() for quota in kind.quotas.values() for key in (quota.name, quota.code) if key}
    quotas = {
        "type": "object",
        "propertyNames": {"enum": sorted(names)},
        "additionalProperties": {"type": "number", "minimum": 0, "maximum": MAX_QUANTITY},
        "description": "Limits that AWS has set for this account, by the name of a quota or its code.",
    }
    properties: dict[str, JsonSchema] = {
        "free_tier": free_tier,
        "already_used": used,
        "price_book": _price_book(),
        "quotas": quotas,
    }
    return _object(properties, [], "Who pays.")


def _price_book() -> JsonSchema:
    """An account's own prices."""
    on: JsonSchema = {
        "type": "string",
        "description": "* for everything, a component type, or a meter.",
        "anyOf": [{"const": "*"}, _ref("ComponentTypeName"), _ref("MeterName")],
    }
    usd: JsonSchema = {"type": "number", "minimum": 0, "maximum": MAX_QUANTITY}
    percent: JsonSchema = {"type": "number", "minimum": 0, "maximum": MOST_OFF}
    discount = _object({"on": on, "percent": percent, "note": LINE}, ["on", "percent"], "A percentage off.")
    rate = _object(
        {"meter": _ref("MeterName"), "usd": usd}, ["meter", "usd"], "A price of one unit, in place of a meter's tiers."
    )
    committed = {"on": on, "usd_per_hour": usd, "percent": percent | {"maximum": MOST_COMMITTED_OFF}, "note": LINE}
    commitment = _object(committed, ["on", "usd_per_hour", "percent"], "Paid each hour; what it covers costs less.")
    entries = {"discounts": discount, "rates": rate, "commitments": commitment}
    lists: dict[str, JsonSchema] = {
        name: {"type": "array", "items": entry, "maxItems": MAX_ENTRIES} for name, entry in entries.items()
    }
    return _object(lists, [], "The account's own prices. Of several discounts the most specific counts.")


def _inputs(inputs: Mapping[str, Input], about: str) -> JsonSchema:
    return _object({name: _input(known) for name, known in inputs.items()}, [], about)


def _varying() -> JsonSchema:
    """A number that each call has another of."""
    number: JsonSchema = {"type": "number", "minimum": 0, "maximum": MAX_QUANTITY}
    samples = {"type": "array", "items": number, "minItems": 1, "maxItems": MAX_SAMPLES}
    mean = {"anyOf": [number, _ref("NumberNotKnown")]}
    by_mean = _object({"mean": mean, "cv": number | {"maximum": MOST_CV}}, ["mean", "cv"], "Log-normal.")
    by_percentiles = _object({"p50": number, "p95": number}, ["p50", "p95"], "Log-normal.")
    by_samples = _object({"samples": samples}, ["samples"], "Measured values.")
    about = "It varies from call to call, and each call is billed by itself: by the mean of what is rounded up."
    return {"description": about, "anyOf": [by_mean, by_percentiles, by_samples]}


def _not_known() -> JsonSchema:
    """A number of which only bounds are known."""
    number: JsonSchema = {"type": "number", "minimum": 0, "maximum": MAX_QUANTITY}
    bounds = _object({"low": number, "likely": number, "high": number}, ["low", "high"], "From low to high.")
    about = "It is not known: the likely value, or the middle, is taken and told among the assumptions."
    return {"description": about, "anyOf": [bounds, {"type": "string", "pattern": "^[0-9_.e+-]+ to [0-9_.e+-]+$"}]}


def _traffic() -> JsonSchema:
    weights = {"type": "array", "items": {"type": "number", "minimum": 0, "maximum": 1e9}}
    shape: JsonSchema = {
        "anyOf": [
            {"enum": list(SHAPES)},
            weights | {"minItems": 24, "maxItems": 24},
            weights | {"minItems": 168, "maxItems": 168},
        ],
        "default": SHAPES[0],
        "description": "How it lies over the week: a name, or the weights of 24 hours or of the 168 from Monday 0:00.",
    }
    number: JsonSchema = {"type": "number", "minimum": 0, "maximum": MAX_QUANTITY}
    point = {"type": "array", "items": number, "minItems": 2, "maxItems": 2}
    keep_alive: JsonSchema = {
        "anyOf": [
            {"type": "null"},
            number,
            {"type": "array", "items": point, "minItems": 1, "maxItems": MAX_POINTS},
        ],
        "description": "How long an idle execution environment lives: seconds, or points of idle seconds and the share "
        "of calls that are cold then. If not given: as measured on AWS in 2025.",
    }
    schema = _inputs(traffic_inputs(), "What comes from outside, said once. Its requests, its peak or both.")
    return schema | {"properties": schema["properties"] | {"shape": shape, "keep_alive": keep_alive}}


def _connection() -> JsonSchema:
    schema = _inputs(
        connection_inputs(), "What leaves one component for another; most has a meaning between some types."
    )
    source = NAME | {"description": f"{OUTSIDE}, or the name of a component."}
    target = NAME | {"description": "The name of a component."}
    return schema | {"properties": {"from": source, "to": target} | schema["properties"], "required": ["from", "to"]}


def _any_component() -> JsonSchema:
    mapping = {name: f"#/components/schemas/{name}" for name in component_types()}
    return {
        "anyOf": [_ref(name) for name in component_types()],
        "discriminator": {"propertyName": "type", "mapping": mapping},
    }


def _component(kind: ComponentType) -> JsonSchema:
    properties: dict[str, JsonSchema] = {"name": NAME, "type": {"const": kind.name}, "region": _ref("Region")}
    properties |= {known.name: _input(known) for known in kind.inputs.values()}
    always = [known.name for known in _always_needed(kind) if not known.when]
    schema = _object(properties, ["name", "type", *always], f"{kind.title}. {kind.about}")
    conditional = [_required_when(kind, known) for known in _always_needed(kind) if known.when]
    return schema | ({"allOf": conditional} if conditional else {})


def _always_needed(kind: ComponentType) -> list[Input]:
    """The inputs that must be given, but for those that connections may fill."""
    filled = {*kind.flow.takes, *kind.flow.told}
    return [known for known in kind.inputs.values() if known.required and known.name not in filled]


def _input(known: Input) -> JsonSchema:
    if known.choices:
        schema: JsonSchema = {"enum": list(known.choices)}
    elif known.text:
        schema = {"anyOf": [LINE, {"type": "array", "items": LINE}]} if known.listed else dict(LINE)
    else:
        upper = MAX_QUANTITY if known.at_most is None else known.at_most
        plain: JsonSchema = {"type": "number", "minimum": known.at_least, "maximum": upper}
        more = [_ref("NumberNotKnown"), *([_ref("VaryingNumber")] if known.varies else [])]
        schema = {"anyOf": [plain, *more, *([{"type": "null"}] if known.default == "none" else [])]}
    if known.default not in (None, "none", "month_hours") or known.default in known.choices:
        schema["default"] = known.default
    unit = f" [{known.unit}]" if known.unit else ""
    return schema | {"description": known.about + unit + _if_not_given(known)}


def _if_not_given(known: Input) -> str:
    if known.mean_rate_of:
        return f" If not given: {known.mean_rate_of} spread evenly over the month."
    if known.choices:
        return ""
    return {"month_hours": " If not given: all hours of the month.", "none": " If not given: not set."}.get(
        str(known.default), ""
    )


def _required_when(kind: ComponentType, known: Input) -> JsonSchema:
    """What JSON Schema says of: this input must be given where its `when` holds, by what is given or by default."""
    conditions = dict(_conditions(kind, known))
    given = [name for name, values in conditions.items() if kind.inputs[name].default not in values]
    holds = {"properties": {name: {"enum": list(values)} for name, values in conditions.items()}, "required": given}
    return {"if": holds, "then": {"required": [known.name]}}


def _conditions(kind: ComponentType, known: Input) -> Iterator[tuple[str, tuple[Choice, ...]]]:
    for name, values in known.when.items():
        yield name, values
        yield from _conditions(kind, kind.inputs[name])
