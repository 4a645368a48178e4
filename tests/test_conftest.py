"""Under CI nothing is skipped: proven with a suite that tries every way to skip."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TRIES = """
import pytest

@pytest.mark.skip(reason="mark")
def test_mark(): pass

def test_call(): pytest.skip("call")

@pytest.fixture
def late(): pytest.skip("fixture")

def test_fixture(late): pass

@pytest.mark.xfail(strict=True)
def test_expected(): assert False
"""


@pytest.mark.parametrize(
    ("ci", "outcome"),
    [("true", {"1 failed", "2 errors", "1 xfailed"}), ("", {"3 skipped", "1 xfailed"})],
    ids=["on CI", "elsewhere"],
)
def test_a_skip_fails_on_ci_only(tmp_path, ci, outcome):
    (tmp_path / "test_tries.py").write_text(TRIES)
    assert outcome <= counts(run_pytest(tmp_path, ci))


def test_a_module_that_skips_itself_fails_on_ci(tmp_path):
    (tmp_path / "test_module.py").write_text('import pytest\npytest.importorskip("no_such_module")\n')
    assert "1 error" in counts(run_pytest(tmp_path, "true"))


def counts(output: str) -> set[str]:
    return set(output.strip().splitlines()[-1].strip("= ").split(" in ")[0].split(", "))


def run_pytest(folder: Path, ci: str) -> str:
    shutil.copy(Path(__file__).with_name("conftest.py"), folder)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--rootdir", folder, folder],
        cwd=folder,
        env={key: value for key, value in os.environ.items() if not key.startswith("PYTEST")} | {"CI": ci},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.stdout
