"""Elastic Load Balancing: hours are billed, and capacity units by what the traffic uses most of."""

from calculator.metering import Inputs, Metered
from pricing.formula.language import S_PER_HOUR, Constant, Number, maximum

# One LCU, as https://aws.amazon.com/elasticloadbalancing/pricing/ defines it.
GB_PER_HOUR = Constant(1, "GB/hour")
RULES_INCLUDED = 10
EVALUATIONS = Constant(1000, "evaluation/s")
NEW = {
    "http": Constant(25, "connection/s"),
    "tcp": Constant(800, "connection/s"),
    "udp": Constant(400, "flow/s"),
    "tls": Constant(50, "connection/s"),
}
ACTIVE = {"http": 3000, "mutual_tls": 1500, "tcp": 100_000, "udp": 50_000, "tls": 3000}


def meter(inputs: Inputs) -> Metered:
    """Count the hours [hour] and the capacity units [LCU-hour] of a month, and what a load balancer limits.

    Follows https://aws.amazon.com/elasticloadbalancing/pricing/ and the page on Lambda targets of its user guide.

    >>> traffic = {"processed_gb": 700, "new_connections": 9_000_000, "connection_s": 60, "hours": 730}
    >>> meter(Inputs(traffic | {"load_balancer_type": "network", "protocol": "tcp"})).usage
    {'network_hours': 730, 'network_lcu_hours': 700.0}
    """
    if inputs.load_balancer_type == "network":
        lcu_hours = maximum(_connections(inputs, inputs.protocol, inputs.protocol), inputs.processed_gb / GB_PER_HOUR)
        return Metered(usage={"network_hours": inputs.hours, "network_lcu_hours": lcu_hours})
    usage = {"application_hours": inputs.hours, "application_lcu_hours": _application(inputs)}
    return Metered(usage=usage, demand=_demand(inputs))


def _application(inputs: Inputs) -> Number:
    connections = _connections(inputs, "http", "mutual_tls" if inputs.mutual_tls else "http")
    # An LCU carries 1 GB per hour, but 2/5 GB of what goes to Lambda functions: that counts 5/2 times, 3/2 more.
    processed = inputs.processed_gb * (1 + inputs.lambda_share * 3 / 2) / GB_PER_HOUR
    requests = inputs.new_connections if inputs.requests is None else inputs.requests
    evaluations = requests * maximum(inputs.rules - RULES_INCLUDED, 0) / EVALUATIONS / S_PER_HOUR
    return maximum(maximum(connections, processed), evaluations)


def _connections(inputs: Inputs, new: str, active: str) -> Number:
    opened = inputs.new_connections / NEW[new] / S_PER_HOUR
    # Little's law: those open at one time are those opened in a second, times the seconds that each stays.
    held = inputs.new_connections * inputs.connection_s / ACTIVE[active] / S_PER_HOUR
    return maximum(opened, held)


def _demand(inputs: Inputs) -> dict[str, Number]:
    demand = {"alb_idle_timeout": inputs.idle_timeout_s}
    if inputs.lambda_request_kb is not None:
        demand["alb_lambda_request_body"] = inputs.lambda_request_kb
    if inputs.lambda_response_kb is not None:
        demand["alb_lambda_response"] = inputs.lambda_response_kb
    return demand
