"""Amazon CloudWatch logs: what is written by class and origin, what is kept, and what is read."""

from calculator.metering import Inputs, Metered
from pricing.formula.language import Number


def meter(g: Inputs) -> Metered:
    """Count the data [GB, GB-month] and minutes [minute] of a month.

    Follows https://aws.amazon.com/cloudwatch/pricing/.

    >>> from calculator import estimate, parse
    >>> logs = {"name": "logs", "type": "log_group", "ingested_gb": 100}
    >>> document = {"region": "us-east-1", "as_of": "2026-09-01", "components": [logs]}
    >>> [(line.meter, line.usage) for line in estimate(parse(document)).line_items]
    [('log_group.ingested', 100.0), ('log_group.stored', 15.0)]
    """
    suffix = "_ia" if g.log_class == "infrequent_access" else ""
    written = "vended" if g.origin == "vended" else "ingested"
    usage = {
        f"{written}{suffix}": g.ingested_gb,
        f"stored{suffix}": _stored_gb(g),
        "queried": g.queried_gb,
        "live_tail": g.live_tail_minutes,
        "data_protection": g.data_protection_gb,
        "delivered_s3": g.delivered_s3_gb,
        "delivered_firehose": g.delivered_firehose_gb,
    }
    return Metered(usage=usage)


def _stored_gb(g: Inputs) -> Number:
    """What is kept: as said, or else what the months of retention gather."""
    return g.ingested_gb * g.retention_months * g.compressed_share if g.stored_gb is None else g.stored_gb
