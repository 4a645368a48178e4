"""The catalogue: the component types that are known, and their meters, free tiers and quotas by full name."""

import hashlib
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path

from pricing.catalogue import feeds
from pricing.catalogue.component_type import Choice, ComponentType, Default, FreeTier, Input, Meter, Quota, TrafficRule
from pricing.catalogue.type_file import read_inputs_file, read_type
from pricing.errors import NotFound

__all__ = [
    "DATA",
    "Choice",
    "ComponentType",
    "Default",
    "FreeTier",
    "Input",
    "Meter",
    "Quota",
    "TrafficRule",
    "component_type",
    "component_types",
    "connection_inputs",
    "digest",
    "free_tier_named",
    "hidden_line_inputs",
    "meter_named",
    "quota_named",
    "quotas_called",
    "read_type",
    "traffic_inputs",
]

DATA = Path(__file__).parents[1] / "data"
# What was measured of execution environments answers for these types.
MEASURED = "environments", "lambda_function"


@cache
def component_types() -> tuple[str, ...]:
    """The names of all component types, sorted.

    >>> "sqs_queue" in component_types()
    True
    """
    return tuple(sorted(path.stem for path in DATA.glob("*.toml")))


@cache
def component_type(name: str) -> ComponentType:
    """The component type of that name. Raises NotFound.

    >>> component_type("sqs_queue").title
    'Amazon SQS queue'
    """
    if name not in component_types():
        raise NotFound(f"no component type {name!r}; there are {', '.join(component_types())}")
    return read_type(DATA / f"{name}.toml")


@cache
def connection_inputs() -> Mapping[str, Input]:
    """What may be said of a connection between two components.

    >>> connection_inputs()["calls"].default
    1
    """
    return read_inputs_file(DATA / "flow" / "connection.toml")


@cache
def traffic_inputs() -> Mapping[str, Input]:
    """What may be said of the traffic from outside, but for its shape.

    >>> traffic_inputs()["peak_rps"].unit
    'request/s'
    """
    return read_inputs_file(DATA / "flow" / "traffic.toml")


@cache
def hidden_line_inputs() -> Mapping[str, Input]:
    """What may be said of the lines that appear by themselves.

    >>> hidden_line_inputs()["logs"].default
    True
    """
    return read_inputs_file(DATA / "flow" / "hidden_lines.toml")


def meter_named(full_name: str) -> Meter:
    """The meter of a full name such as "sqs_queue.requests". Raises NotFound.

    >>> meter_named("sqs_queue.requests").unit
    'request'
    """
    type_name, _, name = full_name.partition(".")
    if type_name == feeds.TYPE:
        return Meter(name, type_name, feeds.metric_named(name).metric, "unit", name, None)
    meters = component_type(type_name).meters
    if name not in meters:
        raise NotFound(f"no meter {full_name!r}; {type_name} has {', '.join(meters)}")
    return meters[name]


def quota_named(full_name: str) -> Quota:
    """The quota of a full name such as "sqs_queue.sqs_message_size". Raises NotFound.

    >>> quota_named("sqs_queue.sqs_message_size").unit
    'KB'
    """
    type_name, _, name = full_name.partition(".")
    quotas = component_type(type_name).quotas
    if name not in quotas:
        raise NotFound(f"no quota {full_name!r}; {type_name} has {', '.join(quotas)}")
    return quotas[name]


def quotas_called(key: str) -> tuple[Quota, ...]:
    """The quotas of a name, or of a quota code: several types may share a code. Raises NotFound.

    >>> [quota.name for quota in quotas_called("L-B99A9384")]
    ['lambda_concurrency_account']
    """
    kinds = (component_type(name) for name in component_types())
    called = tuple(q for kind in kinds for q in kind.quotas.values() if key and key in (q.name, q.code))
    if not called:
        raise NotFound(f"no quota {key!r}; expected the name or the code of one")
    return called


def free_tier_named(full_name: str) -> FreeTier:
    """The free tier of a full name such as "sqs_queue.requests". Raises NotFound.

    >>> free_tier_named("sqs_queue.requests").covers
    ('sqs_queue.requests', 'sqs_queue.fifo_requests')
    """
    type_name, _, name = full_name.partition(".")
    tiers = component_type(type_name).free_tiers
    if name not in tiers:
        raise NotFound(f"no free tier {full_name!r}; {type_name} has {', '.join(tiers) or 'none'}")
    return tiers[name]


@lru_cache(maxsize=256)
def digest(types: frozenset[str], overlay: Path | None = None) -> str:
    """The SHA-256 of the data files of these component types and of the sources: equal digests give equal answers.

    `overlay` is a folder of imported prices that take the place of the packaged ones.

    >>> len(digest(frozenset({"sqs_queue"})))
    64
    """
    names = [path for name in sorted(types) for path in (f"{name}.toml", f"rates/{name}.csv")]
    names += sorted(f"feeds/{path.name}" for path in feeds.FEEDS.glob("*.csv.gz")) if feeds.TYPE in types else []
    measured, of_type = MEASURED
    names += sorted(f"{measured}/{path.name}" for path in (DATA / measured).glob("*.toml")) if of_type in types else []
    hashed = hashlib.sha256()
    for name in (*names, "rates/sources.json"):
        imported = overlay / name if overlay and name.startswith("rates/") else None
        path = imported if imported and imported.is_file() else DATA / name
        hashed.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return hashed.hexdigest()
