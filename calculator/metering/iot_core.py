"""AWS IoT Core: minutes of connection, messages and rules by 5 KB, shadow and registry operations by KB."""

from collections.abc import Mapping, Sequence

from calculator.metering import Carried, Inputs, Metered
from pricing.formula.language import MINUTES_PER_HOUR, Constant, Number, ceil, maximum, ratio, total

STEP = Constant(5, "KB")
SHADOW_STEP = Constant(1, "KB")


def meter(inputs: Inputs) -> Metered:
    """Count the minutes, messages, rules and operations of a month, and what IoT Core limits: sizes [KB], rates [1/s].

    Follows https://aws.amazon.com/iot-core/pricing/ and the quotas of the AWS General Reference.

    >>> devices = {"devices": 10, "connected_hours": 730, "published_messages": 1000, "delivered_messages": 500}
    >>> rules = {"message_kb": 8, "rules_triggered": 100, "actions_per_rule": 1, "shadow_operations": 0, "shadow_kb": 1}
    >>> rates = {"peak_rps": 1, "connects_per_s": None, "device_peak_rps": None}
    >>> usage = meter(Inputs(devices | rules | rates)).usage
    >>> usage["connection_minutes"], usage["messages"], usage["actions"]
    (438000, 3000.0, 200.0)
    """
    steps = maximum(ceil(inputs.message_kb / STEP), 1)  # the smallest message is one
    usage = {
        "connection_minutes": inputs.devices * inputs.connected_hours * MINUTES_PER_HOUR,
        "messages": (inputs.published_messages + inputs.delivered_messages) * steps,
        "rules_triggered": inputs.rules_triggered * steps,
        "actions": inputs.rules_triggered * inputs.actions_per_rule * steps,
        "shadow_operations": inputs.shadow_operations * maximum(ceil(inputs.shadow_kb / SHADOW_STEP), 1),
    }
    return Metered(usage=usage, demand=_demand(inputs))


def _demand(inputs: Inputs) -> dict[str, Number]:
    demand = {
        "iot_message_size": inputs.message_kb,
        "iot_connections": inputs.devices,
        "iot_inbound_publish": inputs.peak_rps,
        "iot_shadow_size": inputs.shadow_kb,
        "iot_rule_actions": inputs.actions_per_rule,
    }
    if inputs.connects_per_s is not None:
        demand["iot_connect_rate"] = inputs.connects_per_s
    if inputs.device_peak_rps is not None:
        demand["iot_publish_per_connection"] = inputs.device_peak_rps
    return demand


def tell(inputs: Inputs, leaving: Sequence[Carried]) -> Mapping[str, Number]:
    """Rules that messages trigger in a month, and actions of each: connections of one `rule` are its actions.

    A rule is triggered by the messages of its topic, the largest share that one of its connections takes
    (https://aws.amazon.com/iot-core/pricing/).
    """
    rules: dict[str, Number] = {}
    actions: list[Number] = []
    for number, carried in enumerate(leaving):
        share = carried.settings.share * carried.settings.calls
        name = f"/{number}" if carried.settings.rule is None else carried.settings.rule
        rules[name] = maximum(rules[name], share) if name in rules else share
        actions.append(share)
    triggered = total(rules.values())
    return {
        "rules_triggered": inputs.published_messages * triggered,
        "actions_per_rule": ratio(total(actions), triggered),
    }
