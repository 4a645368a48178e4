"""What an advice would make of an architecture: documents in which something is said in another way."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import reduce
from typing import Any, NamedTuple, TypeAlias, cast

from calculator.rules import Breach
from calculator.rules.view import ComponentView, View

# Each advice is priced anew with the whole architecture. Where that makes more than so many components to price, what a
# rule has found is priced together, as far as it saves by itself.
MOST_PRICED = 150
# What is kept ready is used so far at the busiest time, as AWS's own scaling does by default.
USED = 0.7

Edit: TypeAlias = Callable[[Mapping[str, Any]], Mapping[str, Any]]


class Advice(NamedTuple):
    """What to change at some components, with its numbers in words.

    Where the components that are `changing` are named, all others are held as they are: what the change does further
    on is no saving.
    """

    path: tuple[str, ...]
    numbers: str
    edit: Edit
    changing: tuple[ComponentView, ...] = ()


def advised(view: View, severity: str, found: Iterable[Advice]) -> Iterator[Breach]:
    """The findings of one rule: each advice with its document, or one for all where there is much."""
    every = list(found)
    if len(every) * len(view.components) <= MOST_PRICED or len(every) == 1:
        for one in every:
            yield from _breach(view, severity, one)
        return
    written: dict[tuple[str, ...], ComponentView] = {
        (place.name,): place for place in view.components if stated(view, place)
    }
    saving = [one for one in every if _saves_alone(view, written.get(one.path), one.edit)]
    if saving:
        path = tuple(dict.fromkeys(name for one in saving for name in one.path))
        changing = tuple(place for one in saving for place in one.changing)
        together = Advice(
            path,
            f"{len(saving)} times; the first: {saving[0].numbers}",
            both(*(one.edit for one in saving)),
            changing,
        )
        yield from _breach(view, severity, together)


def _breach(view: View, severity: str, one: Advice) -> Iterator[Breach]:
    """An advice as a finding; none where its change makes no document."""
    changed = held(view, one.edit, one.changing) if one.changing else one.edit(document_of(view))
    if changed is not None:
        yield Breach(severity, one.path, one.numbers, changed)


class Swap(NamedTuple):
    """Another component in the place of one, with numbers in words; what flows in and out of it stays as it is."""

    place: ComponentView
    numbers: str
    other: Mapping[str, Any]


def swapped(view: View, severity: str, found: Iterable[Swap]) -> Iterator[Breach]:
    """The findings of one rule: each swap that saves by itself, or one for all where there is much."""
    every = [one for one in found if (saved := saved_alone(view, one.place, one.other)) is None or saved > 0]
    apart = len(every) * len(view.components) <= MOST_PRICED
    for group in [[one] for one in every] if apart else [every]:
        document = still(view)
        for one in group:
            place = one.place
            document["components"][place.number] = {"name": place.name, "region": place.region} | dict(one.other)
        told = group[0].numbers if len(group) == 1 else f"{len(group)} times; the first: {group[0].numbers}"
        yield Breach(severity, tuple(one.place.name for one in group), told, document)


def saved_alone(view: View, place: ComponentView, other: Mapping[str, Any]) -> float | None:
    """What another component in the place of one costs less, or one with other inputs where no other type is named.

    At list price, all else left out [USD a month]; None: nobody knows.
    """
    said = _filled(view, place, stated(view, place))
    named = {"name": place.name, "region": place.region}
    changed = named | dict(other) if "type" in other else said | dict(other)
    now, then = view.prices.alone([said]), view.prices.alone([changed])
    return None if now is None or then is None else now - then


def _saves_alone(view: View, place: ComponentView | None, edit: Edit) -> bool:
    """Whether a component that is changed costs less at list price, all else left out; True where that is not known."""
    if place is None:
        return True
    changed = edit(document_of(view))["components"][place.number]
    now, then = (view.prices.alone([_filled(view, place, said)]) for said in (stated(view, place), changed))
    return now is None or then is None or then < now


def document_of(view: View) -> Mapping[str, Any]:
    """What was written down."""
    return cast(Mapping[str, Any], view.architecture.document)


def stated(view: View, place: ComponentView) -> Mapping[str, Any]:
    """What was written down of a component; nothing of one that is a hidden line."""
    components = document_of(view)["components"]
    return cast(Mapping[str, Any], components[place.number]) if place.number < len(components) else {}


def is_stated(view: View, place: ComponentView, name: str) -> bool:
    """Whether an input of a component was written down."""
    return stated(view, place).get(name) is not None


def peak_is_known(view: View, place: ComponentView, name: str = "peak_rps") -> bool:
    """Whether somebody has stated the peak or the shape: a peak that is taken to be the mean says nothing."""
    component = view.architecture.components[place.number]
    if name not in component.derived:
        return name not in component.mean_rates
    traffic = document_of(view).get("traffic") or {}
    return traffic.get("shape") is not None or {"requests_per_month", "peak_rps"} <= traffic.keys()


def with_inputs(place: ComponentView, **inputs: object) -> Edit:
    """Other inputs of a component; None takes one out."""
    return replaced(place, lambda said: {key: value for key, value in {**said, **inputs}.items() if value is not None})


def replaced(place: ComponentView, change: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> Edit:
    """Another component in the place of one."""
    return _one_of("components", place.number, change)


def with_setting(number: int, **inputs: object) -> Edit:
    """Other settings of a connection."""
    return _one_of("connections", number, lambda said: {**said, **inputs})


def _one_of(key: str, number: int, change: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> Edit:
    def edit(document: Mapping[str, Any]) -> Mapping[str, Any]:
        entries = list(document[key])
        entries[number] = change(entries[number])
        return {**document, key: entries}

    return edit


def both(*edits: Edit) -> Edit:
    """Several changes, one after the other."""
    return lambda document: reduce(lambda changed, edit: edit(changed), edits, document)


def held(view: View, edit: Edit, changing: Iterable[ComponentView]) -> Mapping[str, Any] | None:
    """The same architecture without its traffic, in which some components are as the traffic makes them after an edit.

    All else stays as it is: what a changed batch does further on is no saving. None where the edit makes no document.
    """
    architecture = view.prices.changed(edit(document_of(view)))
    if architecture is None:
        return None
    document = still(view)
    for place in changing:
        component = architecture.components[place.number]
        filled = {name: component.inputs[name] for name in sorted(component.derived)}
        stated_then = cast(Mapping[str, Any], architecture.document)["components"][place.number]
        document["components"][place.number] = document["components"][place.number] | filled | dict(stated_then)
    return document


def still(view: View) -> dict[str, Any]:
    """The same architecture without its traffic: every input that the connections fill is stated."""
    gone = ("traffic", "connections", "hidden_lines")
    kept = {key: value for key, value in document_of(view).items() if key not in gone}
    return kept | {"components": [_filled(view, place, stated(view, place)) for place in view.components]}


def _filled(view: View, place: ComponentView, said: Mapping[str, Any]) -> dict[str, Any]:
    component = view.architecture.components[place.number]
    names = component.inputs.keys() - component.mean_rates.keys() if component.hidden else component.derived
    filled = {name: component.inputs[name] for name in sorted(names)}
    whole: dict[str, Any] = {"name": place.name, "type": place.type, "region": place.region}
    for values in (filled, said):
        whole |= {name: value for name, value in values.items() if value is not None}
    return whole
