"""What the tests of the page share: the application as a server, Chromium, and hands for the page."""

import json
import os
import re
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import expect, sync_playwright

from api.store import migrate

ROOT = Path(__file__).parents[2]
CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
START_S = 60
WIDE = {"width": 1280, "height": 900}
NARROW = {"width": 320, "height": 640}
# Chromium reports on the console that an answer was a refusal; that is how the server refuses.
REFUSED = re.compile(
    r"Failed to load resource: the server responded with a status of (?:(?:412|422|503) |404 .*/api/v1/architectures/)"
)
expect.set_options(timeout=15_000)  # two cores may be busy with other tests


@contextmanager
def served(folder):
    """The address of the application, served as in earnest on a port that the system picks."""
    url, log = f"sqlite:///{folder / 'page.db'}", folder / "log"
    migrate(url)
    options = ["--bind", "127.0.0.1:0", "--worker-class", "gthread", "--threads", "4"]
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", *options, "app:create_app({'WARM': False})"],
            cwd=ROOT,
            env=os.environ | {"STACKMETER_DATABASE_URL": url},
            stdout=output,
            stderr=output,
        )
    try:
        yield _listening(server, log)
    finally:
        server.terminate()
        server.wait(timeout=START_S)


def _listening(server, log):
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and server.poll() is None:
        if found := re.search(r"Listening at: (http://\S+)", log.read_text()):
            return found[1]
        time.sleep(0.05)
    return pytest.fail(f"the application did not start:\n{log.read_text()}")


@contextmanager
def browser():
    if not CHROMIUM.exists():
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


@contextmanager
def opener(chromium, address):
    """Opens the page; at the end, no request has left the server and the console has been quiet."""
    seen = SimpleNamespace(requests=[], complaints=[], contexts=[])

    def opened(**options):
        context = chromium.new_context(**({"viewport": WIDE} | options))
        seen.contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: seen.requests.append(request.url))
        page.on("pageerror", lambda error: seen.complaints.append(str(error)))
        page.on(
            "console", lambda message: seen.complaints.append(_with_place(message)) if message.type == "error" else None
        )
        page.goto(address)
        expect(page.locator("#bars .main-svg").first).to_be_visible(timeout=30_000)
        return page

    yield opened
    for context in seen.contexts:
        context.close()
    assert [url for url in seen.requests if not url.startswith((f"{address}/", "blob:"))] == []
    assert [text for text in seen.complaints if not REFUSED.match(text)] == []


def _with_place(message):
    return f"{message.text} {message.location['url']}"


def ask(address, path, body=None, *, method=None, **headers):
    """What the API answers."""
    data = None if body is None else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = Request(f"{address}/api/v1{path}", data, {"Content-Type": "application/json"} | named, method=method)
    with urlopen(request, timeout=30) as response:
        return json.loads(response.read() or "null")


def component(page, index):
    """The section of a component in the form."""
    return page.locator("#components > li > details").nth(index)


def unfold(page, index):
    """The same with all its inputs in sight."""
    section = component(page, index)
    for details in (section, section.locator(".more")):
        if details.count() and details.get_attribute("open") is None:
            details.locator("> summary").click()
    return section


def unfold_all(page):
    """Open whatever opens."""
    page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })")
    page.evaluate("document.querySelectorAll('.opener').forEach((opener) => opener.click())")


def field(section, name):
    """The control of an input."""
    return section.locator(f'[data-name="{name}"]').locator("input, select")


def bring(page, document):
    """Paste a document and use it."""
    panel = page.locator("#document-panel")
    if panel.get_attribute("open") is None:
        panel.locator("> summary").click()
    text = page.locator("#document-text")
    expect(text).not_to_have_value("")  # an opening panel shows the present document
    text.fill(document if isinstance(document, str) else json.dumps(document))
    page.get_by_role("button", name="Use this document").click()


def tab_to(page, selector):
    """Press the tabulator until this has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"the keyboard does not reach {selector}")
