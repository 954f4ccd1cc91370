"""What facts would do: the real engine runs, its effects are read, and everything is rolled back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from badges.tables import WENT_BACK, Award
from facts.events import Fact
from members.actions.record import Outcome, record
from members.tables import Standing
from rewards.tables import Entry


@dataclass(frozen=True, slots=True)
class Simulation:
    """What became of each fact, the entries that would be posted, and (member, tier before, tier after).

    `earned` are the badges that these members were given so far, as (member, slug): of others a secret stays one.
    """

    outcomes: list[Outcome]
    entries: list[Entry]
    tiers: list[tuple[UUID, str, str]]
    earned: frozenset[tuple[UUID, str]]


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
    return Simulation(outcomes, entries, tiers, _earned(session, members))


def _posted(session: Session, members: Iterable[UUID], now: datetime) -> list[Entry]:
    mine = (col(Entry.member_id).in_(members), Entry.recorded_at == now)
    entries = list(session.exec(select(Entry).where(*mine).order_by(col(Entry.member_id), col(Entry.seq))))
    for entry in entries:
        session.expunge(entry)
    return entries


def _earned(session: Session, members: Iterable[UUID]) -> frozenset[tuple[UUID, str]]:
    """What they hold or held; not what went back with an order, as on their badges page."""
    had = col(Award.revoked_at).is_(None) | col(Award.reason).not_in(WENT_BACK)
    mine = select(Award.member_id, Award.slug).where(col(Award.member_id).in_(members), Award.kind == "badge")
    return frozenset(session.exec(mine.where(had)).all())


def _tiers(session: Session, members: Iterable[UUID]) -> dict[UUID, str]:
    rows = session.exec(select(Standing.member_id, Standing.tier).where(col(Standing.member_id).in_(members)))
    return dict(rows.all())
