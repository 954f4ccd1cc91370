"""Several things in one question: rows of one shape, each of which says what it is about.

A statement costs a trip to the database and back, which takes longer than what it reads; so a view that needs a
member's standing, the newest entries and the open vouchers asks for all of them at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Text,
    cast,
    false,
    literal_column,
    null,
    select,
    union_all,
)
from sqlalchemy.types import TypeEngine

from facts.columns import Utc

COLUMNS: dict[str, TypeEngine[Any]] = {
    "what": Text(), "seq": BigInteger(), "kind": Text(), "amount": BigInteger(), "at": Utc(), "active_from": Utc(),
    "expires_at": Utc(), "cause": Text(), "rule": Text(), "version": BigInteger(), "why": Text(),
}  # fmt: skip


def part(what: str, **said: Any) -> Any:
    """The rows about `what`. The columns are those of an entry; others put their own words and numbers in them."""
    if unknown := said.keys() - COLUMNS.keys():
        raise ValueError(f"there is no column {unknown}")
    told: dict[str, Any] = {"what": literal_column(f"'{what}'"), **said}
    columns: list[Any] = [told.get(name, _blank(kind)) for name, kind in COLUMNS.items()]
    return select(*columns)


def together(parts: Sequence[Any], *, named: bool = False) -> CompoundSelect[Any]:
    """One question of all the parts. It begins with an empty part, which gives the columns their names and types.

    Where it is `named`, the first part does: each of its columns is one of a table, by the name that it has here.
    """
    if named:
        first, *rest = parts
        what, *columns = first.selected_columns
        if [column.key for column in columns] != list(COLUMNS)[1:]:
            raise ValueError("the first part has other columns")
        return union_all(first.with_only_columns(what.label("what"), *columns), *rest)
    head = select(*(cast(null(), kind).label(name) for name, kind in COLUMNS.items())).where(false())
    return union_all(head, *parts)


def _blank(kind: TypeEngine[Any]) -> ColumnElement[Any]:
    """Nothing, as short as it can be said: a long statement is taken apart anew by the driver each time."""
    return literal_column("NULL" if isinstance(kind, Utc) else "0" if isinstance(kind, BigInteger) else "''")
