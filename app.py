"""The application: the API, the page that talks to it, and the server that serves both."""

import os
import sys
from collections.abc import Mapping
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click
from flask import Flask, Response, render_template

from api.health import get_health
from api.hosts import address_of, refusal, trusted_hosts
from api.http import publish
from api.register import register_api
from api.store import migrate

ROOT = Path(__file__).parent
GUNICORN = ROOT / "deploy" / "gunicorn.conf.py"
WEEK_S = 7 * 24 * 60 * 60


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """The application, ready to serve; its database must have been migrated.

    `config` may set DATABASE_URL, LOG (a file for one line of JSON a request), WARM (False: do not compile the machine
    of sweeps in the background) and HOSTS (the names by which the application may be called).
    """
    app = Flask(__name__, static_folder=ROOT / "web" / "static", template_folder=ROOT / "web" / "templates")
    app.config.from_mapping(DATABASE_URL=database_url(), LOG=sys.stderr, WARM=os.environ.get("STACKMETER_WARM") != "0")
    app.config.from_mapping(HOSTS=trusted_hosts(os.environ))
    app.config.from_mapping(config)
    said = app.config
    register_api(app, database_url=said["DATABASE_URL"], log=said["LOG"], warm=said["WARM"], hosts=said["HOSTS"])
    app.add_url_rule("/", view_func=get_page)
    app.add_url_rule("/coverage", view_func=get_coverage_page)
    app.add_url_rule("/healthz", view_func=get_health)
    app.add_url_rule("/static/plotly.min.js", view_func=get_plotly)
    return app


def database_url() -> str:
    """Where saved architectures are kept: STACKMETER_DATABASE_URL, or a file in the current directory."""
    return os.environ.get("STACKMETER_DATABASE_URL", "sqlite:///stackmeter.db")


def get_page() -> str:
    """The page."""
    return render_template("index.html")


def get_coverage_page() -> str:
    """The page that shows what can be priced where."""
    return render_template("coverage.html")


def get_plotly() -> Response:
    """plotly.js, which the installed package of Plotly carries."""
    return publish(_plotly(), content_type="text/javascript; charset=utf-8", seconds=WEEK_S)


@lru_cache(maxsize=1)
def _plotly() -> bytes:
    # Found, not imported: importing Plotly takes a tenth of a second and is not needed to read its file.
    found = find_spec("plotly")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("plotly")
    return (Path(found.origin).parent / "package_data" / "plotly.min.js").read_bytes()


def main() -> None:
    """Bring the database up to date and serve on HOST:PORT, 127.0.0.1:8000 if not said otherwise.

    Ends with exit code 2 where HOST is not the loopback and STACKMETER_EXPOSE is not "yes".
    """
    refused = refusal(os.environ.get("HOST", "127.0.0.1"), os.environ)
    if refused:
        click.echo(f"stackmeter: {refused}", err=True)
        sys.exit(2)
    migrate(database_url())
    address = address_of(os.environ)
    click.echo(f"stackmeter: http://{address}/")
    if GUNICORN.is_file():
        options = ["--config", str(GUNICORN)]
    else:
        options = ["--bind", address, "--worker-class", "gthread", "--workers", "2", "--threads", "4"]
    # The server takes the place of this process: signals reach it, and nothing of ours is forked with it.
    os.execv(sys.executable, [sys.executable, "-m", "gunicorn", *options, "app:create_app()"])  # noqa: S606


if __name__ == "__main__":
    main()
