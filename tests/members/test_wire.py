"""The wire: straight from the driver comes what SQLAlchemy would say, errors included."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlmodel import Session, col

from app import database
from members import sets
from members.tables import Identity
from members.wire import Question

ODD = ("plain", "", "NULL", "{a,b}", 'a "quoted" \\ word', "comma, and 100 % %s $1", "line\nbreak", "ключ 😀")
AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
COLUMNS = ("key", "member_id", "since")
NAMED: Any = (
    select(col(Identity.key), col(Identity.member_id), col(Identity.since))
    .where(sets.Among(col(Identity.key), sets.several("keys")), col(Identity.key) != "left out")
    .order_by(col(Identity.key))
)
OWNED: Any = select(col(Identity.key)).where(sets.Among(col(Identity.member_id), sets.several("members")))


@pytest.fixture
def people(session: Session) -> list[tuple[str, UUID, datetime]]:
    rows = [(key, UUID(int=n), AT + timedelta(microseconds=n)) for n, key in enumerate((*ODD, "left out"))]
    sets.insert(session, Identity, COLUMNS, rows)
    return rows


@pytest.mark.parametrize("wanted", [(), ODD[:1], ODD, (*ODD, "left out", "nobody's")])
def test_an_answer_is_the_one_that_sqlalchemy_gives(
    session: Session, people: list[tuple[str, UUID, datetime]], wanted: tuple[str, ...]
) -> None:
    heard = session.connection().execute(NAMED, {"keys": list(wanted)}).all()
    found = Question(NAMED).ask(session, keys=list(wanted))
    assert [tuple(row) for row in found] == [tuple(row) for row in heard]
    assert sorted(tuple(row) for row in found) == sorted(
        row for row in people if row[0] in {*wanted} & {*ODD}
    )
    assert all(row[2].tzinfo is UTC for row in found)


def test_ids_are_asked_for_as_texts_are(session: Session, people: list[tuple[str, UUID, datetime]]) -> None:
    owned = Question(OWNED)
    for key, member_id, _ in people:
        assert [row[0] for row in owned.ask(session, members=[member_id])] == [key]
    assert len(owned.ask(session, members=[one[1] for one in people])) == len(people)


def test_what_is_there_already_is_refused_as_ever(
    session: Session, people: list[tuple[str, UUID, datetime]]
) -> None:
    with pytest.raises(IntegrityError), session.begin_nested():
        sets.insert(session, Identity, COLUMNS, people[:1])
    assert len(Question(NAMED).ask(session, keys=list(ODD))) == len(ODD)


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_a_lock_held_too_long_is_tried_again(engine: Engine) -> None:
    with database.transaction(engine) as session:
        sets.insert(session, Identity, COLUMNS, [("a", UUID(int=1), AT)])
    locking = Question(NAMED.with_for_update())
    with database.transaction(engine) as first, database.transaction(engine) as second:
        locking.ask(first, keys=["a"])
        second.execute(text("SET LOCAL lock_timeout = '10ms'"))
        with pytest.raises(OperationalError) as refused:
            locking.ask(second, keys=["a"])
        second.rollback()
    assert database.asks_again(refused.value)


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_a_line_that_was_cut_is_not_used_again(engine: Engine) -> None:
    who = Question(select(func.pg_backend_pid(), col(Identity.key)).select_from(Identity))
    with database.transaction(engine) as session:
        sets.insert(session, Identity, COLUMNS, [("a", UUID(int=1), AT)])
        before = who.ask(session)[0][0]
    with database.transaction(engine) as killer, database.transaction(engine) as other:
        killed = who.ask(other)[0][0]
        killer.execute(text("SELECT pg_terminate_backend(:pid, 60000)"), {"pid": killed})
        with pytest.raises(DBAPIError) as lost:
            who.ask(other)
        other.rollback()
    assert lost.value.connection_invalidated
    with database.transaction(engine) as session:
        after = who.ask(session)[0][0]
    assert after not in (before, killed)


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_plans_outlive_whoever_only_reads(engine: Engine) -> None:
    named, plans = (
        Question(NAMED),
        text("SELECT count(*) FROM pg_prepared_statements WHERE statement ~ 'identity'"),
    )
    for _ in range(10):  # the driver prepares what it hears again and again
        with database.reading(engine) as session:
            named.ask(session, keys=["a"])
    with database.reading(engine) as session:
        assert session.connection().execute(plans).scalar_one() == 1
