"""What a batch writes, all members together: a set of rows for each table, in one go."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, or_, tuple_
from sqlmodel import Session, col, select

from badges.awards import Taken
from badges.tables import Award
from facts.events import Fact
from facts.history import object_of, told_of
from members import sets
from members.case_tables import HeldFact
from members.entering import Entered
from members.goal_parts import Parts
from members.prizes import Prizes
from members.scored import Scored
from members.tables import FactRow, Outbox, Standing
from rewards.effects import TierMove
from rewards.lots import LotState
from rewards.tables import Checkpoint, Entry, Lot, TierChange


@dataclass(slots=True)
class Changes:
    """The rows that a batch writes, all members together."""

    facts: list[tuple[Any, ...]] = field(default_factory=list[tuple[Any, ...]])
    entries: list[tuple[Any, ...]] = field(default_factory=list[tuple[Any, ...]])
    lots: list[tuple[Any, ...]] = field(default_factory=list[tuple[Any, ...]])
    lots_gone: list[tuple[UUID, str]] = field(default_factory=list[tuple[UUID, str]])
    checkpoints: list[tuple[Any, ...]] = field(default_factory=list[tuple[Any, ...]])
    replayed: list[tuple[UUID, datetime]] = field(default_factory=list[tuple[UUID, datetime]])
    awards: list[tuple[Any, ...]] = field(default_factory=list[tuple[Any, ...]])
    returned: list[tuple[UUID, str, int, int, str]] = field(
        default_factory=list[tuple[UUID, str, int, int, str]]
    )
    taken: list[tuple[UUID, Taken]] = field(default_factory=list[tuple[UUID, Taken]])
    moves: dict[tuple[UUID, datetime], TierMove] = field(
        default_factory=dict[tuple[UUID, datetime], TierMove]
    )
    standings: list[tuple[Any, ...]] = field(default_factory=list[tuple[Any, ...]])
    scores: Scored = field(default_factory=Scored)
    parts: Parts = field(default_factory=Parts)
    prizes: Prizes = field(default_factory=Prizes)
    entered: Entered = field(default_factory=Entered)
    held: list[tuple[Any, ...]] = field(default_factory=list[tuple[Any, ...]])
    let_go: list[tuple[UUID, datetime]] = field(default_factory=list[tuple[UUID, datetime]])

    def lot(self, member_id: UUID, lot: LotState) -> None:
        """A lot as it is now."""
        draws = (
            json.dumps([(c, at.isoformat(), n) for c, at, n in lot.draws], separators=(",", ":"))
            if lot.draws
            else "[]"
        )
        self.lots.append((member_id, lot.cause, lot.wallet, lot.kind, lot.amount, lot.remaining, lot.promotional,
                          lot.at, lot.active_from, lot.expires_at, lot.closed_at, lot.rank, draws))  # fmt: skip

    def move(self, member_id: UUID, move: TierMove) -> None:
        """A change of tier; several at one moment are one, from the first to the last."""
        earlier = self.moves.get((member_id, move.at))
        before = earlier.before if earlier else move.before
        self.moves[member_id, move.at] = TierMove(move.at, move.tier, before, move.reason)

    def fact(self, member_id: UUID, fact: Fact, now: datetime) -> None:
        """A fact as it came."""
        data = json.dumps(fact.data, separators=(",", ":"), ensure_ascii=False)
        self.facts.append((member_id, fact.source, fact.id, fact.type, fact.occurred_at, now,
                           object_of(fact.type, fact.data) or told_of(fact.type, fact.data), data))  # fmt: skip

    def write(self, session: Session, outbox: Sequence[sets.Row], now: datetime) -> None:
        """Everything, and the news of it, in a constant number of statements."""
        if self.replayed:
            self._clear(session)
        if self.let_go:
            since = or_(*((col(HeldFact.member_id) == m) & (col(HeldFact.at) >= at) for m, at in self.let_go))
            session.execute(delete(HeldFact).where(since))
        moves = [(*key, move.tier, move.before, move.reason) for key, move in self.moves.items()]
        sets.write(session, [
            sets.Insert(FactRow, FACT_COLUMNS, self.facts),
            sets.Insert(Entry, ENTRY_COLUMNS, self.entries),
            sets.upserted(Lot, LOT_COLUMNS, self.lots, ("member_id", "cause")),
            sets.upserted(Checkpoint, CHECKPOINT_COLUMNS, self.checkpoints, ("member_id", "month")),
            sets.upserted(Award, AWARD_COLUMNS, self.awards, AWARD_KEY),
            sets.upserted(TierChange, ("member_id", "at", "tier", "before", "reason"), moves, ("member_id", "at")),
            sets.upserted(Standing, STANDING_COLUMNS, self.standings, ("member_id",)),
            sets.Insert(HeldFact, ("member_id", "source", "fact_id", "guard", "at"), self.held),
            sets.Insert(Outbox, ("members", "at"), outbox),
        ])  # fmt: skip
        self.scores.write(session)
        self.parts.write(session)
        self.prizes.write(session, now)
        self.entered.write(session, now)
        if self.taken:
            _take_away(session, self.taken)

    def _clear(self, session: Session) -> None:
        """Take away what a replay writes again: derived rows after its beginning, never an entry."""
        if self.lots_gone:
            session.execute(delete(Lot).where(tuple_(col(Lot.member_id), col(Lot.cause)).in_(self.lots_gone)))
        since = or_(
            *(
                (col(Checkpoint.member_id) == m) & (col(Checkpoint.month) > at.isoformat())
                for m, at in self.replayed
            )
        )
        session.execute(delete(Checkpoint).where(since))
        since = or_(
            *((col(TierChange.member_id) == m) & (col(TierChange.at) >= at) for m, at in self.replayed)
        )
        session.execute(delete(TierChange).where(since))


CHECKPOINT_COLUMNS = ("member_id", "month", "state", "game")
FACT_COLUMNS = ("member_id", "source", "fact_id", "type", "occurred_at", "recorded_at", "object_id", "data")
ENTRY_COLUMNS = (
    "member_id", "seq", "wallet", "kind", "amount", "at", "recorded_at", "active_from", "expires_at", "cause", "rule",
    "version", "trigger", "why", "hash",
)  # fmt: skip
LOT_COLUMNS = (
    "member_id", "cause", "wallet", "kind", "amount", "remaining", "promotional", "at", "active_from", "expires_at",
    "closed_at", "rank", "draws",
)  # fmt: skip
STANDING_COLUMNS = (
    "member_id", "balance", "debt", "held", "seq", "head", "tier", "tier_since", "tier_until", "tier_progress", "as_of",
    "last_source", "last_id", "due_at", "state", "game",
)  # fmt: skip
AWARD_KEY = ("member_id", "kind", "slug", "instance", "level")
AWARD_COLUMNS = (
    *AWARD_KEY, "version", "value", "fact_source", "fact_id", "awarded_at", "recorded_at", "expires_at", "revoked_at",
    "reason", "by_hand", "edition",
)  # fmt: skip


def again(row: Award, **changed: Any) -> tuple[Any, ...]:
    """A row that is there, as `AWARD_COLUMNS` has it, with something changed."""
    return tuple(({name: getattr(row, name) for name in AWARD_COLUMNS} | changed).values())


def _take_away(session: Session, taken: Sequence[tuple[UUID, Taken]]) -> None:
    """Badges that staff took away keep their rows, with their words: those of the first who took it."""
    whose = tuple_(col(Award.member_id), col(Award.slug)).in_(
        [(member_id, one.slug) for member_id, one in taken]
    )
    standing = select(Award).where(Award.kind == "badge", whose, col(Award.revoked_at).is_(None))
    by_whom: dict[tuple[UUID, str], list[Taken]] = {}
    for member_id, one in taken:
        by_whom.setdefault((member_id, one.slug), []).append(one)
    gone: list[tuple[Any, ...]] = []
    for row in session.exec(standing.execution_options(populate_existing=True)).all():
        given = (row.awarded_at, row.fact_source, row.fact_id)
        first = next((one for one in by_whom[row.member_id, row.slug] if given < one.event), None)
        if first:
            gone.append(again(row, revoked_at=first.at, reason=first.reason))
            session.expire(row)
    sets.write(session, [sets.upserted(Award, AWARD_COLUMNS, gone, AWARD_KEY)])
