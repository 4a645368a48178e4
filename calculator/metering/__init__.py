"""How each component type counts: one function a type, from its inputs to what AWS bills and what AWS limits."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeAlias

from pricing.formula import Number


class Inputs:
    """What a rule reads: each input of the component by its name, and the month's hours, the day and the region."""

    month_hours: Number
    as_of: date
    region: str

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.__dict__.update(values)

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """The number or the choice of an input."""


@dataclass(frozen=True, slots=True)
class Metered:
    """What a component uses and demands in a month: usage by meter, demand by quota.

    A name without a dot belongs to the component's own type. A meter's name may end in "@" and the place that prices it
    ("data_out@cf:eu"); else that is the component's region. `limit` holds limits that the inputs set themselves.
    """

    usage: Mapping[str, Number]
    demand: Mapping[str, Number] = field(default_factory=dict)
    limit: Mapping[str, Number] = field(default_factory=dict)


Rule: TypeAlias = Callable[[Inputs], Metered]


@cache
def rule_of(type_name: str) -> Rule:
    """The metering function of a component type.

    >>> rule_of("sqs_queue").__name__
    'meter'
    """
    rule: Rule = import_module(f"calculator.metering.{type_name}").meter
    return rule
