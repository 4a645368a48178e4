"""An estimate as text in columns, for a terminal."""

from collections.abc import Iterable, Sequence

from calculator.architecture import Value
from calculator.estimate import Estimate, Violation
from pricing.words import money, quantity

LINE_HEADER = ("COMPONENT", "METER", "USAGE", "FREE", "BILLABLE", "UNIT", "USD")


def estimate_tables(result: Estimate) -> str:
    """Line items, violations and assumptions, each as a table. Money is in USD a month."""
    head = f"{result.name}: {money(result.total)} a month ({result.region}, prices as of {result.as_of})"
    newest = f"Catalogue {result.catalogue.digest[:12]}, newest source {result.catalogue.newest_source or 'none'}"
    parts = [head, _line_items(result), _violations(result.violations), _assumptions(result), newest]
    return "\n\n".join(part for part in parts if part)


def aligned(rows: Iterable[Sequence[str]], right: Iterable[int] = ()) -> str:
    """Rows in columns as wide as their widest cell; the columns named in `right` end where the others begin.

    >>> print(aligned([("a", "1"), ("bb", "12")], right=[1]))
    a    1
    bb  12
    """
    table = [tuple(row) for row in rows]
    widths = [max(map(_width, column)) for column in zip(*table, strict=True)]
    ends = set(right)
    return "\n".join("  ".join(_row(row, widths, ends)).rstrip() for row in table)


def _row(row: Sequence[str], widths: Sequence[int], ends: set[int]) -> Iterable[str]:
    for index, (cell, width) in enumerate(zip(row, widths, strict=True)):
        space = " " * (width - _width(cell))
        yield space + cell if index in ends else cell + space


def _width(text: str) -> int:
    """The columns that a terminal needs: two for a wide character, none for one that joins the character before."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width  # only names need it, and few do

    return sum(0 if combining(char) else 2 if east_asian_width(char) in "WF" else 1 for char in text)


def _line_items(result: Estimate) -> str:
    rows: list[Sequence[str]] = [LINE_HEADER]
    for line in result.line_items:
        amounts = (quantity(line.usage), quantity(line.free), quantity(line.billable))
        rows.append((line.component, line.meter, *amounts, line.unit, _usd(line.cost)))
    rows.append(("total", "", "", "", "", "", _usd(result.total)))
    return aligned(rows, right=[2, 3, 4, 6])


def _violations(violations: Sequence[Violation]) -> str:
    return "\n".join(map(_violation, violations)) or "No limit is violated."


def _violation(violation: Violation) -> str:
    who = violation.component or f"{', '.join(violation.components)} (account in {violation.region})"
    limit = f"{'below' if violation.kind == 'minimum' else 'above'} {quantity(violation.limit, violation.unit)}"
    adjustable = ", adjustable" if violation.adjustable else ""
    demand = f"{quantity(violation.demand)} is {limit} ({violation.quota}{adjustable})"
    return f"VIOLATED {who}: {violation.title}: {demand}. {violation.exceeded} {violation.remedy}"


def _assumptions(result: Estimate) -> str:
    if not result.assumptions:
        return ""
    rows = [(f"  {one.pointer}", _value(one.value), one.unit, one.why) for one in result.assumptions]
    return "Assumed:\n" + aligned(rows, right=[1])


def _value(value: Value) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else quantity(value)


def _usd(amount: float) -> str:
    return money(amount).removeprefix("$")
