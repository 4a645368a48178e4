"""The [flow] table of a data file: how traffic that arrives fills the inputs of a component, and what leaves it."""

from collections.abc import Mapping
from types import MappingProxyType

from pricing.catalogue.component_type import Input, TrafficRule
from pricing.catalogue.toml_table import Table

FLOW_KEYS = "takes leaves leaves_peak passes told asynchronous singly as_source as_target logs internet"
# What of the arriving traffic may fill an input: calls, writes and reads of a month and of the busiest second, the size
# of one call, of one whose caller waits, of an event that nobody waits for, or of an answer, and the GB of a month.
COUNTS = ("calls", "writes", "reads", "peak_calls", "peak_writes", "peak_reads")
SIZES = ("payload_kb", "awaited_kb", "event_kb", "response_kb", "gb", "response_gb")
ARRIVING = (*COUNTS, *SIZES)


def read_flow(file: Table, inputs: Mapping[str, Input]) -> TrafficRule:
    """How traffic passes a component of the type; empty where none does. Raises CatalogueError."""
    if "flow" not in file.entries:
        return TrafficRule()
    table = Table(file.file, ("flow",), file.entries["flow"], FLOW_KEYS)
    takes = table.inside("takes")
    for name in takes.entries:
        takes.one_of(name, ARRIVING)
        _number(takes, name, name, inputs)
    one = {key: table.text(key, "") for key in ("leaves", "leaves_peak", "passes", "internet")}
    several = {key: table.names(key) if key in table.entries else () for key in ("told", "as_source", "as_target")}
    for key, name in [*one.items(), *(("told", name) for name in several["told"])]:
        if name:
            _number(table, key, name, inputs)
    flags = {key: table.flag(key) if key in table.entries else False for key in ("asynchronous", "singly")}
    logs = table.one_of("logs", ("", "log_kb", "api_log_kb"), "")
    return TrafficRule(MappingProxyType(dict(takes.entries)), **one, **several, **flags, logs=logs)  # type: ignore[arg-type]


def _number(table: Table, key: str, name: str, inputs: Mapping[str, Input]) -> None:
    if name not in inputs or inputs[name].choices or inputs[name].text:
        table.refuse(key, "expected an input that is a number")
