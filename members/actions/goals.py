"""Goals that members reach together: parts gathered into a sum, reached once, and paid to everybody who took part."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, update
from sqlmodel import Session, col, select

from badges.goal_tables import IS_DIRTY, IS_UNPAID, GoalPart, GoalTotal
from badges.goals import PREFIX, TOPIC, Goal, key_of
from facts.events import OWN_SOURCE, Fact
from facts.money import minor
from members import sets
from members.actions.record import record
from members.audit import audit
from members.programme.versions import Version, versions
from members.tables import Outbox

GATHERED_MAX, PAID_MAX = 500, 200
_GATHERED = (  # the parts are locked: they are what was read
    update(GoalPart)
    .where(
        col(GoalPart.goal) == bindparam("key"), sets.Among(col(GoalPart.member_id), sets.several("members"))
    )
    .values(gathered=col(GoalPart.part), dirty=False)
)

log = logging.getLogger(__name__)


def is_behind(session: Session, now: datetime) -> bool:
    """Whether there is something to gather, or a sum that comes up to a target which was lowered."""
    dirty = session.exec(select(GoalPart.member_id).where(IS_DIRTY).limit(1)).first()
    return dirty is not None or bool(_ripe(session, now))


def _ripe(session: Session, now: datetime) -> list[str]:
    """The goals whose sum comes up to the target that is in force, and which are not reached yet."""
    query = select(GoalTotal.goal, GoalTotal.total).where(col(GoalTotal.reached_at).is_(None))
    sums = session.exec(query).all()
    goals = goals_of(versions(session).at(now)) if sums else []
    targets = {key: target for key, goal, target in goals if not (goal.paused or goal.retired)}
    return [key for key, total in sums if key in targets and total >= targets[key]]


def gather(session: Session, now: datetime, limit: int = GATHERED_MAX) -> int:
    """Add what changed to the sums, and see whether a goal is reached; returns how many parts and goals there were.

    Whoever brings something waits for nobody but the one who gathers their own part, and not for long: sets of rows.
    """
    query = select(GoalPart.goal, GoalPart.member_id, GoalPart.part, GoalPart.gathered).where(IS_DIRTY)
    locked = query.order_by(col(GoalPart.goal), col(GoalPart.member_id)).limit(limit)
    parts = session.exec(locked.with_for_update(skip_locked=True)).all()
    more, theirs = dict[str, tuple[int, int]](), dict[str, list[UUID]]()
    for goal, member_id, part, gathered in parts:
        total, members = more.get(goal, (0, 0))
        more[goal] = total + part - gathered, members + (part > 0) - (gathered > 0)
        theirs.setdefault(goal, []).append(member_id)
    for goal, members in theirs.items():
        session.connection().execute(_GATHERED, {"key": goal, "members": members})
    ripe = [key for key in _ripe(session, now) if key not in more]
    if more or ripe:
        _add(session, more | dict.fromkeys(ripe, (0, 0)), now)
        session.add(Outbox(members=TOPIC.hex, at=now))
        session.flush()
    return len(parts) + len(ripe)


def _add(session: Session, more: dict[str, tuple[int, int]], now: datetime) -> None:
    rows = [(key, 0, 0) for key in sorted(more)]
    sets.insert(session, GoalTotal, ("goal", "total", "members"), rows, "ON CONFLICT (goal) DO NOTHING")
    query = select(GoalTotal).where(col(GoalTotal.goal).in_(more)).order_by(col(GoalTotal.goal))
    version = versions(session).at(now)
    targets = {key: (goal, target) for key, goal, target in goals_of(version)}
    for row in session.exec(query.with_for_update().execution_options(populate_existing=True)).all():
        total, members = more[row.goal]
        row.total, row.members = row.total + total, row.members + members
        goal, target = targets.get(row.goal, (None, 0))
        if goal and not goal.paused and not goal.retired and row.reached_at is None and row.total >= target:
            row.reached_at = max(now, _latest(session, row.goal) or now)
            detail = {"total": row.total, "members": row.members, "version": version.number}
            audit(session, "engine:goals", "goal.reached", f"{PREFIX}{goal.slug}", detail, now)
            log.info("the goal %s is reached: %s of %s", goal.slug, row.total, target)
        session.add(row)


def _latest(session: Session, key: str) -> datetime | None:
    """When somebody took part last: whoever completes a goal may have done so after the gathering began."""
    took_part = col(GoalPart.took_part_at)
    query = select(took_part).where(GoalPart.goal == key, IS_UNPAID, took_part.is_not(None))
    return session.exec(query.order_by(took_part.desc()).limit(1)).first()


def goals_of(version: Version) -> list[tuple[str, Goal, int]]:
    """The goals of a version: by what they are kept, what they are, and the target as a whole number."""
    found: list[tuple[str, Goal, int]] = []
    for goal in version.programme.goals:
        decimals = goal.criterion.decimals
        target = minor(goal.target, version.digits if decimals is None else decimals)
        shape = version.achievements.goals[f"{PREFIX}{goal.slug}"].shape
        found.append((key_of(goal.slug, shape), goal, target))
    return found


def unpaid(session: Session) -> list[str]:
    """The goals that are reached and not paid to everybody yet."""
    owed = select(GoalPart.member_id).where(
        col(GoalPart.goal) == col(GoalTotal.goal),
        IS_UNPAID,
        col(GoalPart.took_part_at) <= col(GoalTotal.reached_at),
    )
    query = select(GoalTotal.goal).where(col(GoalTotal.reached_at).is_not(None), owed.exists())
    return sorted(session.exec(query).all())


def pay(session: Session, key: str, now: datetime, limit: int = PAID_MAX) -> int:
    """Give the prize of a reached goal to some who took part; returns how many. Nobody gets it twice.

    What it is was decided when the goal was reached, by the version in force then, and is kept in the fact. Whoever
    cannot have it, as there is no such member any more, holds up nobody: the audit says who that is, and why.
    """
    row = session.get(GoalTotal, key, populate_existing=True)
    if row is None or row.reached_at is None:
        return 0
    query = select(GoalPart.member_id).where(
        GoalPart.goal == key, IS_UNPAID, col(GoalPart.took_part_at) <= row.reached_at
    )
    members = session.exec(query.order_by(col(GoalPart.member_id)).limit(limit)).all()
    version = versions(session).at(row.reached_at)
    goal = next((goal for name, goal, _ in goals_of(version) if name == key), None)
    if goal and members:
        done = record(session, _facts(goal, key, row.reached_at, members), max(now, row.reached_at))
        for member_id, outcome in zip(members, done, strict=True):
            if outcome.refusal:
                detail = {"goal": goal.slug, "code": outcome.refusal.code}
                audit(session, "engine:goals", "goal.prize_refused", f"member:{member_id}", detail, now)
                log.warning("the prize of the goal %s was refused: %s", goal.slug, outcome.refusal.code)
    paid = update(GoalPart).where(col(GoalPart.goal) == key, col(GoalPart.member_id).in_(members))
    session.execute(paid.values(paid=True))
    return len(members)


def _facts(goal: Goal, key: str, at: datetime, members: Sequence[UUID]) -> list[Fact]:
    """One for each member; its id is the same however often it is tried."""
    prize = goal.prize
    said: dict[str, Any] = {"goal": goal.slug, "points": prize.points, "promotional": prize.promotional,
                            "expires_days": prize.expires_days, "badge": prize.badge}  # fmt: skip
    data = {name: value for name, value in said.items() if value not in (None, 0, "")}
    return [
        Fact(OWN_SOURCE, f"{PREFIX}{key}:{member_id}", "goal.reached", at, f"member:{member_id}", data)
        for member_id in members
    ]
