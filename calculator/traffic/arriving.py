"""What arrives at a component over all connections, as its inputs want it."""

from collections.abc import Callable, Mapping, Sequence

from calculator.metering import Carried
from pricing.formula.language import KB_PER_GB, Number, ratio, total

# The setting of a connection that says how much of it a call is; calls themselves are one.
SETTINGS = {"writes": "writes", "peak_writes": "writes", "reads": "reads", "peak_reads": "reads"}


def taken(what: str, links: Sequence[Carried]) -> Number:
    """One of the amounts that an input may take: calls of a month, of a second [1/s], a size [KB], or GB of a month."""
    return _TAKEN[what](links)


def _count(what: str) -> Callable[[Sequence[Carried]], Number]:
    setting, peak = SETTINGS.get(what), what.startswith("peak_")

    def count(links: Sequence[Carried]) -> Number:
        counted = []
        for link in links:
            each = 1 if setting is None else getattr(link.settings, setting)
            if each is not None:
                counted.append((link.peak_calls if peak else link.calls) * each)
        return total(counted)

    return count


def _sized(what: str, links: Sequence[Carried]) -> list[tuple[Number, Number]]:
    """Calls and the size of each, of the connections that say a size."""
    if what in ("response_kb", "response_gb"):
        sizes = [(link.calls, link.response_kb) for link in links]
    elif what in ("payload_kb", "gb"):
        sizes = [(link.calls, link.payload_kb) for link in links]
    else:
        sizes = [(link.calls, link.payload_kb) for link in links if link.asynchronous == (what == "event_kb")]
    return [(calls, size) for calls, size in sizes if size is not None]


def _mean_size(what: str) -> Callable[[Sequence[Carried]], Number]:
    def mean(links: Sequence[Carried]) -> Number:
        sized = _sized(what, links)
        if len(sized) == 1:
            return sized[0][1]
        return ratio(total(calls * size for calls, size in sized), total(calls for calls, _ in sized))

    return mean


def _gb(what: str) -> Callable[[Sequence[Carried]], Number]:
    return lambda links: total(calls * size for calls, size in _sized(what, links)) / KB_PER_GB


_TAKEN: Mapping[str, Callable[[Sequence[Carried]], Number]] = {
    **{what: _count(what) for what in ("calls", "writes", "reads", "peak_calls", "peak_writes", "peak_reads")},
    "payload_kb": _mean_size("payload_kb"),
    "awaited_kb": _mean_size("awaited_kb"),
    "event_kb": _mean_size("event_kb"),
    "response_kb": _mean_size("response_kb"),
    "gb": _gb("gb"),
    "response_gb": _gb("response_gb"),
}
