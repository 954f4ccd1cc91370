"""The lane of the HTTP API: facts that arrive while a commit is in flight go together into the next one.

A lone fact never waits. Under load a batch takes what has gathered, so that one commit serves many; see
`app.recording.batch` for one that fails. A shop that is served records in a process of its own
(`app.recording.process`); this lane does the same in a worker thread, for who has an engine and no process: tests,
whose clock may stand still.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from typing import Protocol

from sqlalchemy import Engine

from app.door import in_worker
from app.recording.batch import BATCH_MAX, WAITING_MAX, Answer, by_halves
from facts.events import Fact
from facts.refusals import Refusal

log = logging.getLogger(__name__)


class Records(Protocol):
    """Whoever facts are given to."""

    async def record(self, facts: Sequence[Fact]) -> list[Answer]:
        """What became of each fact, in order; an exception stands for a fact that could not be recorded."""
        ...


class Lane:
    """One lane a process: commits go one after the other, each with whatever has gathered."""

    def __init__(self, engine: Callable[[], Engine], nudge: Callable[[], None]) -> None:
        self._engine = engine
        self.nudge = nudge
        self._waiting: deque[tuple[Fact, asyncio.Future[Answer]]] = deque()
        self._drain: asyncio.Task[None] | None = None

    async def record(self, facts: Sequence[Fact]) -> list[Answer]:
        """What became of each fact, in order; an exception stands for a fact that could not be recorded."""
        if len(self._waiting) + len(facts) > WAITING_MAX:
            raise Refusal("busy", "Too many events are waiting. Send these again in a moment.", status=503)
        loop = asyncio.get_running_loop()
        futures = [loop.create_future() for _ in facts]
        self._waiting.extend(zip(facts, futures, strict=True))
        if self._drain is None or self._drain.done():
            self._drain = asyncio.create_task(self._run())
        return [await future for future in futures]

    async def _run(self) -> None:
        while self._waiting:
            await in_worker(self._empty, asyncio.get_running_loop())

    def _empty(self, loop: asyncio.AbstractEventLoop) -> None:
        """Record for as long as there is something, in one worker thread: a batch does not wait for the loop."""
        while self._waiting:
            batch = [self._waiting.popleft() for _ in range(min(BATCH_MAX, len(self._waiting)))]
            answers = by_halves(self._engine(), [fact for fact, _ in batch], _log)
            self.nudge()
            loop.call_soon_threadsafe(_tell, [future for _, future in batch], answers)


def _log(count: int, error: Exception) -> None:
    log.error("%d facts could not be recorded", count, exc_info=error)


def _tell(futures: Sequence[asyncio.Future[Answer]], answers: Sequence[Answer]) -> None:
    for future, answer in zip(futures, answers, strict=True):
        if not future.done():  # who asked may have gone
            future.set_result(answer)
