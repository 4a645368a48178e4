"""Advice on logs: how long they are kept, and in which class."""

from collections.abc import Iterator

from calculator.rules import INFO, Breach, rule
from calculator.rules.amounts import beyond, number
from calculator.rules.changes import Advice, Edit, advised, is_stated, stated, with_inputs
from calculator.rules.view import ComponentView, View
from pricing.formula.words import money

YEAR = 12
# Logs older than that are hardly ever read. [month]
LONG = 3
# Less than that, kept after a year, is not worth a word. [GB]
MUCH_GB = 1
# What only the standard class has.
ONLY_STANDARD = ("live_tail_minutes", "subscription_filters", "data_protection_gb", "delivered_s3_gb")


@rule(
    why="A log group keeps what is written for ever unless it is told otherwise, and each month's logs are billed "
    "again in every month that follows.",
    remedy="Set the retention of every log group, of those that Lambda makes by itself too; what must be kept is "
    "cheaper in S3.",
    source="docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html",
    checked="2026",
)
def log_retention_unset(view: View) -> Iterator[Breach]:
    """Nobody says how long logs are kept."""
    for component in view.of("log_group"):
        if is_stated(view, component, "retention_months") or component.inputs.stored_gb is not None:
            continue
        kept = component.inputs.ingested_gb * component.inputs.compressed_share * YEAR
        if not kept < MUCH_GB:
            yield Breach(
                INFO,
                (component.name,),
                f"without an end {number(kept)} GB are kept after a year{_cost(view, component, kept)}",
            )


def _cost(view: View, component: ComponentView, kept_gb: float) -> str:
    group = {"name": component.name, "type": "log_group", "region": component.region, "stored_gb": kept_gb}
    cost = view.prices.alone([group | {"ingested_gb": 0, "log_class": component.inputs.log_class}])
    return "" if cost is None else f", at {money(cost)} a month and more each month"


@rule(
    why="What is written once is billed in each month that it is kept, and old logs are hardly ever read.",
    remedy="Keep logs for three months, and export to S3 what must be kept for longer.",
    source="docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html",
    checked="2026",
)
def log_retention_long(view: View) -> Iterator[Breach]:
    """Logs are kept for long."""
    found = (
        Advice(
            (component.name,),
            f"kept for {number(component.inputs.retention_months)} months; {LONG} instead",
            with_inputs(component, retention_months=LONG),
        )
        for component in view.of("log_group")
        if component.inputs.stored_gb is None and beyond(component.inputs.retention_months, LONG)
    )
    yield from advised(view, INFO, found)


@rule(
    why="The infrequent access class takes logs in for half the price and answers the same queries.",
    remedy="Make the log group anew in the infrequent access class, if no alarm or dashboard is made of what it holds: "
    "the class has no metric filters, no live tail and no subscriptions, and cannot be changed later.",
    source="docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch_Logs_Log_Classes.html",
    checked="2026",
)
def log_class(view: View) -> Iterator[Breach]:
    """Logs that are only searched are taken in at full price."""
    found = (
        Advice(
            (component.name,),
            f"{number(component.inputs.ingested_gb)} GB written a month",
            _infrequent(view, component),
        )
        for component in view.of("log_group")
        if component.inputs.log_class == "standard" and not any(component.get(name) for name in ONLY_STANDARD)
    )
    yield from advised(view, INFO, found)


def _infrequent(view: View, component: ComponentView) -> Edit:
    """The group in the other class; one that is a hidden line is written down for that."""
    if stated(view, component):
        return with_inputs(component, log_class="infrequent_access")
    group = {
        "name": component.name,
        "type": component.type,
        "region": component.region,
        "log_class": "infrequent_access",
    }
    group["ingested_gb"] = component.inputs.ingested_gb
    return lambda document: {**document, "components": [*document["components"], group]}
