"""The meters: what AWS bills, and every known price of it."""

from collections.abc import Mapping
from typing import Any

from flask import Response

from api.blueprint import Blueprint, path_name
from api.catalogue_schemas import FoundMetersSchema, MeterSchema
from api.http import send_published
from api.schemas import PlaceQuery, SearchQuery
from api.tables import found_table, meter_table
from pricing.catalogue.catalogue import meter_named
from pricing.prices.search import find_meters

blueprint = Blueprint("meters", __name__, description="What AWS bills, and every known price of it")


@blueprint.route("/meters")
@blueprint.query(SearchQuery)
@blueprint.answers(200, FoundMetersSchema)
def get_meters(query: Mapping[str, Any]) -> Response:
    """Search meters by words: those of the component types, and those of AWS's price feeds."""
    found, total = find_meters(query["q"], type_name=query.get("type", ""), limit=query["limit"])
    return send_published({"items": [found_table(meter) for meter in found], "total": total})


# A path, because the names of the price feeds hold slashes.
@blueprint.route("/meters/<path:name>", parameters=[path_name("MeterName")])
@blueprint.query(PlaceQuery)
@blueprint.answers(200, MeterSchema)
def get_meter(query: Mapping[str, str], name: str) -> Response:
    """List every rate of a meter with its dates and source."""
    return send_published(meter_table(meter_named(name), query.get("region")))
