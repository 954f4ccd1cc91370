"""R11: whatever ends a session cuts its open lines, and another's go on; a page asks for news often enough for that."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime

import pytest
from sqlmodel import Session
from starlette.types import ASGIApp

from app import database, door, live
from app.frame.line import ENDED
from members import sessions
from members.actions import team
from members.roles import Person
from members.way_tables import Staff
from tests.attack.lines import Tab, a_server
from tests.attack.test_lines import a_cookie
from tests.pages.conftest import House, house

pytestmark = pytest.mark.anyio
__all__ = ["house"]
KIM = Person("kim", "support")
SECONDS_MAX = 2.0
Verb = Callable[[Session, str, datetime], None]


@pytest.fixture
async def serve(house: House) -> AsyncIterator[ASGIApp]:
    now = datetime.now(UTC)
    with database.transaction(door.engine()) as session:
        for name, role in (("kim", "support"), ("olga", "owner")):
            row = Staff(staff_id=name, name=name, email=f"{name}@shop.example", role=role, created_at=now)
            session.add(row)
    async with a_server() as made:
        yield made


def _elsewhere(session: Session, token: str, now: datetime) -> None:
    digest = sessions.digest(token)
    ident = next(sessions.ident_of(one) for one in sessions.of(session, KIM, now) if one.digest == digest)
    sessions.end_one(session, KIM, ident, now)


VERBS: dict[str, Verb] = {
    "signed out": sessions.end,
    "ended from another device": _elsewhere,
    "given another role": lambda session, _, now: team.change_role(
        session, "kim", "cashier", "owner:olga", now
    ),
    "let go": lambda session, _, now: team.remove(session, "kim", "owner:olga", now),
}


@pytest.mark.parametrize("verb", VERBS)
async def test_it_cuts_the_line_and_no_other(serve: ASGIApp, verb: str) -> None:
    cookie = a_cookie(KIM)
    tab, other = Tab(serve, cookie), Tab(serve, a_cookie(Person("olga", "owner")))
    assert await tab.open()
    assert await other.open()
    with database.transaction(door.engine()) as session:
        VERBS[verb](session, door.cookie_token(cookie), datetime.now(UTC))
    await tab.until(lambda: tab.closed is not None)
    assert tab.closed == ENDED
    assert other.closed is None
    assert door.bearer(door.cookie_token(cookie)) is None
    await other.hang_up()


def test_news_are_looked_for_often_enough() -> None:
    """By our own clocks: a machine's speed is not what is promised."""
    assert max(live.POLL_SECONDS.values()) + live.REST_SECONDS <= SECONDS_MAX
