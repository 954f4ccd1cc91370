"""Alembic's way in: on the connection that app.database.migrate hands over, or on the settings' database."""

from __future__ import annotations

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection, text
from sqlalchemy.types import DateTime, String

from app.database import engine
from app.migrations.tables import metadata
from app.settings import current

ONE_AT_A_TIME = 0x5265677573  # a number of our own for PostgreSQL's advisory lock


def plain_type(kind: str, item: object, _: AutogenContext) -> str | Literal[False]:
    """Write the database's own types into a revision, so that old revisions need no code of today."""
    if kind == "type" and isinstance(getattr(item, "impl", None), DateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(getattr(item, "impl", None), String):
        return "sa.String()"
    return False


def run(connection: Connection) -> None:
    """Run what is missing in one transaction, alone; on SQLite, beginning to write is the lock."""
    with connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ONE_AT_A_TIME})
        context.configure(
            connection=connection,
            target_metadata=metadata(),
            render_as_batch=True,
            render_item=plain_type,
            compare_type=True,
            compare_server_default=True,
        )
        context.run_migrations()


if context.is_offline_mode():
    raise SystemExit("Migrations look at the database they change, so they do not run offline.")

given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with engine(current().database_url).connect() as own:
        run(own)
