"""The house is held: floors, sizes, words and files are read from the source, not promised."""

import ast
import importlib
import json
import os
import re
import subprocess
import sys
import tomllib
from fnmatch import fnmatch
from functools import cache
from graphlib import CycleError, TopologicalSorter
from importlib.metadata import packages_distributions
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[1]
FLOORS = ("pricing", "calculator", "api", "web")
FILES = [*sorted(path.relative_to(ROOT) for floor in FLOORS for path in (ROOT / floor).rglob("*.py")), Path("app.py")]
IDS = [file.as_posix() for file in FILES]

# The floor table: what each floor may import of ours.
OURS = {
    "pricing": {"pricing"},
    "calculator": {"calculator", "pricing"},
    "api": {"api", "calculator", "pricing"},
    "web": set(),
    "app": {"app", "api", "calculator", "pricing", "web"},
}

# The rooms of the two floors below, and which of ours each may look into: no room is entered through another's wall.
ROOMS = {
    "pricing.formula": set(),
    "pricing.catalogue": {"formula"},
    "pricing.prices": {"catalogue", "formula"},
    "pricing.imports": {"catalogue", "prices"},
    "calculator.architecture": {"price_book"},
    "calculator.load": set(),
    "calculator.metering": set(),
    "calculator.traffic": {"architecture", "load", "metering"},
    "calculator.document": {"architecture", "price_book", "traffic"},
    "calculator.limits": {"architecture", "metering", "traffic"},
    "calculator.bill": {"architecture", "limits", "price_book", "traffic"},
    "calculator.rules": {"architecture", "bill", "document", "limits", "load", "metering", "traffic"},
    "calculator.answer": {
        "architecture", "bill", "limits", "load", "metering", "price_book", "rules", "traffic",
    },
    "calculator.explore": {"architecture", "bill", "document", "limits", "traffic"},
    "calculator.command": {"answer", "architecture", "bill", "document", "rules"},
}  # fmt: skip

# The rooms of the page, and which of the others each may look into; "" is what stands before all rooms.
STATIC = ROOT / "web/static"
PAGE_ROOMS = {
    "shared": set(),
    "form": {"shared"},
    "answer": {"form", "shared"},
    "coverage": {"shared"},
    "": {"answer", "form", "shared"},
}
IMPORT = re.compile(r'^(?:import|export)\b(?:[^;"]*\bfrom)?\s*"([^"]+)"|\bimport\("([^"]+)"', re.M)

STANDARD = {*sys.stdlib_module_names, "_typeshed"}

# The third parties, and the only files that may import each. What is not named here is not used.
THEIRS = {
    "alembic": ["api/store.py", "api/migrations/*"],
    "click": ["calculator/command/*", "app.py"],
    "flask": ["api/*", "app.py"],
    "flask_smorest": ["api/*"],
    "ijson": ["pricing/imports/offer_json.py"],
    "marshmallow": ["calculator/document/*", "api/*"],
    "numba": ["pricing/formula/machine.py"],
    "numpy": ["pricing/formula/machine.py", "calculator/explore/*"],
    "orjson": ["api/*"],
    "sqlalchemy": ["api/store.py", "api/migrations/*"],
    "structlog": ["api/*"],
    "tomli": ["pricing/*"],
    "webargs": ["api/*"],
    "werkzeug": ["api/*"],
    "yaml": ["calculator/document/text.py", "calculator/document/yaml_text.py"],
}

# What a library estimate or a command must not pay for, and where each may be imported inside a function only.
HEAVY = ("numpy", "numba", "plotly", "flask", "sqlalchemy")
LAZY = {"numpy": "calculator/*"}

# Of a function (its docstring apart) and its parameters, of a class and of a file.
BODY, PARAMETERS, CLASS, LINES = 40, 8, 200, 400
FLAT_ARRAYS = {
    "pricing/formula/machine.py": 10
}  # compiled code takes its program and its scenarios as flat arrays, not as records
FORBIDDEN_WORDS = {"node", "item", "dimension", "bracket", "cap", "metric", "calculation"}
WORDS_OF_OTHERS = {
    "calculator/document/yaml_text.py": {"node"},  # PyYAML's word for what it hands to a loader
    "calculator/rules/payloads.py": {"item"},  # the rule's public id: DynamoDB's word for what a table holds
    "pricing/catalogue/feeds.py": {"metric"},  # AWS's word for an entry of its price feeds
    "pricing/imports/feed_import.py": {"metric"},
}
# What AWS calls a thing that users must say by its name.
WORDS_OF_AWS = {
    "cloudwatch_alarm": {"metric"},
    "cloudwatch_metrics": {"metric", "dimension"},
    "dax_cluster": {"node"},
    "dynamodb_table": {"item"},
    "eks_cluster": {"node"},
    "metered_usage": {"metric"},
}

