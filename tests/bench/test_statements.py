"""A batch of 500 facts costs the server as many statements as a batch of 10."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from app import database
from app.cli.bench.statements import NOW, compare, counting
from members.programme import apply
from members.programme.presets import preset
from tests.databases import Postgres


@pytest.fixture
def log(postgres: Postgres | None) -> Path | None:
    """Where PostgreSQL writes what it executes."""
    return postgres.server.log if postgres else None


def test_the_count_is_the_servers_own(engine: Engine, log: Path | None) -> None:
    with counting(engine, log) as count:
        before = count()
        with database.transaction(engine) as session:
            connection = session.connection().connection.driver_connection
            assert connection is not None
            mark = "%s" if log else "?"
            many = f"INSERT INTO identity (key, member_id, since) VALUES ({mark}, {mark}, {mark})"
            rows = [(f"email:{n}", "0" * 31 + str(n), "2026-01-01 00:00:00") for n in range(3)]
            connection.cursor().executemany(many, rows)
            session.execute(text("SELECT count(*) FROM identity"))
        assert count() - before == 3 + 1 + 2  # each row of executemany, the question, BEGIN and COMMIT


def test_a_large_batch_takes_no_more_statements_than_a_small_one(engine: Engine, log: Path | None) -> None:
    with database.transaction(engine) as session:
        apply(session, preset("grocery", NOW), base=None, actor="test", now=NOW)
    found = compare(engine, log)
    assert {name: large for name, (_, large) in found.items()} == {
        name: small for name, (small, _) in found.items()
    }
    assert len(found) == 14
    assert all(small > 3 for small, _ in found.values())
