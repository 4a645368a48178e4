"""The intake of `traffic`, `connections` and `hidden_lines`: every fault at once, as of the rest of the document."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from marshmallow import Schema, fields

from calculator.architecture import Connection, Traffic, Value
from calculator.document.connection_defaults import with_defaults
from calculator.document.dead_letters import FAILING, with_dead_letters
from calculator.document.faults import Intake, shown
from calculator.document.fields import LINE, LINE_LENGTH, MAX_QUANTITY, NAME, Choice, Part, Quantity, Text, Texts, load
from calculator.document.pairs import read_pair
from calculator.document.ways_out import EndOfDocument, silent_settings
from calculator.traffic.inputs import OUTSIDE
from pricing.catalogue.catalogue import (
    Input,
    component_type,
    component_types,
    connection_inputs,
    hidden_line_inputs,
    traffic_inputs,
)
from pricing.formula.language import S_PER_HOUR

if TYPE_CHECKING:
    from calculator.traffic.shapes import Shape

MAX_CONNECTIONS = 2000
MAX_POINTS = 100
# What has a meaning on every connection.
COMMON = (
    "share",
    "calls",
    "payload_kb",
    "response_kb",
    "timeout_s",
    "per",
    "at_once",
    "via",
    "cross_az_share",
    "control",
)
# What is off unless it is said: nobody needs to be told.
OFF = (
    "alias", "attached", "authorizer", "children", "dead_letter", "event", "items", "items_per_child", "map",
    "map_reader", "notifies", "push", "replication", "route", "states_per_item",
)  # fmt: skip
# What a connection may lead to without its being written down.
IMPLIED = ("clients", "internet")
# Of what a connection says, that which settles by itself what its target is to do.
NEITHER_READS_NOR_WRITES = ("replication", "control", "map_reader")


def input_fields(inputs: Mapping[str, Input]) -> dict[str, fields.Field[Any]]:
    """How each input is read: a number within its bounds, or one of its choices."""
    return {
        known.name: Choice(known.choices)
        if known.choices
        else (Texts if known.listed else Text)(LINE, f"a line of 1 to {LINE_LENGTH} printable characters")
        if known.text
        else Quantity(known.at_least, known.at_most, allow_none=known.may_be_unset)
        for known in inputs.values()
    }


@cache
def traffic_schema() -> Schema:
    """The schema of `traffic`, made from its inputs."""
    members = input_fields(traffic_inputs()) | {key: fields.Raw(allow_none=True) for key in ("shape", "keep_alive")}
    return Part.from_dict(members, name="traffic")()


@cache
def connection_schema() -> Schema:
    """The schema of a connection, made from its inputs."""
    end = "the name of a component"
    members: dict[str, fields.Field[Any]] = {
        "from": Text(NAME, end, required=True),
        "to": Text(NAME, end, required=True),
    }
    return Part.from_dict(members | input_fields(connection_inputs()), name="connection")()


@cache
def hidden_lines_schema() -> Schema:
    """The schema of `hidden_lines`, made from its inputs."""
    return Part.from_dict(input_fields(hidden_line_inputs()), name="hidden_lines")()


def read_hidden_lines(intake: Intake, stated: object) -> dict[str, Value]:
    """What is said of the hidden lines, and the defaults of the rest; the intake learns what is wrong."""
    valid = load(intake, hidden_lines_schema(), stated, "/hidden_lines")
    settings: dict[str, Value] = {}
    for name, known in hidden_line_inputs().items():
        settings[name] = valid.get(name, known.default)
        if name not in valid:
            intake.add_assumption(f"/hidden_lines/{name}", settings[name], known.unit, "the default")
    return settings


def read_traffic(intake: Intake, stated: object) -> Traffic:
    """The traffic from outside; the intake learns what is wrong in it."""
    valid = load(intake, traffic_schema(), stated, f"/{OUTSIDE}")
    values = {name: valid.get(name, _default(known)) for name, known in traffic_inputs().items()}
    from calculator.traffic.shapes import peak_to_mean

    shape = _shape(intake, valid)
    traffic = Traffic(values, shape.weights, peak_to_mean(shape), _keep_alive(intake, valid.get("keep_alive")))
    requests, peak = values["requests_per_month"], values["peak_rps"]
    if isinstance(stated, dict) and stated.get("requests_per_month") is None and stated.get("peak_rps") is None:
        intake.add_fault(f"/{OUTSIDE}", "expected requests_per_month, peak_rps or both")
    if isinstance(requests, int | float) and isinstance(peak, int | float):
        least = requests / (intake.month_hours * S_PER_HOUR) * traffic.peak_to_mean
        if peak < least * (1 - 1e-9):
            busiest = f"the busiest hour of this shape has {least:.6g} requests a second"
            intake.add_fault(f"/{OUTSIDE}/peak_rps", f"{busiest}, so the peak is at least that; not {shown(peak)}")
    return traffic


def _default(known: Input) -> Value:
    return None if known.may_be_unset or known.text else known.default


def _shape(intake: Intake, valid: Mapping[str, Any]) -> "Shape":
    from calculator.traffic.shapes import SHAPES, shape_named, shape_of

    stated = valid.get("shape")
    if "shape" not in valid:
        intake.add_assumption(f"/{OUTSIDE}/shape", "constant", "", "the same at all hours")
        return shape_named("constant")
    if isinstance(stated, str) and stated in SHAPES:
        return shape_named(stated)
    if isinstance(stated, list) and len(stated) in (24, 168):
        weights = [weight for weight in stated if isinstance(weight, int | float) and not isinstance(weight, bool)]
        if len(weights) == len(stated) and all(0 <= weight <= 1e9 for weight in weights) and sum(weights) > 0:
            return shape_of([float(weight) for weight in weights])
    expected = f"{', '.join(SHAPES)}, or a list of 24 or 168 hourly weights of 0 or more, not all 0"
    intake.add_fault(f"/{OUTSIDE}/shape", f"expected {expected}; not {shown(stated)}")
    return shape_named("constant")


def _keep_alive(intake: Intake, stated: object) -> float | tuple[tuple[float, float], ...] | None:
    """Seconds that an idle environment lives, or points of idle seconds and cold share; None: not said."""
    from pricing.catalogue.keep_alive import keep_alive_of

    if stated is None:
        return None
    try:
        return keep_alive_of(_idle_points(stated)).points
    except ValueError:
        expected = "seconds from 0, or points of idle seconds and cold share that rise, the last share 1"
        intake.add_fault(f"/{OUTSIDE}/keep_alive", f"expected {expected}; not {shown(stated)}")
        return None


def _idle_points(stated: object) -> float | list[tuple[float, float]]:
    """Numbers where numbers belong. Raises ValueError."""
    if isinstance(stated, int | float) and _is_number(stated):
        return float(stated)
    if not isinstance(stated, list) or not 1 <= len(stated) <= MAX_POINTS:
        raise ValueError(stated)
    if not all(isinstance(one, list) and len(one) == 2 and all(map(_is_number, one)) for one in stated):
        raise ValueError(stated)
    return [(float(idle), float(share)) for idle, share in stated]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= MAX_QUANTITY


def read_connections(
    intake: Intake, stated: object, ends: Sequence[EndOfDocument], *, outside: bool
) -> list[Connection]:
    """The connections between the components of a document; the intake learns what is wrong in them."""
    if not isinstance(stated, list) or len(stated) > MAX_CONNECTIONS:
        found = f"{len(stated)}" if isinstance(stated, list) else shown(stated)
        intake.add_fault("/connections", f"expected a list of at most {MAX_CONNECTIONS} connections, not {found}")
        return []
    names = {end.name: index for index, end in enumerate(ends) if end.type}
    if outside and OUTSIDE in names:
        pointer = f"/components/{names[OUTSIDE]}/name"
        intake.add_fault(pointer, f"{OUTSIDE} is what comes from outside; take another name")
    read = [
        _connection(intake, f"/connections/{index}", entry, names, ends, outside) for index, entry in enumerate(stated)
    ]
    return with_defaults(intake, ends, with_dead_letters(intake, ends, read, stated), stated)


def implied_ends(stated: object, entries: Sequence[object]) -> list[dict[str, str]]:
    """Components that connections name without any being written: the clients, the Internet."""
    if not isinstance(stated, list):
        return []
    names = (entry.get("name") for entry in entries if isinstance(entry, dict))
    named = {name for name in names if isinstance(name, str)}
    meant = {entry.get("to") for entry in stated if isinstance(entry, dict) and isinstance(entry.get("to"), str)}
    return [{"name": name, "type": "external_endpoint"} for name in IMPLIED if name in meant and name not in named]


def ends_of_document(entries: Sequence[object], region: str) -> list[EndOfDocument]:
    """The components as they are written: without a type where their type or their name cannot be one."""
    ends = []
    for entry in entries:
        stated = entry if isinstance(entry, dict) else {}
        name, kind, own = stated.get("name"), stated.get("type"), stated.get("region", region)
        if isinstance(kind, str) and kind in component_types() and isinstance(name, str):
            ends.append(EndOfDocument(name, kind, own if isinstance(own, str) else region, stated))
        else:
            ends.append(EndOfDocument("", "", "", stated))
    return ends


def _connection(
    intake: Intake,
    pointer: str,
    stated: object,
    names: Mapping[str, int],
    ends: Sequence[EndOfDocument],
    outside: bool,
) -> Connection | None:
    valid = load(intake, connection_schema(), stated, pointer)
    if not isinstance(stated, dict) or "from" not in valid or "to" not in valid:
        return None
    source, target = names.get(valid["from"]), names.get(valid["to"])
    known = source is not None or (valid["from"] == OUTSIDE and outside)
    if not known:
        expected = f"expected {OUTSIDE} with its rate, or a component"
        intake.add_fault(f"{pointer}/from", f"{expected}; not {shown(valid['from'])}")
    if target is None:
        intake.add_fault(f"{pointer}/to", f"expected the name of a component, not {shown(valid['to'])}")
    if target is None or not known:
        return None
    settings = _settings(intake, pointer, valid, {} if source is None else ends[source].stated, ends[target].stated)
    return Connection(source, target, settings)


@cache
def _meant(source_type: str, target_type: str) -> Mapping[str, Input]:
    """What may be said of a connection between two types; no source type: from outside."""
    leaving = component_type(source_type).flow.as_source if source_type else ()
    meant = {*COMMON, *leaving, *component_type(target_type).flow.as_target}
    return {name: known for name, known in connection_inputs().items() if name in meant}


def _settings(
    intake: Intake, pointer: str, valid: Mapping[str, Any], source: Mapping[str, Any], target: Mapping[str, Any]
) -> dict[str, Value]:
    """The inputs of a connection; those without a meaning between its ends are faults."""
    source_type, target_type = source.get("type", ""), target["type"]
    leaving = component_type(source_type).flow if source_type else None
    arriving = component_type(target_type).flow
    pair = read_pair(intake, pointer, source, target)
    if pair is not None and leaving is not None and not leaving.leaves and "attached" not in {*leaving.as_source}:
        intake.add_fault(f"{pointer}/from", f"nothing is known to leave a {source_type}")
    if pair is not None and not arriving.takes:
        intake.add_fault(f"{pointer}/to", f"nothing is known to arrive at a {target_type}")
    meant = _meant(source_type, target_type)
    for name in valid.keys() - meant.keys() - {"from", "to"}:
        intake.add_fault(f"{pointer}/{name}", f"of no meaning from {source_type or OUTSIDE} to {target_type}")
    says = valid.get("writes") is not None or valid.get("reads") is not None
    settled = says or (leaving and leaving.brings) or any(map(valid.get, NEITHER_READS_NOR_WRITES))
    settled = settled or "sizes_say" in arriving.traits
    if pair and {"writes", "reads"} <= {*arriving.as_target} and not settled:
        intake.add_fault(f"{pointer}/writes", f"missing; expected writes or reads for each call of a {target_type}")
    settings = dict(silent_settings())
    copied = valid.get("replication") or valid.get("map_reader")
    brought = {"writes": 1} if copied or valid.get("log_kb") else leaving.brings if leaving else {}
    if says or not {*brought} <= {*arriving.as_target}:
        brought = {}
    silent = {*COMMON, *OFF, *(FAILING if valid.get("dead_letter") else ())}
    of_pair = {**(pair.defaults if pair else {}), **brought}
    for name, known in meant.items():
        settings[name] = valid.get(name, of_pair.get(name, settings[name]))
        if name not in valid and name not in silent and settings[name] is not None:
            why = f"the default of {source_type} -> {target_type}" if name in of_pair else "the default"
            intake.add_assumption(f"{pointer}/{name}", settings[name], known.unit, why)
    return settings
