"""Event source mappings of Lambda: event pollers kept ready for a queue or a Kafka topic are billed by the hour."""

from calculator.metering import Inputs, Metered
from pricing.formula.language import KB_PER_MB, MS_PER_S, Constant, Number, ceil, maximum, ratio, where

POLLER_MB_S = Constant(1, "MB/s")
POLLER_EXECUTIONS = 10
LEAST_POLLERS = 2
LARGEST_BATCH_WITHOUT_WINDOW = 10
LEAST_WINDOW = Constant(1, "s")


def meter(inputs: Inputs) -> Metered:
    """Count the event poller units of a month [hour], and limited batches [record, KB], times [s] and rates [MB/s].

    Follows https://aws.amazon.com/lambda/pricing/ and the pages on queues and Kafka of the Lambda developer guide.

    >>> from calculator import estimate, parse
    >>> m = {"name": "m", "type": "event_source_mapping", "source": "kafka", "epus": 2}
    >>> document = {"region": "us-east-1", "as_of": "2026-09-01", "components": [m]}
    >>> [line.usage for line in estimate(parse(document)).line_items]
    [1460.0]
    """
    if inputs.source == "stream":
        return Metered(usage={}, demand=_batch(inputs))
    if inputs.source == "kafka":
        return Metered(usage={"kafka": inputs.epus * inputs.poller_hours}, demand=_batch(inputs) | _kafka(inputs))
    demand, limit = _batch(inputs) | _queue(inputs), {"lambda_esm_sqs_pollers_needed": inputs.max_pollers}
    if inputs.source == "sqs":
        limit |= {
            "lambda_esm_batch_window_min": where(inputs.batch_size > LARGEST_BATCH_WITHOUT_WINDOW, LEAST_WINDOW, 0)
        }
    if inputs.max_concurrency is not None:
        demand |= {"lambda_esm_sqs_max_concurrency": inputs.max_concurrency}
        demand |= {"lambda_esm_sqs_max_concurrency_min": inputs.max_concurrency}
        limit |= {"lambda_esm_sqs_concurrency_cap": inputs.max_concurrency}
    limit |= {"lambda_esm_sqs_pollers_min": where(inputs.pollers > 0, LEAST_POLLERS, 0)}
    return Metered(usage={"sqs": inputs.pollers * inputs.poller_hours}, demand=demand, limit=limit)


def _batch(inputs: Inputs) -> dict[str, Number]:
    demand = {"lambda_esm_batch_payload": inputs.batch_size * inputs.record_kb}
    if inputs.source != "stream":
        demand["lambda_esm_sqs_pollers_max"] = inputs.max_pollers
    if inputs.source == "sqs_fifo":
        return demand | {"lambda_esm_batch_size_sqs_fifo": inputs.batch_size}
    demand |= {"lambda_esm_batch_size_max": inputs.batch_size, "lambda_esm_batch_window": inputs.window_s}
    return demand | ({"lambda_esm_batch_window_min": inputs.window_s} if inputs.source == "sqs" else {})


def _queue(inputs: Inputs) -> dict[str, Number]:
    # Little's law: batches under way at one time are those that come in a second, times the seconds that each takes.
    executions = inputs.peak_rps / inputs.batch_size * inputs.duration_ms / MS_PER_S
    needed = maximum(ceil(_mb_s(inputs) / POLLER_MB_S), ceil(executions / POLLER_EXECUTIONS))
    demand = {
        "lambda_esm_sqs_pollers_min": inputs.pollers,
        "lambda_esm_sqs_pollers_needed": where(inputs.pollers > 0, needed, 0),
    }
    if inputs.source == "sqs":
        demand["lambda_esm_sqs_concurrency_cap"] = where(inputs.pollers > 0, 0, executions)
    return demand


def _kafka(inputs: Inputs) -> dict[str, Number]:
    return {"lambda_esm_kafka_poller": where(inputs.epus > 0, ratio(_mb_s(inputs), inputs.max_pollers), 0)}


def _mb_s(inputs: Inputs) -> Number:
    return inputs.peak_rps * inputs.record_kb / KB_PER_MB
