"""What the shop publishes about its credentials, and what it says of one that is shown to it.

Checking opens no address: a credential of another issuer is named as such, and not looked into.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from badges.credentials import integrity, reading, status, tokens
from badges.credentials.document import identity_hash
from badges.credentials.issuer import TOKEN_SUFFIX, Issuer
from badges.credentials.keys import SigningKey
from badges.credentials.reading import Presented
from badges.credentials.shape import PAYLOAD, fits
from badges.credentials.tables import Credential, IssuerKey, StatusSlot
from members.actions.credentials import found
from members.issuer import present_key


class Finding(StrEnum):
    """What is to be said of a credential."""

    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"
    TAMPERED = "tampered"
    WITHDRAWN = "withdrawn"
    FOREIGN = "foreign"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Seen:
    """What a credential says, as we signed it. Moments are for the page to write."""

    credential_id: UUID
    issuer: str
    title: str
    description: str
    criteria: str
    language: str
    picture: str
    edition: str
    awarded_at: datetime
    expires_at: datetime | None
    identity: tuple[str, str, str]  # kind, hash, salt

    def belongs_to(self, identity: str) -> bool:
        """Whether it was given to this e-mail address."""
        _, hashed, salt = self.identity
        return identity_hash(identity.strip().lower(), salt) == hashed


@dataclass(frozen=True, slots=True)
class Verdict:
    """`seen` is None when nothing that was shown may be believed. `original`: the id under which ours is kept."""

    finding: Finding
    seen: Seen | None = None
    revoked_at: datetime | None = None
    foreign_issuer: str = ""
    original: UUID | None = None


def verify(session: Session, shown: Presented, issuer: Issuer, now: datetime) -> Verdict:
    """Whether this is a credential of ours, as we signed it, and good at `now`."""
    did, _, name = shown.method.partition("#")
    key = session.get(IssuerKey, name) if name else None
    ours = _ours(session, shown, issuer)
    if key is None or did != shown.issuer:
        if ours or shown.issuer in {"", issuer.did}:
            return Verdict(Finding.TAMPERED, original=ours)
        return Verdict(Finding.FOREIGN, foreign_issuer=shown.issuer[:200])
    if not _signed(shown, key.public):
        return Verdict(Finding.TAMPERED, original=ours)
    if key.withdrawn_at:
        return Verdict(Finding.WITHDRAWN)
    row = found(session, ours) if ours else None
    return _standing(row, now) if row else Verdict(Finding.UNKNOWN)


def look_up(session: Session, credential_id: UUID, now: datetime) -> Verdict | None:
    """The same for a credential that we keep, by its id; None when there is none."""
    row = found(session, credential_id)
    if row is None:
        return None
    key = session.get(IssuerKey, row.key_name)
    shown = reading.presented(row.document.encode())
    if key is None or not _signed(shown, key.public):
        return Verdict(Finding.TAMPERED)
    return Verdict(Finding.WITHDRAWN) if key.withdrawn_at else _standing(row, now)


def status_list(
    session: Session, issuer: Issuer, number: int, now: datetime, secret: bytes, *, token: bool
) -> str | None:
    """The list of revocations `number`, signed; None when there is none. Signed anew each hour, and when it changes."""
    if (
        session.exec(select(StatusSlot.list_index).where(StatusSlot.list_number == number).limit(1)).first()
        is None
    ):
        return None
    key = present_key(session, secret)
    if key is None:
        return None
    query = select(StatusSlot.list_index).where(
        StatusSlot.list_number == number, col(StatusSlot.revoked_at).is_not(None)
    )
    hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    return _signed_list(issuer, number, tuple(sorted(session.exec(query).all())), hour, key, token)


@lru_cache(maxsize=64)
def _signed_list(
    issuer: Issuer, number: int, revoked: tuple[int, ...], hour: datetime, key: SigningKey, token: bool
) -> str:
    method = issuer.method(key.name)
    if token:
        bare = status.list_credential(issuer, number, revoked, hour, TOKEN_SUFFIX)
        return tokens.issued(bare, key, method)
    signed = integrity.signed(status.list_credential(issuer, number, revoked, hour), key, method, hour)
    return json.dumps(signed, ensure_ascii=False)


def _signed(shown: Presented, public: bytes) -> bool:
    if not shown.ours:
        return False
    if shown.kind == "document":
        return integrity.verified(shown.claims, public)
    try:
        payload = tokens.verified(shown.text, public)
    except ValueError:
        return False
    return payload is not None and fits(json.loads(payload), PAYLOAD)


def _ours(session: Session, shown: Presented, issuer: Issuer) -> UUID | None:
    """The id that it bears, when a credential of ours has it."""
    named = shown.claims.get("id")
    if not isinstance(named, str):
        return None
    try:
        credential_id = UUID(named.rpartition("/")[2])
    except ValueError:
        return None
    return credential_id if found(session, credential_id) else None


def _standing(row: Credential, now: datetime) -> Verdict:
    seen = _seen(row)
    if row.revoked_at:
        return Verdict(Finding.REVOKED, seen, row.revoked_at, original=row.credential_id)
    expired = seen.expires_at is not None and seen.expires_at <= now
    return Verdict(Finding.EXPIRED if expired else Finding.VALID, seen, original=row.credential_id)


def _seen(row: Credential) -> Seen:
    claims: dict[str, Any] = json.loads(row.document)
    subject, until = claims["credentialSubject"], claims.get("validUntil")
    achievement, identity = subject["achievement"], subject["identifier"][0]
    return Seen(
        credential_id=row.credential_id,
        issuer=claims["issuer"]["name"],
        title=achievement["name"],
        description=achievement["description"],
        criteria=achievement["criteria"]["narrative"],
        language=achievement["inLanguage"],
        picture=achievement.get("image", {}).get("id", ""),
        edition=subject.get("licenseNumber", ""),
        awarded_at=datetime.fromisoformat(claims["awardedDate"]),
        expires_at=datetime.fromisoformat(until) if until else None,
        identity=(identity["identityType"], identity["identityHash"], identity["salt"]),
    )
