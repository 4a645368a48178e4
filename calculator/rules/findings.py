"""What the rules find in an architecture, the gravest first, with the money that a change would save."""

from dataclasses import dataclass
from typing import Any, Protocol

from calculator.rules import ERROR, INFO, WARNING, Breach, Rule, all_rules
from calculator.rules.view import View

GRAVITY = {ERROR: 0, WARNING: 1, INFO: 2}
# Less a month is no advice.
LEAST_SAVING = 0.01


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that is broken: where, by which numbers, why it matters and what to do; `saving` in USD a month."""

    id: str
    severity: str
    title: str
    components: tuple[str, ...]
    numbers: str
    why: str
    remedy: str
    saving: float | None
    source: str
    checked: str


class Pricer(Protocol):
    """How a changed document is priced."""

    def __call__(self, document: Any) -> float | None:
        """What it costs in a month [USD]; None where it cannot be computed."""


def find(view: View, cost: float | None, price: Pricer) -> tuple[Finding, ...]:
    """All findings of an architecture that costs `cost` [USD a month]; None: nothing is priced."""
    found = [
        finding
        for one in all_rules()
        for breach in one.find(view)
        if (finding := _finding(one, breach, cost, price)) is not None
    ]
    return tuple(sorted(found, key=lambda one: (GRAVITY[one.severity], -(one.saving or 0.0), one.id)))


def _finding(one: Rule, breach: Breach, cost: float | None, price: Pricer) -> Finding | None:
    saving = None
    if breach.instead is not None and cost is not None:
        changed = price(breach.instead)
        saving = None if changed is None else round(cost - changed, 10)
        if saving is None or saving < LEAST_SAVING:
            return None
    told = (breach.path, breach.numbers, one.why, one.remedy, saving)
    return Finding(one.id, breach.severity, one.title, *told, one.source, one.checked)
