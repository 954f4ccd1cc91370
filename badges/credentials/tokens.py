"""The same credential as a token: VC-JWT as Open Badges 3.0 §8.2 has it, signed with EdDSA (RFC 8037).

The payload is the credential itself, with the registered claims beside its members.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, cast

from badges.credentials.keys import SigningKey, base64url, from_base64url, genuine

CLAIMS = ("iss", "jti", "nbf", "sub", "exp")
HEADER_BYTES_MAX = 1_000


def issued(document: dict[str, Any], key: SigningKey, method: str) -> str:
    """The token of a document that bears no proof; `method` is the key's published name."""
    header = {"alg": "EdDSA", "typ": "JWT", "kid": method}
    return _compact(header, {**document, **claims(document)}, key)


def claims(document: dict[str, Any]) -> dict[str, Any]:
    """The registered claims that repeat what the credential says (Open Badges 3.0 §8.2.4)."""
    issuer: Any = document["issuer"]
    found: dict[str, Any] = {
        "iss": issuer if isinstance(issuer, str) else issuer["id"],
        "jti": document["id"],
        "nbf": _seconds(document["validFrom"]),
        "sub": document["credentialSubject"]["id"],
    }
    if "validUntil" in document:
        found["exp"] = _seconds(document["validUntil"])
    return found


def key_named(token: str) -> str:
    """The `kid` of a token, which is nobody's word yet; raises ValueError for what is no token of our kind."""
    raw, _, _ = _parts(token)
    header: Any = json.loads(raw)
    if not isinstance(header, dict):
        raise ValueError("a header that is no object")
    found = cast("dict[str, Any]", header)
    if set(found) - {"alg", "typ", "kid"} or found.get("alg") != "EdDSA":
        raise ValueError("another header than ours")
    return str(found.get("kid", ""))


def verified(token: str, public: bytes) -> bytes | None:
    """The payload that `public` signed, as JSON text; None when it did not. Raises ValueError as `key_named`."""
    _, payload, signature = _parts(token)
    data = token.rpartition(".")[0].encode()
    return payload if genuine(public, signature, data) else None


def payload_of(token: str) -> bytes:
    """The payload of a token that nobody has checked; raises ValueError as `key_named`."""
    return _parts(token)[1]


def _parts(token: str) -> tuple[bytes, bytes, bytes]:
    if token.count(".") != 2:
        raise ValueError("no token")
    header, payload, signature = (from_base64url(part) for part in token.split("."))
    if len(header) > HEADER_BYTES_MAX:
        raise ValueError("a header that is too long")
    return header, payload, signature


def _compact(header: dict[str, Any], payload: dict[str, Any], key: SigningKey) -> str:
    """JWS compact serialization (RFC 7515 §7.1)."""
    parts = [
        base64url(json.dumps(part, ensure_ascii=False, separators=(",", ":")).encode())
        for part in (header, payload)
    ]
    data = ".".join(parts)
    return f"{data}.{base64url(key.sign(data.encode()))}"


def _seconds(when: str) -> int:
    return int(datetime.fromisoformat(when).timestamp())
