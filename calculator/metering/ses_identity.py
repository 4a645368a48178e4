"""Amazon SES: each recipient is a message, attachments are GB; each full 256 KB of a received e-mail is a chunk."""

from calculator.metering import Inputs, Metered, Sent
from pricing.formula.language import KB_PER_GB, KB_PER_MB, Constant, Number, ceil, where

CHUNK = Constant(256, "KB")
DAYS = 30
FUNCTIONS = ("lambda_function", "lambda_durable_function", "lambda_managed_instances")


def meter(inputs: Inputs) -> Metered:
    """Count the messages, chunks, GB and addresses of a month, and what SES limits: sizes [MB], [KB], rates [1/s].

    Follows https://aws.amazon.com/ses/pricing/ and the quotas of the SES developer guide.

    >>> sent = {"emails": 1000, "recipients": 2, "message_kb": 10, "attachment_kb": 0, "peak_rps": 1, "sandbox": False}
    >>> received = {"received_emails": 100, "received_kb": 600, "received_by": "s3", "dedicated_ips": 0}
    >>> usage = meter(Inputs(sent | received)).usage
    >>> usage["outbound"], usage["inbound_chunks"]
    (2000, 200.0)
    """
    messages = inputs.emails * inputs.recipients
    usage = {
        "outbound": messages,
        "attachments": messages * inputs.attachment_kb / KB_PER_GB,
        "inbound": inputs.received_emails,
        "inbound_chunks": inputs.received_emails * _full_chunks(inputs.received_kb),
        "dedicated_ips": inputs.dedicated_ips,
    }
    demand = {
        "ses_message_size": (inputs.message_kb + inputs.attachment_kb) / KB_PER_MB,
        "ses_recipients": inputs.recipients,
    }
    if inputs.received_by == "sns":
        demand["ses_sns_receive"] = inputs.received_kb
    if inputs.sandbox:
        demand |= _sandbox_demand(inputs)
    return Metered(usage=usage, demand=demand)


def _full_chunks(size_kb: Number) -> Number:
    started = ceil(size_kb / CHUNK)
    return where(started > size_kb / CHUNK, started - 1, started)


def _sandbox_demand(inputs: Inputs) -> dict[str, Number]:
    in_a_day = inputs.emails / DAYS if inputs.peak_per_day is None else inputs.peak_per_day
    return {"ses_sandbox_daily": in_a_day * inputs.recipients, "ses_sandbox_rate": inputs.peak_rps * inputs.recipients}


def send(inputs: Inputs, connection: Inputs, target: Inputs, per_s: Number) -> Sent:
    """What an e-mail becomes: an event for each that is sent; or for each that is received what a receipt rule does.

    Rules put what comes into a bucket, run a function or publish it; topics get it where mails are received by them
    (https://docs.aws.amazon.com/ses/latest/dg/receiving-email-action.html). To a function goes what is said of a mail,
    not the mail.
    """
    if target.type == "s3_bucket":
        return Sent(1, inputs.received_kb, of=inputs.received_emails)
    if target.type in FUNCTIONS:
        return Sent(1, None, of=inputs.received_emails)
    if target.type == "sns_topic" and inputs.received_by == "sns":
        return Sent(1, inputs.received_kb, of=inputs.received_emails)
    return Sent(1, None)
