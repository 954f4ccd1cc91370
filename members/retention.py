"""How long things are kept that are needed for a while only. What is longer past is forgotten, every hour.

`docs/operations.md` has the table; a test says that it names every row of `KEPT`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, SQLModel, delete

from members import ways_back
from members.own_tables import Device, Reminder
from members.sets import table_of
from members.suspicion_tables import Sign
from members.way_tables import ClaimCode, Invitation


@dataclass(frozen=True, slots=True)
class Kept:
    """Rows of a table that are forgotten so long after the moment in a column."""

    table: type[SQLModel]
    since: str
    lasts: timedelta


KEPT = (
    Kept(Device, "seen_at", timedelta(days=730)),
    Kept(Sign, "seen_at", timedelta(days=180)),
    Kept(Reminder, "at", timedelta(days=400)),
    Kept(ClaimCode, "expires_at", timedelta(days=30)),
    Kept(Invitation, "expires_at", timedelta(days=30)),
)


def forget(session: Session, now: datetime) -> int:
    """Forget what is over; returns how many rows."""
    count = 0
    for one in KEPT:
        since = table_of(one.table).c[one.since]
        count += session.connection().execute(delete(one.table).where(since < now - one.lasts)).rowcount
    return count + ways_back.forget_final(session, now)
