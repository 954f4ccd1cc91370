"""The issuer's key: Ed25519, sealed with the programme's secret where it is kept, published in two spellings.

A key is called by its thumbprint (RFC 7638), so a name says which key it is and never moves to another one.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from badges.credentials import base58

KEY_BYTES = 32
NONCE_BYTES = 12
ED25519_PUBLIC = b"\xed\x01"  # multicodec, as Multikey wants it before the key


class SigningKey:
    """A key that can sign. Made of 32 bytes of chance."""

    def __init__(self, private: bytes) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(private)
        self.public = self._private.public_key().public_bytes_raw()
        self.name = name_of(self.public)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SigningKey) and other.public == self.public

    def __hash__(self) -> int:
        return hash(self.public)

    def __repr__(self) -> str:
        return f"SigningKey({self.name})"

    def sign(self, data: bytes) -> bytes:
        """The signature (RFC 8032), 64 bytes; the same data give the same signature."""
        return self._private.sign(data)


def genuine(public: bytes, signature: bytes, data: bytes) -> bool:
    """Whether the key signed exactly these data."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True


def jwk(public: bytes) -> dict[str, str]:
    """The key as a JWK (RFC 8037)."""
    return {"crv": "Ed25519", "kty": "OKP", "x": base64url(public)}


def multikey(public: bytes) -> str:
    """The key as `publicKeyMultibase` of a Multikey (Controlled Identifiers 1.0)."""
    return "z" + base58.encoded(ED25519_PUBLIC + public)


def name_of(public: bytes) -> str:
    """The thumbprint of the key (RFC 7638)."""
    text = json.dumps(jwk(public), sort_keys=True, separators=(",", ":"))
    return base64url(hashlib.sha256(text.encode()).digest())


def seal(private: bytes, secret: bytes, nonce: bytes) -> bytes:
    """The private key, sealed (AES-256-GCM); `nonce` is twelve bytes that are never used twice."""
    return nonce + AESGCM(_sealing(secret)).encrypt(nonce, private, b"issuer key")


def opened(sealed: bytes, secret: bytes) -> SigningKey | None:
    """The key in what `seal` made; None with another secret than it was sealed with."""
    try:
        nonce, rest = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        return SigningKey(AESGCM(_sealing(secret)).decrypt(nonce, rest, b"issuer key"))
    except (InvalidTag, ValueError):
        return None


def _sealing(secret: bytes) -> bytes:
    return hmac.digest(secret, b"regulars credential key: seal", hashlib.sha256)


def base64url(data: bytes) -> str:
    """Base 64 for addresses, without padding (RFC 4648 §5)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes:
    """The bytes of a text in the one spelling that `base64url` gives; raises ValueError for any other."""
    data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if base64url(data) != text:
        raise ValueError("not in its one spelling")
    return data
