"""A security key made of software: it answers as WebAuthn says, and lies where a test asks it to."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import bytes_to_base64url as encoded
from webauthn.helpers import encode_cbor

PRESENT, VERIFIED, MADE = 0x01, 0x04, 0x40


@dataclass
class Authenticator:
    """One device with one passkey. `origin` and `host` are what the browser says; `verifies` is its lock."""

    origin: str
    host: str
    verifies: bool = True
    count: int = 0
    handle: bytes = b""
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    id: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    def make(self, options: dict[str, Any], **lie: Any) -> str:
        """The answer to `navigator.credentials.create`."""
        self.handle = options["user"]["id"].encode()
        numbers = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        made = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + encode_cbor(cose)
        said = encode_cbor({"fmt": "none", "attStmt": {}, "authData": self._data(MADE) + made})
        client = self._client("webauthn.create", options, lie)
        return self._answer({"clientDataJSON": encoded(client), "attestationObject": encoded(said)})

    def get(self, options: dict[str, Any], **lie: Any) -> str:
        """The answer to `navigator.credentials.get`."""
        self.count += lie.pop("step", 1)
        client, data = self._client("webauthn.get", options, lie), self._data(0)
        signed = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        response = {"clientDataJSON": encoded(client), "authenticatorData": encoded(data),
                    "signature": encoded(signed), "userHandle": self.handle.decode()}  # fmt: skip
        return self._answer({**response, **lie})

    def _client(self, kind: str, options: dict[str, Any], lie: dict[str, Any]) -> bytes:
        said = {"type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": False}
        return json.dumps(said | {name: lie.pop(name) for name in list(lie) if name in said}).encode()

    def _data(self, flags: int) -> bytes:
        flags |= PRESENT | (VERIFIED if self.verifies else 0)
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _answer(self, response: dict[str, Any]) -> str:
        name = encoded(self.id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})
