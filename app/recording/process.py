"""A web process's way to its recording process: facts go over as they come, answers come back after the commit.

The recording process is started with the web process, and anew when it died. What it was at may be committed or not, so
all that was not answered is sent again; a fact that was recorded is then found to be there. The facts at which it may
have died go one message at a time, so that one that brings it down each time is found out, and given up.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import subprocess
import sys
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from app import live, settings
from app.recording import frames
from app.recording.batch import BATCH_MAX, WAITING_MAX, Answer
from app.threads import finish
from facts.events import Fact
from facts.refusals import Refusal

ROOT = Path(__file__).parents[2]
MODULE = "app.recording.child"
TRIES_MAX = 2  # how often one message may be the first that was unanswered when the process died
STARTS_MAX = 3  # how often in a row it may fail to start before whoever waits is told
START_SECONDS = (
    1.0  # after the pages are open, unless a fact comes before: two starts at once slow each other down
)
REST_SECONDS_MAX = 5.0
END_SECONDS_MAX = 30.0
KILL_SECONDS_MAX = 5.0

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Asked:
    """Facts that were sent over together, and who waits for their answers."""

    facts: Sequence[Fact]
    future: asyncio.Future[list[Answer]]
    alone: bool = False
    tries: int = 0

    def answer(self, answers: list[Answer]) -> None:
        if not self.future.done():  # who asked may have gone
            self.future.set_result(answers)


class Process(Protocol):
    """What is asked of the process that was started."""

    @property
    def pid(self) -> int:
        """Its number."""
        ...

    def kill(self) -> None:
        """End it at once, if it has not ended."""
        ...

    def wait(self) -> int:
        """Its exit code, when it has ended."""
        ...


class Recorder:
    """One recording process, and what it has not answered yet. All of it on one event loop."""

    def __init__(
        self,
        url: Callable[[], str],
        nudge: Callable[[], None],
        begin: Callable[[socket.socket], Process] | None = None,
    ) -> None:
        """`url` is the database's; `nudge` hears of every commit; `begin` starts a process at the end of a line."""
        self._url, self._nudge, self._begin = url, nudge, begin or started
        self._asked: deque[_Asked] = deque()
        self._waiting = 0
        self._line: _Line | None = None
        self._task: asyncio.Task[None] | None = None
        self._closed = False
        self.child: Process | None = None

    async def record(self, facts: Sequence[Fact]) -> list[Answer]:
        """What became of each fact, in order; an exception stands for a fact that could not be recorded."""
        if self._closed or self._waiting + len(facts) > WAITING_MAX:
            raise Refusal("busy", "Too many events are waiting. Send these again in a moment.", status=503)
        self.start()
        futures = [self._ask(facts[i : i + BATCH_MAX]) for i in range(0, len(facts), BATCH_MAX)]
        return [answer for future in futures for answer in await future]

    def _ask(self, facts: Sequence[Fact]) -> asyncio.Future[list[Answer]]:
        message = frames.message(facts)  # what cannot be said is refused here, and not at every start anew
        asked = _Asked(facts, asyncio.get_running_loop().create_future())
        self._asked.append(asked)
        self._waiting += len(facts)
        if self._line:
            self._line.say(message)
        return asked.future

    def start(self) -> None:
        """Have the process started, unless it is there; waits for nothing."""
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._keep())

    async def close(self) -> None:
        """Let what was asked be answered, and the process end; one that hangs is ended, and who waits is told."""
        self._closed = True
        if self._task is None:
            return
        if self._line:
            self._line.hang_up()
        if await _ends(self._task, END_SECONDS_MAX):
            return
        log.error("the recording process does not end; %d messages are given up", len(self._asked))
        if self._line:
            self._line.cut()
        self._give_up(len(self._asked))
        if self.child:
            self.child.kill()
        await _ends(self._task, KILL_SECONDS_MAX)

    async def _keep(self) -> None:
        """Keep a process for as long as one is wanted."""
        failed = 0
        while not self._closed or self._asked:
            ready = await self._one_life()
            failed = 0 if ready else failed + 1
            if failed >= STARTS_MAX:
                log.error("the recording process cannot be started")
                self._give_up(len(self._asked))
            if not self._closed:
                await asyncio.sleep(rest_seconds(failed))

    async def _one_life(self) -> bool:
        """Start a process and talk to it until it is gone; whether it ever said something."""
        try:
            line = await self._begun()
        except Exception:  # no memory, no more files or processes: there may be some in a moment
            log.exception("the recording process could not be started")
            return False
        for asked in self._asked:
            line.say(frames.message(asked.facts, alone=asked.alone))
        self._line = line
        if self._closed:
            line.hang_up()
        await line.gone.wait()
        self._line = None
        code = await self._bury()
        if self._asked or not self._closed:
            log.warning("the recording process ended (%d); starting another", code)
            self._suspect(line.ready)
        return line.ready

    async def _begun(self) -> _Line:
        """A process that was told which database, and our line to it. Nothing is left of one that fails."""
        url = self._url().encode()
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                self.child = await finish(self._begin, theirs)
            line = _Line(self._hear)
            await asyncio.get_running_loop().create_connection(lambda: line, sock=ours)
        except BaseException:
            ours.close()
            await self._bury()
            raise
        line.say(frames.HEAD.pack(len(url), 0, True) + url)
        return line

    async def _bury(self) -> int:
        """End the process, if there is one; its exit code."""
        child, code = self.child, 0
        if child:
            child.kill()
            code = await finish(child.wait)
        self.child = None
        return code

    def _hear(self, content: bytes) -> None:
        """A reply: whose answers they are is known by their order."""
        answers, errors = frames.answers_of(content)
        for error in errors:
            log.error("%s", error)
        for each in answers:
            asked = self._asked.popleft()
            self._waiting -= len(asked.facts)
            asked.answer(each)
        if answers:
            self._nudge()

    def _suspect(self, was_ready: bool) -> None:
        """Something of the batch that was recorded may have brought the process down: find out what."""
        if not was_ready or not self._asked:
            return
        self._asked[0].tries += 1
        if self._asked[0].tries >= TRIES_MAX:
            self._give_up(1)
        count = 0
        for asked in self._asked:
            count += len(asked.facts)
            if count > BATCH_MAX:
                break
            asked.alone = True

    def _give_up(self, count: int) -> None:
        for _ in range(count):
            asked = self._asked.popleft()
            self._waiting -= len(asked.facts)
            asked.answer([frames.NotRecorded()] * len(asked.facts))


