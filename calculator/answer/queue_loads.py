"""Queues before functions: how fast they are drained, how old messages become, and what a burst leaves behind."""

from collections.abc import Iterator
from dataclasses import dataclass

from calculator.load.queueing import Backlog, drain, drain_burst, drain_week
from calculator.metering.batches import attempts
from calculator.rules.amounts import burst_times
from calculator.rules.view import ConnectionView, View
from calculator.traffic.hours import hourly
from pricing.formula.language import MS_PER_S

ACCOUNT_CONCURRENCY = "lambda_function.lambda_concurrency_account"


@dataclass(frozen=True, slots=True)
class QueueLoad:
    """A queue and the function that drains it.

    Rates in messages a second, times in seconds. `concurrency` are the executions it may have, `utilisation` the peak
    over what is drained. `backlog` and `oldest_s` are the worst of the week, or after the burst of the traffic;
    `clear_s` None: it never clears. `expired_share` of the messages is not worked on before the retention is over.
    """

    component: str
    function: str
    inflow: float
    peak: float
    drain_rate: float
    concurrency: float
    utilisation: float
    backlog: float
    oldest_s: float
    retention_s: float
    clear_s: float | None
    in_flight: float
    expired_share: float


def queue_loads(view: View) -> tuple[QueueLoad, ...]:
    """Every queue that a function drains."""
    return tuple(_loads(view))


def _loads(view: View) -> Iterator[QueueLoad]:
    for connection in view.connections:
        source, duration_ms = connection.source, connection.target.get("duration_ms")
        if source is None or source.type != "sqs_queue" or connection.settings.dead_letter or duration_ms is None:
            continue
        rates = hourly(view.architecture, source.inputs.messages * connection.settings.share)
        duration_s = duration_ms / MS_PER_S
        concurrency = _concurrency(view, connection)
        tries = attempts(connection.settings.failure_share, connection.settings.max_receive_count)
        drained = min(drain(connection.settings.batch, duration_s, concurrency) / tries, 1e15)
        worst = _worst(view, connection, rates, drained, duration_s)
        peak = max(source.inputs.peak_rps * connection.settings.share, *rates)
        yield QueueLoad(
            component=source.name,
            function=connection.target.name,
            inflow=sum(rates) / len(rates),
            peak=peak,
            drain_rate=drained,
            concurrency=concurrency,
            utilisation=peak / drained if drained else 0.0,
            backlog=worst.backlog,
            oldest_s=worst.oldest_s,
            retention_s=source.inputs.retention_s,
            clear_s=worst.clear_s,
            in_flight=worst.in_flight,
            expired_share=worst.expired_share,
        )


def _concurrency(view: View, connection: ConnectionView) -> float:
    """Executions that may work on the queue at one time: what it, its function or the account is limited to."""
    limits = [
        connection.settings.max_concurrency,
        connection.target.get("reserved_concurrency"),
        connection.settings.message_groups,
    ]
    own = [limit for limit in limits if limit is not None]
    return float(min([*own, view.limit(ACCOUNT_CONCURRENCY, connection.target.region)]))


def _worst(
    view: View, connection: ConnectionView, rates: tuple[float, ...], drained: float, duration_s: float
) -> Backlog:
    assert connection.source is not None  # noqa: S101  only ways from queues come here
    retention_s, mean = connection.source.inputs.retention_s, sum(rates) / len(rates)
    traffic, times = view.architecture.traffic, burst_times(view.architecture)
    if traffic is not None and times is not None and connection.source.inputs.peak_rps:
        burst_rate = connection.source.inputs.peak_rps * connection.settings.share * times
        return drain_burst(
            mean, burst_rate, float(traffic.inputs["burst_s"] or 0), drained, duration_s, retention_s=retention_s
        )
    return drain_week(rates, drained, duration_s, retention_s=retention_s)
