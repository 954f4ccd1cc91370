"""What is due by the clock: each function does all of it up to `now`, and doing it again changes nothing.

They are right however late they run: after a week of downtime the entries are the same as if they had run
every hour. One member whose account cannot be moved on is logged and passed over; the others go on.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Engine
from sqlmodel import Session, col, delete, select

from app import database
from members import approving, letters
from members.actions import giving, occasions, paying, seasons
from members.actions.board_lists import STEP, behind, refresh_one
from members.actions.rarity import count_awards, count_holders
from members.actions.record import advance, wake_stranded
from members.actions.studio import due_drafts, publish_due
from members.actions.vouchers import expire_unused, lapse, unfetched
from members.tables import BrowserSession, Outbox, Standing
from members.way_tables import Proof

BATCH = 500
NEWS_KEPT = timedelta(hours=1)
SESSIONS_KEPT = timedelta(days=30)
PROOFS_KEPT = timedelta(days=1)

log = logging.getLogger(__name__)


def advance_members(engine: Engine, now: datetime) -> int:
    """Let everybody's time pass up to `now`: expiry of points, and ends of tiers. Returns how many moved."""
    return _all_of(engine, now, _due, advance)


def _all_of(
    engine: Engine,
    now: datetime,
    due: Callable[[Session, datetime, int, UUID | None], Sequence[UUID]],
    work: Callable[[Session, Sequence[UUID], datetime], object],
) -> int:
    """Do `work` for everybody who is `due` (so many, by their ids, after one); returns for how many it was done."""
    done, after = 0, None
    while True:
        with database.reading(engine) as session:
            members = due(session, now, BATCH, after)
        if not members:
            return done
        done += _in_halves(engine, members, lambda session, ids: work(session, ids, now))
        after = members[-1]


def _due(session: Session, now: datetime, limit: int, after: UUID | None) -> list[UUID]:
    query = select(Standing.member_id).where(col(Standing.due_at) <= now)
    if after is not None:
        query = query.where(col(Standing.member_id) > after)
    return list(session.exec(query.order_by(col(Standing.member_id)).limit(limit)))


def _in_halves(
    engine: Engine, members: Sequence[UUID], work: Callable[[Session, Sequence[UUID]], object]
) -> int:
    """All of them in one transaction; when that fails, by halves, so that one harms nobody else."""
    try:
        database.attempt(engine, lambda session: work(session, members))
    except Exception:
        if len(members) == 1:
            log.exception("member %s could not be moved on", members[0])
            return 0
        middle = len(members) // 2
        return _in_halves(engine, members[:middle], work) + _in_halves(engine, members[middle:], work)
    return len(members)


def record_occasions(engine: Engine, now: datetime) -> int:
    """Record birthdays and years of membership. Returns how many; each of them is recorded once."""
    count = 0
    for step in (occasions.birthdays, occasions.anniversaries):
        after, more = None, True
        while more:
            found, after = database.attempt(
                engine, lambda session, do=step, last=after: do(session, now, last)
            )
            count, more = count + found, after is not None
    return count


def lapse_redemptions(engine: Engine, now: datetime) -> int:
    """Give the points of rewards back that nobody fetched in time. Returns how many members' rewards lapsed."""
    return _all_of(engine, now, unfetched, lapse)


def lapse_payments(engine: Engine, now: datetime) -> int:
    """Give back what was set aside for orders that were not placed in time. Returns for how many members."""
    return _all_of(engine, now, paying.overdue, paying.lapse)


def lapse_gifts(engine: Engine, now: datetime) -> int:
    """Give back what was set aside for gifts that nobody took in time. Returns for how many members."""
    return _all_of(engine, now, giving.overdue, giving.lapse)


def expire_redemptions(engine: Engine, now: datetime) -> int:
    """Expire issued rewards whose time is over. Returns how many."""
    expired = 0
    while count := database.attempt(engine, lambda session: expire_unused(session, now, BATCH)):
        expired += count
    return expired


def wake_stranded_facts(engine: Engine, now: datetime) -> int:
    """Let refunds count that missed their order by a moment. Returns how many."""
    woken = 0
    while count := database.attempt(engine, lambda session: wake_stranded(session, now, BATCH)):
        woken += count
    return woken


def count_badges(engine: Engine, now: datetime) -> int:
    """Count who holds each badge, and what was awarded. Returns how many badges anybody holds."""
    database.attempt(engine, lambda session: count_awards(session, now))
    return database.attempt(engine, lambda session: count_holders(session, now))


def follow_boards(engine: Engine, now: datetime) -> int:
    """Let the lists of boards follow the scores. Returns how many changed; when none did, nobody waits for it.

    Each step is a transaction of its own. Only a full one is followed by another one: while orders come, there is
    always a little more.
    """
    with database.reading(engine) as session:
        names = behind(session)
    followed = 0
    for name in names:
        count = STEP
        while count >= STEP:
            count = database.attempt(engine, lambda session, name=name: refresh_one(session, *name, now))
            followed += count
    return followed


def close_seasons(engine: Engine, now: datetime) -> int:
    """Close what is over and settled. Returns how many.

    Each season is a transaction of its own; one that cannot be closed is logged, and the others go on.
    """
    with database.reading(engine) as session:
        found = seasons.due(session, now)
    return sum(_closed(engine, *one, now) for one in found)


def _closed(engine: Engine, slug: str, period: int, now: datetime) -> bool:
    try:
        return database.attempt(engine, lambda session: seasons.close(session, slug, period, now))
    except Exception:
        log.exception("the season %s of the board %s could not be closed", period, slug)
        return False


def publish_drafts(engine: Engine, now: datetime) -> int:
    """Publish the badges and challenges that were planned for now or earlier. Returns how many.

    Each is a transaction of its own; one that cannot be published says why, and the others go on.
    """
    with database.reading(engine) as session:
        waiting = due_drafts(session, now)
    return sum(_published(engine, one, now) for one in waiting)


def _published(engine: Engine, draft_id: str, now: datetime) -> bool:
    try:
        return database.attempt(engine, lambda session: publish_due(session, draft_id, now))
    except Exception:
        log.exception("draft %s could not be published", draft_id)
        return False


def close_requests(engine: Engine, now: datetime) -> int:
    """Close what waited too long for a second person. Returns how many requests that were."""
    return database.attempt(engine, lambda session: approving.expire(session, now))


def sweep(engine: Engine, now: datetime) -> None:
    """Forget news that everybody has read, sessions and codes that were over long ago, and letters that went."""

    def work(session: Session) -> None:
        session.exec(delete(Outbox).where(col(Outbox.at) < now - NEWS_KEPT))
        session.exec(delete(BrowserSession).where(col(BrowserSession.expires_at) < now - SESSIONS_KEPT))
        session.exec(delete(Proof).where(col(Proof.expires_at) < now - PROOFS_KEPT))
        letters.sweep(session, now)

    database.attempt(engine, work)
