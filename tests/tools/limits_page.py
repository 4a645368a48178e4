"""The page of limits and rules: what is checked, from where it is known, and what is left out and why.

`python -m tests.tools.limits_page` writes docs/limits.md.
"""

import tomllib
from pathlib import Path

from calculator.rules import all_rules
from pricing.catalogue.catalogue import component_type, component_types
from pricing.formula.words import quantity

TESTS = Path(__file__).parents[1]
PAGE = TESTS.parent / "docs" / "limits.md"

HEAD = """\
# Limits and rules

Every quota that is compared with what an architecture demands, every rule between components, and which published ones
are left out and why. Values are those of AWS where nothing else is said of a region; `account.quotas` overrides any of
them by its name or its code.

`python -m tests.tools.limits_page` writes this page from the catalogue; a test holds that it says what stands there.
"""


def page():
    """The page as text."""
    quotas = [_quotas(component_type(name)) for name in component_types()]
    parts = [HEAD, *quotas, _left_out_quotas(), _rules(), _left_out_rules()]
    return "\n".join(filter(None, parts)).rstrip() + "\n"


def _quotas(kind):
    if not kind.quotas:
        return ""
    rows = [
        f"## {kind.title}: `{kind.name}`\n",
        "| quota | limit | of | adjustable | source |",
        "|---|---|---|---|---|",
    ]
    for quota in kind.quotas.values():
        least = "at least " if quota.kind == "minimum" else ""
        regions = f" ({len(quota.regions)} regions differ)" if quota.regions else ""
        value = f"{least}{quantity(quota.value)} {quota.unit}{regions}"
        adjustable = f"yes{f', `{quota.code}`' if quota.code else ''}" if quota.adjustable else "no"
        source = f"{quota.source}; {quota.checked}; confidence {quota.confidence}"
        rows.append(f"| {quota.title} `{quota.name}` | {value} | {quota.scope} | {adjustable} | {_cell(source)} |")
    return "\n".join(rows) + "\n"


def _left_out_quotas():
    rows = ["## Published quotas left out\n", "| service | quota | why |", "|---|---|---|"]
    for service, reasons in tomllib.loads((TESTS / "limits" / "left_out.toml").read_text("utf-8")).items():
        rows += [f"| {service} | `{name}` | {_cell(why)} |" for name, why in reasons.items()]
    return "\n".join(rows) + "\n"


def _rules():
    rows = ["## Rules\n", "| rule | why | what to do | source |", "|---|---|---|---|"]
    for rule in all_rules():
        cells = (f"{rule.title} `{rule.id}`", rule.why, rule.remedy, f"{rule.source}; {rule.checked}")
        rows.append(f"| {' | '.join(map(_cell, cells))} |")
    return "\n".join(rows) + "\n"


def _left_out_rules():
    rows = ["## Known rules left out\n", "| rule | why |", "|---|---|"]
    for name, why in tomllib.loads((TESTS / "rules" / "left_out.toml").read_text("utf-8")).items():
        rows.append(f"| `{name}` | {_cell(why)} |")
    return "\n".join(rows) + "\n"


def _cell(text):
    return text.replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
