"""What is told of the catalogue, described: for the documentation, and for the test that real answers are so.

Answers are written straight from the records, not through these schemas: that takes fifty times less.
"""

from marshmallow import fields

from api.fields import Described, anything, flag, many, money, number, one_of, text, texts


class InputSchema(Described):
    """What a document may say of a component."""

    name = text()
    about = text()
    unit = text()
    required = flag("Whether a document must say it (where `when` holds).")
    default = anything('"month_hours": the hours of the month; "none": not set; null: required, or `mean_rate_of`.')
    mean_rate_of = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The monthly input that is spread evenly if not given."},
    )
    choices = fields.List(
        fields.Raw(), required=True, allow_none=True, metadata={"description": "null: it is a number."}
    )
    at_least = number()
    at_most = number(allow_none=True)
    when = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.Raw()),
        required=True,
        metadata={"description": "It counts only if these inputs have one of these choices."},
    )


class MeterSummarySchema(Described):
    """What AWS counts to bill it."""

    name = text()
    title = text()
    unit = text()


class FreeTierSchema(Described):
    """An allowance that AWS takes off before it prices."""

    name = text("The key in `account.already_used`.")
    covers = texts("The meters that share it.")
    quantity = number("Per month.")
    unit = text()
    kind = one_of("always", "12_months")
    scope = one_of("account", "region")
    source = text()
    checked = fields.Date(required=True)
    note = text()


class ComponentTypeSchema(Described):
    """A kind of component."""

    name = text()
    title = text()
    about = text()
    pricing_page = text()
    inputs = many(InputSchema, "In the order of a form.")
    meters = many(MeterSummarySchema)
    free_tiers = many(FreeTierSchema)


class ComponentTypesSchema(Described):
    """All component types."""

    items = many(ComponentTypeSchema)
    total = fields.Integer(required=True)


class QuotaSchema(Described):
    """A limit that AWS sets."""

    name = text()
    type = text()
    title = text()
    unit = text()
    region = fields.String(required=True, allow_none=True)
    value = number("In the region, or where no exception is known.")
    regions = fields.Dict(
        keys=fields.String(),
        values=fields.Float(),
        required=True,
        metadata={"description": "The exceptions by region."},
    )
    kind = one_of("maximum", "minimum")
    scope = one_of("component", "account")
    adjustable = flag("Whether AWS raises it on request.")
    exceeded = text("What AWS does.")
    remedy = text("What helps.")
    source = text()
    checked = text()
    confidence = one_of("high", "medium", "low")
    code = text("The code in AWS Service Quotas, if it has one.")
    note = text()


class QuotasSchema(Described):
    """Quotas."""

    items = many(QuotaSchema)
    total = fields.Integer(required=True)


class TierSchema(Described):
    """A part of a rate."""

    from_ = number("Where it begins, in the meter's unit.")
    from_.data_key = "from"
    to = number("Where it ends; null: nowhere.", allow_none=True)
    price = money("Of one unit.")
    rate_code = text("The code in the AWS Price List, if it is known.")


class RateSchema(Described):
    """The price of a meter in one region from one day on."""

    region = text()
    effective = fields.Date(required=True)
    source = text()
    checked = fields.Date(required=True)
    tiers = many(TierSchema)


class MeterSchema(MeterSummarySchema):
    """A meter with every rate that is known, and the free tiers that cover it."""

    type = text()
    free_tiers = many(FreeTierSchema)
    rates = many(RateSchema)
