"""What is told of the catalogue, described: for the documentation, and for the test that real answers are so.

Answers are written straight from the records, not through these schemas: that takes fifty times less.
"""

from marshmallow import fields

from api.fields import Described, anything, day, flag, many, money, number, one_of, text, texts, whole


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
    text = flag("Whether it is a text, neither a number nor a choice.")
    limited_by = texts("The quotas that it is itself compared with.")
    varies = flag("Whether each call may have another value, of which this is the mean.")


class MeterSummarySchema(Described):
    """What AWS counts to bill it."""

    name = text()
    title = text()
    unit = text()


class FoundMeterSchema(Described):
    """A meter that a search found."""

    name = text("The name under which its rates are.")
    type = text("The component type that uses it.")
    inputs = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        metadata={"description": "What a component of this type says to use it; of `metered_usage` only."},
    )
    title = text()
    unit = text()
    places = whole("In how many places it has a price: regions, geographies of CloudFront, or 1 for everywhere.")
    as_of = day("The newest day on which one of these prices was seen.")


class FoundMetersSchema(Described):
    """Meters that a search found: those of the component types, then those of the price feeds."""

    items = many(FoundMeterSchema)
    total = whole("How many there are in all.")


class FreeTierSchema(Described):
    """An allowance that AWS takes off before it prices."""

    name = text("The key in `account.already_used`.")
    covers = texts("The meters that share it.")
    quantity = number("Per month.")
    unit = text()
    kind = one_of("always", "12_months")
    scope = one_of("account", "region")
    source = text()
    checked = day()
    note = text()
    except_in = texts("How the names of the regions begin in which AWS does not give it.")


class FlowSchema(Described):
    """How traffic passes a component of a type."""

    takes = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        metadata={"description": "Inputs that arriving traffic fills, and with what of it."},
    )
    leaves = text("The input that says how much goes on; empty: nothing does.")
    told = texts("Inputs that the connections behind it decide.")
    as_source = texts("Inputs of a connection that have a meaning where it leaves such a component.")
    as_target = texts("Inputs of a connection that have a meaning where it leads to such a component.")
    brings = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        required=True,
        metadata={"description": "Writes or reads of what leaves it, where a connection says neither."},
    )


class ComponentTypeSchema(Described):
    """A kind of component."""

    name = text()
    title = text()
    about = text()
    pricing_page = text()
    inputs = many(InputSchema, "In the order of a form.")
    meters = many(MeterSummarySchema)
    free_tiers = many(FreeTierSchema)
    flow = fields.Nested(FlowSchema, required=True)


class ArrivingSchema(Described):
    """An amount of the arriving traffic, as the `takes` of a type name it."""

    name = text()
    always = flag("Whether it is known of all traffic; of the others, such as sizes, only where somebody says them.")


class ComponentTypesSchema(Described):
    """All component types."""

    items = many(ComponentTypeSchema)
    total = whole()
    traffic = many(InputSchema, "Numbers that may be said of the traffic from outside.")
    connection = many(InputSchema, "What may be said of a connection.")
    connection_always = texts("Which of that has a meaning between any two types.")
    connection_settles = texts("Which of that makes up for writes and reads that a connection does not say.")
    implied_ends = texts("Where a connection may lead without a component of that name: an `external_endpoint`.")
    arriving = many(ArrivingSchema, "What may fill an input: the vocabulary of `takes`.")
    hidden_lines = many(InputSchema, "What may be said of the hidden lines.")


def _numbers(about: str) -> fields.Dict:
    return fields.Dict(keys=fields.String(), values=fields.Float(), required=True, metadata={"description": about})


class BilledSchema(Described):
    """What each side of a pair is billed, in words."""

    source = text()
    target = text()


class IntegrationSchema(Described):
    """How AWS carries things from one component type to another, or why it does not."""

    from_ = text("The type at the source; `traffic` comes from outside, `any` is every type.")
    from_.data_key = "from"
    to = text("The type at the target, or where a flow ends outside of AWS.")
    supported = flag("Whether AWS carries anything.")
    when = fields.Dict(
        keys=fields.String(),
        values=fields.Dict(keys=fields.String(), values=fields.List(fields.Raw())),
        required=True,
        metadata={"description": "The choices of `source` and `target` with which this holds; empty: always."},
    )
    how = text("call, poll, push, buffer, rule, subscription, task, origin, replication, log, attach or trigger.")
    arrives = text("What arrives for what leaves.")
    defaults = _numbers("What holds if a connection does not say it: batches, buffers and retries.")
    limits = _numbers("The most that AWS takes.")
    asynchronous = flag("Whether nobody waits for an answer.")
    same_region = flag("Whether both must be in one region.")
    billed = fields.Nested(BilledSchema, required=True)
    bytes = text("Which bytes cost.")
    why = text("Why AWS refuses it.")
    instead = texts("What to put between.")
    evidence = one_of("pair", "partly", "inferred", "own")
    source = text()
    checked = day()


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
    place = text('"global" where AWS limits the account in all regions together; otherwise "".')
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
    total = whole()


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
    effective = day("Since when it is known to hold.")
    source = text("Its document, in words.")
    link = text("The address of its document; empty: it has none.")
    unverified = flag("Whether nobody has read it in its document.")
    checked = day("When it was seen last.")
    tiers = many(TierSchema)


class MeterSchema(MeterSummarySchema):
    """A meter with every rate that is known, and the free tiers that cover it."""

    type = text()
    free_tiers = many(FreeTierSchema)
    rates = many(RateSchema)


class RegionCoverageSchema(Described):
    """An AWS region, and of how many component types all, some or none of the meters have a price there."""

    region = text()
    all = whole("Component types that can be priced wholly.")
    some = whole("Component types of which some meters have no price there.")
    none = whole("Component types that cannot be priced there.")


class RegionsSchema(Described):
    """The regions of which any price is known."""

    as_of = day("The day of the prices.")
    items = many(RegionCoverageSchema)
    total = whole()


class CoveredSchema(Described):
    """What of a component type has a price in one region."""

    region = text()
    extent = one_of("all", "some", "none")
    priced = whole("How many of the type's meters have a price.")
    missing = texts("The meters that have none, without the name of the type.")


class TypeCoverageSchema(Described):
    """What of a component type has a price, region by region."""

    type = text()
    title = text()
    pricing_page = text()
    meters = texts("All meters of the type, without its name.")
    regions = many(CoveredSchema)


class CoverageSchema(Described):
    """Which component types can be priced where.

    A type without meters of its own is not among them: what it uses is priced with the types whose meters they are.
    """

    as_of = day("The day of the prices.")
    items = many(TypeCoverageSchema)
    total = whole()
