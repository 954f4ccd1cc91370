"""Keys of the HTTP API: shown once, kept as a digest, limited to scopes and to one source of events."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlmodel import Session, col, select, update

from facts.events import OWN_SOURCE
from facts.refusals import Refusal
from members.audit import audit
from members.tables import ApiKey

PREFIX = "rk_"
TOKEN_LENGTH_MIN, TOKEN_LENGTH_MAX = 32, 128


class Scope(StrEnum):
    """What a key is good for."""

    EVENTS_WRITE = "events:write"
    MEMBERS_READ = "members:read"
    CATALOGUE_READ = "catalogue:read"
    REDEEM = "redeem"
    SIMULATE = "simulate"


@dataclass(frozen=True, slots=True)
class Key:
    """A key that is good: its name, what it may do, and whose events (`source`) it speaks for."""

    name: str
    scopes: frozenset[str]
    source: str


def create(session: Session, name: str, scopes: list[Scope], source: str, actor: str, now: datetime) -> str:
    """Make a key; returns the token, which nobody can show again. A name is in use once only."""
    if not name or not scopes or not source:
        raise Refusal(
            "key_incomplete", "A key needs a name, one scope or more, and the source it speaks for."
        )
    if source == OWN_SOURCE:
        raise Refusal("key_source", "The source “{source}” is the programme's own.", source=source)
    if any(row.name == name and row.revoked_at is None for row in list_all(session)):
        raise Refusal("key_exists", "There is already a key named “{name}”.", name=name, status=409)
    token = PREFIX + secrets.token_urlsafe(32)
    words = " ".join(sorted(set(scopes)))
    session.add(ApiKey(digest=_digest(token), name=name, scopes=words, source=source, created_at=now))
    audit(session, actor, "key.created", f"key:{name}", {"scopes": words, "source": source}, now)
    return token


def may_be(token: str) -> bool:
    """Whether a token has the look of a key: its beginning, and neither shorter nor longer than one ever was."""
    return token.startswith(PREFIX) and TOKEN_LENGTH_MIN <= len(token) <= TOKEN_LENGTH_MAX and token.isascii()


def resolve(session: Session, token: str) -> Key | None:
    """The key behind a token, or None when there is none, or it was revoked."""
    if not may_be(token):
        return None
    row = session.exec(
        select(ApiKey).where(ApiKey.digest == _digest(token), col(ApiKey.revoked_at).is_(None))
    ).first()
    return Key(row.name, frozenset(row.scopes.split()), row.source) if row else None


def revoke(session: Session, name: str, actor: str, now: datetime) -> None:
    """End the key of this name. Refuses when there is none in use."""
    in_use = (col(ApiKey.name) == name, col(ApiKey.revoked_at).is_(None))
    ended = session.exec(update(ApiKey).where(*in_use).values(revoked_at=now))
    if not ended.rowcount:
        raise Refusal("key_unknown", "There is no key in use named “{name}”.", name=name, status=404)
    audit(session, actor, "key.revoked", f"key:{name}", {}, now)


def list_all(session: Session) -> list[ApiKey]:
    """All keys there ever were, oldest first; of the token only its digest is known."""
    return list(session.exec(select(ApiKey).order_by(col(ApiKey.created_at), col(ApiKey.name))))


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
