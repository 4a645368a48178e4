"""Time of workflows, triggers and jobs: what is started must end before somebody stops waiting, or starts it again."""

from collections.abc import Iterator

from calculator.rules import ERROR, WARNING, Breach, rule
from calculator.rules.amounts import beyond, busy_s, by_source, month_s, number
from calculator.rules.view import APIS, FUNCTIONS, ComponentView, ConnectionView, View
from calculator.rules.waiting import answers_without_waiting, waited_s, waiting
from pricing.formula.language import MS_PER_S

CLOCKS = ("schedule", "event_bus")
FUNCTION_TIMEOUT = "lambda_function.lambda_timeout_max"


@rule(
    why="AppSync ends a request after its limit, whatever its resolvers are still doing.",
    remedy="Let the resolver start the work and answer at once; tell the result by a subscription.",
    source="notes citing docs.aws.amazon.com/general/latest/gr/appsync.html and botocore",
    checked="2025-2026",
)
def appsync_lambda_timeout(view: View) -> Iterator[Breach]:
    """A resolver's function takes longer than AppSync allows a request."""
    for connection in waiting(view):
        if (
            connection.source is None
            or connection.source.type != "appsync_api"
            or connection.target.type not in FUNCTIONS
        ):
            continue
        takes, waited = answers_without_waiting(connection.target), waited_s(view, connection)
        if takes is not None and waited is not None and beyond(takes, waited):
            yield Breach(ERROR, connection.path, f"{number(takes)} s in the mean; AppSync waits {number(waited)} s")


@rule(
    why="Cognito waits for a trigger only so long, calls it three times, and then the sign-in or sign-up fails. "
    "A cold start counts.",
    remedy="Keep the trigger warm (provisioned concurrency, SnapStart) and small, and leave slow work to an event.",
    source="https://docs.aws.amazon.com/cognito/latest/developerguide/"
    "cognito-user-identity-pools-working-with-aws-lambda-triggers.html (unverified)",
    checked="unverified",
)
def cognito_trigger_lambda(view: View) -> Iterator[Breach]:
    """A trigger of a user pool answers too late, at least after a cold start."""
    for connection in view.between(("cognito_user_pool",), FUNCTIONS):
        takes = answers_without_waiting(connection.target)
        waited = view.limit("cognito_user_pool.cognito_trigger_timeout", connection.target.region)
        if takes is None:
            continue
        always_warm = connection.target.get("provisioned_share") == 1
        init = 0.0 if always_warm else float((connection.target.get("init_ms") or 0.0) / MS_PER_S)
        if beyond(takes + init, waited):
            told = f"{number(takes)} s and {number(init)} s of a cold start; Cognito waits {number(waited)} s"
            yield Breach(ERROR, connection.path, told)


@rule(
    why="An express workflow is stopped when its time is over, and is not told what its tasks had reached.",
    remedy="Make it a standard workflow, or let a standard workflow start an express one for each part.",
    source="docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html (public mirror)",
    checked="2026",
)
def sfn_express_duration(view: View) -> Iterator[Breach]:
    """The tasks of an express workflow take longer, one after the other, than it may run."""
    leaving = by_source(view.connections)
    for machine in view.of("state_machine"):
        tasks = [(connection, _task_s(connection)) for connection in leaving.get(machine.number, ())]
        timed = [(connection, seconds) for connection, seconds in tasks if seconds]
        most = view.limit("state_machine.sfn_execution_duration_express", machine.region)
        together = sum(seconds for _, seconds in timed)
        if machine.get("workflow") == "express" and beyond(together, most):
            alone = max(seconds for _, seconds in timed)
            path = (machine.name, *dict.fromkeys(connection.target.name for connection, _ in timed))
            told = f"tasks of {number(together)} s together; an express workflow runs {number(most)} s"
            # Tasks may run side by side: only one that is too long by itself certainly breaks it.
            yield Breach(ERROR if beyond(alone, most) else WARNING, path, told)


def _task_s(connection: ConnectionView) -> float:
    """Seconds that an execution spends on a task, where so many of its calls run at one time."""
    busy, calls = (
        busy_s(connection.target) if connection.target.type in FUNCTIONS else None,
        connection.settings.share * connection.settings.calls,
    )
    rounds = calls / min(max(connection.settings.max_concurrency or 1.0, 1.0), max(calls, 1.0))
    return float((busy or 0.0) * rounds)


