"""P8 and P9: 500 open pages, home beside a blank counter: how fast an event is answered, and what a page weighs.

What a browser sends when it opens a page is heard from a real one, and said again by every socket. Beside the figure
stands how long it takes when something has happened before each event, so that every card is another one.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from statistics import median
from time import perf_counter
from typing import Any

from sqlmodel import col, select, update

from app import database
from app.cli.bench.browser import a_browser, enter
from app.cli.bench.figures import Measured
from app.cli.bench.place import Bench
from app.cli.bench.rounds import at, others
from app.cli.bench.servers import Server
from app.cli.bench.socket_client import NAMESPACE, Page
from app.door import COOKIE
from badges.goal_tables import GoalTotal
from members import sessions
from members.roles import MEMBER, Person
from members.tables import Standing

WARM = 50  # pages before what a page weighs is measured
TOGETHER = 25  # pages that are opened at once
RATE = 40  # events a second, all pages together
SETTLE_SECONDS = 3
STATE = "reflex___state____state."
HOME, COUNTER = f"{STATE}pages___home____home_state.load", f"{STATE}blank___blank____counter.up"


def measure(bench: Bench) -> dict[str, Measured]:
    """Both servers have all their pages open while they take turns."""
    return asyncio.run(_measure(bench, *_listen(bench)))


def _listen(bench: Bench) -> tuple[list[str], list[str]]:
    """The frames that a browser sends when it opens home, and the counter."""
    with a_browser() as browser:
        blank = _heard(browser, bench.blank, "/counter")
        home = _heard(browser, bench.shop, "/", signed_in=True)
    return home, blank


def _heard(browser: Any, server: Server, path: str, *, signed_in: bool = False) -> list[str]:
    page = browser.new_context().new_page()
    if signed_in:
        enter(page, server)
    sent: list[str] = []

    def on_socket(socket: Any) -> None:
        socket.on("framesent", lambda frame: sent.append(frame))  # noqa: PLW0108 - it wants a function of ours

    page.on("websocket", on_socket)
    page.goto(f"{server.address}{path}")
    page.wait_for_timeout(2500)
    page.context.close()
    return [frame for frame in sent if isinstance(frame, str) and frame.startswith("4")]


async def _measure(bench: Bench, home: list[str], blank: list[str]) -> dict[str, Measured]:
    many = bench.pick(500, 150)
    cookies = _cookies(bench, many)
    busy = [others()]
    counters, blank_weight = await _open(bench.blank, blank, [""] * many)
    homes, home_weight = await _open(bench.shop, home, cookies)
    filled = sum(page.events > 1 for page in homes)
    seconds = bench.pick(8, 4)
    rounds: list[tuple[float, float]] = []
    for _ in range(bench.pick(5, 3)):
        busy.append(others())
        ours = await _ask(homes, HOME, "/", seconds)
        rounds.append((at(95, ours), at(95, await _ask(counters, COUNTER, "/counter", seconds))))
    with _something(bench) as happens:
        news = at(95, await _ask(homes, HOME, "/", seconds, happens))
    for page in (*counters, *homes):
        page.close()
    told = {
        "home p95 ms": [round(a, 2) for a, _ in rounds],
        "counter p95 ms": [round(b, 2) for _, b in rounds],
        "after news p95 ms": round(news, 2),
    }
    weights = {
        "home KiB": round(home_weight / 1024, 1),
        "blank KiB": round(blank_weight / 1024, 1),
        "filled": filled,
    }
    return {
        "P8": Measured(
            median(a / b for a, b in rounds), median(busy), {"sockets": many, "events/s": RATE} | told
        ),
        "P9": Measured(home_weight / blank_weight, busy[0], {"sockets": many} | weights),
    }


@contextmanager
def _something(bench: Bench) -> Iterator[Callable[[], object]]:
    """What changes every member's card: all together are one further with their goal."""
    engine = bench.engine(bench.shop.settings["REGULARS_DATABASE_URL"])
    further = update(GoalTotal).values(total=col(GoalTotal.total) + 1)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as line:
        line.exec_driver_sql("SET synchronous_commit = off")  # the disk is not what is measured
        yield lambda: line.execute(further)


def _cookies(bench: Bench, many: int) -> list[str]:
    """Sessions of the shop's members, one after the other and again."""
    with database.transaction(bench.engine(bench.shop.settings["REGULARS_DATABASE_URL"])) as session:
        members = list(session.exec(select(Standing.member_id).order_by(col(Standing.member_id))))
        now = datetime.now(UTC)
        people = [Person(str(members[n % len(members)]), MEMBER) for n in range(many)]
        return [f"{COOKIE}={sessions.start(session, person, now)[0]}" for person in people]


async def _open(server: Server, frames: list[str], cookies: list[str]) -> tuple[list[Page], float]:
    """Open a page for each cookie; the pages, and what one adds to the server's own memory."""
    pages = [Page(server.port, cookie) for cookie in cookies]
    await _join(pages[:WARM], frames)
    before = _memory(server)
    await _join(pages[WARM:], frames)
    return pages, (_memory(server) - before) / (len(pages) - WARM)


async def _join(pages: list[Page], frames: list[str]) -> None:
    for start in range(0, len(pages), TOGETHER):
        await asyncio.gather(*(page.open(frames) for page in pages[start : start + TOGETHER]))
        await asyncio.sleep(0.2)
    await asyncio.sleep(SETTLE_SECONDS)


def _memory(server: Server) -> int:
    """Bytes that the server's processes share with nobody."""
    import psutil

    first = psutil.Process(server.pid)
    return sum(one.memory_full_info().uss for one in (first, *first.children(recursive=True)))


async def _ask(
    pages: list[Page], event: str, path: str, seconds: float, before: Callable[[], object] | None = None
) -> list[float]:
    """Events at a steady rate, each from a page that waits for nothing; milliseconds until its delta.

    `before` is done before each of them, and is not counted.
    """
    told = {"name": event, "payload": {}, "router_data": {"pathname": path, "asPath": path}}
    frame = f"42{NAMESPACE},{json.dumps(['event', told])}"
    idle = random.sample(pages, len(pages))
    start = perf_counter() + 0.1

    async def one(page: Page) -> float:
        waited = await page.ask(frame)
        await asyncio.sleep(0.3)  # whatever else the server says to it
        idle.append(page)
        return waited

    tasks: list[asyncio.Task[float]] = []
    for number in range(int(RATE * seconds)):
        await asyncio.sleep(max(0.0, start + number / RATE - perf_counter()))
        if before is not None:
            await asyncio.to_thread(before)
        tasks.append(asyncio.create_task(one(idle.pop(0))))
    return list(await asyncio.gather(*tasks))
