"""Units of measure: what may be added to what.

Only time, data and money are measured; every other word (request, message, month) is counted and so has no unit.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import TypeAlias

Unit: TypeAlias = tuple[tuple[str, int], ...]

MEASURED = frozenset({"ms", "s", "minute", "hour", "day", "B", "KB", "MB", "GB", "TB", "USD"})
COUNT: Unit = ()


@lru_cache(maxsize=1024)
def parse_unit(text: str) -> Unit:
    """The unit that a text such as "GB-s" or "request/s" stands for; "-" multiplies, "/" divides.

    >>> parse_unit("GB-s"), parse_unit("request/s"), parse_unit("message/month")
    ((('GB', 1), ('s', 1)), (('s', -1),), ())
    """
    over, *under = text.split("/")
    powers = [(word, 1) for word in over.split("-")]
    powers += [(word, -1) for part in under for word in part.split("-")]
    return _collect(power for power in powers if power[0] in MEASURED)


def times(a: Unit, b: Unit) -> Unit:
    """The unit of a product.

    >>> times(parse_unit("request/s"), parse_unit("s"))
    ()
    """
    return _collect([*a, *b])


def over(a: Unit, b: Unit) -> Unit:
    """The unit of a quotient.

    >>> over(parse_unit("MB"), parse_unit("MB/GB"))
    (('GB', 1),)
    """
    return _collect([*a, *((word, -power) for word, power in b)])


def unit_text(unit: Unit) -> str:
    """How a unit is written.

    >>> unit_text(parse_unit("GB-s")), unit_text(parse_unit("request/s")), unit_text(COUNT)
    ('GB-s', '1/s', '')
    """
    above = "-".join(word for word, power in unit for _ in range(power))
    below = "/".join(word for word, power in unit for _ in range(-power))
    return (above or "1") + "/" + below if below else above


def _collect(powers: Iterable[tuple[str, int]]) -> Unit:
    total: dict[str, int] = {}
    for word, power in powers:
        total[word] = total.get(word, 0) + power
    return tuple(sorted((word, power) for word, power in total.items() if power))
