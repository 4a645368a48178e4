"""AWS Systems Manager Parameter Store: advanced parameters by the hour, and the calls that are not free."""

from calculator.metering import Inputs, Metered
from pricing.formula.language import Number


def meter(inputs: Inputs) -> Metered:
    """Count the parameter-hours and calls of a month, and what Parameter Store limits: rate [request/s], size [KB].

    Follows https://aws.amazon.com/systems-manager/pricing/.

    >>> stored = {"tier": "advanced", "parameters": 2, "stored_hours": 730, "value_kb": None}
    >>> meter(Inputs(stored | {"requests": 100, "higher_throughput": False, "peak_rps": 1})).usage
    {'advanced': 1460, 'advanced_requests': 100}
    """
    usage: dict[str, Number] = {}
    if inputs.tier == "advanced":
        usage["advanced"] = inputs.parameters * inputs.stored_hours
    if inputs.higher_throughput:
        usage["higher_throughput_requests"] = inputs.requests
    elif inputs.tier == "advanced":
        usage["advanced_requests"] = inputs.requests
    demand: dict[str, Number] = {} if inputs.higher_throughput else {"ssm_get_parameter_rate": inputs.peak_rps}
    if inputs.value_kb is not None:
        demand["ssm_parameter_size_advanced" if inputs.tier == "advanced" else "ssm_parameter_size"] = inputs.value_kb
    return Metered(usage=usage, demand=demand)
