"""R1: `kill -9` in the middle of posting, with clients that try again: nothing acknowledged is lost or doubled."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import uuid4

import psutil
import pytest
from sqlalchemy import text
from sqlmodel import select

from app import database
from members.prove import prove
from members.tables import FactRow, Identity, Standing
from rewards.tables import Entry
from tests.builders import PROGRAMME, SHOP, in_force
from tests.databases import Postgres, room, sqlite_url
from tests.repo.sources import ROOT

CLIENTS = 4
WAIT_MAX = 300.0  # seconds in which a new worker answers, on machines that may be busy
START = datetime(2026, 1, 1, tzinfo=UTC)
KILLS = [10, pytest.param(200, marks=pytest.mark.full)]
FLAT = PROGRAMME.replace(", multiplier: 1.5", "").replace(", multiplier: 2", "")


@dataclass
class Client(Thread):
    """Sends orders and returns until it is told to stop, each batch again and again until it is acknowledged."""

    number: int
    address: Path
    stop: bool = False
    over: bool = False  # nobody will answer any more
    acknowledged: list[str] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    due: Counter[str] = field(default_factory=Counter)
    tries: int = 0
    heard: str = ""
    line: Any = None

    def __post_init__(self) -> None:
        super().__init__(daemon=True)
        self.chance = random.Random(self.number)

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        made = 0
        while not self.stop:
            batch = []
            for _ in range(self.chance.randint(1, 4)):
                batch.append(self.event(made))
                made += 1
            for event, status in zip(batch, self.send(batch), strict=True):
                assert status in ("recorded", "duplicate"), (event, status)
                self.answers[status] += 1
                self.acknowledged.append(event["id"])

    def event(self, n: int) -> dict[str, Any]:
        """Every fifth takes the one before it back; what each customer should have is counted in `due`."""
        customer = f"c{self.number}-{n // 5 % 3}"
        order = f"o{self.number}-{n - 1 if n % 5 == 4 else n}"
        if n % 5 == 4:
            data: dict[str, Any] = {"order_id": order, "refund_id": f"r{n}",
                                    "lines": [{"line_id": "1", "quantity": "1", "amount": f"{n}.50"}]}  # fmt: skip
            kind = "order.refunded"
            data["lines"][0]["amount"] = f"{n - 1}.50"
            self.due[customer] -= n - 1
        else:
            line = {"line_id": "1", "sku": "tea", "quantity": "1", "amount": f"{n}.50"}
            data, kind = {"order_id": order, "currency": "USD", "lines": [line]}, "order.paid"
            self.due[customer] += n
        at = START + timedelta(minutes=n)
        return {"specversion": "1.0", "id": f"{self.number}-{n}", "source": SHOP, "type": kind,
                "time": at.isoformat(), "subject": f"customer:{customer}", "data": data}  # fmt: skip

    def send(self, batch: list[dict[str, Any]]) -> list[str]:
        """The answers to a batch, however often the other side dies."""
        until = time.monotonic() + WAIT_MAX
        while time.monotonic() < until and not self.over:
            self.tries += 1
            try:
                if self.line is None:
                    self.line = self.connected()
                self.line.write(json.dumps(batch).encode() + b"\n")
                self.line.flush()
                answer = self.line.readline()
                if answer.endswith(b"\n") and isinstance(said := json.loads(answer), list):
                    return said
                self.heard = answer.decode()
            except OSError:
                pass
            self.hang_up()
            time.sleep(0.01)
        raise SystemExit if self.over else AssertionError("nobody answers any more")

    def connected(self) -> Any:
        with socket.socket(socket.AF_UNIX) as call:
            call.settimeout(WAIT_MAX)
            call.connect(str(self.address))
            line = call.makefile("rwb")
        if not line.readline():
            line.close()
            raise ConnectionError("gone at once")
        return line

    def hang_up(self) -> None:
        if self.line is not None:
            with suppress(OSError):
                self.line.close()
            self.line = None


@contextmanager
def posting(url: str, address: Path) -> Iterator[list[Client]]:
    """Clients that post through a worker; at the end they have finished, and the workers are gone."""
    words = [sys.executable, "-m", "tests.faults.worker", url, str(address)]
    parent = subprocess.Popen(words, cwd=ROOT, start_new_session=True)
    clients = [Client(number, address) for number in range(CLIENTS)]
    try:
        for client in clients:
            client.start()
        yield clients
        for client in clients:
            client.stop = True
        for client in clients:
            client.join(WAIT_MAX)
            assert not client.is_alive()
    finally:
        os.killpg(parent.pid, signal.SIGKILL)
        parent.wait()
        for client in clients:
            client.over = True
            client.hang_up()


def pids(address: Path) -> tuple[int, int]:
    """Whoever answers, and the process that records for it."""
    until = time.monotonic() + WAIT_MAX
    while time.monotonic() < until:
        try:
            with socket.socket(socket.AF_UNIX) as call:
                call.settimeout(5)
                call.connect(str(address))
                worker, recorder = (*map(int, call.recv(100).split()), 0, 0)[:2]
                if worker and recorder:
                    return worker, recorder
        except OSError:
            pass
        time.sleep(0.01)
    raise AssertionError("no worker answers")


def amid(clients: list[Client], chance: random.Random) -> None:
    """Wait until something was acknowledged since now, and then a moment more."""
    before, until = sum(len(client.acknowledged) for client in clients), time.monotonic() + WAIT_MAX
    while sum(len(client.acknowledged) for client in clients) <= before + CLIENTS:
        assert time.monotonic() < until, (
            f"nothing is acknowledged any more: {[client.heard for client in clients]}"
        )
        time.sleep(0.002)
    time.sleep(chance.uniform(0, 0.05))


def opened(url: str) -> None:
    database.migrate(url)
    engine = database.engine(url)
    with database.transaction(engine) as session:
        in_force(session, FLAT)
    engine.dispose()


def check(url: str, clients: list[Client], kills: int) -> None:
    """Everything acknowledged is there, once; every balance is what it should be; every law holds."""
    engine = database.engine(url)
    with database.reading(engine) as session:
        there = Counter(session.exec(select(FactRow.fact_id)).all())
        acknowledged = Counter(name for client in clients for name in client.acknowledged)
        assert set(acknowledged) == set(there), "lost, or never asked for"
        assert set(there.values()) == {1}
        found = session.exec(
            select(Identity.key, Standing.balance).where(Identity.member_id == Standing.member_id)
        ).all()
        due = {f"customer:{SHOP}:{who}": points for client in clients for who, points in client.due.items()}
        assert dict(found) == due
        paid = [cause for cause in session.exec(select(Entry.cause)).all() if cause.startswith("earn|")]
        assert len(set(paid)) == len(paid)
        proof = prove(session)
        assert proof.flaws == []
        assert proof.points.outstanding == sum(due.values())
    engine.dispose()
    assert sum(client.tries for client in clients) > kills, "somebody had to try again"


@pytest.mark.feature(21)
@pytest.mark.parametrize("kills", KILLS)
def test_a_killed_process_on_sqlite_loses_nothing_and_doubles_nothing(tmp_path: Path, kills: int) -> None:
    url, address = sqlite_url(tmp_path / "shop.sqlite"), tmp_path / "desk"
    opened(url)
    chance = random.Random(kills)
    with posting(url, address) as clients:
        for number in range(kills):
            amid(clients, chance)
            os.kill(pids(address)[number % 2], signal.SIGKILL)
    check(url, clients, kills)


@pytest.fixture
def own_postgres() -> Iterator[Postgres]:
    """A server of this test's own, with full durability."""
    server = Postgres(room() / f"killed-{uuid4().hex[:8]}", durable=True)
    try:
        yield server
    finally:
        server.server.cleanup()


