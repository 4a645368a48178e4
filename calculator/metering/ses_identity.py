"""Amazon SES: each recipient is a message, attachments are GB; each full 256 KB of a received e-mail is a chunk."""

from calculator.metering import Inputs, Metered
from pricing.formula.language import KB_PER_GB, KB_PER_MB, Constant, Number, ceil, where

CHUNK = Constant(256, "KB")
DAYS = 30


def meter(e: Inputs) -> Metered:
    """Count the messages, chunks, GB and addresses of a month, and what SES limits: sizes [MB], [KB], rates [1/s].

    Follows https://aws.amazon.com/ses/pricing/ and the quotas of the SES developer guide.

    >>> sent = {"emails": 1000, "recipients": 2, "message_kb": 10, "attachment_kb": 0, "peak_rps": 1, "sandbox": False}
    >>> received = {"received_emails": 100, "received_kb": 600, "received_by": "s3", "dedicated_ips": 0}
    >>> usage = meter(Inputs(sent | received)).usage
    >>> usage["outbound"], usage["inbound_chunks"]
    (2000, 200.0)
    """
    messages = e.emails * e.recipients
    usage = {
        "outbound": messages,
        "attachments": messages * e.attachment_kb / KB_PER_GB,
        "inbound": e.received_emails,
        "inbound_chunks": e.received_emails * _full_chunks(e.received_kb),
        "dedicated_ips": e.dedicated_ips,
    }
    demand = {
        "ses_message_size": (e.message_kb + e.attachment_kb) / KB_PER_MB,
        "ses_recipients": e.recipients,
    }
    if e.received_by == "sns":
        demand["ses_sns_receive"] = e.received_kb
    if e.sandbox:
        demand |= _sandbox_demand(e)
    return Metered(usage=usage, demand=demand)


def _full_chunks(size_kb: Number) -> Number:
    started = ceil(size_kb / CHUNK)
    return where(started > size_kb / CHUNK, started - 1, started)


def _sandbox_demand(e: Inputs) -> dict[str, Number]:
    in_a_day = e.emails / DAYS if e.peak_per_day is None else e.peak_per_day
    return {"ses_sandbox_daily": in_a_day * e.recipients, "ses_sandbox_rate": e.peak_rps * e.recipients}
