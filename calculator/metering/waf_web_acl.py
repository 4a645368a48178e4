"""AWS WAF: a web ACL and its rules are billed by the month, prorated by the hour, and each request it looks at."""

from calculator.metering import Inputs, Metered
from pricing.formula.language import ratio


def meter(inputs: Inputs) -> Metered:
    """Count the web ACL [ACL-month], its rules [rule-month] and the requests [request] of a month.

    Follows https://aws.amazon.com/waf/pricing/.

    >>> acl = {"rules": 4, "rule_groups": 2, "hours": 365, "month_hours": 730, "bot_control": False}
    >>> meter(Inputs(acl | {"requests": 100, "captcha_attempts": 0, "challenges": 0})).usage["rules"]
    3.0
    """
    months = ratio(inputs.hours, inputs.month_hours)
    usage = {
        "web_acl": months,
        "rules": (inputs.rules + inputs.rule_groups) * months,
        "requests": inputs.requests,
        "captcha_attempts": inputs.captcha_attempts,
        "challenges": inputs.challenges,
    }
    if inputs.bot_control:
        usage["bot_control"] = months
        usage["bot_control_requests"] = (
            inputs.requests if inputs.bot_control_requests is None else inputs.bot_control_requests
        )
    return Metered(usage=usage)
