"""How long a cold start of a function takes at least: what was measured by runtime, read from a data file."""

from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import tomli

__all__ = ["Initialization", "initialization_of", "measured_runtimes"]

FILE = Path(__file__).parents[1] / "data" / "environments" / "init.toml"


class Initialization(NamedTuple):
    """The median time [ms] that a function which does nothing takes to initialize, and who measured it when."""

    median_ms: float
    memory_mb: int
    source: str
    checked: str


def initialization_of(runtime: str, package: str, architecture: str, memory_mb: float) -> Initialization:
    """What was measured of a runtime, with the most memory [MB] that was measured and is not above the function's.

    Lambda gives an initialization all CPU, so that it hardly depends on the memory:
    https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html

    >>> initialization_of("python3.13", "zip", "arm64", 700)[:2]
    (80.28, 512)
    """
    entries = _entries()
    medians = {
        int(memory): float(median) for memory, median in entries["medians"][runtime][package][architecture].items()
    }
    memory = max((one for one in medians if one <= memory_mb), default=min(medians))
    return Initialization(medians[memory], memory, str(entries["source"]), str(entries["checked"]))


def measured_runtimes() -> tuple[str, ...]:
    """The runtimes that were measured, as AWS names them.

    >>> "nodejs22.x" in measured_runtimes()
    True
    """
    return tuple(_entries()["medians"])


@cache
def _entries() -> dict[str, Any]:
    return tomli.loads(FILE.read_text(encoding="utf-8"))
