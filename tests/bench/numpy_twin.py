"""The sweep's workload written by hand for NumPy, whole columns at a time: what the machine is measured against."""

from collections.abc import Mapping
from datetime import date

import numpy as np
from numpy.typing import NDArray

from pricing.catalogue.catalogue import free_tier_named, quota_named
from pricing.prices.pricelist import find_rate

Floats = NDArray[np.float64]
SECONDS = 730 * 3600


class Twin:
    """Rates and limits looked up once; `price` is what is timed."""

    def __init__(self, as_of: date) -> None:
        self.as_of = as_of
        self.bands: dict[str, tuple[tuple[float, float, float], ...]] = {}
        self.limits: dict[str, float] = {}

    def tiers(self, meter: str, quantity: Floats) -> Floats:
        """What a quantity costs. [USD]"""
        if meter not in self.bands:
            rate = find_rate(meter, "us-east-1", self.as_of)
            assert rate is not None
            self.bands[meter] = rate.float_bands
        cost = np.zeros_like(quantity)
        for above, upto, price in self.bands[meter]:
            cost += price * (np.clip(quantity, above, upto) - above)
        return cost

    def less(self, free_tier: str, quantity: Floats) -> Floats:
        """What is billable of a quantity."""
        return np.maximum(quantity - float(free_tier_named(free_tier).quantity), 0)

    def above(self, quota: str, demand: Floats) -> NDArray[np.bool_]:
        """Where a demand breaks a maximum."""
        if quota not in self.limits:
            self.limits[quota] = float(quota_named(quota).value_in("us-east-1"))
        return demand > self.limits[quota]

    def below(self, quota: str, demand: Floats) -> NDArray[np.bool_]:
        """Where a demand breaks a minimum."""
        if quota not in self.limits:
            self.limits[quota] = float(quota_named(quota).value_in("us-east-1"))
        return demand < self.limits[quota]

    def price(self, x: Mapping[str, Floats]) -> tuple[Floats, list[Floats], NDArray[np.int64]]:
        """Totals, the costs of the nine components and a mask with a bit for each violated check."""
        functions, function_checks = self._functions(x)
        queues, queue_checks = self._queues(x)
        others, other_checks = self._others(x)
        costs = [*functions, others[0], *queues, *others[1:]]
        mask = np.zeros(len(x["api.requests"]), np.int64)
        for bit, check in enumerate((*function_checks, *queue_checks, *other_checks)):
            mask |= check.astype(np.int64) << bit
        return sum(costs[1:], costs[0]), costs, mask

    def _functions(self, x: Mapping[str, Floats]) -> tuple[list[Floats], list[NDArray[np.bool_]]]:
        names = ("f0", "f1", "f2")
        requests = [x[f"{name}.requests"] for name in names]
        gb_s = [
            x[f"{name}.requests"] * np.ceil(x[f"{name}.duration_ms"]) * x[f"{name}.memory_mb"] / 1000 / 1024
            for name in names
        ]
        shared = []
        for free, meter, used in (
            ("requests", "requests_x86", requests),
            ("gb_seconds", "gb_seconds_x86", gb_s),
        ):
            pool = used[0] + used[1] + used[2]
            cost = self.tiers(f"lambda_function.{meter}", self.less(f"lambda_function.{free}", pool))
            price = np.divide(cost, pool, out=np.zeros_like(pool), where=pool > 0)
            shared.append([price * part for part in used])
        costs = [a + b for a, b in zip(*shared, strict=True)]
        running = [r / SECONDS * x[f"{name}.duration_ms"] / 1000 for r, name in zip(requests, names, strict=True)]
        checks = [
            self.above("lambda_function.lambda_concurrency_account", running[0] + running[1] + running[2]),
            self.above(
                "lambda_function.lambda_rps_per_concurrency", (requests[0] + requests[1] + requests[2]) / SECONDS
            ),
        ]
        for name in names:
            checks += [
                self.above("lambda_function.lambda_memory_max", x[f"{name}.memory_mb"]),
                self.below("lambda_function.lambda_memory_min", x[f"{name}.memory_mb"]),
                # The functions' own timeout of 3 s, the default.
                x[f"{name}.duration_ms"] / 1000 > 3,
            ]
        return costs, checks

    def _queues(self, x: Mapping[str, Floats]) -> tuple[list[Floats], list[NDArray[np.bool_]]]:
        used, checks = [], []
        for name in ("q0", "q1"):
            messages, kb = np.ceil(x[f"{name}.messages"]), x[f"{name}.message_kb"]
            used.append(2 * messages * np.maximum(np.ceil(kb / 64), 1) + messages)
            checks += [
                self.above("sqs_queue.sqs_message_size", kb),
                self.above("sqs_queue.sqs_batch_total_size", kb),
            ]
        pool = used[0] + used[1]
        cost = self.tiers("sqs_queue.requests", self.less("sqs_queue.requests", pool))
        price = np.divide(cost, pool, out=np.zeros_like(pool), where=pool > 0)
        return [price * part for part in used], checks

    def _others(self, x: Mapping[str, Floats]) -> tuple[list[Floats], list[NDArray[np.bool_]]]:
        api = x["api.requests"] * np.maximum(np.ceil(x["api.request_kb"] / 512), 1)
        chunks = np.maximum(np.ceil(x["topic.message_kb"] / 64), 1)
        topic = self.tiers(
            "sns_topic.publish_requests", self.less("sns_topic.publish_requests", x["topic.publishes"] * chunks)
        ) + self.tiers(
            "sns_topic.http_deliveries", self.less("sns_topic.http_deliveries", x["topic.http_deliveries"] * chunks)
        )
        writes = x["table.writes"] * np.maximum(np.ceil(x["table.item_kb"]), 1)
        reads = x["table.reads"] * np.maximum(np.ceil(x["table.item_kb"] / 4), 1) / 2
        table = (
            self.tiers("dynamodb_table.write_requests", writes)
            + self.tiers("dynamodb_table.read_requests", reads)
            + self.tiers("dynamodb_table.storage", self.less("dynamodb_table.storage", x["table.storage_gb"]))
        )
        gb_s = x["flow.executions"] * np.ceil(x["flow.duration_ms"] / 100) / 10 * np.ceil(x["flow.memory_mb"] / 64) / 16
        flow = self.tiers("state_machine.express_requests", x["flow.executions"]) + self.tiers(
            "state_machine.express_duration", gb_s
        )
        second = {name: x[name] / SECONDS for name in ("api.requests", "topic.publishes", "flow.executions")}
        checks = [
            self.above("rest_api.apigw_payload_size", np.maximum(x["api.request_kb"], 1)),
            self.above("rest_api.apigw_throttle_rate", second["api.requests"]),
            self.above("sns_topic.sns_message_size", x["topic.message_kb"]),
            self.above("sns_topic.sns_batch_total_size", x["topic.message_kb"]),
            self.above("sns_topic.sns_publish_rate_standard", second["topic.publishes"]),
            self.above("dynamodb_table.dynamodb_item_size", x["table.item_kb"]),
            self.above("dynamodb_table.dynamodb_table_write", writes / SECONDS),
            self.above("dynamodb_table.dynamodb_table_read", reads / SECONDS),
            self.above("dynamodb_table.dynamodb_ondemand_initial_write", writes / SECONDS),
            self.above("dynamodb_table.dynamodb_ondemand_initial_read", reads / SECONDS),
            self.above("state_machine.sfn_execution_duration_express", x["flow.duration_ms"] / 1000),
            self.above("state_machine.sfn_start_execution_express", second["flow.executions"]),
        ]
        return [self.tiers("http_api.requests", api), topic, table, flow], checks
