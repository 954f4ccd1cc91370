"""What was reached is told once: the first page that asks may say it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from badges.tables import Award, Player
from facts.language import language
from members import books
from members.news import TIER, tier_in, untold, without_tier
from members.programme.versions import Timeline, versions
from members.views.playing import play_for
from members.views.reached import reached
from rewards.tables import TierChange

NEW_DAYS = 7  # who was never told anything, or never of a tier, is told of what is no older


def tell_once(
    session: Session, member_id: UUID, held: Sequence[str], now: datetime, showed: Sequence[str] | None = None
) -> frozenset[str]:
    """Remember that the member is told of all that is `held`; returns what of it they had not been told of.

    Their tier is also news when they climbed to it after what an open page `showed`. Under their lock, so that of two
    pages that arrive together one says it.
    """
    if not books.lock(session, [member_id]):
        return frozenset()
    row = session.get(Player, member_id, populate_existing=True) or Player(member_id=member_id)
    new = untold(row.told, without_tier(held))
    if row.told is None and new:
        new &= _of_late(session, member_id, now)
    since = [(row.told or "").split(), *([] if showed is None else [showed])]
    if _climbed(session, member_id, tier_in(held), {tier_in(keys) for keys in since}, now):
        new |= {key for key in held if key.startswith(TIER)}
    row.told = " ".join(held)
    session.add(row)
    return new


def _of_late(session: Session, member_id: UUID, now: datetime) -> frozenset[str]:
    """The keys of what they reached in the last days."""
    late = (col(Award.member_id) == member_id) & (col(Award.awarded_at) > now - timedelta(days=NEW_DAYS))
    rows = session.exec(select(Award).where(late, col(Award.revoked_at).is_(None)))
    return frozenset(f"{one.kind}:{one.slug}:{one.instance}:{one.level}" for one in rows)


def _climbed(session: Session, member_id: UUID, tier: str, since: set[str], now: datetime) -> bool:
    """Whether it was a climb that led to their tier, and it stands above one of those that they knew of (`since`).

    "" is one that they were never told of: then the climb must be of the last days.
    """
    if not since - {tier}:
        return False
    changes = select(TierChange).where(col(TierChange.member_id) == member_id)
    newest = session.exec(changes.order_by(col(TierChange.at).desc()).limit(1)).first()
    line = versions(session)
    if newest is None or newest.tier != tier or not _above(tier, newest.before, line, now):
        return False
    late = newest.at > now - timedelta(days=NEW_DAYS)
    return any(_above(tier, one, line, now) if one else late for one in since)


def _above(tier: str, other: str, line: Timeline, now: datetime) -> bool:
    """Whether a tier is above the other, by the newest ladder that has both."""
    for version in reversed(line.whole):
        slugs = [level.slug for level in version.programme.tiers.levels]
        if version.effective_from <= now and tier in slugs and other in slugs:
            return slugs.index(tier) > slugs.index(other)
    return False


def no_news(session: Session, member_ids: Iterable[UUID], now: datetime) -> None:
    """Remember that these members, who are locked, are told of all that they have reached."""
    for member_id in member_ids:
        row = session.get(Player, member_id, populate_existing=True) or Player(member_id=member_id)
        row.told = " ".join(reached(play_for(session, member_id, now, language("en"))))
        session.add(row)
