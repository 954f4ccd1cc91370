"""Sets of rows in one statement, however many: what keeps a batch at a constant number of statements.

SQLAlchemy builds the same statements row by row (`executemany`) or with a bound parameter per value. Here a set
travels to PostgreSQL as one JSON text (a few rows: cheapest for one fact) or as one array per column (`UNNEST`:
cheapest for many), and to SQLite as one `VALUES` list. The text of a statement does not depend on the number of
rows, so PostgreSQL plans it once.
"""

from __future__ import annotations

import itertools
import json
import re
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Connection, Dialect, Table, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import NullType, TypeDecorator
from sqlmodel import Session, SQLModel

from members import wire

SQLITE_PARAMETERS = 64_000  # in one statement, if it takes them: eight entries of each fact of a batch
SQLITE_PARAMETERS_SURE = 32_000  # SQLite takes 32,766, and more where it was built so (Debian: 250,000)
FEW = 8  # rows of one table, up to which JSON costs less than arrays (measured: 1 row a half, 50 rows twice)
MANY = 9  # or more

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
    end = f" RETURNING {', '.join(returning)}" if returning else ""
    connection = session.connection()
    if connection.dialect.name != "postgresql":
        return _in_values(Insert(model, columns, rows, tail), session, end)
    cursor = _send(connection, [Insert(model, columns, rows, tail + end)])
    return cursor.fetchall() if returning else []


def write(session: Session, parts: Sequence[Insert]) -> None:
    """Several inserts, each into a table of its own: one round trip on PostgreSQL (data-modifying CTEs)."""
    parts = [part for part in parts if part.rows]
    connection = session.connection()
    if connection.dialect.name != "postgresql":
        for part in parts:
            _in_values(part, session, "")
    elif parts:
        _send(connection, parts)


# --- PostgreSQL -------------------------------------------------------------------------------------------

Shape = tuple[Table, tuple[str, ...], str, int]


def _send(connection: Connection, parts: Sequence[Insert]) -> wire.Cursor:
    """All parts in one statement."""
    shapes = tuple([_shape(part) for part in parts])
    values = list[Any]()
    for part, (*_, count) in zip(parts, shapes, strict=True):
        if count == 1:
            values += [one if type(one) is str or one is None else _text(one) for one in part.rows[0]]
        elif count == FEW:
            values.append(_json([dict(zip(part.columns, row, strict=True)) for row in part.rows]))
        else:
            values += _bound(part, connection.dialect)
    numbered = all(count != MANY for *_, count in shapes)
    return wire.tell(connection, _words(shapes, connection.dialect), values, numbered=numbered)


def _shape(part: Insert) -> Shape:
    """What the words of a part depend on; the number of its rows is 1, `FEW` or `MANY`."""
    count = len(part.rows)
    kind = 1 if count == 1 else FEW if count <= FEW else MANY
    return table_of(part.model), part.columns, part.tail, kind


@lru_cache(maxsize=512)
def _words(shapes: tuple[Shape, ...], dialect: Dialect) -> bytes:
    """The statement, its values numbered where no array is among them (`%b` says that the driver sends it binary)."""
    texts = [_text_of(*shape, dialect) for shape in shapes]
    rest = ", ".join(f"w{i} AS ({text})" for i, text in enumerate(texts[:-1]))
    words = f"WITH {rest} {texts[-1]}" if rest else texts[-1]
    if all(count != MANY for *_, count in shapes):
        number = itertools.count(1)
        words = re.sub("%s", lambda _: f"${next(number)}", words)
    return words.encode()


def _text_of(table: Table, columns: tuple[str, ...], tail: str, count: int, dialect: Dialect) -> str:
    """One row is a list of texts, a few rows are one JSON text (numbers in it are exact, since PostgreSQL reads their
    digits), many are one binary array a column (text arrays would have every quote of JSON escaped in Python).
    """
    types = [table.columns[name].type.compile(dialect) for name in columns]
    if count == 1:
        given = f"VALUES ({', '.join(f'%s::{kind}' for kind in types)})"
    elif count == FEW:
        typed = ", ".join(f"{name} {kind}" for name, kind in zip(columns, types, strict=True))
        given = f"SELECT * FROM json_to_recordset(%s::json) AS r({typed})"  # noqa: S608  (names of our own columns)
    else:
        given = f"SELECT * FROM UNNEST({', '.join(f'%b::{kind}[]' for kind in types)})"  # noqa: S608  (the same)
    return f"{_head(table, columns)}{given} {tail}"


def _text(value: object) -> str:
    """What is no text, as PostgreSQL reads it."""
    if isinstance(value, int):
        return str(value)
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
    default=_text, ensure_ascii=False, separators=(",", ":"), check_circular=False
).encode


# --- SQLite, and what both share --------------------------------------------------------------------------


def _head(table: Table, columns: tuple[str, ...]) -> str:
    return f"INSERT INTO {table.name} ({', '.join(columns)}) "


def _in_values(part: Insert, session: Session, end: str) -> list[Any]:
    """SQLite: a list of VALUES, as long as it allows in one statement."""
    connection = session.connection()
    values = _bound(part, connection.dialect)
    found: list[Any] = []
    step = _room(connection, len(part.rows) * len(part.columns)) // len(part.columns)
    head, mark = _head(table_of(part.model), part.columns), f"({', '.join('?' * len(part.columns))})"
    for start in range(0, len(part.rows), step):
        piece = [column[start : start + step] for column in values]
        flat = tuple(value for row in zip(*piece, strict=True) for value in row)
        marks = ", ".join([mark] * len(piece[0]))
        result = connection.exec_driver_sql(f"{head}VALUES {marks} {part.tail}{end}", flat)
        if end:
            found.extend(result.fetchall())
    return found


def _room(connection: Connection, wanted: int) -> int:
    """How many parameters go into one statement, when so many are wanted in all."""
    if wanted <= SQLITE_PARAMETERS_SURE:
        return SQLITE_PARAMETERS_SURE
    line: Any = connection.connection.driver_connection
    return min(SQLITE_PARAMETERS, line.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER))


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
