"""The command from process start to exit against importing what it cannot do without."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench.timing import best

EXAMPLE = {
    "name": "orders",
    "region": "us-east-1",
    "as_of": "2026-09-01",
    "components": [
        {"name": "web", "type": "http_api", "requests": 30_000_000, "request_kb": 3},
        {"name": "handler", "type": "lambda_function", "requests": 30_000_000, "duration_ms": 120, "memory_mb": 512},
        {"name": "jobs", "type": "sqs_queue", "messages": 5_000_000, "message_kb": 4},
    ],
}


def report() -> list[str]:
    """What was measured, as lines to print: with cached bytecode, as an installed package has it."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "orders.json"
        file.write_text(json.dumps(EXAMPLE))
        command = [str(Path(sys.executable).with_name("stackmeter")), "estimate", str(file)]
        imports = [sys.executable, "-c", "import click, marshmallow"]
        times = best({"estimate": lambda: _run(command, folder), "imports": lambda: _run(imports, folder)}, rounds=20)
    return [
        "Command, process start to exit",
        f"  stackmeter estimate FILE           {times['estimate'] * 1e3:6.1f} ms",
        f'  python -c "import click, marshmallow" {times["imports"] * 1e3:4.1f} ms',
        f"  {times['estimate'] / times['imports']:.2f} x (at most 1.8 x)",
    ]


def _run(command: list[str], folder: str) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = str(Path(folder) / "bytecode")
    subprocess.run(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, check=True)
