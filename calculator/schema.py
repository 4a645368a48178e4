"""The one door for documents: every fault at once with its JSON Pointer, every default stated as an assumption."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from calculator.architecture import Account, Architecture, Assumption, Component, Value
from pricing.catalogue import ComponentType, Input, component_type, component_types, free_tier_named
from pricing.errors import Fault, InvalidDocument, NotFound

MONTH_HOURS = 730
# Sums and products of quantities up to here keep all their digits that matter; nobody uses more.
MAX_QUANTITY = 1e15
MAX_COMPONENTS = 1000
REGION = r"^[a-z]{2}(-[a-z]+)+-[0-9]+$"

_GROUPED = re.compile(r"^[0-9]+(_[0-9]+)+$")


class Quantity(fields.Field[float]):
    """A finite number of `at_least` or more; "30_000_000" is read as a number because the grouping shows the intent."""

    def __init__(self, *, at_least: float = 0, at_most: float | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.at_least = at_least
        self.at_most = MAX_QUANTITY if at_most is None else at_most

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> float:
        if isinstance(value, str) and _GROUPED.match(value):
            value = int(value.replace("_", "")) if len(value) < 400 else value
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValidationError(f"expected a number, not {_shown(value)}")
        if not self.at_least <= value <= self.at_most:
            raise ValidationError(f"expected a number from {self.at_least:g} to {self.at_most:g}, not {_shown(value)}")
        return value


class Choice(fields.Field[Any]):
    """One of the choices of an input, of its very type: true is not 1."""

    def __init__(self, choices: tuple[Any, ...], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.choices = choices

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        for choice in self.choices:
            if choice == value and isinstance(choice, bool) == isinstance(value, bool):
                return choice
        raise ValidationError(f"expected one of {', '.join(map(_shown, self.choices))}, not {_shown(value)}")


class Day(fields.Field[date]):
    """A day, written 2026-09-01."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:
        try:
            if isinstance(value, str) and len(value) == 10:
                return date.fromisoformat(value)
        except ValueError:
            pass
        raise ValidationError(f"expected a day such as 2026-09-01, not {_shown(value)}")


class _Strict(Schema):
    class Meta:
        unknown = RAISE

    error_messages = {"type": "expected an object", "unknown": "unknown key"}  # noqa: RUF012  marshmallow's own way


_TEXT = {"required": "missing", "null": "expected a text, not null", "invalid": "expected a text"}
_NAME = validate.Regexp(r"^[^\x00-\x1f\x7f]{1,100}\Z", error="expected 1 to 100 printable characters")
_REGION = validate.Regexp(REGION, error="expected an AWS region such as us-east-1")


class AccountSchema(_Strict):
    """`account` of a document."""

    free_tier = Choice(("none", "always", "12_months"))
    already_used = fields.Dict(
        keys=fields.String(), values=Quantity(), error_messages={"invalid": "expected an object of quantities"}
    )


class DocumentSchema(_Strict):
    """A document but for its components, which are read by the schema of their type."""

    name = fields.String(validate=_NAME, error_messages=_TEXT)
    region = fields.String(required=True, validate=_REGION, error_messages=_TEXT)
    as_of = Day()
    month_hours = Quantity(at_least=1, at_most=744)
    account = fields.Nested(AccountSchema)
    components = fields.List(
        fields.Raw(allow_none=True),
        required=True,
        validate=validate.Length(1, MAX_COMPONENTS, error="expected 1 to 1000 components"),
        error_messages={"required": "missing", "invalid": "expected a list of components"},
    )


def parse(document: object, *, today: date | None = None) -> Architecture:
    """The architecture that a document describes, with a stated assumption for every input not given.

    `today` is the day taken where the document has no `as_of`; the clock's day if None.
    Raises InvalidDocument with every fault and its JSON Pointer.

    >>> architecture = parse({"region": "us-east-1", "as_of": "2026-09-01",
    ...     "components": [{"name": "jobs", "type": "sqs_queue", "messages": 5_000_000}]})
    >>> architecture.components[0].inputs["message_kb"], architecture.assumptions[0].pointer
    (1, '/month_hours')
    """
    faults: list[Fault] = []
    known = _load(DocumentSchema(), document, "", faults)
    stated = document if isinstance(document, Mapping) else {}
    region = known.get("region", "")
    as_of, month_hours, assumptions = _month(known, stated, today)
    account, account_assumptions = _account(known.get("account", {}), faults)
    assumptions += account_assumptions
    components: list[Component] = []
    for index, entry in enumerate(known.get("components", [])):
        component = _component(index, entry, region, month_hours, faults, assumptions)
        components += [component] if component else []
    faults += _twice(components)
    if faults:
        raise InvalidDocument(faults)
    name = known.get("name", "architecture")
    return Architecture(name, region, as_of, month_hours, account, tuple(components), tuple(assumptions))


def _load(schema: Schema, document: object, pointer: str, faults: list[Fault]) -> dict[str, Any]:
    """What is valid of a document, its faults added to the list."""
    try:
        return dict(schema.load(document))  # type: ignore[arg-type]
    except ValidationError as error:
        for path, detail in _messages(error.normalized_messages(), pointer):
            known = f"; expected {', '.join(schema.fields)}" if detail == "unknown key" and path.count("/") < 4 else ""
            faults.append(Fault(path, detail.rstrip(".") + known))
        return dict(error.valid_data) if isinstance(error.valid_data, dict) else {}


def _messages(messages: Any, pointer: str) -> Iterator[tuple[str, str]]:
    if isinstance(messages, dict):
        for key, inner in messages.items():
            # marshmallow puts the faults of a whole object under _schema, of a dictionary's entry under key and value.
            inside = pointer if key in ("_schema", "key", "value") else f"{pointer}/{escape(key)}"
            yield from _messages(inner, inside)
    else:
        for message in messages if isinstance(messages, list) else [messages]:
            yield pointer, str(message)


