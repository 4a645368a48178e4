"""CloudFront Functions: each invocation is billed, whatever it does within its millisecond."""

from calculator.metering import Inputs, Metered

LIMITED = {
    "cf_function_time": "time_ms",
    "cf_function_memory": "memory_mb",
    "cf_function_size": "code_kb",
    "cf_kvs_size": "key_value_store_mb",
}


def meter(inputs: Inputs) -> Metered:
    """Count the invocations [invocation] of a month, and what CloudFront limits.

    Follows https://aws.amazon.com/cloudfront/pricing/ and the quotas page of the CloudFront developer guide.

    >>> unsaid = {"time_ms": None, "memory_mb": None, "code_kb": 4, "key_value_store_mb": None}
    >>> meter(Inputs({"invocations": 5_000_000, "flat_rate_plan": "none"} | unsaid)).demand
    {'cf_function_size': 4}
    """
    stated = {quota: getattr(inputs, name) for quota, name in LIMITED.items()}
    demand = {quota: amount for quota, amount in stated.items() if amount is not None}
    # A flat-rate plan of the distribution includes them.
    usage = {"invocations": inputs.invocations} if inputs.flat_rate_plan == "none" else {}
    return Metered(usage=usage, demand=demand)
