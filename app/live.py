"""News for open pages: whatever is committed reaches the member's open screens, in every process.

The outbox is the one source: `record` writes a row a batch, and a reader in each web process
reads on from the sequence it knows and wakes who waits. It reads at once when this process has committed
(`nudge`), when another process says so (PostgreSQL: NOTIFY), and every now and then anyway, so that a command
line, or a process that died before it could say so, is heard too. The first news of a while is read at once; where
one commit follows the other, what has gathered is read together.

News says only *that* something changed; the page loads what it shows. So news of the same member runs
together, and nothing can pile up behind a slow page.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Protocol
from uuid import UUID

import psycopg
from sqlalchemy import Engine, bindparam, func
from sqlmodel import col, or_, select

from app import database, settings
from app.threads import finish
from members.tables import Outbox

CHANNEL = "regulars_news"
REST_SECONDS = 0.03  # between two readings
POLL_SECONDS = {"sqlite": 0.2, "postgresql": 1.0}
GAP_SECONDS_MAX = 30.0  # how long a transaction may take to commit after it drew its sequence number
GAPS_MAX = 1000
ROWS_MAX = 5000
FRESH_SECONDS = 5.0  # news this young is told again to a page that subscribes: it may have loaded before
FRESH_MAX = 10_000

NEWER = (
    select(Outbox.seq, Outbox.members)
    .where(or_(col(Outbox.seq) > bindparam("top"), col(Outbox.seq).in_(bindparam("gaps", expanding=True))))
    .order_by(col(Outbox.seq))
    .limit(ROWS_MAX)
)

log = logging.getLogger(__name__)


class Listener(Protocol):
    """Whoever is told that there is news."""

    def come(self) -> None:
        """There is some."""
        ...


class News:
    """What one open page waits on. `next` returns when something happened since it last returned."""

    def __init__(self) -> None:
        self._something = asyncio.Event()

    def come(self) -> None:
        """Something happened; on the event loop's own thread."""
        self._something.set()

    async def next(self) -> None:
        """Wait for news; several changes meanwhile count as one."""
        await self._something.wait()
        self._something.clear()


class Watch(News):
    """What hears of everybody; it knows of whom there was something since it last asked."""

    def __init__(self) -> None:
        super().__init__()
        self.members: set[UUID] = set()

    def taken(self) -> set[UUID]:
        """Of whom there was news; they are forgotten here."""
        members, self.members = self.members, set[UUID]()
        return members


