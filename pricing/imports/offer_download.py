"""Downloads that can be continued: what has come is kept, the rest is asked for; no other host is ever followed."""

import hashlib
import http.client
import re
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
)

from pricing.errors import ImportFailed
from pricing.imports.offer_index import Listed

CHUNK = 1 << 20
TRY_AGAIN = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS}
LONGEST_PAUSE_S = 60.0
STRONG_TAG = re.compile(r'"[!#-~]{1,200}"')
SAFE_PART = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")


def _quiet(name: str, received: int, total: int | None) -> None:
    """Say nothing."""


@dataclass(frozen=True, slots=True)
class Host:
    """Where files come from and go to: the address before theirs, the folder that keeps them, and how to be patient.

    `progress` hears the name of a file, the bytes received and the bytes it has (None: not known).
    """

    base: str
    folder: Path
    timeout_s: float = 30
    attempts: int = 5
    pause: Callable[[float], None] = time.sleep
    progress: Callable[[str, int, int | None], None] = _quiet

    def url(self, address: str) -> str:
        """The address of a file of this host. Raises ImportFailed for one of any other.

        >>> Host("https://prices.example/mirror", Path("x")).url("/offers/v1.0/aws/index.json")
        'https://prices.example/mirror/offers/v1.0/aws/index.json'
        """
        own, other = urlsplit(self.base), urlsplit(address)
        if own.scheme not in ("http", "https") or not own.hostname or own.query or own.fragment or own.username:
            raise ImportFailed(f"{self.base}: expected an address such as https://host")
        if (other.scheme or other.netloc) and (other.scheme, other.netloc) != (own.scheme, own.netloc):
            raise ImportFailed(f"{address}: expected an address on {own.netloc}; no other host is followed")
        if (
            other.query
            or other.fragment
            or not all(SAFE_PART.fullmatch(part) for part in other.path.strip("/").split("/"))
        ):
            raise ImportFailed(f"{address}: expected a plain path")
        return address if other.netloc else f"{self.base.rstrip('/')}/{address.lstrip('/')}"

    def file(self, address: str) -> Path:
        """Where the file at an address is kept."""
        parts = urlsplit(self.url(address))
        return self.folder.joinpath(re.sub(r"[^A-Za-z0-9.-]", "_", parts.netloc), *parts.path.strip("/").split("/"))


class _Interrupted(Exception):
    """The file did not come whole this time; another attempt may bring the rest."""


def fetch(host: Host, wanted: Listed) -> Path:
    """The file at an address, new or as kept from before. Raises ImportFailed where it does not come whole.

    An interrupted download goes on where it stopped, now or at the next call. Attempts that bring nothing are counted.
    """
    url, path = host.url(wanted.address), host.file(wanted.address)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImportFailed(f"cannot keep downloads: {error}") from error
    failed = 0
    while True:
        before = _size(_part(path))
        try:
            _receive(host, url, path)
            break
        except _Interrupted as error:
            failed = 1 if _size(_part(path)) > before else failed + 1
            if failed >= host.attempts:
                raise ImportFailed(f"{url}: {error}; gave up after {failed} attempts, what came is kept") from error
            host.pause(min(LONGEST_PAUSE_S, 2.0 ** (failed - 1)))
    _verify(path, url, wanted)
    return path


def _receive(host: Host, url: str, path: Path) -> None:
    """Ask for the file, or for what is missing of it. Raises ImportFailed or _Interrupted."""
    try:
        tag, start = _tag(_part(path)), _size(_part(path))
        headers = {"Accept-Encoding": "identity", "User-Agent": "stackmeter"}
        if tag and start:
            headers |= {"Range": f"bytes={start}-", "If-Range": tag}
        elif _tag(path) and path.exists():
            headers["If-None-Match"] = _tag(path)
        with _opener().open(Request(url, headers=headers), timeout=host.timeout_s) as answer:  # noqa: S310  http(s) only
            _keep(host, answer, path, start if answer.status == HTTPStatus.PARTIAL_CONTENT else 0)
    except HTTPError as error:
        _judge(error, url, path)
    except (OSError, http.client.HTTPException) as error:
        raise _Interrupted(str(error) or type(error).__name__) from error


def _opener() -> OpenerDirector:
    """What speaks HTTP and nothing else: no files, no other schemes; a redirect is an error like others."""
    opener = OpenerDirector()
    for handler in (ProxyHandler, HTTPHandler, HTTPSHandler, HTTPDefaultErrorHandler, HTTPErrorProcessor):
        opener.add_handler(handler())
    return opener


def _judge(error: HTTPError, url: str, path: Path) -> None:
    error.close()
    if error.code == HTTPStatus.NOT_MODIFIED and path.exists():
        return
    if error.code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
        _forget(_part(path))
        raise _Interrupted("the part kept from before does not fit the file: it starts anew") from error
    if error.code in TRY_AGAIN or error.code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise _Interrupted(f"HTTP {error.code} {error.reason}") from error
    to = f" to {error.headers.get('Location', '')!r}, not followed" if 300 <= error.code < 400 else ""
    raise ImportFailed(f"{url}: HTTP {error.code} {error.reason}{to}") from error


def _keep(host: Host, answer: http.client.HTTPResponse, path: Path, start: int) -> None:
    part, total = _part(path), _total(answer, start)
    tag, name = answer.headers.get("ETag", ""), path.relative_to(host.folder).as_posix()
    if start and tag != _tag(part):
        _forget(part)
        raise _Interrupted("the file changed while it came: it starts anew")
    with part.open("ab" if start else "wb") as file:
        _tag_file(part).write_text(tag if STRONG_TAG.fullmatch(tag) else "", encoding="ascii")
        received = start
        while chunk := answer.read(CHUNK):
            received += file.write(chunk)
            host.progress(name, received, total)
    if total is not None and received != total:
        raise _Interrupted(f"expected {total} bytes, got {received}")
    part.replace(path)
    _tag_file(part).replace(_tag_file(path))


def _total(answer: http.client.HTTPResponse, start: int) -> int | None:
    """How many bytes the whole file has, as the answer says. [B]"""
    if not start:
        length = answer.headers.get("Content-Length", "")
        return int(length) if length.isdecimal() else None
    found = re.fullmatch(r"bytes (\d+)-\d+/(\d+)", answer.headers.get("Content-Range", ""))
    if not found or int(found[1]) != start:
        raise _Interrupted(f"expected the rest from byte {start}, got {answer.headers.get('Content-Range')!r}")
    return int(found[2])


def _verify(path: Path, url: str, wanted: Listed) -> None:
    size, sha256 = _size(path), ""
    if wanted.sha256:
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    wrong = [
        f"expected {expected}, as the index says, not {got}"
        for expected, got in ((wanted.size, size), (wanted.sha256, sha256))
        if expected is not None and expected != got
    ]
    if wrong:
        _forget(path)
        raise ImportFailed(f"{url}: {', '.join(wrong)}")


def _part(path: Path) -> Path:
    return path.with_name(f"{path.name}.part")


def _tag_file(path: Path) -> Path:
    return path.with_name(f"{path.name}.etag")


def _tag(path: Path) -> str:
    """The strong ETag kept beside a file: only with one can the rest of exactly this file be asked for."""
    with suppress(OSError, UnicodeDecodeError):
        tag = _tag_file(path).read_text(encoding="ascii")
        return tag if STRONG_TAG.fullmatch(tag) else ""
    return ""


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _forget(path: Path) -> None:
    path.unlink(missing_ok=True)
    _tag_file(path).unlink(missing_ok=True)
