"""What comes late, when all else flows: pushes to clients, and the bytes of connections that hidden lines bill."""

from typing import NamedTuple

from calculator.architecture import Follow
from calculator.metering import Carried, Inputs
from calculator.traffic.leaving import Source, leaving_on, source_of
from calculator.traffic.walk import Walk, ends_of
from pricing.catalogue.catalogue import component_type
from pricing.catalogue.flow_file import IMAGE
from pricing.formula.language import KB_PER_MB, Number, ratio, total


class Late(NamedTuple):
    """What is worked out once for all that comes late: what sends it, and what has come to doors from outside.

    `settings` are those of connections that follow others, by where they are kept: nobody says anything of them, so
    that most share them. `outside` is by the door and by what leads there: over how many connections, and how many
    calls in all.
    """

    sources: dict[int, Source]
    targets: dict[int, Inputs]
    settings: dict[int, Inputs]
    outside: dict[tuple[int, int | None], tuple[int, Number]]


def late(walk: Walk, number: int, known: Late) -> Carried:
    """What a late connection carries; of one that follows another: the bytes of that, and no calls of its own."""
    connection = walk.architecture.connections[number]
    if connection.payload_input == IMAGE:
        return _pulled(walk, number)
    if connection.follows is None:
        sender = connection.source
        if sender is not None and sender not in known.sources:
            known.sources[sender] = source_of(walk, sender)
        return leaving_on(walk, None if sender is None else known.sources[sender], number)
    followed = walk.carried[connection.follows.number]
    if connection.target not in known.targets:
        known.targets[connection.target] = Inputs(walk.inputs[connection.target])
    if id(connection.inputs) not in known.settings:
        known.settings[id(connection.inputs)] = ends_of(walk, number)[0]
    source = "" if connection.source is None else walk.architecture.components[connection.source].type
    target = walk.architecture.components[connection.target].type
    calls = _answers(walk, connection.follows, followed, known) if connection.follows.answers else followed.calls
    if connection.follows.share:
        calls = calls * getattr(followed.settings, connection.follows.share)
    return Carried(
        source,
        target,
        known.settings[id(connection.inputs)],
        known.targets[connection.target],
        calls,
        0,
        total(
            _size_kb(walk, connection.follows, followed, size, connection.payload_input)
            for size in connection.follows.sizes
        ),
        None,
        asynchronous=False,
    )


def _pulled(walk: Walk, number: int) -> Carried:
    """The images that tasks pull, each when it starts: the answers of a registry, or what a gateway carries."""
    connection = walk.architecture.connections[number]
    source, target = (walk.architecture.components[index or 0] for index in (connection.source, connection.target))
    values, settings = walk.inputs[connection.source or 0], ends_of(walk, number)
    starts = next((values[name] for name in component_type(source.type).flow.pulls if name in values), 0)
    image_kb = values.get(IMAGE, 0) * KB_PER_MB
    sent_kb, answered_kb = (image_kb, None) if connection.fills else (None, image_kb)
    return Carried(source.type, target.type, *settings, starts, 0, sent_kb, answered_kb, asynchronous=False)


def _answers(walk: Walk, follow: Follow, followed: Carried, known: Late) -> Number:
    """Answers to what came from outside: as many as requests are stated of the door, where they are."""
    index = walk.architecture.connections[follow.number].target
    door = walk.architecture.components[index]
    leaves = component_type(door.type).flow.leaves
    if not leaves or leaves in door.derived or door.inputs.get(leaves) is None:
        return followed.calls
    source = walk.architecture.connections[follow.number].source
    if (index, source) not in known.outside:
        numbers = walk.entering[index]
        calls = [walk.carried[one].calls for one in numbers if walk.architecture.connections[one].source == source]
        known.outside[index, source] = len(calls), total(calls)
    ways, calls_in_all = known.outside[index, source]
    if ways == 1:
        return walk.inputs[index][leaves]
    return walk.inputs[index][leaves] * ratio(followed.calls, calls_in_all)


def _size_kb(walk: Walk, follow: Follow, followed: Carried, size: str, own_input: str) -> Number:
    """The size of a call or of its answer [KB]: as it is said, or that of what is written, read or answered."""
    settings, target = followed.settings, walk.inputs[walk.architecture.connections[follow.number].target]
    if size == "payload":
        return _sent_kb(walk, follow, followed)
    if own_input and target.get(own_input) is not None:
        return target[own_input]
    if followed.response_kb is not None:
        return followed.response_kb * _times(settings, "reads", "writes", counts=not follow.answers)
    if settings.reads:
        return _thing_kb(target) * settings.reads
    answers = None if followed.asynchronous else target.get("response_kb")
    return 0 if answers is None else answers


def _sent_kb(walk: Walk, follow: Follow, followed: Carried) -> Number:
    settings = followed.settings
    if followed.payload_kb is not None:
        return followed.payload_kb * _times(settings, "writes", "reads", counts=True)
    if follow.answers and settings.writes is None:
        return _requested_kb(walk, follow)
    return _thing_kb(walk.inputs[walk.architecture.connections[follow.number].target]) * (settings.writes or 0)


def _times(settings: Inputs, first: str, other: str, *, counts: bool) -> Number:
    """How many sizes of a call there are: of each write or read; one of a call that says neither.

    A payload is that of what is written, an answer that of what is read: of a call that does only the `other` it is
    that of each of these, unless it is not one that counts.
    """
    said, beside = getattr(settings, first), getattr(settings, other)
    if said is not None:
        return said
    return 1 if beside is None else beside if counts else 0


def _requested_kb(walk: Walk, follow: Follow) -> Number:
    """The size of a request [KB] as far as the door that takes it knows."""
    door = walk.architecture.connections[follow.number].target
    size = walk.inputs[door].get(component_type(walk.architecture.components[door].type).flow.passes)
    return 0 if size is None else size


def _thing_kb(target: dict[str, Number]) -> Number:
    """What one write writes or one read reads [KB], as far as the component knows."""
    for name in ("read_kb", "item_kb", "object_kb"):
        if target.get(name) is not None:
            return target[name]
    return 0 * KB_PER_MB
