"""Every input of a component that matters: given, or assumed as its type says."""

from collections.abc import Collection, Mapping

from calculator.architecture import Value
from calculator.document.faults import Intake
from pricing.catalogue.catalogue import ComponentType, Input
from pricing.formula.language import S_PER_HOUR


def complete(
    intake: Intake,
    pointer: str,
    kind: ComponentType,
    stated: Mapping[str, object],
    valid: Mapping[str, Value],
    derived: Collection[str] = (),
) -> tuple[dict[str, Value], dict[str, str]]:
    """The inputs of a component, and the monthly input that each assumed mean rate follows.

    `stated` is what the user said, `valid` what of it makes sense; what is `derived` has no value yet. A required input
    that is missing is a fault.
    """
    inputs: dict[str, Value] = {}
    mean_rates: dict[str, str] = {}
    for name, known in kind.inputs.items():
        faulty = name in stated and name not in valid
        if faulty or not _matters(known, inputs):
            continue
        if valid.get(name) is not None:
            inputs[name] = valid[name]
        elif name in derived:
            inputs[name] = 0.0
        elif known.required:
            intake.add_fault(f"{pointer}/{name}", _missing(known))
        else:
            inputs[name], why = _assumed(known, inputs, intake.month_hours)
            # Nothing is computed from what is not set, so nothing is assumed of it.
            if inputs[name] is not None:
                intake.add_assumption(f"{pointer}/{name}", inputs[name], known.unit, why)
            if known.mean_rate_of:
                mean_rates[name] = known.mean_rate_of
    return inputs, mean_rates


def _matters(known: Input, inputs: Mapping[str, Value]) -> bool:
    return all(inputs.get(name) in values for name, values in known.when.items())


def _missing(known: Input) -> str:
    expected = f"one of {', '.join(map(str, known.choices))}" if known.choices else known.unit or "a text"
    return f"missing; expected {expected}: {known.about}"


def _assumed(known: Input, inputs: Mapping[str, Value], month_hours: float) -> tuple[Value, str]:
    if known.mean_rate_of:
        monthly = inputs.get(known.mean_rate_of)
        rate = monthly / (month_hours * S_PER_HOUR) if isinstance(monthly, int | float) else None
        return rate, f"{known.mean_rate_of} spread evenly over the month"
    if known.follows_the_month:
        return month_hours, "all hours of the month"
    if known.may_be_unset:
        return None, "not set"
    return known.default, "the default"
