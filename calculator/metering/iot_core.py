"""AWS IoT Core: minutes of connection, messages and rules by 5 KB, shadow and registry operations by KB."""

from calculator.metering import Inputs, Metered
from pricing.formula.language import MINUTES_PER_HOUR, Constant, Number, ceil, maximum

STEP = Constant(5, "KB")
SHADOW_STEP = Constant(1, "KB")


def meter(d: Inputs) -> Metered:
    """Count the minutes, messages, rules and operations of a month, and what IoT Core limits: sizes [KB], rates [1/s].

    Follows https://aws.amazon.com/iot-core/pricing/ and the quotas of the AWS General Reference.

    >>> devices = {"devices": 10, "connected_hours": 730, "published_messages": 1000, "delivered_messages": 500}
    >>> rules = {"message_kb": 8, "rules_triggered": 100, "actions_per_rule": 1, "shadow_operations": 0, "shadow_kb": 1}
    >>> rates = {"peak_rps": 1, "connects_per_s": None, "device_peak_rps": None}
    >>> usage = meter(Inputs(devices | rules | rates)).usage
    >>> usage["connection_minutes"], usage["messages"], usage["actions"]
    (438000, 3000.0, 200.0)
    """
    steps = maximum(ceil(d.message_kb / STEP), 1)  # the smallest message is one
    usage = {
        "connection_minutes": d.devices * d.connected_hours * MINUTES_PER_HOUR,
        "messages": (d.published_messages + d.delivered_messages) * steps,
        "rules_triggered": d.rules_triggered * steps,
        "actions": d.rules_triggered * d.actions_per_rule * steps,
        "shadow_operations": d.shadow_operations * maximum(ceil(d.shadow_kb / SHADOW_STEP), 1),
    }
    return Metered(usage=usage, demand=_demand(d))


def _demand(d: Inputs) -> dict[str, Number]:
    demand = {
        "iot_message_size": d.message_kb,
        "iot_connections": d.devices,
        "iot_inbound_publish": d.peak_rps,
        "iot_shadow_size": d.shadow_kb,
        "iot_rule_actions": d.actions_per_rule,
    }
    if d.connects_per_s is not None:
        demand["iot_connect_rate"] = d.connects_per_s
    if d.device_peak_rps is not None:
        demand["iot_publish_per_connection"] = d.device_peak_rps
    return demand
