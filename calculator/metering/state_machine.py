"""AWS Step Functions: standard workflows bill transitions; express workflows bill executions and their GB-seconds."""

from collections.abc import Mapping, Sequence

from calculator.metering import Carried, Inputs, Metered, Sent
from calculator.metering.batches import attempts
from pricing.formula.language import MB_PER_GB, MS_PER_S, Constant, Number, ceil, maximum, ratio, total

TIME_STEP = Constant(100, "ms")
MEMORY_STEP = Constant(64, "MB")
RETRIES = 3
LISTED = 1000
SERVICE_CALL = Constant(10, "ms")
INLINE_CONCURRENCY, MOST_CHILDREN = 40, 10_000
# What a standard workflow waits for until it has run to its end; an express one starts it and goes on.
JOBS = ("batch_job", "ecs_service", "fargate_service")
# What a workflow leads to that is no task of it.
NO_TASKS = ("log_group", "kms_key", "xray")


def meter(inputs: Inputs) -> Metered:
    """Count the transitions, or the executions and GB-s, of a month, and the limited times [s] and rates [1/s].

    Follows https://aws.amazon.com/step-functions/pricing/ and the quotas of the Step Functions developer guide.

    >>> billed = {"workflow": "express", "executions": 1000, "duration_ms": 801, "memory_mb": 500}
    >>> unlimited = {"http_tasks": 0, "payload_kb": None, "burst_executions": None}
    >>> meter(Inputs(billed | unlimited | {"synchronous": True, "peak_rps": 2})).usage
    {'express_requests': 1000, 'express_duration': 450.0}
    """
    if inputs.workflow == "standard":
        return Metered(
            usage={"transitions": inputs.executions * inputs.transitions} | _express_children(inputs),
            demand=_demand(inputs) | _standard_demand(inputs),
        )
    billed_ms = ceil(inputs.duration_ms / TIME_STEP) * TIME_STEP
    billed_mb = ceil(inputs.memory_mb / MEMORY_STEP) * MEMORY_STEP
    usage = {
        "express_requests": inputs.executions,
        "express_duration": inputs.executions * billed_ms * billed_mb / MS_PER_S / MB_PER_GB,
    }
    return Metered(usage=usage, demand=_demand(inputs) | _express_demand(inputs))


def _express_children(inputs: Inputs) -> dict[str, Number]:
    """Children of a distributed Map that are express workflows: billed as these are."""
    children = inputs.executions * inputs.express_children
    billed_ms = ceil(inputs.express_child_ms / TIME_STEP) * TIME_STEP
    return {
        "express_requests": children,
        "express_duration": children * billed_ms * MEMORY_STEP / MS_PER_S / MB_PER_GB,
    }


def _demand(inputs: Inputs) -> dict[str, Number]:
    demand = {"sfn_http_task": inputs.peak_rps * inputs.http_tasks}
    if inputs.payload_kb is not None:
        demand["sfn_payload"] = inputs.payload_kb
    if inputs.burst_executions is not None and (inputs.workflow == "standard" or not inputs.synchronous):
        demand[f"sfn_start_execution_{inputs.workflow}_bucket"] = inputs.burst_executions
    return demand


def _standard_demand(inputs: Inputs) -> dict[str, Number]:
    duration_s = inputs.duration_ms / MS_PER_S
    demand = {
        "sfn_execution_duration_standard": duration_s,
        "sfn_start_execution_standard": inputs.peak_rps,
        "sfn_state_transitions": inputs.peak_rps * inputs.transitions,
        "sfn_open_executions": inputs.peak_rps * duration_s,
        "sfn_send_task_rate": inputs.peak_rps * inputs.callbacks,
    }
    if inputs.history_events is not None:
        demand["sfn_history_events"] = inputs.history_events
    return demand


def _express_demand(inputs: Inputs) -> dict[str, Number]:
    demand = {"sfn_execution_duration_express": inputs.duration_ms / MS_PER_S}
    if not inputs.synchronous:
        demand["sfn_start_execution_express"] = inputs.peak_rps
    return demand


