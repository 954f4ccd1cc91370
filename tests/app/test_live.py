"""News for open pages: from this process at once, from another one soon, and never lost on the way."""

from __future__ import annotations

import asyncio
import time
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from random import Random
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine, event
from sqlmodel import Session

from app import database, live
from app.live import REST_SECONDS, Outlook, Wire
from members.tables import Outbox
from tests.wires import commit_news, listens, running

pytestmark = pytest.mark.anyio
LONG = 60  # seconds that nothing takes, however busy the machine is


def a_process(engine: Engine) -> AbstractAsyncContextManager[Wire]:
    """A web process: its pages, and the task that brings them news."""
    return running(Wire(), engine)


async def test_news_of_this_process_come_at_once_and_only_to_whom_they_concern(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(live.POLL_SECONDS, engine.dialect.name, 3600.0)  # nobody looks without being told
    me, you = uuid4(), uuid4()
    async with a_process(engine) as wire, wire.subscribe(me) as mine, wire.subscribe(you) as yours:
        await asyncio.to_thread(commit_news, engine, me)
        wire.nudge()
        await asyncio.wait_for(mine.next(), LONG)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(yours.next(), 0.3)


async def test_news_of_another_process_come_too(engine: Engine) -> None:
    me = uuid4()
    other = database.engine(engine.url.render_as_string(hide_password=False))
    try:
        async with a_process(engine) as here, a_process(other) as there, here.subscribe(me) as news:
            await asyncio.to_thread(commit_news, other, me)
            there.nudge()
            await asyncio.wait_for(news.next(), LONG)
    finally:
        other.dispose()


async def test_a_command_line_that_says_nothing_is_heard(engine: Engine) -> None:
    me = uuid4()
    async with a_process(engine) as wire, wire.subscribe(me) as news:
        await asyncio.to_thread(commit_news, engine, me)
        await asyncio.wait_for(news.next(), LONG)


async def test_news_run_together_and_nothing_piles_up(engine: Engine) -> None:
    me = uuid4()
    async with a_process(engine) as wire, wire.subscribe(me) as news:
        for _ in range(50):
            await asyncio.to_thread(commit_news, engine, me)
        await listens(wire, engine)  # by then the fifty are read too
        await asyncio.wait_for(news.next(), LONG)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(news.next(), 0.3)


async def test_what_came_between_loading_and_subscribing_is_told(engine: Engine) -> None:
    me = uuid4()
    async with a_process(engine) as wire:
        await asyncio.to_thread(commit_news, engine, me)
        wire.nudge()
        await asyncio.sleep(0.4)
        async with wire.subscribe(me) as news:
            await asyncio.wait_for(news.next(), LONG)
        async with wire.subscribe(uuid4()) as news:
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(news.next(), 0.3)


async def test_a_page_that_is_left_is_forgotten(engine: Engine) -> None:
    wire, me = Wire(), uuid4()
    async with wire.subscribe(me), wire.subscribe(me):
        assert len(wire._pages[me]) == 2
    assert me not in wire._pages
    with pytest.raises(ZeroDivisionError):
        async with wire.subscribe(me):
            raise ZeroDivisionError
    assert me not in wire._pages


async def test_a_process_ends_at_any_moment_and_leaves_nothing_open(engine: Engine) -> None:
    chance = Random(11)
    for _ in range(12):
        own = database.engine(engine.url.render_as_string(hide_password=False))
        wire = Wire()
        task = asyncio.create_task(wire.run(own))
        await asyncio.sleep(chance.uniform(0, 0.12))
        wire.nudge()
        await asyncio.sleep(chance.uniform(0, 0.02))
        task.cancel()
        done, _ = await asyncio.wait([task], timeout=LONG)
        assert done
        assert own.pool.status().endswith("Checked out connections: 0")
        own.dispose()


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_a_commit_that_is_overtaken_is_read_when_it_comes(engine: Engine) -> None:
    """A lower number may be committed after a higher one: PostgreSQL draws it before the commit."""
    slow, fast = uuid4(), uuid4()
    outlook = Outlook(engine)
    with Session(engine) as late:
        late.add(Outbox(members=slow.hex, at=datetime.now(UTC)))
        late.flush()
        commit_news(engine, fast)
        assert outlook.read() == {fast}
        assert outlook.read() == set()
        late.commit()
    assert outlook.read() == {slow}
    assert outlook.read() == set()


async def test_news_of_many_commits_are_read_together_and_nobody_listens_to_himself(engine: Engine) -> None:
    me, readings = uuid4(), list[str]()

    def heard(_: Any, __: Any, statement: str, *rest: Any) -> None:
        if "FROM outbox" in statement and "max(" not in statement:
            readings.append(statement)

    async with a_process(engine) as wire, wire.subscribe(me) as news:
        event.listen(engine, "before_cursor_execute", heard)
        commit_news(engine, me)
        wire.nudge()
        await asyncio.wait_for(news.next(), LONG)
        assert len(readings) == 1
        until = time.monotonic() + 20 * REST_SECONDS
        while time.monotonic() < until:
            wire.nudge()
            await asyncio.sleep(REST_SECONDS / 10)
        event.remove(engine, "before_cursor_execute", heard)
    assert 2 <= len(readings) <= 24
