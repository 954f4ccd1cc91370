"""A task that is cancelled while its thread works waits for the thread."""

from __future__ import annotations

import asyncio
import threading

import pytest

from app.threads import finish

pytestmark = pytest.mark.anyio


async def test_it_returns_what_the_work_returns() -> None:
    assert await finish(divmod, 7, 2) == (3, 1)
    with pytest.raises(ZeroDivisionError):
        await finish(divmod, 7, 0)


@pytest.mark.parametrize("fails", [False, True])
async def test_a_cancelled_task_ends_after_its_thread(fails: bool) -> None:
    began, go, ended = threading.Event(), threading.Event(), threading.Event()

    def work() -> None:
        began.set()
        go.wait(60)
        ended.set()
        if fails:
            raise ValueError("the thread's own trouble")

    task = asyncio.create_task(finish(work))
    await asyncio.to_thread(began.wait, 60)
    task.cancel()
    await asyncio.sleep(0.05)
    assert not task.done()
    go.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended.is_set()