class Outlook:
    """The place in the outbox up to which this process has read, on a database where commits overtake.

    A PostgreSQL sequence number is drawn before the commit, so a lower one may appear later: gaps are
    looked at again until they are filled or too old to be.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.gaps: dict[int, float] = {}
        with database.reading(engine) as session:
            self.top = session.exec(select(func.max(Outbox.seq))).one() or 0

    def read(self) -> set[UUID]:
        """The members about whom there is something new."""
        with database.glancing(self.engine) as connection:
            rows = connection.execute(NEWER, {"top": self.top, "gaps": list(self.gaps)}).all()
        self._remember([seq for seq, _ in rows if seq is not None])
        return {UUID(hex=word) for _, members in rows for word in members.split()}

    def _remember(self, seen: list[int]) -> None:
        now = time.monotonic()
        newest = max(seen, default=0)
        if newest > self.top:
            missing = range(max(self.top + 1, newest - GAPS_MAX), newest)
            self.gaps.update(dict.fromkeys(missing, now))
            self.top = newest
        for seq in seen:
            self.gaps.pop(seq, None)
        self.gaps = {seq: since for seq, since in self.gaps.items() if now - since < GAP_SECONDS_MAX}


class Wire:
    """The pages of this process that wait for news, and the task that brings it."""

    def __init__(self) -> None:
        self._pages: dict[UUID, set[Listener]] = {}
        self._watchers: set[Watch] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._wake: asyncio.Event | None = None
        self._ours = False
        self._name = secrets.token_hex(8)  # so that a process does not listen to itself
        self._fresh: OrderedDict[UUID, float] = OrderedDict()

    @asynccontextmanager
    async def subscribe(self, *names: UUID) -> AsyncIterator[News]:
        """News of a member, or of anything else that has an id, for as long as the block lasts.

        What came just before counts too, so that nothing falls between loading a page and subscribing.
        """
        news = News()
        with self.told(news, *names):
            yield news

    @contextmanager
    def told(self, listener: Listener, *names: UUID) -> Iterator[None]:
        """The same for who does not wait: `listener.come` is called, on the event loop."""
        for name in names:
            if time.monotonic() - self._fresh.get(name, -FRESH_SECONDS) < FRESH_SECONDS:
                listener.come()
            self._pages.setdefault(name, set()).add(listener)
        try:
            yield
        finally:
            for name in names:
                pages = self._pages[name]
                pages.discard(listener)
                if not pages:
                    del self._pages[name]

    @asynccontextmanager
    async def watch(self) -> AsyncIterator[Watch]:
        """News of anything at all, for as long as the block lasts."""
        news = Watch()
        self._watchers.add(news)
        try:
            yield news
        finally:
            self._watchers.discard(news)

    def nudge(self) -> None:
        """This process has committed something. May be called from any thread; does not wait."""
        loop = self._loop
        if loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop has just closed: nobody is listening any more
                loop.call_soon_threadsafe(self._woken, True)

    def _woken(self, ours: bool) -> None:
        self._ours = self._ours or ours
        if self._wake is not None:
            self._wake.set()

    def spread(self, members: set[UUID]) -> None:
        """Wake the open pages of these members."""
        now = time.monotonic()
        for watch in self._watchers if members else ():
            watch.members |= members
            watch.come()
        for member_id in members:
            self._fresh[member_id] = now
            self._fresh.move_to_end(member_id)
            for news in tuple(self._pages.get(member_id, ())):
                news.come()
        while self._fresh and (len(self._fresh) > FRESH_MAX or self._oldest() < now - FRESH_SECONDS):
            self._fresh.popitem(last=False)

    def _oldest(self) -> float:
        return next(iter(self._fresh.values()))

    async def run(self, engine: Engine, outlook: Outlook | None = None) -> None:
        """Bring the news from `outlook` on, or from now on, until cancelled.

        Errors of the database are logged, and it tries on.
        """
        self._loop, self._wake = asyncio.get_running_loop(), asyncio.Event()
        kind = engine.dialect.name
        listening = asyncio.create_task(self._listen(engine)) if kind == "postgresql" else None
        try:
            outlook = outlook or await _place(engine)
            while True:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(
                        POLL_SECONDS[kind]
                    ):  # wait_for of 3.11 may miss being cancelled
                        await self._wake.wait()
                self._wake.clear()
                ours, self._ours = self._ours, False
                try:
                    self.spread(await finish(outlook.read))
                    if ours and listening:
                        await finish(_notify, engine, self._name)
                except Exception:
                    log.exception("the outbox could not be read; trying again")
                    await asyncio.sleep(1)
                await asyncio.sleep(REST_SECONDS)
        finally:
            self._loop = self._wake = None
            if listening:
                listening.cancel()
                await asyncio.gather(listening, return_exceptions=True)

    async def _listen(self, engine: Engine) -> None:
        """Hear what other processes say, and connect again when the line is cut."""
        address = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    address, autocommit=True, **database.LINE_OPTIONS
                ) as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    async for notice in connection.notifies():
                        if notice.payload != self._name:
                            self._woken(False)
            except psycopg.Error:
                log.warning("the line to PostgreSQL was cut; connecting again")
                await asyncio.sleep(1)


async def _place(engine: Engine) -> Outlook:
    """The place from which there is news, as soon as the database says it."""
    while True:
        try:
            return await finish(Outlook, engine)
        except Exception:
            log.exception("the outbox could not be read; trying again")
            await asyncio.sleep(1)


def _notify(engine: Engine, name: str) -> None:
    """Tell the other processes, outside of any transaction: NOTIFY inside one would queue all commits."""
    with database.glancing(engine) as connection:
        connection.exec_driver_sql(f"NOTIFY {CHANNEL}, '{name}'")


_here = Wire()
subscribe = _here.subscribe
watch = _here.watch
told = _here.told
nudge = _here.nudge


@asynccontextmanager
async def lifespan(*_: Any) -> AsyncIterator[None]:
    """Brings news while the web process lives: `app.register_lifespan_task(live.lifespan)`.

    Nobody is served before its place in the outbox is known: what ends a session is news from the first line on.
    """
    engine = database.shared(settings.current().database_url)
    task = asyncio.create_task(_here.run(engine, await _place(engine)))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
