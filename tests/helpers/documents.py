"""Documents by hypothesis: every component type with all its inputs, drawn from what the catalogue says of them.

Quantities have at most 9 significant digits and so few decimals that nothing a rule rounds up lies closer to a whole
step than floats can tell: what is then different between two readings is an error. Prices are not known everywhere, so
a component is drawn in a region in which it has one; that there is such a region for each choice is a test of its own.
"""

import re
from functools import cache
from itertools import product

from hypothesis import strategies as st

from calculator import parse
from pricing.catalogue.catalogue import component_type, component_types
from pricing.formula.reading import as_float
from pricing.prices.pricelist import find_rate, regions_of
from tests.helpers.flowing import measure

TYPES = component_types()
REGIONS = ("us-east-1", "eu-central-1", "eu-west-1")
REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-[0-9]")
# The day on which every price of the rate files is known.
AS_OF = "2026-11-21"
# The last day on which an account has the free tier of its first 12 months.
LAST_12_MONTHS = "2026-07-14"
# Of a list of choices that is longer, three stand for all that open the same inputs.
FEW = 9

# What is said where an input is a text: metrics of AWS's feeds with long names and short, of all regions and of few.
TEXTS = {
    "metered_usage": [
        {"service": "swf", "metric": "InitiatedWorkflows"},
        {"service": "waf", "metric": "Requests Processed 48KB per Request"},
        {"service": "dynamodb", "metric": "PayPerRequest Write Request Units"},
        {"service": "guardduty", "metric": "RDS ACU Monitored CreateDBInstance 0006 per ACU-Months"},
        {"service": "acm", "metric": "kP1tCsqxkzAwp8GlXykVtd_G6gco7uW2We6MB_8jws0"},
        {
            "service": "databasemigrationsvc",
            "metric": "[DMS Replication Server Multiple AZ] DMS OnDemand Replication Server c5 xlarge Multiple AZ "
            "(Instance Type: c5.xlarge)",
        },
        {
            "service": "es",
            "metric": "m7g 2xlarge.search - General purpose - Reserved - EBS Only - All Upfront - 1yr - PrepaidCost "
            "(vCPU: 8, Memory (GiB): 32)",
        },
    ]
}


def inputs_of(type_name):
    return component_type(type_name).inputs


# What only decides a default: beside all other choices it would be tried seven times over.
NO_RULE_READS = ("runtime", "package")


def matters(known, chosen):
    return all(chosen.get(name) in values for name, values in known.when.items())


def _open_the_same(type_name, name, *choices):
    """Whether the choices of an input open the same inputs."""
    others = inputs_of(type_name).values()
    return len({tuple(other.name for other in others if choice in other.when.get(name, ())) for choice in choices}) == 1


