"""The lists of boards and the sums of goals follow what happens, about a second behind: in every web process.

Whoever is first does the work.

For the composition root: `app.register_lifespan_task(boards.lifespan)`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine

from app import database, live, settings
from app.jobs import due, goals
from app.threads import finish

PAUSE_SECONDS = 1.0  # what happens within it is taken over at once

log = logging.getLogger(__name__)


@asynccontextmanager
async def lifespan(*_: Any) -> AsyncIterator[None]:
    """Follow while the web process lives."""
    task = asyncio.create_task(follow(database.shared(settings.current().database_url)))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def follow(engine: Engine) -> None:
    """Let the lists follow the news until cancelled. Errors of the database are logged, and it tries on."""
    async with live.watch() as news:
        while True:
            try:
                followed = await finish(due.follow_boards, engine, datetime.now(UTC))
                if await finish(goals.follow_goals, engine, datetime.now(UTC)) + followed:
                    live.nudge()
            except Exception:
                log.exception("boards and goals could not follow; trying again with the next news")
            await asyncio.sleep(PAUSE_SECONDS)
            await news.next()