def send(inputs: Inputs, connection: Inputs, target: Inputs, per_s: Number) -> Sent:
    """What an execution becomes at a task: so many calls as a Map has elements or children, for each attempt.

    What a distributed Map goes through it lists by the thousand.
    """
    if connection.map_reader:
        return Sent(ceil(connection.items / LISTED), None)
    return Sent(_elements(connection) * _tries(connection), None)


def _elements(connection: Inputs) -> Number:
    """How often a task runs in an execution: once, for each element of a Map, or for each child that takes many."""
    if connection.map == "none":
        return 1
    return connection.items if connection.map == "inline" else _children(connection)


def _children(connection: Inputs) -> Number:
    return connection.items / connection.items_per_child


def _tries(connection: Inputs) -> Number:
    """Attempts of a task: a Retry makes three more where it does not say how many.

    Follows https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
    """
    return attempts(
        connection.failure_share, RETRIES + 1 if connection.max_retries is None else connection.max_retries + 1
    )


def tell(inputs: Inputs, leaving: Sequence[Carried]) -> Mapping[str, Number]:
    """What the tasks make of an execution: its transitions, how long it lasts, and the express children of its Maps."""
    tasks = [one for one in leaving if one.target_type not in NO_TASKS and not one.settings.map_reader]
    children = [one for one in tasks if one.settings.map == "distributed" and one.settings.children == "express"]
    count = total(one.settings.share * _children(one.settings) for one in children)
    lasting = total(
        one.settings.share * _children(one.settings) * (_child_ms(one) + inputs.overhead_ms) for one in children
    )
    return {
        "transitions": 1 + total(_transitions(one.settings) for one in tasks),
        "duration_ms": _duration_ms(inputs, tasks),
        "express_children": count,
        "express_child_ms": ratio(lasting, count) if children else 0 * TIME_STEP,
    }


def _transitions(connection: Inputs) -> Number:
    """Transitions of one task or Map: a Map is one, and its elements or children pass states of their own.

    Of these states one calls the target, and is the one that is tried again.
    """
    if connection.map == "none":
        return connection.share * connection.calls * _tries(connection)
    states = connection.states_per_item + _tries(connection) - 1
    if connection.map == "inline":
        within = connection.items * states
    elif connection.children == "express":
        within = _children(connection)
    else:
        within = _children(connection) * (1 + states)
    return connection.share * (1 + within)


def _child_ms(carried: Carried) -> Number:
    return carried.settings.states_per_item * _task_ms(carried, express=True)


def _task_ms(carried: Carried, *, express: bool) -> Number:
    """How long a task takes [ms]: as it says, as long as what it waits for, else as a call of AWS's own services.

    Follows https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html
    """
    if carried.settings.takes_ms is not None:
        return carried.settings.takes_ms
    if carried.asynchronous or (express and carried.target_type in JOBS):
        return SERVICE_CALL
    duration_ms = getattr(carried.target, "duration_ms", None)
    if duration_ms is not None:
        return duration_ms
    duration_s = getattr(carried.target, "duration_s", None)
    return SERVICE_CALL if duration_s is None else duration_s * MS_PER_S


def _lasts_ms(inputs: Inputs, carried: Carried) -> Number:
    """What a task or a Map adds to an execution [ms]: the elements of a Map go side by side, 40 of an inline one."""
    settings = carried.settings
    each = _task_ms(carried, express=inputs.workflow == "express") * settings.share * _tries(settings)
    if settings.map == "none":
        return each * settings.calls
    side_by_side = INLINE_CONCURRENCY if settings.map == "inline" else MOST_CHILDREN
    if settings.max_concurrency is not None:
        side_by_side = settings.max_concurrency
    return ceil(_elements(settings) / side_by_side) * each * settings.states_per_item


def _duration_ms(inputs: Inputs, tasks: Sequence[Carried]) -> Number:
    """One task after the other, and of the branches with one name the longest."""
    branches: dict[str, Number] = {}
    serial = [inputs.overhead_ms]
    for carried in tasks:
        name = carried.settings.branch
        if name is None:
            serial.append(_lasts_ms(inputs, carried))
        else:
            branches[name] = (
                maximum(branches[name], _lasts_ms(inputs, carried)) if name in branches else _lasts_ms(inputs, carried)
            )
    return total([*serial, *branches.values()])
