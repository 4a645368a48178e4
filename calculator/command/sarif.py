"""Findings and violations as SARIF 2.1.0, in which code hosts show what a check found."""

from collections.abc import Iterator
from importlib.metadata import version
from typing import Any

from calculator.answer.limits import Limits

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {"error": "error", "warning": "warning", "info": "note"}


def sarif_of(answer: Limits, file: str) -> dict[str, Any]:
    """One run of the checker over a file: every violated limit is an error, every finding as grave as it is.

    Follows the OASIS standard "Static Analysis Results Interchange Format (SARIF) Version 2.1.0".
    """
    results = [*_violations(answer, file), *_findings(answer, file)]
    driver = {"name": "stackmeter", "version": version("stackmeter"), "rules": _rules(answer)}
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": results}]}


def _rules(answer: Limits) -> list[dict[str, Any]]:
    known = {
        violation.quota: (violation.title, violation.exceeded, violation.remedy) for violation in answer.violations
    }
    known |= {finding.id: (finding.title, finding.why, finding.remedy) for finding in answer.findings}
    return [
        {
            "id": name,
            "shortDescription": {"text": title},
            "fullDescription": {"text": why},
            "help": {"text": remedy},
        }
        for name, (title, why, remedy) in known.items()
    ]


def _violations(answer: Limits, file: str) -> Iterator[dict[str, Any]]:
    for one in answer.violations:
        side = "below" if one.kind == "minimum" else "above"
        text = f"{one.title}: {one.demand:g} {one.unit} is {side} {one.limit:g}. {one.exceeded} {one.remedy}"
        yield _result(one.quota, "error", text, one.components, file)


def _findings(answer: Limits, file: str) -> Iterator[dict[str, Any]]:
    for one in answer.findings:
        text = f"{one.title}: {one.numbers}. {one.why} {one.remedy}"
        yield _result(one.id, LEVELS[one.severity], text, one.components, file)


def _result(name: str, level: str, text: str, components: tuple[str, ...], file: str) -> dict[str, Any]:
    location = {
        "physicalLocation": {"artifactLocation": {"uri": file}, "region": {"startLine": 1}},
        "logicalLocations": [{"name": component, "kind": "resource"} for component in components],
    }
    return {"ruleId": name, "level": level, "message": {"text": text}, "locations": [location]}