DOCUMENT = {
    "region": "us-east-1",
    "as_of": "2026-09-01",
    "components": [{"name": "jobs", "type": "sqs_queue", "messages": 5_000_000}],
}


@cache
def tree_of(file: Path) -> ast.Module:
    return ast.parse((ROOT / file).read_text("utf-8"), str(file))


def floor_of(file: Path) -> str:
    return file.parts[0].removesuffix(".py")


def imported(tree: ast.AST, *, lazily: bool = True) -> list[str]:
    """Names of the modules imported below `tree`: `a.b` for `import a.b`, `a.b.c` for `from a.b import c`."""
    found = []
    for part in ast.iter_child_nodes(tree):
        if isinstance(part, ast.Import):
            found += [alias.name for alias in part.names]
        elif isinstance(part, ast.ImportFrom):
            found += [f"{'.' * part.level}{part.module or ''}.{alias.name}" for alias in part.names]
        elif lazily or not (isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef) or is_for_types(part)):
            found += imported(part, lazily=lazily)
    return found


def is_for_types(part: ast.AST) -> bool:
    return isinstance(part, ast.If) and ast.unparse(part.test).endswith("TYPE_CHECKING")


def roots(names: list[str]) -> set[str]:
    return {name.split(".")[0] for name in names}


def functions(tree: ast.AST) -> list[ast.FunctionDef]:
    return [part for part in ast.walk(tree) if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef)]


def ours() -> dict[str, Path]:
    """Our modules by dotted name."""
    return {".".join(file.with_suffix("").parts).removesuffix(".__init__"): file for file in FILES}


def owner(name: str, modules: dict[str, Path]) -> str | None:
    """The module of ours that an imported name is, or is taken from."""
    while name and name not in modules:
        name = name.rpartition(".")[0]
    return name or None


def test_every_floor_has_code():
    counted = {
        floor: sum(floor_of(file) == floor for file in FILES) for floor in ("pricing", "calculator", "api", "app")
    }
    assert all(counted.values()), counted


@pytest.mark.parametrize("file", FILES, ids=IDS)
def test_imports_go_down(file):
    names = imported(tree_of(file))
    assert not [name for name in names if name.startswith(".")], "relative imports hide the floor"
    assert (roots(names) & set(OURS)) <= OURS[floor_of(file)]


def room_of(module: str) -> str:
    return ".".join(module.split(".")[:2])


@pytest.mark.parametrize("room", sorted(ROOMS))
def test_rooms_have_walls(room):
    modules, floor = ours(), room.partition(".")[0]
    entered = {
        room_of(owner(name, modules))
        for module, file in modules.items()
        if room_of(module) == room
        for name in imported(tree_of(file))
        if owner(name, modules) and owner(name, modules).startswith(f"{floor}.")
    }
    assert entered - {room, "pricing.errors"} == {f"{floor}.{other}" for other in ROOMS[room]}


def test_every_file_has_a_room():
    loose = {"pricing", "pricing.errors", "calculator", "calculator.price_book"}
    rooms = {room_of(module) for module, file in ours().items() if floor_of(file) in ("pricing", "calculator")}
    assert rooms == {*ROOMS, *loose}


def test_the_page_on_architecture_names_every_room():
    told = (ROOT / "docs/architecture.md").read_text("utf-8")
    named = set(re.findall(r"`((?:pricing|calculator)/[\w/]+(?:\.py)?)`", told))
    rooms = {room.replace(".", "/") for room in ROOMS} | {"calculator/price_book", "pricing/errors"}
    assert rooms <= {name.removesuffix(".py").removesuffix("/") for name in named}
    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("file", FILES, ids=IDS)
def test_third_parties_stay_in_their_rooms(file):
    names = roots(imported(tree_of(file))) - set(OURS) - STANDARD
    astray = {name for name in names if not any(fnmatch(file.as_posix(), room) for room in THEIRS.get(name, []))}
    assert not astray


def test_nothing_is_allowed_that_nobody_does():
    """Walls around empty rooms say nothing."""
    used = {file: roots(imported(tree_of(file))) for file in FILES}
    rooms = [(name, room) for name, allowed in THEIRS.items() for room in allowed] + [*LAZY.items()]
    idle = [
        (name, room)
        for name, room in rooms
        if not any(name in names and fnmatch(file.as_posix(), room) for file, names in used.items())
    ]
    assert not idle
    assert all((ROOT / file).is_file() for file in (*FLAT_ARRAYS, *WORDS_OF_OTHERS))


@pytest.mark.parametrize("file", FILES, ids=IDS)
def test_heavy_libraries_are_imported_when_first_needed(file):
    at_once = roots(imported(tree_of(file), lazily=False))
    assert not {name for name, room in LAZY.items() if name in at_once and fnmatch(file.as_posix(), room)}


