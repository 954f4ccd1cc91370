"""Who issues: the shop, as `did:web` of its public address; what it publishes about itself and its keys.

The addresses of everything that a credential names are made here, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import NAMESPACE_URL, UUID, uuid5

from badges.credentials.keys import jwk, multikey, name_of

DID_CONTEXT = ("https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1")
JSON_SUFFIX, TOKEN_SUFFIX, PICTURE_SUFFIX = ".json", ".jwt", ".png"


@dataclass(frozen=True, slots=True)
class Issuer:
    """The shop: the address that members type (without a slash at its end), and its name."""

    address: str
    name: str

    @property
    def did(self) -> str:
        """Its decentralised identifier (did:web), which leads to its keys."""
        parts = urlsplit(self.address)
        port = f"%3A{parts.port}" if parts.port else ""
        path = [quote(part, safe="") for part in parts.path.split("/") if part]
        return ":".join(["did", "web", f"{parts.hostname}{port}", *path])

    def method(self, key_name: str) -> str:
        """What a signature names as the key that made it."""
        return f"{self.did}#{key_name}"

    def credential(self, credential_id: UUID) -> str:
        """The address, and the id, of a credential."""
        return f"{self.address}/credentials/{credential_id}"

    def status_list(self, number: int, suffix: str = "") -> str:
        """The address of a list of revocations: a document, or with `.jwt` a token."""
        return f"{self.address}/credentials/status/{number}{suffix}"

    def achievement(self, slug: str, level: int) -> str:
        """What this badge at this level is called, for ever."""
        return uuid5(NAMESPACE_URL, f"{self.address}/badges/{slug}/{level}").urn

    def profile(self) -> dict[str, Any]:
        """The issuer as credentials carry it (Open Badges 3.0, Profile)."""
        return {"id": self.did, "type": ["Profile"], "name": self.name, "url": self.address}


def did_document(issuer: Issuer, keys: Sequence[bytes]) -> dict[str, Any]:
    """What `did:web` leads to: all keys that ever signed and are good still, the present one first."""
    methods = [
        {
            "id": issuer.method(name_of(key)),
            "type": "Multikey",
            "controller": issuer.did,
            "publicKeyMultibase": multikey(key),
        }
        for key in keys
    ]
    return {
        "@context": [*DID_CONTEXT],
        "id": issuer.did,
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }


def jwks(issuer: Issuer, keys: Sequence[bytes]) -> dict[str, Any]:
    """The same keys as a JWK Set (RFC 7517), by the names that tokens use."""
    return {
        "keys": [
            {**jwk(key), "kid": issuer.method(name_of(key)), "alg": "EdDSA", "use": "sig"} for key in keys
        ]
    }
