"""The component types: what can be in an architecture."""

from flask import Response

from api.blueprint import Blueprint, path_name
from api.catalogue_schemas import ComponentTypeSchema, ComponentTypesSchema
from api.http import send_published
from api.tables import all_types, common_table, type_table
from pricing.catalogue.catalogue import component_type

blueprint = Blueprint("types", __name__, description="What can be in an architecture")


@blueprint.route("/types")
@blueprint.answers(200, ComponentTypesSchema)
def get_types() -> Response:
    """List all component types, and what may be said of traffic, connections and hidden lines."""
    items = [type_table(kind) for kind in all_types()]
    return send_published({"items": items, "total": len(items), **common_table()})


@blueprint.route("/types/<name>", parameters=[path_name("ComponentTypeName")])
@blueprint.answers(200, ComponentTypeSchema)
def get_type(name: str) -> Response:
    """Describe a component type."""
    return send_published(type_table(component_type(name)))
