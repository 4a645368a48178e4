"""One walk through the components in the order of the traffic: what is known so far, and what it is read from."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from calculator.architecture import Architecture
from calculator.metering import Carried, Inputs
from calculator.traffic.inputs import OUTSIDE, read_component, read_connection
from pricing.catalogue.catalogue import component_type, connection_inputs
from pricing.formula.language import MS_PER_S, Number, Varies, ceil, minimum, ratio, share_above, total
from pricing.formula.reading import Reading

# Where batches become larger as more comes back, less comes back: it is corrected so many times at most.
CORRECTIONS = 10
# Components and connections of a document, with those of hidden lines: one connection may cause four more.
MAX_PARTS = 5000
# Most circles are settled after as many.
USUAL_CORRECTIONS = 4


class Walk(NamedTuple):
    """What one walk knows.

    `arrived` are the calls at the peak [1/s] that reach each component; `fed` are components of circles that batches
    feed: there a loop counts messages, not calls. `further` is what one more that leaves becomes on a connection, in
    the mean and at the peak, and `further_calls` the same in calls, whatever the loop counts; `again` is what
    comes back over the connections that close loops;
    `endless` and `endless_peak` are the heads of loops that have no end.
    """

    architecture: Architecture
    reading: Reading
    month_hours: Number
    inputs: list[dict[str, Any]]
    settings: dict[int, Inputs]
    carried: dict[int, Carried]
    entering: dict[int, list[int]]
    leaving: dict[int | None, list[int]]
    arrived: dict[int, Number]
    fed: frozenset[int]
    further: dict[int, tuple[Number, Number]]
    further_calls: dict[int, tuple[Number, Number]]
    again: dict[int, Carried]
    closing: frozenset[int]
    circling: frozenset[int]
    endless: set[int]
    endless_peak: set[int]
    gains: dict[int, tuple[Number, Number]]


def visits_of(architecture: Architecture) -> int:
    """How much work one walk is, in components and connections that are visited: those of circles again and again.

    >>> from datetime import date
    >>> from calculator.architecture import Account, Component
    >>> alone = Component("jobs", "sqs_queue", "us-east-1", {}, {})
    >>> visits_of(Architecture("jobs", "us-east-1", date(2026, 9, 1), 730, Account(), (alone,), ()))
    1
    """
    circling = {index for circle in architecture.circles for index in circle}
    again = sum(connection.source in circling for connection in architecture.connections) if circling else 0
    return len(architecture.components) + len(architecture.connections) + USUAL_CORRECTIONS * (len(circling) + again)


def begun(
    architecture: Architecture, reading: Reading, month_hours: Number, settings: dict[int, Inputs] | None = None
) -> Walk:
    """A walk at its beginning. What comes late has no part in it.

    `settings` are those of connections, where they have been read in the same way; the walk adds those that lack.
    """
    entering: dict[int, list[int]] = {}
    leaving: dict[int | None, list[int]] = {}
    for number, connection in enumerate(architecture.connections):
        if not connection.late:
            entering.setdefault(connection.target, []).append(number)
            leaving.setdefault(connection.source, []).append(number)
    loops = architecture.loops
    return Walk(
        architecture,
        reading,
        month_hours,
        inputs=[read_component(component, reading) for component in architecture.components],
        settings={} if settings is None else settings,
        carried={},
        entering=entering,
        leaving=leaving,
        arrived={},
        fed=frozenset(_fed(architecture)),
        further={},
        further_calls={},
        again={},
        closing=frozenset(loop.back for loop in loops),
        circling=frozenset(index for circle in architecture.circles for index in circle),
        endless={loop.path[0] for loop in loops if loop.gain >= 1},
        endless_peak={loop.path[0] for loop in loops if max(loop.gain, loop.peak_gain) >= 1},
        gains={},
    )


def _fed(architecture: Architecture) -> Iterator[int]:
    """The components of circles that a batch feeds, and that send for each of its messages or for each call."""
    circling = {index for circle in architecture.circles for index in circle}
    for connection in architecture.connections:
        if connection.target in circling and connection.source is not None:
            source, target = (
                component_type(architecture.components[index].type).flow
                for index in (connection.source, connection.target)
            )
            if "batches" in source.traits and not target.singly and not connection.inputs["dead_letter"]:
                yield connection.target


def ends_of(walk: Walk, number: int) -> tuple[Inputs, Inputs]:
    """The settings of a connection, and the inputs of the component that it leads to as far as they are known."""
    connection, components = walk.architecture.connections[number], walk.architecture.components
    if number not in walk.settings:
        source = OUTSIDE if connection.source is None else components[connection.source].name
        name = f"{source} -> {components[connection.target].name}"
        settings = read_connection(connection, name, walk.reading)
        walk.settings[number] = Inputs(_with_timeouts(settings, walk.inputs[connection.target]))
    target = walk.inputs[connection.target]
    return walk.settings[number], Inputs(target, type=components[connection.target].type)


def _with_timeouts(settings: dict[str, Any], target: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of a connection, with the calls among its failures that the function behind it does not end in time.

    Only of durations that are said to vary is it known how many these are.
    """
    duration_ms, timeout_s = target.get("duration_ms"), target.get("timeout_s")
    if not isinstance(duration_ms, Varies) or timeout_s is None or settings.get("failure_share") is None:
        return settings
    late = share_above(duration_ms, ceil(timeout_s * MS_PER_S))
    failing = 1 - (1 - settings["failure_share"]) * (1 - late)
    return settings | {"failure_share": minimum(failing, connection_inputs()["failure_share"].at_most)}


def arriving_at(walk: Walk, index: int) -> list[Carried]:
    """What has reached a component so far, over all connections but the late ones."""
    numbers = walk.entering.get(index, ())
    arriving = ((walk.again if number in walk.closing else walk.carried).get(number) for number in numbers)
    return [carried for carried in arriving if carried is not None]


def mean_batch(arriving: Iterable[Carried], *, peak: bool) -> Number:
    """Messages that a call brings in the mean over all that calls: 1 where no batches do."""
    calls = [(one.peak_calls, one.peak_batch) if peak else (one.calls, one.batch) for one in arriving]
    batches = [batch for _, batch in calls]
    if len(batches) == 1 or all(batch is batches[0] for batch in batches):
        return batches[0] if batches else 1
    return ratio(total(each * batch for each, batch in calls), total(each for each, _ in calls))


def share_at_once(arriving: Iterable[Carried]) -> tuple[Number, Number]:
    """How many come together each time that a schedule starts them, and their share of all that comes in a month."""
    known = list(arriving)
    together = [one for one in known if not _never(one.at_once)]
    if not together:
        return 0, 0
    if len(together) == len(known):
        return total(one.at_once for one in together), 1
    share = ratio(total(one.calls for one in together), total(one.calls for one in known))
    return total(one.at_once for one in together), share


def _never(at_once: Number) -> bool:
    return isinstance(at_once, int) and at_once == 0


def known_duration_s(values: Mapping[str, Any]) -> Number | None:
    """How long a call keeps a component busy [s]; None where that is not known."""
    if values.get("duration_ms") is not None:
        return values["duration_ms"] / MS_PER_S
    return values.get("duration_s")