def scripts() -> dict[str, set[str]]:
    """The scripts of the page by their path below `web/static`, with those that each imports."""
    return {path.relative_to(STATIC).as_posix(): imported_scripts(path) for path in STATIC.rglob("*.js")}


def imported_scripts(path: Path) -> set[str]:
    names = {plain or later for plain, later in IMPORT.findall(path.read_text("utf-8"))}
    assert all(name.startswith(("./", "../")) for name in names), f"{path} imports what is not ours"
    files = [(path.parent / name).resolve() for name in names]
    assert all(file.is_file() for file in files)
    return {file.relative_to(STATIC).as_posix() for file in files}


@pytest.mark.parametrize("room", sorted(PAGE_ROOMS))
def test_the_rooms_of_the_page_have_walls(room):
    entered = {
        other.rpartition("/")[0]
        for script, others in scripts().items()
        if script.rpartition("/")[0] == room
        for other in others
    }
    assert entered - {room} == PAGE_ROOMS[room]


def test_every_script_has_a_room():
    assert {script.rpartition("/")[0] for script in scripts()} == {*PAGE_ROOMS}


def test_every_script_says_what_it_is():
    assert not [script for script in scripts() if not (STATIC / script).read_text("utf-8").startswith("/**")]


def test_the_page_has_no_circles():
    TopologicalSorter(scripts()).prepare()


def test_metering_counts_with_formulas_and_nothing_else():
    ours = {
        "calculator.metering",
        "calculator.metering.batches",
        "calculator.metering.data_keys",
        "calculator.metering.log_files",
        "pricing.formula.language",
        "pricing.formula.varying",
    }
    for file in (ROOT / "calculator/metering").glob("[!_]*.py"):
        allowed = {*ours, "collections.abc", "datetime"} | (
            {"pricing.formula.words"} if file.stem == "batches" else set()
        )
        names = set(imported(tree_of(file.relative_to(ROOT)))) - {"pricing.catalogue.component_type.family_member"}
        assert {name.rpartition(".")[0] for name in names} <= allowed, file


