"""Which inputs of a component the connections fill: those that nobody stated and that something arrives for."""

from collections.abc import Collection, Sequence

from calculator.architecture import Connection, Traffic
from pricing.catalogue.catalogue import component_type


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
    known = {name for name, what in flow.takes.items() if any(_says(one, what, types, traffic) for one in arriving)}
    if sends:
        known |= set(flow.told)
    return frozenset(known - set(stated))


def _says(connection: Connection, what: str, types: Sequence[str], traffic: Traffic | None) -> bool:
    if what in ("payload_kb", "awaited_kb", "event_kb", "gb"):
        sync = not _asynchronous(connection, types)
        meant = {"awaited_kb": sync, "event_kb": not sync}.get(what, True)
        return meant and _has_size(connection, types, traffic)
    if what in ("response_kb", "response_gb"):
        outside = traffic.inputs["response_kb"] if traffic and connection.source is None else None
        return connection.inputs["response_kb"] is not None or outside is not None
    # Calls are always known, and so are writes and reads: what a connection does not say of them it does not do.
    return True


def _has_size(connection: Connection, types: Sequence[str], traffic: Traffic | None) -> bool:
    if connection.inputs["payload_kb"] is not None or connection.payload_input:
        return True
    if connection.source is None:
        return traffic is not None and traffic.inputs["payload_kb"] is not None
    return bool(component_type(types[connection.source]).flow.passes)


def _asynchronous(connection: Connection, types: Sequence[str]) -> bool:
    if connection.source is None:
        return False
    return component_type(types[connection.source]).flow.asynchronous or connection.inputs["invocation"] == "async"
