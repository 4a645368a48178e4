"""Amazon CloudWatch alarms: each metric that an alarm looks at is billed, a composite alarm as one."""

from calculator.metering import Inputs, Metered, Sent
from pricing.formula.language import Number

# The upper and the lower bound of the expected band.
BAND = 2


def meter(inputs: Inputs) -> Metered:
    """Count the alarm metrics [metric-month] or composite alarms [alarm-month] of a month.

    Follows https://aws.amazon.com/cloudwatch/pricing/

    >>> month = {"hours": 730, "month_hours": 730}
    >>> watched = {"kind": "high_resolution", "alarms": 4, "metrics_per_alarm": 1, "anomaly_detection": True}
    >>> meter(Inputs(watched | month)).usage
    {'high_resolution': 12.0}
    """
    months = inputs.hours / inputs.month_hours
    if inputs.kind == "composite":
        return Metered(usage={"composite": inputs.alarms * months})
    watched = inputs.metrics_per_alarm + BAND if inputs.anomaly_detection else inputs.metrics_per_alarm
    return Metered(usage={inputs.kind: inputs.alarms * watched * months})


def send(inputs: Inputs, connection: Inputs, target: Inputs, per_s: Number) -> Sent:
    """What an alarm becomes: a call of its action for each change of its state."""
    changes = inputs.alarms * inputs.changes_per_alarm if inputs.state_changes is None else None
    return Sent(1, None, of=changes)
