"""Amazon Athena: the data queries scan, in whole MB and 10 MB a query at least; or capacity reserved by the hour."""

from calculator.metering import Inputs, Metered, Sent
from pricing.formula.language import S_PER_MINUTE, Constant, Number, ceil

LEAST = Constant(10, "MB")
OBJECT = Constant(128, "MB")
MB_PER_TB = Constant(1024 * 1024, "MB/TB")


def meter(inputs: Inputs) -> Metered:
    """Count the TB scanned, or the DPU hours, of a month, and what Athena limits: queries, rates [query/s], times.

    Follows https://aws.amazon.com/athena/pricing/ and the quotas of the Athena user guide.

    >>> scans = {"billing": "per_query", "queries": 1024 * 1024, "scanned_mb": 3, "query_s": None, "peak_rps": 1}
    >>> meter(Inputs(scans)).usage
    {'scanned': 10.0}
    """
    demand: dict[str, Number] = {}
    if inputs.query_s is not None:
        demand["athena_dml_timeout"] = inputs.query_s / S_PER_MINUTE
    if inputs.billing == "reserved":
        return Metered(usage={"reserved_capacity": inputs.dpus * inputs.reserved_hours}, demand=demand)
    scanned_tb = inputs.queries * ceil(inputs.scanned_mb, LEAST) / MB_PER_TB
    demand["athena_start_rate"] = inputs.peak_rps
    if inputs.query_s is not None:
        demand["athena_dml_active"] = inputs.peak_rps * inputs.query_s
    return Metered(usage={"scanned": scanned_tb}, demand=demand)


def send(inputs: Inputs, connection: Inputs, target: Inputs, per_s: Number) -> Sent:
    """What a query becomes at the bucket that it reads: a call for each object, as stated or of 128 MB each."""
    objects = inputs.scanned_mb / OBJECT if inputs.objects_per_query is None else inputs.objects_per_query
    return Sent(objects, None)
