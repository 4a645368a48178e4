"""The documentation of the API: OpenAPI for programs, Swagger UI for people, everything from this server."""

from importlib.util import find_spec
from pathlib import Path

import orjson
from flask import Blueprint, Flask, Response, current_app

from api.http import send_published

OPENAPI = "stackmeter.openapi"

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>stackmeter API</title>
<link rel="stylesheet" href="docs/assets/swagger-ui.css">
<link rel="icon" href="docs/assets/favicon-32x32.png">
</head>
<body>
<main id="documentation"><noscript><a href="openapi.json">openapi.json</a></noscript></main>
<script src="docs/assets/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
"""
START = """SwaggerUIBundle({ url: "openapi.json", dom_id: "#documentation", deepLinking: true, validatorUrl: null });
"""


def _swagger_ui() -> Path:
    # Found, not imported: the package's module imports Flask views that are not used here.
    found = find_spec("flask_swagger_ui")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("flask_swagger_ui")
    return Path(found.origin).parent / "dist"


blueprint = Blueprint("docs", __name__, static_folder=_swagger_ui(), static_url_path="/docs/assets")


@blueprint.get("/docs")
def get_docs() -> Response:
    """The page that shows the documentation."""
    return Response(PAGE, content_type="text/html; charset=utf-8")


@blueprint.get("/docs/start.js")
def get_start() -> Response:
    """The script of that page: a file of its own, because the page allows no script in itself."""
    return Response(START, content_type="text/javascript; charset=utf-8")


@blueprint.get("/openapi.json")
def get_openapi() -> Response:
    """The description of the API."""
    return send_published(orjson.Fragment(current_app.extensions[OPENAPI]))


def register_docs(app: Flask, description: object, *, url_prefix: str) -> None:
    """Serve the description of the API and the page that shows it."""
    app.extensions[OPENAPI] = orjson.dumps(description)
    app.register_blueprint(blueprint, url_prefix=url_prefix)
