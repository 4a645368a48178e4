"""Runs the migrations on the connection that `api.store.migrate` gives; for Alembic's command on one of its own."""

import os

from alembic import context
from sqlalchemy import Connection, create_engine

from api.store import Base


def _run(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    _run(given)
else:
    with create_engine(os.environ["STACKMETER_DATABASE_URL"]).begin() as connection:
        _run(connection)
