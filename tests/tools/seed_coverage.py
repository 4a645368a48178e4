"""What the texts that stackmeter was commissioned from name, and how far each thing is there, by documents that run.

`seed_coverage.toml` has a `thing` for each: its area and what it is, in our words; and what shows that it is there:

- `limits`: quotas by full name, each with its case in `tests/limits/`: kept at the limit, violated just above.
- `rules`: findings by id, each with its case in `tests/rules/`: found above the bound.
- `cases`: a case by value, as "flows/queues: title", "cases/sqs_queue: title" or "pairs/a -> b".
- `run`: a document and what its answer must show: `usage` and `cost` by meter, `inputs` by component, `finds` and
  `quiet` findings, `kept` and `violated` quotas, `hidden` components, `loads`; or the words of a refusal: `refused`.
  With `until` it is not there yet, for that reason.

What is missing besides stands under `lacks`, what has no place in a bill or a limit under `no_place`.
`python -m tests.tools.seed_coverage` runs all of it and writes docs/seed-coverage.md.
"""

import tomllib
from copy import deepcopy
from functools import cache
from pathlib import Path

from calculator import InvalidDocument, estimate, limits, parse
from tests.tools.validation import table

TESTS = Path(__file__).parents[1]
THINGS = Path(__file__).with_suffix(".toml")
PAGE = TESTS.parent / "docs" / "seed-coverage.md"
BASE = {"region": "us-east-1", "as_of": "2026-09-01", "account": {"free_tier": "none"}}
DOCUMENT = {"components", "connections", "traffic", "account", "hidden_lines", "region", "as_of"}
# What the case of a rule says of its finding.
SAID = {"severity", "path", "numbers", "saving"}
EXACT, HALF_A_CENT = 1e-6, 0.005
WHOLE, PARTLY, MISSING, NO_PLACE = "whole", "partly", "missing", "no place"
STATES = (WHOLE, PARTLY, MISSING, NO_PLACE)

HEAD = """\
# What the commission names

stackmeter was commissioned with five texts on AWS's serverless services. They name {things} things: features of
services, patterns, pieces of advice. Each is looked for in an answer here: {whole} are whole, which documents that are
run show; {partly} are there partly; {missing} are missing, each with what lacks and why; {no_place} have no place in a
bill or among limits.

`python -m tests.tools.seed_coverage` writes this page from the documents and cases that
`tests/tools/seed_coverage.toml` names, which it runs; a test holds that they show what is said here. The facts with
figures of the same texts: [seed-facts.md](seed-facts.md).
"""


@cache
def things():
    return tomllib.loads(THINGS.read_text("utf-8"))["thing"]


def proofs(thing):
    """What shows that a thing is there: a label, whether it does, and why it does not yet."""
    for name in thing.get("limits", ()):
        yield f"limit `{name}`", _limit_holds(name), None
    for name in thing.get("rules", ()):
        yield f"finding `{name}`", _rule_finds(name), None
    for name in thing.get("cases", ()):
        yield f"case `{name}`", _case_holds(name), None
    for run in thing.get("run", ()):
        yield _label(run), not failures(run), run.get("until")


@cache
def state_of(index):
    """How far a thing is there, and what shows it."""
    thing = things()[index]
    if "no_place" in thing:
        return NO_PLACE, (), (thing["no_place"],)
    found = list(proofs(thing))
    shown = tuple(dict.fromkeys(label for label, holds, _ in found if holds))
    reasons = tuple(dict.fromkeys(until or label for label, holds, until in found if not holds))
    reasons += (thing["lacks"],) if "lacks" in thing else ()
    state = MISSING if not shown else PARTLY if reasons else WHOLE
    return state, shown, reasons


def broken(index):
    """What is said to be there and is not."""
    return [label for label, holds, until in proofs(things()[index]) if not holds and until is None]


# Each kind of proof


def failures(run):
    """What the answer to a document lacks of what it must show."""
    document = BASE | {key: value for key, value in run.items() if key in DOCUMENT}
    if "it" in run:
        document["components"] = [{"name": "it", **run["it"]}]
    try:
        architecture = parse(document)
    except InvalidDocument as refusal:
        words = " ".join(f"{fault.pointer} {fault.detail}" for fault in refusal.faults)
        return [] if "refused" in run and run["refused"] in words else [words]
    return ["it is not refused"] if "refused" in run else list(_lacking(run, architecture))


