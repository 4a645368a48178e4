"""Amazon CloudWatch logs: what is written by class and origin, what is kept, and what is read."""

from calculator.metering import Inputs, Metered, Sent
from pricing.formula.language import KB_PER_GB, Number

# What gets a delivery as text.
FUNCTIONS = ("lambda_function", "lambda_durable_function", "lambda_managed_instances")


def meter(inputs: Inputs) -> Metered:
    """Count the data [GB, GB-month] and minutes [minute] of a month.

    Follows https://aws.amazon.com/cloudwatch/pricing/.

    >>> from calculator import estimate, parse
    >>> logs = {"name": "logs", "type": "log_group", "ingested_gb": 100}
    >>> document = {"region": "us-east-1", "as_of": "2026-09-01", "components": [logs]}
    >>> [(line.meter, line.usage) for line in estimate(parse(document)).line_items]
    [('log_group.ingested', 100.0), ('log_group.stored', 15.0)]
    """
    suffix = "_ia" if inputs.log_class == "infrequent_access" else ""
    written = "vended" if inputs.origin == "vended" else "ingested"
    usage = {
        f"{written}{suffix}": inputs.ingested_gb,
        f"stored{suffix}": _stored_gb(inputs),
        "queried": inputs.queried_gb,
        "live_tail": inputs.live_tail_minutes,
        "data_protection": inputs.data_protection_gb,
        "delivered_s3": inputs.delivered_s3_gb,
        "delivered_firehose": inputs.delivered_firehose_gb,
    }
    return Metered(usage=usage)


def _stored_gb(inputs: Inputs) -> Number:
    """What is kept: as said, or else what the months of retention gather."""
    return (
        inputs.ingested_gb * inputs.retention_months * inputs.compressed_share
        if inputs.stored_gb is None
        else inputs.stored_gb
    )


def send(inputs: Inputs, connection: Inputs, target: Inputs, per_s: Number) -> Sent:
    """What the logs become at a subscription: deliveries, packed by gzip, and to functions as base64.

    Follows https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html. A key is called for each
    new stream only, which is rare.
    """
    if target.type == "kms_key":
        return Sent(0, None)
    packed_kb = inputs.delivery_kb * inputs.compressed_share
    if target.type in FUNCTIONS:
        packed_kb = packed_kb * 4 / 3
    return Sent(1, packed_kb, of=inputs.ingested_gb * KB_PER_GB / inputs.delivery_kb)
