"""News in tests: a process that brings them, from the moment on at which it hears what is committed."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import UUID, uuid4

from sqlalchemy import Engine

from app import database
from app.live import Wire
from members.tables import Outbox


def commit_news(engine: Engine, *members: UUID) -> None:
    """Something happened to these members."""
    with database.transaction(engine) as session:
        said = " ".join(member.hex for member in members)
        session.add(Outbox(members=said, at=datetime.now(UTC)))


async def listens(wire: Wire, engine: Engine) -> None:
    """Until the process hears what is committed: on a busy machine it takes a while to begin."""
    somebody = uuid4()
    async with wire.subscribe(somebody) as news:
        while True:
            await asyncio.to_thread(commit_news, engine, somebody)
            wire.nudge()
            with contextlib.suppress(TimeoutError):
                return await asyncio.wait_for(news.next(), 0.5)


@asynccontextmanager
async def running(wire: Wire, engine: Engine) -> AsyncIterator[Wire]:
    """The task that brings the news, for as long as the block lasts; it listens when the block begins."""
    task = asyncio.create_task(wire.run(engine))
    try:
        await listens(wire, engine)
        yield wire
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
