"""Browser sessions: an opaque token in a cookie, known to the database by its digest alone.

The token has 256 bits of chance, so a plain SHA-256 of it can neither be guessed nor turned back.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, LargeBinary, Text, Uuid, bindparam, case, cast, func, literal_column
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select, update

from facts.columns import Utc
from members.asking import part
from members.roles import MEMBER, ROLES, Person
from members.tables import BrowserSession, Outbox

MEMBER_DAYS = 90
STAFF_HOURS = 12
TOKEN_LENGTH_MAX = 128
SEEN_EVERY = timedelta(hours=1)
ASKER = "asker"


def digest(token: str) -> bytes:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def start(
    session: Session,
    person: Person,
    now: datetime,
    *,
    way: str = "",
    label: str = "",
    device: bytes | None = None,
) -> tuple[str, datetime]:
    """Open a session for `person`: the token for the cookie, and when it ends by itself.

    `way` is how they came in (`code`, `passkey`, `demo` …), `label` what they came with, as it is shown in their
    list of sessions, `device` the keyed hash of the browser's own cookie.
    """
    if person.role not in ROLES:
        raise ValueError(f"there is no role {person.role}")
    token = secrets.token_urlsafe(32)
    lasts = timedelta(days=MEMBER_DAYS) if person.role == MEMBER else timedelta(hours=STAFF_HOURS)
    row = BrowserSession(
        digest=digest(token),
        person=person.id,
        role=person.role,
        created_at=now,
        expires_at=now + lasts,
        way=way,
        label=label,
        seen_at=now,
        proved_at=now,
        device=device,
    )
    session.add(row)
    return token, row.expires_at


def topic(known: bytes) -> UUID:
    """What open pages hear of when the session with this digest ends."""
    return UUID(bytes=known[:16])


def possible(token: str) -> bool:
    """Whether it may be one of ours at all; what is not need not be looked up."""
    return 0 < len(token) <= TOKEN_LENGTH_MAX


def person_of(session: Session, token: str, now: datetime) -> Person | None:
    """Whose token this is, or None when it is unknown, over, or was ended."""
    if not possible(token):
        return None
    found = session.exec(
        select(BrowserSession.person, BrowserSession.role).where(
            BrowserSession.digest == digest(token),
            col(BrowserSession.revoked_at).is_(None),
            BrowserSession.expires_at > now,
        )
    ).first()
    return Person(*found) if found else None


def asker() -> tuple[Any, Any]:
    """Who asks, within a greater question: the member behind the token, and the part that says so (`asked_by`).

    The parameters are `digest`, of the token, and `now`. For staff, and for whoever has no session, the member is NULL.
    """
    at = aliased(BrowserSession, name="b")  # a short question is remembered
    dash, nothing, member = (literal_column(f"'{word}'", Text()) for word in ("-", "", MEMBER))
    plain = func.replace(col(at.person), dash, nothing)
    found = (
        select(cast(case((col(at.role) == member, plain)), Uuid()).label("id"), col(at.person), col(at.role))
        .where(
            col(at.digest) == bindparam("digest", type_=LargeBinary()),
            col(at.revoked_at).is_(None),
            col(at.expires_at) > bindparam("now", type_=Utc()),
        )
        .cte("me")
    )
    said = part(ASKER, kind=found.c.person, cause=found.c.role).select_from(found)
    return select(found.c.id).scalar_subquery(), said


def asked_by(rows: Sequence[Any]) -> Person | None:
    """The person whom a question with `asker` in it found."""
    return next((Person(row.kind, row.cause) for row in rows if row.what == ASKER), None)


def late(session: Session, digests: Sequence[bytes], now: datetime) -> list[bytes]:
    """Those of these sessions that are open, and were last written down as seen `SEEN_EVERY` ago or longer."""
    at = col(BrowserSession.seen_at)
    long_ago = at.is_(None) | (at <= now - SEEN_EVERY)
    mine = (col(BrowserSession.digest).in_(digests), col(BrowserSession.revoked_at).is_(None), long_ago)
    return list(session.exec(select(BrowserSession.digest).where(*mine)))


def touch(session: Session, digests: Sequence[bytes], now: datetime) -> int:
    """Write down that these sessions were in use, of each at most once in `SEEN_EVERY`; returns of how many."""
    found = late(session, digests, now)
    session.execute(update(BrowserSession).where(col(BrowserSession.digest).in_(found)).values(seen_at=now))
    return len(found)


def end(session: Session, token: str, now: datetime) -> None:
    """End the session of `token`; ending what is over already changes nothing."""
    _end(session, now, col(BrowserSession.digest) == digest(token))


def end_all(session: Session, person: Person, now: datetime) -> None:
    """End every session of `person`, on all devices."""
    _end(session, now, col(BrowserSession.person) == person.id, col(BrowserSession.role) == person.role)


def of(session: Session, person: Person, now: datetime) -> Sequence[BrowserSession]:
    """The sessions of `person` that are open, the newest first."""
    mine = (BrowserSession.person == person.id, BrowserSession.role == person.role)
    still = (col(BrowserSession.revoked_at).is_(None), BrowserSession.expires_at > now)
    return session.exec(
        select(BrowserSession).where(*mine, *still).order_by(col(BrowserSession.created_at).desc())
    ).all()


def ident_of(row: BrowserSession) -> str:
    """What a form names a session by; nobody comes in with it."""
    return row.digest.hex()[:24]


def end_one(session: Session, person: Person, ident: str, now: datetime) -> None:
    """End one session of `person` by its `ident`; another person's does not exist here."""
    for row in of(session, person, now):
        if ident_of(row) == ident:
            _end(session, now, col(BrowserSession.digest) == row.digest)


def end_way(session: Session, way: str, now: datetime) -> None:
    """End every session that was obtained in this way, whoever has it."""
    _end(session, now, col(BrowserSession.way) == way)


def end_others(session: Session, person: Person, token: str, now: datetime) -> None:
    """End every session of `person` but the one of `token`."""
    mine = (col(BrowserSession.person) == person.id, col(BrowserSession.role) == person.role)
    _end(session, now, *mine, col(BrowserSession.digest) != digest(token))


def _end(session: Session, now: datetime, *which: ColumnElement[bool]) -> None:
    """End them, and tell every process of it, so that the pages which are open with them are closed."""
    open_ones = col(BrowserSession.revoked_at).is_(None)
    ending = update(BrowserSession).where(*which, open_ones).values(revoked_at=now)
    ended = session.execute(ending.returning(col(BrowserSession.digest))).scalars().all()
    if ended:
        session.add(Outbox(members=" ".join(topic(one).hex for one in ended), at=now))
