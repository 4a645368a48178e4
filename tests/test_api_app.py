"""The application as a whole: its page and files, its health, and how it is started."""

import gzip
import os
import subprocess
import sys
from pathlib import Path
from threading import Event
from time import monotonic

import pytest
import requests

import app as application
from api.health import WARM
from api.hosts import refusal, trusted_hosts
from tests.helpers.serving import DOCUMENT, ROOT, free_port, make_app, served

PLOTLY = "/static/plotly.min.js"


@pytest.fixture
def client(tmp_path):
    return make_app(tmp_path).test_client()


def test_the_page_and_its_files(client):
    for path in ("/", "/coverage"):
        page = client.get(path)
        assert (page.status_code, page.mimetype) == (200, "text/html")
    assert client.get("/static/shared/api.js", buffered=True).mimetype == "text/javascript"


def test_plotly_comes_from_its_package(client):
    plain = client.get(PLOTLY)
    zipped = client.get(PLOTLY, headers={"Accept-Encoding": "br, gzip"})
    assert plain.mimetype == "text/javascript"
    assert "Content-Encoding" not in plain.headers
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(zipped.data) == plain.data
    assert len(zipped.data) < len(plain.data) / 2
    assert plain.cache_control.max_age >= 86400
    assert plain.headers["ETag"] != zipped.headers["ETag"]
    assert client.get(PLOTLY, headers={"If-None-Match": plain.headers["ETag"]}).status_code == 304


def test_the_documentation_page_loads_from_here_only(client):
    page = client.get("/api/v1/docs").text
    assert "https://" not in page
    assert "<script>" not in page
    for path in ("docs/assets/swagger-ui.css", "docs/assets/swagger-ui-bundle.js", "docs/start.js", "openapi.json"):
        assert client.get(f"/api/v1/{path}", buffered=True).status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/api/v1/healthz"])
def test_health(client, path):
    health = client.get(path)
    assert health.status_code == 200
    assert health.json.items() >= {"status": "ok", "machine": "cold", "database": "reachable"}.items()
    assert len(health.json["catalogue"]) == 64


def test_the_machine_is_warmed_in_the_background(tmp_path, monkeypatch):
    compiled = Event()
    monkeypatch.setattr("calculator.warm", compiled.wait)
    warming = make_app(tmp_path, WARM=True)
    assert warming.test_client().get("/healthz").json["machine"] == "cold"
    compiled.set()
    assert warming.extensions[WARM].wait(10)
    assert warming.test_client().get("/healthz").json["machine"] == "warm"


