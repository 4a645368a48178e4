"""Fair timing on a noisy machine: the things compared run in turn, and the best of many rounds counts."""

import time
from collections.abc import Callable, Mapping


def best(contestants: Mapping[str, Callable[[], object]], rounds: int = 15) -> dict[str, float]:
    """The shortest time of each contestant over interleaved rounds. [s]"""
    for contestant in contestants.values():
        contestant()
    times: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(rounds):
        for name, contestant in contestants.items():
            start = time.perf_counter()
            contestant()
            times[name].append(time.perf_counter() - start)
    return {name: min(taken) for name, taken in times.items()}
