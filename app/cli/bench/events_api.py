"""P3: single orders posted to the HTTP API by many clients at once, beside TPC-B; and how long an answer takes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from statistics import median
from time import perf_counter

from app import database
from app.cli.bench import history
from app.cli.bench.figures import Measured
from app.cli.bench.http import Line
from app.cli.bench.place import Bench
from app.cli.bench.rounds import at, by_turns, others
from facts.events import to_envelope
from members import keys

CLIENTS, PARTNERS = 64, 8
SOURCE = "bench.example/orders"
PATH = "/api/v1/events"
MEMBERS = 400


def measure(bench: Bench) -> dict[str, Measured]:
    """Orders a second of all clients together ÷ TPC-B, and the p95 at half of that load."""
    server, seconds, full = bench.shop, bench.pick(6, 3), throughput(bench)
    token, bodies = a_key(bench), _bodies(bench, "half")
    rate = median(full.detail["orders/s"]) / 2
    rounds: list[list[float]] = []
    busy: list[float] = []
    for _ in range(bench.pick(3, 2)):
        busy.append(others())
        rounds.append(asyncio.run(_at_rate(server.port, token, bodies, rate, seconds)))
    p95 = median(at(95, waited) for waited in rounds)
    half = {"orders/s": round(rate), "p50 ms": [round(at(50, waited), 1) for waited in rounds]}
    return {"P3": full, "P3 p95": Measured(p95, median(busy), half)}


def throughput(bench: Bench) -> Measured:
    """Orders a second of all clients together ÷ TPC-B."""
    server, seconds = bench.shop, bench.pick(6, 3)
    token, bodies = a_key(bench), _bodies(bench, f"full-{datetime.now(UTC).timestamp()}")
    asyncio.run(_closed(server.port, token, bodies, 2))

    def ours() -> float:
        return asyncio.run(_closed(server.port, token, bodies, seconds))

    def theirs() -> float:
        return bench.postgres.tpc_b(PARTNERS, seconds)

    return by_turns(bench.pick(5, 3), ours, theirs, ("orders/s", "TPC-B/s"))


def a_key(bench: Bench) -> str:
    """A new key of the shop's API."""
    engine = bench.engine(bench.shop.settings["REGULARS_DATABASE_URL"])
    now = datetime.now(UTC)
    with database.transaction(engine) as session:
        name = f"bench-{now.timestamp()}"
        return keys.create(session, name, [*keys.Scope], SOURCE, "bench", now)


def _bodies(bench: Bench, name: str) -> Iterator[bytes]:
    """Real orders, one after the other and again, each with an id of its own (from `name`) and happening now."""
    engine = history.open_shop(bench, "sqlite")
    envelopes = []
    for number, fact in enumerate(history.facts(engine, history.households(bench, 0, 60))):
        data = {**fact.data, "order_id": "@ID@"}
        told = to_envelope(fact) | {"id": "@ID@", "source": SOURCE, "time": "@TIME@", "data": data}
        envelopes.append(json.dumps(told | {"subject": f"customer:{number % MEMBERS}"}).encode())
    for number in count():
        body = envelopes[number % len(envelopes)].replace(b"@ID@", f"o-{name}-{number}".encode())
        yield body.replace(b"@TIME@", datetime.now(UTC).isoformat().encode())


async def _lines(port: int, token: str) -> list[Line]:
    head = {"Authorization": f"Bearer {token}", "Content-Type": "application/cloudevents+json"}
    lines = [Line(port, head) for _ in range(CLIENTS)]
    await asyncio.gather(*(line.open() for line in lines))
    return lines


async def _post(line: Line, body: bytes) -> None:
    status, answer = await line.post(PATH, body)
    if status != 200 or b'"recorded"' not in answer:
        raise ValueError(f"The API answered {status}: {answer[:300].decode(errors='replace')}")


async def _closed(port: int, token: str, bodies: Iterator[bytes], seconds: float) -> float:
    """Every client posts its next order as soon as it has an answer; orders a second."""
    lines = await _lines(port, token)
    start, done = perf_counter(), 0

    async def client(line: Line) -> None:
        nonlocal done
        while perf_counter() - start < seconds:
            await _post(line, next(bodies))
            done += 1

    await asyncio.gather(*(client(line) for line in lines))
    passed = perf_counter() - start
    for line in lines:
        line.close()
    return done / passed


async def _at_rate(
    port: int, token: str, bodies: Iterator[bytes], rate: float, seconds: float
) -> list[float]:
    """Orders come at a steady rate, whether or not answers do; milliseconds from when each was due."""
    lines = await _lines(port, token)
    free: asyncio.Queue[Line] = asyncio.Queue()
    for line in lines:
        free.put_nowait(line)
    start = perf_counter() + 0.1
    waited: list[float] = []

    async def one(due: float) -> None:
        line = await free.get()
        await _post(line, next(bodies))
        waited.append((perf_counter() - due) * 1000)
        free.put_nowait(line)

    tasks: list[asyncio.Task[None]] = []
    for number in range(int(rate * seconds)):
        due = start + number / rate
        await asyncio.sleep(max(0.0, due - perf_counter()))
        tasks.append(asyncio.create_task(one(due)))
    await asyncio.gather(*tasks)
    for line in lines:
        line.close()
    return waited
