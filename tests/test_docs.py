"""What the documents say is what the code does: routes, types, quotas, commands and snippets."""

import io
import json
import re
import shlex
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import click
import pytest

import calculator
from api.store import migrate
from app import create_app
from calculator import component_type, component_types
from calculator.command.main import main
from pricing.catalogue.catalogue import connection_inputs, hidden_line_inputs
from pricing.catalogue.flow_file import ARRIVING, FLOW_KEYS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
FIRST_SCREEN = README.split("\n## ")[0]


def section(title: str) -> str:
    return re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", README, re.M | re.S)[1]


def fenced(language: str, text: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.M | re.S)


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    url = f"sqlite:///{tmp_path_factory.mktemp('store')}/docs.db"
    migrate(url)
    return create_app({"DATABASE_URL": url, "LOG": io.StringIO(), "WARM": False})


@pytest.fixture(scope="module")
def description(app):
    return app.test_client().get("/api/v1/openapi.json").get_json()


def routes_of(app) -> set[tuple[str, str]]:
    """Method and path of every route of the API, a path's variables without their converters."""
    return {
        (method, re.sub(r"<(?:\w+(?:\([^)]*\))?:)?\w+>", "{}", rule.rule))
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/api/") or rule.rule == "/healthz"
    }


def test_the_readme_names_every_route_and_no_other(app):
    rows = re.findall(r"^\| (`.*?`) \|", section("REST"), re.M)
    named = set()
    for row in rows:
        *methods, path = row.replace("`", "").split()
        named |= {(method, re.sub(r"\{\w+\}", "{}", path)) for method in methods}
    assert named == {(method, path) for method, path in routes_of(app) if "/docs/" not in path}


def test_openapi_describes_every_route(app, description):
    described = {
        (method.upper(), re.sub(r"\{\w+\}", "{}", path))
        for path, methods in description["paths"].items()
        for method in methods
        if method != "parameters"
    }
    pages = {"/api/v1/openapi.json", "/api/v1/docs", "/healthz"}
    assert {route for route in routes_of(app) if route[1] not in pages and "/docs" not in route[1]} <= described


def test_openapi_says_what_each_operation_does(description):
    mute = [
        f"{method} {path}"
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
        if method != "parameters" and not (operation.get("summary") and operation.get("responses"))
    ]
    assert description["paths"]
    assert not mute


def test_the_readme_names_every_component_type_and_no_other():
    named = re.findall(r"^\| `(\w+)` \|", section("What it covers"), re.M)
    assert sorted(named) == sorted(component_types())


def test_the_readme_has_the_themes_of_the_page():
    script = (ROOT / "web/static/shared/themes.js").read_text("utf-8")
    themes = {
        theme: re.findall(r'"(\w+)"', names)
        for theme, names in re.findall(r'^  "([\w ]+)": \[(.*?)\]', script, re.M | re.S)
    }
    parts = re.split(r"^\*\*(.+?)\*\*$", section("What it covers"), flags=re.M)[1:]
    told = {
        theme: re.findall(r"^\| `(\w+)` \|", part, re.M) for theme, part in zip(parts[::2], parts[1::2], strict=True)
    }
    assert told == themes


def test_the_readme_calls_every_type_by_its_title():
    named = dict(re.findall(r"^\| `(\w+)` \| (.+?) \|$", section("What it covers"), re.M))
    assert named == {name: component_type(name).title for name in component_types()}


@pytest.mark.parametrize("name", component_types())
def test_every_type_says_what_it_is(name):
    kind = component_type(name)
    assert kind.title
    assert kind.about
    assert not [each for each in kind.inputs.values() if not says(each, "about")]
    assert not [each for each in kind.meters.values() if not says(each, "title", "unit")]
    told = ("title", "unit", "exceeded", "remedy", "source", "checked", "confidence")
    assert not [each for each in kind.quotas.values() if not says(each, *told)]


@pytest.mark.parametrize("name", component_types())
def test_openapi_describes_every_input_of_every_type(name, description):
    described = description["components"]["schemas"][name]["properties"]
    inputs = component_type(name).inputs
    assert described.keys() == inputs.keys() | {"name", "type", "region"}
    assert not [key for key, known in inputs.items() if known.about not in described[key]["description"]]


def says(record, *fields: str) -> bool:
    return all(str(getattr(record, field) or "").strip() for field in fields)


def test_the_service_lists_every_quota(app):
    listed = [quota["name"] for quota in app.test_client().get("/api/v1/quotas").get_json()["items"]]
    known = [quota for name in component_types() for quota in component_type(name).quotas]
    assert known
    assert sorted(listed) == sorted(known)


def commands_of(group) -> dict[str, click.Command]:
    context = click.Context(group)
    return {name: group.get_command(context, name) for name in group.list_commands(context)}


def options_of(command) -> set[str]:
    """The options of a command, and of the commands in it."""
    own = {option for each in command.params for option in each.opts}
    inner = commands_of(command).values() if isinstance(command, click.Group) else ()
    return own.union(*map(options_of, inner))


def test_the_command_has_what_the_readme_shows():
    shown = "".join(fenced("sh", section("Command")))
    assert set(re.findall(r"^stackmeter (\w+)", shown, re.M)) == set(commands_of(main))
    assert set(re.findall(r"^stackmeter prices (\w+)", shown, re.M)) == set(commands_of(commands_of(main)["prices"]))
    assert set(re.findall(r"--[\w-]+", section("Command"))) <= options_of(main)


def test_the_library_has_what_the_readme_names():
    named = set(re.findall(r"`(\w+)`", section("Library"))) - {"calculator"}
    assert named
    assert named <= set(calculator.__all__)


