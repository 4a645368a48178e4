"""Every refusal as an RFC 9457 problem: one table says which error is which status, one handler answers.

https://www.rfc-editor.org/rfc/rfc9457
"""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

import orjson
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from api.hosts import TRUSTED
from api.log import log_failure
from api.store import StaleVersion, StoreUnavailable
from pricing.errors import (
    Conflict,
    Fault,
    ImportFailed,
    InvalidDocument,
    NotFound,
    RateNotFound,
    StackmeterError,
    SweepTooLarge,
)

CONTENT_TYPE = "application/problem+json"


class MalformedBody(StackmeterError):
    """The body is not JSON as RFC 8259 and common sense have it; `faults` says why."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("the body is not JSON")


class InvalidQuery(StackmeterError):
    """The query asks for what there is not; `faults` points into the query, read as an object of its arguments."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("the query is not understood")


class UntrustedHost(StackmeterError):
    """The request calls the service by a name that is not its own."""

    def __init__(self, host: str) -> None:
        super().__init__(f"{host!r} is not a name of this service; {TRUSTED} says which it has beside the loopback's")


@dataclass(frozen=True, slots=True)
class Kind:
    """What is said of one kind of error: HTTP status, URN, title. `told`: the error's own words may be shown."""

    status: int
    type: str
    title: str
    told: bool = True


def _kind(status: int, name: str, title: str) -> Kind:
    return Kind(status, f"urn:stackmeter:problem:{name}", title)


INTERNAL = Kind(500, "about:blank", "Internal Server Error", told=False)
KINDS: dict[type[Exception], Kind] = {
    MalformedBody: _kind(400, "malformed-body", "The body is not JSON"),
    UntrustedHost: _kind(400, "untrusted-host", "The service is not called by one of its names"),
    InvalidQuery: _kind(422, "invalid-query", "The query is not valid"),
    InvalidDocument: _kind(422, "invalid-document", "The document cannot be computed"),
    RateNotFound: _kind(422, "rate-not-found", "No price is known"),
    SweepTooLarge: _kind(422, "sweep-too-large", "Too many scenarios"),
    ImportFailed: _kind(422, "import-failed", "The file cannot be read"),
    NotFound: _kind(404, "not-found", "There is no such thing"),
    StaleVersion: _kind(412, "stale-version", "It was changed meanwhile"),
    Conflict: _kind(409, "conflict", "It was changed meanwhile"),
    StoreUnavailable: _kind(503, "store-unavailable", "The database does not answer"),
    Exception: INTERNAL,
}


def register_problems(app: Flask) -> None:
    """Let every error that leaves a view, and every one that Flask finds itself, be answered as a problem."""
    app.register_error_handler(Exception, answer)


def answer(error: Exception) -> Response:
    """The problem that tells of an error."""
    if isinstance(error, HTTPException):
        return _http_problem(error)
    kind = next(KINDS[base] for base in type(error).__mro__ if base in KINDS)
    if kind is INTERNAL:
        log_failure(error)
    detail = str(error) if kind.told else "Something is wrong on this side; it was logged."
    return _problem(Response(status=kind.status), kind, detail, getattr(error, "faults", ()))


def _http_problem(error: HTTPException) -> Response:
    # Werkzeug's own answer knows the headers that belong to the status, such as Allow of a 405.
    response = Response(status=error.code)
    response.headers.extend(error.get_headers(request.environ))
    kind = Kind(error.code or 500, "about:blank", error.name)
    return _problem(response, kind, error.description or error.name, ())


def _problem(response: Response, kind: Kind, detail: str, faults: Iterable[Fault]) -> Response:
    body = {
        "type": kind.type,
        "title": kind.title,
        "status": kind.status,
        "detail": detail,
        "instance": quote(request.path),
        "errors": [{"pointer": fault.pointer, "detail": fault.detail} for fault in faults],
    }
    response.data = orjson.dumps(body)
    response.content_type = CONTENT_TYPE
    return response
