"""The one shape that our credentials have. What is shown to us is looked at with it before anything is computed.

The canonical form of hostile JSON-LD can cost any amount of time, and one statement can be spelt in many ways. A
credential of ours has these members and no others, so neither can happen: whatever differs is not as we made it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from badges.credentials.canon import BADGES, CREDENTIALS

TEXT_MAX = 20_000


@dataclass(frozen=True, slots=True)
class Only:
    """Exactly this value."""

    value: Any


@dataclass(frozen=True, slots=True)
class Maybe:
    """This, or nothing at all."""

    shape: Any


_PROOF = {
    "type": Only("DataIntegrityProof"),
    "cryptosuite": Only("eddsa-rdfc-2022"),
    "created": str,
    "verificationMethod": str,
    "proofPurpose": Only("assertionMethod"),
    "proofValue": str,
}
_IDENTITY = {
    "type": Only("IdentityObject"),
    "hashed": Only(True),
    "identityHash": str,
    "identityType": str,
    "salt": str,
}
_ACHIEVEMENT = {
    "id": str,
    "type": Only(["Achievement"]),
    "name": str,
    "description": str,
    "criteria": {"narrative": str},
    "achievementType": Only("Badge"),
    "humanCode": str,
    "inLanguage": str,
    "image": Maybe({"id": str, "type": Only("Image")}),
}
_BODY = {
    "@context": Only([CREDENTIALS, BADGES]),
    "id": str,
    "type": Only(["VerifiableCredential", "OpenBadgeCredential"]),
    "name": str,
    "issuer": {"id": str, "type": Only(["Profile"]), "name": str, "url": str},
    "validFrom": str,
    "awardedDate": str,
    "validUntil": Maybe(str),
    "credentialSubject": {
        "id": str,
        "type": Only(["AchievementSubject"]),
        "identifier": [_IDENTITY],
        "achievement": _ACHIEVEMENT,
        "licenseNumber": Maybe(str),
    },
    "credentialStatus": {
        "id": str,
        "type": Only("BitstringStatusListEntry"),
        "statusPurpose": Only("revocation"),
        "statusListIndex": str,
        "statusListCredential": str,
    },
}
DOCUMENT = {**_BODY, "proof": _PROOF}
PAYLOAD = {**_BODY, "iss": str, "jti": str, "nbf": int, "sub": str, "exp": Maybe(int)}


def fits(value: Any, shape: Any) -> bool:
    """Whether a decoded JSON value has this shape and nothing besides: `DOCUMENT`, or `PAYLOAD` of a token."""
    match shape:
        case Only(exact):
            return _same(value, exact)
        case Maybe(inner):
            return fits(value, inner)
        case dict():
            return isinstance(value, dict) and _members(
                cast("dict[str, Any]", value), cast("dict[str, Any]", shape)
            )
        case list():
            items = cast("list[Any]", value) if isinstance(value, list) else []
            return len(items) == 1 and fits(items[0], cast("list[Any]", shape)[0])
        case _:
            return type(value) is shape and (shape is not str or len(value) <= TEXT_MAX)


def _same(value: Any, exact: Any) -> bool:
    """Equal, and of one type: in Python `True == 1`."""
    return type(value) is type(exact) and value == exact


def _members(value: dict[str, Any], shape: dict[str, Any]) -> bool:
    needed = {name for name, inner in shape.items() if not isinstance(inner, Maybe)}
    return needed <= set(value) <= set(shape) and all(fits(value[name], shape[name]) for name in value)