def test_the_curl_of_the_readme_works(app):
    (command,) = [text for text in fenced("sh", FIRST_SCREEN) if "curl" in text]
    program, *words = shlex.split(command)
    assert program == "curl"
    url = next(word for word in words if word.startswith("http"))
    body = words[words.index("-d") + 1]
    header, value = words[words.index("-H") + 1].split(": ")
    assert url.startswith("http://127.0.0.1:8000/")
    answer = app.test_client().post(url.removeprefix("http://127.0.0.1:8000"), data=body, headers={header: value})
    assert answer.status_code == 200, answer.text
    assert len(answer.get_json()["by_component"]) == len(json.loads(body)["components"])


def test_the_snippet_of_the_readme_works(tmp_path):
    (snippet,) = fenced("python", FIRST_SCREEN)
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", snippet],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert re.fullmatch(r"\$\d+\.\d\d \[.*\]\n", done.stdout)


def test_the_commands_of_the_readme_are_made():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M))
    documents = README + (ROOT / "CONTRIBUTING.md").read_text()
    named = set(re.findall(r"(?:^|`)make ([a-z]+)", documents, re.M))
    assert {"run", "test"} <= named
    assert named <= targets


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md", "SECURITY.md", "deploy/README.md"])
def test_what_the_documents_point_to_is_there(document):
    text = (ROOT / document).read_text("utf-8")
    linked = re.findall(r"\]\((?!https?:)([^)#]+)\)", text)
    paths = re.findall(r"`((?:pricing|calculator|api|web|tests|docs|deploy)/[^`<\s]*)`", text)
    assert not [path for path in linked if not ((ROOT / document).parent / path).exists()]
    assert not [path for path in paths if not (ROOT / path).exists()]


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md", "SECURITY.md", "deploy/README.md"])
def test_documents_hold_no_price(document):
    """A price in prose is out of date on the day AWS changes it; prices are in the rate files."""
    prose = re.sub(r"^```.*?^```$", "", (ROOT / document).read_text("utf-8"), flags=re.M | re.S)
    assert not re.findall(r"\$ ?\d|\d ?USD", prose)


def test_the_changelog_has_an_unreleased_section_that_names_every_type():
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert re.search(r"^## \[Unreleased\]$", changelog, re.M)
    assert not [name for name in component_types() if f"`{name}`" not in changelog]


def test_decisions_are_short_pages():
    pages = sorted((ROOT / "docs/decisions").glob("*.md"))
    assert pages
    assert not [page.name for page in pages if len(page.read_text("utf-8").splitlines()) > 80]


def test_the_estimate_that_the_page_on_architecture_follows():
    page = (ROOT / "docs/architecture.md").read_text("utf-8")
    [document] = fenced("json", page)
    lines = calculator.estimate(calculator.parse(json.loads(document))).line_items
    told = re.findall(r"([\d,]+) (\S+) are (\$\d+\.\d\d)", page)
    handler = {
        (f"{line.billable:,.0f}", f"{line.unit}s".replace("GB-ss", "GB-s"), f"${line.cost:.2f}")
        for line in lines
        if line.component == "handler"
    }
    assert set(told) == handler
    assert {f"{line.usage:,.0f} {line.unit}" for line in lines if line.unit == "GB-s"} == {"1,800,000 GB-s"}


@pytest.mark.parametrize(
    ("heading", "settings"),
    [
        ("Numbers that a connection has by default", connection_inputs()),
        ("Numbers that hidden lines have by default", hidden_line_inputs()),
    ],
)
def test_the_conventions_name_every_number_that_is_a_default(heading, settings):
    page = (ROOT / "docs/conventions.md").read_text("utf-8")
    part = re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", page, re.M | re.S)[1]
    told = dict(re.findall(r"^\| `(\w+)` \| ([\d.]+) \|", part, re.M))
    numbers = {name: known.default for name, known in settings.items() if not known.choices}
    assert told == {name: f"{value:g}" for name, value in numbers.items() if isinstance(value, int | float | Decimal)}


def test_what_the_conventions_let_one_set_is_there():
    page = (ROOT / "docs/conventions.md").read_text("utf-8")
    own = {name for kind in component_types() for name in component_type(kind).inputs} | set(connection_inputs())
    last_cells = re.findall(r"^\|.*\|([^|]*)\|$", page, re.M)
    named = {name for cell in last_cells for name in re.findall(r"`(\w+)`", cell)}
    dotted = re.findall(r"`(\w+)\.(\w+)`", page)
    known = {kind: set(component_type(kind).inputs) for kind in component_types()}
    known |= {"hidden_lines": set(hidden_line_inputs()), "account": {"free_tier"}, "traffic": {"shape"}}
    assert not [(kind, name) for kind, name in dotted if name not in known[kind]]
    assert named - own - set(hidden_line_inputs()) <= {"ours"}


def test_contributing_names_every_key_of_a_flow():
    contributing = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    named = set(re.findall(r"`([a-z_]+)(?:`| =)", contributing))
    assert not [key for key in FLOW_KEYS.split() if key not in named]
    assert not [what for what in ARRIVING if what.removeprefix("peak_") not in named]


def test_the_example_of_the_readme_comes_out_as_it_says():
    [document] = fenced("json", section("Traffic, limits and findings"))
    known = {one.name: one.inputs for one in calculator.parse(json.loads(document)).components}
    prose = section("Traffic, limits and findings")
    batch = known["worker"]["request_kb"] / known["jobs"]["message_kb"]
    assert f"brings {batch:.2f} messages with each call: {known['jobs']['messages']:,.0f} messages" in prose
    assert (
        f"are {known['worker']['requests']:,.0f} calls of `worker`, and {known['orders']['writes']:,.0f} writes"
        in prose
    )