def test_an_estimate_is_served_without_heavy_libraries(tmp_path):
    program = f"""
import sys
from pathlib import Path
from tests.helpers.serving import DOCUMENT, make_app
client = make_app(Path({str(tmp_path)!r})).test_client()
assert client.get("/static/plotly.min.js").status_code == 200
assert client.post("/api/v1/estimates", json=DOCUMENT).status_code == 200
print([name for name in ("numpy", "numba", "plotly", "flask_swagger_ui") if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("configured", [True, False])
def test_starting_migrates_tells_the_address_and_serves(tmp_path, monkeypatch, capsys, configured):
    started = []
    monkeypatch.setattr("os.execv", lambda program, arguments: started.append(arguments))
    monkeypatch.setenv("STACKMETER_DATABASE_URL", f"sqlite:///{tmp_path / 'new.db'}")
    monkeypatch.setenv("PORT", "8123")
    monkeypatch.delenv("HOST", raising=False)
    if not configured:
        monkeypatch.setattr(application, "GUNICORN", Path("nothing"))
    application.main()
    assert "http://127.0.0.1:8123/" in capsys.readouterr().out
    assert (tmp_path / "new.db").is_file()
    [arguments] = started
    assert arguments[1:3] == ["-m", "gunicorn"]
    assert ("127.0.0.1:8123" in arguments) is not configured
    assert arguments[-1] == "app:create_app()"


# By which name it is called, and where it listens


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.1:8123", "[::1]:8000", "costs.example:443"])
@pytest.mark.parametrize("path", ["/", "/healthz", "/static/api.js", "/api/v1/types", "/nothing"])
def test_it_answers_to_its_own_names(tmp_path, host, path):
    trusting = make_app(tmp_path, HOSTS=trusted_hosts({"STACKMETER_TRUSTED_HOSTS": "costs.example"}))
    assert trusting.test_client().get(path, headers={"Host": host}, buffered=True).status_code in (200, 404)


STRANGERS = ["evil.example", "localhost.evil.example:8000", "127.0.0.1.nip.example", "0.0.0.0:8000", "10.0.0.7", "a b"]


@pytest.mark.parametrize("host", STRANGERS)
@pytest.mark.parametrize(
    "path", ["/", "/coverage", "/healthz", "/static/api.js", PLOTLY, "/api/v1/architectures", "/no"]
)
def test_called_by_another_name_it_refuses(client, host, path):
    refused = client.get(path, headers={"Host": host}, buffered=True)
    assert (refused.status_code, refused.mimetype) == (400, "application/problem+json")
    assert refused.json["type"] == "urn:stackmeter:problem:untrusted-host"
    assert host in refused.json["detail"]
    assert refused.headers["X-Content-Type-Options"] == "nosniff"


def test_nothing_is_saved_for_a_stranger(client):
    saved = client.post("/api/v1/architectures", json={"document": DOCUMENT}, headers={"Host": "evil.example"})
    assert saved.status_code == 400
    assert client.get("/api/v1/architectures").json["items"] == []


def test_where_it_may_listen():
    loopback = ["127.0.0.1", "127.8.9.1", "localhost", "::1", "[::1]"]
    anywhere = ["", "0.0.0.0", "::", "[::]", "192.0.2.1", "costs.example", "localhost.example", "127.1"]
    assert [host for host in [*loopback, *anywhere] if not refusal(host, {})] == loopback
    assert not [host for host in anywhere if refusal(host, {"STACKMETER_EXPOSE": "yes"})]
    assert all(refusal("0.0.0.0", {"STACKMETER_EXPOSE": said}) for said in ("", "no", "1", "YES "))


GUNICORN = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"]
EVERYWHERE = {"HOST": "0.0.0.0"}


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ([sys.executable, "-m", "app"], EVERYWHERE),
        (["make", "-o", ".venv/.installed", "run", f"PY={sys.executable}", "HOST=0.0.0.0"], {}),
        (GUNICORN, EVERYWHERE),
        ([*GUNICORN, "--bind", f"0.0.0.0:{free_port()}"], {}),
        (GUNICORN, {"GUNICORN_CMD_ARGS": f"--bind=[::]:{free_port()}"}),
        ([*GUNICORN, "--bind", "fd://0"], {}),
    ],
    ids=["app", "make", "gunicorn", "bind", "arguments", "inherited"],
)
def test_it_does_not_start_where_others_reach_it(tmp_path, command, said):
    store = tmp_path / "stackmeter.db"
    environment = os.environ | {"STACKMETER_DATABASE_URL": f"sqlite:///{store}", "PORT": str(free_port())} | said
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert "stackmeter: refusing to listen on " in done.stderr
    assert "STACKMETER_EXPOSE=yes" in done.stderr
    assert not store.exists()


def test_it_starts_there_where_that_is_wanted(tmp_path):
    wanted = {"STACKMETER_EXPOSE": "yes", "STACKMETER_TRUSTED_HOSTS": "costs.example"}
    options = ["--config", "deploy/gunicorn.conf.py", "--workers", "1"]
    with served(tmp_path, *options, host="0.0.0.0", **wanted) as address:
        for host, status in {"costs.example": 200, "evil.example": 400}.items():
            assert requests.get(f"{address}/healthz", headers={"Host": host}, timeout=10).status_code == status


def test_where_it_may_listen_is_known_without_the_application():
    """Gunicorn's own process asks, and must not hold the application: each worker loads the code of its day."""
    program = "import sys, api.hosts; print([name for name in sys.modules if name in ('flask', 'sqlalchemy', 'app')])"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_by_gunicorn_over_the_wire(tmp_path):
    with served(tmp_path, "--worker-class", "gthread", "--threads", "4") as address:
        estimates = f"{address}/api/v1/estimates"
        assert requests.post(estimates, json=DOCUMENT, timeout=10).json()["total"] > 0
        late = requests.post(estimates, data=b" " * (1024 * 1024 + 1), headers=JSON, timeout=10)
        assert (late.status_code, late.headers["Content-Type"]) == (413, "application/problem+json")
        unending = requests.post(estimates, data=(b" " * 65536 for _ in range(20)), headers=JSON, timeout=10)
        assert unending.status_code == 413
        began = monotonic()
        deep = requests.post(estimates, data=b"[" * 1_000_000, headers=JSON, timeout=10)
        assert (deep.status_code, monotonic() - began < 5) == (400, True)


JSON = {"Content-Type": "application/json"}
