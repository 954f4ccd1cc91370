"""The post is taken away about a second after it was written: by every web process, each letter by one of them.

For the composition root: `app.register_lifespan_task(letters.lifespan)`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import Engine

from app import database, mail, settings
from app.threads import finish

PAUSE_SECONDS = 1.0

log = logging.getLogger(__name__)


@asynccontextmanager
async def lifespan(*_: Any) -> AsyncIterator[None]:
    """Deliver while the web process lives."""
    chosen = settings.current()
    task = asyncio.create_task(follow(database.shared(chosen.database_url), mail.senders(chosen)))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def follow(engine: Engine, by: dict[str, mail.Sender]) -> None:
    """Deliver until cancelled. Errors of the database are logged, and it tries on."""
    while True:
        try:
            await finish(mail.deliver, engine, by)
        except Exception:
            log.exception("letters could not be delivered; trying again")
        await asyncio.sleep(PAUSE_SECONDS)
