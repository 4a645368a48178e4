"""The API as a whole: its resources with their description, and what every answer of theirs has."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any, TextIO

from flask import Blueprint, Flask

from api import architectures, component_types, connections, estimates, health, meters, quotas, regions
from api.docs import register_docs
from api.document_schema import document_schemas
from api.http import MAX_BODY, STORE, register_headers, register_hosts
from api.log import register_log
from api.packing import register_packing
from api.problems import CONTENT_TYPE, register_problems
from api.schemas import ProblemSchema
from api.store import open_store

if TYPE_CHECKING:
    # flask-smorest publishes no types: this is what is used of it.
    class _Api:
        spec: Any

        def __init__(self, app: Flask, *, spec_kwargs: dict[str, object]) -> None: ...
        def register_blueprint(self, blueprint: Blueprint, *, url_prefix: str) -> None: ...

else:
    from flask_smorest import Api as _Api

PREFIX = "/api/v1"
RESOURCES = (estimates, component_types, connections, quotas, meters, regions, architectures, health)


class Api(_Api):
    """The API with its description, in which every error is a problem."""

    ERROR_SCHEMA = ProblemSchema

    def _register_responses(self) -> None:
        problem = {"content": {CONTENT_TYPE: {"schema": ProblemSchema}}}
        self.spec.components.response("DEFAULT_ERROR", {"description": "A refusal (RFC 9457)"} | problem, lazy=True)
        self.spec.components.response(
            "UNPROCESSABLE_ENTITY", {"description": "It cannot be done: every fault"} | problem
        )

    def _register_error_handlers(self) -> None:
        """Problems have a handler of their own."""


def register_api(app: Flask, *, database_url: str, log: TextIO, warm: bool, hosts: Collection[str]) -> None:
    """Serve the API under /api/v1, with saved architectures in the database at `database_url`.

    `hosts` are the names by which the application may be called.
    """
    app.extensions[STORE] = open_store(database_url)
    register_log(app, log)
    register_headers(app)
    register_packing(app)
    register_hosts(app, hosts)
    register_problems(app)
    health.register_machine(app, warm=warm)
    register_docs(app, _register_resources(app), url_prefix=PREFIX)


def _register_resources(app: Flask) -> object:
    """Register the views of every resource, and answer their description."""
    # One byte more than a body may have: of a body whose length is not told beforehand, Werkzeug hands out what fits.
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY + 1
    about = {"description": "What a serverless architecture on AWS costs, and which limits it breaks."}
    options: dict[str, object] = {
        "title": "stackmeter",
        "version": health.own_version(),
        "openapi_version": "3.1.0",
        "info": about,
    }
    api = Api(app, spec_kwargs=options)
    for name, schema in document_schemas().items():
        api.spec.components.schema(name, schema)
    for resource in RESOURCES:
        api.register_blueprint(resource.blueprint, url_prefix=PREFIX)
    return api.spec.to_dict()
