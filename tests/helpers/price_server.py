"""A server of price lists on loopback that can be as bad as the network: cuts, wrong sizes, refusals, redirects."""

import hashlib
import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ROOT = "/offers/v1.0/aws"


class PriceServer(ThreadingHTTPServer):
    """Files by path; `troubles` are taken one for each request of a path."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.files, self.troubles, self.asked = {}, {}, []
        self.ranges, self.tags = True, True

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"

    def offer(self, offer, region, *, form="json", **more):
        """List an offer file for a region, and serve it."""
        version = f"{ROOT}/{offer.code}/{offer.version}/{region}/index"
        self.files[f"{version}.{form}"] = offer(form).encode()
        self._list(
            f"{ROOT}/index.json",
            "offers",
            offer.code,
            offerCode=offer.code,
            currentVersionUrl=f"{ROOT}/{offer.code}/current/index.json",
            currentRegionIndexUrl=f"{ROOT}/{offer.code}/current/region_index.json",
        )
        self._list(
            f"{ROOT}/{offer.code}/current/region_index.json",
            "regions",
            region,
            regionCode=region,
            currentVersionUrl=f"{version}.json",
            **more,
        )
        return f"{version}.{form}"

    def _list(self, path, key, name, **entry):
        empty = {"formatVersion": "v1.0", "disclaimer": "...", "publicationDate": "2026-08-31T17:02:11Z", key: {}}
        index = json.loads(self.files.get(path, json.dumps(empty)))
        index[key][name] = entry
        self.files[path] = json.dumps(index).encode()

    def asked_for(self, path):
        """The ranges that were asked of a path."""
        return [asked for asked_path, asked in self.asked if asked_path == path]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.server.asked.append((self.path, self.headers.get("Range")))
        troubles = self.server.troubles.get(self.path, [])
        kind, value = troubles.pop(0) if troubles else ("", None)
        content = self.server.files.get(self.path)
        if kind == "status" or content is None:
            self._answer(value or 404, b"no")
        elif kind == "redirect":
            self._answer(302, b"", Location=value)
        elif kind == "other range":
            self._answer(206, content, **{"Content-Range": f"bytes 0-{len(content) - 1}/{len(content)}"})
        elif kind == "no size":
            self.send_response(200)
            self.end_headers()
            self.wfile.write(content)
            self.close_connection = True
        else:
            self._serve(content, kind, value)

    def _serve(self, content, kind, value):
        tag = f'"{hashlib.md5(content).hexdigest()}"'
        if tag == self.headers.get("If-None-Match"):
            self._answer(304, b"")
            return
        headers = {"ETag": tag} if self.server.tags else {}
        start, asked, size = 0, self.headers.get("Range"), len(content)
        if asked and self.server.ranges and self.headers.get("If-Range") == tag:
            start = int(asked.removeprefix("bytes=").removesuffix("-"))
            if start >= size:
                self._answer(416, b"", **{"Content-Range": f"bytes */{size}"})
                return
            headers["Content-Range"] = f"bytes {start}-{size - 1}/{size}"
        self.send_response(206 if start else 200)
        for name, text in headers.items():
            self.send_header(name, text)
        self.send_header("Content-Length", str(size - start + (value if kind == "wrong size" else 0)))
        self.end_headers()
        self.wfile.write(content[start:] if kind != "cut" else content[start : start + value])
        if kind in ("cut", "wrong size"):
            self.close_connection = True

    def _answer(self, status, body, **headers):
        self.send_response(status)
        for name, text in headers.items():
            self.send_header(name.replace("_", "-"), text)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@contextmanager
def price_server():
    with PriceServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
