"""Elastic Load Balancing: hours are billed, and capacity units by what the traffic uses most of."""

from collections.abc import Mapping, Sequence

from calculator.metering import Carried, Inputs, Metered, Sent
from calculator.metering.log_files import log_files
from pricing.formula.language import S_PER_HOUR, Constant, Number, maximum, ratio, total

# One LCU, as https://aws.amazon.com/elasticloadbalancing/pricing/ defines it.
GB_PER_HOUR = Constant(1, "GB/hour")
RULES_INCLUDED = 10
FUNCTIONS = ("lambda_function", "lambda_durable_function", "lambda_managed_instances")
# What a load balancer leads to that is no target of its requests.
NO_TARGETS = ("cognito_user_pool", "log_group", "s3_bucket")
# What brings requests of the Internet: the outside itself, zones that name the balancer, a web ACL before it.
FROM_OUTSIDE = ("", "route53_zone", "waf_web_acl", "cloudfront_distribution")
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

    >>> traffic = {"processed_gb": 700, "new_connections": 9_000_000, "connection_s": 60}
    >>> kind = {"load_balancer_type": "network", "protocol": "tcp", "hours": 730, "public_ipv4": 1}
    >>> meter(Inputs(traffic | kind)).usage
    {'public_ipv4': 730, 'network_hours': 730, 'network_lcu_hours': 700.0}
    """
    usage = {"public_ipv4": inputs.public_ipv4 * inputs.hours}
    if inputs.load_balancer_type == "network":
        lcu_hours = maximum(_connections(inputs, inputs.protocol, inputs.protocol), inputs.processed_gb / GB_PER_HOUR)
        return Metered(usage=usage | {"network_hours": inputs.hours, "network_lcu_hours": lcu_hours})
    usage |= {"application_hours": inputs.hours, "application_lcu_hours": _application(inputs)}
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


def receive(inputs: Inputs, arriving: Sequence[Carried]) -> Mapping[str, Number]:
    """Connections that the requests open, and the addresses of a load balancer that the Internet reaches."""
    received = {"new_connections": total(one.calls for one in arriving) / inputs.requests_per_connection}
    if inputs.internal or not any(one.source_type in FROM_OUTSIDE for one in arriving):
        return received
    return received | {"public_ipv4": inputs.zones}


def tell(inputs: Inputs, leaving: Sequence[Carried]) -> Mapping[str, Number]:
    """The share of the data that goes to functions: that of the requests."""
    targets = [carried for carried in leaving if carried.target_type not in NO_TARGETS]
    to_functions = total(carried.calls for carried in targets if carried.target_type in FUNCTIONS)
    return {"lambda_share": ratio(to_functions, total(carried.calls for carried in targets))}


def send(inputs: Inputs, connection: Inputs, target: Inputs, per_s: Number) -> Sent:
    """What a request becomes: a request of a target, or a line in the files of the access log."""
    return log_files(inputs, inputs.requests) if target.type == "s3_bucket" else Sent(1, None)
