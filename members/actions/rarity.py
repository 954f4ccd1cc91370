"""How rare badges are, and how often each is awarded: counted from those who really have them, every hour."""

from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, delete, exists, func, literal_column, not_, or_, select
from sqlmodel import Session

from badges.coming_over import CAME_OVER
from badges.tables import PAID, WENT_BACK, Award, BadgeHolders, GameTally, Player
from facts.events import OWN_SOURCE
from members import sets
from members.sets import table_of
from members.tables import FactRow, Member

OPEN = ("draft", "active")  # whoever left, was erased or became part of another account is counted nowhere
TALLY = ("kind", "slug", "level", "version", "total", "standing", "returned", "counted_at")


def counts() -> tuple[ColumnElement[bool], ...]:
    """Which members count as holders, and among those who could be."""
    player, member = table_of(Player).c, table_of(Member).c
    quiet = exists().where(player.member_id == member.member_id, player.calm.like("%game%"))
    return member.status.in_(OPEN), ~quiet


def holds(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Which awards make a holder: the first level of a badge, while it stands and lasts."""
    award = table_of(Award).c
    first: ColumnElement[int] = literal_column("1")  # as it stands in the condition of the index
    held = (award.kind == literal_column("'badge'"), award.level == first, award.revoked_at.is_(None))
    return *held, or_(award.expires_at.is_(None), award.expires_at > now)


def count_holders(session: Session, now: datetime) -> int:
    """Count the holders of each badge; returns how many badges anybody holds.

    Who has switched the game off is neither counted as a holder nor among those who could be, and neither is an account
    that is closed. An expired or revoked badge is held no more. Two passes over the awards and the members, by the hour
    and off every page's way.
    """
    award, member = table_of(Award).c, table_of(Member).c
    counted = counts()
    query = select(award.slug, func.count(award.member_id.distinct())).where(
        award.member_id == member.member_id, *counted, *holds(now)
    )
    holders = session.execute(query.group_by(award.slug)).all()
    members = session.execute(select(func.count(member.member_id)).where(*counted)).scalar_one()
    session.execute(delete(BadgeHolders))
    rows = [(slug, int(number), int(members), now) for slug, number in sorted(holders)]
    sets.insert(session, BadgeHolders, ("slug", "holders", "members", "counted_at"), rows)
    return len(rows)


def count_awards(session: Session, now: datetime) -> int:
    """Count the awards of each badge and challenge, and who took a challenge on; returns how many counts there are.

    What stands or was taken back is that of open accounts. Prizes are counted where they were given: a closed account
    gave its own, and what came over from it gave none. Two passes, by the hour: over the awards, and over an index
    that has these facts alone.
    """
    award, member, fact = table_of(Award).c, table_of(Member).c, table_of(FactRow).c
    here, back = member.status.in_(OPEN), award.reason.in_(WENT_BACK)
    paid = not_(and_(award.fact_source == OWN_SOURCE, award.fact_id.startswith(CAME_OVER)))
    asked = (here, and_(here, award.revoked_at.is_(None)), and_(here, back), paid, and_(paid, back))
    what = (award.kind, award.slug, award.level, award.version)
    query = select(*what, *(func.sum(case((one, 1), else_=0)) for one in asked))
    rows: list[tuple[object, ...]] = []
    for kind, *name, total, standing, returned, gave, again in session.execute(
        query.where(award.member_id == member.member_id).group_by(*what)
    ):
        rows.append((kind, *name, int(total), int(standing), int(returned), now))
        rows.append((PAID + kind, *name, int(gave), int(gave) - int(again), int(again), now))
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
