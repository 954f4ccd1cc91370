"""Garbage: what stands since the start is left alone while the process lives, and what is made later is not.

What it brings is a figure of the bench.
"""

from __future__ import annotations

import gc
import weakref

import pytest

from app.frame import garbage

pytestmark = pytest.mark.anyio


class Thing:
    """Something that holds itself."""

    def __init__(self) -> None:
        self.me = self


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def test_what_was_there_is_spared_and_what_comes_later_is_found() -> None:
    gc.collect()  # so that it is long until the next look
    before, frozen = gc.get_threshold(), gc.get_freeze_count()
    old = weakref.ref(Thing())
    async with garbage.lifespan():
        assert gc.get_freeze_count() > frozen
        assert gc.get_threshold() == (garbage.NEW_OBJECTS, *before[1:])
        new = weakref.ref(Thing())
        gc.collect()
        assert old() is not None
        assert new() is None
    assert gc.get_threshold() == before
    gc.collect()
    assert old() is None


async def test_it_is_as_before_when_the_process_ends_badly() -> None:
    before = gc.get_threshold()
    with pytest.raises(ConnectionError):
        async with garbage.lifespan():
            raise ConnectionError("away")
    assert (gc.get_threshold(), gc.get_freeze_count()) == (before, 0)
