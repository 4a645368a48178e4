"""Event source mappings of Lambda: event pollers kept ready for a queue or a Kafka topic are billed by the hour."""

from calculator.metering import Inputs, Metered
from pricing.formula.language import KB_PER_MB, MS_PER_S, Constant, Number, ceil, maximum, ratio, where

POLLER_MB_S = Constant(1, "MB/s")
POLLER_EXECUTIONS = 10
LEAST_POLLERS = 2
LARGEST_BATCH_WITHOUT_WINDOW = 10
LEAST_WINDOW = Constant(1, "s")


def meter(m: Inputs) -> Metered:
    """Count the event poller units of a month [hour], and limited batches [record, KB], times [s] and rates [MB/s].

    Follows https://aws.amazon.com/lambda/pricing/ and the pages on queues and Kafka of the Lambda developer guide.

    >>> from calculator import estimate, parse
    >>> m = {"name": "m", "type": "event_source_mapping", "source": "kafka", "epus": 2}
    >>> document = {"region": "us-east-1", "as_of": "2026-09-01", "components": [m]}
    >>> [line.usage for line in estimate(parse(document)).line_items]
    [1460.0]
    """
    if m.source == "stream":
        return Metered(usage={}, demand=_batch(m))
    if m.source == "kafka":
        return Metered(usage={"kafka": m.epus * m.poller_hours}, demand=_batch(m) | _kafka(m))
    demand, limit = _batch(m) | _queue(m), {"lambda_esm_sqs_pollers_needed": m.max_pollers}
    if m.source == "sqs":
        limit |= {"lambda_esm_batch_window_min": where(m.batch_size > LARGEST_BATCH_WITHOUT_WINDOW, LEAST_WINDOW, 0)}
    if m.max_concurrency is not None:
        demand |= {"lambda_esm_sqs_max_concurrency": m.max_concurrency}
        demand |= {"lambda_esm_sqs_max_concurrency_min": m.max_concurrency}
        limit |= {"lambda_esm_sqs_concurrency_cap": m.max_concurrency}
    limit |= {"lambda_esm_sqs_pollers_min": where(m.pollers > 0, LEAST_POLLERS, 0)}
    return Metered(usage={"sqs": m.pollers * m.poller_hours}, demand=demand, limit=limit)


def _batch(m: Inputs) -> dict[str, Number]:
    demand = {"lambda_esm_batch_payload": m.batch_size * m.record_kb}
    if m.source != "stream":
        demand["lambda_esm_sqs_pollers_max"] = m.max_pollers
    if m.source == "sqs_fifo":
        return demand | {"lambda_esm_batch_size_sqs_fifo": m.batch_size}
    demand |= {"lambda_esm_batch_size_max": m.batch_size, "lambda_esm_batch_window": m.window_s}
    return demand | ({"lambda_esm_batch_window_min": m.window_s} if m.source == "sqs" else {})


def _queue(m: Inputs) -> dict[str, Number]:
    # Little's law: batches under way at one time are those that come in a second, times the seconds that each takes.
    executions = m.peak_rps / m.batch_size * m.duration_ms / MS_PER_S
    needed = maximum(ceil(_mb_s(m) / POLLER_MB_S), ceil(executions / POLLER_EXECUTIONS))
    demand = {
        "lambda_esm_sqs_pollers_min": m.pollers,
        "lambda_esm_sqs_pollers_needed": where(m.pollers > 0, needed, 0),
    }
    if m.source == "sqs":
        demand["lambda_esm_sqs_concurrency_cap"] = where(m.pollers > 0, 0, executions)
    return demand


def _kafka(m: Inputs) -> dict[str, Number]:
    return {"lambda_esm_kafka_poller": where(m.epus > 0, ratio(_mb_s(m), m.max_pollers), 0)}


def _mb_s(m: Inputs) -> Number:
    return m.peak_rps * m.record_kb / KB_PER_MB
