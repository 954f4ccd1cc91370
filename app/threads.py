"""Work in a worker thread that a cancelled task does not leave behind.

`anyio.to_thread.run_sync` lets a task that asyncio itself cancels go at once, while its thread works on. What
the thread holds, say a connection of a pool that is closed next, would then belong to nobody.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

import anyio.to_thread

T = TypeVar("T")


async def finish(work: Callable[..., T], *args: object) -> T:
    """What `work` returns, run in a worker thread; a task that is cancelled meanwhile ends when the thread has."""
    running = asyncio.ensure_future(anyio.to_thread.run_sync(work, *args))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.wait([running])
        if not running.cancelled():
            running.exception()  # heard by nobody, and not to be logged as forgotten
        raise
