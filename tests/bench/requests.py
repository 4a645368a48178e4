"""One estimate: in the library against reading its JSON, and through the API against a route that says hello."""

import io
import json
import tempfile
from pathlib import Path

from flask import Flask

from app import create_app
from calculator import estimate, parse
from calculator.bill.bill import draw_up
from pricing.formula.reading import as_decimal, as_float, as_text
from tests.bench.timing import best
from tests.bench.workload import DOCUMENT

REPEATS = 20


def report() -> list[str]:
    """What was measured, as lines to print."""
    body = json.dumps(DOCUMENT)
    architecture = parse(DOCUMENT)
    with tempfile.TemporaryDirectory() as folder:
        client = _client(folder)
        hello = _hello().test_client()
        times = best(
            {
                "json.loads of the body": lambda: _repeat(lambda: json.loads(body)),
                "bill on floats": lambda: _repeat(lambda: draw_up(architecture, as_float)),
                "bill on Decimals": lambda: _repeat(lambda: draw_up(architecture, as_decimal)),
                "bill traced with units": lambda: _repeat(lambda: draw_up(architecture, as_text)),
                "parse and estimate": lambda: _repeat(lambda: estimate(parse(json.loads(body)))),
                "hello route": lambda: _repeat(lambda: hello.get("/hello")),
                "POST /estimates": lambda: _repeat(
                    lambda: client.post("/api/v1/estimates", data=body, content_type="application/json")
                ),
            }
        )
    lines = [f"  {name:24s} {taken / REPEATS * 1e6:8.0f} us" for name, taken in times.items()]
    return [
        f"One estimate of {len(DOCUMENT['components'])} components",
        *lines,
        f"  POST /estimates is {times['POST /estimates'] / times['hello route']:.1f} x the hello route, in process",
        f"  tracing costs {times['bill traced with units'] / times['bill on floats']:.1f} x running on floats",
    ]


def _repeat(call: "object") -> None:
    for _ in range(REPEATS):
        call()  # type: ignore[operator]


def _client(folder: str) -> "object":
    from app import migrate

    url = f"sqlite:///{Path(folder) / 'bench.db'}"
    migrate(url)
    return create_app({"DATABASE_URL": url, "LOG": io.StringIO(), "WARM": False}).test_client()


def _hello() -> Flask:
    app = Flask("hello")
    app.add_url_rule("/hello", view_func=lambda: {"hello": "world"})
    return app