class _Line(asyncio.Protocol):
    """Our end of the pair of sockets."""

    def __init__(self, hear: Callable[[bytes], None]) -> None:
        self._hear = hear
        self._buffer = bytearray()
        self._transport: Any = None
        self.gone = asyncio.Event()
        self.ready = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The line is open."""
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Replies, or parts of some."""
        self.ready = True
        self._buffer += data
        for content in frames.replies_in(self._buffer):
            self._hear(content)

    def connection_lost(self, exc: Exception | None) -> None:
        """The other end is gone."""
        self.gone.set()

    def say(self, content: bytes) -> None:
        """Send; what does not go at once goes later."""
        if not self._transport.is_closing():
            self._transport.write(content)

    def cut(self) -> None:
        """Neither say nor hear anything more."""
        self._transport.abort()

    def hang_up(self) -> None:
        """Nothing more will be said; answers are still heard."""
        if not self._transport.is_closing():
            self._transport.write_eof()


def rest_seconds(failed: int) -> float:
    """How long to rest after so many failed starts in a row."""
    return min(REST_SECONDS_MAX, 0.1 * 2 ** min(failed, 6)) if failed else 0


async def _ends(task: asyncio.Task[None], seconds: float) -> bool:
    """Whether a task has ended by itself within so many seconds; what it raised comes out."""
    done, _ = await asyncio.wait([task], timeout=seconds)
    for each in done:
        each.result()
    return bool(done)


def started(line: socket.socket, module: str = MODULE) -> subprocess.Popen[bytes]:
    """The process, in our folder and with our settings; what it says of itself goes where ours goes."""
    path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    return subprocess.Popen(  # noqa: S603 - our own module, no shell, nothing from outside
        [sys.executable, "-m", module],
        stdin=line.fileno(),
        stdout=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": path},
    )


here = Recorder(lambda: settings.current().database_url, live.nudge)


@asynccontextmanager
async def lifespan(*_: Any) -> AsyncIterator[None]:
    """Record while the web process lives: `app.register_lifespan_task(recording.lifespan)`."""
    starting = asyncio.get_running_loop().call_later(START_SECONDS, here.start)
    try:
        yield
    finally:
        starting.cancel()
        await here.close()
