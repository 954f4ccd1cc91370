"""What was reached is told once: the first page that asks may say it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from badges.tables import Award, Player
from facts.language import language
from members import books
from members.news import TIER, news, untold
from members.tables import Standing
from members.views.playing import play_for
from members.views.reached import reached

NEW_DAYS = 7  # who was never told anything, or never of a tier, is told of what is no older


def tell_once(session: Session, member_id: UUID, held: Sequence[str], now: datetime) -> frozenset[str]:
    """Remember that the member is told of all that is `held`; returns what of it they had not been told of.

    Under their lock, so that of two pages that arrive together one says it.
    """
    if not books.lock(session, [member_id]):
        return frozenset()
    row = session.get(Player, member_id, populate_existing=True) or Player(member_id=member_id)
    tiers = [key for key in held if key.startswith(TIER)]
    new = untold(row.told, [key for key in held if key not in tiers])
    if row.told is None and new:
        new &= _of_late(session, member_id, now)
    if tiers and (TIER in (row.told or "") or _climbed_of_late(session, member_id, now)):
        new |= news((row.told or "").split(), tiers)
    row.told = " ".join(held)
    session.add(row)
    return new


def _of_late(session: Session, member_id: UUID, now: datetime) -> frozenset[str]:
    """The keys of what they reached in the last days."""
    late = (col(Award.member_id) == member_id) & (col(Award.awarded_at) > now - timedelta(days=NEW_DAYS))
    rows = session.exec(select(Award).where(late, col(Award.revoked_at).is_(None)))
    return frozenset(f"{one.kind}:{one.slug}:{one.instance}:{one.level}" for one in rows)


def _climbed_of_late(session: Session, member_id: UUID, now: datetime) -> bool:
    """Whether they have had their tier since the last days: for who was never told of one."""
    since = session.exec(select(Standing.tier_since).where(Standing.member_id == member_id)).one()
    return since is not None and since > now - timedelta(days=NEW_DAYS)


def no_news(session: Session, member_ids: Iterable[UUID], now: datetime) -> None:
    """Remember that these members, who are locked, are told of all that they have reached."""
    for member_id in member_ids:
        row = session.get(Player, member_id, populate_existing=True) or Player(member_id=member_id)
        row.told = " ".join(reached(play_for(session, member_id, now, language("en"))))
        session.add(row)
