"""Milestones: what so many friends together bring to whoever brought them, beside what each of them brings.

What should stand follows from the friends who count (`rewards.referrals.milestones`); what stands is kept with the
account that it was posted on. Accounts that are merged are one person, whose friends are counted together.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select, update

from facts.events import OWN_SOURCE, Fact
from members import books, closing
from members.merged import Record, latest_of, one_person
from members.programme.versions import Timeline, versions
from members.referral_tables import AGAIN, Brought, MilestonesSaid, Referral
from rewards.referrals import MILESTONE_MAX, Reached, milestones

Told = tuple[Any, ...]


def follow(session: Session, rows: Iterable[Brought], now: datetime, record: Record) -> None:
    """Post what is different for whoever brought these friends. Only what was recorded is kept, as for each friend."""
    line = versions(session)
    if not any(version.programme.referrals.milestones for version in line.whole):
        return
    brought: dict[UUID, list[UUID]] = {}
    for row in rows:
        brought.setdefault(latest_of(session, row.sharer_id), []).append(row.member_id)
    for sharer in sorted(brought):
        if not _posted(session, sharer, line, now, record):
            friends = col(Brought.member_id).in_(brought[sharer])
            session.execute(update(Brought).where(friends).values(seen_until=AGAIN))


def _posted(session: Session, sharer: UUID, line: Timeline, now: datetime, record: Record) -> bool:
    """Post the difference for one person; whether nothing of it was refused."""
    account = books.lock(session, [sharer])[sharer]
    if closing.closed(account.standing.state) == closing.ERASED:
        return True
    persons = one_person(session, sharer)
    query = select(MilestonesSaid).where(col(MilestonesSaid.member_id).in_(persons))
    kept = session.exec(query.execution_options(populate_existing=True)).all()
    should = {_told(one): one for one in _wanted(session, persons, line)}
    done = True
    for row in kept:
        done &= _undo(session, row, should, now, record)
    new = [told for told in should if not any(told in _there(row) for row in kept)]
    if new and done:
        mine = next((row for row in kept if row.member_id == sharer), MilestonesSaid(member_id=sharer))
        done = _say(session, mine, new, now, record)
    return done


def _wanted(session: Session, persons: Sequence[UUID], line: Timeline) -> list[Reached]:
    counting = (col(Referral.member_id).in_(persons), col(Referral.counts_at).is_not(None))
    query = select(Referral.counts_at, Referral.sure_at).where(*counting)
    first = query.order_by(col(Referral.counts_at), col(Referral.referral_id)).limit(MILESTONE_MAX)
    friends = [(at, sure or at) for at, sure in session.exec(first) if at]
    return milestones(friends, lambda at: line.at(at).programme.referrals)


def _undo(
    session: Session, row: MilestonesSaid, should: dict[Told, Reached], now: datetime, record: Record
) -> bool:
    """Take back what should not stand, and of what two merged accounts both have, one."""
    there, whose = _there(row), row.member_id
    gone = {told: number for told, number in there.items() if told not in should}
    facts = [
        Fact(OWN_SOURCE, f"{_id(row, number)}:cancelled", "referral.cancelled", now, f"member:{whose}",
             {"referral": whose.hex, "step": f"milestone-{number}"})
        for number in gone.values()
    ]  # fmt: skip
    refused = _refused(session, facts, now, record)
    left = {told: number for told, number in there.items()
            if told not in gone or f"{_id(row, number)}:cancelled" in refused}  # fmt: skip
    _keep(session, row, left)
    return not refused


def _say(session: Session, row: MilestonesSaid, new: Sequence[Told], now: datetime, record: Record) -> bool:
    facts: list[Fact] = []
    for number, told in enumerate(new, row.number + 1):
        friends, at, active, points, promotional, expires_days = told
        data: dict[str, Any] = {
            "referral": row.member_id.hex, "step": f"milestone-{number}", "friends": friends, "points": points,
            "active_from": active,
        }  # fmt: skip
        data |= {"promotional": True} if promotional else {}
        data |= {"expires_days": expires_days} if expires_days else {}
        facts.append(
            Fact(OWN_SOURCE, _id(row, number), "referral.milestone", datetime.fromisoformat(at),
                 f"member:{row.member_id}", data)
        )  # fmt: skip
    refused = _refused(session, facts, now, record)
    stood = {
        told: number for number, told in enumerate(new, row.number + 1) if _id(row, number) not in refused
    }
    row.number = max(row.number, *stood.values(), 0)
    _keep(session, row, _there(row) | stood)
    return not refused


def _refused(session: Session, facts: Sequence[Fact], now: datetime, record: Record) -> set[str]:
    """Record facts; the ids of those that were refused, which may come again."""
    outcomes = record(session, facts, now) if facts else ()
    return {fact.id for fact, outcome in zip(facts, outcomes, strict=True) if outcome.status == "refused"}


def _keep(session: Session, row: MilestonesSaid, there: dict[Told, int]) -> None:
    row.said = json.dumps([[number, *told] for told, number in there.items()])
    session.add(row)
    session.flush()


def _there(row: MilestonesSaid) -> dict[Told, int]:
    said: list[list[Any]] = json.loads(row.said)
    return {tuple(one[1:]): one[0] for one in said}


def _told(one: Reached) -> Told:
    """A milestone as it is kept."""
    given = one.milestone
    return (given.friends, one.at.isoformat(), one.active_from.isoformat(), given.points, given.promotional,
            given.expires_days)  # fmt: skip


def _id(row: MilestonesSaid, number: int) -> str:
    return f"milestone:{row.member_id.hex}:{number}"
