"""When the recording process does not start, cannot be talked to, or does not end."""

from __future__ import annotations

import asyncio
import errno
import logging
import pickle
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine

from app.recording import process
from app.recording.frames import NotRecorded
from app.recording.process import Process, Recorder, started
from tests.api.shop import a_programme
from tests.api.test_recording import LONG, orders, recorder, said

__all__ = ["recorder"]
on_a_loop = pytest.mark.anyio


class Counted:
    """Starts processes as it is told, one function a start; the last one counts for all that follow."""

    def __init__(self, *ways: Callable[[socket.socket], Process]) -> None:
        self._ways = list(ways)
        self.made: list[Process] = []
        self.count = 0

    def __call__(self, line: socket.socket) -> Process:
        way = self._ways[min(self.count, len(self._ways) - 1)]
        self.count += 1
        self.made.append(process := way(line))
        return process


def refused(line: socket.socket) -> Process:
    raise OSError(errno.EAGAIN, "Resource temporarily unavailable")


def hanging(line: socket.socket) -> Process:
    return subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1000)"], stdin=line.fileno())


@on_a_loop
async def test_a_machine_without_room_for_a_process_is_tried_again_and_whoever_asks_is_told(
    engine: Engine, database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    later = Recorder(lambda: database_url, lambda: None, Counted(refused, refused, started))
    never = Recorder(lambda: database_url, lambda: None, Counted(refused))
    try:
        with a_programme(engine):
            assert await said(later, orders("1.00")) == ["recorded"]
            (answer,) = await said(never, orders("1.00"))
    finally:
        await later.close()
        await never.close()
    assert isinstance(answer, NotRecorded)
    assert "cannot be started" in caplog.text


@on_a_loop
async def test_a_process_that_cannot_be_talked_to_is_ended(
    engine: Engine, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin, loop = Counted(hanging, started), asyncio.get_running_loop()
    connect, tried = loop.create_connection, iter((True, False))

    async def failing(*words: Any, **more: Any) -> Any:
        if next(tried):
            raise OSError(errno.ENOMEM, "Cannot allocate memory")
        return await connect(*words, **more)

    monkeypatch.setattr(loop, "create_connection", failing)
    recorder = Recorder(lambda: database_url, lambda: None, begin)
    try:
        with a_programme(engine):
            assert await said(recorder, orders("1.00")) == ["recorded"]
    finally:
        await recorder.close()
    assert begin.made[0].wait() == -signal.SIGKILL


@on_a_loop
async def test_a_process_that_hangs_at_the_end_is_ended_and_no_other_is_started(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "END_SECONDS_MAX", 0.5)
    begin = Counted(hanging)
    recorder = Recorder(lambda: database_url, lambda: None, begin)
    asked = asyncio.create_task(said(recorder, orders("1.00")))
    async with asyncio.timeout(LONG):
        while recorder.child is None:
            await asyncio.sleep(0.01)
        await recorder.close()
        (answer,) = await asked
    assert isinstance(answer, NotRecorded)
    assert (begin.count, recorder.child) == (1, None)
    assert begin.made[0].wait() == -signal.SIGKILL


@on_a_loop
async def test_what_cannot_be_sent_over_is_refused_and_harms_nobody(
    engine: Engine, recorder: Recorder
) -> None:
    (good,), (bad,) = orders("1.00"), orders("1.00")
    bad = replace(bad, data={**bad.data, "odd": lambda: 0})
    with a_programme(engine):
        assert await said(recorder, orders("2.00")) == ["recorded"]
        with pytest.raises((AttributeError, pickle.PicklingError)):
            await said(recorder, [bad])
        assert await said(recorder, [good]) == ["recorded"]


def test_however_often_a_start_fails_there_is_a_next_one() -> None:
    assert process.rest_seconds(0) == 0
    rests = [process.rest_seconds(failed) for failed in (1, 2, 3, 6, 2000)]
    assert rests == sorted(rests)
    assert rests[-1] == process.REST_SECONDS_MAX
