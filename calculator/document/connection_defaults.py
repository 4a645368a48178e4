"""What a connection means where it does not say so: the unit that it counts, what comes at once, what crosses zones."""

from collections.abc import Sequence, Set
from dataclasses import replace

from calculator.architecture import Connection, Value
from calculator.document.faults import Intake
from calculator.document.ways_out import EndOfDocument
from pricing.catalogue.catalogue import component_type

# Of two zones, half of what a client sends is for the other.
TWO_ZONES = 0.5
WEB_ACL = "waf_web_acl"


def with_defaults(
    intake: Intake, ends: Sequence[EndOfDocument], connections: Sequence[Connection], stated: Sequence[object]
) -> list[Connection]:
    """The connections with what follows from their ends and what leads there; the intake learns what is assumed."""
    if len(connections) < len(stated):
        return list(connections)  # some cannot be read, and what follows from them neither
    fed = {one.target for one in connections if ends[one.target].type == WEB_ACL}
    replicated = {(one.source, one.target) for one in connections if one.inputs["replication"]}
    completed = [_turned(one, ends, fed, replicated) for one in connections]
    batched = {one.target for one in completed if _brings_batches(one, ends)}
    scheduled = _reached_by_schedules_only(ends, completed)
    for number, (one, said) in enumerate(zip(completed, stated, strict=True)):
        known = said if isinstance(said, dict) else {}
        pointer = f"/connections/{number}"
        settings = dict(one.inputs)
        if "per" not in known and one.source in batched and "per_message" in _traits(ends, one.source):
            settings["per"] = _assumed(intake, f"{pointer}/per", "message", "batches feed the source")
        if "at_once" not in known and one.source in scheduled:
            settings["at_once"] = _assumed(intake, f"{pointer}/at_once", True, "only schedules lead here")
        if one.inputs["map_reader"] and "items" not in known:
            settings["items"] = _elements_of_map(completed, one.source)
        if one.inputs["dead_letter"] and "retried" in _traits(ends, one.source):
            settings |= {name: value for name, value in _failing(completed, one.source).items() if name not in known}
        if "cross_az_share" not in known:
            settings["cross_az_share"] = 0
            if "zonal" in _traits(ends, one.target) and "compute" in _traits(ends, one.source):
                share = _assumed(intake, f"{pointer}/cross_az_share", TWO_ZONES, "two zones")
                settings["cross_az_share"] = share
        completed[number] = replace(one, inputs=settings)
    return completed


def _failing(connections: Sequence[Connection], index: int | None) -> dict[str, Value]:
    """How the calls of a function fail whose dead letters nobody says more of: as the calls that lead to it do."""
    for one in connections:
        if one.target == index and one.inputs["failure_share"]:
            return {name: one.inputs[name] for name in ("failure_share", "max_retries")}
    return {}


def _elements_of_map(connections: Sequence[Connection], source: int | None) -> Value:
    """Elements that a Map of the same workflow goes through."""
    maps = (one.inputs["items"] for one in connections if one.source == source and one.inputs["map"] != "none")
    return next(maps, 1)


def _assumed(intake: Intake, pointer: str, value: Value, why: str) -> Value:
    intake.add_assumption(pointer, value, "share" if isinstance(value, float) else "", why)
    return value


def _traits(ends: Sequence[EndOfDocument], index: int | None) -> frozenset[str]:
    return frozenset() if index is None else component_type(ends[index].type).flow.traits


def _turned(
    one: Connection, ends: Sequence[EndOfDocument], fed: Set[int], replicated: Set[tuple[int | None, int]]
) -> Connection:
    """A connection that causes no calls comes late; a web ACL that nothing feeds looks at what its component is asked.

    `replicated` are the ends of all connections that replicate.
    """
    if one.source is None:
        return one
    source, target = ends[one.source].type, ends[one.target].type
    if WEB_ACL in (source, target) and one.inputs["attached"] and one.source not in fed:
        protected, acl = (one.target, one.source) if source == WEB_ACL else (one.source, one.target)
        return replace(one, source=protected, target=acl, late=True)
    outside = "outside" in component_type(target).flow.traits
    quiet = (one.inputs["push"] and not outside) or not one.inputs["notifies"]
    both_ways = one.inputs["replication"] and (one.target, one.source) in replicated
    return replace(one, late=True) if quiet or both_ways else one


def _brings_batches(one: Connection, ends: Sequence[EndOfDocument]) -> bool:
    return "batches" in _traits(ends, one.source) and not one.inputs["dead_letter"]


def _reached_by_schedules_only(ends: Sequence[EndOfDocument], connections: Sequence[Connection]) -> set[int | None]:
    """Schedules, and what is reached by nothing else, up to a queue or a stream."""
    sources: dict[int, set[int | None]] = {}
    for one in connections:
        if not one.late and not one.inputs["control"]:
            sources.setdefault(one.target, set()).add(one.source)
    reached: set[int | None] = {index for index, end in enumerate(ends) if end.type and "clock" in _traits(ends, index)}
    waiting = list(reached)
    leaving: dict[int | None, list[int]] = {}
    for one in connections:
        leaving.setdefault(one.source, []).append(one.target)
    while waiting:
        for target in leaving.get(waiting.pop(), ()):
            known = target in reached or "buffers" in _traits(ends, target)
            if not known and sources.get(target, {None}) <= reached:
                reached.add(target)
                waiting.append(target)
    return reached
