"""The audit: who did what to what, and why. Append-only, and chained by hash so that an edit shows.

Where it ends is kept in a row of its own, signed with a key of the programme's secret: a tail that was cut off shows
too, and whoever can write to the database cannot say that it ended earlier. What can be noted elsewhere is `noted`.

What identifies a person goes in as an id, never as a name or an address: erasing somebody leaves the chain
whole. Rows are written one after the other (PostgreSQL: an advisory lock until commit; SQLite writes alone
anyway); staff do not act often enough for that to be felt. What somebody looked at is written once an hour.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from facts.refusals import Refusal
from members.tables import Audit, AuditHead, ProgrammeVersion

ONE_AT_A_TIME = 0x4175646974  # a number of our own for PostgreSQL's advisory lock
START = bytes(32)
HEAD = "audit"
NOTED_LENGTH, NUMBER_LENGTH_MAX = 32, 18  # hexadecimal digits (128 bits), decimal digits


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
    head = session.get(AuditHead, HEAD, populate_existing=True) or _first_head(session)
    key = _key(session)
    signs = key is not None and (head.seq == 0 or _genuine(head, key))  # what was forged is never signed over
    row = Audit(
        seq=head.seq + 1,
        at=now.astimezone(UTC),
        actor=actor,
        action=action,
        object=thing,
        detail=json.dumps(detail, sort_keys=True, ensure_ascii=False, separators=(",", ":")),
        hash=START,
    )
    row.hash = link(head.hash, row)
    head.seq, head.hash = row.seq, row.hash
    head.signature = _signed(head, key) if key and signs else b""
    session.add_all([row, head])
    session.flush()


def _first_head(session: Session) -> AuditHead:
    """The head of an audit that has none: an empty one, or one that somebody took the head off (and stays unsigned)."""
    last = session.exec(select(Audit).order_by(col(Audit.seq).desc()).limit(1)).first()
    return AuditHead(name=HEAD, seq=last.seq if last else 0, hash=last.hash if last else START, signature=b"")


def _key(session: Session) -> bytes | None:
    """The key that signs, where the session knows the secret (`session.info["sealed_with"]`, a function)."""
    secret: Callable[[], bytes] | None = session.info.get("sealed_with")
    return head_key(secret()) if secret else None


def head_key(secret: bytes) -> bytes:
    """The key of the head's signature, from the programme's secret."""
    return hmac.digest(secret, b"regulars audit: head", hashlib.sha256)


def _signed(head: AuditHead, key: bytes) -> bytes:
    return hmac.digest(key, f"{head.seq}:{head.hash.hex()}".encode(), hashlib.sha256)


def _genuine(head: AuditHead, key: bytes) -> bool:
    return hmac.compare_digest(head.signature, _signed(head, key))


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
    """The number of the first row that is not as it was written, or is gone; None when all are there."""
    before, number = START, 0
    for row in session.exec(select(Audit).order_by(col(Audit.seq))).yield_per(1000):
        if row.seq != number + 1 or row.hash != link(before, row):
            return number + 1
        before, number = row.hash, row.seq
    head = session.get(AuditHead, HEAD, populate_existing=True)
    if head is None:
        return number or None
    if head.seq == number:
        return None if head.hash == before else number
    return min(head.seq, number) + 1


def broken(session: Session, secret: bytes | None = None) -> str:
    """What is wrong with the audit, as a sentence for whoever runs the machine; "" when it holds.

    With the secret the signature is looked at as well.
    """
    row, head = first_broken(session), session.get(AuditHead, HEAD)
    if row is not None:
        if head is None:
            return f"audit {row}: where it ends is not known any more, the head is gone"
        there = session.get(Audit, row) is not None
        if there or session.exec(select(Audit.seq).where(col(Audit.seq) > row).limit(1)).first():
            return f"audit {row}: it is not as it was written, or one before it is gone"
        return f"audit {row}: the tail is cut off, the audit should end with {head.seq}"
    if head is not None and secret is not None and not _genuine(head, head_key(secret)):
        return f"audit {head.seq}: its head is not signed with this secret: it was put there, or the secret is another"
    return "audit 1: it was begun anew, what was before is gone" if _begun_anew(session) else ""


def _begun_anew(session: Session) -> bool:
    """Whether there is a programme, and no word of who began it: then the whole audit was taken away."""
    first = select(ProgrammeVersion.number).where(ProgrammeVersion.number == 1)
    told = select(Audit.seq).where(Audit.object == "programme:1", Audit.action == "programme.applied")
    return session.exec(first).first() is not None and session.exec(told.limit(1)).first() is None


def noted(session: Session) -> str:
    """Where the audit ends, as a line to be noted outside: its number and half of its hash; "" when it is empty."""
    head = session.get(AuditHead, HEAD)
    return f"{head.seq}:{head.hash.hex()[:NOTED_LENGTH]}" if head else ""


def had(session: Session, note: str) -> bool:
    """Whether the audit still has what was noted."""
    number, _, digits = note.strip().partition(":")
    if not number.isdecimal() or len(number) > NUMBER_LENGTH_MAX or len(digits) < NOTED_LENGTH:
        raise Refusal("note_malformed", "A noted head looks like 1234:0123456789abcdef0123456789abcdef.")
    row = session.get(Audit, int(number))
    return row is not None and row.hash.hex().startswith(digits.lower())


def sign(session: Session, secret: bytes) -> str:
    """Sign the head anew, after the secret was changed and the audit was looked at; returns what is to be noted."""
    head = session.get(AuditHead, HEAD)
    if head is None or first_broken(session) is not None:
        raise Refusal("audit_broken", "The audit is empty, or does not hold: it is not signed.", status=409)
    head.signature = _signed(head, head_key(secret))
    session.add(head)
    session.flush()
    return noted(session)
