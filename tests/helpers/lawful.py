"""Documents by hypothesis for the laws of traffic: components that say the least, and connections between them.

All that is sent and answered has one size, so that no mean of sizes moves when a connection is added. Nothing
initializes, no plan and no price book stands beside the list prices, and hidden lines have no defaults that a
connection replaces.
"""

from hypothesis import strategies as st

from pricing.catalogue.catalogue import component_type, connection_inputs
from tests.helpers.connected import COMMON, TAKING, mended
from tests.helpers.documents import AS_OF, every_choice
from tests.helpers.flowing import is_carried

# What takes hidden lines over where it is connected to them.
OWN = ("data_transfer", "log_group", "nat_gateway", "vpc_endpoint")
TYPES = [name for name in TAKING if name not in OWN]
# What makes calls cheaper as there are more, or stands beside the list price.
BESIDE = {"flat_rate_plan": "none", "pricing_plan": "pay_as_you_go", "snapstart": "none"}
SIZES = st.sampled_from([1, 3, 64.5, 200])
REQUESTS = st.sampled_from([0, 1000, 999_999, 10**7, 3 * 10**9])
PEAKS = st.sampled_from([{}, {"shape": "daily_peak"}, {"shape": "business_hours"}])
SETTINGS = {
    "share": st.sampled_from([0.1, 0.5, 1]),
    "calls": st.sampled_from([1, 2, 5]),
    "batch": st.sampled_from([1, 10, 100]),
    "batch_window_s": st.sampled_from([0, 1, 60]),
    "max_concurrency": st.sampled_from([2, 50]),
    "failure_share": st.sampled_from([0, 0.1, 0.5]),
    "max_receive_count": st.sampled_from([1, 3]),
    "partial_batch_response": st.booleans(),
    "per": st.sampled_from(["call", "message"]),
}


@st.composite
def components(draw, name):
    """A component of a type that takes calls, with a choice or two; what else it must say is said by `mended`."""
    kind = draw(st.sampled_from(COMMON) | st.sampled_from(TYPES))
    chosen = draw(st.just(every_choice(kind)[0]) | st.sampled_from(every_choice(kind)))
    return {"name": name, "type": kind, **chosen, **{name: plain for name, plain in BESIDE.items() if name in chosen}}


@st.composite
def connections(draw, parts, sizes):
    """A connection that AWS carries, between two of the parts or from outside; None where there is none."""
    ends = [
        (source, target)
        for target in parts
        for source in (None, *parts)
        if source is None or is_carried(source["type"], target["type"])
    ]
    if not ends:
        return None
    source, target = draw(st.sampled_from(ends))
    arriving = component_type(target["type"]).flow.as_target
    known = {"share", "calls", "per", *(component_type(source["type"]).flow.as_source if source else ()), *arriving}
    said = draw(st.lists(st.sampled_from(sorted(SETTINGS)), max_size=3, unique=True))
    settings = {name: draw(SETTINGS[name]) for name in said if name in known and connection_inputs()[name]}
    if {"writes", "reads"} <= {*arriving}:
        settings[draw(st.sampled_from(["writes", "reads"]))] = draw(st.sampled_from([1, 3]))
    return {"from": source["name"] if source else "traffic", "to": target["name"], **settings, **sizes}


def document_of(parts, ways, traffic, sizes):
    """A document that can be computed: connections that are refused are left out."""
    lines = {"nat_kb": 0, "log_kb": sizes["payload_kb"]}
    return mended(
        {
            "region": "us-east-1",
            "as_of": AS_OF,
            "account": {"free_tier": "none"},
            "traffic": traffic,
            "hidden_lines": lines,
            "components": parts,
            "connections": [way for way in ways if way is not None],
        }
    )


@st.composite
def flowing(draw, most=5):
    """A document, and one with a component or connections more; the first is the second without what was added."""
    parts = [draw(components(f"c{place}")) for place in range(draw(st.integers(1, most)))]
    new = [draw(components("new"))] if draw(st.booleans()) else []
    sizes = {"payload_kb": draw(SIZES), "response_kb": draw(SIZES)}
    ways = [draw(connections(parts, sizes)) for _ in range(draw(st.integers(1, 2 * most)))]
    added = [draw(connections([*parts, *new], sizes)) for _ in range(draw(st.integers(0 if new else 1, 2)))]
    traffic = {"requests_per_month": draw(REQUESTS), **sizes, **draw(PEAKS)}
    larger = document_of([*parts, *new], [*ways, *added], traffic, sizes)
    kept = [way for way in larger["connections"] if way in ways]
    return larger | {"components": larger["components"][: len(parts)], "connections": kept}, larger


BUFFERS = ("sqs_queue", "kinesis_stream", "dynamodb_table", "msk_cluster")


@st.composite
def chains(draw, most=3):
    """Buffers and functions in turn, each function sending on for each message or for each call, some failing."""
    parts, ways, before = [], [], "traffic"
    for place in range(draw(st.integers(1, most))):
        kind, buffer, function = draw(st.sampled_from(BUFFERS)), f"b{place}", f"f{place}"
        parts += [
            {"name": buffer, "type": kind},
            {"name": function, "type": "lambda_function", "duration_ms": draw(st.sampled_from([5, 900, 20_000]))},
        ]
        sent = {name: draw(SETTINGS[name]) for name in ("share", "calls")}
        per = {} if before == "traffic" else {"per": draw(SETTINGS["per"])}
        ways.append({"from": before, "to": buffer, **sent, **per} | ({"writes": 1} if "table" in kind else {}))
        ways += draw(drained(kind, buffer, function))
        parts += [{"name": f"dead {place}", "type": "sqs_queue"}] if len(ways[-1]["to"]) > 2 else []
        before = function
    return document_of(parts, ways, {"requests_per_month": draw(REQUESTS), **draw(PEAKS)}, {"payload_kb": 2})


@st.composite
def drained(draw, kind, buffer, function):
    """How a function takes what a buffer holds: in batches, some filtered out, some dead letters at last."""
    settings = {name: draw(SETTINGS[name]) for name in ("share", "batch", "batch_window_s", "failure_share")}
    way = {"from": buffer, "to": function, **settings}
    if kind != "sqs_queue":
        return [way | ({"max_retries": draw(st.sampled_from([0, 2]))} if draw(st.booleans()) else {})]
    way["partial_batch_response"] = draw(SETTINGS["partial_batch_response"])
    if draw(st.booleans()):
        return [way]
    dead = {"from": buffer, "to": f"dead {buffer[1:]}", "dead_letter": True}
    return [way | {"max_receive_count": draw(SETTINGS["max_receive_count"])}, dead]
