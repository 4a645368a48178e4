"""Answers are packed with gzip for clients that unpack it. https://www.rfc-editor.org/rfc/rfc9110#section-8.4

Level 1, because most answers are made for one request only and the client waits for them.
"""

import gzip

from flask import Flask, Response, request

LEVEL = 1
# Below this the frame around a packet matters more than what is in it. [B]
WORTH_PACKING = 1024
PACKABLE = ("application/json", "application/problem+json", "image/svg+xml")
# The tag of a packed answer is another than that of the plain one: RFC 9110, 8.8.3.3.
SUFFIX = "-gzip"


def register_packing(app: Flask) -> None:
    """Pack every answer that is worth it, the files of the page too."""
    app.after_request(_packed)


def is_packing_wanted() -> bool:
    """Whether the client that asks takes gzip."""
    return request.accept_encodings.quality("gzip") > 0


def _packed(response: Response) -> Response:
    if not _is_worth_packing(response):
        return response
    response.vary.add("Accept-Encoding")
    if is_packing_wanted():
        response.direct_passthrough = False
        response.set_data(gzip.compress(response.get_data(), LEVEL, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
        tag, weak = response.get_etag()
        if tag is not None:
            response.set_etag(f"{tag}{SUFFIX}", weak=bool(weak))
            response.make_conditional(request)
    return response


def _is_worth_packing(response: Response) -> bool:
    # 206 is a part of a file as it is, 304 has no body.
    whole = response.status_code not in (204, 206, 304) and "Content-Encoding" not in response.headers
    kind = response.mimetype or ""
    packable = kind in PACKABLE or kind.startswith("text/")
    return whole and packable and (response.content_length or 0) > WORTH_PACKING
