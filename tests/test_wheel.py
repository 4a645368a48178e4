"""The wheel has every file of the floors and answers from a folder of its own, far from the checkout."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[1]
CODE = ("pricing", "calculator", "api", "web")
LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.pyc", "*.nbi", "*.nbc")
DOCUMENT = {
    "region": "us-east-1",
    "as_of": "2026-09-01",
    "components": [{"name": "jobs", "type": "sqs_queue", "messages": 5_000_000}],
}

SERVE = """
import io, json, sys
from api.store import migrate
from app import create_app

migrate("sqlite:///store.db")
client = create_app({"DATABASE_URL": "sqlite:///store.db", "LOG": io.StringIO(), "WARM": False}).test_client()
page = client.get("/")
assert client.get("/static/app.js").status_code == 200
answer = client.post("/api/v1/estimates", json=json.load(sys.stdin))
print(page.status_code, page.mimetype, answer.status_code, client.get("/healthz").status_code)
"""


def run(*words: object, cwd: Path, site: Path | None = None, document: object = None) -> str:
    done = subprocess.run(
        [sys.executable, *map(str, words)],
        cwd=cwd,
        env=os.environ | ({"PYTHONPATH": str(site)} if site else {}),
        input=json.dumps(document),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Built from a copy: a build leaves files beside what it builds, and other tests read the checkout meanwhile."""
    source = tmp_path_factory.mktemp("source")
    for name in CODE:
        shutil.copytree(ROOT / name, source / name, ignore=LEFT_OUT)
    for name in ("app.py", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    run("-m", "build", "--wheel", "--no-isolation", "--outdir", source / "dist", cwd=source)
    (built,) = (source / "dist").glob("stackmeter-*.whl")
    return built


@pytest.fixture(scope="module")
def site(wheel, tmp_path_factory):
    target = tmp_path_factory.mktemp("site")
    run("-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", target, wheel, cwd=target)
    return target


def test_the_wheel_has_every_file_and_no_other(wheel):
    source = wheel.parents[1]
    expected = {path.relative_to(source).as_posix() for name in CODE for path in (source / name).rglob("*")}
    expected = {name for name in expected if (source / name).is_file()} | {"app.py"}
    packed = {name for name in ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert packed == expected


def test_the_wheel_names_the_command_and_the_licence(wheel):
    with ZipFile(wheel) as packed:
        names = packed.namelist()
        (entry,) = [name for name in names if name.endswith("entry_points.txt")]
        assert "stackmeter = calculator.command.main:main" in packed.read(entry).decode()
        assert [name for name in names if name.endswith("/LICENSE")]


def test_the_installed_library_is_the_one_that_answers(site, tmp_path):
    program = (
        "import json, sys, calculator\n"
        "print(calculator.__file__, calculator.estimate(calculator.parse(json.load(sys.stdin))).total)"
    )
    path, total = run("-c", program, cwd=tmp_path, site=site, document=DOCUMENT).split()
    assert Path(path).is_relative_to(site)
    assert float(total) > 0


def test_the_installed_command_answers(site, tmp_path):
    answer = run(
        "-m", "calculator.command.main", "estimate", "-", "--format", "json", cwd=tmp_path, site=site, document=DOCUMENT
    )
    assert json.loads(answer)["by_component"][0]["component"] == "jobs"


def test_the_installed_service_has_its_page_and_its_migrations(site, tmp_path):
    answer = run("-c", SERVE, cwd=tmp_path, site=site, document=DOCUMENT)
    assert answer.split() == ["200", "text/html", "200", "200"]
