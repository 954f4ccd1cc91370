"""How rare badges are, and how often each is awarded: counted from those who really have them, every hour."""

from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy import case, delete, func, literal_column, or_, select
from sqlmodel import Session

from badges.tables import WENT_BACK, Award, BadgeHolders, GameTally, Player
from members import sets
from members.sets import table_of
from members.tables import FactRow, Standing

TALLY = ("kind", "slug", "level", "version", "total", "standing", "returned", "counted_at")


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


def count_awards(session: Session, now: datetime) -> int:
    """Count the awards of each badge and challenge, and who took a challenge on; returns how many counts there are.

    Two passes, by the hour: over the awards, and over an index that has these facts alone.
    """
    award, fact = table_of(Award).c, table_of(FactRow).c
    standing = func.sum(case((award.revoked_at.is_(None), 1), else_=0))
    returned = func.sum(case((award.reason.in_(WENT_BACK), 1), else_=0))
    what = (award.kind, award.slug, award.level, award.version)
    counted = session.execute(select(*what, func.count(), standing, returned).group_by(*what)).all()
    rows = [(*row[:4], *map(int, row[4:]), now) for row in counted]
    joined = fact.type == literal_column("'challenge.joined'")
    many = func.count(func.distinct(fact.member_id))
    took: dict[str, int] = {}
    for data, members in session.execute(select(fact.data, many).where(joined).group_by(fact.data)):
        slug = json.loads(data)["challenge"]
        took[slug] = took.get(slug, 0) + members
    rows += [("joined", slug, 0, 0, members, members, 0, now) for slug, members in took.items()]
    session.execute(delete(GameTally))
    sets.insert(session, GameTally, TALLY, rows)
    return len(rows)
