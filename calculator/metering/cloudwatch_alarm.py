"""Amazon CloudWatch alarms: each metric that an alarm looks at is billed, a composite alarm as one."""

from calculator.metering import Inputs, Metered

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
