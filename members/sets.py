"""Sets of rows in one statement, however many: what keeps a batch at a constant number of statements.

SQLAlchemy builds the same statements row by row (`executemany`) or with a bound parameter per value; here
a set travels as one array per column (PostgreSQL, `UNNEST`) or one `VALUES` list (SQLite).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, Table
from sqlmodel import Session, SQLModel

SQLITE_PARAMETERS = 32_000  # SQLite takes at most 32,766 in one statement

Row = Sequence[Any]


def table_of(model: type[SQLModel]) -> Table:
    """The table of a model."""
    return model.__table__  # type: ignore[attr-defined]  # SQLModel sets it on table models only


def insert(session: Session, model: type[SQLModel], columns: Sequence[str], rows: Sequence[Row],
           tail: str = "", returning: Sequence[str] = ()) -> list[Any]:  # fmt: skip
    """Insert `rows` (values in the order of `columns`); `tail` may say ON CONFLICT. Returns what is `returning`."""
    if not rows:
        return []
    table = table_of(model)
    bound = [table.columns[name] for name in columns]
    dialect = session.connection().dialect
    head = f"INSERT INTO {table.name} ({', '.join(columns)}) "
    end = f" {tail}" + (f" RETURNING {', '.join(returning)}" if returning else "")
    values = _bound(bound, rows, dialect)
    if dialect.name == "postgresql":
        arrays = ", ".join(f"%s::{column.type.compile(dialect)}[]" for column in bound)
        result = session.connection().exec_driver_sql(
            f"{head}SELECT * FROM UNNEST({arrays}){end}",  # noqa: S608  (names of our own columns)
            tuple(values),
        )
        return list(result.fetchall()) if returning else []
    found: list[Any] = []
    step = SQLITE_PARAMETERS // len(columns)
    mark = f"({', '.join('?' * len(columns))})"
    for start in range(0, len(rows), step):
        part = [column[start : start + step] for column in values]
        flat = tuple(value for row in zip(*part, strict=True) for value in row)
        source = ", ".join([mark] * len(part[0]))
        result = session.connection().exec_driver_sql(f"{head}VALUES {source}{end}", flat)
        if returning:
            found.extend(result.fetchall())
    return found


def upsert(session: Session, model: type[SQLModel], columns: Sequence[str], rows: Sequence[Row],
           key: Sequence[str]) -> None:  # fmt: skip
    """Insert `rows`, or set the other columns where a row with this `key` is there already."""
    rest = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in key)
    insert(session, model, columns, rows, f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET {rest}")


def _bound(columns: Sequence[Column[Any]], rows: Sequence[Row], dialect: Any) -> list[list[Any]]:
    """The values by column, as the driver takes them."""
    found: list[list[Any]] = []
    for i, column in enumerate(columns):
        process = column.type.dialect_impl(dialect).bind_processor(dialect)
        values = [row[i] for row in rows]
        found.append([process(value) for value in values] if process else values)
    return found
