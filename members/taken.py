"""What somebody had of rewards that can be had so often only: by all accounts that are theirs by now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from facts.events import OWN_SOURCE
from members.merged import one_person
from members.tables import FactRow
from rewards.document import Reward
from rewards.occasion import Day, last_of
from rewards.redemption import COUNTED, PRIZE
from rewards.tables import Redemption


def accounts(session: Session, member_id: UUID, rewards: Iterable[Reward]) -> list[UUID]:
    """Whose redemptions count: all accounts' that are one with this one, where any of the rewards has a limit."""
    limited = any(one.per_member is not None or one.per_period or one.occasion for one in rewards)
    return one_person(session, member_id) if limited else [member_id]


def taken(session: Session, whose: Sequence[UUID], slug: str = "") -> list[tuple[str, datetime]]:
    """What counts of what these accounts had, by reward and moment; with `slug` of that reward alone."""
    theirs = (col(Redemption.member_id).in_(whose), bought(), col(Redemption.state).in_(COUNTED))
    query = select(Redemption.reward, Redemption.reserved_at).where(*theirs)
    return list(session.exec(query.where(Redemption.reward == slug) if slug else query))


def bought() -> ColumnElement[bool]:
    """That a redemption was not won."""
    return ~col(Redemption.request_id).startswith(PRIZE, autoescape=True)


def days_of(session: Session, whose: Sequence[UUID], rewards: Iterable[Reward]) -> dict[str, Day]:
    """When the occasions of the rewards were last, by type of fact; asks nothing when none has one."""
    types = sorted({one.occasion.on for one in rewards if one.occasion})
    if not types:
        return {}
    mine = (col(FactRow.member_id).in_(whose), FactRow.source == OWN_SOURCE, col(FactRow.type).in_(types))
    moments: dict[str, list[datetime]] = {}
    for kind, at in session.exec(select(FactRow.type, FactRow.occurred_at).where(*mine)):
        moments.setdefault(kind, []).append(at)
    return {kind: day for kind, ones in moments.items() if (day := last_of(ones))}
