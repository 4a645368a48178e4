"""What others have measured on AWS, priced by us: durations as they were, costs as each invocation was billed."""

import csv
from functools import cache
from pathlib import Path

from calculator import estimate, parse

FOLDER = Path(__file__).parents[1] / "measured"
# December 2025, Ohio: 10,000 invocations or so for each row; the mean duration, and what each invocation was billed.
LAMBDA = FOLDER / "lambda.csv"
SOURCE = "https://github.com/cebert/aws-lambda-performance-benchmarks"
REGION, DAY = "us-east-2", "2025-12-01"
MILLION = 1_000_000
# How far durations lie from their mean there is not published; from a tenth on the bill does not depend on it.
CV = 0.1


@cache
def rows():
    with LAMBDA.open(newline="", encoding="utf-8") as file:
        return tuple(csv.DictReader(file))


def cost_of(row, cv):
    """What a million invocations cost [USD], with durations that vary so much; 0: all alike."""
    function = {
        "name": "f",
        "type": "lambda_function",
        "requests": MILLION,
        "memory_mb": int(row["memory_mb"]),
        "architecture": "arm64" if row["architecture"] == "arm64" else "x86_64",
        "duration_ms": {"mean": float(row["mean_duration_ms"]), "cv": cv},
        "timeout_s": 900,
    }
    if row["start"] == "cold":
        function |= {"cold_start_share": 1, "init_ms": float(row["mean_init_ms"])}
    document = {"region": REGION, "as_of": DAY, "account": {"free_tier": "none"}, "components": [function]}
    return estimate(parse(document)).total


@cache
def errors(cv):
    """By how much each row is off, as a share of what was measured, the largest last."""
    measured = [float(row["usd_per_million_measured"]) for row in rows()]
    return sorted(abs(cost_of(row, cv) / cost - 1) for row, cost in zip(rows(), measured, strict=True))


def lines():
    """The table of docs/validation.md."""
    made = []
    for name, cv in (("a plain number", 0), (f"varying by {CV:.0%}", CV)):
        off = errors(cv)
        shares = [off[len(off) // 2], off[len(off) * 9 // 10], off[-1]]
        within = sum(one <= 0.0025 for one in off)
        made.append([name, *(f"{share:.2%}" for share in shares), f"{within} / {len(off)}"])
    return made
