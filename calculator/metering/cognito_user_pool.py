"""Amazon Cognito: each user active in a month is billed once, by the pool's plan; machines by client and token."""

from calculator.metering import Inputs, Metered
from pricing.formula.language import MS_PER_S, Number

LIMITED = {
    "cognito_user_authentication_rate": "peak_sign_in_rps",
    "cognito_user_creation_rate": "peak_sign_up_rps",
    "cognito_user_federation_rate": "peak_federation_rps",
    "cognito_user_token_rate": "peak_refresh_rps",
    "cognito_users_per_pool": "users",
    "cognito_default_email": "default_emails_per_day",
}


def meter(q: Inputs) -> Metered:
    """Count the users [user], clients [client-month] and tokens [token] of a month, and what Cognito limits.

    Follows https://aws.amazon.com/cognito/pricing/ and the quotas page of the Cognito developer guide.

    >>> from calculator import estimate, parse
    >>> pool = {"name": "pool", "type": "cognito_user_pool", "active_users": 12_000, "federated_users": 60}
    >>> document = {"region": "us-east-1", "as_of": "2026-09-01", "components": [pool]}
    >>> [line.billable for line in estimate(parse(document)).line_items]
    [2000.0, 10.0]
    """
    machines = {"machine_clients": q.machine_clients, "machine_tokens": q.machine_tokens}
    return Metered(usage=_users(q) | machines, demand=_demand(q))


def _users(q: Inputs) -> dict[str, Number]:
    if q.plan == "plus":
        return {"plus_users": q.active_users + q.federated_users}
    usage = {f"{q.plan}_users": q.active_users, "federated_users": q.federated_users}
    if q.plan != "essentials" and q.threat_protection:
        usage["threat_protection"] = q.active_users + q.federated_users
    return usage


def _demand(q: Inputs) -> dict[str, Number]:
    stated = {quota: getattr(q, name) for quota, name in LIMITED.items()}
    demand = {quota: amount for quota, amount in stated.items() if amount is not None}
    if q.trigger_ms is not None:
        demand["cognito_trigger_timeout"] = q.trigger_ms / MS_PER_S
    return demand | {
        "cognito_app_clients": q.machine_clients,
        "cognito_client_authentication_rate": q.peak_machine_rps,
    }
