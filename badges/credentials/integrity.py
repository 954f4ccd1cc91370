"""Data Integrity proofs, cryptosuite `eddsa-rdfc-2022` (W3C Data Integrity EdDSA Cryptosuites 1.0, §3.2)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from badges.credentials import base58
from badges.credentials.canon import digest
from badges.credentials.document import moment
from badges.credentials.keys import SigningKey, genuine

SIGNATURE_BYTES = 64


def signed(document: dict[str, Any], key: SigningKey, method: str, now: datetime) -> dict[str, Any]:
    """The document with its proof; `method` is the key's published name."""
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": moment(now),
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
    }
    signature = key.sign(_data(document, proof))
    return {**document, "proof": {**proof, "proofValue": "z" + base58.encoded(signature)}}


def verified(document: dict[str, Any], public: bytes) -> bool:
    """Whether `public` signed this document as it is. Its shape has been checked (`shape.fits`)."""
    proof = {name: value for name, value in document["proof"].items() if name != "proofValue"}
    value: str = document["proof"]["proofValue"]
    bare = {name: value for name, value in document.items() if name != "proof"}
    try:
        signature = base58.decoded(value.removeprefix("z"))
        if len(signature) != SIGNATURE_BYTES or not value.startswith("z"):
            return False
        return genuine(public, signature, _data(bare, proof))
    except ValueError:
        return False


def _data(document: dict[str, Any], proof: dict[str, Any]) -> bytes:
    return digest({"@context": document["@context"], **proof}) + digest(document)
