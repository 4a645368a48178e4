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

    effective = day()
    source = text()
    checked = day()


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


class ViolationSchema(Described):
    """A limit that AWS would enforce."""

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
    exceeded = text("What AWS does.")
    remedy = text("What helps.")
    source = text()
    checked = text()
    confidence = one_of("high", "medium", "low")


class AssumptionSchema(Described):
    """A value that the document did not give."""

    pointer = text("JSON Pointer to where it would stand in the document.")
    value = anything("What was taken instead.")
    unit = text()
    why = text()


class CatalogueUsedSchema(Described):
    """Which state of the catalogue answered."""

    digest = text("SHA-256 of the data files: equal digests give equal answers.")
    newest_source = text("The day of the newest source of a price used; empty if none was.")


class EstimateSchema(Described):
    """What an architecture costs in a month, and which limits it violates."""

    name = text()
    region = text()
    as_of = day()
    currency = one_of("USD")
    month_hours = number()
    free_tier = one_of("none", "always", "12_months")
    list_total = money("Per month, at list price.")
    total = money("Per month; the sum of the line items.")
    line_items = many(LineItemSchema)
    by_component = many(ComponentCostSchema)
    violations = many(ViolationSchema)
    assumptions = many(AssumptionSchema)
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
