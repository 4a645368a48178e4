"""Whether AWS carries anything from one end of a connection to the other: what it refuses, and defaults of a pair."""

from collections.abc import Mapping
from typing import Any

from calculator.document.faults import Intake
from calculator.traffic.inputs import OUTSIDE
from pricing.catalogue.integrations import Integration, integration_between, integrations

Stated = Mapping[str, Any]
# Ends that connections may name without their being written down.
RESERVED = ("clients", "internet")


def read_pair(intake: Intake, pointer: str, source: Stated, target: Stated) -> Integration | None:
    """How AWS carries things between two components as they are stated; None where it does not or nobody knows.

    `source` is empty for what comes from outside, which may lead to every type. The intake learns why a pair is
    refused and what to put between, and of a pair that nobody knows which known ones come near.
    """
    from_type, to_type = source.get("type", OUTSIDE), target["type"]
    pair = _to_reserved(from_type, source, target) or integration_between(from_type, to_type, source, target)
    if pair is None:
        if source:
            intake.add_fault(pointer, _unknown(from_type, to_type))
        return None
    if not pair.supported:
        between = f"; put {' or '.join(pair.instead)} between" if pair.instead else ""
        intake.add_fault(pointer, f"AWS carries nothing from {from_type} to {to_type}: {pair.why}{between}")
        return None
    if pair.same_region and _region(intake, source) != _region(intake, target):
        intake.add_fault(pointer, f"from {from_type} to {to_type}: both must be in one region")
    return pair


def _to_reserved(from_type: str, source: Stated, target: Stated) -> Integration | None:
    """What is known of the clients and of the Internet by themselves."""
    if target.get("name") not in RESERVED or target["type"] != "external_endpoint":
        return None
    pair = integration_between(from_type, str(target["name"]), source, target)
    return pair if pair is not None and pair.supported else None


def _region(intake: Intake, component: Stated) -> object:
    return component.get("region", intake.region)


def _unknown(from_type: str, to_type: str) -> str:
    from difflib import get_close_matches

    known = {row.to_type for row in integrations() if row.from_type == from_type and row.supported}
    near = get_close_matches(to_type, sorted(known), n=3, cutoff=0)
    told = f"; from it are known {', '.join(near)}" if near else ""
    return f"it is not known that AWS carries anything from {from_type} to {to_type}{told}"
