"""Packed answers, over the wire: what is worth it and wanted is packed, and stays the same answer."""

import gzip

import pytest
import requests

from tests.helpers.serving import DOCUMENT, served

GZIP = {"Accept-Encoding": "gzip"}
PLAIN = {"Accept-Encoding": "identity"}
# A packet may hold it.
SMALL = 1024
MANY = {"region": "us-east-1", "components": [{"name": f"c{n}", "type": "nothing"} for n in range(50)]}
SAVED = "/api/v1/architectures"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with served(tmp_path_factory.mktemp("server"), "--worker-class", "gthread", "--threads", "4") as address:
        yield address


def asked(method, url, **options):
    """The answer with its body as it came over the wire."""
    answer = requests.request(method, url, timeout=10, stream=True, **options)
    return answer, answer.raw.read(decode_content=False)


ANSWERS = [
    ("POST", "/api/v1/estimates", DOCUMENT, 200),
    ("POST", "/api/v1/limits", DOCUMENT, 200),
    ("POST", "/api/v1/estimates", MANY, 422),
    ("GET", "/api/v1/types", None, 200),
    ("GET", "/api/v1/openapi.json", None, 200),
    ("GET", "/", None, 200),
    ("GET", "/static/shared/api.js", None, 200),
    ("GET", "/static/plotly.min.js", None, 200),
    ("GET", "/api/v1/docs/assets/swagger-ui.css", None, 200),
]


@pytest.mark.parametrize(("method", "path", "body", "status"), ANSWERS, ids=[f"{m} {p} {s}" for m, p, _, s in ANSWERS])
def test_a_large_answer_is_packed_where_that_is_wanted(server, method, path, body, status):
    packed, content = asked(method, server + path, json=body, headers=GZIP)
    plain, whole = asked(method, server + path, json=body, headers=PLAIN)
    assert (packed.status_code, plain.status_code) == (status, status)
    assert len(whole) > SMALL
    assert gzip.decompress(content) == whole
    assert len(content) < len(whole) / 1.5
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    for answer, sent in ((packed, content), (plain, whole)):
        assert int(answer.headers["Content-Length"]) == len(sent)
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert answer.headers["Content-Type"] == plain.headers["Content-Type"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert ("ETag" in packed.headers) == ("ETag" in plain.headers)
    if "ETag" in plain.headers:
        assert packed.headers["ETag"] != plain.headers["ETag"]


@pytest.mark.parametrize("accepted", ["", "identity", "br, zstd", "gzip;q=0", "*;q=0"])
def test_who_does_not_unpack_gets_it_plain(server, accepted):
    answer, content = asked("POST", f"{server}/api/v1/estimates", json=DOCUMENT, headers={"Accept-Encoding": accepted})
    assert "Content-Encoding" not in answer.headers
    assert content.startswith(b'{"')


@pytest.mark.parametrize("accepted", ["gzip", "br, gzip;q=0.5", "*", "deflate, gzip"])
def test_who_unpacks_gets_it_packed(server, accepted):
    answer, content = asked("POST", f"{server}/api/v1/estimates", json=DOCUMENT, headers={"Accept-Encoding": accepted})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert content.startswith(b"\x1f\x8b")


@pytest.mark.parametrize("path", ["/healthz", "/nothing", "/static/plotly.min.map"])
def test_a_small_answer_stays_as_it_is(server, path):
    answer, content = asked("GET", server + path, headers=GZIP)
    assert len(content) <= SMALL
    assert "Content-Encoding" not in answer.headers
    assert int(answer.headers["Content-Length"]) == len(content)


def test_an_answer_made_for_one_request_is_packed_quickly(server):
    _, content = asked("POST", f"{server}/api/v1/estimates", json=DOCUMENT, headers=GZIP)
    assert content == gzip.compress(gzip.decompress(content), 1, mtime=0)


def test_head_says_what_get_does(server):
    for headers in (GZIP, PLAIN):
        head, nothing = asked("HEAD", f"{server}/static/shared/api.js", headers=headers)
        get, content = asked("GET", f"{server}/static/shared/api.js", headers=headers)
        assert nothing == b""
        assert int(head.headers["Content-Length"]) == len(content)
        assert head.headers["ETag"] == get.headers["ETag"]


@pytest.mark.parametrize("path", ["/static/shared/api.js", "/api/v1/types", "/static/plotly.min.js"])
def test_what_a_client_has_is_not_sent_again(server, path):
    for headers in (GZIP, PLAIN):
        first, _ = asked("GET", server + path, headers=headers)
        known = headers | {"If-None-Match": first.headers["ETag"]}
        again, nothing = asked("GET", server + path, headers=known)
        assert (again.status_code, nothing, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
        assert "Content-Encoding" not in again.headers


def test_a_part_of_a_file_is_a_part_of_it_as_it_is(server):
    url = f"{server}/static/shared/api.js"
    _, whole = asked("GET", url, headers=PLAIN)
    answer, part = asked("GET", url, headers=GZIP | {"Range": "bytes=0-1999"})
    assert (answer.status_code, part) == (206, whole[:2000])
    assert "Content-Encoding" not in answer.headers


def test_a_version_is_the_same_whether_packed_or_not(server):
    long = DOCUMENT | {"components": [{"name": f"q{n}", "type": "sqs_queue", "messages": n} for n in range(50)]}
    saved, _ = asked("POST", server + SAVED, json={"document": long}, headers=GZIP)
    assert saved.headers["ETag"] == '"1-gzip"'
    url = server + saved.headers["Location"]
    plain, _ = asked("GET", url, headers=PLAIN)
    assert plain.headers["ETag"] == '"1"'
    for headers, tag in ((GZIP, '"1-gzip"'), (PLAIN, '"1"')):
        again, _ = asked("GET", url, headers=headers | {"If-None-Match": tag})
        assert (again.status_code, again.headers["ETag"]) == (304, tag)
    changed, _ = asked("PUT", url, json={"document": long}, headers=GZIP | {"If-Match": '"1-gzip"'})
    assert (changed.status_code, changed.headers["ETag"]) == (200, '"2-gzip"')
    late, _ = asked("PUT", url, json={"document": long}, headers=GZIP | {"If-Match": '"1-gzip"'})
    assert late.status_code == 412
    gone, _ = asked("DELETE", url, headers={"If-Match": '"2"'})
    assert gone.status_code == 204
