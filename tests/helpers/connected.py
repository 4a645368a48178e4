"""Documents by hypothesis in which traffic flows: any types, connected anyhow, in loops too, with an own price book."""

from hypothesis import strategies as st

from calculator import InvalidDocument, component_types, parse
from pricing.catalogue.catalogue import component_type, connection_inputs, hidden_line_inputs
from tests.helpers.documents import AS_OF, every_choice, full_component, numeric_inputs
from tests.helpers.flowing import is_carried

TYPES = component_types()
TAKING = [name for name in TYPES if component_type(name).flow.takes]
# What is connected most, so that loops and long ways are drawn too.
COMMON = ["lambda_function", "sqs_queue", "sns_topic", "kinesis_stream", "s3_bucket", "event_bus", "http_api"]
COUNTS = st.sampled_from([0, 1, 1000, 999_999, 10**7, 3 * 10**9])
SMALL = st.sampled_from([1, 2, 5, 64, 300])
SHARES = st.sampled_from([0, 0.1, 0.5, 0.999, 1])
SIZES = {"payload_kb": 3, "response_kb": 5, "shape": "business_hours"}
PERCENT = st.sampled_from([0, 5, 12.5, 99])


def number(known):
    """A number that an input may have."""
    strategy = SHARES if known.unit == "share" else COUNTS if known.unit.endswith("/month") else SMALL
    most = 744 if known.unit == "hour/month" else known.at_most
    return strategy.map(lambda n: min(max(n, known.at_least), n if most is None else most))


@st.composite
def components(draw, name):
    """A component whose inputs are stated or left to the traffic and the defaults."""
    kind = draw(st.sampled_from(COMMON) | st.sampled_from(TAKING) | st.sampled_from(TYPES))
    chosen = draw(st.sampled_from(every_choice(kind)))
    component = {"name": name, "type": kind, **chosen}
    for key, known in numeric_inputs(kind, chosen).items():
        if draw(st.booleans()):
            component[key] = draw(number(known))
    return component


@st.composite
def connections(draw, components):
    """A connection of two components, or from outside, with some of the settings that mean something on it."""
    ends = [
        (source, target)
        for target in components
        if target["type"] in TAKING
        for source in (None, *components)
        if source is None or is_carried(source["type"], target["type"])
    ]
    source, target = draw(st.sampled_from(ends))
    leaving = () if source is None else component_type(source["type"]).flow.as_source
    names = ["share", "calls", "payload_kb", "response_kb", "timeout_s", *leaving]
    names += component_type(target["type"]).flow.as_target
    connection = {"from": "traffic" if source is None else source["name"], "to": target["name"]}
    for name in draw(st.lists(st.sampled_from(names), max_size=5, unique=True)):
        known = connection_inputs()[name]
        connection[name] = draw(st.sampled_from(known.choices) if known.choices else number(known))
    if "writes" in names and "reads" not in connection:
        connection.setdefault("writes", 1)
    return connection


@st.composite
def price_books(draw):
    """An account's own prices, on everything or on a type."""
    on = st.sampled_from(["*", "sqs_queue", "lambda_function", "log_group"])
    discounts = st.fixed_dictionaries({"on": on, "percent": PERCENT})
    commitments = st.fixed_dictionaries({"on": on, "usd_per_hour": st.sampled_from([0, 0.01, 5]), "percent": PERCENT})
    rates = st.fixed_dictionaries({"meter": st.just("sqs_queue.requests"), "usd": st.sampled_from([0, 0.0000003])})
    lists = {"discounts": discounts, "commitments": commitments, "rates": rates}
    return {
        key: draw(st.lists(entry, max_size=2, unique_by=lambda one: one.get("on", one.get("meter"))))
        for key, entry in lists.items()
    }


@st.composite
def flowing(draw, most=6):
    """A document that can be computed: what a draw leaves out or does wrong is mended or taken out."""
    parts = [draw(components(f"c{place}")) for place in range(draw(st.integers(1, most)))]
    takes = any(one["type"] in TAKING for one in parts)
    ways = draw(st.lists(connections(parts), min_size=1, max_size=2 * most)) if takes else []
    requests = draw(COUNTS)
    document = {
        "region": "us-east-1",
        "as_of": AS_OF,
        "account": {"free_tier": draw(st.sampled_from(["none", "always"])), "price_book": draw(price_books())},
        "traffic": {"requests_per_month": requests, **draw(st.sampled_from([{}, {"peak_rps": requests}, SIZES]))},
        "hidden_lines": {
            name: draw(st.booleans()) for name, known in hidden_line_inputs().items() if known.choices == (False, True)
        },
        "components": parts,
        "connections": ways,
    }
    return mended(document)


def mended(document):
    """The document without the connections that are refused, and with what is missing stated."""
    while True:
        try:
            parse(document)
        except InvalidDocument as refused:
            pointers = [fault.pointer.split("/")[1:] for fault in refused.faults]
        else:
            return document
        lost = {int(place) for part, place, *_ in pointers if part == "connections"}
        components = [dict(component) for component in document["components"]]
        for part, place, *key in pointers:
            if part == "components":
                _state(components[int(place)], *key)
        ways = [way for place, way in enumerate(document["connections"]) if place not in lost]
        document = document | {"components": components, "connections": ways}


def _state(component, key):
    """State a missing input; one whose value is refused becomes what it is by default."""
    if key in component:
        del component[key]
    else:
        component[key] = full_component(component["type"], component)[key]
