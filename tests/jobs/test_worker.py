"""`regulars worker`, the process: it catches up when it starts, survives being killed, and shares with another."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import col, func, select

from app import database
from members.actions.record import record
from members.prove import prove
from members.tables import Standing
from rewards.tables import Entry
from tests.api.shop import a_programme
from tests.jobs.test_due import an_order_at

pytestmark = pytest.mark.slow
SECONDS_MAX = 600  # three processes start here, on machines that may be busy


@contextmanager
def a_worker(url: str, folder: Path, log: str = "worker.log") -> Iterator[subprocess.Popen[bytes]]:
    environment = os.environ | {"REGULARS_DATABASE_URL": url, "REGULARS_DATA_DIR": str(folder)}
    command = [str(Path(sys.executable).parent / "regulars"), "worker"]
    with (folder / log).open("ab") as output:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=subprocess.STDOUT)
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()


def due_now(engine: Engine) -> int:
    with database.reading(engine) as session:
        query = select(func.count()).select_from(Standing).where(col(Standing.due_at) <= datetime.now(UTC))
        return session.exec(query).one()


def told(folder: Path) -> str:
    return "\n".join(log.read_text() for log in sorted(folder.glob("*.log")))


def wait_until_done(engine: Engine, folder: Path) -> None:
    until = time.monotonic() + SECONDS_MAX
    while due_now(engine):
        assert time.monotonic() < until, told(folder)
        time.sleep(0.2)


def wait_until_running(process: subprocess.Popen[bytes], log: Path) -> None:
    """Before this a worker has not yet heard of signals: Python is still reading its modules."""
    until = time.monotonic() + SECONDS_MAX
    while "The jobs are running" not in log.read_text():
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < until, log.read_text()
        time.sleep(0.2)


def fill(engine: Engine, day: int) -> None:
    """Somebody whose points expired a while ago."""
    at = datetime.now(UTC) - timedelta(days=500 + day)
    with database.transaction(engine) as session:
        record(session, [an_order_at(at, "50.00", f"c{day}")], at)


def test_a_worker_catches_up_twice_killed_and_beside_another(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    with a_programme(engine):
        fill(engine, 1)
    assert due_now(engine) == 1
    with a_worker(database_url, tmp_path) as first:
        wait_until_done(engine, tmp_path)
        first.kill()
        first.wait()
    fill(engine, 2)
    fill(engine, 3)
    with (
        a_worker(database_url, tmp_path, "second.log") as second,
        a_worker(database_url, tmp_path, "third.log") as third,
    ):
        wait_until_done(engine, tmp_path)
        for process, log in ((second, "second.log"), (third, "third.log")):
            wait_until_running(process, tmp_path / log)
        for process in (second, third):
            process.send_signal(signal.SIGTERM)
            assert process.wait(SECONDS_MAX) == 0, told(tmp_path)
    with database.reading(engine) as session:
        expired = session.exec(select(Entry.amount).where(Entry.kind == "expired")).all()
        assert list(expired) == [-500] * 3
        assert prove(session).flaws == []
