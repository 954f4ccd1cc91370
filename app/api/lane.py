"""The lane of the HTTP API: facts that arrive while a commit is in flight go together into the next one.

A lone fact never waits. Under load a batch takes what has gathered, so that one commit serves many. When a
batch fails it is tried again by halves, until the fact that cannot be recorded stands alone: it harms
nobody else. Recording runs in a worker thread.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from app import database
from app.door import in_worker
from facts.events import Fact
from facts.refusals import Refusal
from members.actions.record import Outcome, record

BATCH_MAX = 500
WAITING_MAX = 20_000

Answer = Outcome | Exception

log = logging.getLogger(__name__)


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
            answers = self._by_halves([fact for fact, _ in batch])
            self.nudge()
            loop.call_soon_threadsafe(_tell, [future for _, future in batch], answers)

    def _by_halves(self, facts: list[Fact]) -> list[Answer]:
        try:
            now = datetime.now(UTC)
            return list(database.attempt(self._engine(), lambda session: record(session, facts, now)))
        except Exception as error:
            if len(facts) == 1 or _database_is_away(error):
                log.exception("%d facts could not be recorded", len(facts))
                return [error] * len(facts)
        middle = len(facts) // 2
        return self._by_halves(facts[:middle]) + self._by_halves(facts[middle:])


def _tell(futures: Sequence[asyncio.Future[Answer]], answers: Sequence[Answer]) -> None:
    for future, answer in zip(futures, answers, strict=True):
        if not future.done():  # who asked may have gone
            future.set_result(answer)


def _database_is_away(error: Exception) -> bool:
    """Whether trying smaller batches is no use: nothing can be recorded just now."""
    if not isinstance(error, DBAPIError):
        return False
    return error.connection_invalidated or (
        isinstance(error, OperationalError | InterfaceError) and not database.asks_again(error)
    )
