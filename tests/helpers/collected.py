"""Every document of the tests' cases, by the file that it stands in."""

import tomllib
from pathlib import Path

TESTS = Path(__file__).parents[1]
REST = {"region": "us-east-1", "as_of": "2026-09-01"}
# Folders with one broken file for each way a data file can be wrong: no documents.
BROKEN = "bad_"
# Documents that a page runs in a form of its own.
TOOLS = "tools"


def collected():
    """The documents of each file of cases, "flows/queues" and the like."""
    folders = sorted(path for path in TESTS.iterdir() if not path.name.startswith(BROKEN) and path.name != TOOLS)
    files = sorted(path for folder in folders for path in folder.glob("*.toml"))
    found = {f"{path.parent.name}/{path.stem}": _read(path) for path in files}
    return {name: documents for name, documents in found.items() if documents}


def _read(path):
    return list(_documents(tomllib.loads(path.read_text("utf-8")), path.stem))


def _documents(value, type_name):
    """The documents within a part of a file: whole ones, and the components of the limits at and about each limit."""
    if isinstance(value, list):
        for one in value:
            yield from _documents(one, type_name)
    elif isinstance(value, dict) and _are_components(value.get("components")):
        yield REST | value
    elif isinstance(value, dict) and isinstance(value.get("component"), dict):
        for part in ("below", "at", "above"):
            said = value[part]
            component = {"name": "c", "type": type_name} | value["component"]
            # Where a quota counts components, it is their number that is said.
            components = [component | said] if isinstance(said, dict) else [component]
            yield REST | {"components": components}
    elif isinstance(value, dict):
        for one in value.values():
            yield from _documents(one, type_name)


def _are_components(value):
    return isinstance(value, list) and all(isinstance(one, dict) and "type" in one for one in value)
