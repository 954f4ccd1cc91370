"""Browser sessions: an opaque token in a cookie, known to the database by its digest alone.

The token has 256 bits of chance, so a plain SHA-256 of it can neither be guessed nor turned back.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select, update

from members.roles import MEMBER, ROLES, Person
from members.tables import BrowserSession

MEMBER_DAYS = 90
STAFF_HOURS = 12
TOKEN_LENGTH_MAX = 128


def digest(token: str) -> bytes:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def start(session: Session, person: Person, now: datetime) -> tuple[str, datetime]:
    """Open a session for `person`: the token for the cookie, and when it ends by itself."""
    if person.role not in ROLES:
        raise ValueError(f"there is no role {person.role}")
    token = secrets.token_urlsafe(32)
    lasts = timedelta(days=MEMBER_DAYS) if person.role == MEMBER else timedelta(hours=STAFF_HOURS)
    row = BrowserSession(
        digest=digest(token), person=person.id, role=person.role, created_at=now, expires_at=now + lasts
    )
    session.add(row)
    return token, row.expires_at


def person_of(session: Session, token: str, now: datetime) -> Person | None:
    """Whose token this is, or None when it is unknown, over, or was ended."""
    if not token or len(token) > TOKEN_LENGTH_MAX:
        return None
    found = session.exec(
        select(BrowserSession.person, BrowserSession.role).where(
            BrowserSession.digest == digest(token),
            col(BrowserSession.revoked_at).is_(None),
            BrowserSession.expires_at > now,
        )
    ).first()
    return Person(*found) if found else None


def end(session: Session, token: str, now: datetime) -> None:
    """End the session of `token`; ending what is over already changes nothing."""
    _end(session, now, col(BrowserSession.digest) == digest(token))


def end_all(session: Session, person: Person, now: datetime) -> None:
    """End every session of `person`, on all devices."""
    _end(session, now, col(BrowserSession.person) == person.id, col(BrowserSession.role) == person.role)


def _end(session: Session, now: datetime, *which: ColumnElement[bool]) -> None:
    open_ones = col(BrowserSession.revoked_at).is_(None)
    session.exec(update(BrowserSession).where(*which, open_ones).values(revoked_at=now))
