"""The [flow] table of a data file: how traffic that arrives fills the inputs of a component, and what leaves it."""

from collections.abc import Mapping
from types import MappingProxyType

from pricing.catalogue.component_type import CUSTOM, VENDED, Choice, Input, TrafficRule
from pricing.catalogue.toml_table import Table

FLOW_KEYS = (
    "takes leaves leaves_else leaves_peak leaves_peak_else passes told asynchronous singly as_source as_target logs "
    "log_origin vended_from internet internet_unless brings chosen pulls traits"
)
# Settings of the hidden lines that say how much a component of the type writes into its log for each that leaves it.
LOGS = (
    "log_kb", "api_log_kb", "workflow_log_kb", "distribution_log_kb", "load_balancer_log_kb", "waf_log_kb",
    "iot_log_kb",
)  # fmt: skip
# What of the arriving traffic may fill an input: calls, writes and reads of a month and of the busiest second, the size
# of one call, of one whose caller waits, of an event that nobody waits for, of an answer or of both, and the GB of a
# month: sent, answered, or both; `written_gb` and `read_gb` are known where either is said, the other being nothing.
COUNTS = ("calls", "writes", "reads", "peak_calls", "peak_writes", "peak_reads")
SIZES = (
    "payload_kb", "awaited_kb", "event_kb", "response_kb", "written_kb", "read_kb", "both_kb", "gb", "response_gb",
    "written_gb", "read_gb", "both_gb", "both_ways_gb",
)  # fmt: skip
# An amount of which the type's own function `receive` makes something.
RULE = "rule"
ARRIVING = (*COUNTS, *SIZES, RULE)
# What else is to be known of a type where traffic passes it.
TRAITS = {
    "allowance": "what it sends to the Internet has an allowance and a price of its own",
    "batches": "what leaves it comes to functions in batches",
    "buffers": "it keeps what comes until somebody takes it: what comes at once goes on as it is worked on",
    "caches": "it answers as what stands behind it did, and asks that where it has to",
    "clock": "it starts things by itself, all at once",
    "compute": "it runs code somewhere, and may stand in private subnets",
    "gateway_endpoint": "private subnets reach it by a gateway endpoint, at no charge",
    "gathers": "it counts what comes one by one, and passes it on in the batches in which it takes it",
    "in_vpc": "it is reached inside the VPC",
    "mails": "the bytes of its mails are on its own bill",
    "outside": "it stands outside AWS: what is sent there leaves to the Internet",
    "logs_by_network": "its logs go over its own network, and out of private subnets as all else does",
    "per_message": "of what it sends, so much is meant for each message of its batches",
    "regionless": "it stands in no region",
    "retried": "an asynchronous call of it that fails is made again",
    "sized": "what it sends by itself has a size of its own",
    "sizes_say": "a call that says neither writes nor reads is what its sizes say",
    "transparent": "it passes on what comes as it is, with its answers",
    "zonal": "it stands in single zones: what it is sent crosses from one to another",
}
# What an answer to the Internet is sized by where the type has no input for it.
ANSWER = "answer"
# The input that says how large an image is that tasks pull when they start.
IMAGE = "image_mb"
# The input that says what a component writes to its log for each that leaves it.
LOG_KB = "log_kb"


def read_flow(file: Table, inputs: Mapping[str, Input]) -> TrafficRule:
    """How traffic passes a component of the type; empty where none does. Raises CatalogueError."""
    if "flow" not in file.entries:
        return TrafficRule()
    table = Table(file.file, ("flow",), file.entries["flow"], FLOW_KEYS)
    takes = table.inside("takes")
    for name in takes.entries:
        takes.one_of(name, ARRIVING)
        _number(takes, name, name, inputs)
    names = {
        key: _input(table, key, inputs)
        for key in ("leaves", "leaves_else", "leaves_peak", "leaves_peak_else", "passes")
    }
    told, pulls = _names(table, "told"), _names(table, "pulls")
    for name in told:
        _number(table, "told", name, inputs)
    for name in pulls:
        _number(table, "pulls", name, inputs)
    return TrafficRule(
        takes=MappingProxyType(dict(takes.entries)),
        leaves=names["leaves"],
        leaves_else=names["leaves_else"],
        leaves_peak=names["leaves_peak"],
        leaves_peak_else=names["leaves_peak_else"],
        passes=names["passes"],
        told=told,
        asynchronous=_flag(table, "asynchronous"),
        singly=_flag(table, "singly"),
        as_source=_names(table, "as_source"),
        as_target=_names(table, "as_target"),
        logs=table.one_of("logs", ("", *LOGS), ""),
        log_origin=table.one_of("log_origin", (VENDED, CUSTOM), VENDED),
        vended_from=table.day("vended_from") if "vended_from" in table.entries else None,
        internet=ANSWER if table.entries.get("internet") == ANSWER else _input(table, "internet", inputs),
        internet_unless=MappingProxyType(_choices(table.inside("internet_unless"), inputs)),
        brings=MappingProxyType(_brings(table.inside("brings"))),
        chosen=MappingProxyType(_chosen(table.inside("chosen"), inputs)),
        pulls=pulls,
        traits=frozenset(_traits(table)),
    )


def _input(table: Table, key: str, inputs: Mapping[str, Input]) -> str:
    name = table.text(key, "")
    if name:
        _number(table, key, name, inputs)
    return name


def _names(table: Table, key: str) -> tuple[str, ...]:
    return table.names(key) if key in table.entries else ()


def _flag(table: Table, key: str) -> bool:
    return table.flag(key) if key in table.entries else False


def _chosen(table: Table, inputs: Mapping[str, Input]) -> dict[str, Mapping[str, Choice]]:
    for name, by_source in table.entries.items():
        known = name in inputs and isinstance(by_source, dict) and {*by_source.values()} <= {*inputs[name].choices}
        if not known:
            table.refuse(name, "expected an input with choices, and one of these by the type of the source")
    return {name: MappingProxyType(by_source) for name, by_source in table.entries.items()}


def _brings(table: Table) -> dict[str, int]:
    for name, value in table.entries.items():
        if name not in ("writes", "reads") or type(value) is not int:
            table.refuse(name, "expected writes or reads, and a whole number")
    return dict(table.entries)


def _traits(table: Table) -> tuple[str, ...]:
    traits = _names(table, "traits")
    for trait in traits:
        if trait not in TRAITS:
            table.refuse("traits", f"expected some of {', '.join(TRAITS)}")
    return traits


def _choices(table: Table, inputs: Mapping[str, Input]) -> dict[str, tuple[Choice, ...]]:
    for name, values in table.entries.items():
        if name not in inputs or not isinstance(values, list) or not {*values} <= {*inputs[name].choices}:
            table.refuse(name, "expected an input with choices, and a list of these")
    return {name: tuple(values) for name, values in table.entries.items()}


def _number(table: Table, key: str, name: str, inputs: Mapping[str, Input]) -> None:
    if name not in inputs or inputs[name].choices or inputs[name].text:
        table.refuse(key, "expected an input that is a number")
