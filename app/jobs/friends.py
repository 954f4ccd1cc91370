"""What friends do is followed about a second behind, in every web process: whoever is first does the work.

The outbox says whose standing moved; those who were brought by somebody are looked at. What was missed, since no
process was there, is found every few minutes (`referring.follow_late`).

For the composition root: `app.register_lifespan_task(friends.lifespan)`.
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
from app.threads import finish
from members.actions import referring

PAUSE_SECONDS = 1.0
BATCH = 200

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
    """Follow the news until cancelled. Errors of the database are logged, and it tries on."""
    async with live.watch() as news:
        outlook = await finish(live.Outlook, engine)
        while True:
            try:
                if await finish(follow_news, engine, outlook):
                    live.nudge()
            except Exception:
                log.exception("friends could not be followed; trying again with the next news")
            await asyncio.sleep(PAUSE_SECONDS)
            await news.next()


def follow_news(engine: Engine, outlook: live.Outlook) -> int:
    """Look at those of whom there is news; returns how many were brought by somebody."""
    members, count = sorted(outlook.read()), 0
    for start in range(0, len(members), BATCH):
        some = members[start : start + BATCH]
        with database.reading(engine) as session:
            brought = referring.brought(session, some)
        if brought:
            now = datetime.now(UTC)
            count += database.attempt(
                engine, lambda session, some=brought, now=now: referring.follow(session, some, now)
            )
    return count


def follow_late(engine: Engine, now: datetime) -> int:
    """What nobody followed, in batches; returns how many members were looked at."""
    done, after = 0, referring.NOBODY
    while True:
        found = database.attempt(
            engine, lambda session, after=after: referring.follow_late(session, now, after, BATCH)
        )
        done += len(found)
        if len(found) < BATCH:
            return done
        after = found[-1]
