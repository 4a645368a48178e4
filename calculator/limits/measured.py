"""An architecture measured without prices: what flows through it, what it uses, and every limit it is held to."""

from typing import NamedTuple

from calculator.architecture import Architecture
from calculator.limits.checks import Check, checks_of
from calculator.limits.mappings import checks_of_connections
from calculator.limits.usage import Usage, measure_flow
from calculator.metering import Inputs
from calculator.traffic.propagate import Flow, propagate
from pricing.formula.reading import Reading


class Measured(NamedTuple):
    """The flow, the usage of every meter, and the checks of every quota."""

    flow: Flow
    usage: tuple[Usage, ...]
    checks: tuple[Check, ...]


def measured(architecture: Architecture, reading: Reading, settings: dict[int, Inputs] | None = None) -> Measured:
    """What an architecture uses and demands in a month, in any reading. Raises RateNotFound for unknown meters.

    `settings` keeps what connections say from one reading to others in which that is the same.
    """
    month_hours = reading(architecture.month_hours, "month_hours", "hour/month")
    flow = propagate(architecture, reading, month_hours, settings=settings)
    usage, demand = measure_flow(architecture, flow, month_hours)
    checks = tuple(checks_of(demand, architecture.account, reading))
    if architecture.connections:
        checks += tuple(checks_of_connections(architecture, flow, month_hours, reading))
    return Measured(flow, tuple(usage), checks)
