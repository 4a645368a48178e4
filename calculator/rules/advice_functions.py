"""Advice on functions: provisioned concurrency that is hardly used, and what Lambda is too small for."""

from collections.abc import Iterator

from calculator.rules import INFO, Breach, rule
from calculator.rules.amounts import beyond, busy_s, number
from calculator.rules.changes import Advice, advised, both, with_inputs, with_setting
from calculator.rules.view import FUNCTIONS, ComponentView, View
from pricing.formula.language import MS_PER_S, S_PER_HOUR
from pricing.formula.words import money


@rule(
    why="Provisioned concurrency is billed while it waits, too. Used less than some 60 % of its time it costs more "
    "than the same requests on demand.",
    remedy="Scale it with the load, switch it off at night, or go without: SnapStart and a smaller package make cold "
    "starts short as well.",
    source="aws.amazon.com/lambda/pricing",
    checked="2026",
)
def provisioned_concurrency_idle(view: View) -> Iterator[Breach]:
    """Provisioned concurrency waits more than it works."""
    found = (
        Advice(
            (component.name,),
            f"{number(component.inputs.provisioned_concurrency)} environments, "
            f"in use {number(_use(component) * 100)} % of the time",
            with_inputs(component, provisioned_concurrency=None, provisioned_share=None, provisioned_hours=None),
        )
        for component in view.of("lambda_function")
        if component.inputs.provisioned_concurrency > 0
        and component.inputs.provisioned_hours > 0
        and _use(component) < 1
    )
    yield from advised(view, INFO, found)


def _use(component: ComponentView) -> float:
    """Share of its time for which provisioned concurrency works."""
    f = component.inputs
    working_s = f.requests * f.provisioned_share * f.duration_ms / MS_PER_S
    return float(working_s / (f.provisioned_concurrency * f.provisioned_hours * S_PER_HOUR))


@rule(
    why="While a function waits for another, both are billed for the same time, and both hold a place in the "
    "account's concurrency.",
    remedy="Let the caller send an event or a message and end, let Step Functions call one after the other, or make "
    "one function of both where the answer is needed at once.",
    source="docs.aws.amazon.com/lambda/latest/dg/concepts-event-driven-architectures.html",
    checked="2026-11-28",
)
def function_waits_for_function(view: View) -> Iterator[Breach]:
    """A function waits for another, so that the same time is paid twice."""
    found = []
    for index, connection in enumerate(view.connections):
        caller, busy = connection.source, busy_s(connection.target)
        if caller is None or caller.type != "lambda_function" or connection.target.type not in FUNCTIONS:
            continue
        if connection.asynchronous or not busy or not connection.calls or not caller.inputs.requests:
            continue
        waits_ms = connection.calls / caller.inputs.requests * busy * MS_PER_S
        told = f"{number(waits_ms)} ms of each call of {caller.name} are spent waiting, "
        told += f"{number(connection.calls)} times a month"
        left_ms = caller.inputs.duration_ms - waits_ms
        paid = _paid_for(view, caller, waits_ms)
        told += "" if paid is None else f": at list price they cost {money(paid)}"
        # A duration that is too short to hold the wait says nothing of what is left without it.
        if left_ms > 0:
            edit = both(with_setting(index, invocation="async"), with_inputs(caller, duration_ms=left_ms))
            found.append(Advice(connection.path, told, edit))
        else:
            yield Breach(INFO, connection.path, told)
    yield from advised(view, INFO, found)


def _paid_for(view: View, caller: ComponentView, waits_ms: float) -> float | None:
    """What the duration of the waiting costs alone, requests left out [USD a month]."""
    waiting = {
        "name": caller.name,
        "type": caller.type,
        "region": caller.region,
        "memory_mb": caller.inputs.memory_mb,
        "architecture": caller.inputs.architecture,
    }
    parts = [waiting | {"requests": caller.inputs.requests, "duration_ms": each} for each in (waits_ms, 0)]
    whole, calls = (view.prices.alone([part]) for part in parts)
    return None if whole is None or calls is None else whole - calls


@rule(
    why="A function cannot have so much memory. A container that runs as a task can.",
    remedy="Run it as a Fargate task (up to 120 GB) or on EC2, or cut the work into parts that need less.",
    source="docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html",
    checked="2026-mid",
)
def memory_beyond_lambda(view: View) -> Iterator[Breach]:
    """A function needs more memory than Lambda has."""
    for component in view.of("lambda_function", "lambda_durable_function"):
        most = view.limit("lambda_function.lambda_memory_max", component.region)
        if beyond(component.inputs.memory_mb, most):
            yield Breach(
                INFO, (component.name,), f"{number(component.inputs.memory_mb)} MB; Lambda has {number(most)} MB"
            )


@rule(
    why="A zip package with its layers may be only so large. A container image of a function may be 10 GB.",
    remedy="Make it a container image first: it stays a function. Only what is larger still needs Fargate.",
    source="docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html",
    checked="2026-mid",
)
def package_beyond_lambda(view: View) -> Iterator[Breach]:
    """A package is larger than Lambda unpacks."""
    for component in view.of("lambda_function"):
        most = view.limit("lambda_function.lambda_zip_unzipped", component.region)
        size = component.get("unzipped_mb")
        if size is not None and beyond(size, most):
            yield Breach(INFO, (component.name,), f"{number(size)} MB unzipped; Lambda takes {number(most)} MB")
