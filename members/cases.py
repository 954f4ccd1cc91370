"""Cases: what guards hold back, gathered for staff. One open case of a member and guard, however many facts come."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from members import sets
from members.case_tables import GONE, OPEN, REJECTED, HeldCase, HeldFact

COLUMNS = (
    "member_id", "guard", "number", "status", "facts", "since", "until", "opened_at", "decided_at", "actor", "reason",
)  # fmt: skip
KEY = ("member_id", "guard", "number")
Name = tuple[UUID, str]


def evidence(case: HeldCase) -> str:
    """What a case is about just now, as short as it can be said: whoever decides has seen this, or looks again."""
    return f"{case.status} {case.facts} {case.since.isoformat()} {case.until.isoformat()}"


def follow(
    session: Session, held: Sequence[tuple[Any, ...]], replayed: Collection[UUID], now: datetime
) -> None:
    """Let the cases say what is held now: `held` are the rows that a batch has written.

    Those whose history was `replayed` are counted anew; for the others what is new is added.
    """
    members = {row[0] for row in held} | set(replayed)
    if not members:
        return
    moments: dict[Name, list[datetime]] = {}
    for member_id, _, _, guard, at in held:
        if member_id not in replayed:
            moments.setdefault((member_id, guard), []).append(at)
    for row in _held(session, replayed):
        moments.setdefault((row[0], row[1]), []).append(row[2])
    cases: dict[Name, list[HeldCase]] = {}
    for case in session.exec(
        select(HeldCase).where(col(HeldCase.member_id).in_(members)).order_by(col(HeldCase.number))
    ):
        session.expunge(case)
        cases.setdefault((case.member_id, case.guard), []).append(case)
    names = sorted(moments.keys() | {name for name in cases if name[0] in replayed})
    rows = list[tuple[Any, ...]]()
    for name in names:
        rows += _changed(name, moments.get(name, []), cases.get(name, []), name[0] in replayed, now)
    sets.write(session, [sets.upserted(HeldCase, COLUMNS, rows, KEY)])


def _held(session: Session, member_ids: Collection[UUID]) -> Sequence[Any]:
    if not member_ids:
        return ()
    query = select(HeldFact.member_id, HeldFact.guard, HeldFact.at).where(
        col(HeldFact.member_id).in_(member_ids)
    )
    return session.exec(query).all()


def _changed(
    name: Name, moments: list[datetime], cases: list[HeldCase], anew: bool, now: datetime
) -> list[tuple[Any, ...]]:
    """The rows of a guard's cases that are not as they were."""
    rows: list[tuple[Any, ...]] = []
    for case in cases:
        if case.status == REJECTED:
            inside = [at for at in moments if case.since <= at <= case.until]
            moments = [at for at in moments if not case.since <= at <= case.until]
            count = len(inside) if anew else case.facts + len(inside)
            if count != case.facts:
                rows.append(_row(case, facts=count))
    case = next((case for case in cases if case.status == OPEN), None)
    if not moments:
        return [*rows, _row(case, status=GONE, facts=0)] if case and anew else rows
    since, until, facts = min(moments), max(moments), len(moments)
    if case is None:
        number = max((case.number for case in cases), default=0) + 1
        return [*rows, (*name, number, OPEN, facts, since, until, now, None, "", "")]
    if not anew:
        since, until, facts = min(since, case.since), max(until, case.until), facts + case.facts
    if (since, until, facts) == (case.since, case.until, case.facts):
        return rows
    return [*rows, _row(case, since=since, until=until, facts=facts)]


def _row(case: HeldCase, **changed: Any) -> tuple[Any, ...]:
    return tuple(changed.get(name, getattr(case, name)) for name in COLUMNS)
