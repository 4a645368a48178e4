"""Amazon ElastiCache Serverless: the GB-hours of data, with a least amount, and the ECPUs of requests."""

from calculator.metering import Inputs, Metered
from pricing.catalogue.component_type import family_member
from pricing.formula.language import MB_PER_GB, Constant, maximum

KB_PER_ECPU = Constant(1, "KB")
# A cache is billed for so much data at least.
LEAST_DATA = {"valkey": Constant(100, "MB"), "redis": Constant(1024, "MB"), "memcached": Constant(1024, "MB")}


def meter(inputs: Inputs) -> Metered:
    """Count the ECPUs and GB-hours of a month.

    Follows https://aws.amazon.com/elasticache/pricing/.

    >>> cache = {"engine": "redis", "storage_gb": 0.5, "month_hours": 730}
    >>> meter(Inputs(cache | {"requests": 1000, "request_kb": 3.2, "request_ecpus": 1})).usage
    {'ecpus_redis': 3200.0, 'storage_redis': 730.0}
    """
    ecpus = inputs.requests * maximum(inputs.request_kb / KB_PER_ECPU, inputs.request_ecpus)
    data_gb = maximum(inputs.storage_gb * MB_PER_GB, LEAST_DATA[inputs.engine]) / MB_PER_GB
    return Metered(
        usage={
            family_member("ecpus", inputs.engine): ecpus,
            family_member("storage", inputs.engine): data_gb * inputs.month_hours,
        }
    )
