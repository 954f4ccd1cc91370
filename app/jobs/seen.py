"""When a session was last in use is written down: a minute behind, and of each session at most once an hour.

Whoever opens a page waits for no writer; what the door remembers until then is lost with the process, and no matter.

For the composition root: `app.register_lifespan_task(seen.lifespan)`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine

from app import database, door, settings
from app.threads import finish
from members import sessions

PAUSE_SECONDS = 60.0
STRETCH = 500

log = logging.getLogger(__name__)


@asynccontextmanager
async def lifespan(*_: Any) -> AsyncIterator[None]:
    """Write down while the web process lives."""
    task = asyncio.create_task(follow(database.shared(settings.current().database_url)))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def follow(engine: Engine) -> None:
    """Write down until cancelled. Errors of the database are logged, and it tries on with who comes next."""
    while True:
        await asyncio.sleep(PAUSE_SECONDS)
        try:
            await finish(write_down, engine, door.were_here(), datetime.now(UTC))
        except Exception:
            log.exception("it could not be written down who was here; trying on")


def write_down(engine: Engine, digests: list[bytes], now: datetime) -> int:
    """That these sessions were in use. Nothing is written, and no writer waited for, where all were seen lately."""
    count = 0
    for start in range(0, len(digests), STRETCH):
        some = digests[start : start + STRETCH]
        with database.reading(engine) as session:
            due = sessions.late(session, some, now)
        if due:
            count += database.attempt(engine, lambda session, due=due: sessions.touch(session, due, now))
    return count
