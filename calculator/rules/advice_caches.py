"""Advice on caches: one for what is read again and again, and none where it answers nothing."""

from collections.abc import Iterator, Mapping
from typing import Any

from calculator.rules import INFO, Breach, rule
from calculator.rules.amounts import beyond, by_source, number
from calculator.rules.changes import Advice, advised, both, stated, with_inputs
from calculator.rules.view import ComponentView, ConnectionView, View

# Reads are taken to repeat where there are so many for each write, and a cache then answers so many of them.
READS_PER_WRITE = 10
ANSWERED = 0.9
# The smallest cluster that outlives the loss of a zone.
CLUSTER = {"type": "dax_cluster", "node_type": "dax.t3.small", "nodes": 3}
# What leaves an API beside what it passes on.
BESIDE = ("log_group", "data_transfer", "nat_gateway", "waf_web_acl")


@rule(
    why="On demand each read is billed again, however often the same is read. A cluster of DAX in front of the table "
    "answers repeated reads from memory, at a price by the hour.",
    remedy="Put DAX in front of the table if the same keys are read again and again and an answer may be some minutes "
    "old; the functions must then run in its VPC. Where reads do not repeat it saves nothing.",
    source="docs.aws.amazon.com/amazondynamodb/latest/developerguide/DAX.html",
    checked="2026-11-28",
)
def dax_for_repeated_reads(view: View) -> Iterator[Breach]:
    """Many reads of a table would be answered by a cache for less."""
    cached = {component.region for component in view.of("dax_cluster")}
    found = [
        Advice(
            (component.name,),
            f"{number(component.inputs.reads)} reads and {number(component.inputs.writes)} writes a month; three "
            f"of the "
            f"smallest machines, if {ANSWERED:.0%} of the reads repeat",
            both(with_inputs(component, reads=component.inputs.reads * (1 - ANSWERED)), _cluster(component)),
        )
        for component in view.of("dynamodb_table")
        if component.inputs.capacity == "on_demand"
        and component.region not in cached
        and stated(view, component)
        and beyond(component.inputs.reads, READS_PER_WRITE * component.inputs.writes)
    ]
    yield from advised(view, INFO, found)


def _cluster(table: ComponentView) -> Any:
    name = f"{table.name} cache"
    added = CLUSTER | {"name": name, "region": table.region}

    def edit(document: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**document, "components": [*document["components"], added]}

    return edit


@rule(
    why="A stage's cache is billed by the hour, used or not. Where every request goes on to what is behind the API, "
    "the cache answers none.",
    remedy="Turn caching on for the methods whose answers repeat, with a time to live that fits and the right cache "
    "keys, or take the cache away.",
    source="docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-caching.html",
    checked="2026-11-28",
)
def cache_answers_nothing(view: View) -> Iterator[Breach]:
    """A cache that is paid for answers no request."""
    leaving = by_source(view.connections)
    found = [
        Advice(
            (component.name,),
            f"{number(component.inputs.cache_gb)} GB; {number(component.inputs.requests)} requests a month, "
            f"{number(behind)} go on",
            with_inputs(component, cache_gb=None, cache_hours=None, cache_ttl_s=None),
        )
        for component in view.of("rest_api")
        if component.inputs.cache_gb and (behind := _passed_on(leaving.get(component.number, ())))
        if not beyond(component.inputs.requests, behind)
    ]
    yield from advised(view, INFO, found)


def _passed_on(connections: list[ConnectionView] | tuple[()]) -> float:
    """Calls of a month that an API passes on."""
    return sum(connection.calls for connection in connections if connection.target.type not in BESIDE)
