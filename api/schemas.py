"""What is asked, described and checked: queries, and architectures to be saved; and how a refusal looks."""

from marshmallow import Schema, ValidationError, fields, validate

from api.fields import Described, WholeNumber, one_of, text
from api.store import NAME_LENGTH
from api.tables import known_regions
from pricing.catalogue import component_types

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
    if region not in known_regions():
        raise ValidationError(f"no price is known in {region!r}; expected one of {', '.join(known_regions())}")


def _check_type(name: str) -> None:
    if name not in component_types():
        raise ValidationError(f"no component type {name!r}; expected one of {', '.join(component_types())}")


def _described_by(schema: str, about: str) -> dict[str, object]:
    return {"description": about, "allOf": [{"$ref": f"#/components/schemas/{schema}"}]}


class RegionQuery(Schema):
    """A region to look at."""

    region = fields.String(validate=_check_region, metadata=_described_by("RegionName", "Only in this region."))


class QuotaQuery(RegionQuery):
    """A component type and a region to look at."""

    type = fields.String(
        validate=_check_type, metadata=_described_by("ComponentTypeName", "Only quotas of this component type.")
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
        validate=validate.OneOf(("warm", "warming", "cold")),
        metadata={"description": "Whether a first sweep would have to wait for the machine to be compiled."},
    )
    database = one_of("reachable", "unreachable")
