"""How moments, keys and amounts are stored: column types that all tables share.

The one module of `facts` that knows the database, since every package with tables needs these words.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, DateTime, Index, Uuid, false, text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field


class Utc(TypeDecorator[datetime]):
    """A moment in UTC: `timestamptz` on PostgreSQL, ISO text on SQLite; aware on both sides."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuses a moment without a zone: it would be somebody's local time."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return (
            value.astimezone(UTC)
            if dialect.name == "postgresql"
            else value.astimezone(UTC).replace(tzinfo=None)
        )

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Always aware, always UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def moment(*, primary_key: bool = False, nullable: bool = False) -> Any:
    """A column of moments in UTC."""
    return Field(default=None, sa_column=Column(Utc(), primary_key=primary_key, nullable=nullable))


def member_key() -> Any:
    """`member_id` as the first column of a table's key."""
    return Field(sa_column=Column(Uuid(), primary_key=True))


def big(*, primary_key: bool = False, default: int | None = None) -> Any:
    """A 64-bit integer column: points, minor units, sequence numbers."""
    column = Column(BigInteger(), primary_key=primary_key, nullable=False, autoincrement=False)
    return Field(sa_column=column) if default is None else Field(default=default, sa_column=column)


def flag() -> Any:
    """A yes or no, which is no until somebody says otherwise."""
    return Field(default=False, sa_column=Column(Boolean(), nullable=False, server_default=false()))


def index_of(rows: str, name: str, *columns: str, unique: bool = False) -> Index:
    """An index of only those `rows` for which this condition holds."""
    return Index(name, *columns, unique=unique, postgresql_where=text(rows), sqlite_where=text(rows))
