"""An architecture as rules look at it: components with their inputs as numbers, and what flows between them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from calculator.architecture import Architecture
from calculator.limits.checks import Check, limit_in
from calculator.limits.growth import Multiple
from calculator.metering import Inputs
from calculator.rules.prices import Prices
from calculator.traffic.propagate import Flow
from pricing.catalogue.catalogue import quota_named

FUNCTIONS = ("lambda_function", "lambda_durable_function", "lambda_managed_instances")
APIS = ("http_api", "rest_api", "websocket_api")
STREAMS = ("kinesis_stream", "dynamodb_table")


class ComponentView(NamedTuple):
    """A component: `inputs` are its inputs, as they stand or as the traffic fills them."""

    number: int
    name: str
    type: str
    region: str
    inputs: Inputs

    def get(self, name: str) -> Any:
        """An input, or None where the component has none of that name or it is not set."""
        return getattr(self.inputs, name, None)


class ConnectionView(NamedTuple):
    """A connection with its settings; calls of a month and of the busiest second [1/s], sizes of one [KB]."""

    source: ComponentView | None
    target: ComponentView
    settings: Inputs
    calls: float
    peak_calls: float
    payload_kb: float | None
    response_kb: float | None
    asynchronous: bool

    @property
    def path(self) -> tuple[str, ...]:
        """The names at its ends."""
        return (self.target.name,) if self.source is None else (self.source.name, self.target.name)


class View(NamedTuple):
    """One architecture in floats, with every check of its limits, and what it would cost if it were changed.

    `multiples` are those of the traffic at which each of the checks first breaks, where that is known. `pairs` are the
    places of the connections by the types at their ends, `arriving` by what they lead to.
    """

    architecture: Architecture
    components: tuple[ComponentView, ...]
    connections: tuple[ConnectionView, ...]
    checks: tuple[Check, ...]
    prices: Prices
    multiples: tuple[Multiple, ...]
    pairs: Mapping[tuple[str, str], Sequence[int]]
    arriving: Mapping[int, Sequence[int]]

    def of(self, *types: str) -> Iterator[ComponentView]:
        """The components of some types."""
        return (component for component in self.components if component.type in types)

    def between(self, sources: Collection[str], targets: Collection[str]) -> Iterator[ConnectionView]:
        """The connections from components of some types to components of some types."""
        found = [places for (source, target), places in self.pairs.items() if source in sources and target in targets]
        places = found[0] if len(found) == 1 else sorted(place for among in found for place in among)
        return (self.connections[place] for place in places)

    def into(self, component: ComponentView) -> Iterator[ConnectionView]:
        """The connections that lead to a component."""
        return (self.connections[place] for place in self.arriving.get(component.number, ()))

    def limit(self, quota: str, region: str) -> float:
        """The limit of a quota of that full name ("sqs_queue.sqs_message_size") that the account has in a region."""
        return float(limit_in(quota_named(quota), region, self.architecture.account))

    def instead(self, component: ComponentView, **inputs: object) -> Mapping[str, Any]:
        """The document with other inputs of a component; None takes an input out of it."""
        document = dict(self.architecture.document)  # type: ignore[call-overload]
        components = list(document["components"])
        changed = {**components[component.number], **inputs}
        components[component.number] = {name: value for name, value in changed.items() if value is not None}
        return {**document, "components": components}


def view_of(
    architecture: Architecture,
    flow: Flow,
    checks: tuple[Check, ...],
    prices: Prices,
    multiples: tuple[Multiple, ...] = (),
) -> View:
    """The view of an architecture whose flow and checks have been read in floats."""
    places = tuple(
        ComponentView(index, one.name, one.type, one.region, Inputs(flow.inputs[index]))
        for index, one in enumerate(architecture.components)
    )
    ways: list[ConnectionView] = []
    pairs: dict[tuple[str, str], list[int]] = {}
    arriving: dict[int, list[int]] = {}
    for connection, link in zip(architecture.connections, flow.carried, strict=True):
        source = None if connection.source is None else places[connection.source]
        target, sizes = places[connection.target], (link.payload_kb, link.response_kb)
        arriving.setdefault(connection.target, []).append(len(ways))
        if source is not None:
            pairs.setdefault((source.type, target.type), []).append(len(ways))
        ways.append(
            ConnectionView(source, target, link.settings, link.calls, link.peak_calls, *sizes, link.asynchronous)
        )
    return View(architecture, places, tuple(ways), checks, prices, multiples, pairs, arriving)
