"""The database behind one address: SQLite in a file, or PostgreSQL; and the ways to open a transaction.

Writers take SQLite's write lock at the start (`BEGIN IMMEDIATE`), so that a transaction never finds out at its
end that it must not write. Readers take a snapshot and wait for nobody, on both databases.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, TypeAlias, TypeVar, cast

import psycopg
from psycopg.rows import namedtuple_row
from sqlalchemy import ClauseElement, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL, Dialect
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from app import settings
from facts.refusals import Refusal

BUSY_SECONDS_MAX = 30
POOL_SIZE = 16
ATTEMPTS_MAX = 6
TRY_AGAIN = {
    "40001",
    "40P01",
    "55P03",
}  # serialization failure, deadlock, lock not available (PostgreSQL, Annex A)
SILENCE: dict[str, Any] = {
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}  # how long the other end of a line may be silent: seconds, and milliseconds; libpq's, and no matter to a Unix socket
LINE_OPTIONS: dict[str, Any] = {
    "options": "-c timezone=UTC -c jit=off",
    "application_name": "regulars",
    **SILENCE,
}
MIGRATIONS = Path(__file__).parent / "migrations"

T = TypeVar("T")
Line: TypeAlias = psycopg.Connection[Any]


def address(url: str) -> URL:
    """The address with the driver we use: `postgres://…` and `postgresql://…` mean psycopg 3."""
    made = make_url(url)
    if made.drivername in {"postgres", "postgresql"}:
        made = made.set(drivername="postgresql+psycopg")
    if made.get_backend_name() not in {"sqlite", "postgresql"}:
        raise ValueError(
            f"Regulars keeps its data in SQLite or PostgreSQL, not in {made.get_backend_name()}."
        )
    return made


def engine(url: str) -> Engine:
    """A new engine with a pool of its own. A process makes one, after it has forked."""
    made = address(url)
    if made.get_backend_name() == "sqlite":
        return _sqlite(made)
    return create_engine(
        made,
        pool_size=POOL_SIZE,
        max_overflow=POOL_SIZE,
        pool_use_lifo=True,  # the one used last still has its plans and pages at hand
        connect_args=dict(LINE_OPTIONS),
    )


@cache
def shared(url: str) -> Engine:
    """The one engine of this process for `url`."""
    return engine(url)


def _sqlite(url: URL) -> Engine:
    if not url.database or url.database == ":memory:":
        raise ValueError("SQLite needs a file: several threads share the database.")
    Path(url.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = create_engine(
        url,
        pool_size=POOL_SIZE,
        max_overflow=POOL_SIZE,
        connect_args={"timeout": BUSY_SECONDS_MAX, "check_same_thread": False},
    )
    event.listen(made, "connect", _prepare_sqlite)
    event.listen(made, "begin", _begin_sqlite)
    return made


def _prepare_sqlite(connection: Any, record: Any) -> None:
    connection.isolation_level = None  # the driver begins nothing by itself: _begin_sqlite does
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    reads_only = bool(connection.get_execution_options().get("reads_only"))
    if connection.info.get("query_only", False) != reads_only:
        connection.exec_driver_sql(f"PRAGMA query_only={int(reads_only)}")
        connection.info["query_only"] = reads_only
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")


def _secret() -> bytes:
    """The programme's secret, for what is signed while it is written (`members.audit`)."""
    return settings.secret(settings.current())


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """A session that may write: committed when the block ends, rolled back when it raises.

    A refusal that `keeps` is committed, and then raised: what it counted must not be counted anew.
    """
    kept: Refusal | None = None
    with Session(engine, expire_on_commit=False, info={"sealed_with": _secret}) as session, session.begin():
        try:
            yield session
        except Refusal as refusal:
            if not refusal.keeps:
                raise
            kept = refusal
    if kept:
        raise kept


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session that sees one moment of the database and cannot write; it never waits for a writer.

    It ends with COMMIT: after a ROLLBACK the driver lets PostgreSQL forget the plans that it has prepared on this line,
    and whoever has the line next pays for them again.
    """
    with Session(_reader(engine), autoflush=False) as session:
        yield session
        if session.in_transaction():
            session.connection().connection.commit()


@lru_cache(maxsize=16)
def _reader(engine: Engine) -> Engine:
    if engine.dialect.name == "sqlite":
        return engine.execution_options(reads_only=True)
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


@contextmanager
def glancing(engine: Engine) -> Iterator[Connection]:
    """A connection for one question that writes nothing: alone it sees one moment, without a transaction around it.

    On PostgreSQL that is one trip there and back instead of three.
    """
    with _glancer(engine).connect() as connection:
        yield connection


@lru_cache(maxsize=16)
def _glancer(engine: Engine) -> Engine:
    if engine.dialect.name == "sqlite":
        return _reader(engine)
    return engine.execution_options(isolation_level="AUTOCOMMIT")


def ask(engine: Engine, question: ClauseElement, values: Mapping[str, Any]) -> Sequence[Any]:
    """The rows of one question that writes nothing, asked at a glance: what every open page asks at all news.

    PostgreSQL hears it in the words it was compiled to once, straight from the driver, for a third of the work. So its
    columns are text, whole numbers and moments, and `values` are what the driver takes. When the line was cut, it
    is asked again on another.
    """
    if engine.dialect.name == "postgresql":
        words, known = in_words(question, engine.dialect)
        lent = engine.raw_connection()
        try:
            return _told(cast("Line", lent.driver_connection), words, {**known, **values})
        except psycopg.OperationalError:
            lent.invalidate()
            engine.dispose(close=False)  # the others may be as dead: what was lent is not touched
        finally:
            lent.close()
    with glancing(engine) as connection:
        return connection.execute(cast("Any", question), values).all()


@lru_cache(maxsize=64)
def in_words(question: ClauseElement, dialect: Dialect) -> tuple[str, Mapping[str, Any]]:
    """What the driver is told for a question, compiled once, and the values that it has of its own."""
    said = question.compile(dialect=dialect)
    return str(said), cast("Mapping[str, Any]", said.params)


def _told(line: Line, words: str, values: Mapping[str, Any]) -> Sequence[Any]:
    line.autocommit = True
    try:
        with line.cursor(row_factory=namedtuple_row) as cursor:
            return cursor.execute(cast("Any", words), values).fetchall()
    finally:
        if not line.closed:
            line.autocommit = False


def attempt(engine: Engine, work: Callable[[Session], T]) -> T:
    """What `work` returns, done in one transaction, and done again when the database asks for that.

    A deadlock, a serialization failure or a lock held too long is nobody's fault, and nothing was written:
    `work` starts anew in a new transaction. Every other error comes out as it is.
    """
    for tried in range(1, ATTEMPTS_MAX + 1):
        try:
            with transaction(engine) as session:
                return work(session)
        except DBAPIError as error:
            if tried == ATTEMPTS_MAX or not asks_again(error):
                raise
            time.sleep(random.uniform(0, 0.01 * 2**tried))  # noqa: S311 - spreads the tries, guards nothing
    raise AssertionError("the last attempt returns or raises")


def asks_again(error: DBAPIError) -> bool:
    """Whether the same transaction may well succeed when it is tried again."""
    if getattr(error.orig, "sqlstate", None) in TRY_AGAIN:
        return True
    return getattr(error.orig, "sqlite_errorname", "").startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))


def fold_in(engine: Engine) -> None:
    """Fold SQLite's journal into its file, so that what was erased is in neither; PostgreSQL has its own ways."""
    if engine.dialect.name != "sqlite":
        return
    lent = engine.raw_connection()
    try:
        lent.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
    finally:
        lent.close()


def migrate(url: str) -> None:
    """Bring the tables up to date. Several processes may call it at once: one works, the others wait."""
    made = engine(url)
    try:
        if not _is_up_to_date(made):
            _upgrade(made)
    finally:
        made.dispose()


def _is_up_to_date(engine: Engine) -> bool:
    """Whether the last revision was the newest there is: then Alembic need not be imported to do nothing."""
    newest = max(path.stem for path in (MIGRATIONS / "versions").glob("m[0-9]*.py"))[1:5]
    try:
        with glancing(engine) as connection:
            return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars().all() == [
                newest
            ]
    except DBAPIError:
        return False  # there are no tables, or no database: Alembic makes the ones and says the other


def _upgrade(engine: Engine) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
