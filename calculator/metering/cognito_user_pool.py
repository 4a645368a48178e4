"""Amazon Cognito: each user active in a month is billed once, by the pool's plan; machines by client and token."""

from collections.abc import Mapping, Sequence

from calculator.metering import Carried, Inputs, Metered, Sent
from pricing.formula.language import MS_PER_S, Number

LIMITED = {
    "cognito_user_authentication_rate": "peak_sign_in_rps",
    "cognito_user_creation_rate": "peak_sign_up_rps",
    "cognito_user_federation_rate": "peak_federation_rps",
    "cognito_user_token_rate": "peak_refresh_rps",
    "cognito_users_per_pool": "users",
    "cognito_default_email": "default_emails_per_day",
}


def meter(inputs: Inputs) -> Metered:
    """Count the users [user], clients [client-month] and tokens [token] of a month, and what Cognito limits.

    Follows https://aws.amazon.com/cognito/pricing/ and the quotas page of the Cognito developer guide.

    >>> from calculator import estimate, parse
    >>> pool = {"name": "pool", "type": "cognito_user_pool", "active_users": 12_000, "federated_users": 60}
    >>> document = {"region": "us-east-1", "as_of": "2026-09-01", "components": [pool]}
    >>> [line.billable for line in estimate(parse(document)).line_items]
    [2000.0, 10.0]
    """
    machines = {"machine_clients": inputs.machine_clients, "machine_tokens": inputs.machine_tokens}
    return Metered(usage=_users(inputs) | machines, demand=_demand(inputs))


def _users(inputs: Inputs) -> dict[str, Number]:
    if inputs.plan == "plus":
        return {"plus_users": inputs.active_users + inputs.federated_users}
    usage = {f"{inputs.plan}_users": inputs.active_users, "federated_users": inputs.federated_users}
    if inputs.plan != "essentials" and inputs.threat_protection:
        usage["threat_protection"] = inputs.active_users + inputs.federated_users
    return usage


def _demand(inputs: Inputs) -> dict[str, Number]:
    stated = {quota: getattr(inputs, name) for quota, name in LIMITED.items()}
    demand = {quota: amount for quota, amount in stated.items() if amount is not None}
    if inputs.trigger_ms is not None:
        demand["cognito_trigger_timeout"] = inputs.trigger_ms / MS_PER_S
    return demand | {
        "cognito_app_clients": inputs.machine_clients,
        "cognito_client_authentication_rate": inputs.peak_machine_rps,
    }


def receive(inputs: Inputs, arriving: Sequence[Carried]) -> Mapping[str, Number]:
    """Users who are active in a month, of what they sign in."""
    return {"active_users": inputs.sign_ins / inputs.sign_ins_per_user}


def send(inputs: Inputs, connection: Inputs, target: Inputs, per_s: Number) -> Sent:
    """What a sign-in becomes: a call of each trigger that the connection names.

    Follows https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-identity-pools-working-with-aws-lambda-triggers.html
    """
    triggers = len([name for name in (connection.trigger or "").split(",") if name.strip()])
    sign_ins = inputs.active_users * inputs.sign_ins_per_user if inputs.sign_ins is None else None
    return Sent(max(triggers, 1), None, of=sign_ins)
