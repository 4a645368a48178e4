"""The known cases, bills that others have published, and the page that says which of them are met.

`python -m tests.tools.validation` runs the cases and writes docs/validation.md.
"""

import json
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path

from calculator import estimate, parse
from tests.tools.measured import SOURCE, lines, rows

CASES = Path(__file__).parents[1] / "cases"
KNOWN = CASES / "known.json"
PAGE = Path(__file__).parents[2] / "docs" / "validation.md"
# Where a known case was found, as the page says it.
SOURCES = {
    "aws_pricing_page": "Worked examples on AWS's pricing pages",
    "aws_faq": "Worked examples in AWS's questions and answers",
    "aws_workshop": "Worked examples in AWS's workshops",
    "aws_calculator": "AWS's calculator, as quoted in public",
    "infracost": "Infracost's expected outputs",
}
# What floats add to a difference of decimals.
FLOATS = 1e-9

HEAD = """\
# Validation

Bills that others have published, and what stackmeter makes of them. `tests/cases/known.json` lists every known case
with its total and the case of `tests/cases/` that meets it, or why none does. Met means: that document, run now, comes
to the known total; to half a cent, or for Infracost, which rounds each line and adds up, to half a cent a line.

`python -m tests.tools.validation` runs the cases and writes this page; a test holds that the page says what they say.
"""


@cache
def known_cases():
    return json.loads(KNOWN.read_text("utf-8"))["cases"]


def differences():
    return json.loads(KNOWN.read_text("utf-8"))["rules"]


@cache
def cases():
    """Every case of ours by "file: title"."""
    return {
        f"{path.stem}: {case['title']}": case
        for path in sorted(CASES.glob("*.toml"))
        for case in tomllib.loads(path.read_text("utf-8"))["case"]
    }


@cache
def answer_to(name):
    """The estimate of a case's document."""
    return estimate(parse(cases()[name]["document"]))


def is_met(known):
    """Whether the case that is to meet a known one comes to its total, or to its quantities where it has no total."""
    if "met_by" not in known:
        return False
    if "total" in known:
        return near(answer_to(known["met_by"]).total, known)
    return all(near(quantity(known, line), known, wanted["usage"]) for line, wanted in known["lines"].items())


def near(value, known, wanted=None):
    return abs(value - (known["total"] if wanted is None else wanted)) <= known["tolerance"] + FLOATS


def quantity(known, name):
    """The usage of one line item, "component meter", of the estimate."""
    lines = answer_to(known["met_by"]).line_items
    return next(line.usage for line in lines if f"{line.component} {line.meter}" == name)


def page():
    """The text of docs/validation.md."""
    tables = [by_source(), by_service(), measured(), not_met(), remarks()]
    rules = [f"- **{rule['rule']}.** {rule['difference']}" for rule in differences()]
    return "\n".join([HEAD, *tables, "## Where the tools differ", "", *rules, ""])


def by_source():
    met, known = counts("kind")
    rows = [[words, f"{met[kind]} / {known[kind]}"] for kind, words in SOURCES.items()]
    rows.append(["**All**", f"**{met.total()} / {known.total()}**"])
    return table("By source", ["Source", "Cases met / known"], rows)


def counts(field):
    """How many known cases are met, and how many there are, by a field of them."""
    met = Counter(known[field] for known in known_cases() if is_met(known))
    return met, Counter(known[field] for known in known_cases())


def by_service():
    met, known = counts("service")
    rows = [[name, f"{met[name]} / {known[name]}"] for name in sorted(known, key=str.casefold)]
    return table("By service", ["Service", "Cases met / known"], rows)


def measured():
    """What was measured on AWS, beside what is billed for it here."""
    about = (
        f"{len(rows())} configurations of Lambda functions, each invoked many times and billed call by call "
        f"([source]({SOURCE})); the mean duration is published, and here priced."
    )
    head = ["The duration is", "Median error", "Nine of ten within", "Largest error", "Within 0.25 %"]
    title, *rest = table("Measured", head, lines()).split("\n")
    return "\n".join([title, "", about, *rest])


def not_met():
    rows = [
        [known["service"], title_of(known), amount_of(known), why_not(known), met_in_part(known)]
        for known in by_name()
        if not is_met(known)
    ]
    return table("Not met", ["Service", "Case", "Known total", "Why not", "What of it is met"], rows)


def remarks():
    rows = [
        [known["service"], title_of(known), amount_of(known), amount(answer_to(known["met_by"]).total), known["remark"]]
        for known in by_name()
        if is_met(known) and "remark" in known
    ]
    return table("Met, with a remark", ["Service", "Case", "Known total", "Estimate", "Remark"], rows)


def by_name():
    return sorted(known_cases(), key=lambda known: (known["service"].casefold(), known["kind"], known["title"]))


def title_of(known):
    return f"`{known['title']}`" if known["kind"] == "infracost" else known["title"]


def amount_of(known):
    if "total" not in known:
        return "none"
    return amount(known["total"], known.get("currency", "USD"))


def amount(value, currency="USD"):
    """Money to the cent, below a cent to four decimals."""
    figure = f"{value:,.2f}" if value >= 1 or round(value, 2) == value else f"{value:,.4f}"
    return f"${figure}" if currency == "USD" else f"{currency} {figure}"


def why_not(known):
    return known.get("missed") or f"the case comes to {amount(answer_to(known['met_by']).total)}"


def met_in_part(known):
    return ", ".join(f"{amount(answer_to(name).total)} in {name.split(':')[0]}" for name in known.get("partly", ()))


def table(title, head, rows):
    lines = [head, ["---"] * len(head), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "\n".join([f"## {title}", "", *(f"| {' | '.join(line)} |" for line in lines), ""])


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