def test_no_circles():
    modules = ours()
    graph = {
        module: {owner(name, modules) for name in imported(tree_of(file))} - {None, module}
        for module, file in modules.items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as circle:
        pytest.fail(" -> ".join(circle.args[1]))


def test_what_is_imported_is_declared():
    declared = {
        re.match(r"[\w.-]+", line)[0].lower().replace("_", "-")
        for line in tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    }
    used = set().union(*(roots(imported(tree_of(file))) for file in FILES)) - set(OURS) - STANDARD
    owners = packages_distributions()
    missing = {
        name for name in used if not {dist.lower().replace("_", "-") for dist in owners.get(name, [])} & declared
    }
    assert not missing


def test_adding_a_service_is_three_files():
    data = {path.stem for path in (ROOT / "pricing/data").glob("*.toml")}
    shared = {"__init__", "batches", "data_keys", "log_files"}
    rules = {path.stem for path in (ROOT / "calculator/metering").glob("*.py")} - shared
    cases = {path.stem for path in (ROOT / "tests/cases").glob("*.toml")}
    rates = {path.stem for path in (ROOT / "pricing/data/rates").glob("*.csv")}
    assert data
    assert (rules, cases, rates) == (data, data, data)


@pytest.mark.parametrize("file", FILES, ids=IDS)
def test_sizes(file):
    assert len((ROOT / file).read_text("utf-8").splitlines()) <= LINES
    for function in functions(tree_of(file)):
        assert body_lines(function) <= BODY, f"{function.name} is too long"
        allowed = FLAT_ARRAYS.get(file.as_posix(), PARAMETERS)
        assert parameters(function) <= allowed, f"{function.name} takes too much"
    for part in ast.walk(tree_of(file)):
        if isinstance(part, ast.ClassDef):
            assert part.end_lineno - part.lineno < CLASS, f"{part.name} is too long"


def test_contributors_are_told_the_sizes():
    told = " ".join((ROOT / "CONTRIBUTING.md").read_text("utf-8").split())
    assert f"a function of at most {BODY} lines" in told
    assert f"a class of at most {CLASS}, a file of at most {LINES}" in told


def body_lines(function: ast.FunctionDef) -> int:
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return body[-1].end_lineno - body[0].lineno + 1 if body else 0


def parameters(function: ast.FunctionDef) -> int:
    spec = function.args
    named = [arg.arg for arg in spec.posonlyargs + spec.args + spec.kwonlyargs]
    return len(set(named) - {"self", "cls"}) + bool(spec.vararg) + bool(spec.kwarg)


@pytest.mark.parametrize("file", FILES, ids=IDS)
def test_every_module_says_what_it_is(file):
    assert ast.get_docstring(tree_of(file)) or not tree_of(file).body


@pytest.mark.parametrize("file", FILES, ids=IDS)
def test_nothing_is_left_for_later(file):
    later = ("TO" + "DO", "FIX" + "ME", "XX" + "X", "NotImplemented" + "Error")
    assert not [word for word in later if word in (ROOT / file).read_text("utf-8")]


@pytest.mark.parametrize("file", FILES, ids=IDS)
def test_one_word_for_one_thing(file):
    forbidden = FORBIDDEN_WORDS - WORDS_OF_OTHERS.get(file.as_posix(), set())
    wrong = {name for name in defined(tree_of(file)) if words_of(name) & forbidden and "line" not in words_of(name)}
    assert not wrong


def words_of(name: str) -> set[str]:
    """The words of a name in the singular; `items`, Python's and JSON's word for what a list holds, stays plural."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower().strip("_").split("_")
    return {word if word == "items" else word.removesuffix("s") for word in words}


def defined(tree: ast.AST) -> set[str]:
    """The names that others read: of functions, classes, parameters and fields."""
    found = set()
    for part in ast.walk(tree):
        if isinstance(part, ast.FunctionDef | ast.ClassDef):
            found.add(part.name)
        elif isinstance(part, ast.arg):
            found.add(part.arg)
        elif isinstance(part, ast.AnnAssign):
            found.add(ast.unparse(part.target).removeprefix("self."))
    return found


def test_the_catalogue_has_one_word_for_one_thing_too():
    found = {}
    for path in (ROOT / "pricing/data").glob("*.toml"):
        entries = tomllib.loads(path.read_text("utf-8"))
        names = {path.stem, *(name for part in ("inputs", "meters", "free_tier") for name in entries.get(part, {}))}
        forbidden = FORBIDDEN_WORDS & set().union(*map(words_of, names))
        found |= {path.stem: forbidden} if forbidden else {}
    assert found == WORDS_OF_AWS


LIBRARY = [file for file in FILES if floor_of(file) in ("pricing", "calculator")]


@pytest.mark.parametrize(
    "file", [file for file in LIBRARY if not fnmatch(file.as_posix(), "calculator/command/*")], ids=str
)
def test_the_library_is_pure(file):
    """No clock but at the door, no printing, no environment; only `pricing` reads files, its own."""
    called = {ast.unparse(part.func) for part in ast.walk(tree_of(file)) if isinstance(part, ast.Call)}
    assert not {name for name in called if re.search(r"^print$|^input$|\b(now|utcnow|getenv)$", name)}
    if file.as_posix() != "calculator/document/schema.py":
        assert not {name for name in called if re.search(r"\btoday$", name)}
    assert not [part for part in ast.walk(tree_of(file)) if isinstance(part, ast.Global)], "state in a module"
    if floor_of(file) == "calculator":
        assert "os" not in roots(imported(tree_of(file)))
        assert not {name for name in called if re.search(r"^open$|\.(open|read_text|read_bytes|write_text)$", name)}


def test_the_library_exports_what_it_says():
    library = importlib.import_module("calculator")
    assert library.__all__ == sorted(library.__all__)
    assert len(set(library.__all__)) == len(library.__all__)
    assert [name for name in library.__all__ if not hasattr(library, name)] == []
    public = {
        name for name, thing in vars(library).items() if not name.startswith("_") and not isinstance(thing, ModuleType)
    }
    assert public <= set(library.__all__)


def test_exports_are_documented():
    library = importlib.import_module("calculator")
    bare = [name for name in library.__all__ if not (getattr(library, name).__doc__ or "").strip()]
    assert not bare


@pytest.mark.parametrize(
    "program",
    [
        f"from calculator import estimate, parse; print(estimate(parse({DOCUMENT!r})).total)",
        "from calculator.command.main import main; main(['estimate', '-', '--format', 'table'], standalone_mode=False)",
        "from calculator.command.main import main; main(['estimate', '-', '--format', 'json'], standalone_mode=False)",
        "from calculator.command.main import main; main(['types'], standalone_mode=False)",
    ],
    ids=["library", "table", "json", "types"],
)
def test_one_estimate_needs_no_heavy_library(program):
    watch = f"import sys; print('LOADED', *[name for name in {HEAVY!r} if name in sys.modules])"
    done = run_python(f"{program}\n{watch}")
    answer, loaded = done.rsplit("LOADED", 1)
    assert answer.strip()
    assert loaded.split() == []


def run_python(program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program],
        input=json.dumps(DOCUMENT),
        cwd=ROOT,
        env=os.environ | {"PYTHONWARNINGS": "error"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
