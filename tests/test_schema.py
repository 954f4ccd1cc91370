"""What the tables promise: keys that shard by member, migrations that arrive, honest engines."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, Table, UniqueConstraint, text
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlmodel import Session

from app import database
from app.migrations.tables import TABLE_MODULES, metadata

ROOT = Path(__file__).parent.parent
# Look-ups from a value to its member: keyed by the value, so they live on the value's shard (DESIGN §3).
BY_VALUE = {"identity", "claim", "alias", "reward_code", "pool_code", "credential_holder", "badge_page", "claim_code",
            "referral_code", "gift_code", "imported_person", "imported_line", "sign"}  # fmt: skip
TABLES = [pytest.param(table, id=table.name) for table in metadata().sorted_tables]


@pytest.mark.parametrize("table", TABLES)
def test_member_owned_tables_are_keyed_by_member(table: Table) -> None:
    if "member_id" not in table.c or table.name in BY_VALUE:
        assert table.primary_key.columns
        return
    keys: list[Sequence[str]] = [list(table.primary_key.columns.keys())]
    keys += [list(rule.columns.keys()) for rule in table.constraints if isinstance(rule, UniqueConstraint)]
    keys += [list(index.columns.keys()) for index in table.indexes if index.unique]
    keys += [key.column_keys for key in table.foreign_key_constraints]
    assert [key for key in keys if "member_id" not in key] == []
    assert keys[0][0] == "member_id", "the shard's column comes first in the primary key"


@pytest.mark.parametrize("table", TABLES)
def test_no_foreign_key_leaves_the_shard(table: Table) -> None:
    """A key to a member's row carries the member; all other references are by slug or by number."""
    for key in table.foreign_key_constraints:
        assert "member_id" in key.column_keys
        assert "member_id" in [element.column.name for element in key.elements]


@pytest.mark.parametrize("table", TABLES)
def test_amounts_and_moments_have_exact_types(table: Table) -> None:
    for column in table.c:
        assert not isinstance(column.type, (sa.Float, sa.Numeric)), f"{column} is not an integer"
        kind = getattr(column.type, "impl", column.type)
        if isinstance(kind, sa.DateTime):
            assert kind.timezone, f"{column} has no time zone"


def test_every_table_module_is_known_to_the_migrations() -> None:
    found = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for package in ("facts", "members", "rewards", "badges", "app")
        for path in (ROOT / package).rglob("*.py")
        if re.search(r"^class .*\btable=True\b", path.read_text(), re.MULTILINE)
    }
    assert found == set(TABLE_MODULES)


def test_migrations_end_at_the_tables_of_the_code(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, metadata()) == []


def test_migrations_are_one_line_with_one_end() -> None:
    scripts = ScriptDirectory(str(database.MIGRATIONS))
    assert len(scripts.get_heads()) == 1
    revisions = [revision.revision for revision in scripts.walk_revisions()]
    assert sorted(revisions, reverse=True) == revisions


def test_migrating_twice_changes_nothing(database_url: str, engine: Engine) -> None:
    def stand() -> list[str]:
        with engine.connect() as connection:
            return [*connection.scalars(text("SELECT version_num FROM alembic_version"))]

    before = stand()
    database.migrate(database_url)
    assert before == stand()
    assert len(before) == 1


def test_many_processes_migrate_at_once(database_url: str, engine: Engine) -> None:
    """Whoever comes second waits, and finds the work done."""
    with engine.begin() as connection:
        metadata().drop_all(connection)
        connection.execute(text("DELETE FROM alembic_version"))
    code = f"from app.database import migrate; migrate({database_url!r})"
    running = [subprocess.Popen([sys.executable, "-c", code], cwd=ROOT) for _ in range(3)]
    assert [process.wait(timeout=600) for process in running] == [0, 0, 0]
    with engine.connect() as connection:
        assert set(metadata().tables) <= set(sa.inspect(connection).get_table_names())


def test_transaction_commits_whole_or_not_at_all(engine: Engine) -> None:
    _make_scratch(engine)
    with database.transaction(engine) as session:
        session.connection().execute(text("INSERT INTO scratch VALUES (1)"))
    with pytest.raises(ZeroDivisionError):
        _write_and_stumble(engine)
    assert _scratch(engine) == [1]


def test_a_reader_cannot_write_and_does_not_wait(engine: Engine) -> None:
    _make_scratch(engine)
    with database.transaction(engine) as writer:
        writer.connection().execute(text("INSERT INTO scratch VALUES (1)"))
        with database.reading(engine) as reader:
            assert reader.connection().execute(text("SELECT count(*) FROM scratch")).scalar_one() == 0
            with pytest.raises(DBAPIError, match=r"read-?only"):
                reader.connection().execute(text("INSERT INTO scratch VALUES (2)"))
    with database.transaction(engine) as writer:
        writer.connection().execute(text("INSERT INTO scratch VALUES (3)"))
    assert _scratch(engine) == [1, 3]


