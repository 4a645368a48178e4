"""Logs that AWS writes into buckets: a file for each five minutes, however many lines it has."""

from calculator.metering import Inputs, Sent
from pricing.formula.language import S_PER_HOUR, Constant, Number, minimum

FILE = Constant(300, "s")


def log_files(inputs: Inputs, lines: Number) -> Sent:
    """The files of a month, of so many lines: no more than lines.

    Follows https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html

    >>> log_files(Inputs({"month_hours": 730}), 1_000_000).of, log_files(Inputs({"month_hours": 730}), 10).of
    (8760.0, 10)
    """
    return Sent(1, None, of=minimum(inputs.month_hours * S_PER_HOUR / FILE, lines))
