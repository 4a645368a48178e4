"""The real application for tests: in this process on a database of its own, or served by Gunicorn on the loopback."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from api.store import migrate
from app import create_app

ROOT = Path(__file__).parents[2]
DOCUMENT = {
    "name": "orders",
    "region": "us-east-1",
    "as_of": "2026-09-01",
    "components": [{"name": "jobs", "type": "sqs_queue", "messages": 5_000_000}],
}


def make_app(folder, **config):
    """The application with a migrated SQLite file in `folder`."""
    url = f"sqlite:///{folder / 'stackmeter.db'}"
    migrate(url)
    return create_app({"DATABASE_URL": url, "WARM": False, "LOG": sys.stderr} | config)


@contextmanager
def served(folder, *options, host="127.0.0.1", **said):
    """The address of the application served by Gunicorn with `options` until the block ends.

    `said` is what the environment says beside its own.
    """
    environment = os.environ | {
        "STACKMETER_DATABASE_URL": f"sqlite:///{folder / 'stackmeter.db'}",
        "STACKMETER_WARM": "0",
        **said,
    }
    migrate(environment["STACKMETER_DATABASE_URL"])
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--bind", f"{host}:{port}", *options, "app:create_app()"]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            yield await_answer(f"http://127.0.0.1:{port}", server, folder / "log")
        finally:
            server.terminate()
            server.wait(timeout=30)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def await_answer(address, server, log, *, seconds=30):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=5):
                return address
        except OSError:
            if server.poll() is not None:
                break
            time.sleep(0.05)
    raise AssertionError(f"the server did not start:\n{log.read_text()}")
