"""The databases that tests work on: one that another test had before is as one that nobody had."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from app import database
from app.migrations.tables import metadata
from members.tables import Outbox
from tests.builders import NOW, in_force
from tests.databases import Postgres, clone

CHANGES = (
    "CREATE TABLE further (n integer)",
    "ALTER TABLE member ADD COLUMN further integer",
    "ALTER TABLE member ALTER COLUMN name DROP NOT NULL",
    "CREATE INDEX further ON member (name)",
    "ALTER TABLE member RENAME COLUMN name TO title",
)


def test_what_a_test_wrote_is_gone(
    database_kind: str, empty_template: str, postgres: Postgres | None
) -> None:
    for _ in range(3):
        with clone(database_kind, empty_template, postgres) as url:
            engine = database.engine(url)
            assert set(_counts(engine).values()) == {0}
            with database.transaction(engine) as session:
                in_force(session)
                session.add(Outbox(members="", at=NOW))
            counts = _counts(engine)
            assert counts["programme_version"] == counts["outbox"] == 1
            assert _first_number(engine) == 1
            # nothing is closed: what a test leaves open must not hold up the next one
        if postgres:
            with pytest.raises(DBAPIError), engine.connect() as late:
                late.execute(text("SELECT count(*) FROM member"))
        engine.dispose()


@pytest.mark.parametrize("change", CHANGES)
def test_tables_that_a_test_changed_are_nobody_elses(
    change: str, database_kind: str, empty_template: str, postgres: Postgres | None
) -> None:
    if database_kind == "sqlite" and "ALTER COLUMN" in change:
        return  # SQLite cannot say this
    with clone(database_kind, empty_template, postgres) as url:
        engine = database.engine(url)
        before = _columns(engine)
        with engine.begin() as connection:
            connection.execute(text(change))
        assert _columns(engine) != before or "INDEX" in change or "NULL" in change
        engine.dispose()
    names = list(postgres.emptied) if postgres else []
    assert not any(url.endswith(f"/{name}") or f"/{name}?" in url for name in names)
    with clone(database_kind, empty_template, postgres) as url:
        engine = database.engine(url)
        assert _columns(engine) == before
        engine.dispose()


def test_whoever_comes_back_has_a_database_of_their_own(
    empty_template: str, postgres: Postgres | None
) -> None:
    if not postgres:
        return  # a file that is gone is nobody's
    with clone("postgresql", empty_template, postgres):
        pass
    late = database.engine(postgres.url(postgres.emptied[-1]))
    with late.connect() as line:
        line.execute(text("SELECT 1"))
        with clone("postgresql", empty_template, postgres) as url:
            engine = database.engine(url)
            assert set(_counts(engine).values()) == {0}
            engine.dispose()
        line.invalidate()
    late.dispose()


def _counts(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        names = [table.name for table in metadata().sorted_tables]
        return {name: connection.scalar(text(f'SELECT count(*) FROM "{name}"')) or 0 for name in names}


def _first_number(engine: Engine) -> int | None:
    with engine.connect() as connection:
        return connection.scalar(text("SELECT min(seq) FROM outbox"))


def _columns(engine: Engine) -> dict[str, list[tuple[str, bool]]]:
    found = inspect(engine)
    return {
        name: [(str(column["name"]), bool(column["nullable"])) for column in found.get_columns(name)]
        for name in found.get_table_names()
    }
