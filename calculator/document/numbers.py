"""Numbers of a document that are more than one number: what varies from call to call, and what is not known."""

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from calculator.document.faults import Intake, escape, shown
from calculator.document.fields import LEAST_QUANTITY, MAX_QUANTITY
from pricing.catalogue.catalogue import (
    Input,
    component_type,
    component_types,
    connection_inputs,
    hidden_line_inputs,
    traffic_inputs,
)
from pricing.formula.spread import Spread, most_apart, of_percentiles, of_samples
from pricing.formula.varying import varying

# What the values of one input may be: a page of measurements, worked through for each line that they are billed on.
MAX_SAMPLES = 500
# Twenty times the mean apart nothing is left that a mean could say.
MOST_CV = 20
# So many times the median the 95th percentile then is.
MOST_APART = most_apart(MOST_CV)
_NUMBER = r"[0-9](?:[0-9_]{0,30}[0-9])?(?:\.[0-9]{1,20})?(?:e[+-]?[0-9]{1,3})?"
_RANGE = re.compile(rf" *({_NUMBER}) +to +({_NUMBER}) *")
EXPECTED = "expected a number, {mean, cv}, {p50, p95} or {samples}, which vary, or {low, likely, high}"


class NotKnown(float):
    """A number of which only bounds are known; it is the likely one, or the middle."""

    low: float
    high: float


class _Place(NamedTuple):
    """A number of the document: who learns of it, where it stands, and what it is."""

    intake: Intake
    pointer: str
    known: Input


def with_numbers(intake: Intake, document: object) -> object:
    """The document with such numbers read: each is its mean, or its likely value, which is told as an assumption.

    A number that is no such number stays what it is, to be refused where all numbers are.
    """
    if not isinstance(document, dict):
        return document
    changed = {
        "traffic": _entry(intake, "/traffic", document.get("traffic"), traffic_inputs()),
        "hidden_lines": _entry(intake, "/hidden_lines", document.get("hidden_lines"), hidden_line_inputs()),
        "components": _entries(intake, "/components", document.get("components"), _inputs_of),
        "connections": _entries(intake, "/connections", document.get("connections"), lambda _: connection_inputs()),
    }
    more = {key: value for key, value in changed.items() if value is not document.get(key)}
    return {**document, **more} if more else document


def _inputs_of(entry: Mapping[str, Any]) -> Mapping[str, Input]:
    name = entry.get("type")
    return component_type(name).inputs if isinstance(name, str) and name in component_types() else {}


def _entries(
    intake: Intake, pointer: str, entries: object, inputs: Callable[[Mapping[str, Any]], Mapping[str, Input]]
) -> object:
    if not isinstance(entries, list | tuple):
        return entries
    read = [
        _entry(intake, f"{pointer}/{index}", entry, inputs(entry)) if _has_more(entry) else entry
        for index, entry in enumerate(entries)
    ]
    return entries if all(one is other for one, other in zip(read, entries, strict=True)) else read


def _has_more(entry: object) -> bool:
    """Whether an entry has a value that may be more than one number: few have."""
    return isinstance(entry, dict) and any(
        isinstance(value, dict) or (isinstance(value, str) and " to " in value) for value in entry.values()
    )


def _entry(intake: Intake, pointer: str, entry: object, inputs: Mapping[str, Input]) -> object:
    if not isinstance(entry, dict) or not _has_more(entry):
        return entry
    read = dict(entry)
    for key, value in entry.items():
        known = inputs.get(key) if isinstance(key, str) else None
        if known is not None and not known.choices and not known.text:
            read[key] = _number(_Place(intake, f"{pointer}/{escape(key)}", known), value)
    return read


def _number(place: _Place, value: object) -> object:
    if isinstance(value, str):
        return _between(place, value)
    if not isinstance(value, dict):
        return value
    form = next((form for form in _FORMS if value.keys() & {*form}), None)
    if form is None:
        place.intake.add_fault(place.pointer, f"{EXPECTED}, not an object")
        return _stand_in(place)
    needed, read = _FORMS[form]
    wrong = {key: f"unknown key; expected {', '.join(form)}" for key in value if key not in form}
    wrong |= {key: "missing" for key in needed if key not in value}
    for key, detail in wrong.items():
        place.intake.add_fault(f"{place.pointer}/{escape(key)}", detail)
    if wrong:
        return _stand_in(place)
    if form != _BOUNDS and not place.known.varies:
        told = "cannot vary from call to call: it is billed by its sum or its mean, so say that"
        place.intake.add_fault(place.pointer, told)
        return _stand_in(place)
    before = len(place.intake.faults)
    number = read(place, value)
    return number if len(place.intake.faults) == before else _stand_in(place)


def _stand_in(place: _Place) -> float:
    """What takes the place of a number with a fault, so that nothing else is at fault for it."""
    return max(place.known.at_least, min(1.0, place.known.at_most or 1.0))