def _few(type_name, name):
    """The choices of an input; of many that open the same inputs the first, one in the middle and the last."""
    groups = []
    for choice in inputs_of(type_name)[name].choices:
        same = next((group for group in groups if _open_the_same(type_name, name, group[0], choice)), None)
        if same is None:
            groups.append([choice])
        else:
            same.append(choice)
    if name in NO_RULE_READS:
        return [group[0] for group in groups]
    short = [group if len(group) <= FEW else [group[0], group[len(group) // 2], group[-1]] for group in groups]
    return [choice for group in short for choice in group]


@cache
def combinations(type_name):
    """The combinations of choices that a component of the type can have; long lists of choices are cut short."""
    if type_name in TEXTS:
        return TEXTS[type_name]
    choices = {name: _few(type_name, name) for name, known in inputs_of(type_name).items() if known.choices}
    seen = []
    for values in product(*choices.values()):
        kept = {}
        for name, value in zip(choices, values, strict=True):
            if matters(inputs_of(type_name)[name], kept):
                kept[name] = value
        if kept not in seen:
            seen.append(kept)
    return seen


@cache
def every_choice(type_name):
    """The combinations, and one more for each choice that stands in none of them."""
    found = list(combinations(type_name))
    for name, known in inputs_of(type_name).items():
        for choice in known.choices:
            alike = [one for one in found if name in one and _open_the_same(type_name, name, one[name], choice)]
            if not any(one[name] == choice for one in alike):
                found.append(alike[0] | {name: choice})
    return found


def numeric_inputs(type_name, chosen):
    """The inputs that are numbers and matter with these choices."""
    inputs = inputs_of(type_name).items()
    return {name: known for name, known in inputs if not known.choices and not known.text and matters(known, chosen)}


def is_monthly(known):
    return known.unit.endswith("/month") and known.unit != "hour/month"


# What has a price, and where


def full_component(type_name, chosen, **stated):
    """A component in which every quantity is used: another number in each input, so that a mix-up is seen.

    The numbers are above all that is free of charge in a component, and the shares of one are less than 1 together.
    """
    numbers = {
        name: 0.1 if known.unit == "share" else 20_001.5 + 13 * i
        for i, (name, known) in enumerate(numeric_inputs(type_name, chosen).items())
    }
    return {"name": "c", "type": type_name, "region": "us-east-1"} | chosen | numbers | stated


def unpriced(component, as_of):
    """The meters that a component uses at places where no price of them is known on the day."""
    architecture = parse({"region": component["region"], "as_of": as_of, "components": [component]})
    usage, _ = measure(architecture, as_float)
    used = {(each.meter.full_name, each.region) for each in usage if each.amount}
    return {(meter, place) for meter, place in used if find_rate(meter, place, architecture.as_of) is None}


@cache
def _all_regions():
    meters = [meter.full_name for name in TYPES for meter in component_type(name).meters.values()]
    regions = {region for meter in meters for region in regions_of(meter) if REGION.fullmatch(region)}
    return [*REGIONS, *sorted(regions - set(REGIONS))]


@cache
def _unpriced_inputs(type_name, chosen, region, as_of):
    """The inputs that must be 0 so that a component has a price in the region; None where it has none."""
    component = full_component(type_name, dict(chosen), region=region)
    missing = unpriced(component, as_of)
    optional = [name for name, known in numeric_inputs(type_name, component).items() if known.default == 0]
    zeros = [name for name in optional if missing and unpriced(component | {name: 0}, as_of) < missing]
    return None if unpriced(component | dict.fromkeys(zeros, 0), as_of) else zeros


@cache
def _priced_in(type_name, chosen, as_of, most):
    found = {}
    for region in _all_regions():
        zeros = _unpriced_inputs(type_name, chosen, region, as_of)
        if zeros is not None and len(found) < most:
            found[region] = zeros
    return dict(sorted(found.items(), key=lambda one: len(one[1])))


def priced_in(type_name, chosen, as_of=AS_OF, most=3):
    """Some regions, those with all prices first, and for each the inputs that have no price there."""
    return _priced_in(type_name, tuple(chosen.items()), as_of, most)


def inputs_without_price(component, as_of=AS_OF):
    """The inputs of a drawn component that must be 0, because what they use has no price in its region."""
    kind, region = component["type"], component["region"]
    chosen = {
        name: component[name]
        for name, known in inputs_of(kind).items()
        if known.choices or known.text
        if name in component
    }
    return _unpriced_inputs(kind, tuple(chosen.items()), region, as_of)


# Numbers


def edges(type_name):
    """Numbers around which something changes: the limits of the type, in units near those of its inputs."""
    quotas = component_type(type_name).quotas.values()
    limits = {float(value) for quota in quotas for value in [quota.value, *quota.regions.values()]}
    near = {near for value in limits for near in (value - 1, value, value + 1) if near >= 0}
    return sorted(int(value) if value.is_integer() else value for value in near) or [0]


def decimals(digits, places):
    """Numbers of up to so many digits, of which so many after the point; as a user writes them."""
    return st.integers(0, 10**digits).map(lambda n: n / 10**places if n % 10**places else n // 10**places)


SMALL = st.sampled_from([0, 1, 2, 3, 10, 63, 64, 65, 100, 128, 512, 513, 1024, 6145])
COUNTS = st.one_of(
    st.sampled_from([0, 1, 999_999, 10**6, 10**6 + 1, 10**9, 10**11]),
    st.integers(0, 10**8),
    st.integers(0, 10**5).map(lambda n: n * 10**6),
)


def number(type_name, known):
    """A strategy for one numeric input."""
    unit = known.unit
    if unit == "share":
        return decimals(3, 3)
    if known.at_least:
        return st.integers(0, 190).map(lambda n: known.at_least + n / 10 if n % 10 else known.at_least + n // 10)
    if unit == "hour/month":
        return st.one_of(st.sampled_from([0, 1, 8, 730, 744]), decimals(5, 2).map(lambda n: n % 744))
    if unit == "GB/month":
        return st.one_of(SMALL, decimals(9, 3))
    if is_monthly(known):
        return COUNTS
    return st.one_of(SMALL, decimals(7, 3), decimals(4, 1), st.sampled_from(edges(type_name)))


@st.composite
def components(draw, type_name, name="c", *, regions=None, as_of=AS_OF, explicit=False):
    """A component: all its inputs but some that need not be said (and those too if explicit).

    It has a price in its region, unless the regions are given.
    """
    any_choice = st.sampled_from(combinations(type_name)) | st.sampled_from(every_choice(type_name))
    if regions is None:
        chosen = draw(any_choice.filter(lambda chosen: priced_in(type_name, chosen, as_of)))
        zeros = priced_in(type_name, chosen, as_of)
    else:
        chosen, zeros = draw(any_choice), dict.fromkeys(regions, ())
    region = draw(st.sampled_from(list(zeros)))
    component = {"name": name, "type": type_name, "region": region, **chosen}
    for key, known in numeric_inputs(type_name, chosen).items():
        unsaid = known.default == "none" or known.mean_rate_of
        if not unsaid or explicit or draw(st.booleans()):
            component[key] = 0 if key in zeros[region] else draw(number(type_name, known))
    return component


@st.composite
def accounts(draw, day=AS_OF):
    free_tiers = [tier.full_name for name in TYPES for tier in component_type(name).free_tiers.values()]
    used = st.one_of(st.just(0), st.integers(0, 2_000_000), st.just(10**9))
    return {
        "free_tier": draw(st.sampled_from(["none", "always", "12_months" if day <= LAST_12_MONTHS else "credits"])),
        "already_used": draw(st.dictionaries(st.sampled_from(free_tiers), used, max_size=3)),
    }


@st.composite
def documents(draw, *, types=TYPES, most=4, regions=None, as_of=(AS_OF, LAST_12_MONTHS), explicit=False):
    """An architecture of one type or of several, in one month, with one account."""
    names = [f"c{i}" for i in range(draw(st.integers(1, most)))]
    day = draw(st.sampled_from(as_of))
    # Of few types, so that components share pools.
    some = draw(st.lists(st.sampled_from(types), min_size=1, max_size=3))
    kinds = [draw(st.sampled_from(some)) for _ in names]
    drawn = [
        draw(components(kind, name, regions=regions, as_of=day, explicit=explicit))
        for kind, name in zip(kinds, names, strict=True)
    ]
    return {
        "name": "drawn",
        "region": draw(st.sampled_from(regions or REGIONS)),
        "as_of": day,
        "month_hours": draw(st.sampled_from([730, 720, 744, 672, 1, 700.5])),
        "account": draw(accounts(day)),
        "components": drawn,
    }


def whole_component(type_name, chosen=None, **stated):
    """A component with everything said, where it has a price: numbers are 1 or the default, but for what is stated."""
    chosen = combinations(type_name)[0] if chosen is None else chosen
    numbers = {
        name: known.default if isinstance(known.default, int | float) else 1
        for name, known in numeric_inputs(type_name, chosen).items()
    }
    region = next(iter(priced_in(type_name, chosen)))
    return {"name": "c", "type": type_name, "region": region, **chosen, **numbers, **stated}


def document_of(*components, **stated):
    """A document of these components with everything said."""
    base = {"name": "a", "region": "us-east-1", "as_of": AS_OF, "month_hours": 730, "account": {"free_tier": "always"}}
    return base | {"components": list(components)} | stated
