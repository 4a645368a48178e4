"""Choices of a component that follow from what leads to it, where nobody made them."""

from collections.abc import Sequence

from calculator.architecture import Connection
from calculator.document.faults import Intake
from calculator.document.ways_out import EndOfDocument
from pricing.catalogue.catalogue import component_type
from pricing.catalogue.component_type import VENDED


def with_choices(
    intake: Intake, entries: Sequence[object], ends: Sequence[EndOfDocument], connections: Sequence[Connection]
) -> list[object]:
    """The components as they are written, with each choice that the type of a source settles; the intake is told."""
    chosen = list(entries)
    for connection in connections:
        target, written = ends[connection.target], chosen[connection.target]
        if connection.source is None or not isinstance(written, dict):
            continue
        source = ends[connection.source]
        for name, by_source in component_type(target.type).flow.chosen.items():
            if source.type in by_source and written.get(name) is None:
                choice = by_source[source.type]
                if choice == VENDED:
                    choice = component_type(source.type).flow.log_origin_on(intake.as_of)
                written = chosen[connection.target] = {**written, name: choice}
                pointer = f"/components/{connection.target}/{name}"
                intake.add_assumption(pointer, choice, "", f"{source.name} leads here")
    return chosen
