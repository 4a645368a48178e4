"""Limits as money's twin: how much of each is used, and how far traffic can grow until the first one breaks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

from calculator.answer.flow_lines import FlowLine, flow_lines
from calculator.answer.growth import Growth, growth_of
from calculator.architecture import Architecture, Assumption
from calculator.bill.unpriced import Unpriced
from calculator.limits.checks import Check, limit_in, violated
from calculator.limits.growth import Multiple, multiples
from calculator.limits.measured import measured
from calculator.rules.findings import Finding, find
from calculator.rules.prices import prices_of
from calculator.rules.view import View, view_of
from calculator.traffic.propagate import Flow
from pricing.catalogue.catalogue import component_type, quota_named
from pricing.formula.reading import as_float
from pricing.formula.rounding import rounded, rounded_down

if TYPE_CHECKING:
    from calculator.answer.burst_loads import BurstLoad
    from calculator.answer.function_loads import FunctionLoad
    from calculator.answer.queue_loads import QueueLoad

# A limit of which that share is used is near.
NEAR = 0.8

Status: TypeAlias = Literal["ok", "near", "violated"]


@dataclass(frozen=True, slots=True)
class QuotaDemand:
    """A limit and what is demanded of it: `component` is None where the account as a whole is limited."""

    quota: str
    title: str
    component: str | None
    components: tuple[str, ...]
    region: str
    demand: float
    limit: float
    unit: str
    kind: str
    adjustable: bool


@dataclass(frozen=True, slots=True)
class Headroom(QuotaDemand):
    """How near a limit is.

    `used` is the share of the limit that is demanded (of a least value: the share that it is of the demand), and
    `multiple` how many times the traffic may be until it breaks; None: it does not, or it is broken without traffic.
    """

    used: float | None
    status: Status
    multiple: float | None
    code: str


@dataclass(frozen=True, slots=True)
class Violation(QuotaDemand):
    """A limit that AWS would enforce: what it does then, what helps, and who says so."""

    exceeded: str
    remedy: str
    source: str
    checked: str
    confidence: str


def _demanded(architecture: Architecture, check: Check) -> dict[str, Any]:
    """A check as the fields of a QuotaDemand."""
    quota = check.quota
    names = tuple(architecture.components[index].name for index in check.components)
    return {
        "quota": quota.name,
        "title": quota.title,
        "component": None if quota.scope == "account" else names[0],
        "components": names,
        "region": check.region,
        "demand": rounded(check.demand),
        "limit": rounded(check.limit),
        "unit": quota.unit,
        "kind": quota.kind,
        "adjustable": quota.adjustable,
    }


def violations_of(architecture: Architecture, checks: Sequence[Check]) -> tuple[Violation, ...]:
    """The limits that are broken now, each with what AWS does and what helps."""
    return tuple(_violation(architecture, check) for check in checks if violated(check))


def _violation(architecture: Architecture, check: Check) -> Violation:
    quota = check.quota
    return Violation(
        **_demanded(architecture, check),
        exceeded=quota.exceeded,
        remedy=_remedy(architecture, check),
        source=quota.source,
        checked=quota.checked,
        confidence=quota.confidence,
    )


def _remedy(architecture: Architecture, check: Check) -> str:
    """What to do; nothing is to be raised that is as high as it may be."""
    most = check.quota.at_most
    if most is None:
        return check.quota.remedy
    stated = architecture.components[check.components[0]].inputs.get(most.input)
    highest = limit_in(quota_named(f"{check.quota.type}.{most.quota}"), check.region, architecture.account)
    return most.remedy if isinstance(stated, int | float) and stated >= highest else check.quota.remedy


class _Ranked(NamedTuple):
    """A limit as it is told, with its check and the multiple before it was rounded."""

    told: Headroom
    check: Check
    multiple: Multiple


def _ranked(architecture: Architecture, checks: Sequence[Check], found: Sequence[Multiple]) -> list[_Ranked]:
    """Every limit, the first to break first; limits that no traffic breaks come last, the fullest first."""
    together = zip(checks, found, strict=True)
    ranked = (_Ranked(_headroom(architecture, check, multiple.times), check, multiple) for check, multiple in together)
    return sorted(ranked, key=lambda one: _order(one.told))


def _order(one: Headroom) -> tuple[bool, float, float, str]:
    broken_anyway = one.status == "violated" and one.multiple is None
    multiple = 0.0 if broken_anyway else one.multiple
    return multiple is None, multiple or 0.0, -(one.used or 0.0), one.quota


def _headroom(architecture: Architecture, check: Check, multiple: float | None) -> Headroom:
    quota, demand, limit = check.quota, float(check.demand), float(check.limit)
    part, whole = (limit, demand) if quota.kind == "minimum" else (demand, limit)
    used = part / whole if whole else (0.0 if not part else None)
    return Headroom(
        **_demanded(architecture, check),
        used=None if used is None else rounded(used),
        status=_status(architecture, check, used),
        multiple=None if multiple is None else rounded_down(multiple),
        code=quota.code,
    )


def _status(architecture: Architecture, check: Check, used: float | None) -> Status:
    if violated(check):
        return "violated"
    # A least value that is met to the letter is met: nobody comes nearer to it by growing.
    near = check.quota.kind == "maximum" and used is not None and used >= NEAR
    return "near" if near and not _is_default(architecture, check) else "ok"


def _is_default(architecture: Architecture, check: Check) -> bool:
    """Whether a setting stands at its limit because that is its default: AWS sets it so, and nothing grows."""
    if check.demand != check.limit or len(check.components) > 1:
        return False
    component = architecture.components[check.components[0]]
    known = component_type(component.type).inputs
    return any(
        known[name].default == value == check.limit and known[name].unit == check.quota.unit
        for name, value in component.inputs.items()
        if name not in component.derived
    )


@dataclass(frozen=True, slots=True)
class Limits:
    """Where an architecture breaks: limits, the first to break first, what the rules find, and what load does to it."""

    growth: Growth
    headroom: tuple[Headroom, ...]
    violations: tuple[Violation, ...]
    findings: tuple[Finding, ...]
    flow: tuple[FlowLine, ...]
    bursts: "tuple[BurstLoad, ...]"
    queues: "tuple[QueueLoad, ...]"
    functions: "tuple[FunctionLoad, ...]"
    assumptions: tuple[Assumption, ...]


def limits(architecture: Architecture) -> Limits:
    """Every limit of an architecture, without its prices: no price need be known.

    >>> from calculator import limits, parse
    >>> jobs = {"name": "jobs", "type": "sqs_queue", "messages": 5_000_000, "message_kb": 600}
    >>> answer = limits(parse({"region": "us-east-1", "as_of": "2026-09-01", "components": [jobs]}))
    >>> answer.growth.multiple, answer.violations
    (None, ())
    """
    flow, _, checks = measured(architecture, as_float)
    return limits_of(architecture, flow, checks, None)


def limits_of(
    architecture: Architecture,
    flow: Flow,
    checks: tuple[Check, ...],
    cost: float | None,
    unpriced: Sequence[Unpriced] = (),
) -> Limits:
    """Every limit of an architecture that has been measured and costs `cost` [USD a month]; None: it is not priced.

    `unpriced` is what it uses besides and no price is known of.
    """
    found = tuple(multiples(architecture, checks))
    ranked = _ranked(architecture, checks, found)
    view = view_of(architecture, flow, checks, prices_of(architecture, cost, unpriced), found)
    growth = growth_of(view, [(one.check, one.multiple) for one in ranked])
    findings, loads = find(view), loads_of(view)
    return Limits(
        growth=growth,
        headroom=tuple(one.told for one in ranked),
        violations=violations_of(architecture, checks),
        findings=findings,
        flow=flow_lines(view),
        **loads._asdict(),
        assumptions=(*architecture.assumptions, *_left_out(view)),
    )


def _left_out(view: View) -> Iterator[Assumption]:
    """That some of what might be cheaper was not priced, where it was too much."""
    refused = view.prices.budget.refused
    if refused:
        why = f"too large to price every change: {refused} were left out, and what they would save is not told"
        yield Assumption("/components", refused, "change", why, "computed")


class Loads(NamedTuple):
    """What the busiest time does to buckets of tokens, to queues and to functions."""

    bursts: "tuple[BurstLoad, ...]"
    queues: "tuple[QueueLoad, ...]"
    functions: "tuple[FunctionLoad, ...]"


def loads_of(view: View) -> Loads:
    """What load does to an architecture.

    What has neither buckets nor queues nor functions pays for none of their mathematics: the command must start fast.
    """
    loads = Loads((), (), ())
    if any(check.quota.bucket for check in view.checks):
        from calculator.answer.burst_loads import bursts_of

        loads = loads._replace(bursts=bursts_of(view))
    if view.connections:
        from calculator.answer.queue_loads import queue_loads

        loads = loads._replace(queues=queue_loads(view))
    if any(view.of("lambda_function")):
        from calculator.answer.function_loads import function_loads

        loads = loads._replace(functions=function_loads(view))
    return loads
