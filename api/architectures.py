"""Saved architectures, with optimistic concurrency: a change names the version that it was made from."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import orjson
from flask import Response, url_for

from api.blueprint import Blueprint
from api.estimates import EXAMPLE, read_architecture
from api.http import current_store, expected_versions, send, send_version
from api.schemas import PageQuery, SavedDocumentSchema, SavedPageSchema, ToSaveSchema
from api.store import SavedArchitecture
from pricing.errors import Fault, InvalidDocument

blueprint = Blueprint("architectures", __name__, description="Saved architectures")

IF_MATCH = {
    "name": "If-Match",
    "required": True,
    "description": "The ETag of the version that is to be changed; * for whichever it is.",
    "example": '"1"',
}
IF_NONE_MATCH = {
    "name": "If-None-Match",
    "description": "The ETag of the version that is known: it is not sent again.",
}
# Where the id and the version in an answer go in the requests after it.
KNOWN = {"wanted": "$response.body#/id", "If-None-Match": "$response.header.ETag"}
CHANGE = {"wanted": "$response.body#/id", "If-Match": "$response.header.ETag"}
ETAG = {"ETag": {"schema": {"type": "string"}, "description": "The version, for If-Match."}}
LOCATION = {"Location": {"schema": {"type": "string"}, "description": "Where it is."}}


@blueprint.route("/architectures")
@blueprint.query(PageQuery)
@blueprint.answers(200, SavedPageSchema)
def get_architectures(query: Mapping[str, int]) -> Response:
    """List saved architectures, the oldest first."""
    saved, total = current_store().page(limit=query["limit"], offset=query["offset"])
    return send({"items": [_summary(one) for one in saved], "total": total})


@blueprint.route("/architectures", methods=["POST"])
@blueprint.arguments(ToSaveSchema, example={"document": EXAMPLE})
@blueprint.leads_to(201, "get_architecture", **KNOWN)
@blueprint.leads_to(201, "put_architecture", "delete_architecture", **CHANGE)
@blueprint.answers(201, SavedDocumentSchema, headers=ETAG | LOCATION)
def post_architecture(body: Mapping[str, Any]) -> Response:
    """Save an architecture."""
    saved = current_store().add(*_to_save(body))
    response = send_version(_whole(saved), saved.version, 201)
    response.headers["Location"] = url_for(".get_architecture", wanted=saved.id)
    return response


@blueprint.route("/architectures/<uuid:wanted>")
@blueprint.header(**IF_NONE_MATCH)
@blueprint.also_answers(304, description="It is still the version that is known.")
@blueprint.answers(200, SavedDocumentSchema, headers=ETAG)
def get_architecture(wanted: UUID) -> Response:
    """Read a saved architecture."""
    saved = current_store().find(wanted)
    return send_version(_whole(saved), saved.version)


@blueprint.route("/architectures/<uuid:wanted>", methods=["PUT"])
@blueprint.header(**IF_MATCH)
@blueprint.arguments(ToSaveSchema, example={"document": EXAMPLE})
@blueprint.leads_to(200, "put_architecture", "delete_architecture", **CHANGE)
@blueprint.answers(200, SavedDocumentSchema, headers=ETAG)
def put_architecture(body: Mapping[str, Any], wanted: UUID) -> Response:
    """Change a saved architecture that nobody else has changed meanwhile."""
    saved = current_store().replace(wanted, *_to_save(body), expected=expected_versions())
    return send_version(_whole(saved), saved.version)


@blueprint.route("/architectures/<uuid:wanted>", methods=["DELETE"])
@blueprint.header(**IF_MATCH)
@blueprint.answers(204)
def delete_architecture(wanted: UUID) -> Response:
    """Delete a saved architecture that nobody else has changed meanwhile."""
    current_store().remove(wanted, expected=expected_versions())
    return Response(status=204)


def _to_save(body: Mapping[str, Any]) -> tuple[str, str]:
    """Name and JSON text of an architecture that can be computed. Raises InvalidDocument."""
    try:
        architecture = read_architecture(body["document"])
    except InvalidDocument as invalid:
        faults = [Fault(f"/document{fault.pointer}", fault.detail) for fault in invalid.faults]
        raise InvalidDocument(faults) from invalid
    # Not orjson, which refuses whole numbers beyond 64 bits.
    return body.get("name", architecture.name), json.dumps(body["document"])


def _summary(saved: SavedArchitecture) -> dict[str, object]:
    return {
        "id": saved.id,
        "name": saved.name,
        "version": saved.version,
        "created": saved.created,
        "updated": saved.updated,
    }


def _whole(saved: SavedArchitecture) -> dict[str, object]:
    return _summary(saved) | {"document": orjson.Fragment(saved.document)}
