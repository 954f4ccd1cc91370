"""The audit: who did what to what, and why. Append-only, and chained by hash so that an edit shows.

What identifies a person goes in as an id, never as a name or an address: erasing somebody leaves the chain
whole. Rows are written one after the other (PostgreSQL: an advisory lock until commit; SQLite writes alone
anyway); staff do not act often enough for that to be felt. What somebody looked at is written once an hour.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from members.tables import Audit

ONE_AT_A_TIME = 0x4175646974  # a number of our own for PostgreSQL's advisory lock
START = bytes(32)


def audit(
    session: Session,
    actor: str,
    action: str,
    thing: str,
    detail: dict[str, Any],
    now: datetime,
    *,
    before: Any = None,
    after: Any = None,
) -> None:
    """Append a row in the caller's transaction. `actor` and `thing` are `<kind>:<id>`, `detail` is JSON.

    `before` and `after` say how a thing was and how it is now; they stand in the detail under these names.
    """
    if before is not None or after is not None:
        detail = {**detail, "before": before, "after": after}
    if session.get_bind().dialect.name == "postgresql":
        session.exec(select(func.pg_advisory_xact_lock(ONE_AT_A_TIME))).all()
    last = session.exec(select(Audit).order_by(col(Audit.seq).desc()).limit(1)).first()
    row = Audit(
        seq=(last.seq if last else 0) + 1,
        at=now.astimezone(UTC),
        actor=actor,
        action=action,
        object=thing,
        detail=json.dumps(detail, sort_keys=True, ensure_ascii=False, separators=(",", ":")),
        hash=START,
    )
    row.hash = link(last.hash if last else START, row)
    session.add(row)
    session.flush()


def seen(
    session: Session, actor: str, thing: str, what: str, now: datetime, detail: dict[str, Any] | None = None
) -> bool:
    """Note that somebody looked at personal data: once for each actor, thing and hour. Whether it was written.

    `what` is the action, such as `member.viewed`. Asked before the chain is locked, so looking again waits for nobody.
    """
    if was_seen(session, actor, thing, what, now):
        return False
    audit(session, actor, what, thing, detail or {}, now)
    return True


def was_seen(session: Session, actor: str, thing: str, what: str, now: datetime) -> bool:
    """Whether this look was noted in the hour of `now`."""
    hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    newest = select(Audit.at).where(Audit.object == thing, Audit.actor == actor, Audit.action == what)
    last = session.exec(newest.order_by(col(Audit.seq).desc()).limit(1)).first()
    return last is not None and last >= hour


def changes(before: dict[str, Any], after: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What differs between two states of a thing, as `audit` takes it: `before` and `after`, by name."""
    names = sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
    return {
        "before": {name: before.get(name) for name in names},
        "after": {name: after.get(name) for name in names},
    }


def link(before: bytes, row: Audit) -> bytes:
    """The hash of `row` as it follows the row with the hash `before`."""
    at = row.at.isoformat(timespec="microseconds")
    content = [row.seq, at, row.actor, row.action, row.object, row.detail]
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(before + text.encode()).digest()


def first_broken(session: Session) -> int | None:
    """The sequence number of the first row that is not as it was written, or None when all are."""
    before, expected = START, 1
    for row in session.exec(select(Audit).order_by(col(Audit.seq))).yield_per(1000):
        if row.seq != expected or row.hash != link(before, row):
            return expected
        before, expected = row.hash, expected + 1
    return None
