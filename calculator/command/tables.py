"""An estimate as text in columns, for a terminal."""

from collections.abc import Iterable, Sequence

from calculator.answer.estimate import Estimate
from calculator.answer.growth import in_words
from calculator.answer.limits import Headroom, Limits, Violation
from calculator.architecture import Value
from calculator.rules.findings import Finding
from pricing.formula.words import money, quantity

HEADROOM_HEADER = ("BREAKS AT", "STATUS", "COMPONENT", "QUOTA", "DEMAND", "LIMIT", "UNIT", "USED")
BURST_HEADER = ("COMPONENTS", "QUOTA", "RATE", "BUCKET", "DEMAND", "LASTS", "REFUSED")
QUEUE_HEADER = ("QUEUE", "PEAK", "DRAINED", "USED", "BACKLOG", "OLDEST", "CLEAR AFTER")
FUNCTION_HEADER = ("FUNCTION", "AT ONE TIME", "ALIVE", "COLD", "P50 MS", "P95 MS", "P99 MS")
DIGITS = 4
MINOR = "Saves less than $1 or 1 % of the bill:"
LINE_HEADER = ("COMPONENT", "METER", "USAGE", "FREE", "BILLABLE", "UNIT", "USD", "CHECKED", "SOURCE")
# What is said of a price beside the day on which it was seen last.
MARKS = ("old", "derived", "unverified")


def estimate_tables(result: Estimate) -> str:
    """Line items, violations, findings and assumptions, each as a table. Money is in USD a month."""
    least = "at least " if result.total_is == "at_least" else ""
    head = f"{result.name}: {least}{money(result.total)} a month ({result.region}, prices as of {result.as_of})"
    newest = f"Catalogue {result.catalogue.digest[:12]}, newest source {result.catalogue.newest_source or 'none'}"
    limits = [violation_rows(result.violations), finding_rows(result.findings)]
    head += f"\n{result.prices.text[:1].upper()}{result.prices.text[1:]}."
    lines = [_line_items(result), _unpriced(result), _sources(result)]
    parts = [head, result.growth.text, *lines, *limits, _assumptions(result), newest]
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
    numbers = _numbered(result)
    for line in result.line_items:
        amounts = (quantity(line.usage), quantity(line.free), quantity(line.billable))
        checked = " ".join([line.rate.checked, *(mark for mark in MARKS if getattr(line.rate, mark))])
        source = f"[{numbers[line.rate.source]}]"
        rows.append((line.component, line.meter, *amounts, line.unit, _usd(line.cost), checked, source))
    name = "total at least" if result.unpriced else "total"
    rows.append((name, "", "", "", "", "", _usd(result.total), "", ""))
    return aligned(rows, right=[2, 3, 4, 6])


def _numbered(result: Estimate) -> dict[str, int]:
    """The sources of the line items, each once, from 1 on."""
    return {source: number for number, source in enumerate(dict.fromkeys(x.rate.source for x in result.line_items), 1)}


def _sources(result: Estimate) -> str:
    return "\n".join(f"[{number}] {source}" for source, number in _numbered(result).items())


def _unpriced(result: Estimate) -> str:
    told = (f"NOT PRICED {one.component}: {one.meter} in {one.region} ({one.pointer})" for one in result.unpriced)
    return "\n".join(told)


def violation_rows(violations: Sequence[Violation]) -> str:
    """Every violated limit in a line, with what AWS does and what helps."""
    return "\n".join(map(_violation, violations)) or "No limit is violated."


def _violation(violation: Violation) -> str:
    who = violation.component or f"{', '.join(violation.components)} (account in {violation.region})"
    limit = f"{'below' if violation.kind == 'minimum' else 'above'} {quantity(violation.limit, violation.unit)}"
    adjustable = ", adjustable" if violation.adjustable else ""
    demand = f"{quantity(violation.demand)} is {limit} ({violation.quota}{adjustable})"
    return f"VIOLATED {who}: {violation.title}: {demand}. {violation.exceeded} {violation.remedy}"


def finding_rows(findings: Sequence[Finding]) -> str:
    """Every finding in a line, the gravest first; those that hardly save anything apart from the others."""
    telling = [_finding(one) for one in findings if not one.minor]
    minor = [_finding(one) for one in findings if one.minor]
    return "\n".join([*telling, *([MINOR, *minor] if minor else [])]) or "No rule finds anything."


def _finding(one: Finding) -> str:
    saving = "" if one.saving is None else f" Saves {money(one.saving)} a month."
    where = " -> ".join(one.components)
    return f"{one.severity.upper()} {where}: {one.title} ({one.id}): {one.numbers}. {one.remedy}{saving}"


def headroom_table(headroom: Sequence[Headroom]) -> str:
    """Every limit, the first to break first; "-" where no traffic breaks it."""
    rows: list[Sequence[str]] = [HEADROOM_HEADER]
    for one in headroom:
        used = "-" if one.used is None else f"{one.used:.1%}"
        multiple = "-" if one.multiple is None else f"{in_words(one.multiple, digits=DIGITS)}x"
        who = one.component or f"account in {one.region}"
        amounts = (quantity(one.demand, digits=DIGITS), quantity(one.limit), one.unit)
        rows.append((multiple, one.status, who, one.quota, *amounts, used))
    return aligned(rows, right=[0, 4, 5, 7])


def load_tables(answer: Limits) -> str:
    """What the load does: buckets that run dry, queues and how they are drained, functions and their cold starts."""
    return "\n\n".join(filter(None, [_bursts(answer), _queues(answer), _functions(answer)]))


def _bursts(answer: Limits) -> str:
    rows: list[Sequence[str]] = [BURST_HEADER]
    for one in answer.bursts:
        lasts = "-" if one.seconds_until_throttle is None else f"{_short(one.seconds_until_throttle)} s"
        amounts = (_short(one.rate), _short(one.bucket), _short(one.demand))
        rows.append((", ".join(one.components), one.quota, *amounts, lasts, f"{one.refused_share:.1%}"))
    return aligned(rows, right=[2, 3, 4, 5, 6]) if answer.bursts else ""


def _queues(answer: Limits) -> str:
    rows: list[Sequence[str]] = [QUEUE_HEADER]
    for one in answer.queues:
        clear = "never" if one.clear_s is None else f"{_short(one.clear_s)} s"
        amounts = (_short(one.peak), _short(one.drain_rate), f"{one.utilisation:.1%}", _short(one.backlog))
        rows.append((f"{one.component} -> {one.function}", *amounts, f"{_short(one.oldest_s)} s", clear))
    return aligned(rows, right=[1, 2, 3, 4, 5, 6]) if answer.queues else ""


def _functions(answer: Limits) -> str:
    rows: list[Sequence[str]] = [FUNCTION_HEADER]
    for one in answer.functions:
        waits = (_short(one.p50_ms), _short(one.p95_ms), _short(one.p99_ms))
        alive = "-" if one.peak_environments is None else _short(one.peak_environments)
        rows.append((one.component, _short(one.peak_concurrency), alive, f"{one.cold_share:.3%}", *waits))
    return aligned(rows, right=[1, 2, 3, 4, 5, 6]) if answer.functions else ""


def _short(number: float) -> str:
    return quantity(number, digits=DIGITS)


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
