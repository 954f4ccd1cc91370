"""Sets of rows: what goes in comes out, however many rows there are and whatever they hold."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, func
from sqlmodel import Session, col, select

from app import database
from members import sets
from members.tables import Identity, Standing

FEW_AND_MANY = (1, sets.FEW, sets.FEW + 1, 400)
AT = datetime(2026, 3, 1, 23, 59, 59, 123456, timezone(timedelta(hours=5, minutes=45)))
ODD = "“Ünï”\\'\"\n,{}\t%s %b $1 😀"
COLUMNS = ("member_id", "balance", "debt", "held", "seq", "tier_progress", "head", "tier", "as_of", "last_source",
           "last_id", "state", "game")  # fmt: skip


def rows(count: int) -> list[tuple[object, ...]]:
    return [
        (UUID(int=n + 1), 2**62 + n, 0, 0, -n, 0, bytes([n % 256, 0, 255]) * 4, ODD, AT if n % 2 else None, "", f"{n}",
         "{}", "{}") for n in range(count)
    ]  # fmt: skip


@pytest.mark.parametrize("count", FEW_AND_MANY)
def test_rows_come_back_as_they_were(session: Session, count: int) -> None:
    given = rows(count)
    sets.insert(session, Standing, COLUMNS, given)
    found = session.exec(select(Standing).order_by(col(Standing.member_id))).all()
    assert [tuple(getattr(row, name) for name in COLUMNS) for row in found] == given
    assert {row.as_of.tzinfo for row in found if row.as_of} <= {UTC}


@pytest.mark.parametrize("count", FEW_AND_MANY)
def test_rows_that_are_there_are_set_and_the_others_told(session: Session, count: int) -> None:
    keys = [(f"email:{n}", UUID(int=n + 1), AT) for n in range(count)]
    columns = ("key", "member_id", "since")
    sets.insert(session, Identity, columns, keys[: count // 2])
    new = sets.insert(session, Identity, columns, keys, "ON CONFLICT (key) DO NOTHING", ("key",))
    assert {row[0] for row in new} == {key[0] for key in keys[count // 2 :]}
    changed = [(key, UUID(int=1000), AT) for key, _, _ in keys]
    sets.write(session, [sets.upserted(Identity, columns, changed, ("key",))])
    owners = session.exec(select(Identity.member_id)).all()
    assert list(owners) == [UUID(int=1000)] * count


@pytest.mark.parametrize("count", FEW_AND_MANY)
def test_a_moment_needs_its_zone(session: Session, count: int) -> None:
    naive = [(f"email:{n}", UUID(int=n + 1), AT.replace(tzinfo=None)) for n in range(count)]
    with pytest.raises(ValueError, match="time zone"):
        sets.insert(session, Identity, ("key", "member_id", "since"), naive)


@pytest.mark.parametrize(
    "takes", [32_766, 250_000]
)  # as SQLite is built by its own default, and as Debian builds it
def test_as_many_rows_go_into_one_statement_as_sqlite_takes(engine: Engine, takes: int) -> None:
    given, told = rows(4000), list[str]()
    with database.transaction(engine) as session:
        line: Any = session.connection().connection.driver_connection
        if isinstance(line, sqlite3.Connection):
            line.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, takes)
            line.set_trace_callback(told.append)
        sets.insert(session, Standing, COLUMNS, given)
        if isinstance(line, sqlite3.Connection):
            line.set_trace_callback(None)
            most = line.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER)  # not more than it was built for
            assert len(told) == (1 if most >= len(given) * len(COLUMNS) else 2)
        assert session.exec(select(func.count()).select_from(Standing)).one() == 4000
