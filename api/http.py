"""The edge of every view: strict JSON in, JSON out, versions as ETags, and headers that keep a browser safe."""

import gzip
import re
from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import orjson
from flask import Flask, Response, current_app, request
from werkzeug.exceptions import PreconditionRequired, RequestEntityTooLarge, UnsupportedMediaType

from api.hosts import is_trusted
from api.packing import SUFFIX, WORTH_PACKING, is_packing_wanted
from api.problems import MalformedBody, UntrustedHost
from api.store import Expected, Store
from calculator import read_document
from pricing.errors import InvalidDocument

STORE = "stackmeter.store"
CATALOGUE_SECONDS = 300
MAX_BODY = 1024 * 1024
# A weak tag (W/"1") allows no change: RFC 9110, 13.1.1. That of a packed answer is of the same version.
VERSION = re.compile(rf'(?:^|,)\s*"([0-9]{{1,9}})(?:{SUFFIX})?"')
# What a page of ours may load: itself only. The hash is that of the empty text: Plotly adds an empty <style> and fills
# it by script, so that 'unsafe-inline' is not needed.
HEADERS = {
    "Content-Security-Policy": "; ".join(
        [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
            "img-src 'self' data: blob:",
            "font-src 'self'",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        ]
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def current_store() -> Store:
    """The store of the application that answers."""
    store: Store = current_app.extensions[STORE]
    return store


def read_body() -> object:
    """The JSON of the body. Raises MalformedBody; UnsupportedMediaType where it is said to be something else."""
    if not request.is_json:
        raise UnsupportedMediaType("Send the body as application/json.")
    body = request.get_data(cache=False)
    if len(body) > MAX_BODY:
        raise RequestEntityTooLarge("A body may have 1 MiB.")
    try:
        return read_document(body)
    except InvalidDocument as invalid:
        raise MalformedBody(invalid.faults) from invalid


def send(body: object, status: int = 200) -> Response:
    """An answer in JSON; records are written as objects of their fields."""
    return Response(orjson.dumps(body, option=orjson.OPT_UTC_Z), status, content_type="application/json")


def send_published(body: object) -> Response:
    """An answer in JSON that only a new release changes, or a new day."""
    return publish(orjson.dumps(body), content_type="application/json", seconds=CATALOGUE_SECONDS)


def publish(content: bytes, *, content_type: str, seconds: int) -> Response:
    """An answer that a client may keep for `seconds` and asks for again by its ETag; packed if the client unpacks."""
    packed = len(content) > WORTH_PACKING and is_packing_wanted()
    response = Response(_packed(content) if packed else content, content_type=content_type)
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = f"public, max-age={seconds}"
    response.add_etag()
    response.make_conditional(request)
    return response


# What does not change is packed as small as it gets, once.
@lru_cache(maxsize=16)
def _packed(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)


def send_version(body: object, version: int, status: int = 200) -> Response:
    """An answer whose ETag is its version, for `If-Match` of the next change."""
    response = send(body, status)
    response.headers["Cache-Control"] = "private, no-cache"
    response.set_etag(str(version))
    response.make_conditional(request)
    return response


def expected_versions() -> Expected:
    """The versions that `If-Match` allows to change; None for "*", which is any. Raises PreconditionRequired."""
    allowed = request.headers.get("If-Match", "").strip()
    if not allowed:
        raise PreconditionRequired("Send the ETag of the version that you read in If-Match.")
    return None if allowed == "*" else {int(version) for version in VERSION.findall(allowed)}


def register_hosts(app: Flask, trusted: Collection[str]) -> None:
    """Refuse every request that calls the service by another name than one of these."""

    def check() -> None:
        if not is_trusted(request.host, trusted):
            raise UntrustedHost(request.headers.get("Host", ""))

    app.before_request(check)


def register_headers(app: Flask) -> None:
    """Send the headers that keep a browser safe with every answer."""
    inner, safe = app.wsgi_app, list(HEADERS.items())

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            return start_response(status, headers + safe, *rest)

        return inner(environ, start)

    app.wsgi_app = answer  # type: ignore[method-assign]
