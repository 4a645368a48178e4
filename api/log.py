"""One line of JSON for each request that was answered, and one for each failure; never what was in a body."""

from collections.abc import Iterable
from time import perf_counter
from typing import Any, TextIO
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import orjson
import structlog
from flask import Flask, current_app, request

LOG = "stackmeter.log"


def register_log(app: Flask, file: TextIO) -> None:
    """Write a line to `file` whenever the application has answered: method, path, status, time. [ms]"""
    app.extensions[LOG] = logger = structlog.wrap_logger(
        structlog.PrintLogger(file),
        processors=[
            structlog.processors.TimeStamper("iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(_json),
        ],
        wrapper_class=structlog.BoundLogger,
    ).bind()
    app.wsgi_app = _logged(app.wsgi_app, logger)  # type: ignore[assignment,method-assign]


def log_failure(error: Exception) -> None:
    """Write what went wrong on our side, with its traceback."""
    current_app.extensions[LOG].error("failure", path=request.path, exc_info=error)


def _json(record: object, **_: object) -> str:
    return orjson.dumps(record, default=str).decode()


def _logged(application: WSGIApplication, logger: structlog.BoundLogger) -> WSGIApplication:
    # Outside Flask, so that what Flask refuses itself is logged too.
    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        started = perf_counter()

        def start(status: str, *rest: Any) -> Any:
            elapsed = round((perf_counter() - started) * 1000, 3)
            path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace")
            logger.info("request", method=environ["REQUEST_METHOD"], path=path, status=int(status[:3]), ms=elapsed)
            return start_response(status, *rest)

        return application(environ, start)

    return answer
