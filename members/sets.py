"""Sets of rows in one statement, however many: what keeps a batch at a constant number of statements.

SQLAlchemy builds the same statements row by row (`executemany`) or with a bound parameter per value; here
a set travels as one array per column (PostgreSQL, `UNNEST`) or one `VALUES` list (SQLite).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Table
from sqlmodel import Session, SQLModel

SQLITE_PARAMETERS = 32_000  # SQLite takes at most 32,766 in one statement

Row = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Insert:
    """Rows for a table, values in the order of `columns`; `tail` may say ON CONFLICT."""

    model: type[SQLModel]
    columns: Sequence[str]
    rows: Sequence[Row]
    tail: str = ""


def upserted(
    model: type[SQLModel], columns: Sequence[str], rows: Sequence[Row], key: Sequence[str]
) -> Insert:
    """Rows to insert, or whose other columns to set where a row with this `key` is there already."""
    rest = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in key)
    return Insert(model, columns, rows, f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET {rest}")


def table_of(model: type[SQLModel]) -> Table:
    """The table of a model."""
    return model.__table__  # type: ignore[attr-defined]  # SQLModel sets it on table models only


def insert(session: Session, model: type[SQLModel], columns: Sequence[str], rows: Sequence[Row],
           tail: str = "", returning: Sequence[str] = ()) -> list[Any]:  # fmt: skip
    """Insert `rows` in one statement; returns the columns that are `returning`, where ON CONFLICT let them in."""
    if not rows:
        return []
    made = Insert(model, columns, rows, tail)
    end = f" RETURNING {', '.join(returning)}" if returning else ""
    if session.connection().dialect.name == "postgresql":
        text, values = _unnest(made, session)
        result = session.connection().exec_driver_sql(text + end, tuple(values))
        return list(result.fetchall()) if returning else []
    return _in_values(made, session, end)


def write(session: Session, parts: Sequence[Insert]) -> None:
    """Several inserts, each into a table of its own: one round trip on PostgreSQL (data-modifying CTEs)."""
    parts = [part for part in parts if part.rows]
    if session.connection().dialect.name != "postgresql":
        for part in parts:
            _in_values(part, session, "")
        return
    texts, values = list[str](), list[Any]()
    for part in parts:
        text, bound = _unnest(part, session)
        texts.append(text)
        values += bound
    if texts:
        rest = ", ".join(f"w{i} AS ({text})" for i, text in enumerate(texts[:-1]))
        session.connection().exec_driver_sql(f"{'WITH ' + rest if rest else ''} {texts[-1]}", tuple(values))


def _head(part: Insert) -> str:
    return f"INSERT INTO {table_of(part.model).name} ({', '.join(part.columns)}) "


def _unnest(part: Insert, session: Session) -> tuple[str, list[Any]]:
    """PostgreSQL: one binary array a column (text arrays would have every quote of JSON escaped in Python)."""
    dialect = session.connection().dialect
    bound = [table_of(part.model).columns[name] for name in part.columns]
    arrays = ", ".join(f"%b::{column.type.compile(dialect)}[]" for column in bound)
    select = f"SELECT * FROM UNNEST({arrays})"  # noqa: S608  (names of our own columns)
    return f"{_head(part)}{select} {part.tail}", _bound(bound, part.rows, dialect)


def _in_values(part: Insert, session: Session, end: str) -> list[Any]:
    """SQLite: a list of VALUES, as long as it allows in one statement."""
    dialect = session.connection().dialect
    values = _bound([table_of(part.model).columns[name] for name in part.columns], part.rows, dialect)
    found: list[Any] = []
    step = SQLITE_PARAMETERS // len(part.columns)
    mark = f"({', '.join('?' * len(part.columns))})"
    for start in range(0, len(part.rows), step):
        piece = [column[start : start + step] for column in values]
        flat = tuple(value for row in zip(*piece, strict=True) for value in row)
        marks = ", ".join([mark] * len(piece[0]))
        result = session.connection().exec_driver_sql(f"{_head(part)}VALUES {marks} {part.tail}{end}", flat)
        if end:
            found.extend(result.fetchall())
    return found


def _bound(columns: Sequence[Column[Any]], rows: Sequence[Row], dialect: Any) -> list[list[Any]]:
    """The values by column, as the driver takes them."""
    found: list[list[Any]] = []
    for i, column in enumerate(columns):
        process = column.type.dialect_impl(dialect).bind_processor(dialect)
        values = [row[i] for row in rows]
        found.append([process(value) for value in values] if process else values)
    return found
