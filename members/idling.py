"""Which points of a member end by inactivity, and when as things stand: read from their open lots."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from members.books import fold_of
from members.programme.versions import Timeline
from members.tables import Standing
from rewards.idle import idle_end
from rewards.lots import EARNED, POINTS
from rewards.tables import Lot


def moments(
    session: Session, members: Sequence[UUID], line: Timeline
) -> dict[UUID, list[tuple[datetime, int]]]:
    """The moments at which points are lost when nothing is done until then, soonest first, and how many.

    A moment that is over says that the engine has not looked yet.
    """
    states = select(Standing.member_id, Standing.state).where(col(Standing.member_id).in_(members))
    active = {member_id: fold_of(state, line).active for member_id, state in session.exec(states)}
    query = (
        select(Lot.member_id, Lot.at, func.sum(Lot.remaining))
        .where(
            col(Lot.member_id).in_(members), col(Lot.remaining) != 0, Lot.kind == EARNED, Lot.wallet == POINTS
        )
        .where(col(Lot.expires_at).is_(None))
        .group_by(col(Lot.member_id), col(Lot.at))
    )
    found: dict[UUID, dict[datetime, int]] = {}
    for member_id, since, points in session.exec(query):
        end = idle_end(line, active.get(member_id, {}), since)
        if end is not None and points > 0:
            mine = found.setdefault(member_id, {})
            mine[end] = mine.get(end, 0) + int(points)
    return {member_id: sorted(mine.items()) for member_id, mine in found.items()}
