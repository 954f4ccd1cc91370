"""Uploaded codes: drawn one by one, each once, however many draw at the same time in however many processes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, func, select

from rewards.pool_tables import IS_FREE, PoolCode, RewardPool


def draw(session: Session, slug: str, member_id: UUID, redemption_id: UUID, now: datetime) -> bool | None:
    """Take a code for a redemption. True for one that was free, False for one that this member gave back unseen
    before, None when there is none.

    What somebody else is just taking is passed over, not waited for. The member's standing is locked.
    """
    mine = (PoolCode.reward == slug, PoolCode.member_id == member_id)
    back = select(PoolCode).where(
        *mine, col(PoolCode.redemption_id).is_(None), col(PoolCode.sealed).is_not(None)
    )
    free = select(PoolCode).where(PoolCode.reward == slug, IS_FREE).order_by(col(PoolCode.place))
    for fresh, query in ((False, back), (True, free)):
        locked = query.limit(1).with_for_update(skip_locked=fresh).execution_options(populate_existing=True)
        code = session.exec(locked).first()
        if code is not None:
            code.member_id, code.redemption_id, code.taken_at = member_id, redemption_id, code.taken_at or now
            session.add(code)
            return fresh
    return None


def waiting(session: Session, member_id: UUID) -> list[tuple[str, bytes]]:
    """The codes that wait for this member, who gave them back unseen: the reward and the digest of each."""
    own = (PoolCode.member_id == member_id, col(PoolCode.redemption_id).is_(None))
    query = select(PoolCode.reward, PoolCode.digest).where(*own, col(PoolCode.sealed).is_not(None))
    return list(session.exec(query.order_by(col(PoolCode.reward), col(PoolCode.place))))


def move(session: Session, codes: Sequence[tuple[str, bytes]], one: UUID, other: UUID) -> None:
    """Let codes wait for another account of the same person; one that was drawn again since stays where it is."""
    for reward, digest in codes:
        which = (
            col(PoolCode.reward) == reward,
            col(PoolCode.digest) == digest,
            col(PoolCode.member_id) == one,
        )
        still = update(PoolCode).where(*which, col(PoolCode.redemption_id).is_(None))
        session.connection().execute(still.values(member_id=other))


def drawn(session: Session, member_id: UUID, slug: str, redemption_id: UUID) -> PoolCode | None:
    """The code of a redemption, locked until the transaction ends."""
    mine = (PoolCode.member_id == member_id, PoolCode.reward == slug, PoolCode.redemption_id == redemption_id)
    return session.exec(select(PoolCode).where(*mine).with_for_update()).first()


def keep(session: Session, member_id: UUID, slug: str, redemption_id: UUID) -> None:
    """A redemption was called off: its code waits for the same member, and goes to nobody else."""
    mine = (col(PoolCode.member_id) == member_id, col(PoolCode.reward) == slug)
    own = update(PoolCode).where(*mine, col(PoolCode.redemption_id) == redemption_id)
    session.connection().execute(own.values(redemption_id=None))


def forget(session: Session, member_id: UUID) -> None:
    """The member is erased: what they had stays taken, and is nobody's and nothing any more."""
    theirs = update(PoolCode).where(col(PoolCode.member_id) == member_id)
    session.connection().execute(theirs.values(member_id=None, redemption_id=None, sealed=None))


def free(session: Session, slug: str) -> int:
    """How many codes can still be drawn, counted: for publishing and uploading, not for pages."""
    query = select(func.count()).select_from(PoolCode).where(PoolCode.reward == slug, IS_FREE)
    return session.exec(query).one()


def few_left(session: Session, slug: str, left: int, percent: int, now: datetime) -> int | None:
    """The capacity of a pool of which at most `percent` are left, for whoever notices first; else None."""
    pool = session.get(RewardPool, slug, populate_existing=True)
    if pool is None or pool.alerted_at is not None or left * 100 > pool.capacity * percent:
        return None
    first = update(RewardPool).where(col(RewardPool.slug) == slug, col(RewardPool.alerted_at).is_(None))
    noticed = session.connection().execute(first.values(alerted_at=now)).rowcount == 1
    return pool.capacity if noticed else None
