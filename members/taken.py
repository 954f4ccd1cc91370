"""What somebody had of rewards that can be had so often only: by all accounts that are theirs by now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from members.merged import one_person
from rewards.document import Reward
from rewards.redemption import COUNTED
from rewards.tables import Redemption


def accounts(session: Session, member_id: UUID, rewards: Iterable[Reward]) -> list[UUID]:
    """Whose redemptions count: all accounts' that are one with this one, where any of the rewards has a limit."""
    limited = any(one.per_member is not None or one.per_period for one in rewards)
    return one_person(session, member_id) if limited else [member_id]


def taken(session: Session, whose: Sequence[UUID], slug: str = "") -> list[tuple[str, datetime]]:
    """What counts of what these accounts had, by reward and moment; with `slug` of that reward alone."""
    theirs = (col(Redemption.member_id).in_(whose), Redemption.price > 0, col(Redemption.state).in_(COUNTED))
    query = select(Redemption.reward, Redemption.reserved_at).where(*theirs)
    return list(session.exec(query.where(Redemption.reward == slug) if slug else query))
