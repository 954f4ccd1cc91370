"""Lines to PostgreSQL on the event loop itself: the one question of an open page is asked without a worker thread.

A thread has to be woken, takes the interpreter's lock from the loop and gives it back: for a question of a millisecond
that is as much work as the question. Only what is asked at a glance comes here; work with a session stays in threads.
On SQLite, and outside of a web process, there are no such lines.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeAlias, cast

import psycopg
from anyio.lowlevel import RunVar
from psycopg.rows import namedtuple_row
from sqlalchemy import ClauseElement, Engine

from app import database, settings

OPTIONS: dict[str, Any] = database.LINE_OPTIONS | {
    "options": f"{database.LINE_OPTIONS['options']} -c plan_cache_mode=force_generic_plan"
}
"""A question is planned once on each line: to plan it takes ten times as long as to answer it, and what PostgreSQL
would learn from the values of the first five times it does not need, since every part is found by a key."""
LINES_MAX = 4  # a question takes a millisecond: these answer thousands of them in a second
Cursor: TypeAlias = psycopg.AsyncCursor[Any]


class Lines:
    """The lines of one event loop to one database; the one used last is taken first, its plans still at hand."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._address = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._free: list[Cursor] = []
        self._turns = asyncio.Semaphore(LINES_MAX)
        self._closed = False

    async def ask(self, question: ClauseElement, values: Mapping[str, Any]) -> Sequence[Any]:
        """`database.ask`, awaited. When a line was cut it is asked again on another; psycopg's errors come out."""
        words, known = database.in_words(question, self.engine.dialect)
        told = {**known, **values}
        async with self._turns:
            while self._free:
                try:
                    return await self._told(self._free.pop(), words, told)
                except psycopg.OperationalError:
                    await self._hang_up()  # the others may be as dead
            return await self._told(await self._opened(), words, told)

    async def _opened(self) -> Cursor:
        """A line, with the one cursor that is used on it as long as it lives."""
        line: psycopg.AsyncConnection[Any] = await psycopg.AsyncConnection.connect(
            self._address, autocommit=True, **OPTIONS
        )
        return line.cursor(row_factory=namedtuple_row)

    async def _told(self, line: Cursor, words: str, values: Mapping[str, Any]) -> Sequence[Any]:
        """The rows. A line on which something went wrong, or whose asker has gone, is not used again."""
        good = False
        try:
            await line.execute(cast("Any", words), values, prepare=True)
            rows = await line.fetchall()
            good = not self._closed
        finally:
            if good:
                self._free.append(line)
            else:
                await line.connection.close()
        return rows

    async def _hang_up(self) -> None:
        while self._free:
            await self._free.pop().connection.close()

    async def close(self) -> None:
        """Hang up; lines in use are closed when they come back."""
        self._closed = True
        await self._hang_up()


_here: RunVar[Lines | None] = RunVar("regulars_lines", None)


def here(engine: Engine) -> Lines | None:
    """The lines of the running event loop to this database, when it has any."""
    found = _here.get()
    return found if found is not None and found.engine is engine else None


@asynccontextmanager
async def opened(engine: Engine) -> AsyncIterator[None]:
    """Lines for the event loop, as long as the block lasts; none on SQLite."""
    if engine.dialect.name != "postgresql":
        yield
        return
    lines = Lines(engine)
    _here.set(lines)
    try:
        yield
    finally:
        _here.set(None)
        await lines.close()


@asynccontextmanager
async def lifespan(*_: Any) -> AsyncIterator[None]:
    """Lines while the web process lives: `app.register_lifespan_task(lines.lifespan)`."""
    async with opened(database.shared(settings.current().database_url)):
        yield
