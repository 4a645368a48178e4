"""Whether the service can do its work."""

from functools import lru_cache
from importlib.metadata import version
from threading import Event, Thread

from flask import Flask, Response, current_app

from api.blueprint import Blueprint
from api.http import current_store, send
from api.schemas import HealthSchema
from pricing.catalogue.catalogue import component_types, digest

WARM = "stackmeter.warm"

blueprint = Blueprint("health", __name__, description="Whether the service can do its work")


@blueprint.route("/healthz")
@blueprint.also_answers(503, schema=HealthSchema, description="The database does not answer.")
@blueprint.answers(200, HealthSchema)
def get_health() -> Response:
    """Tell how the service is."""
    reachable = current_store().reachable()
    health = {
        "status": "ok" if reachable else "unavailable",
        "version": own_version(),
        "catalogue": digest(frozenset(component_types())),
        "machine": "warm" if current_app.extensions[WARM].is_set() else "cold",
        "database": "reachable" if reachable else "unreachable",
    }
    return send(health, 200 if reachable else 503)


def register_machine(app: Flask, *, warm: bool) -> None:
    """Say whether the machine of sweeps is compiled; if `warm`, have it compiled in the background."""
    done = app.extensions[WARM] = Event()
    if warm:
        Thread(target=_warm, args=(done,), name="warm", daemon=True).start()


@lru_cache(maxsize=1)
def own_version() -> str:
    """The version of stackmeter that is installed."""
    return version("stackmeter")


def _warm(done: Event) -> None:
    # Imported here because the first import of numba takes seconds, in which requests are answered already.
    from calculator import warm

    warm()
    done.set()
