"""Batches and attempts: how many calls it takes to work through messages, some of which fail."""

from calculator.metering import Inputs, Sent
from pricing.formula.language import MS_PER_S, Constant, Number, maximum, minimum, ratio, where
from pricing.formula.words import exact_value

# No batch of records is larger.
MOST_PAYLOAD = Constant(6 * 1024, "KB")
# Beyond so many attempts the share that is still left is nothing.
MOST_COUNTED = 64


def batch_size(most: Number, per_s: Number, gathering_s: Number) -> Number:
    """Messages that a call brings: as many as arrive while it gathers, from one to `most`. [message]

    >>> batch_size(10, 2.0, 3.0), batch_size(10, 2.0, 60.0), batch_size(10, 0.01, 1.0)
    (6.0, 10, 1)
    """
    return minimum(most, maximum(1, per_s * gathering_s))


def fitting(most: Number, each_kb: Number | None) -> Number:
    """Messages that a batch may bring, of so many at most, where it carries no more than 6 MB. [message]

    Follows https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html

    >>> fitting(100, 1024.0), fitting(100, 1.0), fitting(100, None), fitting(100, 10_000.0)
    (6.0, 100, 100, 1)
    """
    if each_kb is None:
        return most
    return where(most * each_kb > MOST_PAYLOAD, maximum(ratio(MOST_PAYLOAD, each_kb), 1), most)


def busy_s(target: Inputs) -> Number:
    """How long a call keeps its target busy [s]; nothing where that is not known.

    >>> busy_s(Inputs({"duration_ms": 1500.0})), busy_s(Inputs({}))
    (1.5, 0)
    """
    duration_ms = getattr(target, "duration_ms", None)
    return 0 if duration_ms is None else duration_ms / MS_PER_S


def behind_backlog(batch: Number, most: Number, backlog: Number, share: Number) -> Number:
    """The mean of a batch [message] where a share of the messages waits in a backlog of so many: that fills batches.

    >>> behind_backlog(2.0, 10.0, 500.0, 1), behind_backlog(2.0, 10.0, 0, 0)
    (10.0, 2.0)
    >>> round(behind_backlog(5.0, 10.0, 500.0, 0.5), 4)
    6.6667
    """
    if isinstance(share, int) and share == 0:
        return batch
    full = minimum(most, maximum(backlog, 1))
    if isinstance(share, int) and share == 1:
        return full
    return 1 / (share / full + (1 - share) / batch)


def attempts(failure_share: Number, most: Number | None) -> Number:
    """Mean attempts for each message where a share of the attempts fails and `most` are made; None: without end.

    >>> attempts(0.5, 2.0), attempts(0.0, None), attempts(0.5, None)
    (1.5, 1.0, 2.0)
    """
    if isinstance(failure_share, int) and failure_share == 0:
        return 1
    if most is None:
        return 1 / (1 - failure_share)
    made: Number = 1
    for _ in range(_whole(most) - 1):
        made = 1 + failure_share * made
    return made


def dead_share(failure_share: Number, most: Number | None) -> Number:
    """Share of the messages of which every attempt fails; 0 where they are tried without end.

    >>> dead_share(0.5, 2.0), dead_share(0.5, None)
    (0.25, 0)
    """
    if most is None:
        return 0
    share = failure_share
    for _ in range(_whole(most) - 1):
        share = share * failure_share
    return share


def within(concurrency: Number | None, calls: Number, per_s: Number, duration_s: Number | None) -> Number:
    """Calls for each message, but no more than so many at one time can work through.

    `per_s` messages arrive in a second [1/s], and each call takes `duration_s` [s].

    >>> within(20.0, 1.0, 100.0, 0.5), within(None, 1.0, 100.0, 0.5)
    (0.4, 1.0)
    """
    if concurrency is None or duration_s is None:
        return calls
    # As many as fit into the time: more than come, where they take next to none.
    busy = ratio(concurrency, per_s * duration_s)
    return where(per_s * duration_s > 0, minimum(calls, busy), calls)


def _whole(most: Number) -> int:
    """How many attempts are counted, which no sweep varies."""
    return min(int(exact_value(most)), MOST_COUNTED)


def polled(inputs: Inputs, connection: Inputs, target: Inputs, each_kb: Number | None, per_s: Number) -> Sent:
    """What a message becomes that a poller gathers with others: a share of their batch, for each attempt.

    `per_s` come to each poller [1/s], of `each_kb` [KB]; the next window begins when the last invocation is done
    (https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html).
    """
    most = fitting(connection.batch, each_kb)
    gathered = batch_size(most, per_s, connection.batch_window_s + busy_s(target))
    batch = behind_backlog(gathered, most, inputs.backlog, inputs.backlog_share)
    tries = attempts(connection.failure_share, None if connection.max_retries is None else connection.max_retries + 1)
    return Sent(tries / batch, None if each_kb is None else batch * each_kb, batch)
