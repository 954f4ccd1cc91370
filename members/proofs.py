"""What a browser has begun and another page ends: kept under the digest of a token in a cookie, used once, then gone.

One-time codes have more to them (`members.actions.codes`); here is what a provider or a passkey answers.
"""

from __future__ import annotations

import json
import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, delete, select

from members.sessions import digest, possible
from members.way_tables import Proof

LASTS = timedelta(minutes=10)


def begin(
    session: Session, purpose: str, data: dict[str, Any], now: datetime, *, lasts: timedelta = LASTS
) -> str:
    """Remember `data`; the token for the cookie."""
    token = secrets.token_urlsafe(32)
    text = json.dumps(data, ensure_ascii=False)
    session.add(
        Proof(digest=digest(token), purpose=purpose, data=text, created_at=now, expires_at=now + lasts)
    )
    return token


def look(session: Session, purpose: str, token: str, now: datetime) -> dict[str, Any] | None:
    """What was begun, left as it is; None when there is nothing (any more)."""
    if not possible(token):
        return None
    query = select(Proof.data).where(*_this(purpose, token, now))
    found = session.exec(query).first()
    return None if found is None else json.loads(found)


def end(session: Session, purpose: str, token: str, now: datetime) -> dict[str, Any] | None:
    """What was begun, for the first who asks: the row is deleted in the same statement."""
    if not possible(token):
        return None
    gone = delete(Proof).where(*_this(purpose, token, now)).returning(col(Proof.data))
    found = session.execute(gone, execution_options={"synchronize_session": False}).first()
    return None if found is None else json.loads(found[0])


def _this(purpose: str, token: str, now: datetime) -> tuple[Any, ...]:
    return Proof.digest == digest(token), Proof.purpose == purpose, col(Proof.expires_at) > now
