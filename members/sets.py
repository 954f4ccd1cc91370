"""Sets of rows in one statement, however many: what keeps a batch at a constant number of statements.

SQLAlchemy builds the same statements row by row (`executemany`) or with a bound parameter per value. Here a set
travels to PostgreSQL as one JSON text (a few rows: cheapest for one fact) or as one array per column (`UNNEST`:
cheapest for many), and to SQLite as one `VALUES` list. The text of a statement does not depend on the number of
rows, so PostgreSQL plans it once.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Dialect, Table, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import NullType, TypeDecorator
from sqlmodel import Session, SQLModel

SQLITE_PARAMETERS = 32_000  # SQLite takes at most 32,766 in one statement
FEW = 8  # rows of one table, up to which JSON costs less than arrays (measured: 1 row a half, 50 rows twice)

Row = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Insert:
    """Rows for a table, values in the order of `columns`; `tail` may say ON CONFLICT."""

    model: type[SQLModel]
    columns: tuple[str, ...]
    rows: Sequence[Row]
    tail: str = ""


@lru_cache(maxsize=64)
def _setting(columns: tuple[str, ...], key: tuple[str, ...]) -> str:
    rest = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in key)
    return f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET {rest}"


def upserted(
    model: type[SQLModel], columns: tuple[str, ...], rows: Sequence[Row], key: tuple[str, ...]
) -> Insert:
    """Rows to insert, or whose other columns to set where a row with this `key` is there already."""
    return Insert(model, columns, rows, _setting(columns, key))


def table_of(model: type[SQLModel]) -> Table:
    """The table of a model."""
    return model.__table__  # type: ignore[attr-defined]  # SQLModel sets it on table models only


class _Several(TypeDecorator[Sequence[Any]]):
    """A list of texts or ids as one parameter: an array for PostgreSQL, JSON for SQLite."""

    impl = NullType
    cache_ok = True

    def process_bind_param(self, value: Sequence[Any] | None, dialect: Dialect) -> Any:
        """As the driver takes it."""
        if value is None or dialect.name == "postgresql":
            return value
        return json.dumps([one.hex if isinstance(one, UUID) else one for one in value])


class Among(FunctionElement[bool]):
    """`Among(column, several("name"))`: the column's value is one of the list given as the parameter `name`."""

    inherit_cache = True
    type = Boolean()


def several(name: str) -> Any:
    """A parameter that is a list; unlike that of `in_` it does not change the text of the statement."""
    return bindparam(name, type_=_Several())


@compiles(Among)
def _in_array(element: Among, compiler: SQLCompiler, **more: Any) -> str:
    column, values = (compiler.process(clause, **more) for clause in element.clauses)
    return f"{column} = ANY ({values})"


