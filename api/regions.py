"""The regions, and which component types can be priced in each."""

from collections.abc import Mapping
from datetime import date

from flask import Response

from api.blueprint import Blueprint
from api.catalogue_schemas import CoverageSchema, RegionsSchema
from api.estimates import current_day
from api.http import send_published
from api.schemas import DayQuery
from api.tables import coverage_tables, region_tables

blueprint = Blueprint("regions", __name__, description="What can be priced where")


@blueprint.route("/regions")
@blueprint.query(DayQuery)
@blueprint.answers(200, RegionsSchema)
def get_regions(query: Mapping[str, date]) -> Response:
    """List the regions with how many component types can be priced there wholly, partly or not at all."""
    as_of = query.get("as_of") or current_day()
    items = list(region_tables(as_of))
    return send_published({"as_of": as_of, "items": items, "total": len(items)})


@blueprint.route("/coverage")
@blueprint.query(DayQuery)
@blueprint.answers(200, CoverageSchema)
def get_coverage(query: Mapping[str, date]) -> Response:
    """Tell of each component type and region which meters have no price."""
    as_of = query.get("as_of") or current_day()
    items = list(coverage_tables(as_of))
    return send_published({"as_of": as_of, "items": items, "total": len(items)})
