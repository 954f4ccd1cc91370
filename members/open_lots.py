"""Lots as the engine works on them, read for the members of a batch: all that are open, or those that end by a moment.

An order that only lets old lots end needs no other ones: with points that end after 30 days that is nearly every order,
and a member has some thirty open lots.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, literal, null, or_, union_all
from sqlalchemy import select as statement
from sqlmodel import Session, col

from facts.columns import Utc
from members import sets
from members.wire import Question
from rewards.lots import LotState
from rewards.tables import Lot

COLUMNS = ("member_id", "cause", "kind", "amount", "remaining", "promotional", "at", "active_from", "expires_at",
           "rank", "closed_at", "draws", "wallet")  # fmt: skip
"""The member, and then what a `LotState` is made of, in its order."""
NEXT = ""  # in the place of the cause: no lot, but when the next one ends

_HERE = sets.table_of(Lot).c
_OPEN = (sets.Among(_HERE.member_id, sets.several("members")), _HERE.remaining != 0)
_UNTIL = bindparam("until", type_=Utc())
_ALL = Question(statement(*(_HERE[name] for name in COLUMNS)).where(*_OPEN))
_PLACES: dict[str, Any] = {
    "member_id": _HERE.member_id,
    "cause": literal(NEXT),
    "expires_at": func.min(_HERE.expires_at),
}
_ENDING = Question(
    union_all(
        statement(*(_HERE[name] for name in COLUMNS)).where(*_OPEN, _HERE.expires_at <= _UNTIL),
        statement(*(_PLACES.get(name, null()) for name in COLUMNS))
        .where(*_OPEN, _HERE.expires_at > _UNTIL)
        .group_by(_HERE.member_id),
    )
)

Found = Iterator[tuple[UUID, LotState]]


def open_lots(session: Session, members: Sequence[UUID], since: datetime | None = None) -> Found:
    """The open lots of these members, and those that were closed since a moment."""
    if since is None:
        rows = _ALL.ask(session, members=members)
    else:
        wanted = or_(col(Lot.remaining) != 0, col(Lot.closed_at) >= since)
        there = statement(*(_HERE[name] for name in COLUMNS))
        rows = session.execute(there.where(col(Lot.member_id).in_(members), wanted)).all()
    return ((row[0], _lot(row)) for row in rows)


def ending(
    session: Session, members: Sequence[UUID], until: datetime
) -> tuple[list[tuple[UUID, LotState]], dict[UUID, datetime]]:
    """The open lots that end at `until` or before, and when the next one after it does, where there is one."""
    found: list[tuple[UUID, LotState]] = []
    after: dict[UUID, datetime] = {}
    for row in _ENDING.ask(session, members=members, until=until):
        if row[1] == NEXT:
            after[row[0]] = row[8]
        else:
            found.append((row[0], _lot(row)))
    return found, after


def _lot(row: Sequence[Any]) -> LotState:
    lot = LotState(*row[1:11])
    if row[11] != "[]":
        lot.draws = [(cause, datetime.fromisoformat(at), amount) for cause, at, amount in json.loads(row[11])]
    lot.wallet = row[12]
    return lot
