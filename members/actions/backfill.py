"""Back-fill: everybody's history weighed again, for what counts `from_beginning` and was published later.

It is the very replay that a late fact causes, from the beginning: awards get the dates when they were reached, prizes
are posted there, and whoever has everything already gets nothing. Doing it twice changes nothing. When a later version
says `from_now` again, the same walk takes back what lies before its publication: that is the undo.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from badges.tables import Award
from members import books, cases, closing
from members.actions.credentials import revoke_lost
from members.actions.record import news_of
from members.audit import audit
from members.changes import Changes
from members.filling import Lines, filled, to_fill
from members.programme.versions import versions
from members.scarcity import Scarcity
from members.tables import Standing
from members.weighing import Weighing

STEP = 200
SHOWN = 10


@dataclass(frozen=True, slots=True)
class Found:
    """An award that a back-fill gives, or takes back."""

    member_id: UUID
    kind: str
    slug: str
    level: int
    awarded_at: datetime
    taken_back: bool


@dataclass(slots=True)
class Preview:
    """What a back-fill would do: how many members it reaches, what it gives, what that costs in points."""

    members: int = 0
    given: int = 0
    taken_back: int = 0
    points: int = 0
    examples: list[Found] = field(default_factory=list[Found])

    def add(self, found: Sequence[Found], points: int) -> None:
        """One more batch."""
        self.members += len({one.member_id for one in found})
        self.given += sum(not one.taken_back for one in found)
        self.taken_back += sum(one.taken_back for one in found)
        self.points += points
        self.examples += found[: SHOWN - len(self.examples)]


def after(session: Session, last: UUID | None, limit: int = STEP) -> list[UUID]:
    """The next members in the order in which a back-fill walks."""
    query = select(Standing.member_id).order_by(col(Standing.member_id)).limit(limit)
    return list(session.exec(query.where(col(Standing.member_id) > last) if last else query).all())


def begin(session: Session, *, actor: str, now: datetime) -> None:
    """Note in the audit that all that counts from the beginning is given to everybody; once for each."""
    line = versions(session)
    for key in sorted(set(to_fill(line)) - filled(session, line)):
        audit(session, actor, f"{key.partition(':')[0]}.filled", key, {}, now)


def backfill(
    session: Session, member_ids: Sequence[UUID], now: datetime, lines: Lines | None = None
) -> tuple[list[Found], int]:
    """Weigh these members' histories again; returns what changed, and by how many points. Nobody is told.

    What was signed for an award that is taken back is revoked with it. `lines` say by what each is weighed when one
    thing only is given: else all that counts from the beginning is. The caller owns the transaction.
    """
    line = lines.line if lines else versions(session)
    accounts = closing.only_open(books.lock(session, member_ids))
    scarcity = Scarcity(session, line, sorted(accounts), now)
    weighings = [Weighing(accounts[one], line, now, scarcity, anew=True) for one in sorted(accounts)]
    replayed = [weighing.account for weighing in weighings]
    books.read_history(session, replayed)
    books.read_awards(session, replayed)
    if lines:
        weighings = [Weighing(one, lines.of(one, now), now, scarcity, anew=True) for one in replayed]
    before = {_name(row.member_id, row): row.revoked_at for one in replayed for row in one.awards}
    changed = Changes()
    for weighing in weighings:
        weighing.into(changed)
    changed.write(session, news_of(accounts, now), now)
    scarcity.write()
    cases.follow(session, changed.held, {member_id for member_id, _ in changed.let_go}, now)
    revoke_lost(session, changed.returned, changed.taken, now, because="rules")
    return _found(session, member_ids, before), sum(weighing.gained for weighing in weighings)


def _name(member_id: UUID, row: Award) -> tuple[UUID, str, str, int, int]:
    return (member_id, row.kind, row.slug, row.instance, row.level)


def _found(
    session: Session,
    member_ids: Sequence[UUID],
    before: dict[tuple[UUID, str, str, int, int], datetime | None],
) -> list[Found]:
    within = (Award.member_id, Award.awarded_at, Award.kind, Award.slug, Award.instance, Award.level)
    query = select(Award).where(col(Award.member_id).in_(member_ids)).order_by(*map(col, within))
    found: list[Found] = []
    for row in session.exec(query.execution_options(populate_existing=True)).all():
        name = _name(row.member_id, row)
        stood, stands = name in before and before[name] is None, row.revoked_at is None
        if stood != stands:
            found.append(Found(row.member_id, row.kind, row.slug, row.level, row.awarded_at, stood))
    return found


def preview(
    session: Session, member_ids: Sequence[UUID], now: datetime, lines: Lines | None = None
) -> tuple[list[Found], int]:
    """What `backfill` would do to these members; leaves everything as it was. Needs a session that may write."""
    nested = session.begin_nested()
    try:
        return backfill(session, member_ids, now, lines)
    finally:
        nested.rollback()
        session.expire_all()
