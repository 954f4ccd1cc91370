"""The credential before it is signed: an Open Badges 3.0 `OpenBadgeCredential` on the VC Data Model 2.0."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from badges.credentials.award import BadgeAward, said
from badges.credentials.canon import BADGES, CREDENTIALS
from badges.credentials.issuer import Issuer

SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whose badge it is: a pseudonym for this credential alone, and the salted hash of what they are known by.

    `kind` is a word of Open Badges' IdentifierTypeEnum: `emailAddress`, or `accountId` for our own number.
    """

    pseudonym: UUID
    kind: str
    identity: str
    salt: str

    def says(self) -> dict[str, Any]:
        """The identity as a credential carries it."""
        return {
            "type": "IdentityObject",
            "hashed": True,
            "identityHash": identity_hash(self.identity, self.salt),
            "identityType": self.kind,
            "salt": self.salt,
        }


@dataclass(frozen=True, slots=True)
class Place:
    """Where a revocation would show: a bit in one of the shop's status lists."""

    list_number: int
    index: int


def identity_hash(identity: str, salt: str) -> str:
    """Open Badges' hash of an identity: SHA-256 of it and its salt."""
    return f"sha256${hashlib.sha256((identity + salt).encode()).hexdigest()}"


def credential(
    issuer: Issuer, credential_id: UUID, awarded: BadgeAward, to: Recipient, place: Place, language: str,
    list_suffix: str = "",
) -> dict[str, Any]:  # fmt: skip
    """The claims, in one language. `list_suffix` chooses the spelling of the status list that they point to."""
    address = issuer.credential(credential_id)
    made: dict[str, Any] = {
        "@context": [CREDENTIALS, BADGES],
        "id": address,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": said(awarded.title, language),
        "issuer": issuer.profile(),
        "validFrom": moment(awarded.awarded_at),
        "awardedDate": moment(awarded.awarded_at),
        "credentialSubject": _subject(issuer, awarded, to, language),
        "credentialStatus": _status(issuer.status_list(place.list_number, list_suffix), place.index),
    }
    if awarded.expires_at:
        made["validUntil"] = moment(awarded.expires_at)
    return made


def _subject(issuer: Issuer, awarded: BadgeAward, to: Recipient, language: str) -> dict[str, Any]:
    achievement: dict[str, Any] = {
        "id": issuer.achievement(awarded.slug, awarded.level),
        "type": ["Achievement"],
        "name": said(awarded.title, language),
        "description": said(awarded.description, language),
        "criteria": {"narrative": said(awarded.criteria, language)},
        "achievementType": "Badge",
        "humanCode": f"{awarded.slug}/{awarded.level}",
        "inLanguage": language,
    }
    if awarded.picture_url:
        achievement["image"] = {"id": awarded.picture_url, "type": "Image"}
    subject: dict[str, Any] = {
        "id": to.pseudonym.urn,
        "type": ["AchievementSubject"],
        "identifier": [to.says()],
        "achievement": achievement,
    }
    if awarded.edition is not None:
        of = f"/{awarded.edition_of}" if awarded.edition_of else ""
        subject["licenseNumber"] = f"{awarded.edition}{of}"
    return subject


def _status(address: str, index: int) -> dict[str, Any]:
    """Bitstring Status List 1.0, entry."""
    return {
        "id": f"{address}#{index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(index),
        "statusListCredential": address,
    }


def moment(when: datetime) -> str:
    """A moment as credentials write it: UTC, whole seconds, `Z`."""
    return when.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"