def escape(key: object) -> str:
    """A key as a part of a JSON Pointer (RFC 6901).

    >>> escape("a/b~c")
    'a~1b~0c'
    """
    return str(key).replace("~", "~0").replace("/", "~1")


def _month(known: Mapping[str, Any], stated: Mapping[str, Any], today: date | None) -> tuple[date, float, list[Assumption]]:
    assumptions: list[Assumption] = []
    as_of = known.get("as_of")
    if as_of is None:
        as_of = today or date.today()
        if "as_of" not in stated:
            assumptions.append(Assumption("/as_of", as_of.isoformat(), "", "not given: today's prices"))
    if "month_hours" not in stated:
        assumptions.append(Assumption("/month_hours", MONTH_HOURS, "hour/month", "not given: AWS's mean month"))
    return as_of, known.get("month_hours", MONTH_HOURS), assumptions


def _account(known: Mapping[str, Any], faults: list[Fault]) -> tuple[Account, list[Assumption]]:
    used: dict[str, Decimal] = {}
    for name, quantity in known.get("already_used", {}).items():
        try:
            free_tier_named(name)
            used[name] = Decimal(repr(quantity))
        except NotFound as error:
            faults.append(Fault(f"/account/already_used/{escape(name)}", str(error)))
    assumptions = []
    if "free_tier" not in known:
        assumptions.append(Assumption("/account/free_tier", "always", "", "not given: what every account has"))
    return Account(known.get("free_tier", "always"), used), assumptions


def _component(
    index: int, entry: object, region: str, month_hours: float, faults: list[Fault], assumptions: list[Assumption]
) -> Component | None:
    pointer = f"/components/{index}"
    if not isinstance(entry, dict):
        faults.append(Fault(pointer, f"expected an object, not {_shown(entry)}"))
        return None
    kind = entry.get("type")
    if not isinstance(kind, str) or kind not in component_types():
        found = f", not {_shown(kind)}" if "type" in entry else ""
        faults.append(Fault(f"{pointer}/type", f"expected one of {', '.join(component_types())}{found}"))
        return None
    known = _load(component_schema(kind)(), entry, pointer, faults)
    inputs, mean_rates = _inputs(component_type(kind), known, entry, pointer, month_hours, faults, assumptions)
    return Component(known.get("name", ""), kind, known.get("region", region), inputs, mean_rates)


@lru_cache(maxsize=None)
def component_schema(type_name: str) -> type[Schema]:
    """The schema of a component of that type, made from its inputs."""
    members: dict[str, Any] = {
        "name": fields.String(required=True, validate=_NAME, error_messages=_TEXT),
        "type": fields.String(required=True),
        "region": fields.String(validate=_REGION, error_messages=_TEXT),
    }
    for known in component_type(type_name).inputs.values():
        optional = known.default == "none"
        if known.choices:
            members[known.name] = Choice(known.choices)
        else:
            members[known.name] = Quantity(at_least=known.at_least, at_most=known.at_most, allow_none=optional)
        members[known.name].error_messages["null"] = "expected a value, not null"
    return type(_Strict)(f"{type_name}_schema", (_Strict,), members)


def _inputs(
    kind: ComponentType,
    known: Mapping[str, Any],
    stated: Mapping[str, Any],
    pointer: str,
    month_hours: float,
    faults: list[Fault],
    assumptions: list[Assumption],
) -> tuple[dict[str, Value], dict[str, str]]:
    """All inputs that matter, given or assumed, and those that follow from a monthly input."""
    inputs: dict[str, Value] = {}
    mean_rates: dict[str, str] = {}
    for name, known_input in kind.inputs.items():
        if known.get(name) is not None:
            inputs[name] = known[name]
        elif name in stated and stated[name] is not None or not _matters(known_input, inputs):
            continue  # a fault already, or of no meaning with these choices
        elif known_input.required:
            faults.append(Fault(f"{pointer}/{name}", f"missing; expected {known_input.unit}: {known_input.about}"))
        else:
            assumed = _assume(known_input, inputs, pointer, month_hours)
            inputs[name] = assumed.value
            assumptions.append(assumed)
            if known_input.mean_rate_of:
                mean_rates[name] = known_input.mean_rate_of
    return inputs, mean_rates


def _matters(known: Input, inputs: Mapping[str, Value]) -> bool:
    return all(inputs.get(name) in values for name, values in known.when.items())


def _assume(known: Input, inputs: Mapping[str, Value], pointer: str, month_hours: float) -> Assumption:
    where = f"{pointer}/{known.name}"
    if known.mean_rate_of:
        monthly = inputs.get(known.mean_rate_of)
        rate = float(monthly) / (month_hours * 3600) if isinstance(monthly, int | float) else None
        return Assumption(where, rate, known.unit, f"not given: {known.mean_rate_of} spread evenly over the month")
    if known.default == "month_hours" and not known.choices:
        return Assumption(where, month_hours, known.unit, "not given: all hours of the month")
    if known.default == "none" and not known.choices:
        return Assumption(where, None, known.unit, "not given: not set")
    return Assumption(where, known.default, known.unit, "not given: the default")


def _twice(components: list[Component]) -> Iterator[Fault]:
    seen: set[str] = set()
    for index, component in enumerate(components):
        if component.name and component.name in seen:
            yield Fault(f"/components/{index}/name", f"the name {component.name!r} stands twice")
        seen.add(component.name)


def _shown(value: object) -> str:
    text = repr(value) if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)
    return "null" if value is None else text if len(text) <= 60 else text[:57] + "..."
