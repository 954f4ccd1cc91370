"""What members do with codes of friends: name one, and see that their friends' steps count."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, or_, select, update

from members import bringing, funnel, referral_codes, referral_steps
from members.actions.record import record
from members.own_tables import Merge
from members.referral_lives import LOOKED_AT
from members.referral_tables import AGAIN, Brought, Referral, ReferralCode
from members.tables import FactRow

NOBODY = UUID(int=0)
YEARS = timedelta(days=2 * 366)  # for how long a friend's purchases are looked at


def bring(session: Session, friend_id: UUID, typed: str, way: str, now: datetime) -> Referral:
    """Put a member down to whoever shared a code, now; see `bringing.bring` for what is refused."""
    return bringing.bring(session, friend_id, typed, way, now, now, record)


def follow(session: Session, members: Iterable[UUID], now: datetime) -> int:
    """Let the purchases of those of `members` who were brought count; returns how many were looked at."""
    return referral_steps.follow(session, members, now, record)


def follow_late(session: Session, now: datetime, after: UUID = NOBODY, limit: int = 200) -> list[UUID]:
    """The same for those after `after` whose purchases nobody has seen, since whoever follows was away, and for those
    of whom something was refused.
    """
    new = (col(FactRow.recorded_at) > col(Brought.seen_until)) & col(FactRow.type).in_(LOOKED_AT)
    here = select(FactRow.fact_id).where(col(FactRow.member_id) == col(Brought.member_id), new)
    became = (col(Merge.member_id) == col(Brought.member_id)) & col(Merge.undone_at).is_(None)
    there = select(FactRow.fact_id).where(col(FactRow.member_id) == col(Merge.into_id), became, new)
    again = or_(col(Brought.seen_until) == AGAIN, col(Brought.due_at) <= now)
    query = select(Brought.member_id).where(
        col(Brought.came_at) > now - YEARS,
        col(Brought.member_id) > after,
        or_(again, here.exists(), there.exists()),
    )
    found = list(session.exec(query.order_by(col(Brought.member_id)).limit(limit)))
    follow(session, found, now)
    return found


def brought(session: Session, members: Iterable[UUID]) -> list[UUID]:
    """Those of `members`, and of what became part of their accounts, who were brought by somebody."""
    return referral_steps.brought(session, members)


def link_of(session: Session, member_id: UUID, now: datetime) -> ReferralCode | None:
    """The link that a member has for what is offered now, if it has been made."""
    return referral_codes.known(session, member_id, now)


def open_link(session: Session, member_id: UUID, now: datetime) -> ReferralCode | None:
    """The same, made when there is none; None when nothing is offered."""
    return referral_codes.mine(session, member_id, now)


def shared(session: Session, member_id: UUID, now: datetime, channel: str = "link") -> None:
    """A member sent their link on, by one of `channels.TAGS`."""
    code = referral_codes.known(session, member_id, now)
    if code:
        row = col(ReferralCode.code) == code.code
        session.exec(update(ReferralCode).where(row).values(shared=ReferralCode.shared + 1))
        funnel.happened(session, code, channel, "shared", now)


def clicked(session: Session, code: str, now: datetime, channel: str = "link") -> None:
    """A browser opened a link that it had not opened before."""
    row = col(ReferralCode.code) == code
    session.exec(update(ReferralCode).where(row).values(clicked=ReferralCode.clicked + 1))
    link = session.get(ReferralCode, code)
    if link:
        funnel.happened(session, link, channel, "clicked", now)


def let_name(session: Session, member_id: UUID, named: bool) -> None:
    """A member lets their links say who invites, or not."""
    mine = col(ReferralCode.member_id) == member_id
    session.exec(update(ReferralCode).where(mine).values(named=named))
