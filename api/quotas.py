"""The quotas: what AWS limits."""

from collections.abc import Mapping

from flask import Response

from api.blueprint import Blueprint
from api.catalogue_schemas import QuotasSchema
from api.http import send_published
from api.schemas import QuotaQuery
from api.tables import all_types, quota_table

blueprint = Blueprint("quotas", __name__, description="What AWS limits")


@blueprint.route("/quotas")
@blueprint.query(QuotaQuery)
@blueprint.answers(200, QuotasSchema)
def get_quotas(query: Mapping[str, str]) -> Response:
    """List quotas."""
    kinds = [kind for kind in all_types() if query.get("type", kind.name) == kind.name]
    items = [quota_table(quota, query.get("region")) for kind in kinds for quota in kind.quotas.values()]
    return send_published({"items": items, "total": len(items)})
