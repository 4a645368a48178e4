"""The page of connections: what AWS carries between component types, with which case by value, and from where known.

`python -m tests.tools.connections_page` writes docs/connections.md.
"""

import tomllib
from pathlib import Path

from pricing.catalogue.integrations import integrations

TESTS = Path(__file__).parents[1]
PAGE = TESTS.parent / "docs" / "connections.md"

HEAD = """\
# Connections

What AWS carries between two component types, and what it refuses. `any` is every type, `traffic` what comes from
outside. Where no traffic can be carried through one of the two ends yet, a document is told so.

- evidence: `pair`: a page of AWS says it of this pair. `partly`: a page says a part of it. `inferred`: a list of AWS
  names others, not this one. `own`: from experience; the page is where to check.
- case: the file under `tests/` with a document of this pair whose numbers are worked by hand.

`python -m tests.tools.connections_page` writes this page from `pricing/data/integrations/`; a test holds that it says
what stands there.
"""


def page():
    """The page as text."""
    rows = integrations()
    cases = cases_by_pair()
    carried = {(row.from_type, row.to_type) for row in rows if row.supported}
    told = f"{len(carried)} pairs are carried, {len(carried & cases.keys())} of them with a case by value.\n"
    sources = dict.fromkeys(row.from_type for row in rows)
    tables = [_carried(one, [row for row in rows if row.from_type == one and row.supported], cases) for one in sources]
    parts = [HEAD, told, *tables, _refused([row for row in rows if not row.supported])]
    return "\n".join(filter(None, parts)).rstrip() + "\n"


def cases_by_pair():
    """The files with a case by value of each pair, by the types of its ends."""
    cases = {}
    for path in (TESTS / "pairs" / "carried.toml", *sorted((TESTS / "flows").glob("*.toml"))):
        for case in tomllib.loads(path.read_text("utf-8"))["case"]:
            for pair in _pairs_of(case):
                cases.setdefault(pair, path.relative_to(TESTS).as_posix())
    return cases


def _pairs_of(case):
    if "pair" in case:
        return [tuple(case["pair"].split(" -> "))]
    ends = {name: name for name in ("traffic", "clients", "internet")}
    types = ends | {one["name"]: one["type"] for one in case["document"]["components"]}
    return [(types[one["from"]], types[one["to"]]) for one in case["document"].get("connections", [])]


def _carried(source, rows, cases):
    if not rows:
        return ""
    table = [
        f"## From `{source}`\n",
        "| to | how | arrives | defaults | case | evidence |",
        "|---|---|---|---|---|---|",
    ]
    for row in rows:
        case = cases.get((source, row.to_type), "")
        defaults = ", ".join(f"{name} {number:g}" for name, number in row.defaults.items())
        table.append(
            f"| `{row.to_type}` | {row.how} | {row.arrives}{_only(row)} | {defaults} | {case} | {_known(row)} |"
        )
    return "\n".join(table) + "\n"


def _refused(rows):
    table = ["## Refused by AWS\n", "| from | to | why | put between | evidence |", "|---|---|---|---|---|"]
    for row in rows:
        between = " or ".join(f"`{name}`" for name in row.instead)
        table.append(f"| `{row.from_type}` | `{row.to_type}` | {row.why}{_only(row)} | {between} | {_known(row)} |")
    return "\n".join(table) + "\n"


def _known(row):
    return f"[{row.evidence}]({row.source}) {row.checked}"


def _only(row):
    return f" ({row.condition})" if row.condition else ""


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
