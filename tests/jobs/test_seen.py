"""When a session was last in use is written at most once an hour, and by nobody who only reads."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from app import database, door
from app.door import Admitted
from app.jobs import seen
from members import sessions
from members.roles import Capability, Person
from members.tables import BrowserSession
from tests.builders import in_force

NOW = datetime.now(UTC)


@pytest.fixture
def token(house: Path) -> str:
    door.were_here()
    with database.transaction(door.engine()) as session:
        in_force(session)
        return sessions.start(session, Person("kim", "owner"), NOW - timedelta(hours=3))[0]


def look(token: str) -> bool:
    """What a page does when it is opened."""
    found = door.admit(token, Capability.ENTER_STAFF, lambda _s, person, _n: person.id, writes=False)
    return isinstance(found, Admitted)


def at() -> datetime | None:
    with database.reading(door.engine()) as session:
        return session.exec(select(BrowserSession.seen_at)).one()


def test_it_is_written_behind_and_once_an_hour(token: str) -> None:
    assert [look(token) for _ in range(5)] == [True] * 5
    assert at() == NOW - timedelta(hours=3), "who reads writes nothing"
    digests = door.were_here()
    assert (len(digests), door.were_here()) == (1, [])
    engine, hour = door.engine(), timedelta(hours=1)
    written = [
        seen.write_down(engine, digests, NOW + after)
        for after in (timedelta(0), timedelta(minutes=1), timedelta(minutes=59), hour, hour, hour * 3)
    ]
    assert written == [1, 0, 0, 1, 0, 1]
    assert at() == NOW + hour * 3


def test_who_is_nobody_or_has_gone_leaves_no_mark(token: str) -> None:
    assert not look("x" * 43)
    assert not look("")
    assert door.were_here() == []
    assert look(token)
    with database.transaction(door.engine()) as session:
        sessions.end(session, token, NOW)
    assert seen.write_down(door.engine(), door.were_here(), NOW) == 0
    assert at() == NOW - timedelta(hours=3)


def test_what_is_remembered_has_an_end(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "HERE_MAX", 0)
    assert look(token)
    assert door.were_here() == []
