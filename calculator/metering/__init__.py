"""How each component type counts: one function a type, from its inputs to what AWS bills and what AWS limits."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from pricing.formula.language import Number


class Inputs:
    """What a rule reads: each input of the component by its name, and the month's hours, the day and the region."""

    month_hours: Number
    as_of: date
    region: str

    def __init__(self, values: Mapping[str, Any], **more: Any) -> None:
        self.__dict__.update(values, **more)

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """The number or the choice of an input."""


@dataclass(frozen=True, slots=True)
class Metered:
    """What a component uses and demands in a month: usage by meter, demand by quota.

    A name without a dot belongs to the component's own type. A meter's name may end in "@" and the place that prices it
    ("data_out@cf:eu"); else that is the component's region. `limit` holds limits that the inputs set themselves: what
    has None there is not limited, and not compared.
    """

    usage: Mapping[str, Number]
    demand: Mapping[str, Number] = field(default_factory=dict)
    limit: Mapping[str, Number | None] = field(default_factory=dict)


def part_of(amount: Number, share: Number | None) -> Number:
    """A share of an amount; all of it where no share is stated.

    >>> part_of(200, 0.5), part_of(200, None)
    (100.0, 200)
    """
    return amount if share is None else amount * share


class Sent(NamedTuple):
    """What one unit that leaves a component becomes on a connection: so many calls, each of a size (None: unknown).

    `batch` are the messages that each of these calls brings in the mean. `of` is how many leave in a month on this
    connection, where that is not what leaves the component elsewhere; `says` are settings of the connection that then
    hold instead of its own.
    """

    calls: Number
    payload_kb: Number | None
    batch: Number = 1
    of: Number | None = None
    says: Mapping[str, Number | None] | None = None


class Carried(NamedTuple):
    """What a connection carries: calls of a month [call] and of the busiest second [1/s], and the size of each [KB].

    `settings` are the inputs of the connection, `target` those of the component that it leads to. `batch` and
    `peak_batch` are the messages of each call in the mean and at the peak. `at_once` are the calls that come together
    each time that a schedule starts them; 0 where they are spread over the month.
    """

    source_type: str
    target_type: str
    settings: Inputs
    target: Inputs
    calls: Number
    peak_calls: Number
    payload_kb: Number | None
    response_kb: Number | None
    asynchronous: bool
    batch: Number = 1
    peak_batch: Number = 1
    at_once: Number = 0


Rule: TypeAlias = Callable[[Inputs], Metered]
# From the inputs of a component (with what is `arriving`, and how many `others` it leads to), the
# connection, the component behind it, and how many leave in a second.
Sending: TypeAlias = Callable[[Inputs, Inputs, Inputs, Number], Sent]
# From the inputs of a component and all that arrives at it.
Receiving: TypeAlias = Callable[[Inputs, Sequence[Carried]], Mapping[str, Number]]
# From the inputs of a component and all that leaves it.
Telling: TypeAlias = Callable[[Inputs, Sequence[Carried]], Mapping[str, Number]]


@cache
def rule_of(type_name: str) -> Rule:
    """The metering function of a component type.

    >>> rule_of("sqs_queue").__name__
    'meter'
    """
    rule: Rule = import_module(f"calculator.metering.{type_name}").meter
    return rule


@cache
def sending_of(type_name: str) -> Sending | None:
    """How a type sends on what leaves it, where that is not one call for each; None where it is.

    >>> sending_of("http_api") is None
    True
    """
    return getattr(import_module(f"calculator.metering.{type_name}"), "send", None)


@cache
def receiving_of(type_name: str) -> Receiving | None:
    """How what arrives at a component of a type decides inputs of it, where that is more than a sum or a mean.

    >>> receiving_of("http_api") is None
    True
    """
    return getattr(import_module(f"calculator.metering.{type_name}"), "receive", None)


@cache
def telling_of(type_name: str) -> Telling | None:
    """How the connections behind a component of a type decide inputs of its own; None where they decide none.

    >>> telling_of("http_api") is None
    True
    """
    return getattr(import_module(f"calculator.metering.{type_name}"), "tell", None)
