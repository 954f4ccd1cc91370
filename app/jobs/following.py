"""Work that follows what happens about a second behind, in every web process: whoever is first does it.

lifespan = following("boards", follow_boards)  # for the composition root
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any
from uuid import UUID

from sqlalchemy import Engine

from app import database, live, settings
from app.threads import finish

PAUSE_SECONDS = 1.0  # what happens within it is taken over at once

Work = Callable[[Engine, Collection[UUID]], int]
"""Does what follows from the news of some members, in a worker thread; returns how much it was."""

log = logging.getLogger(__name__)


def following(what: str, work: Work) -> Callable[..., AbstractAsyncContextManager[None]]:
    """The lifespan of a task that follows while the web process lives."""

    @asynccontextmanager
    async def lifespan(*_: Any) -> AsyncIterator[None]:
        task = asyncio.create_task(follow(database.shared(settings.current().database_url), what, work))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    return lifespan


async def follow(engine: Engine, what: str, work: Work) -> None:
    """Follow the news until cancelled. Errors of the database are logged, and the same is tried with the next news."""
    behind = set[UUID]()
    async with live.watch() as news:
        while True:
            behind |= news.taken()
            try:
                if await finish(work, engine, behind):
                    live.nudge()
                behind.clear()
            except Exception:
                log.exception("%s could not follow; trying again with the next news", what)
            await asyncio.sleep(PAUSE_SECONDS)
            await news.next()
