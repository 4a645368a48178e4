"""What holds for every test: under CI nothing is skipped, and hypothesis draws the same examples each time."""

import os
from itertools import zip_longest

import pytest
from hypothesis import settings

CI = os.environ.get("CI") == "true"

settings.register_profile("ci", deadline=None, derandomize=True)
settings.register_profile("here", deadline=None)
settings.load_profile("ci" if CI else "here")


def _refuse_skip(report):
    """A skipped test proves nothing, so on CI it fails; an expected failure (`wasxfail`) did run."""
    if CI and report.outcome == "skipped" and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, and nothing may be skipped on CI: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    return _refuse_skip((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    return _refuse_skip((yield))


def pytest_collection_modifyitems(items):
    """Files that wait for a browser or a server take turns with those that compute, the largest first."""
    files = {}
    for test in items:
        files.setdefault(test.path, []).append(test)
    largest = sorted(files, key=lambda path: -len(files[path]))
    waiting = [path for path in largest if path.name.startswith(("test_schemathesis", "test_page"))]
    waiting.sort(key=lambda path: not path.name.startswith("test_schemathesis"))  # one long test
    computing = [path for path in largest if path not in waiting]
    turns = [path for pair in zip_longest(waiting, computing) for path in pair if path is not None]
    items[:] = [test for path in turns for test in files[path]]


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Where the application is served, for the tests of the page."""
    from tests.helpers.browser import served

    with served(tmp_path_factory.mktemp("server")) as address:
        yield address


@pytest.fixture(scope="module")
def chromium():
    from tests.helpers.browser import browser

    with browser() as chromium:
        yield chromium


@pytest.fixture
def open_page(chromium, address):
    """Opens the page, as often as it is called."""
    from tests.helpers.browser import opener

    with opener(chromium, address) as opened:
        yield opened


@pytest.fixture
def page(open_page):
    return open_page()
