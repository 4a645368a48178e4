"""Documents with traffic, short: functions that call each other, and what flows between them."""

from datetime import date
from itertools import pairwise

from calculator import Account, Architecture, Traffic, parse
from calculator.limits.usage import measure_flow
from calculator.traffic.propagate import propagate
from calculator.traffic.shapes import peak_to_mean
from pricing.catalogue.integrations import integration_between
from pricing.formula.reading import as_float

REST = {"region": "us-east-1", "as_of": "2026-09-01"}
# 730 hours
SECONDS = 2_628_000
NO_LINES = {"logs": False, "data_transfer": False, "nat": False}


def function(name, **stated):
    return {"name": name, "type": "lambda_function", "duration_ms": 100, **stated}


def component(name, type_name, **stated):
    return {"name": name, "type": type_name, **stated}


def way(source, target, **said):
    return {"from": source, "to": target, **said}


def is_carried(source, target):
    """Whether AWS carries anything from the one type to the other, with the choices that are the default."""
    pair = integration_between(source, target, {}, {})
    return pair is not None and pair.supported


def document(components, connections, *, requests=1_000_000, lines=False, **stated):
    """A document of components and connections; hidden lines only if they are asked for."""
    traffic = {"traffic": {"requests_per_month": requests}} if requests is not None else {}
    hidden = {} if lines else {"hidden_lines": NO_LINES}
    return REST | traffic | hidden | {"components": components, "connections": connections} | stated


def chain(length, *, share=1):
    """A chain of functions; the traffic goes to the first."""
    names = [f"f{number}" for number in range(length)]
    ways = [way(one, other, share=share) for one, other in pairwise(names)]
    return document([function(name) for name in names], [way("traffic", "f0"), *ways])


def flow_of(architecture, reading=as_float):
    return propagate(architecture, reading, reading(architecture.month_hours, "month_hours", "hour/month"))


def measure(architecture, reading=as_float):
    """Usage and demand of every component, in any reading."""
    hours = reading(architecture.month_hours, "month_hours", "hour/month")
    return measure_flow(architecture, propagate(architecture, reading, hours), hours)


def shaped(shape, month_hours=730):
    """An architecture of nothing but traffic of a shape."""
    traffic = Traffic({}, shape.weights, peak_to_mean(shape))
    return Architecture("a", "us-east-1", date(2026, 9, 1), month_hours, Account(), (), (), traffic=traffic)


def inputs_of(stated):
    """Every input of every component of a document, "jobs.messages", as the traffic fills it."""
    architecture = parse(stated)
    return {
        f"{component.name}.{name}": value
        for component in architecture.components
        for name, value in component.inputs.items()
    }
