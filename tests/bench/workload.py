"""The sweep's workload: a serverless account of nine components with 25 inputs that vary, and their values."""

import numpy as np
from numpy.typing import NDArray

DOCUMENT = {
    "name": "bench",
    "region": "us-east-1",
    "as_of": "2026-09-01",
    "components": [
        *({"name": f"f{k}", "type": "lambda_function", "requests": 1e6, "duration_ms": 100} for k in range(3)),
        {"name": "api", "type": "http_api", "requests": 1e6},
        *({"name": f"q{k}", "type": "sqs_queue", "messages": 1e6} for k in range(2)),
        {"name": "topic", "type": "sns_topic", "publishes": 1e6},
        {"name": "table", "type": "dynamodb_table", "writes": 1e6, "reads": 1e6, "storage_gb": 1},
        {"name": "flow", "type": "state_machine", "workflow": "express", "executions": 1e6, "duration_ms": 100},
    ],
}

VARYING = (
    *(f"f{k}.{name}" for k in range(3) for name in ("requests", "duration_ms", "memory_mb")),
    "api.requests",
    "api.request_kb",
    *(f"q{k}.{name}" for k in range(2) for name in ("messages", "message_kb")),
    "topic.publishes",
    "topic.http_deliveries",
    "topic.message_kb",
    "table.reads",
    "table.writes",
    "table.item_kb",
    "table.storage_gb",
    "flow.executions",
    "flow.duration_ms",
    "flow.memory_mb",
)


def draw(count: int, seed: int = 0) -> dict[str, NDArray[np.float64]]:
    """Values of the varying inputs over several orders of magnitude: float64[scenario] each."""
    random = np.random.default_rng(seed)
    columns: dict[str, NDArray[np.float64]] = {}
    for name in VARYING:
        if name.endswith("_ms"):
            columns[name] = np.round(10 ** random.uniform(0.5, 4.7, count), 2)
        elif name.endswith("_mb"):
            columns[name] = 128.0 * random.integers(1, 84, count)
        elif name.endswith("_kb"):
            columns[name] = np.round(10 ** random.uniform(-1, 2.4, count), 3)
        elif name.endswith("_gb"):
            columns[name] = np.round(10 ** random.uniform(0, 5, count), 3)
        else:
            columns[name] = np.floor(10 ** random.uniform(4, 10.5, count))
    return columns
