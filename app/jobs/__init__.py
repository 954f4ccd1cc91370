"""Jobs: what happens by the clock. The work is in `due`, its schedule on DBOS in `schedule`.

For the composition root: `app.register_lifespan_task(jobs.lifespan)` runs the jobs inside the web process when there
is only one (no Redis); otherwise `regulars worker` runs them, and the lifespan does nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from app import settings
from app.door import in_worker

START_SECONDS = (
    1.0  # after the pages are open: what is imported for them would be in the way of who comes first
)

log = logging.getLogger(__name__)


@asynccontextmanager
async def lifespan(*_: Any) -> AsyncIterator[None]:
    """Run the jobs for as long as the web process lives; the pages do not wait for their start."""
    if settings.current().redis_url:
        yield
        return
    over = asyncio.Event()
    starting = asyncio.create_task(_start(over))
    try:
        yield
    finally:
        over.set()
        await asyncio.gather(starting, return_exceptions=True)
        from app.jobs import schedule

        await in_worker(schedule.stop)


async def _start(over: asyncio.Event) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(START_SECONDS):
            await over.wait()
            return
    from app.jobs import schedule

    try:
        await in_worker(schedule.start, settings.current())
    except Exception:
        log.exception("the jobs could not be started; points turn active and expire late until they are")
