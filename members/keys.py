"""Keys of the HTTP API: shown once, kept as a digest, limited to scopes and to one source of events.

A key that is renewed stays good for `GRACE`, so that a shop's system can be given the new one without a gap.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, or_, select, update

from facts.events import OWN_SOURCE
from facts.language import N_
from facts.refusals import Refusal
from members.audit import audit
from members.tables import ApiKey

PREFIX = "rk_"
TOKEN_LENGTH_MIN, TOKEN_LENGTH_MAX = 32, 128
NAME_LENGTH_MAX, SOURCE_LENGTH_MAX = 60, 200
GRACE = timedelta(hours=24)
ONE_AT_A_TIME = 0x4B657973  # a number of our own for PostgreSQL's advisory lock
_PLAIN = re.compile(r"[\w.@:/#+-]+( [\w.@:/#+-]+)*")


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
    token, digest = fresh()
    put(session, digest, name, scopes, source, actor, now)
    return token


def fresh() -> tuple[str, bytes]:
    """A new token, and the digest that is kept of it."""
    token = PREFIX + secrets.token_urlsafe(32)
    return token, _digest(token)


def check(session: Session, name: str, scopes: list[Scope], source: str) -> None:
    """Refuse what is no key, and a name that is in use."""
    if not name or not scopes or not source:
        raise Refusal(
            "key_incomplete", N_("A key needs a name, one scope or more, and the source it speaks for.")
        )
    for box, text, most in (("name", name, NAME_LENGTH_MAX), ("source", source, SOURCE_LENGTH_MAX)):
        if len(text) > most or not _PLAIN.fullmatch(text):
            raise Refusal("key_malformed", N_("Write letters, digits and . @ : / # + - only, {most} at most."),
                          path=box, most=most)  # fmt: skip
    if source == OWN_SOURCE:
        raise Refusal("key_source", N_("The source “{source}” is the programme's own."), source=source)
    if in_use(session, name):
        raise Refusal("key_exists", N_("There is already a key named “{name}”."), name=name, status=409)


def put(session: Session, digest: bytes, name: str, scopes: list[Scope], source: str, actor: str, now: datetime,
        *, agreed_by: str = "") -> None:  # fmt: skip
    """Take a key into use whose token somebody holds already."""
    _alone(session)
    check(session, name, scopes, source)
    row = ApiKey(
        digest=digest, name=name, scopes=" ".join(sorted(set(scopes))), source=source, created_at=now
    )
    session.add(row)
    audit(session, actor, "key.created", f"key:{name}", _agreed(agreed_by), now, after=_said(row))


def renew(
    session: Session, digest: bytes, name: str, actor: str, now: datetime, *, agreed_by: str = ""
) -> None:
    """Put another key in the place of the one of this name; the old one is good for `GRACE` and no longer."""
    _alone(session)
    old = in_use(session, name)
    if old is None:
        raise _unknown(name)
    old.revoked_at = now + GRACE
    row = ApiKey(digest=digest, name=name, scopes=old.scopes, source=old.source, created_at=now)
    session.add_all([old, row])
    audit(session, actor, "key.renewed", f"key:{name}", _agreed(agreed_by), now,
          before=_said(old), after=_said(row))  # fmt: skip


def may_be(token: str) -> bool:
    """Whether a token has the look of a key: its beginning, and neither shorter nor longer than one ever was."""
    return token.startswith(PREFIX) and TOKEN_LENGTH_MIN <= len(token) <= TOKEN_LENGTH_MAX and token.isascii()


def resolve(session: Session, token: str, now: datetime) -> Key | None:
    """The key behind a token, or None when there is none, or its time is over."""
    if not may_be(token):
        return None
    row = session.exec(select(ApiKey).where(ApiKey.digest == _digest(token), _good(now))).first()
    return Key(row.name, frozenset(row.scopes.split()), row.source) if row else None


def revoke(session: Session, name: str, actor: str, now: datetime) -> None:
    """End the key of this name, and what is left of the one before it. Refuses when there is none in use."""
    rows = session.exec(
        select(ApiKey).where(ApiKey.name == name, _good(now)).order_by(col(ApiKey.created_at))
    ).all()
    if not rows:
        raise _unknown(name)
    before = _said(rows[-1])
    session.exec(update(ApiKey).where(col(ApiKey.name) == name, _good(now)).values(revoked_at=now))
    audit(session, actor, "key.revoked", f"key:{name}", {}, now, before=before)


def list_all(session: Session) -> list[ApiKey]:
    """All keys there ever were, oldest first; of the token only its digest is known."""
    return list(session.exec(select(ApiKey).order_by(col(ApiKey.created_at), col(ApiKey.name))))


def in_use(session: Session, name: str) -> ApiKey | None:
    """The key of this name that is neither ended nor renewed."""
    return session.exec(select(ApiKey).where(ApiKey.name == name, col(ApiKey.revoked_at).is_(None))).first()


def _good(now: datetime) -> ColumnElement[bool]:
    return or_(col(ApiKey.revoked_at).is_(None), col(ApiKey.revoked_at) > now)


def _said(row: ApiKey) -> dict[str, Any]:
    """A key as the audit has it: which one it is by the beginning of its digest, which opens nothing."""
    return {"scopes": row.scopes, "source": row.source, "key": row.digest.hex()[:12]}


def _agreed(by: str) -> dict[str, Any]:
    return {"agreed_by": by} if by else {}


def _unknown(name: str) -> Refusal:
    return Refusal("key_unknown", N_("There is no key in use named “{name}”."), name=name, status=404)


def _alone(session: Session) -> None:
    """Two who make a key of one name at once do not both. SQLite writes alone anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.exec(select(func.pg_advisory_xact_lock(ONE_AT_A_TIME))).all()


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
