"""Lines on the event loop: the rows that are had at length, on lines that come back good or not at all."""

from __future__ import annotations

import asyncio
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine, Text, cast, func, select, text

from app import database, lines
from members.views.home import home_question
from tests.app.test_ask import NOW, a_question, at_length

pytestmark = pytest.mark.anyio
on_postgresql = pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
SLEEPING = text(
    "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep%' AND state = 'active'"
    " AND pid <> pg_backend_pid()"
)
PID = select(func.pg_backend_pid().label("pid"))


async def the(engine: Engine, question: Any, **values: Any) -> list[tuple[Any, ...]]:
    found = lines.here(engine)
    assert found is not None
    return [tuple(row) for row in await found.ask(question, values)]


@on_postgresql
async def test_the_rows_are_those_that_are_had_at_length(engine: Engine) -> None:
    values = {"digest": b"\x00" * 32, "now": NOW}
    async with lines.opened(engine):
        assert await the(engine, a_question()) == at_length(engine, a_question(), {})
        assert await the(engine, home_question(), **values) == at_length(engine, home_question(), values)
        assert lines.here(database.engine("sqlite:///elsewhere.sqlite")) is None
    assert lines.here(engine) is None


@on_postgresql
async def test_many_who_ask_at_once_share_a_few_lines(engine: Engine) -> None:
    async with lines.opened(engine):
        answers = await asyncio.gather(*(the(engine, PID) for _ in range(40)))
        assert 1 <= len({pid for ((pid,),) in answers}) <= lines.LINES_MAX


@on_postgresql
async def test_a_line_that_was_cut_is_not_noticed(engine: Engine) -> None:
    async with lines.opened(engine):
        ((before,),) = await the(engine, PID)
        with engine.connect() as connection:
            connection.execute(text("SELECT pg_terminate_backend(:pid, 60000)"), {"pid": before})
        ((after,),) = await the(engine, PID)
        assert after != before


@on_postgresql
async def test_who_goes_away_while_asking_leaves_no_line_behind(engine: Engine) -> None:
    slow = select(cast(func.pg_sleep(600), Text).label("slept"), func.pg_backend_pid().label("pid"))
    async with lines.opened(engine):
        askers = [asyncio.create_task(the(engine, slow)) for _ in range(lines.LINES_MAX + 2)]
        for _ in range(600):
            await asyncio.sleep(0.1)
            with engine.connect() as connection:
                if connection.execute(SLEEPING).scalar() == lines.LINES_MAX:
                    break
        for one in askers:
            one.cancel()
        await asyncio.gather(*askers, return_exceptions=True)
        assert all(one.cancelled() for one in askers)
        assert await the(engine, a_question()) == at_length(engine, a_question(), {})


@on_postgresql
async def test_what_cannot_be_asked_is_said(engine: Engine) -> None:
    async with lines.opened(engine):
        with pytest.raises(psycopg.Error, match="no_such"):
            await the(engine, select(text("no_such FROM standing")))
        assert len(await the(engine, PID)) == 1


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
async def test_sqlite_has_none(engine: Engine) -> None:
    async with lines.opened(engine):
        assert lines.here(engine) is None
