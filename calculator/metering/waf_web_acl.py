"""AWS WAF: a web ACL and its rules are billed by the month, prorated by the hour, and each request it looks at."""

from calculator.metering import Inputs, Metered, Sent
from calculator.metering.log_files import log_files
from pricing.formula.language import Number, ratio

# The plans of CloudFront that include the rule group for common bots.
WITH_BOT_CONTROL = ("business", "premium")


def meter(inputs: Inputs) -> Metered:
    """Count the web ACL [ACL-month], its rules [rule-month] and the requests [request] of a month.

    Follows https://aws.amazon.com/waf/pricing/ and CloudFront's flat-rate plans, which include it.

    >>> plain = {"bot_control": False, "flat_rate_plan": "none"}
    >>> acl = {"rules": 4, "rule_groups": 2, "hours": 365, "month_hours": 730} | plain
    >>> meter(Inputs(acl | {"requests": 100, "captcha_attempts": 0, "challenges": 0})).usage["rules"]
    3.0
    """
    months = ratio(inputs.hours, inputs.month_hours)
    usage = {"captcha_attempts": inputs.captcha_attempts, "challenges": inputs.challenges}
    demand: dict[str, Number] = {}
    rules = inputs.rules + inputs.rule_groups
    if inputs.flat_rate_plan == "none":
        usage |= {"web_acl": months, "rules": rules * months, "requests": inputs.requests}
    else:
        demand[f"cloudfront_{inputs.flat_rate_plan}_plan_rules"] = rules
    if inputs.bot_control and inputs.flat_rate_plan not in WITH_BOT_CONTROL:
        usage["bot_control"] = months
        usage["bot_control_requests"] = (
            inputs.requests if inputs.bot_control_requests is None else inputs.bot_control_requests
        )
    return Metered(usage=usage, demand=demand)


def send(inputs: Inputs, connection: Inputs, target: Inputs, per_s: Number) -> Sent:
    """What a request becomes: itself on its way, or a line of the log, in files where a bucket keeps them."""
    return log_files(inputs, inputs.requests) if target.type == "s3_bucket" else Sent(1, None)
