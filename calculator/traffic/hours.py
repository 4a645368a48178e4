"""How the calls of a component lie over the hours of a week: as the traffic from outside does."""

from calculator.architecture import Architecture
from pricing.formula.language import S_PER_HOUR


def hourly(architecture: Architecture, monthly: float) -> tuple[float, ...]:
    """The rates of an amount of a month by the hours of the shape [1/s]: one for all of them where it is constant."""
    weights = architecture.traffic.weights if architecture.traffic else (1.0,)
    mean = monthly / (architecture.month_hours * S_PER_HOUR)
    if max(weights) == min(weights):
        return (mean,)
    together = sum(weights)
    return tuple(mean * weight * len(weights) / together for weight in weights)
