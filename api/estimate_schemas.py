"""An estimate, described: for the documentation, and for the test that real ones are so.

Answers are written straight from the records, not through these schemas: that takes fifty times less.
"""

from marshmallow import fields

from api.fields import Described, Money, anything, day, flag, many, money, number, one_of, text, texts


class TierUsedSchema(Described):
    """A tier that a line item reaches."""

    from_ = number("Where the tier begins, in the meter's unit.")
    from_.data_key = "from"
    to = number("Where it ends; null: nowhere.", allow_none=True)
    quantity = number("How much of the line item falls into it.")
    price = money("Of one unit.")


class RateUsedSchema(Described):
    """Where a price comes from."""

    effective = day("Since when it is known to hold.")
    source = text("Its document, in words and with its address.")
    checked = day("When it was seen last.")
    link = text("The address of its document; empty: it has none.")
    old = flag("Whether nobody has seen it for a year before the day of the bill.")
    derived = flag("Whether it is of a later day than the bill, and nothing says that it was another before.")
    unverified = flag("Whether nobody has read it in its document.")


class PricesUsedSchema(Described):
    """How old the published prices of a bill are."""

    oldest = text("The day of the price that was not seen for longest; empty: there is none.")
    newest = text("The day of the price that was seen last; empty: there is none.")
    lines = number("Line items with a published price.")
    old = number("How many of them are older than a year.")
    derived = number("How many of them are derived from a later day.")
    unverified = number("How many of them nobody has read in their document.")
    text = text("The same in words.")


class LineItemSchema(Described):
    """What one component pays for one meter in a month."""

    component = text("The name of the component.")
    type = text("Its component type.")
    region = text()
    meter = text()
    title = text()
    usage = number("Per month, in the unit.")
    unit = text()
    free = number("The share of the free tier.")
    billable = number("Usage less what is free.")
    list_cost = money("Per month, at list price.")
    cost = money("Per month, at the account's own price where its price book says one.")
    tiers = many(TierUsedSchema)
    rate = fields.Nested(RateUsedSchema, required=True)


class ComponentCostSchema(Described):
    """What one component pays in all in a month."""

    component = text()
    type = text()
    region = text()
    cost = money("Per month.")


class DemandSchema(Described):
    """A limit, and what is demanded of it."""

    quota = text("The name of the quota.")
    title = text()
    component = fields.String(
        required=True, allow_none=True, metadata={"description": "null: all components of the account together."}
    )
    components = texts("The names of those whose demand counts.")
    region = text()
    demand = number()
    limit = number()
    unit = text()
    kind = one_of("maximum", "minimum")
    adjustable = flag("Whether AWS raises it on request.")


class ViolationSchema(DemandSchema):
    """A limit that AWS would enforce."""

    exceeded = text("What AWS does.")
    remedy = text("What helps.")
    source = text()
    checked = text()
    confidence = one_of("high", "medium", "low")


class HeadroomSchema(DemandSchema):
    """A limit beside what is demanded of it."""

    used = number("The share of the limit that is demanded; null: anything is too much.", allow_none=True)
    status = one_of("ok", "near", "violated")
    multiple = number("Times the traffic at which it breaks; null: no traffic does.", allow_none=True)
    code = text("Its quota code; empty if it has none.")


class GrowthSchema(Described):
    """What breaks first when the traffic grows: a limit, or a rule that finds an error."""

    multiple = number(
        "Times the traffic, rounded down; 0: broken whatever the traffic; null: nothing breaks.", allow_none=True
    )
    at_business_hours = number(
        "The same at business hours, where nobody says how the traffic lies; null: it is said, or nothing breaks.",
        allow_none=True,
    )
    shape = one_of("constant", "business_hours", "daily_peak", "weights", "peak", "")
    quota = fields.String(required=True, allow_none=True, metadata={"description": "null: no limit breaks first."})
    finding = fields.String(required=True, allow_none=True, metadata={"description": "The rule; null: no error."})
    title = fields.String(required=True, allow_none=True, metadata={"description": "Of the limit, or of the rule."})
    components = texts("The names of those whose demand counts.")
    region = fields.String(required=True, allow_none=True)
    text = text("The same in words.")


class FindingSchema(Described):
    """A rule that is broken."""

    id = text("The name of the rule.")
    severity = one_of("error", "warning", "info")
    title = text()
    components = texts("The path.")
    numbers = text("What was compared.")
    why = text()
    remedy = text("What to do.")
    saving = fields.Float(
        required=True, allow_none=True, metadata={"description": "USD per month; null: it is not about money."}
    )
    source = text()
    checked = text()
    minor = fields.Boolean(required=True, metadata={"description": "It saves less than $1 or 1 % of the bill."})


class FlowLineSchema(Described):
    """What a connection carries."""

    from_ = text('A component, or "traffic": from outside.')
    from_.data_key = "from"
    to = text("The component that it leads to.")
    calls = number("Per month.")
    peak = number("In the busiest second.")
    payload_kb = number("Of one call; null: not known.", allow_none=True)


