"""Documents by hypothesis: every component type with all its inputs, drawn from what the data files say of them.

Quantities have at most 9 significant digits and so few decimals that nothing a rule rounds up lies closer to a whole
step than floats can tell: what is then different between two readings is an error.
"""

import csv
import tomllib
from collections import defaultdict
from functools import cache
from itertools import product
from pathlib import Path

from hypothesis import strategies as st

DATA = Path(__file__).parents[1] / "pricing" / "data"
TYPES = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in sorted(DATA.glob("*.toml"))}
REGIONS = ("us-east-1", "eu-central-1", "eu-west-1")
AS_OF = "2026-09-01"


@cache
def regions_of(type_name):
    """Three regions, where there are so many, in which every meter of a type has a price."""
    priced = defaultdict(set)
    with (DATA / "rates" / f"{type_name}.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            priced[row["meter"]].add(row["region"])
    everywhere = set.intersection(*priced.values())
    return [*(region for region in REGIONS if region in everywhere), *sorted(everywhere - set(REGIONS))][:3]


def inputs_of(type_name):
    return TYPES[type_name]["inputs"]


def choice_inputs(type_name):
    return {name: entry["choices"] for name, entry in inputs_of(type_name).items() if "choices" in entry}


def matters(entry, chosen):
    return all(chosen.get(name) in values for name, values in entry.get("when", {}).items())


def combinations(type_name):
    """Every combination of choices that a component of the type can have."""
    choices = choice_inputs(type_name)
    seen = []
    for values in product(*choices.values()):
        chosen = dict(zip(choices, values, strict=True))
        kept = {}
        for name, value in chosen.items():
            if matters(inputs_of(type_name)[name], kept):
                kept[name] = value
        if kept not in seen:
            seen.append(kept)
    return seen


def numeric_inputs(type_name, chosen):
    """The inputs that are numbers and matter with these choices."""
    inputs = inputs_of(type_name).items()
    return {name: entry for name, entry in inputs if "choices" not in entry and matters(entry, chosen)}


def is_monthly(entry):
    return entry["unit"].endswith("/month") and entry["unit"] != "hour/month"


def edges(type_name):
    """Numbers around which something changes: the limits of the type, in units near those of its inputs."""
    quotas = TYPES[type_name].get("quotas", {}).values()
    limits = {value for quota in quotas for value in [quota["value"], *quota.get("regions", {}).values()]}
    return sorted({near for value in limits for near in (value - 1, value, value + 1) if near >= 0})


def decimals(digits, places):
    """Numbers of up to so many digits, of which so many after the point; as a user writes them."""
    return st.integers(0, 10**digits).map(lambda n: n / 10**places if n % 10**places else n // 10**places)


SMALL = st.sampled_from([0, 1, 2, 3, 10, 63, 64, 65, 100, 128, 512, 513, 1024, 6145])
COUNTS = st.one_of(
    st.sampled_from([0, 1, 999_999, 10**6, 10**6 + 1, 10**9, 10**11]),
    st.integers(0, 10**8),
    st.integers(0, 10**5).map(lambda n: n * 10**6),
)


def number(type_name, entry):
    """A strategy for one numeric input."""
    unit = entry["unit"]
    if unit == "share":
        return decimals(3, 3)
    if entry.get("at_least"):
        return st.integers(0, 190).map(lambda n: entry["at_least"] + n / 10 if n % 10 else entry["at_least"] + n // 10)
    if unit == "hour/month":
        return st.one_of(st.sampled_from([0, 1, 8, 730, 744]), decimals(5, 2).map(lambda n: n % 744))
    if unit == "GB/month":
        return st.one_of(SMALL, decimals(9, 3))
    if is_monthly(entry):
        return COUNTS
    return st.one_of(SMALL, decimals(7, 3), decimals(4, 1), st.sampled_from(edges(type_name)))


@st.composite
def components(draw, type_name, name="c", *, regions=None, explicit=False):
    """A component: all its inputs but some that need not be said (and those too if explicit)."""
    chosen = draw(st.sampled_from(combinations(type_name)))
    region = draw(st.sampled_from(regions or regions_of(type_name)))
    component = {"name": name, "type": type_name, "region": region, **chosen}
    for key, entry in numeric_inputs(type_name, chosen).items():
        unsaid = entry.get("default") == "none" or "mean_rate_of" in entry
        if not unsaid or explicit or draw(st.booleans()):
            component[key] = draw(number(type_name, entry))
    return component


@st.composite
def accounts(draw):
    free_tiers = [f"{stem}.{name}" for stem, data in TYPES.items() for name in data.get("free_tier", {})]
    used = st.one_of(st.just(0), st.integers(0, 2_000_000), st.just(10**9))
    return {
        "free_tier": draw(st.sampled_from(["none", "always", "12_months"])),
        "already_used": draw(st.dictionaries(st.sampled_from(free_tiers), used, max_size=3)),
    }


@st.composite
def documents(draw, *, types=tuple(TYPES), most=4, regions=None, as_of=(AS_OF,), explicit=False):
    """An architecture of one type or of several, in one month, with one account."""
    names = [f"c{i}" for i in range(draw(st.integers(1, most)))]
    kinds = [draw(st.sampled_from(types)) for _ in names]
    drawn = [
        draw(components(kind, name, regions=regions, explicit=explicit))
        for kind, name in zip(kinds, names, strict=True)
    ]
    return {
        "name": "drawn",
        "region": draw(st.sampled_from(regions or REGIONS)),
        "as_of": draw(st.sampled_from(as_of)),
        "month_hours": draw(st.sampled_from([730, 720, 744, 672, 1, 700.5])),
        "account": draw(accounts()),
        "components": drawn,
    }


def whole_component(type_name, chosen=None, **stated):
    """A component with everything said: every number is 1 or its default, but for what is stated."""
    chosen = combinations(type_name)[0] if chosen is None else chosen
    numbers = {}
    for key, entry in numeric_inputs(type_name, chosen).items():
        default = entry.get("default", 1)
        numbers[key] = default if isinstance(default, int | float) else 1
    return {"name": "c", "type": type_name, "region": "us-east-1", **chosen, **numbers, **stated}


def document_of(*components, **stated):
    """A document of these components with everything said."""
    base = {"name": "a", "region": "us-east-1", "as_of": AS_OF, "month_hours": 730, "account": {"free_tier": "always"}}
    return base | {"components": list(components)} | stated
