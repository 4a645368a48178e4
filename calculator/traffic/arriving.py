"""What arrives at a component over all connections, as its inputs want it."""

from collections.abc import Callable, Mapping, Sequence

from calculator.metering import Carried
from pricing.formula.language import KB_PER_GB, Constant, Number, total
from pricing.formula.varying import mixed

# The setting of a connection that says how much of it a call is; calls themselves are one.
SETTINGS = {"writes": "writes", "peak_writes": "writes", "reads": "reads", "peak_reads": "reads"}
MEAN_SIZES = ("payload_kb", "awaited_kb", "event_kb", "response_kb", "written_kb", "read_kb", "both_kb")
# Load balancers are billed by 10^9 bytes.
B_PER_KB = Constant(1024, "B/KB")
B_PER_DECIMAL_GB = Constant(10**9, "B/GB")


def taken(what: str, arriving: Sequence[Carried]) -> Number:
    """One of the amounts that an input may take: calls of a month, of a second [1/s], a size [KB], or GB of a month."""
    return _TAKEN[what](arriving)


def is_said(what: str, arriving: Sequence[Carried]) -> bool:
    """Whether anything that arrives says so much: a size may be known of none of it."""
    return what not in MEAN_SIZES or bool(_sized(what, arriving))


def mean_size(sized: Sequence[tuple[Number, Number]]) -> Number:
    """The mean of sizes, each of so many calls; 0 where there are none. It remembers them: each is rounded up.

    >>> mean_size([(1.0, 2.0), (3.0, 6.0)]), mean_size([])
    (5.0, 0)
    """
    return mixed(sized) if sized else 0


def _count(what: str) -> Callable[[Sequence[Carried]], Number]:
    setting, peak = SETTINGS.get(what), what.startswith("peak_")

    def count(arriving: Sequence[Carried]) -> Number:
        counted = []
        for carried in arriving:
            each = 1 if setting is None else getattr(carried.settings, setting)
            if each is not None:
                counted.append((carried.peak_calls if peak else carried.calls) * each)
        return total(counted)

    return count


def _sized(what: str, arriving: Sequence[Carried]) -> list[tuple[Number, Number]]:
    """Calls and the size of each, of the connections that say a size.

    What is written has the size of its call, what is read that of its answer: of these so many as a call makes.
    """
    each = {"written_kb": "writes", "read_kb": "reads"}.get(what)
    sizes = [
        (one.calls if each is None else one.calls * (getattr(one.settings, each) or 0), _size(what, one))
        for one in arriving
    ]
    return [(calls, size) for calls, size in sizes if size is not None]


def _size(what: str, carried: Carried) -> Number | None:
    size: Number | None = carried.payload_kb
    if what in ("response_kb", "response_gb"):
        size = carried.response_kb
    elif what in ("awaited_kb", "event_kb"):
        size = carried.payload_kb if carried.asynchronous == (what == "event_kb") else None
    elif what == "written_kb":
        size = carried.payload_kb if carried.settings.writes is not None else None
    elif what == "read_kb":
        size = carried.response_kb if carried.settings.reads is not None else None
    elif what == "both_kb":
        said = [one for one in (carried.payload_kb, carried.response_kb) if one is not None]
        size = total(said) if said else None
    return size


def _mean_size(what: str) -> Callable[[Sequence[Carried]], Number]:
    return lambda arriving: mean_size(_sized(what, arriving))


def _gb(what: str) -> Callable[[Sequence[Carried]], Number]:
    return lambda arriving: total(calls * size for calls, size in _sized(what, arriving)) / KB_PER_GB


def _moved_gb(what: str, said: str, other: str) -> Callable[[Sequence[Carried]], Number]:
    """GB written or read: of each write or read that a call says, or of the call where it says neither."""

    def moved(arriving: Sequence[Carried]) -> Number:
        amounts = []
        for one in arriving:
            size, times, beside = _size(what, one), getattr(one.settings, said), getattr(one.settings, other)
            if size is not None and (times is not None or beside is None):
                amounts.append(one.calls * size * (1 if times is None else times))
        return total(amounts) / KB_PER_GB

    return moved


def _both_ways(arriving: Sequence[Carried]) -> Number:
    """Requests and answers, in 10^9 bytes."""
    sized = [*_sized("payload_kb", arriving), *_sized("response_kb", arriving)]
    return total(calls * size for calls, size in sized) * B_PER_KB / B_PER_DECIMAL_GB


def _there_and_back(arriving: Sequence[Carried]) -> Number:
    """Requests and answers, in GB."""
    sized = [*_sized("payload_kb", arriving), *_sized("response_kb", arriving)]
    return total(calls * size for calls, size in sized) / KB_PER_GB


_TAKEN: Mapping[str, Callable[[Sequence[Carried]], Number]] = {
    **{what: _count(what) for what in ("calls", "writes", "reads", "peak_calls", "peak_writes", "peak_reads")},
    **{what: _mean_size(what) for what in MEAN_SIZES},
    "gb": _gb("gb"),
    "response_gb": _gb("response_gb"),
    "written_gb": _moved_gb("gb", "writes", "reads"),
    "read_gb": _moved_gb("response_gb", "reads", "writes"),
    "both_gb": _both_ways,
    "both_ways_gb": _there_and_back,
}
