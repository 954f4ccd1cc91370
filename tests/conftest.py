"""What every test may ask for: a database of its own on SQLite and on PostgreSQL, and no world outside.

`database_url` and `engine` give a migrated database that nobody else uses; `session` gives one whose work is
rolled back when the test ends, which is faster. A test that asks for one of them runs on both databases.
"""

from __future__ import annotations

import gc
import ipaddress
import os
import shutil
import socket
import tempfile
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, QueuePool
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache
from sqlmodel import Session
from xdist.scheduler import LoadScopeScheduling

from app import database as databases
from app import settings
from tests.budget import FULL
from tests.databases import EMPTY, KINDS, ROOM, Postgres, clone, room, template

PATIENCE = 5.0  # seconds

COMPILED_MAX = 2000  # statements that a process of the tests remembers


def pytest_configure(config: pytest.Config) -> None:
    """The run's own room; workers of pytest-xdist inherit it from the process that starts them."""
    if not hasattr(config, "workerinput"):
        made = Path(tempfile.mkdtemp(prefix="regulars-tests-"))
        made.chmod(0o711)  # PostgreSQL runs as another user when we are root
        own = made / "run"
        own.mkdir(mode=0o700)
        (own / "python_PostgresServer").mkdir()
        os.environ[ROOM] = str(made)
        os.environ["XDG_RUNTIME_DIR"] = str(own)
        os.environ[FULL] = "yes" if config.getoption("--full") else ""
    for name in [name for name in os.environ if name.startswith("REGULARS_")]:
        del os.environ[name]  # a shop's own settings have no part in its tests


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing behind."""
    if not hasattr(config, "workerinput"):
        _stop_postgres()
        shutil.rmtree(os.environ.pop(ROOM), ignore_errors=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests of `make test-full` sleep unless they are called."""
    if not config.getoption("--full"):
        full = [item for item in items if item.get_closest_marker("full")]
        config.hook.pytest_deselected(items=full)
        items[:] = [item for item in items if item not in full]


def pytest_collection_finish(session: pytest.Session) -> None:
    """What is there before the first test stays there: whoever looks for garbage need not look at it, nor so often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)


class OneShop(LoadScopeScheduling):
    """Spreads tests over the processes one by one; those that open the shop stay together, as its pages are built once.

    The marker `xdist_group` says the same, and is not heard with pytest 9.2 and pytest-xdist 3.8.
    """

    def _split_scope(self, nodeid: str) -> str:
        return "browser" if nodeid.startswith("tests/browser/") else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    """How pytest-xdist hands out the tests."""
    return OneShop(config, log)


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--full` adds the full histories and the long campaigns."""
    parser.addoption("--full", action="store_true", help="run the tests marked `full` too")


@cache
def postgres_of_the_run() -> Postgres:
    """The PostgreSQL server that all tests of this run share."""
    return Postgres(room() / "postgres")


def _stop_postgres() -> None:
    if postgres_of_the_run.cache_info().currsize:
        postgres_of_the_run().server.cleanup()


@pytest.fixture(scope="session", params=KINDS)
def database_kind(request: pytest.FixtureRequest) -> str:
    """`sqlite`, then `postgresql`."""
    return str(request.param)


@pytest.fixture(scope="session")
def postgres(database_kind: str) -> Postgres | None:
    """The server, where the test runs on PostgreSQL."""
    return postgres_of_the_run() if database_kind == "postgresql" else None


@pytest.fixture(scope="session")
def empty_template(database_kind: str, postgres: Postgres | None) -> str:
    """The name of the migrated, empty database that tests clone."""
    for url in template(database_kind, EMPTY, postgres):
        databases.migrate(url)
    return EMPTY


@pytest.fixture
def database_url(database_kind: str, empty_template: str, postgres: Postgres | None) -> Iterator[str]:
    """The address of a migrated database that only this test uses."""
    with clone(database_kind, empty_template, postgres) as url:
        yield url


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine on a migrated database that only this test uses."""
    made = databases.engine(database_url)
    yield made
    put_away(made)


@pytest.fixture(autouse=True, scope="session")
def compiled_once() -> Iterator[None]:
    """What the engine of one test has put into SQL, the engine of the next need not put again: they speak alike.

    Every test has a new engine, and would begin with nothing compiled, which was a tenth of the time of all tests.
    """
    kept: LRUCache[Any, Any] = LRUCache(COMPILED_MAX)
    begin = Engine.__init__

    def begin_with_kept(self: Engine, *args: Any, **more: Any) -> None:
        begin(self, *args, **more)
        self._compiled_cache = kept

    with pytest.MonkeyPatch.context() as patch:
        for dialect in (SQLiteDialect_pysqlite, PGDialect_psycopg):
            patch.setattr(dialect, "__eq__", lambda one, other: type(one) is type(other))
            patch.setattr(dialect, "__hash__", lambda one: hash(type(one)))
        patch.setattr(Engine, "__init__", begin_with_kept)
        yield


def put_away(engine: Engine) -> None:
    """Close the connections of a test's engine, when a thread of a page that was left has given its own back, too."""
    pool, until = engine.pool, time.monotonic() + PATIENCE
    while isinstance(pool, QueuePool) and pool.checkedout() and time.monotonic() < until:
        time.sleep(0.01)
    engine.dispose()


@pytest.fixture
def anyio_backend() -> str:
    """Tests of coroutines run on asyncio, as the server does."""
    return "asyncio"


@pytest.fixture
def house(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A process of the app: its settings point to this test's database and to a folder, which is given."""
    monkeypatch.setenv("REGULARS_DATABASE_URL", database_url)
    monkeypatch.setenv("REGULARS_DATA_DIR", str(tmp_path))
    settings.current.cache_clear()
    databases.shared.cache_clear()
    yield tmp_path
    put_away(databases.shared(database_url))
    settings.current.cache_clear()
    databases.shared.cache_clear()


@pytest.fixture(scope="session")
def shared_engine(database_kind: str, empty_template: str, postgres: Postgres | None) -> Iterator[Engine]:
    """The engine behind `session`: every test leaves it as it was."""
    with clone(database_kind, empty_template, postgres) as url:
        made = databases.engine(url)
        yield made
        made.dispose()


@pytest.fixture
def session(shared_engine: Engine) -> Iterator[Session]:
    """A session on a real database; what it writes, even what it commits, is gone after the test."""
    with shared_engine.connect() as connection:
        whole = connection.begin()
        with Session(connection, expire_on_commit=False, join_transaction_mode="create_savepoint") as made:
            yield made
        whole.rollback()


@pytest.fixture(autouse=True, scope="session")
def no_world_outside() -> Iterator[None]:
    """Refuse every connection and every name that is not this machine's own."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, _only_here(getattr(socket.socket, name)))
        look_up = socket.getaddrinfo

        def getaddrinfo(host: Any, *rest: Any, **more: Any) -> Any:
            _refuse_others(host)
            return look_up(host, *rest, **more)

        patch.setattr(socket, "getaddrinfo", getaddrinfo)
        yield


def _only_here(connect: Any) -> Any:
    def checked(self: socket.socket, address: Any) -> Any:
        if self.family in {socket.AF_INET, socket.AF_INET6}:
            _refuse_others(address[0])
        return connect(self, address)

    return checked


def _refuse_others(host: Any) -> None:
    name = host.decode() if isinstance(host, bytes) else host
    if name in {None, "", "localhost"}:
        return
    try:
        here = ipaddress.ip_address(name).is_loopback or name == "0.0.0.0"
    except ValueError:
        here = False
    if not here:
        raise AssertionError(f"a test reached for {name}; tests stay on this machine")
