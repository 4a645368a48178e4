"""Amazon CloudWatch metrics: custom metrics by the hour of the month, calls of the API, streams."""

from calculator.metering import Inputs, Metered
from pricing.formula.language import Number


def meter(inputs: Inputs) -> Metered:
    """Count custom metrics [metric-month], requests [request], updates and data [GB] of a month; calls per second.

    Follows https://aws.amazon.com/cloudwatch/pricing/ and the quotas of the CloudWatch user guide.

    >>> kept = {"metrics": 20, "hours": 365, "month_hours": 730, "put_requests": 5, "read_requests": 2}
    >>> other = {"metrics_requested": 0, "stream_updates": 0, "otel_gb": 0, "put_rps": 1, "dimensions": None}
    >>> usage = meter(Inputs(kept | other)).usage
    >>> usage["custom"], usage["api_requests"]
    (10.0, 7)
    """
    usage = {
        "custom": inputs.metrics * inputs.hours / inputs.month_hours,
        "api_requests": inputs.put_requests + inputs.read_requests,
        "metrics_requested": inputs.metrics_requested,
        "stream_updates": inputs.stream_updates,
        "otel": inputs.otel_gb,
    }
    return Metered(usage=usage, demand=_demand(inputs))


def _demand(inputs: Inputs) -> dict[str, Number]:
    demand = {"cw_put_metric": inputs.put_rps}
    if inputs.dimensions is not None:
        demand["cw_dimensions"] = inputs.dimensions
    return demand
