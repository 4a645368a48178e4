"""What a connection means where it does not say so: the unit that it counts, what comes at once, what crosses zones."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import replace

from calculator.architecture import Connection, Value
from calculator.document.beside import AUTHORIZERS, CHECKED_LOCALLY, USER_POOL, protected, stands_beside, web_acls
from calculator.document.edge_events import edge_settings, shares_of_origins
from calculator.document.faults import Intake
from calculator.document.ways_out import EndOfDocument, takes_by_itself
from pricing.catalogue.catalogue import component_type
from pricing.catalogue.flow_file import IMAGE, LOG_KB

# Of two zones, half of what a client sends is for the other.
TWO_ZONES = 0.5
WORKFLOW, STARTING = "state_machine", ("http_api", "rest_api", "websocket_api")
IMAGES, LOGS = "ecr_repository", "log_group"
CLIENTS, SOCKET = "clients", "websocket_api"


def with_defaults(
    intake: Intake, ends: Sequence[EndOfDocument], connections: Sequence[Connection], stated: Sequence[object]
) -> list[Connection]:
    """The connections with what follows from their ends and what leads there; the intake learns what is assumed."""
    if len(connections) < len(stated):
        return list(connections)  # some cannot be read, and what follows from them neither
    completed = _turned(ends, _through_socket(intake, ends, connections, stated))
    batched = {one.target for one in completed if _brings_batches(one, ends)}
    scheduled = _reached_by_schedules_only(ends, completed)
    sources = {one.target: one.source for one in completed}
    shares = shares_of_origins(ends, completed)
    elements, failing = _elements_of_maps(completed), _failing(completed)
    for number, (one, said) in enumerate(zip(completed, stated, strict=True)):
        known = said if isinstance(said, dict) else {}
        pointer = f"/connections/{number}"
        settings = {**one.inputs, **_authorizer(intake, pointer, one, ends, known)}
        settings |= _named_endpoint(one, ends, sources)
        settings |= _invocation(intake, pointer, one, ends, known)
        settings |= edge_settings(intake, pointer, one, ends, shares, known)
        if "push" not in known and _to_clients(one, ends):
            settings["push"] = _assumed(intake, f"{pointer}/push", True, "to clients that are connected")
        if "per" not in known and one.source in batched and "per_message" in _traits(ends, one.source):
            settings["per"] = _assumed(intake, f"{pointer}/per", "message", "batches feed the source")
        if "at_once" not in known and one.source in scheduled:
            settings["at_once"] = _assumed(intake, f"{pointer}/at_once", True, "only schedules lead here")
        if one.inputs["map_reader"] and "items" not in known:
            settings["items"] = elements.get(one.source, 1)
        if one.inputs["dead_letter"] and "retried" in _traits(ends, one.source):
            settings |= _fails_as(completed, failing, number, known)
        if "cross_az_share" not in known:
            settings["cross_az_share"] = 0
            zonal = _in_zones(one, ends)
            if zonal is not None:
                share, why = _crossing(zonal)
                settings["cross_az_share"] = _assumed(intake, f"{pointer}/cross_az_share", share, why)
        completed[number] = replace(one, inputs=settings)
    return completed


def _failing(connections: Sequence[Connection]) -> dict[int | None, int]:
    """The first connection to each component of which calls fail: so fails what nobody says more of."""
    failing: dict[int | None, int] = {}
    for number, one in enumerate(connections):
        if one.inputs["failure_share"]:
            failing.setdefault(one.target, number)
    return failing


def _fails_as(
    connections: Sequence[Connection], failing: dict[int | None, int], number: int, known: Mapping[str, object]
) -> dict[str, Value]:
    """How the calls of a function fail that sends dead letters, as far as nobody says it of these."""
    one = connections[number]
    if one.source not in failing:
        return {}
    said = connections[failing[one.source]].inputs
    retries = said["max_retries"]
    if retries is None and isinstance(said["max_receive_count"], int | float):
        retries = said["max_receive_count"] - 1
    failing_so = {"failure_share": said["failure_share"], "max_retries": retries}
    fails = {name: value for name, value in failing_so.items() if name not in known}
    if fails.get("failure_share"):
        failing[one.target] = min(number, failing.get(one.target, number))
    return fails


def _elements_of_maps(connections: Sequence[Connection]) -> dict[int | None, Value]:
    """Elements that the first Map of each workflow goes through."""
    elements: dict[int | None, Value] = {}
    for one in connections:
        if one.inputs["map"] != "none":
            elements.setdefault(one.source, one.inputs["items"])
    return elements


def _assumed(intake: Intake, pointer: str, value: Value, why: str) -> Value:
    intake.add_assumption(pointer, value, "share" if isinstance(value, float) else "", why)
    return value


def _traits(ends: Sequence[EndOfDocument], index: int | None) -> frozenset[str]:
    return frozenset() if index is None else component_type(ends[index].type).flow.traits


def _authorizer(
    intake: Intake, pointer: str, one: Connection, ends: Sequence[EndOfDocument], known: Mapping[str, object]
) -> dict[str, Value]:
    """How an API authorizes its requests; where it checks tokens by itself, nothing is called."""
    authorizer = one.inputs["authorizer"]
    if one.source is not None and ends[one.target].type == USER_POOL and "authorizer" not in known:
        authorizer = AUTHORIZERS.get(ends[one.source].type, authorizer)
        if authorizer != one.inputs["authorizer"]:
            _assumed(intake, f"{pointer}/authorizer", authorizer, "the API checks the tokens of the pool by itself")
    return {"authorizer": authorizer, "control": True} if authorizer in CHECKED_LOCALLY else {}


def _through_socket(
    intake: Intake, ends: Sequence[EndOfDocument], connections: Sequence[Connection], stated: Sequence[object]
) -> list[Connection]:
    """The connections; what code sends to clients is a message of the one WebSocket API that they can be connected to.

    Follows https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html
    """
    sockets = [index for index, end in enumerate(ends) if end.type == SOCKET]
    led: list[Connection] = []
    for number, (one, said) in enumerate(zip(connections, stated, strict=True)):
        other = isinstance(said, dict) and said.get("push") is False
        sends = one.source is not None and ends[one.target].name == CLIENTS and "compute" in _traits(ends, one.source)
        if len(sockets) != 1 or other or not sends:
            led.append(one)
            continue
        why = "code reaches clients that are connected through their API"
        intake.add_assumption(f"/connections/{number}/to", ends[sockets[0]].name, "", why)
        led.append(replace(one, target=sockets[0], inputs={**one.inputs, "push": True}))
    return led


def _invocation(
    intake: Intake, pointer: str, one: Connection, ends: Sequence[EndOfDocument], known: Mapping[str, object]
) -> dict[str, Value]:
    """Of an API that starts a standard workflow nobody waits for the end: StartExecution answers at once."""
    if "invocation" in known or one.source is None or ends[one.target].type != WORKFLOW:
        return {}
    if ends[one.source].type not in STARTING or ends[one.target].stated.get("workflow", "standard") != "standard":
        return {}
    return {"invocation": _assumed(intake, f"{pointer}/invocation", "async", "a standard workflow is only started")}


def _to_clients(one: Connection, ends: Sequence[EndOfDocument]) -> bool:
    pushes = one.source is not None and ends[one.source].type in ("appsync_api", SOCKET)
    return pushes and ends[one.target].name == CLIENTS


def _named_endpoint(
    one: Connection, ends: Sequence[EndOfDocument], sources: Mapping[int, int | None]
) -> dict[str, Value]:
    """What only names the endpoint of a private API moves nothing by itself: what the API is asked goes through it."""
    if one.source is None:
        return {}
    source, target = ends[one.source].type, ends[one.target].type
    names = (source, target) == ("rest_api", "vpc_endpoint") or (
        (source, target) == ("vpc_endpoint", "rest_api") and one.source not in sources
    )
    return {"control": True} if names else {}


def _turned(ends: Sequence[EndOfDocument], connections: Sequence[Connection]) -> list[Connection]:
    """The connections, those that cause no calls as late ones; a web ACL looks at what its component is asked, once."""
    acls = web_acls(ends, connections)
    replicated = {(one.source, one.target) for one in connections if one.inputs["replication"]}
    attached: set[tuple[int, int]] = set()
    turned = []
    for one in connections:
        pair = protected(one, ends, acls)
        if pair is None:
            late = _comes_late(one, ends, replicated) or stands_beside(one, ends, acls)
            turned.append(_sized(replace(one, late=True) if late else one, ends))
            continue
        once = one.inputs if pair not in attached else {**one.inputs, "control": True}
        attached.add(pair)
        turned.append(replace(one, source=pair[0], target=pair[1], inputs=once, late=True))
    return turned


def _sized(one: Connection, ends: Sequence[EndOfDocument]) -> Connection:
    """What tasks pull where their images are comes with the tasks that start; a log is as long as its writer says."""
    if one.source is None:
        return one
    source, target = component_type(ends[one.source].type), ends[one.target].type
    if target == IMAGES and source.flow.pulls:
        return replace(one, payload_input=IMAGE, late=True)
    return replace(one, payload_input=LOG_KB) if target == LOGS and LOG_KB in source.inputs else one


def _comes_late(one: Connection, ends: Sequence[EndOfDocument], replicated: Set[tuple[int | None, int]]) -> bool:
    """Whether a connection causes no calls; `replicated` are the ends of all connections that replicate."""
    if one.source is None:
        return False
    outside = "outside" in _traits(ends, one.target)
    quiet = (one.inputs["push"] and not outside) or not one.inputs["notifies"]
    return bool(quiet or (one.inputs["replication"] and (one.target, one.source) in replicated))


def _in_zones(one: Connection, ends: Sequence[EndOfDocument]) -> EndOfDocument | None:
    """What stands in single zones, where code calls it or reads from it by itself."""
    source, target = _traits(ends, one.source), _traits(ends, one.target)
    if one.source is not None and "zonal" in source and takes_by_itself(ends[one.source], ends[one.target]):
        return ends[one.source]
    return ends[one.target] if "zonal" in target and "compute" in source else None


def _crossing(end: EndOfDocument) -> tuple[float, str]:
    """The share of the bytes that crosses zones, and why: clients ask for what stands in any zone alike."""
    zones = end.stated.get("zones")
    if isinstance(zones, bool) or not isinstance(zones, int | float) or zones < 1:
        return TWO_ZONES, "two zones"
    return (zones - 1) / zones, f"the zones of {end.name}"


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
