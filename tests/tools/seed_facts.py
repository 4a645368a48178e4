"""The facts of the texts that stackmeter was commissioned from, each beside what the catalogue says today.

`seed_facts.json` has each fact with the place in the catalogue that holds it, or a reason: `superseded` where AWS has
moved on or the text was wrong, `left_out` where nothing is billed or limited by it. `python -m
tests.tools.seed_facts` writes docs/seed-facts.md.
"""

import json
from datetime import date
from decimal import Decimal
from functools import cache
from importlib import import_module
from pathlib import Path

from calculator import estimate, parse
from pricing.catalogue.catalogue import component_type, free_tier_named, meter_named, quota_named
from pricing.prices.pricelist import find_rate
from tests.tools.validation import table

FACTS = Path(__file__).parent / "seed_facts.json"
PAGE = Path(__file__).parents[2] / "docs" / "seed-facts.md"
REGION, DAY = "us-east-1", date(2026, 9, 1)
WHOLE = Decimal(1)

HEAD = """\
# Facts that were handed over

stackmeter was commissioned with five texts on AWS's serverless services. They hold {facts} facts with a figure: limits,
prices, defaults, performance. Each is looked up in the catalogue here: {held} are in it and agree, {superseded} are
superseded, and {left_out} have no place in it, because nothing is billed or refused by them. Where the texts contradict
each other, the last table says what holds.

`python -m tests.tools.seed_facts` writes this page from `tests/tools/seed_facts.json` and the catalogue; a test holds
that they say the same. A text is named by its number, 0 to 4, and the line.
"""


@cache
def facts():
    return json.loads(FACTS.read_text("utf-8"), parse_float=Decimal)["facts"]


@cache
def contradictions():
    return json.loads(FACTS.read_text("utf-8"), parse_float=Decimal)["contradictions"]


# What the catalogue says: each kind of place is one function from its name to its value.


def input_named(name):
    type_name, _, input_name = name.partition(".")
    return component_type(type_name).inputs[input_name]


def in_constant(entry):
    module, _, name = entry["constant"].rpartition(".")
    return Decimal(int(getattr(import_module(module), name)))


def in_rate(entry):
    return first_price(entry["rate"]) * entry["per"]


def first_price(meter):
    place = meter_named(meter).place or REGION
    return find_rate(meter, place, DAY).bands[0][2]


def in_saving(entry):
    """Whole percent that the first is cheaper than the second."""
    cheap, dear = map(first_price, entry["saving"])
    return ((1 - cheap / dear) * 100).to_integral_value()


def in_choice(entry):
    sizes = [Decimal(str(choice)) for choice in input_named(entry["choice"]).choices if choice]
    return min(sizes) if entry["end"] == "least" else max(sizes)


def in_bill(entry):
    """What one of so many costs or uses, on a line of the bill of a component, with nothing free."""
    document = {"region": REGION, "as_of": DAY.isoformat(), "components": [entry["bill"]]}
    answer = estimate(parse(json.loads(json.dumps(document | {"account": {"free_tier": "none"}}, default=float))))
    line = next(line for line in answer.line_items if line.meter == entry["line"])
    return Decimal(str(getattr(line, entry["field"]))) / entry["each"]


PLACES = {
    "quota": lambda entry: quota_named(entry["quota"]).value,
    "holds": lambda entry: quota_named(entry["holds"]).value,
    "breaks": lambda entry: quota_named(entry["breaks"]).value,
    "says": lambda entry: quota_named(entry["says"]).exceeded,
    "rate": in_rate,
    "free_tier": lambda entry: free_tier_named(entry["free_tier"]).quantity,
    "default": lambda entry: Decimal(str(input_named(entry["default"]).default)),
    "least": lambda entry: Decimal(str(input_named(entry["least"]).at_least)),
    "choice": in_choice,
    "choices": lambda entry: ", ".join(map(str, input_named(entry["choices"]).choices)),
    "constant": in_constant,
    "saving": in_saving,
    "bill": in_bill,
}


def kind_of(entry):
    return next(kind for kind in PLACES if kind in entry)


def today(entry):
    """What the catalogue says at a place."""
    return PLACES[kind_of(entry)](entry)


def said(fact, entry):
    """What a fact says, in the unit of the catalogue; None where it is not a number."""
    value = entry.get("value", fact.get("value"))
    if not isinstance(value, int | Decimal):
        return None
    return Decimal(value) * Decimal(entry.get("times", 1)) + Decimal(entry.get("plus", 0))


def agrees(fact, entry):
    """Whether a place of the catalogue says what the fact says; an example must hold or break its limit."""
    value, found = said(fact, entry), today(entry)
    kind = kind_of(entry)
    if kind == "says":
        return str(fact["value"]) in found
    if value is None:
        return False
    if kind in ("holds", "breaks"):
        more = value > found if quota_named(entry[kind]).kind == "maximum" else value < found
        return more == (kind == "breaks")
    return value == found


# The page


def page():
    """The text of docs/seed-facts.md."""
    held = [fact for fact in facts() if "superseded" not in fact and "left_out" not in fact]
    superseded = [fact for fact in facts() if "superseded" in fact]
    left_out = [fact for fact in facts() if "left_out" in fact]
    counts = {"facts": len(facts()), "held": len(held), "superseded": len(superseded), "left_out": len(left_out)}
    rows = [[*about(fact), places(fact), fact["superseded"]] for fact in superseded]
    parts = [
        HEAD.format(**counts),
        table("Superseded", ["Service", "Fact", "Said", "The catalogue", "Why"], rows),
        table("In the catalogue", ["Service", "Fact", "Said", "The catalogue"], [[*about(f), places(f)] for f in held]),
        table("No place for it", ["Service", "Fact", "Said", "Why"], [[*about(f), f["left_out"]] for f in left_out]),
        table(
            "Contradictions", ["Topic", "Said", "Today", "The catalogue"], [contradiction(c) for c in contradictions()]
        ),
    ]
    return "\n".join(parts)


def about(fact):
    return [
        fact["service"],
        f"{fact['fact']} ({fact['document']}:{fact['line']})",
        f"{shown(fact['value'])} {fact['unit']}",
    ]


def places(fact):
    return ", ".join(map(place, fact.get("catalogue", ()))) or "none"


def place(entry):
    """A place of the catalogue and what stands there."""
    kind = kind_of(entry)
    name = " and ".join(entry[kind]) if kind == "saving" else entry["line"] if kind == "bill" else entry[kind]
    found = today(entry)
    if kind in ("quota", "holds", "breaks"):
        return f"`{name}`: {shown(found)} {quota_named(name).unit}"
    return f"`{name}`" if kind == "says" else f"`{name}`: {shown(found)}"


def contradiction(entry):
    texts = "; ".join(f"{number}: {text}" for number, text in entry["said"].items())
    return [entry["topic"], texts, entry["today"], entry.get("left_out") or places(entry)]


def shown(value):
    if not isinstance(value, int | Decimal):
        return str(value)
    exact = Decimal(value).normalize()
    return f"{exact:,f}" if exact.as_tuple().exponent <= 0 else f"{exact.quantize(WHOLE):,f}"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