@compiles(Among, "sqlite")
def _in_json(element: Among, compiler: SQLCompiler, **more: Any) -> str:
    column, values = (compiler.process(clause, **more) for clause in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608  (a parameter's mark)


def insert(session: Session, model: type[SQLModel], columns: tuple[str, ...], rows: Sequence[Row],
           tail: str = "", returning: tuple[str, ...] = ()) -> list[Any]:  # fmt: skip
    """Insert `rows` in one statement; returns the columns that are `returning`, where ON CONFLICT let them in."""
    if not rows:
        return []
    made = Insert(model, columns, rows, tail)
    end = f" RETURNING {', '.join(returning)}" if returning else ""
    connection = session.connection()
    if connection.dialect.name != "postgresql":
        return _in_values(made, session, end)
    text, values = _sent(made, connection.dialect)
    result = connection.exec_driver_sql(text + end, tuple(values))
    return list(result.fetchall()) if returning else []


def write(session: Session, parts: Sequence[Insert]) -> None:
    """Several inserts, each into a table of its own: one round trip on PostgreSQL (data-modifying CTEs)."""
    parts = [part for part in parts if part.rows]
    connection = session.connection()
    if connection.dialect.name != "postgresql":
        for part in parts:
            _in_values(part, session, "")
        return
    texts, values = list[str](), list[Any]()
    for part in parts:
        text, bound = _sent(part, connection.dialect)
        texts.append(text)
        values += bound
    if texts:
        rest = ", ".join(f"w{i} AS ({text})" for i, text in enumerate(texts[:-1]))
        connection.exec_driver_sql(f"{'WITH ' + rest if rest else ''} {texts[-1]}", tuple(values))


# --- PostgreSQL -------------------------------------------------------------------------------------------


def _sent(part: Insert, dialect: Dialect) -> tuple[str, Sequence[Any]]:
    """The statement of a part, and its parameters."""
    table = table_of(part.model)
    if len(part.rows) <= FEW:
        rows = [dict(zip(part.columns, row, strict=True)) for row in part.rows]
        return _text_of_few(table, part.columns, part.tail, dialect), (_json(rows),)
    return _text_of_many(table, part.columns, part.tail, dialect), _bound(part, dialect)


def _head(table: Table, columns: tuple[str, ...]) -> str:
    return f"INSERT INTO {table.name} ({', '.join(columns)}) "


@lru_cache(maxsize=256)
def _text_of_few(table: Table, columns: tuple[str, ...], tail: str, dialect: Dialect) -> str:
    """One JSON text; numbers in it are exact, since PostgreSQL reads their digits."""
    typed = ", ".join(f"{name} {table.columns[name].type.compile(dialect)}" for name in columns)
    given = f"SELECT * FROM json_to_recordset(%s::json) AS r({typed})"  # noqa: S608  (names of our own columns)
    return f"{_head(table, columns)}{given} {tail}"


@lru_cache(maxsize=256)
def _text_of_many(table: Table, columns: tuple[str, ...], tail: str, dialect: Dialect) -> str:
    """One binary array a column (text arrays would have every quote of JSON escaped in Python)."""
    types = (table.columns[name].type.compile(dialect) for name in columns)
    arrays = ", ".join(f"%b::{name}[]" for name in types)
    given = f"SELECT * FROM UNNEST({arrays})"  # noqa: S608  (names of our own columns)
    return f"{_head(table, columns)}{given} {tail}"


def _plain(value: object) -> str:
    """What JSON has no form of, as PostgreSQL reads it."""
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value.isoformat()
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, bytes):
        return "\\x" + value.hex()
    raise TypeError(f"a {type(value).__name__} is nothing that a column holds")


_json = json.JSONEncoder(
    default=_plain, ensure_ascii=False, separators=(",", ":"), check_circular=False
).encode


# --- SQLite, and what both share --------------------------------------------------------------------------


def _in_values(part: Insert, session: Session, end: str) -> list[Any]:
    """SQLite: a list of VALUES, as long as it allows in one statement."""
    connection = session.connection()
    values = _bound(part, connection.dialect)
    found: list[Any] = []
    step = SQLITE_PARAMETERS // len(part.columns)
    head, mark = _head(table_of(part.model), part.columns), f"({', '.join('?' * len(part.columns))})"
    for start in range(0, len(part.rows), step):
        piece = [column[start : start + step] for column in values]
        flat = tuple(value for row in zip(*piece, strict=True) for value in row)
        marks = ", ".join([mark] * len(piece[0]))
        result = connection.exec_driver_sql(f"{head}VALUES {marks} {part.tail}{end}", flat)
        if end:
            found.extend(result.fetchall())
    return found


@lru_cache(maxsize=256)
def _processors(
    table: Table, columns: tuple[str, ...], dialect: Dialect
) -> tuple[Callable[[Any], Any] | None, ...]:
    types = (table.columns[name].type for name in columns)
    return tuple(kind.dialect_impl(dialect).bind_processor(dialect) for kind in types)


def _bound(part: Insert, dialect: Dialect) -> list[list[Any]]:
    """The values by column, as the driver takes them."""
    found: list[list[Any]] = []
    for i, process in enumerate(_processors(table_of(part.model), part.columns, dialect)):
        values = [row[i] for row in part.rows]
        found.append([process(value) for value in values] if process else values)
    return found
