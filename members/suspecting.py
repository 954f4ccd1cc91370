"""Looking at a friend for what makes them look like somebody who was here already, and what follows for the rewards.

What is found is kept with the referral and only grows, each kind with the moment from which it could be seen: so it is
the same whatever came to be known first, and stays when the signs behind it are forgotten. Too much of it holds the
rewards of both until staff have decided; what they decided holds, unless something of another kind is found.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, tuple_
from sqlmodel import Session, col, select, update

from members.referral_tables import AGAIN, Brought, Referral
from members.suspicion_signs import HOLDERS_MAX
from members.suspicion_tables import OPEN, PAID, REFUSED, Sign, Suspicion
from members.tables import FactRow, Identity, Member
from rewards.referrals import Purchase, Step
from rewards.suspicions import FARMED, Seen, Signals, alike, counted, disposable, nth, plain_email, together

GENERATIONS = 5  # so far up and down the line of who brought whom people are compared
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Life:
    """What a friend did: all facts of their purchases, and what is left of those, net of what went back."""

    facts: Sequence[FactRow]
    made: Sequence[Purchase]


def look(
    session: Session, referral: Referral, friend: Sequence[UUID], sharer: Sequence[UUID], life: Life, signals: Signals
) -> Suspicion | None:  # fmt: skip
    """What was found of a friend by now; `friend` and `sharer` are all their accounts. None when there is nothing."""
    row = session.get(Suspicion, (referral.member_id, referral.referral_id), populate_existing=True)
    before = found_in(row) if row else {}
    family = [*sharer, *(one for line in lines(session, sharer).values() for one in line)]
    found = together(before, _signs(session, referral, friend, sharer, family, life, signals))
    if not found:
        return None
    if "velocity" in found and "velocity" not in before:
        _tell_the_others(session, referral, sharer, signals)
    row = row or Suspicion(member_id=referral.member_id, referral_id=referral.referral_id,
                           friend_id=referral.friend_id)  # fmt: skip
    row.found = json.dumps({kind: [since.isoformat(), many] for kind, (since, many) in sorted(found.items())})
    session.add(row)
    return row


def found_in(row: Suspicion) -> dict[str, Seen]:
    """What a row says was found."""
    kept: dict[str, tuple[str, int]] = json.loads(row.found)
    return {kind: (datetime.fromisoformat(since), many) for kind, (since, many) in kept.items()}


def judge(
    row: Suspicion | None, wanted: list[Step], signals: Signals, now: datetime
) -> tuple[list[Step], str]:
    """What stands of `wanted` after what was found, and why less does: `review`, `refused`, or ""."""
    due = next((step for step in wanted if step.kind == "rewarded"), None)
    if row is None:
        return wanted, ""
    if due is None:
        row.status = "" if row.status == OPEN else row.status
        return wanted, ""
    kinds = counted(found_in(row), signals, due.active_from)
    row.counted, heavy = " ".join(kinds), sum(kinds.values()) >= signals.threshold
    known = row.status == PAID and set(kinds) <= set(row.decided.split())
    if heavy and row.status not in (OPEN, REFUSED) and not known:
        row.status, row.opened_at = OPEN, now
    elif row.status == OPEN and not heavy:
        row.status = ""
    if row.status in (OPEN, REFUSED):
        left = [step for step in wanted if step.kind == "joined"]  # a badge may count what was bought
        return left, "review" if row.status == OPEN else "refused"
    return [_from(step, row.decided_at) if row.status == PAID else step for step in wanted], ""


def _from(step: Step, decided_at: datetime | None) -> Step:
    """Points that staff let go can be used from then on, so that nothing of their time is lost by waiting."""
    late = decided_at and step.active_from and step.active_from < decided_at
    return replace(step, active_from=decided_at) if late else step


def lines(session: Session, members: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """Who brought each, and who brought those, up to `GENERATIONS`."""
    found: dict[UUID, list[UUID]] = {one: [] for one in members}
    tops = {one: one for one in found}
    for _ in range(GENERATIONS):
        query = select(Brought.member_id, Brought.sharer_id).where(
            col(Brought.member_id).in_(set(tops.values()))
        )
        above = dict(session.exec(query).all())
        tops = {one: above[top] for one, top in tops.items() if top in above}
        for one, top in tops.items():
            found[one].append(top)
        if not tops:
            break
    return found


def _signs(
    session: Session, referral: Referral, friend: Sequence[UUID], sharer: Sequence[UUID], family: Sequence[UUID],
    life: Life, signals: Signals,
) -> Iterator[tuple[str, Seen]]:  # fmt: skip
    yield from _shared(session, friend, family, signals)
    yield from _named(session, referral, friend, family, signals)
    if hurried := _hurry(session, referral, sharer, signals):
        yield "velocity", hurried
    early = [one for one in life.made if one.at < referral.came_at]
    if early:
        yield "not_first", (referral.came_at, len(early))
    gone = _went_back(life)
    if (second := nth(gone, 2)) is not None:
        yield "returns", (second, len(gone))


# --- what several accounts have in common -----------------------------------------------------------------


def _shared(
    session: Session, friend: Sequence[UUID], family: Sequence[UUID], signals: Signals
) -> Iterator[tuple[str, Seen]]:
    """Signs that others have as well: those of the family, and, for a farm, of others who were brought.

    One browser of a family is a sign of its own; a card that pays for several friends is a farm, whoever brought them.
    """
    query = select(Sign.kind, Sign.digest, Sign.first_at).where(col(Sign.member_id).in_(friend))
    mine: dict[Key, datetime] = {}
    for kind, digest, at in session.exec(query):
        mine[kind, digest] = min(at, mine.get((kind, digest), at))
    if not mine:
        return
    theirs = _holders(session, mine, friend, family)
    above = lines(session, {who for *_, who, _ in theirs})
    kin = {who for who, line in above.items() if {*family, *friend} & set(line)} | set(family)
    times_of: dict[str, dict[UUID, datetime]] = {}
    farms: dict[UUID, datetime] = {}
    for kind, digest, who, since in theirs:
        both = max(since, mine[kind, digest])
        if who in kin:
            of_kind = times_of.setdefault(kind, {})
            of_kind[who] = min(both, of_kind.get(who, both))
        if kind in FARMED and above.get(who) and (kind == "payment" or who not in kin):
            farms[who] = min(both, farms.get(who, both))
    for kind, times in times_of.items():
        yield kind, (min(times.values()), len(times))
    many = nth(times_of.get("address", {}).values(), signals.crowd - 1)
    if many is not None:
        yield "crowd", (many, len(times_of["address"]) + 1)
    farmed = nth(farms.values(), 2)
    if farmed is not None:
        yield "farm", (farmed, len(farms) + 1)


def _holders(
    session: Session, mine: dict[Key, datetime], friend: Sequence[UUID], family: Sequence[UUID]
) -> list[tuple[str, str, UUID, datetime]]:
    """Who else has these signs. A network has too many for that: of those only the family is asked."""
    key, others = tuple_(col(Sign.kind), col(Sign.digest)), col(Sign.member_id).not_in(friend)
    which = key.in_(mine), others, or_(col(Sign.kind) != "network", col(Sign.member_id).in_(family))
    query = select(Sign.kind, Sign.digest, Sign.member_id, Sign.first_at).where(*which)
    return list(
        session.exec(query.order_by(col(Sign.first_at), col(Sign.member_id)).limit(HOLDERS_MAX)).all()
    )


def _named(
    session: Session, referral: Referral, friend: Sequence[UUID], family: Sequence[UUID], signals: Signals
) -> Iterator[tuple[str, Seen]]:
    """What their names and mailboxes say, as they have them now."""
    everybody = {*friend, *family}
    names = select(Member.member_id, Member.name).where(
        col(Member.member_id).in_(everybody), Member.name != ""
    )
    called = dict(session.exec(names).all())
    theirs = [called[one] for one in family if one in called]
    likely = sum(any(alike(called[one], name) for one in friend if one in called) for name in theirs)
    if likely:
        yield "name", (referral.came_at, likely)
    keys = select(Identity.member_id, Identity.key).where(col(Identity.member_id).in_(everybody),
                                                          col(Identity.key).startswith("email:"))  # fmt: skip
    mail = [(who, key.removeprefix("email:")) for who, key in session.exec(keys).all()]
    mine = [address for who, address in mail if who in friend]
    same = {plain_email(one) for one in mine} & {plain_email(one) for who, one in mail if who not in friend}
    if same:
        yield "email", (referral.came_at, 1)
    thrown = [one for one in mine if disposable(one, signals)]
    if thrown:
        yield "disposable", (referral.came_at, len(thrown))


# --- how they came, and what went back --------------------------------------------------------------------


def _spans(at: datetime) -> tuple[tuple[datetime, datetime], tuple[datetime, datetime]]:
    """The hour and the day of a moment, in UTC."""
    hour = at.replace(minute=0, second=0, microsecond=0)
    today = hour.replace(hour=0)
    return (hour, hour + timedelta(hours=1)), (today, today + timedelta(days=1))


def _hurry(session: Session, referral: Referral, sharer: Sequence[UUID], signals: Signals) -> Seen | None:
    """Since when too many friends of one member came in the same hour, or on the same day."""
    found: list[Seen] = []
    for (first, last), many in zip(
        _spans(referral.came_at), (signals.per_hour, signals.per_day), strict=True
    ):
        times = _came(session, sharer, first, last, many)
        if (reached := nth(times, many)) is not None:
            found.append((reached, len(times)))
    return min(found) if found else None


def _came(
    session: Session, sharer: Sequence[UUID], first: datetime, last: datetime, many: int
) -> list[datetime]:
    when = col(Referral.came_at)
    query = select(Referral.came_at).where(col(Referral.member_id).in_(sharer), when >= first, when < last)
    return list(session.exec(query.order_by(when).limit(many)).all())


def _tell_the_others(session: Session, referral: Referral, sharer: Sequence[UUID], signals: Signals) -> None:
    """Whoever came just before the many is looked at again, as long as it is only just many."""
    for (first, last), many in zip(
        _spans(referral.came_at), (signals.per_hour, signals.per_day), strict=True
    ):
        if many <= len(_came(session, sharer, first, last, many + 3)) <= many + 2:
            when = (col(Brought.came_at) >= first, col(Brought.came_at) < last)
            theirs = update(Brought).where(col(Brought.sharer_id).in_(sharer), *when)
            session.exec(theirs.values(seen_until=AGAIN), execution_options={"synchronize_session": "fetch"})


def _went_back(life: Life) -> list[datetime]:
    """When each order went back that is gone whole."""
    left = {one.name for one in life.made if one.amount > 0}
    back: dict[tuple[str, str], datetime] = {}
    for fact in life.facts:
        order = fact.object_id.removeprefix("order:")
        if fact.type in ("order.refunded", "order.cancelled") and f"{fact.source}|{order}" not in left:
            key = (fact.source, order)
            back[key] = max(fact.occurred_at, back.get(key, fact.occurred_at))
    return list(back.values())


__all__ = ["Life", "found_in", "judge", "lines", "look"]
