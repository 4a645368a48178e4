"""What the rules find in an architecture, the gravest first, with the money that a change would save."""

from dataclasses import dataclass

from calculator.rules import ERROR, INFO, WARNING, Breach, Rule, all_rules
from calculator.rules.view import View

GRAVITY = {ERROR: 0, WARNING: 1, INFO: 2}
# Less a month is no advice, and less than the others is little advice: of money [USD], of the bill.
LEAST_SAVING = 0.01
MINOR_SAVING, MINOR_SHARE = 1.0, 0.01


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that is broken: where, by which numbers, why it matters and what to do; `saving` in USD a month.

    `minor`: the saving is less than $1, or less than 1 % of the bill.
    """

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
    minor: bool = False


def find(view: View) -> tuple[Finding, ...]:
    """All findings of an architecture: the gravest first, what saves most before the others, and minor ones last."""
    found = [
        finding
        for one in all_rules()
        for breach in one.find(view)
        if (finding := _finding(view, one, breach)) is not None
    ]
    return tuple(sorted(found, key=lambda one: (one.minor, GRAVITY[one.severity], -(one.saving or 0.0), one.id)))


def _finding(view: View, one: Rule, breach: Breach) -> Finding | None:
    saving, cost = None, view.prices.cost
    if breach.instead is not None and cost is not None:
        saving = view.prices.saving(breach.instead)
        if saving is None or saving < LEAST_SAVING:
            return None
    told = (breach.path, breach.numbers, one.why, breach.remedy or one.remedy, saving)
    return Finding(one.id, breach.severity, one.title, *told, one.source, one.checked, is_minor(saving, cost))


def is_minor(saving: float | None, cost: float | None) -> bool:
    """Whether a saving is too little to stand beside the others [USD a month]; what saves no money is never minor.

    >>> is_minor(0.5, 10.0), is_minor(5.0, 600.0), is_minor(5.0, 400.0), is_minor(None, 400.0)
    (True, True, False, False)
    """
    return saving is not None and cost is not None and saving < max(MINOR_SAVING, MINOR_SHARE * cost)