class BurstSchema(Described):
    """A rate with a bucket of tokens, at the busiest time."""

    quota = text("The name of the rate's quota.")
    title = text()
    components = texts("The names of those whose demand counts.")
    region = text()
    rate = number("What refills the bucket, per second.")
    bucket = number("What it holds.")
    demand = number("What is asked for, per second.")
    length_s = number("Of the burst; null: as long as the peak lasts.", allow_none=True)
    seconds_until_throttle = number("null: nothing is refused.", allow_none=True)
    refused = number("Of the burst; null: it has no end.", allow_none=True)
    refused_share = number()


class QueueSchema(Described):
    """A queue and the function that drains it: messages per second, and seconds."""

    component = text("The queue.")
    function = text("What drains it.")
    inflow = number("In the mean of the month.")
    peak = number("At the busiest time.")
    drain_rate = number("What is worked off.")
    concurrency = number("Executions that may work on it at one time.")
    utilisation = number("The peak over what is worked off.")
    backlog = number("Most messages that wait, in the week or after the burst.")
    oldest_s = number("Longest wait.")
    retention_s = number("How long a message is kept.")
    clear_s = number("Until nothing waits; null: never.", allow_none=True)
    in_flight = number("Most messages received and not yet deleted.")
    expired_share = number("Of the messages, not worked on before the retention is over.")


class RemedySchema(Described):
    """A way to have fewer cold starts."""

    what = text()
    cost = fields.Float(
        required=True, allow_none=True, metadata={"description": "USD per month that it costs more; null: not priced."}
    )


class FunctionSchema(Described):
    """A function under its traffic."""

    component = text()
    mean_concurrency = number()
    peak_concurrency = number()
    mean_environments = fields.Float(
        required=True,
        allow_none=True,
        metadata={"description": "Alive at one time, busy or idle: they hold connections. null: too much to work out."},
    )
    peak_environments = fields.Float(
        required=True, allow_none=True, metadata={"description": "The same at the busiest time."}
    )
    cold_share = number("Of the calls that provisioned concurrency does not serve.")
    p50_ms = number("What half of the calls stay within.")
    p95_ms = number()
    p99_ms = number()
    throttled_share = number("Of the calls at the busiest time, by the function's own reservation.")
    init_cost = fields.Float(
        required=True, allow_none=True, metadata={"description": "USD per month for initialization; null: not priced."}
    )
    remedies = many(RemedySchema)


class AssumptionSchema(Described):
    """A value that the document did not give."""

    pointer = text("JSON Pointer to where it would stand in the document.")
    value = anything("What was taken instead.")
    unit = text()
    why = text()
    origin = one_of("default", "derived", "computed")


class NotPricedSchema(Described):
    """What a component uses and no price is known of."""

    component = text("The name of the component.")
    meter = text("The name of the meter.")
    region = text("The place without a price.")
    pointer = text("JSON Pointer to the component, or to the switch of the hidden line.")


class CatalogueUsedSchema(Described):
    """Which state of the catalogue answered."""

    digest = text("SHA-256 of the data files: equal digests give equal answers.")
    newest_source = text("The day of the newest source of a price used; empty if none was.")


class LimitsSchema(Described):
    """Where an architecture breaks."""

    growth = fields.Nested(GrowthSchema, required=True)
    headroom = many(HeadroomSchema, "The first to break first.")
    violations = many(ViolationSchema)
    findings = many(FindingSchema, "The gravest first.")
    flow = many(FlowLineSchema, "Connections of the document, then those of the hidden lines.")
    bursts = many(BurstSchema)
    queues = many(QueueSchema)
    functions = many(FunctionSchema)
    assumptions = many(AssumptionSchema)


class EstimateSchema(LimitsSchema):
    """What an architecture costs in a month, and which limits it violates."""

    name = text()
    region = text()
    as_of = day()
    currency = one_of("USD")
    month_hours = number()
    free_tier = one_of("none", "always", "12_months", "credits")
    list_total = money("Per month, at list price.")
    total = money("Per month; the sum of the line items.")
    total_is = one_of("exact", "at_least")
    unpriced = many(NotPricedSchema, 'What the total lacks, where the document says `"unpriced": "list"`.')
    line_items = many(LineItemSchema)
    by_component = many(ComponentCostSchema)
    prices = fields.Nested(PricesUsedSchema, required=True)
    catalogue = fields.Nested(CatalogueUsedSchema, required=True)


class ChangeSchema(Described):
    """A line item that two bills do not have alike, or whose price they do not."""

    component = text()
    meter = text()
    title = text()
    region = text("The place that prices it.")
    before = money("What it cost.")
    after = money("What it costs.")
    difference = money("What it costs more.")
    rate_before = fields.Nested(
        RateUsedSchema, required=True, allow_none=True, metadata={"description": "null: there was no such line item."}
    )
    rate_after = fields.Nested(
        RateUsedSchema, required=True, allow_none=True, metadata={"description": "null: there is no such line item."}
    )
    prices_before = fields.List(Money(), required=True, metadata={"description": "Of one unit, by tier reached. [USD]"})
    prices_after = fields.List(Money(), required=True, metadata={"description": "Of one unit, by tier reached. [USD]"})


class ChangesSchema(Described):
    """The bills of an architecture on two days, and every line item that changed."""

    as_of_before = day()
    as_of_after = day()
    before = money("The total of the one.")
    after = money("The total of the other.")
    difference = money("What the other costs more.")
    lines = many(ChangeSchema, "The largest difference first.")
