"""How rare badges are: counted from those who really hold them, every hour."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, or_, select
from sqlmodel import Session

from badges.tables import Award, BadgeHolders, Player
from members import sets
from members.sets import table_of
from members.tables import Standing


def count_holders(session: Session, now: datetime) -> int:
    """Count the holders of each badge; returns how many badges anybody holds.

    Who has switched the game off is neither counted as a holder nor among those who could be. An expired or revoked
    badge is held no more. Two passes over the awards and the members, by the hour and off every page's way.
    """
    award, player, standing = table_of(Award).c, table_of(Player).c, table_of(Standing).c
    quiet = select(player.member_id).where(player.calm.like("%game%"))
    held = (award.kind == "badge", award.level == 1, award.revoked_at.is_(None))
    lasting = or_(award.expires_at.is_(None), award.expires_at > now)
    query = select(award.slug, func.count(award.member_id.distinct())).where(
        *held, lasting, award.member_id.not_in(quiet)
    )
    holders = session.execute(query.group_by(award.slug)).all()
    members = session.execute(
        select(func.count()).select_from(table_of(Standing)).where(standing.member_id.not_in(quiet))
    ).scalar_one()
    session.execute(delete(BadgeHolders))
    rows = [(slug, int(number), int(members), now) for slug, number in sorted(holders)]
    sets.insert(session, BadgeHolders, ("slug", "holders", "members", "counted_at"), rows)
    return len(rows)
