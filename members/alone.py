"""What somebody of the staff gave and took alone within a day: what a second person agreed to is not counted.

It is read from the audit, by who they are and whatever their role was. Whoever asks holds that person's lock, so that
two pages of theirs do not both find room below a limit. What was taken back again counts all the same: what it gave
may have been spent meanwhile.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from members.programme.document import Programme
from members.programme.versions import versions
from members.roles import STAFF_ROLES
from members.tables import Audit
from rewards.extending import EXTENDED

DAY = timedelta(hours=24)
MANY = 10  # members to whom one person may give all that one may be given, in a day
ADJUSTED, PINNED, MERGED = "points.adjusted", "tier.pinned", "member.merged"
BADGES = {"badge.granted": 1, "badges.granted_in_bulk": 1, "badge.revoked": 0, "badges.revoked_in_bulk": 0}
"""Actions on badges, and whether the prizes of the badge go with them."""
_LOCK = 0x416C6F6E  # the first half of a number of our own for PostgreSQL's advisory lock; the other is the person


@dataclass(frozen=True, slots=True)
class Alone:
    """What was done alone: points of one and of all, with merges and welcomes of tiers; members whose badges changed,
    what that gave.
    """

    to_one: int = 0
    to_all: int = 0
    members: int = 0
    worth: int = 0


def lock(session: Session, actor: str) -> None:
    """Let nobody else reckon for this person until the transaction ends. SQLite writes alone anyway."""
    if session.get_bind().dialect.name == "postgresql":
        person = func.hashtext(actor.partition(":")[2])
        session.exec(select(func.pg_advisory_xact_lock(_LOCK, person))).all()


def done(
    session: Session, actor: str, now: datetime, *, member_id: UUID | None = None, but_for: str = ""
) -> Alone:
    """What this person did alone in `DAY`; `but_for` is a fact that is not counted, since it is sent again."""
    lock(session, actor)
    person = actor.partition(":")[2]
    actors = {actor, *(f"{role}:{person}" for role in STAFF_ROLES)}
    mine = (
        col(Audit.actor).in_(actors),
        col(Audit.action).in_([ADJUSTED, EXTENDED, PINNED, MERGED, *BADGES]),
        col(Audit.at) > now - DAY,
    )
    rows = session.exec(select(Audit.action, Audit.object, Audit.detail).where(*mine)).all()
    programme, found = versions(session).at(now).programme, Alone()
    for action, thing, text in rows:
        detail: dict[str, Any] = json.loads(text)
        if "agreed_by" not in detail and detail.get("fact", "-") != but_for:
            same = str(member_id) == (detail["into"] if action == MERGED else thing.removeprefix("member:"))
            found = _with(found, action, detail, same, programme)
    return found


def _with(found: Alone, action: str, detail: dict[str, Any], same: bool, programme: Programme) -> Alone:
    if action in (ADJUSTED, EXTENDED, PINNED):
        points = abs(detail.get("in_points", detail.get("points", 0)))
        return Alone(found.to_one + points * same, found.to_all + points, found.members, found.worth)
    if action == MERGED:
        moved = abs(detail["before"]["points"]) + detail["before"].get("wallets", 0)
        return replace(found, to_one=found.to_one + moved * same, to_all=found.to_all + moved)
    members = detail.get("members", 1)
    worth = members * worth_of(programme, detail["badge"], detail["level"]) if BADGES[action] else 0
    return Alone(found.to_one, found.to_all, found.members + members, found.worth + worth)


def worth_of(programme: Programme, slug: str, level: int) -> int:
    """The points that a badge up to this level gives, its rewards at their price; 0 for one that is no more."""
    badge = programme.badge(slug)
    prizes = [badge.prize(one) for one in range(1, level + 1)] if badge else []
    rewards = [programme.reward(one.reward) for one in prizes if one and one.reward]
    return sum(one.points for one in prizes if one) + sum(one.price for one in rewards if one)