@rule(
    why="The API gives up long before a synchronous express workflow has to end.",
    remedy="Start the workflow and answer at once; let the client ask for the result or send it over a WebSocket.",
    source="docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html (public mirror)",
    checked="2026",
)
def apigw_sync_express(view: View) -> Iterator[Breach]:
    """A synchronous express workflow takes longer than the API in front of it waits."""
    for connection in _started_by_apis(view):
        takes, waited = answers_without_waiting(connection.target), waited_s(view, connection)
        if connection.target.get("workflow") != "express" or takes is None or waited is None:
            continue
        if beyond(takes, waited):
            yield Breach(ERROR, connection.path, f"{number(takes)} s in the mean; the API waits {number(waited)} s")


@rule(
    why="Only express workflows can be waited for: of a standard one the API gets nothing but the name of the "
    "execution, and asking for its state again and again is limited to a few requests a second.",
    remedy="Use a synchronous express workflow, or start the standard one with invocation = async and send the "
    "result back when it is there.",
    source="botocore 1.43.11 service model (model min/max and docstrings)",
    checked="2026-05",
)
def sfn_standard_behind_api(view: View) -> Iterator[Breach]:
    """An API waits for a standard workflow."""
    for connection in _started_by_apis(view):
        if connection.target.get("workflow") == "standard":
            yield Breach(ERROR, connection.path, f"invocation sync, workflow standard ({connection.target.name})")


def _started_by_apis(view: View) -> Iterator[ConnectionView]:
    for connection in waiting(view):
        if (
            connection.source is not None
            and connection.source.type in APIS
            and connection.target.type == "state_machine"
        ):
            yield connection


@rule(
    why="A load balancer closes a connection on which nothing is sent for so long and answers 504.",
    remedy="Raise its idle timeout, or answer faster.",
    source="botocore 1.43.11 service model (model min/max and docstrings)",
    checked="2026-05",
)
def alb_idle_vs_lambda(view: View) -> Iterator[Breach]:
    """A function takes longer than the load balancer in front of it keeps an idle connection."""
    for connection in waiting(view):
        if (
            connection.source is None
            or connection.source.type != "load_balancer"
            or connection.target.type not in FUNCTIONS
        ):
            continue
        takes, waited = answers_without_waiting(connection.target), waited_s(view, connection)
        if takes is not None and waited is not None and beyond(takes, waited):
            yield Breach(
                ERROR, connection.path, f"{number(takes)} s in the mean; the load balancer waits {number(waited)} s"
            )


@rule(
    why="The next run starts before the last one has ended, and both work on the same things.",
    remedy="Reserve a concurrency of 1 (later runs are then retried), take a lock, or run it less often.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html (unverified)",
    checked="unverified",
)
def cron_overlap(view: View) -> Iterator[Breach]:
    """A scheduled function runs longer than the time between two runs."""
    for connection in view.between(CLOCKS, FUNCTIONS):
        busy, period = (
            busy_s(connection.target),
            None if connection.source is None else _period_s(view, connection.source),
        )
        if busy is None or period is None or connection.target.get("reserved_concurrency") == 1:
            continue
        if beyond(busy, period):
            yield Breach(WARNING, connection.path, f"{number(busy)} s in the mean; it starts every {number(period)} s")


def _period_s(view: View, clock: ComponentView) -> float | None:
    """Seconds between two runs of each schedule; None where that is not known."""
    if clock.type == "event_bus":
        return clock.get("schedule_period_s")  # type: ignore[no-any-return]
    if not clock.inputs.invocations or not clock.inputs.schedules:
        return None
    return float(month_s(view.architecture) * clock.inputs.schedules / clock.inputs.invocations)


@rule(
    why="Lambda stops every call after its longest timeout, finished or not.",
    remedy="Use a Fargate task, AWS Batch or a durable function, or let Step Functions cut the job into parts.",
    source="docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits (public mirror; lists MicroVMs, so mid-2026)",
    checked="2026-mid",
)
def batch_job_over_15min(view: View) -> Iterator[Breach]:
    """A job takes longer than any function may run."""
    for component in view.of("lambda_function", "lambda_durable_function"):
        most = view.limit(FUNCTION_TIMEOUT, component.region)
        takes = answers_without_waiting(component) or 0.0
        if beyond(takes, most):
            yield Breach(ERROR, (component.name,), f"{number(takes)} s in the mean; a function runs {number(most)} s")
    for connection in view.between(("sqs_queue",), ("lambda_function", "lambda_durable_function")):
        most = view.limit(FUNCTION_TIMEOUT, connection.target.region)
        if connection.settings.message_s is not None and beyond(connection.settings.message_s, most):
            told = f"{number(connection.settings.message_s)} s for one message; a function runs {number(most)} s"
            yield Breach(ERROR, connection.path, told)
