"""What an architecture costs and which limits it breaks."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

from flask import Response

from api.blueprint import Blueprint
from api.estimate_schemas import ChangesSchema, EstimateSchema, LimitsSchema
from api.http import send
from api.schemas import ChangesQuery
from calculator import Architecture, changes, estimate, limits, parse

EXAMPLE = {
    "name": "orders",
    "region": "us-east-1",
    "as_of": "2026-09-01",
    "components": [
        {"name": "web", "type": "http_api", "requests": 30_000_000, "request_kb": 3},
        {
            "name": "handler",
            "type": "lambda_function",
            "requests": 30_000_000,
            "duration_ms": 120,
            "memory_mb": 512,
            "architecture": "arm64",
            "timeout_s": 10,
            "peak_rps": 60,
        },
        {"name": "jobs", "type": "sqs_queue", "messages": 5_000_000, "message_kb": 4},
    ],
}
# A table whose prices AWS has changed.
CHANGED = {
    "region": "us-east-1",
    "components": [
        {"name": "orders", "type": "dynamodb_table", "writes": 20_000_000, "reads": 50_000_000, "storage_gb": 0}
    ],
}

blueprint = Blueprint("estimates", __name__, description="What an architecture costs, and which limits it breaks")


@blueprint.route("/estimates", methods=["POST"])
@blueprint.body("Architecture", example=EXAMPLE)
@blueprint.answers(200, EstimateSchema)
def post_estimate(document: object) -> Response:
    """Estimate an architecture.

    A limit that it would break is a result, among `violations`; what cannot be computed is refused with every fault.
    """
    return send(estimate(read_architecture(document)))


@blueprint.route("/estimates/changes", methods=["POST"])
@blueprint.query(ChangesQuery)
@blueprint.body("Architecture", example=CHANGED)
@blueprint.answers(200, ChangesSchema)
def post_changes(document: object, query: Mapping[str, date]) -> Response:
    """Compare the bills of an architecture on two days: which line items changed, and which rate did it.

    The day that the document names counts for nothing here.
    """
    return send(changes(read_architecture(document), query["before"], query["after"]))


@blueprint.route("/limits", methods=["POST"])
@blueprint.body("Architecture", example=EXAMPLE)
@blueprint.answers(200, LimitsSchema)
def post_limits(document: object) -> Response:
    """Tell where an architecture breaks, without its prices.

    How far its traffic can grow and which limit breaks first, how much of each limit is used, and what the rules find.
    """
    return send(limits(read_architecture(document)))


def read_architecture(document: object) -> Architecture:
    """The architecture of a document; where it names no day, of today. Raises InvalidDocument."""
    return parse(document, today=current_day())


def current_day() -> date:
    """Today, in UTC."""
    return datetime.now(UTC).date()
