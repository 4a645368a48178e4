"""What an architecture costs and which limits it breaks."""

from datetime import UTC, datetime

from flask import Response

from api.blueprint import Blueprint
from api.estimate_schemas import EstimateSchema
from api.http import send
from calculator import Architecture, estimate, parse

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

blueprint = Blueprint("estimates", __name__, description="What an architecture costs, and which limits it breaks")


@blueprint.route("/estimates", methods=["POST"])
@blueprint.body("Architecture", example=EXAMPLE)
@blueprint.answers(200, EstimateSchema)
def post_estimate(document: object) -> Response:
    """Estimate an architecture.

    A limit that it would break is a result, among `violations`; what cannot be computed is refused with every fault.
    """
    return send(estimate(read_architecture(document)))


def read_architecture(document: object) -> Architecture:
    """The architecture of a document; where it names no day, of today. Raises InvalidDocument."""
    return parse(document, today=datetime.now(UTC).date())
