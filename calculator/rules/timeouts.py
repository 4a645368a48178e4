"""Time along a path: who waits must wait longer than what is behind it may take."""

from collections.abc import Iterator, Mapping

from calculator.rules import ERROR, WARNING, Breach, rule
from calculator.rules.amounts import beyond, by_source, number
from calculator.rules.view import APIS, FUNCTIONS, ComponentView, ConnectionView, View
from calculator.rules.waiting import answers, answers_without_waiting, patience_s, waited_s, waiting

ORIGINS = (*APIS, *FUNCTIONS, "load_balancer")
AT_MOST = (
    "Let the origin send its first bytes early, or answer at once and let clients ask again; AWS may allow up to 180 s."
)


@rule(
    why="The API answers 503 or 504 when its integration timeout is over. The function runs on and is billed, "
    "and clients that try again double the load.",
    remedy="Set the function's timeout just under the integration timeout. For longer work answer 202 at once "
    "and work asynchronously, or raise the integration timeout of a regional or private REST API.",
    source="docs.aws.amazon.com/apigateway/.../api-gateway-execution-service-limits-table.html (public mirror)",
    checked="2026",
)
def apigw_lambda_timeout_gap(view: View) -> Iterator[Breach]:
    """A function may run longer than the API in front of it waits."""
    for connection in waiting(view):
        if connection.source is None or connection.source.type not in APIS or connection.target.type not in FUNCTIONS:
            continue
        waited, runs = waited_s(view, connection), patience_s(view, connection.target)
        takes = answers_without_waiting(connection.target) or 0.0
        if waited is not None and runs is not None and beyond(max(runs, takes), waited):
            severity = ERROR if beyond(takes, waited) else WARNING
            told = f"the API waits {number(waited)} s; a call takes {number(takes)} s in the mean"
            yield Breach(severity, connection.path, f"{told} and is stopped after {number(runs)} s")


@rule(
    why="A caller that gives up first wastes the work of everything behind it, and often asks for it again.",
    remedy="Let timeouts fall from the client to the last component: client, CloudFront, API, function, "
    "its own clients, database.",
    source="docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits (public mirror)",
    checked="2026",
)
def edge_chain_timeout_monotonic(view: View) -> Iterator[Breach]:
    """Timeouts do not fall from the client to what is last asked."""
    for connection in waiting(view):
        if connection.source is not None and connection.source.type in APIS and connection.target.type in FUNCTIONS:
            continue  # apigw_lambda_timeout_gap
        if connection.settings.push:
            continue  # a message to a client is taken at once
        waited, behind = waited_s(view, connection), patience_s(view, connection.target)
        own = (
            None
            if connection.source is None or connection.source.type not in FUNCTIONS
            else patience_s(view, connection.source)
        )
        if waited is not None and own is not None and beyond(waited, own):
            told = f"{connection.path[0]} is stopped after {number(own)} s and would wait {number(waited)} s"
            yield Breach(WARNING, connection.path, f"{told} for {connection.target.name}")
        elif waited is not None and behind is not None and beyond(behind, waited):
            told = f"the caller waits {number(waited)} s; {connection.target.name} may take {number(behind)} s"
            yield Breach(WARNING, connection.path, told)


@rule(
    why="Function URLs and load balancers may take minutes, but CloudFront gives up on them first and answers 504.",
    remedy="Raise the distribution's origin response timeout, or let the origin send its first bytes early.",
    source="docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits (public mirror)",
    checked="2026",
)
def cloudfront_origin_timeout_default(view: View) -> Iterator[Breach]:
    """An origin takes longer than CloudFront waits for it."""
    connections = list(view.between(("cloudfront_distribution",), ORIGINS))
    found = answers(view) if connections else {}
    for connection in connections:
        waited, behind = waited_s(view, connection), found[connection.target.number]
        if waited is not None and beyond(behind.seconds, waited):
            told = f"CloudFront waits {number(waited)} s; the answer takes {number(behind.seconds)} s in the mean"
            highest = view.limit("cloudfront_distribution.cloudfront_origin_response_timeout", connection.target.region)
            remedy = None if waited < highest else AT_MOST
            yield Breach(ERROR, (connection.path[0], *behind.path), told, remedy=remedy)


@rule(
    why="Times add up along the chain, and every function that waits is billed and holds its place in the "
    "account's concurrency.",
    remedy="Let Step Functions call them one by one, send events instead, or make one function of them.",
    source="docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits (public mirror; lists MicroVMs, so mid-2026)",
    checked="2026-mid",
)
def sync_lambda_chain_sum(view: View) -> Iterator[Breach]:
    """Functions that wait for each other take longer together than the first caller waits."""
    calls = [
        connection
        for connection in waiting(view)
        if connection.target.type in FUNCTIONS and connection.source is not None
    ]
    following = _slowest_next(
        view, [connection for connection in calls if connection.source and connection.source.type in FUNCTIONS]
    )
    for index, (seconds, _) in following.items():
        waited = patience_s(view, view.components[index])
        if waited is not None and beyond(seconds, waited):
            yield _chain(view.components[index], following, waited, ())
    for connection in calls:
        waited = waited_s(view, connection)
        if (
            connection.source is None
            or connection.source.type not in APIS
            or connection.target.number not in following
            or waited is None
        ):
            continue
        own = answers_without_waiting(connection.target) or 0.0
        # A function that is too slow by itself is told by apigw_lambda_timeout_gap.
        if not beyond(own, waited) and beyond(following[connection.target.number][0], waited):
            yield _chain(connection.target, following, waited, (connection.source.name,))


def _slowest_next(view: View, calls: list[ConnectionView]) -> Mapping[int, tuple[float, ConnectionView]]:
    """For each function that waits for another: seconds of the slowest chain from it on, and its first step."""
    leaving, found = by_source(calls), dict[int, tuple[float, ConnectionView]]()
    closing = {id(view.connections[loop.back]) for loop in view.architecture.loops}
    for index in reversed(view.architecture.order):
        own = answers_without_waiting(view.components[index])
        for connection in leaving.get(index, ()):
            behind = answers_without_waiting(connection.target)
            if own is None or behind is None or id(connection) in closing:
                continue
            seconds = own + found.get(connection.target.number, (behind, connection))[0]
            if index not in found or seconds > found[index][0]:
                found[index] = (seconds, connection)
    return found


def _chain(
    first: ComponentView, following: Mapping[int, tuple[float, ConnectionView]], waited: float, before: tuple[str, ...]
) -> Breach:
    """The chain as far as it takes to become too long."""
    names, spent, at = [first.name], answers_without_waiting(first) or 0.0, first
    times = [number(spent)]
    while at.number in following and not beyond(spent, waited):
        at = following[at.number][1].target
        takes = answers_without_waiting(at) or 0.0
        spent += takes
        names.append(at.name)
        times.append(number(takes))
    told = f"{' + '.join(times)} s = {number(spent)} s; the first caller waits {number(waited)} s"
    return Breach(WARNING, (*before, *names), told)
