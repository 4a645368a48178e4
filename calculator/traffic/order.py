"""The order in which traffic reaches components, the circles it may go round in, and the ways back."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeAlias

from calculator.architecture import Connection, Loop

# The number of a connection and the component it leads to, by the component it leaves.
Leaving: TypeAlias = Sequence[Sequence[tuple[int, int]]]

# Nobody follows more; a small document must not take long.
MAX_LOOPS = 20


class Order(NamedTuple):
    """Every component after those that send to it, but for the ways back.

    A circle are components that all reach each other, or one that reaches itself; they stand together in the order. Of
    the loops no more are told than one above MAX_LOOPS.
    """

    components: tuple[int, ...]
    circles: tuple[tuple[int, ...], ...]
    loops: tuple[Loop, ...]


def order_of(count: int, connections: Sequence[Connection]) -> Order:
    """The way of the traffic through so many components; a loop is opened where it comes back to its beginning.

    >>> there, back = Connection(0, 1, {}), Connection(1, 0, {})
    >>> order_of(3, [there, back])
    Order(components=(0, 1, 2), circles=((0, 1),), loops=(Loop(back=1, path=(0, 1), gain=0.0, peak_gain=0.0),))
    """
    leaving: list[list[tuple[int, int]]] = [[] for _ in range(count)]
    for number, connection in enumerate(connections):
        if connection.source is not None and not connection.late:
            leaving[connection.source].append((number, connection.target))
    order, loops = _search(leaving, _roots(count, connections))
    groups = _groups(order, leaving)
    place = {index: at for at, index in enumerate(order)}
    itself = {loop.path[0] for loop in loops if len(loop.path) == 1}
    circles = [tuple(sorted(group, key=place.__getitem__)) for group in groups if len(group) > 1 or group[0] in itself]
    inside = {index: circle for circle in circles for index in circle}
    together = dict.fromkeys(index for group in groups for index in inside.get(group[0], tuple(group)))
    return Order(tuple(together), tuple(circles), tuple(loops))


def _search(leaving: Leaving, roots: Iterable[int]) -> tuple[list[int], list[Loop]]:
    """Depth first from the roots: the components in the order of the traffic, and what leads back onto the path."""
    finished: list[int] = []
    loops: list[Loop] = []
    seen: set[int] = set()
    for root in roots:
        if root in seen:
            continue
        seen.add(root)
        path, place, left = [root], {root: 0}, [iter(leaving[root])]
        while path:
            for number, target in left[-1]:
                if target in place:
                    if len(loops) <= MAX_LOOPS:
                        loops.append(Loop(number, tuple(path[place[target] :])))
                elif target not in seen:
                    seen.add(target)
                    place[target] = len(path)
                    path.append(target)
                    left.append(iter(leaving[target]))
                    break
            else:
                left.pop()
                finished.append(path.pop())
                del place[finished[-1]]
    return finished[::-1], loops


def _groups(order: Sequence[int], leaving: Leaving) -> list[list[int]]:
    """Components that all reach each other, in the order of the traffic (Kosaraju: a second walk against it)."""
    sources: list[list[int]] = [[] for _ in leaving]
    for source, ways in enumerate(leaving):
        for _, target in ways:
            sources[target].append(source)
    groups: list[list[int]] = []
    seen: set[int] = set()
    for first in order:
        if first not in seen:
            seen.add(first)
            group = [first]
            for index in group:
                new = [source for source in dict.fromkeys(sources[index]) if source not in seen]
                seen.update(new)
                group += new
            groups.append(group)
    return groups


def _roots(count: int, connections: Sequence[Connection]) -> list[int]:
    """What the outside reaches first comes first, then what nothing reaches from outside."""
    reached = dict.fromkeys(connection.target for connection in connections if connection.source is None)
    fed = {connection.target for connection in connections}
    return list(dict.fromkeys([*reached, *(index for index in range(count) if index not in fed), *range(count)]))
