"""An estimate as text in columns, for a terminal."""

from collections.abc import Iterable, Sequence

from calculator.estimate import Estimate, Violation
from pricing.words import money, quantity


def estimate_tables(result: Estimate) -> str:
    """Line items, costs by component, violations and assumptions, each as a table."""
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
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    ends = set(right)
    return "\n".join(
        "  ".join(
            cell.rjust(width) if index in ends else cell.ljust(width)
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in table
    )


def _line_items(result: Estimate) -> str:
    header = ("COMPONENT", "METER", "USAGE", "FREE", "BILLABLE", "UNIT", "USD")
    rows = [
        (item.component, item.meter, quantity(item.usage), quantity(item.free), quantity(item.billable), item.unit, _usd(item.cost))
        for item in result.line_items
    ]
    total = ("total", "", "", "", "", "", _usd(result.total))
    return aligned([header, *rows, total], right=[2, 3, 4, 6])


def _violations(violations: Sequence[Violation]) -> str:
    if not violations:
        return "No limit is violated."
    return "\n".join(
        f"VIOLATED {violation.component or 'account'}: {violation.title}: {quantity(violation.demand)} "
        f"{'below' if violation.kind == 'minimum' else 'above'} {quantity(violation.limit, violation.unit)}. "
        f"{violation.exceeded} {violation.remedy}"
        for violation in violations
    )


def _assumptions(result: Estimate) -> str:
    if not result.assumptions:
        return ""
    rows = [(f"  {one.pointer}", _value(one.value), one.unit, one.why) for one in result.assumptions]
    return "Assumed:\n" + aligned(rows, right=[1])


def _value(value: object) -> str:
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "-"}[value]
    return quantity(value) if isinstance(value, int | float) else str(value)


def _usd(amount: float) -> str:
    return money(amount).removeprefix("$")
