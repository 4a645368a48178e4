"""Which inputs of a component the connections fill: those that nobody stated and that something arrives for."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from calculator.architecture import Connection, Traffic
from pricing.catalogue.catalogue import component_type

# Where what only stands beside an API, whose tokens or whose endpoint they are, brings nothing, not even none.
NAMED_ONLY = ("cognito_user_pool", "vpc_endpoint")
# What is known where a connection says the size of its calls or of their answers.
EITHER = ("both_gb", "both_kb", "both_ways_gb", "written_gb", "read_gb")


class Ways(NamedTuple):
    """What leads to the components of a document: their types, the connections to each, and what comes from outside.

    `told` is what has been found out: whether a component that passes on what comes to it passes on a size.
    """

    types: Sequence[str]
    arriving: Mapping[int, Sequence[Connection]]
    traffic: Traffic | None
    told: dict[tuple[int, str], bool]


def derived_inputs(index: int, ways: Ways, stated: Collection[str], *, sends: bool) -> frozenset[str]:
    """The inputs of the component at that place that follow from its connections; what is stated wins.

    `sends` says whether any leave it.
    """
    flow = component_type(ways.types[index]).flow
    arriving = ways.arriving.get(index, ())
    named = ways.types[index] in NAMED_ONLY
    by_takes = [one for one in arriving if not one.fills and not (named and one.inputs["control"])]
    known = {name for name, what in flow.takes.items() if any(_says(ways, one, what) for one in by_takes)}
    known |= {one.fills for one in arriving if one.fills}
    if sends:
        known |= set(flow.told)
    return frozenset(known - set(stated))


def _says(ways: Ways, connection: Connection, what: str) -> bool:
    payload, answer = _has_size(ways, connection), _is_said(ways, connection, "response_kb")
    if what in ("awaited_kb", "event_kb"):
        return payload and _asynchronous(ways, connection) == (what == "event_kb")
    if what == "written_kb":
        return payload and connection.inputs["writes"] is not None
    if what == "read_kb":
        return answer and connection.inputs["reads"] is not None
    sizes = {"payload_kb": payload, "gb": payload, "response_kb": answer, "response_gb": answer}
    # Calls are always known, and so are writes and reads: what a connection does not say of them it does not do.
    return (payload or answer) if what in EITHER else sizes.get(what, True)


def _has_size(ways: Ways, connection: Connection) -> bool:
    source = connection.source
    flow = component_type(ways.types[source]).flow if source is not None else None
    passed = flow is not None and (flow.passes or "sized" in flow.traits)
    return bool(connection.payload_input or passed or connection.inputs["replication"]) or _is_said(
        ways, connection, "payload_kb"
    )


def _is_said(ways: Ways, connection: Connection, name: str) -> bool:
    """Whether the connection says a size, or what comes from outside or through what passes it on as it is."""
    source = connection.source
    if connection.inputs[name] is not None:
        return True
    if source is None:
        return ways.traffic is not None and ways.traffic.inputs[name] is not None
    if not _passes_on(ways, source, name):
        return False
    if (source, name) not in ways.told:
        ways.told[source, name] = _comes_with(ways, source, name)
    return ways.told[source, name]


def _comes_with(ways: Ways, index: int, name: str) -> bool:
    """Whether a size is said of what comes to a component that passes it on, however far back."""
    waiting, seen = [index], {index}
    while waiting:
        for before in ways.arriving.get(waiting.pop(), ()):
            if before.inputs[name] is not None:
                return True
            if before.source is None:
                if ways.traffic is not None and ways.traffic.inputs[name] is not None:
                    return True
            elif before.source not in seen and _passes_on(ways, before.source, name):
                seen.add(before.source)
                waiting.append(before.source)
    return False


def _passes_on(ways: Ways, index: int, name: str) -> bool:
    """Whether a component passes a size on as it comes: a cache does so with answers."""
    passing = {"transparent", "caches"} if name == "response_kb" else {"transparent"}
    return bool(component_type(ways.types[index]).flow.traits & passing)


def _asynchronous(ways: Ways, connection: Connection) -> bool:
    if connection.source is None:
        return False
    return component_type(ways.types[connection.source]).flow.asynchronous or connection.inputs["invocation"] == "async"
