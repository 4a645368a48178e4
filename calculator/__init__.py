"""stackmeter: what a serverless architecture on AWS costs and where it breaks.

>>> from calculator import estimate, parse
>>> document = {"region": "us-east-1", "as_of": "2026-09-01",
...     "components": [{"name": "jobs", "type": "sqs_queue", "messages": 5_000_000}]}
>>> estimate(parse(document)).total
5.6
"""

import importlib as _importlib
import typing as _typing

from calculator.answer.estimate import ComponentCost, Estimate, LineItem, NotPriced, estimate
from calculator.answer.growth import Growth
from calculator.answer.limits import Headroom, Limits, Violation, limits
from calculator.architecture import Account, Architecture, Assumption, Component, Connection, Traffic
from calculator.document.schema import parse
from calculator.document.text import read_document
from calculator.price_book import Commitment, Discount, PriceBook
from calculator.rules.findings import Finding
from pricing.catalogue.catalogue import ComponentType, component_type, component_types
from pricing.errors import (
    CatalogueError,
    Fault,
    InvalidDocument,
    NotFound,
    RateNotFound,
    StackmeterError,
    SweepTooLarge,
)

if _typing.TYPE_CHECKING:
    from calculator.answer.price_changes import Change, Changes, changes
    from calculator.bill.explanation import explain
    from calculator.explore import Sweep, sweep, warm

__all__ = [
    "Account",
    "Architecture",
    "Assumption",
    "CatalogueError",
    "Change",
    "Changes",
    "Commitment",
    "Component",
    "ComponentCost",
    "ComponentType",
    "Connection",
    "Discount",
    "Estimate",
    "Fault",
    "Finding",
    "Growth",
    "Headroom",
    "InvalidDocument",
    "Limits",
    "LineItem",
    "NotFound",
    "NotPriced",
    "PriceBook",
    "RateNotFound",
    "StackmeterError",
    "Sweep",
    "SweepTooLarge",
    "Traffic",
    "Violation",
    "changes",
    "component_type",
    "component_types",
    "estimate",
    "explain",
    "limits",
    "parse",
    "read_document",
    "sweep",
    "warm",
]

# What one estimate does not need is imported when it is first asked for: the command must start fast.
_LATER = {
    "Change": "answer.price_changes",
    "Changes": "answer.price_changes",
    "Sweep": "explore",
    "changes": "answer.price_changes",
    "explain": "bill.explanation",
    "sweep": "explore",
    "warm": "explore",
}


def __getattr__(name: str) -> _typing.Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(_importlib.import_module(f"calculator.{_LATER[name]}"), name)
    return value
