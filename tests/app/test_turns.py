"""Short turns: the event loop comes to its turn while a thread reckons."""

from __future__ import annotations

import asyncio
import sys
import threading
import time

import pytest

from app.frame import turns

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def _steps() -> int:
    """How often the loop comes to its turn in half a second, giving it away each time, while a thread reckons."""
    over, begun = threading.Event(), threading.Event()

    def reckon() -> None:
        while not over.is_set():
            begun.set()
            sum(range(200))

    thread = threading.Thread(target=reckon)
    thread.start()
    begun.wait()
    steps, until = 0, time.monotonic() + 0.5
    while time.monotonic() < until:
        await asyncio.sleep(0.00001)
        steps += 1
    over.set()
    thread.join()
    return steps


async def test_the_loop_does_not_wait_for_a_thread_that_reckons() -> None:
    before = sys.getswitchinterval()
    assert before > turns.TURN_SECONDS
    long = await _steps()
    async with turns.lifespan():
        assert await _steps() > 2 * long
    assert sys.getswitchinterval() == before
