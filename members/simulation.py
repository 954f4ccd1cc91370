"""What facts would do: the real engine runs, its effects are read, and everything is rolled back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from facts.events import Fact
from members.actions.record import Outcome, record
from members.tables import Standing
from rewards.tables import Entry


@dataclass(frozen=True, slots=True)
class Simulation:
    """What became of each fact, the entries that would be posted, and (member, tier before, tier after)."""

    outcomes: list[Outcome]
    entries: list[Entry]
    tiers: list[tuple[UUID, str, str]]


def simulate(session: Session, facts: Sequence[Fact], now: datetime) -> Simulation:
    """Record `facts` and take it back. Leaves the session as it was; needs one that may write."""
    nested = session.begin_nested()
    try:
        outcomes = record(session, facts, now)
        members = sorted({one.member_id for one in outcomes if one.member_id})
        entries = _posted(session, members, now)
        after = _tiers(session, members)
    finally:
        nested.rollback()
    before = _tiers(session, members)
    tiers = [(member_id, before.get(member_id, ""), after.get(member_id, "")) for member_id in members]
    return Simulation(outcomes, entries, tiers)


def _posted(session: Session, members: Iterable[UUID], now: datetime) -> list[Entry]:
    mine = (col(Entry.member_id).in_(members), Entry.recorded_at == now)
    entries = list(session.exec(select(Entry).where(*mine).order_by(col(Entry.member_id), col(Entry.seq))))
    for entry in entries:
        session.expunge(entry)
    return entries


def _tiers(session: Session, members: Iterable[UUID]) -> dict[UUID, str]:
    rows = session.exec(select(Standing.member_id, Standing.tier).where(col(Standing.member_id).in_(members)))
    return dict(rows.all())
