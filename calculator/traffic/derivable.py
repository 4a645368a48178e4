"""Which inputs of a component the connections fill: those that nobody stated and that something arrives for."""

from collections.abc import Collection, Sequence

from calculator.architecture import Connection, Traffic
from pricing.catalogue.catalogue import component_type

# Where what only stands beside an API, whose tokens or whose endpoint they are, brings nothing, not even none.
NAMED_ONLY = ("cognito_user_pool", "vpc_endpoint")


def derived_inputs(
    index: int,
    types: Sequence[str],
    arriving: Sequence[Connection],
    traffic: Traffic | None,
    stated: Collection[str],
    *,
    sends: bool,
) -> frozenset[str]:
    """The inputs of the component at that place that follow from its connections; what is stated wins.

    `types` are those of all components, `arriving` the connections that lead to this one, and it `sends` on others.
    """
    flow = component_type(types[index]).flow
    named = types[index] in NAMED_ONLY
    by_takes = [one for one in arriving if not one.fills and not (named and one.inputs["control"])]
    known = {name for name, what in flow.takes.items() if any(_says(one, what, types, traffic) for one in by_takes)}
    known |= {one.fills for one in arriving if one.fills}
    if sends:
        known |= set(flow.told)
    return frozenset(known - set(stated))


def _says(connection: Connection, what: str, types: Sequence[str], traffic: Traffic | None) -> bool:
    payload, answer = _has_size(connection, types, traffic), _has_answer(connection, types, traffic)
    if what in ("awaited_kb", "event_kb"):
        return payload and _asynchronous(connection, types) == (what == "event_kb")
    if what == "written_kb":
        return payload and connection.inputs["writes"] is not None
    if what == "read_kb":
        return answer and connection.inputs["reads"] is not None
    sizes = {"payload_kb": payload, "gb": payload, "response_kb": answer, "response_gb": answer}
    # Calls are always known, and so are writes and reads: what a connection does not say of them it does not do.
    return (payload or answer) if what in ("both_gb", "both_ways_gb") else sizes.get(what, True)


def _has_size(connection: Connection, types: Sequence[str], traffic: Traffic | None) -> bool:
    if connection.inputs["payload_kb"] is not None or connection.payload_input:
        return True
    return _is_said(connection, types, traffic, "payload_kb") or bool(
        connection.source is not None and component_type(types[connection.source]).flow.passes
    )


def _has_answer(connection: Connection, types: Sequence[str], traffic: Traffic | None) -> bool:
    return connection.inputs["response_kb"] is not None or _is_said(connection, types, traffic, "response_kb")


def _is_said(connection: Connection, types: Sequence[str], traffic: Traffic | None, name: str) -> bool:
    """Whether what comes from outside says it, at once or through what passes it on as it is."""
    passed_on = connection.source is None or "transparent" in component_type(types[connection.source]).flow.traits
    return passed_on and traffic is not None and traffic.inputs[name] is not None


def _asynchronous(connection: Connection, types: Sequence[str]) -> bool:
    if connection.source is None:
        return False
    return component_type(types[connection.source]).flow.asynchronous or connection.inputs["invocation"] == "async"
