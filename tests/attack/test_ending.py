"""R11: whatever ends a session cuts its open lines, and another's go on; a page asks for news often enough for that."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine
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


async def test_it_cuts_a_line_that_was_opened_as_soon_as_there_was_a_server(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Late(live.Outlook):
        def __init__(self, engine: Engine) -> None:
            time.sleep(1)
            super().__init__(engine)

    monkeypatch.setattr(live, "Outlook", Late)
    cookie = a_cookie(KIM)
    async with a_server() as serve:
        tab = Tab(serve, cookie)
        assert await tab.open()
        with database.transaction(door.engine()) as session:
            sessions.end(session, door.cookie_token(cookie), datetime.now(UTC))
        await tab.until(lambda: tab.closed is not None)


async def test_news_that_comes_while_the_last_one_is_looked_up_is_looked_up_too(
    serve: ASGIApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    cookie, bearer = a_cookie(KIM), door.bearer
    asked, go_on = threading.Event(), threading.Event()

    def slow(token: str) -> Person | None:
        found = bearer(token)
        asked.set()
        assert go_on.wait(30)
        return found

    tab = Tab(serve, cookie)
    assert await tab.open()
    await asyncio.sleep(live.REST_SECONDS)
    monkeypatch.setattr(door, "bearer", slow)
    digest = sessions.digest(door.cookie_token(cookie))
    live._here.spread({sessions.topic(digest)})  # pyright: ignore[reportPrivateUsage]
    assert await asyncio.to_thread(asked.wait, 30)
    with database.transaction(door.engine()) as session:
        sessions.end(session, door.cookie_token(cookie), datetime.now(UTC))
    live._here.spread({sessions.topic(digest)})  # pyright: ignore[reportPrivateUsage]
    monkeypatch.setattr(door, "bearer", bearer)
    monkeypatch.setattr(live.Outlook, "read", lambda _: set())  # what comes later is no help
    go_on.set()
    await tab.until(lambda: tab.closed is not None)


def test_news_are_looked_for_often_enough() -> None:
    """By our own clocks: a machine's speed is not what is promised."""
    assert max(live.POLL_SECONDS.values()) + live.REST_SECONDS <= SECONDS_MAX
