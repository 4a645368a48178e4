"""The connections: what AWS carries between two component types, and what it refuses."""

from collections.abc import Mapping

from flask import Response

from api.blueprint import Blueprint
from api.catalogue_schemas import IntegrationSchema
from api.http import send_published
from api.schemas import TypeQuery
from pricing.catalogue.integrations import integration_record, integrations

blueprint = Blueprint("connections", __name__, description="What AWS carries between two component types")


@blueprint.route("/connections")
@blueprint.query(TypeQuery)
@blueprint.answers(200, IntegrationSchema(many=True))
def get_connections(query: Mapping[str, str]) -> Response:
    """List the pairs of component types that AWS connects, and those that it refuses."""
    end = query.get("type")
    return send_published(
        [integration_record(row) for row in integrations() if end in (None, row.from_type, row.to_type)]
    )
