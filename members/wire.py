"""The wire: what is said for every fact goes to PostgreSQL straight through the driver, in words made once.

SQLAlchemy looks a statement up, binds its values and wraps its rows anew each time, which for one fact is as much work
as the engine's own. What the driver raises comes out as SQLAlchemy's errors, as everywhere. SQLite is asked through
SQLAlchemy.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias, cast
from uuid import UUID

import psycopg
from sqlalchemy import Connection, Dialect
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

Cursor: TypeAlias = psycopg.Cursor[Any]
Line: TypeAlias = psycopg.Connection[Any]


class _Words(NamedTuple):
    """A question as the driver takes it: `names` of the lists, and what turns columns of its rows into ours."""

    text: bytes
    names: Sequence[str]
    known: dict[str, Any]
    readers: list[tuple[int, Callable[[Any], Any]]]


Given: TypeAlias = Sequence[str] | Sequence[UUID] | datetime | int


class Question:
    """A statement asked for every batch. Its parameters: lists of texts or ids (`sets.several`), moments, numbers."""

    def __init__(self, statement: Any) -> None:
        self.statement = statement
        self._words: _Words | None = None

    def ask(self, session: Session, **given: Given) -> Sequence[Sequence[Any]]:
        """Its rows."""
        connection = session.connection()
        if connection.dialect.name != "postgresql":
            return connection.execute(self.statement, given).all()
        words = self._words = self._words or _in_words(self.statement, connection.dialect)
        values = [_told(given[name]) if name in given else words.known[name] for name in words.names]
        rows = tell(connection, words.text, values).fetchall()
        if not words.readers:
            return rows
        return [_read(row, words.readers) for row in rows]


def tell(connection: Connection, words: bytes, values: Sequence[Any], *, numbered: bool = True) -> Cursor:
    """Say a statement. Its values stand in it as `$1`, `$2` … (which costs less), or as `%s` and `%b`."""
    line = cast("Line", connection.connection.driver_connection)
    try:
        return (psycopg.RawCursor if numbered else psycopg.Cursor)(line).execute(words, values)
    except psycopg.Error as error:
        if line.closed:
            connection.exec_driver_sql("SELECT 1")  # SQLAlchemy finds out as well, and gives the lines up
        said = words.decode()
        raise DBAPIError.instance(said, None, error, psycopg.Error, dialect=connection.dialect) from error


def _in_words(statement: Any, dialect: Dialect) -> _Words:
    said = statement.compile(dialect=dialect)
    names = list(said.params)
    text = str(said) % {name: f"${number}" for number, name in enumerate(names, 1)}
    kinds = [column.type.dialect_impl(dialect) for column in statement.exported_columns]
    readers = [(i, read) for i, kind in enumerate(kinds) if (read := kind.result_processor(dialect, None))]
    return _Words(text.encode(), names, said.params, readers)


def _read(row: Sequence[Any], readers: Sequence[tuple[int, Callable[[Any], Any]]]) -> Sequence[Any]:
    values = list(row)
    for i, read in readers:
        values[i] = read(values[i])
    return values


def _told(value: Given) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, int) else _array(value)


def _array(values: Sequence[str] | Sequence[UUID]) -> str:
    """A list as PostgreSQL writes an array (its manual, section 8.15.2)."""
    return "{" + ",".join([one.hex if isinstance(one, UUID) else _quoted(one) for one in values]) + "}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
