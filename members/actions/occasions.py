"""Birthdays and years of membership: facts that the programme records by itself, once, on the member's own day.

A birthday counts when it was told thirty days before it, or came from the shop with somebody who moved in (no moment is
kept of that), and once in a year: not again in the same calendar year, nor within 330 days of the last one, however it
is corrected and whichever account of the person it was on. What is meant for 29 February happens on the 28th in years
that have no 29th.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from facts.dates import midnight
from facts.events import OWN_SOURCE, Fact
from members.actions.record import record
from members.own_tables import STEPS_MAX, Merge, Profile
from members.programme import Programme, in_force
from members.programme.document import facts_named
from members.tables import FactRow, Member
from rewards.occasion import APART

BIRTHDAY, ANNIVERSARY = "member.birthday", "member.anniversary"
TOLD_BEFORE = timedelta(days=30)
LATE_DAYS = 7  # so long after its day one is still recorded, should nothing have run
YEARS_MAX = 100
BATCH = 500


def asked_for(programme: Programme, kind: str) -> bool:
    """Whether anything in the programme asks for such facts; else none are recorded."""
    given = any(one.occasion.on == kind for one in programme.rewards if one.occasion and not one.retired)
    return given or any(named == kind for _, named, _, _ in facts_named(programme))


def birthdays(session: Session, now: datetime, after: UUID | None = None) -> tuple[int, UUID | None]:
    """Record the birthdays of the next members that have one; how many, and from whom to go on (None at the end)."""
    version = in_force(session, now)
    if not asked_for(version.programme, BIRTHDAY):
        return 0, None
    query = (
        select(Profile.member_id, Profile.birthday, Profile.birthday_at, Member.zone)
        .join(Member, col(Member.member_id) == col(Profile.member_id))
        .where(func.substr(col(Profile.birthday), 6).in_(_names(now)), Member.status == "active")
    )
    if after:
        query = query.where(col(Profile.member_id) > after)
    rows = session.exec(query.order_by(col(Profile.member_id)).limit(BATCH)).all()
    before = _before(session, [row[0] for row in rows])
    facts: list[Fact] = []
    for member_id, born, told_at, zone in rows:
        clock = ZoneInfo(zone) if zone else version.zone
        day = last_time(date.fromisoformat(born), now.astimezone(clock).date())
        at = midnight(day.toordinal(), clock)
        told = told_at is None or told_at + TOLD_BEFORE <= at
        if (
            told
            and day.year > int(born[:4])
            and not any(_again(at, one) for one in before.get(member_id, ()))
        ):
            name = f"birthday:{member_id}:{day.year}"
            facts.append(Fact(OWN_SOURCE, name, BIRTHDAY, at, f"member:{member_id}", {"year": day.year}))
    return _recorded(session, _lately(facts, now), now), rows[-1][0] if len(rows) == BATCH else None


def anniversaries(session: Session, now: datetime, after: UUID | None = None) -> tuple[int, UUID | None]:
    """Record the years of the next members that joined on such a day; how many, and from whom to go on."""
    version = in_force(session, now)
    if not asked_for(version.programme, ANNIVERSARY):
        return 0, None
    joined = col(Member.created_at)
    query = select(Member.member_id, joined, Member.zone).where(
        Member.status == "active", or_(*(joined.between(*span) for span in _spans(now)))
    )
    if after:
        query = query.where(col(Member.member_id) > after)
    rows = session.exec(query.order_by(col(Member.member_id)).limit(BATCH)).all()
    facts: list[Fact] = []
    for member_id, since, zone in rows:
        clock = ZoneInfo(zone) if zone else version.zone
        first = since.astimezone(clock).date()
        day = last_time(first, now.astimezone(clock).date())
        years = day.year - first.year
        if years:
            name, at = f"anniversary:{member_id}:{years}", midnight(day.toordinal(), clock)
            facts.append(Fact(OWN_SOURCE, name, ANNIVERSARY, at, f"member:{member_id}", {"years": years}))
    return _recorded(session, _lately(facts, now), now), rows[-1][0] if len(rows) == BATCH else None


def last_time(day: date, today: date) -> date:
    """When a day of the year was last, today included."""
    here = _in_year(day, today.year)
    return here if here <= today else _in_year(day, today.year - 1)


def _in_year(day: date, year: int) -> date:
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 2, 28)


def _names(now: datetime) -> list[str]:
    """The days of the year that it was lately, anywhere in the world."""
    today = now.astimezone(UTC).date()
    days = [today + timedelta(days=n) for n in range(-LATE_DAYS - 1, 2)]
    names = {f"{day:%m-%d}" for day in days}
    return sorted(names | {"02-29"} if "02-28" in names else names)


def _spans(now: datetime) -> Iterator[tuple[datetime, datetime]]:
    for years in range(1, YEARS_MAX + 1):
        at = datetime.combine(
            _in_year(now.astimezone(UTC).date(), now.year - years), now.astimezone(UTC).time(), UTC
        )
        yield at - timedelta(days=LATE_DAYS + 2), at + timedelta(days=2)


def _before(session: Session, members: Sequence[UUID]) -> dict[UUID, list[datetime]]:
    """The birthdays that were recorded for these members, and on accounts that became part of theirs."""
    owner = {one: one for one in members}
    level = list(owner)
    for _ in range(STEPS_MAX):
        merged = select(Merge.member_id, Merge.into_id).where(
            col(Merge.into_id).in_(level), col(Merge.undone_at).is_(None)
        )
        parts = {one: owner[into] for one, into in session.exec(merged) if one not in owner}
        if not parts:
            break
        owner |= parts
        level = list(parts)
    facts = select(FactRow.member_id, FactRow.occurred_at).where(
        col(FactRow.member_id).in_(owner), FactRow.source == OWN_SOURCE, FactRow.type == BIRTHDAY
    )
    found: dict[UUID, list[datetime]] = {}
    for member_id, at in session.exec(facts).all():
        found.setdefault(owner[member_id], []).append(at)
    return found


def _again(at: datetime, before: datetime) -> bool:
    return abs(at - before) < APART


def _lately(facts: list[Fact], now: datetime) -> list[Fact]:
    return [fact for fact in facts if fact.occurred_at > now - timedelta(days=LATE_DAYS)]


def _recorded(session: Session, facts: list[Fact], now: datetime) -> int:
    return sum(one.status == "recorded" for one in record(session, facts, now)) if facts else 0