def _lacking(run, architecture):
    answer = estimate(architecture)
    inputs = {f"{one.name}.{name}": value for one in architecture.components for name, value in one.inputs.items()}
    found = {finding.id for finding in answer.findings}
    violated = {violation.quota for violation in answer.violations}
    told = {"finds": found, "violated": violated, "hidden": {one.name for one in architecture.components if one.hidden}}
    told["kept"] = {one.quota for one in answer.headroom} - violated
    for key, have in told.items():
        yield from (f"{key}: {name}" for name in run.get(key, ()) if name not in have)
    yield from (f"quiet: {name}" for name in run.get("quiet", ()) if name in found)
    yield from (f"loads: {name}" for name in run.get("loads", ()) if not getattr(answer, name))
    for name, value in run.get("inputs", {}).items():
        if not _near(inputs.get(name), value, EXACT * abs(value)):
            yield f"{name} is {inputs.get(name)}"
    for field, off in (("usage", EXACT), ("cost", 0)):
        for meter, value in run.get(field, {}).items():
            lines = [getattr(line, field) for line in answer.line_items if line.meter == meter]
            if not lines or not _near(sum(lines), value, off * abs(value) or HALF_A_CENT):
                yield f"{field} of {meter} is {sum(lines)}"


def _near(found, value, off):
    return isinstance(found, int | float) and abs(found - value) <= off + 1e-12


@cache
def _limit_holds(name):
    kind, _, quota = name.partition(".")
    entries = tomllib.loads((TESTS / "limits" / f"{kind}.toml").read_text("utf-8"))["limit"]
    entry = next(one for one in entries if one["quota"] == quota)
    return _violates(entry, quota, "above") and not _violates(entry, quota, "at")


def _violates(entry, quota, part):
    said, one = entry[part], {"name": "c", **entry["component"]}
    several = isinstance(said, int)
    parts = [one | {"name": f"c{number}"} for number in range(said)] if several else [one | said]
    account = BASE["account"] | ({"quotas": {quota: entry["account_quota"]}} if "account_quota" in entry else {})
    answer = limits(parse(BASE | {"account": account, "components": parts}))
    return quota in {violation.quota for violation in answer.violations}


@cache
def _rule_finds(name):
    case = tomllib.loads((TESTS / "rules" / f"{name}.toml").read_text("utf-8"))
    above = case["above"][0] if isinstance(case["above"], list) else case["above"]
    document = deepcopy(case["document"])
    for pointer, value in above.items():
        if pointer not in SAID:
            _set(document, pointer.split("."), value)
    return name in {finding.id for finding in limits(parse(document)).findings}


def _set(document, keys, value):
    holder = document
    for key in keys[:-1]:
        holder = holder[int(key)] if isinstance(holder, list) else holder[key]
    if isinstance(holder, list):
        holder[int(keys[-1]) : int(keys[-1]) + 1] = [value]
    else:
        holder[keys[-1]] = value


@cache
def _case_holds(name):
    place, _, title = name.partition(": ")
    if place.startswith("pairs/"):
        cases = tomllib.loads((TESTS / "pairs" / "carried.toml").read_text("utf-8"))["case"]
        return name.removeprefix("pairs/") in {case["pair"] for case in cases}
    cases = tomllib.loads((TESTS / f"{place}.toml").read_text("utf-8"))["case"]
    case = next((case for case in cases if case["title"] == title), None)
    return case is not None and bool(parse({"region": "us-east-1", "as_of": "2026-09-01"} | case["document"]))


# The page


def _label(run):
    """What a document shows, in words."""
    parts = [f"`{meter}` {value:,.6g}" for meter, value in run.get("usage", {}).items()]
    parts += [f"`{meter}` costs {value:,.2f} USD" for meter, value in run.get("cost", {}).items()]
    parts += [f"`{name}` = {value:,.6g}" for name, value in run.get("inputs", {}).items()]
    parts += [f"finding `{name}`" for name in run.get("finds", ())]
    parts += [f"no finding `{name}`" for name in run.get("quiet", ())]
    parts += [f"limit `{name}` kept" for name in run.get("kept", ())]
    parts += [f"limit `{name}` violated" for name in run.get("violated", ())]
    parts += [f"hidden line `{name}`" for name in run.get("hidden", ())]
    parts += [f"`{name}` of the answer" for name in run.get("loads", ())]
    parts += [f"refused: {run['refused']}"] if "refused" in run else []
    return "; ".join(parts)


def page():
    """The text of docs/seed-coverage.md."""
    states = [state_of(index)[0] for index in range(len(things()))]
    counts = {name.replace(" ", "_"): states.count(name) for name in STATES}
    areas = list(dict.fromkeys(thing["area"] for thing in things()))
    by_area = [[area, *_counted(area, states)] for area in areas]
    parts = [HEAD.format(things=len(states), **counts), table("By area", ["Area", *map(str.title, STATES)], by_area)]
    parts += [table(area, ["Thing", "State", "Shown by", "What lacks, and why"], _rows(area)) for area in areas]
    return "\n".join(parts)


def _counted(area, states):
    own = [state for thing, state in zip(things(), states, strict=True) if thing["area"] == area]
    return [str(own.count(state)) for state in STATES]


def _rows(area):
    rows = []
    for index, thing in enumerate(things()):
        if thing["area"] == area:
            state, shown, reasons = state_of(index)
            rows.append([thing["what"], state, ", ".join(shown), " ".join(reasons)])
    return rows


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