def test_a_reader_sees_one_moment(engine: Engine) -> None:
    _make_scratch(engine)
    with database.reading(engine) as reader:
        assert reader.connection().execute(text("SELECT count(*) FROM scratch")).scalar_one() == 0
        with database.transaction(engine) as writer:
            writer.connection().execute(text("INSERT INTO scratch VALUES (1)"))
        assert reader.connection().execute(text("SELECT count(*) FROM scratch")).scalar_one() == 0
    assert _scratch(engine) == [1]


def test_writers_take_turns(engine: Engine) -> None:
    """Read, add one, write: no increment is lost between threads."""
    _make_scratch(engine)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO scratch VALUES (0)"))
    lock = "" if engine.dialect.name == "sqlite" else " FOR UPDATE"

    def add(session: Session) -> None:
        old = session.connection().execute(text(f"SELECT n FROM scratch{lock}")).scalar_one()
        session.connection().execute(text("UPDATE scratch SET n = :new"), {"new": old + 1})

    def work() -> None:
        for _ in range(20):
            database.attempt(engine, add)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert _scratch(engine) == [80]


def test_a_deadlock_is_tried_again(engine: Engine) -> None:
    """Two transactions that lock two rows in opposite order both end well."""
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE pair (id INTEGER PRIMARY KEY, n INTEGER)"))
        connection.execute(text("INSERT INTO pair VALUES (1, 0), (2, 0)"))
    meet = threading.Barrier(2)
    tries: list[int] = []
    failures: list[BaseException] = []

    def cross(first: int, second: int) -> None:
        def work(session: Session) -> None:
            tries.append(first)
            raise_one = text("UPDATE pair SET n = n + 1 WHERE id = :id")
            session.connection().execute(raise_one, {"id": first})
            if engine.dialect.name == "postgresql" and tries.count(first) == 1:
                meet.wait(timeout=120)
            session.connection().execute(raise_one, {"id": second})

        try:
            database.attempt(engine, work)
        except Exception as error:  # noqa: BLE001 - carried to the assertion below
            failures.append(error)

    threads = [threading.Thread(target=cross, args=pair) for pair in ((1, 2), (2, 1))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with engine.connect() as connection:
        assert [*connection.scalars(text("SELECT n FROM pair ORDER BY id"))] == [2, 2]
    assert len(tries) == (3 if engine.dialect.name == "postgresql" else 2)


def test_other_errors_come_out_at_once(engine: Engine) -> None:
    tries: list[int] = []

    def work(session: Session) -> None:
        tries.append(1)
        session.connection().execute(text("SELECT nothing FROM nowhere"))

    with pytest.raises(DBAPIError):
        database.attempt(engine, work)
    assert len(tries) == 1


def test_sqlite_is_durable_and_strict(tmp_path: Path) -> None:
    made = database.engine(f"sqlite:///{tmp_path / 'deep' / 'shop.sqlite'}")
    with made.connect() as connection:
        asked = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    made.dispose()
    assert asked == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30_000}


def test_a_busy_database_asks_to_be_tried_again() -> None:
    busy = sqlite3.OperationalError("database is locked")
    busy.sqlite_errorname = "SQLITE_BUSY"
    assert database.asks_again(OperationalError("BEGIN IMMEDIATE", None, busy))
    other = sqlite3.OperationalError("no such table")
    other.sqlite_errorname = "SQLITE_ERROR"
    assert not database.asks_again(OperationalError("SELECT 1", None, other))


@pytest.mark.parametrize("url", ["mysql://here/shop", "sqlite://", "sqlite:///:memory:"])
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises((ValueError, ArgumentError)):
        database.engine(url)


def test_the_session_of_a_test_leaves_nothing(session: Session, shared_engine: Engine) -> None:
    session.connection().execute(text("CREATE TABLE passing (n INTEGER)"))
    session.commit()
    session.connection().execute(text("INSERT INTO passing VALUES (1)"))
    session.rollback()
    assert session.connection().execute(text("SELECT count(*) FROM passing")).scalar_one() == 0


def _write_and_stumble(engine: Engine) -> None:
    with database.transaction(engine) as session:
        session.connection().execute(text("INSERT INTO scratch VALUES (2)"))
        raise ZeroDivisionError


def _make_scratch(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE scratch (n INTEGER)"))


def _scratch(engine: Engine) -> list[int]:
    with engine.connect() as connection:
        return [*connection.scalars(text("SELECT n FROM scratch ORDER BY n"))]
