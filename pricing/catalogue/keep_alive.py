"""How long AWS keeps an idle execution environment: measurements, read from a data file, or what a user says."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import tomli

__all__ = ["KeepAlive", "keep_alive_of", "measured_keep_alives", "usual_keep_alive"]

FILE = Path(__file__).parents[1] / "data" / "environments" / "keep_alive.toml"


@dataclass(frozen=True, slots=True)
class KeepAlive:
    """Share of the calls that find no warm environment, by how long the last one has been idle.

    `points` are (idle [s], cold [share]), both rising, with straight lines between them; warm before the first point
    (which is a step if its share is above 0), cold for good after the last.
    """

    points: tuple[tuple[float, float], ...]
    title: str = ""
    source: str = ""
    checked: str = ""

    def cold_after(self, idle_s: float) -> float:
        """The share of calls that are cold after so long a pause [s].

        >>> usual_keep_alive().cold_after(315)
        0.43
        >>> keep_alive_of(600).cold_after(599.9), keep_alive_of(600).cold_after(600)
        (0.0, 1.0)
        """
        if idle_s < self.points[0][0]:
            return 0.0
        for (earlier, share), (later, next_share) in pairwise(self.points):
            if idle_s < later:
                return share + (next_share - share) * (idle_s - earlier) / (later - earlier)
        return self.points[-1][1]


@cache
def measured_keep_alives() -> dict[str, KeepAlive]:
    """What has been measured on AWS, by name.

    >>> sorted(measured_keep_alives())
    ['measured_2025', 'ten_minutes']
    """
    return {name: _measured(entry) for name, entry in _entries().items()}


@cache
def usual_keep_alive() -> KeepAlive:
    """The keep-alive to reckon with where nothing is said: the newest measurement.

    >>> usual_keep_alive().points
    ((240.0, 0.0), (315.0, 0.43), (360.0, 1.0))
    """
    (name,) = (name for name, entry in _entries().items() if entry["default"])
    return measured_keep_alives()[name]


def keep_alive_of(said: float | Sequence[Sequence[float]]) -> KeepAlive:
    """The keep-alive of a plain number of seconds [s], or of points (idle [s], cold [share]).

    Raises ValueError for points that do not rise to a share of 1.

    >>> keep_alive_of([[300, 0], [420, 1]]).cold_after(360)
    0.5
    """
    if isinstance(said, int | float):
        return KeepAlive(((float(said), 1.0),), title="Cold after a fixed time")
    points = tuple((float(idle), float(share)) for idle, share in said)
    falls = any(
        later[0] < earlier[0] or later[1] < earlier[1] or later == earlier for earlier, later in pairwise(points)
    )
    if not points or falls or points[0][0] < 0 or points[0][1] < 0 or points[-1][1] != 1:
        raise ValueError("expected points of idle seconds and cold share that rise, the last share 1")
    return KeepAlive(points, title="Cold shares as given")


@cache
def _entries() -> dict[str, dict[str, object]]:
    return tomli.loads(FILE.read_text(encoding="utf-8"))


def _measured(entry: dict[str, object]) -> KeepAlive:
    points = [(point["idle_s"], float(point["cold_share"])) for point in entry["points"]]  # type: ignore[attr-defined]
    return KeepAlive(keep_alive_of(points).points, str(entry["title"]), str(entry["source"]), f"{entry['checked']}")