def _between(place: _Place, value: str) -> object:
    found = _RANGE.fullmatch(value)
    if found is None:
        return value
    low, high = (float(one) for one in found.groups())
    before = len(place.intake.faults)
    number = _not_known(place, low, (low + high) / 2, high, "in the middle")
    return number if len(place.intake.faults) == before else _stand_in(place)


def _bounds(place: _Place, value: Mapping[str, object]) -> float | None:
    low, high = _plain(place, value, "low"), _plain(place, value, "high")
    if low is None or high is None:
        return None
    if "likely" not in value:
        return _not_known(place, low, (low + high) / 2, high, "in the middle")
    likely = _plain(place, value, "likely")
    return None if likely is None else _not_known(place, low, likely, high, "most likely")


def _not_known(place: _Place, low: float, taken: float, high: float, where: str) -> float:
    if not place.known.at_least <= low <= taken <= high <= _most(place):
        expected = f"expected low <= likely <= high from {place.known.at_least:g} to {_most(place):g}"
        place.intake.add_fault(place.pointer, f"{expected}, not {low:g}, {taken:g}, {high:g}")
        return taken
    number = NotKnown(taken)
    number.low, number.high = low, high
    place.intake.add_taken(place.pointer, taken, place.known.unit, f"not known: {low:g} to {high:g}, {where}")
    return number


def _by_mean(place: _Place, value: Mapping[str, object]) -> float | None:
    mean = value["mean"]
    if isinstance(mean, dict) or (isinstance(mean, str) and _RANGE.fullmatch(mean)):
        read = _number(place, mean) if isinstance(mean, str) or mean.keys() & {*_BOUNDS} else None
        mean = read if isinstance(read, float) else mean
    known = mean if isinstance(mean, NotKnown) else _plain(place, {"mean": mean}, "mean")
    cv = _plain(place, value, "cv")
    if cv is not None and cv > MOST_CV:
        place.intake.add_fault(f"{place.pointer}/cv", f"expected a number from 0 to {MOST_CV}, not {cv:g}")
    if known is None or cv is None or cv > MOST_CV:
        return None
    return _varied(place, known, Spread(cv)) if cv and known else known


def _by_percentiles(place: _Place, value: Mapping[str, object]) -> float | None:
    p50, p95 = _plain(place, value, "p50"), _plain(place, value, "p95")
    if p50 is None or p95 is None:
        return None
    if not 0 < p50 <= p95:
        place.intake.add_fault(place.pointer, f"expected 0 < p50 <= p95, not {p50:g} and {p95:g}")
        return None
    if p95 / p50 > MOST_APART:
        expected = f"expected a p95 of at most {MOST_APART:.3g} times p50, not {p95:g} and {p50:g}"
        place.intake.add_fault(place.pointer, expected)
        return None
    mean, spread = of_percentiles(p50, p95)
    return _varied(place, mean, spread) if spread.cv else mean


def _by_samples(place: _Place, value: Mapping[str, object]) -> float | None:
    samples = value["samples"]
    if not isinstance(samples, list | tuple) or not 1 <= len(samples) <= MAX_SAMPLES:
        found = str(len(samples)) if isinstance(samples, list | tuple) else shown(samples)
        place.intake.add_fault(f"{place.pointer}/samples", f"expected 1 to {MAX_SAMPLES} numbers, not {found}")
        return None
    read = [_plain(place, {f"samples/{index}": one}, f"samples/{index}") for index, one in enumerate(samples)]
    known = [one for one in read if one is not None]
    if len(known) < len(read) or not any(known):
        return 0.0
    mean, spread = of_samples(known)
    return _varied(place, mean, spread) if spread.cv else mean


def _varied(place: _Place, mean: float, spread: Spread) -> float:
    if not place.known.at_least <= mean <= _most(place):
        expected = f"expected a mean from {place.known.at_least:g} to {_most(place):g}"
        place.intake.add_fault(place.pointer, f"{expected}, not {mean:g}")
    return varying(float(mean), spread)  # type: ignore[no-any-return]


def _plain(place: _Place, value: Mapping[str, object], key: str) -> float | None:
    """One of the numbers of an object; its fault is told."""
    number = value[key]
    if isinstance(number, bool) or not isinstance(number, int | float) or not 0 <= number <= _most(place):
        expected = f"expected a number from 0 to {_most(place):g}, not {shown(number)}"
        place.intake.add_fault(f"{place.pointer}/{key}", expected)
        return None
    # Less is nothing, as of all quantities: a quotient of two stays finite.
    return float(number) if number >= LEAST_QUANTITY else 0.0


def _most(place: _Place) -> float:
    return MAX_QUANTITY if place.known.at_most is None else place.known.at_most


_BOUNDS = ("low", "likely", "high")
_Read = Callable[[_Place, Mapping[str, Any]], float | None]
_FORMS: Mapping[tuple[str, ...], tuple[tuple[str, ...], _Read]] = {
    ("mean", "cv"): (("mean", "cv"), _by_mean),
    ("p50", "p95"): (("p50", "p95"), _by_percentiles),
    ("samples",): (("samples",), _by_samples),
    _BOUNDS: (("low", "high"), _bounds),
}