def start_again(postgres: Postgres) -> None:
    """Start a server that was killed; a busy machine may need longer than the ten seconds that are given to it."""
    until = time.monotonic() + WAIT_MAX
    while time.monotonic() < until:
        with suppress(subprocess.TimeoutExpired):
            return postgres.server.ensure_postgres_running()
    raise AssertionError("PostgreSQL does not start again")


@pytest.mark.feature(21)
@pytest.mark.parametrize("kills", KILLS)
def test_killed_workers_backends_and_servers_of_postgresql_lose_nothing(
    own_postgres: Postgres, tmp_path: Path, kills: int
) -> None:
    url, address = own_postgres.create("shop"), tmp_path / "desk"
    opened(url)
    chance = random.Random(kills)

    def kill_worker() -> None:
        os.kill(pids(address)[0], signal.SIGKILL)

    def kill_recorder() -> None:
        os.kill(pids(address)[1], signal.SIGKILL)

    def kill_backend() -> None:
        engine = database.engine(url)
        query = (
            "SELECT pid FROM pg_stat_activity WHERE application_name = 'regulars' AND pid <> pg_backend_pid()"
        )
        with engine.connect() as connection:
            pids = [row[0] for row in connection.execute(text(query))]
        engine.dispose()
        if pids:
            os.kill(chance.choice(pids), signal.SIGKILL)

    def kill_server() -> None:
        """The first of its processes; the others end by themselves, and then it may start again."""
        first = psutil.Process(own_postgres.server.get_pid())
        others = first.children(recursive=True)
        first.kill()
        until = time.monotonic() + WAIT_MAX
        while any(alive(one) for one in (first, *others)):
            assert time.monotonic() < until
            time.sleep(0.02)
        sockets = own_postgres.server.get_postmaster_info().socket_dir
        assert sockets is not None
        for left in (own_postgres.folder / "postmaster.pid", *sockets.glob(".s.PGSQL.*")):
            left.unlink(missing_ok=True)  # where nobody buries the dead, they seem to be in use
        start_again(own_postgres)

    ways: list[Callable[[], None]] = [kill_worker, kill_backend, kill_recorder, kill_backend, kill_server]
    with posting(url, address) as clients:
        for number in range(kills):
            amid(clients, chance)
            ways[number % len(ways)]()
    check(url, clients, kills)


def alive(process: psutil.Process) -> bool:
    """Whether it still does something: one that nobody has buried does not."""
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
