"""Short turns: no thread that reckons keeps the event loop waiting for Python's usual 5 ms.

What it brings is a figure of the bench; here only that it is so while the process lives, and no longer.
"""

from __future__ import annotations

import sys

import pytest

from app.frame import turns

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def test_turns_are_short_while_the_process_lives() -> None:
    before = sys.getswitchinterval()
    assert before > turns.TURN_SECONDS
    async with turns.lifespan():
        assert sys.getswitchinterval() == pytest.approx(turns.TURN_SECONDS)
    assert sys.getswitchinterval() == before


async def test_turns_are_as_before_when_the_process_ends_badly() -> None:
    before = sys.getswitchinterval()
    with pytest.raises(ConnectionError):
        async with turns.lifespan():
            raise ConnectionError("away")
    assert sys.getswitchinterval() == before
