"""The meters: what AWS bills, and every known price of it."""

from collections.abc import Mapping

from flask import Response

from api.blueprint import Blueprint, path_name
from api.catalogue_schemas import MeterSchema
from api.http import send_published
from api.schemas import RegionQuery
from api.tables import meter_table
from pricing.catalogue import meter_named

blueprint = Blueprint("meters", __name__, description="What AWS bills, and every known price of it")


@blueprint.route("/meters/<name>", parameters=[path_name("MeterName")])
@blueprint.query(RegionQuery)
@blueprint.answers(200, MeterSchema)
def get_meter(query: Mapping[str, str], name: str) -> Response:
    """List every rate of a meter with its dates and source."""
    return send_published(meter_table(meter_named(name), query.get("region")))
