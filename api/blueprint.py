"""How views are written: what one takes and answers stands above it, and nothing else is let through to it."""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import TYPE_CHECKING, Any, NoReturn, Protocol, TypeVar, cast

import flask
import marshmallow
from flask import Response, current_app, request
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import NotAcceptable

from api.http import read_body
from api.problems import InvalidQuery
from calculator.document.faults import escape
from pricing.errors import Fault, InvalidDocument

View = TypeVar("View", bound=Callable[..., Response])


class Decorator(Protocol):
    """What is written above a view."""

    def __call__(self, view: View, /) -> View:
        """The view, with what was added."""


if TYPE_CHECKING:
    # flask-smorest publishes no types: these are the methods that are used of it.
    class _Blueprint(flask.Blueprint):
        def __init__(self, *args: Any, description: str = "", **kwargs: Any) -> None: ...
        def arguments(self, schema: object, *, location: str = "json", **options: Any) -> Decorator: ...
        def response(self, status_code: int, schema: object = None, **options: Any) -> Decorator: ...
        def alt_response(self, status_code: int, response: str | None = None, **options: Any) -> Decorator: ...
        def doc(self, **options: Any) -> Decorator: ...
else:
    from flask_smorest import Blueprint as _Blueprint


class Parser(FlaskParser):
    """Reads arguments strictly: unknown ones are refused in a query too, and JSON is read by our loader."""

    DEFAULT_UNKNOWN_BY_LOCATION = FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION | {"query": marshmallow.RAISE}

    def _raw_load_json(self, _req: flask.Request) -> object:
        return read_body()

    def handle_error(self, error: marshmallow.ValidationError, *_: object, **__: object) -> NoReturn:
        """Tell what is wrong with the body or the query, each fault with its pointer."""
        [(location, messages)] = error.messages_dict.items()
        refused = InvalidQuery if location == "query" else InvalidDocument
        raise refused(_faults(messages, "")) from error


class Blueprint(_Blueprint):
    """The views of one resource, with what they take and answer.

    Views answer themselves (`send`): what is said of their answers here is documentation, and costs a request nothing.
    """

    ARGUMENTS_PARSER = Parser()

    def __init__(self, name: str, import_name: str, **options: Any) -> None:
        super().__init__(name, import_name, **options)
        self.before_request(_refuse_unasked)

    def answers(self, status: int, schema: object = None, **options: Any) -> Decorator:
        """Document the answer of the view, and the view's name as that of the operation."""

        def decorate(view: View) -> View:
            named = self.doc(operationId=view.__name__)
            return _documented(self.response(status, schema, **options))(_documented(named)(view))

        return decorate

    def also_answers(self, status: int, **options: Any) -> Decorator:
        """Document another answer of the view."""
        return _documented(self.alt_response(status, **options))

    def leads_to(self, status: int, *views: str, **parameters: str) -> Decorator:
        """Document that an answer holds the parameters of other views."""
        links = {view: {"operationId": view, "parameters": parameters} for view in views}
        return _documented(self.doc(responses={status: {"links": links}}))

    def header(self, **parameter: object) -> Decorator:
        """Document a header of the request that the view reads."""
        return _documented(self.doc(parameters=[{"in": "header", "schema": {"type": "string"}} | parameter]))

    def query(self, schema: type[marshmallow.Schema]) -> Decorator:
        """Give the view the arguments of the query."""

        def decorate(view: View) -> View:
            view.takes_query = True  # type: ignore[attr-defined]
            return self.arguments(schema, location="query")(view)

        return decorate

    def body(self, schema: str, *, example: object) -> Decorator:
        """Give the view the JSON of the body as it is; `schema` names the description of it."""
        content = {"schema": {"$ref": f"#/components/schemas/{schema}"}, "example": example}

        def decorate(view: View) -> View:
            @wraps(view)
            def taking(*args: Any, **kwargs: Any) -> Response:
                return view(read_body(), *args, **kwargs)

            document = self.doc(requestBody={"required": True, "content": {"application/json": content}})
            return cast(View, _documented(document)(taking))

        return decorate


def _documented(document: Decorator) -> Decorator:
    """Take only the documentation from a decorator of flask-smorest, and let requests come straight to the view."""

    def decorate(view: View) -> View:
        view._apidoc = document(view)._apidoc  # type: ignore[attr-defined]
        return view

    return decorate


def path_name(schema: str) -> dict[str, object]:
    """The documentation of a name in the path; `schema` names the list of those that there are."""
    return {"in": "path", "name": "name", "required": True, "schema": {"$ref": f"#/components/schemas/{schema}"}}


def _refuse_unasked() -> None:
    """Refuse a query where the view takes none, and answers in formats other than JSON."""
    view = current_app.view_functions[request.endpoint or ""]
    if request.query_string and not hasattr(view, "takes_query"):
        raise InvalidQuery(Fault(f"/{escape(name)}", "unknown argument; expected none") for name in request.args)
    accepted = request.headers.get("Accept", "*/*")
    if accepted not in ("*/*", "application/json"):
        types = request.accept_mimetypes
        if types and not types.quality("application/json"):
            raise NotAcceptable("The answer is application/json.")


def _faults(messages: Any, pointer: str) -> Iterator[Fault]:
    if isinstance(messages, dict):
        for key, inner in messages.items():
            yield from _faults(inner, pointer if key == "_schema" else f"{pointer}/{escape(key)}")
    else:
        for message in messages:
            yield Fault(pointer, message.rstrip("."))
