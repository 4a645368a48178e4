"""What is asked, described and checked: queries, and architectures to be saved; and how a refusal looks."""

from marshmallow import Schema, ValidationError, fields, validate

from api.fields import Day, Described, WholeNumber, one_of, text
from api.store import NAME_LENGTH
from api.tables import known_places
from pricing.catalogue.catalogue import component_types
from pricing.prices.coverage import regions

PRINTABLE = r"^[^\x00-\x1f\x7f]*\Z"


class FaultSchema(Described):
    """One thing that is wrong, and where."""

    pointer = fields.String(
        required=True,
        metadata={"description": "JSON Pointer into the body, or into the query read as an object of its arguments."},
    )
    detail = fields.String(required=True)


class ProblemSchema(Described):
    """A refusal (RFC 9457)."""

    type = fields.String(required=True, metadata={"description": "What kind of refusal this is, for programs."})
    title = fields.String(required=True, metadata={"description": "What kind of refusal this is, for people."})
    status = fields.Integer(required=True)
    detail = fields.String(required=True, metadata={"description": "What is wrong this time."})
    instance = fields.String(required=True, metadata={"description": "The path that was asked."})
    errors = fields.List(fields.Nested(FaultSchema), required=True)


def _check_region(region: str) -> None:
    if region not in regions():
        raise ValidationError(f"no price is known in {region!r}; expected one of {', '.join(regions())}")


def _check_place(place: str) -> None:
    if place not in known_places():
        raise ValidationError(f"no price is known in {place!r}; expected one of {', '.join(known_places())}")


def _check_type(name: str) -> None:
    if name not in component_types():
        raise ValidationError(f"no component type {name!r}; expected one of {', '.join(component_types())}")


def _check_words(words: str) -> None:
    if not words.strip():
        raise ValidationError("expected a word to look for")


def _described_by(schema: str, about: str) -> dict[str, object]:
    return {"description": about, "allOf": [{"$ref": f"#/components/schemas/{schema}"}]}


class PlaceQuery(Schema):
    """A place to look at: a region, or where else prices hold."""

    region = fields.String(validate=_check_place, metadata=_described_by("PlaceName", "Only in this place."))


class SearchQuery(Schema):
    """Words to look for."""

    q = fields.String(
        required=True,
        validate=[validate.Length(max=200), _check_words],
        metadata={
            "description": "Each must be in the name or the title.",
            "minLength": 1,
            "pattern": r"\S",
            "example": "rekognition",
        },
    )
    type = fields.String(
        validate=_check_type, metadata=_described_by("ComponentTypeName", "Only meters of this component type.")
    )
    limit = WholeNumber(text=True, load_default=20, validate=validate.Range(1, 100))


class DayQuery(Schema):
    """A day to look at."""

    as_of = Day(metadata={"description": "Prices of this day; if not given, today's.", "example": "2026-09-01"})


class ChangesQuery(Schema):
    """Two days to compare."""

    before = Day(required=True, metadata={"description": "The day of the one bill.", "example": "2024-10-15"})
    after = Day(required=True, metadata={"description": "The day of the other bill.", "example": "2026-09-01"})


class QuotaQuery(Schema):
    """A component type and a region to look at."""

    region = fields.String(validate=_check_region, metadata=_described_by("RegionName", "Only in this region."))
    type = fields.String(
        validate=_check_type, metadata=_described_by("ComponentTypeName", "Only quotas of this component type.")
    )


class TypeQuery(Schema):
    """A component type to look at."""

    type = fields.String(
        validate=_check_type, metadata=_described_by("ComponentTypeName", "Only pairs with this type at one end.")
    )


class PageQuery(Schema):
    """Which part of a list to answer."""

    limit = WholeNumber(text=True, load_default=20, validate=validate.Range(1, 100))
    offset = WholeNumber(text=True, load_default=0, validate=validate.Range(0, 10**9))


class ToSaveSchema(Described):
    """An architecture to save: its document as it is, and a name for lists."""

    document = fields.Raw(required=True, metadata=_described_by("Architecture", "Kept as it was sent."))
    name = fields.String(
        validate=[
            validate.Length(1, NAME_LENGTH),
            validate.Regexp(PRINTABLE, error="expected printable characters"),
        ],
        metadata={"description": "If not given: the name in the document.", "pattern": r"^[^\x00-\x1f\x7f]*$"},
    )


class SavedSchema(Described):
    """A saved architecture, without its document."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    version = fields.Integer(required=True, metadata={"description": "Counts the changes; in quotes, it is the ETag."})
    created = fields.DateTime(required=True)
    updated = fields.DateTime(required=True)


class SavedDocumentSchema(SavedSchema):
    """A saved architecture."""

    document = fields.Raw(required=True, metadata=_described_by("Architecture", "As it was sent."))


class SavedPageSchema(Described):
    """A part of the list of saved architectures."""

    items = fields.List(fields.Nested(SavedSchema), required=True)
    total = fields.Integer(required=True, metadata={"description": "How many there are in all."})


class HealthSchema(Described):
    """How the service is."""

    status = one_of("ok", "unavailable")
    version = text()
    catalogue = text("Digest of the catalogue.")
    machine = fields.String(
        required=True,
        validate=validate.OneOf(("warm", "cold")),
        metadata={"description": "Whether a first sweep would have to wait for the machine to be compiled."},
    )
    database = one_of("reachable", "unreachable")
