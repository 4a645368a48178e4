"""Advice on capacity: kept ready by the hour, or billed by the request."""

import math
from collections.abc import Iterator, Sequence

from calculator.rules import INFO, Breach, rule
from calculator.rules.amounts import beyond, by_target, metered, number
from calculator.rules.changes import USED, Advice, advised, is_stated, peak_is_known, stated, with_inputs
from calculator.rules.view import ComponentView, ConnectionView, View
from pricing.formula.language import KB_PER_MB, ratio

# Both ways of using a table.
KINDS = ("write", "read")
# What a shard takes and gives in a second.
SHARD = "kinesis_stream.kinesis_shard_"


@rule(
    why="On demand is billed by the request, provisioned capacity by the hour, used or not: the steadier the load, "
    "the more on demand costs.",
    remedy="Provision for the peak and let auto scaling follow, or go on demand where the load comes and goes.",
    source="docs.aws.amazon.com/amazondynamodb/latest/developerguide/capacity-mode.html",
    checked="2026",
)
def dynamodb_capacity(view: View) -> Iterator[Breach]:
    """The other capacity mode of a table costs less."""
    arriving = by_target(view.connections)
    found = []
    for component in view.of("dynamodb_table"):
        provisioned = component.inputs.capacity == "provisioned"
        advice = (
            _on_demand(view, component, arriving.get(component.number, []))
            if provisioned
            else _provisioned(view, component)
        )
        if advice is not None:
            found.append(advice)
    yield from advised(view, INFO, found)


def _on_demand(view: View, component: ComponentView, arriving: Sequence[ConnectionView]) -> Advice | None:
    writes, reads = (_count(view, component, name, arriving) for name in ("writes", "reads"))
    if not writes and not reads:
        return None
    units = f"{number(component.inputs.write_units)} write units and {number(component.inputs.read_units)} read units"
    told = f"{units} for {number(writes)} writes and {number(reads)} reads a month"
    return Advice((component.name,), told, with_inputs(component, capacity="on_demand", writes=writes, reads=reads))


def _provisioned(view: View, component: ComponentView) -> Advice | None:
    if not _peaks_known(view, component):
        return None
    units = {kind: _units(view, component, kind) for kind in KINDS}
    for kind in KINDS:
        if beyond(units[kind], view.limit(f"dynamodb_table.dynamodb_table_{kind}", component.region)):
            return None
    told = f"{number(units['write'])} write units and {number(units['read'])} read units carry the peak"
    edit = with_inputs(component, capacity="provisioned", write_units=units["write"], read_units=units["read"])
    return Advice((component.name,), f"{told} at {USED * 100:g} % of them", edit)


def _count(view: View, component: ComponentView, name: str, arriving: Sequence[ConnectionView]) -> float:
    """Reads or writes of a month: as stated, or as they come over the connections."""
    if is_stated(view, component, name):
        return float(stated(view, component)[name])
    return sum(connection.calls * (getattr(connection.settings, name) or 0) for connection in arriving)


def _peaks_known(view: View, component: ComponentView) -> bool:
    return all(not component.get(f"{kind}s") or peak_is_known(view, component, f"peak_{kind}_rps") for kind in KINDS)


def _units(view: View, component: ComponentView, kind: str) -> int:
    """Units that carry the peak, indexes included, with room above it."""
    monthly = component.get(f"{kind}s")
    usage = metered(view, component).usage
    used = sum(float(amount) for name, amount in usage.items() if f"{kind}_requests" in name)
    return math.ceil(used / monthly * component.get(f"peak_{kind}_rps") / USED) if monthly else 0


@rule(
    why="On demand bills the stream's hours and each GB, provisioned mode its shards: a steady stream costs less by "
    "the shard, one that is mostly empty less by the GB.",
    remedy="Provision the shards that the peak needs and watch them, or let the stream scale by itself.",
    source="docs.aws.amazon.com/streams/latest/dev/how-do-i-size-a-stream.html",
    checked="2026",
)
def kinesis_capacity(view: View) -> Iterator[Breach]:
    """The other capacity mode of a stream costs less."""
    found = []
    for component in view.of("kinesis_stream"):
        if component.inputs.capacity == "provisioned":
            told = f"{number(component.inputs.shards)} shards for {number(component.inputs.records)} records a month"
            found.append(Advice((component.name,), told, with_inputs(component, capacity="on_demand", shards=None)))
        elif component.inputs.capacity == "on_demand" and peak_is_known(view, component):
            rate, size_kb = component.inputs.peak_rps, component.inputs.record_kb
            shards = shards_for(view, component.region, rate, size_kb, component.inputs.consumers)
            if beyond(shards, view.limit("kinesis_stream.kinesis_shards_account", component.region)):
                continue
            told = f"{number(shards)} shards carry the peak at {USED * 100:g} % of them"
            found.append(Advice((component.name,), told, with_inputs(component, capacity="provisioned", shards=shards)))
    yield from advised(view, INFO, found)


def shards_for(view: View, region: str, per_s: float, record_kb: float, consumers: float = 1) -> int:
    """Shards that carry so many records in the busiest second [1/s] for so many readers, with room above it."""
    mb_s = per_s * record_kb / KB_PER_MB
    through = {"write_bytes": mb_s, "write_records": per_s, "read_bytes": mb_s * consumers}
    needed = (ratio(amount, view.limit(SHARD + name, region)) for name, amount in through.items())
    return max(math.ceil(float(max(needed)) / USED), 1)
