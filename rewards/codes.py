"""Voucher codes: 80 bits of chance in letters that cannot be mistaken for each other, and a check character.

A code is kept in two forms only: a keyed digest, by which a till finds it, and sealed, so that its owner can
be shown it again. Who reads the database learns neither. Both keys come from the programme's secret. Codes of others
that were uploaded (`rewards.pool_tables`) are kept in the same two forms.
"""

from __future__ import annotations

import hashlib
import hmac

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U
CHANCE_BYTES = 10
NONCE_BYTES = 12
_SIGNS = CHANCE_BYTES * 8 // 5
_GROUPS = (4, 4, 4, 5)
_MEANT = str.maketrans("OIL", "011")


def code_from(chance: bytes) -> str:
    """The code of ten bytes of chance, as it is shown: `7XKQ-2M9D-VB40-HT3WE`."""
    if len(chance) != CHANCE_BYTES:
        raise ValueError(f"a code takes {CHANCE_BYTES} bytes of chance")
    number = int.from_bytes(chance, "big")
    signs = "".join(ALPHABET[number >> 5 * place & 31] for place in range(_SIGNS - 1, -1, -1))
    return shown(signs + check_sign(signs))


def check_sign(signs: str) -> str:
    """The check character (Luhn's algorithm modulo 32): finds every wrong sign and most swapped neighbours."""
    total = 0
    for place, sign in enumerate(reversed(signs)):
        value = ALPHABET.index(sign) * (2 if place % 2 == 0 else 1)
        total += value // 32 + value % 32
    return ALPHABET[-total % 32]


def shown(signs: str) -> str:
    """In groups, for reading aloud."""
    groups: list[str] = []
    at = 0
    for size in _GROUPS:
        groups.append(signs[at : at + size])
        at += size
    return "-".join(groups)


def meant(typed: str) -> str | None:
    """The signs that somebody meant who typed this, or None when it cannot be a code."""
    if len(typed) > 64:
        return None
    signs = "".join(typed.upper().replace("-", " ").split()).translate(_MEANT)
    if len(signs) != _SIGNS + 1 or any(sign not in ALPHABET for sign in signs):
        return None
    return signs if check_sign(signs[:-1]) == signs[-1] else None


def digest(signs: str, secret: bytes) -> bytes:
    """What a till finds a code by: HMAC-SHA256 of its signs (`meant`), with a key for this purpose alone."""
    return hmac.digest(_key(secret, b"find"), signs.encode(), "sha256")


def seal(code: str, owner: str, secret: bytes, nonce: bytes) -> bytes:
    """The code, sealed for its owner (AES-256-GCM); `nonce` is twelve bytes that are never used twice."""
    return nonce + AESGCM(_key(secret, b"seal")).encrypt(nonce, code.encode(), owner.encode())


def opened(sealed: bytes, owner: str, secret: bytes) -> str | None:
    """The code in what `seal` made; None when it was made for somebody else, or with another secret."""
    try:
        nonce, rest = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        return AESGCM(_key(secret, b"seal")).decrypt(nonce, rest, owner.encode()).decode()
    except (InvalidTag, ValueError):
        return None


def pool_digest(code: str, slug: str, secret: bytes) -> bytes:
    """What an uploaded code of a reward is known again by: HMAC-SHA256 of what it says, to the letter."""
    return hmac.digest(_key(secret, b"pool"), f"{slug}\n{code}".encode(), "sha256")


def _key(secret: bytes, purpose: bytes) -> bytes:
    return hmac.digest(secret, b"regulars reward code: " + purpose, hashlib.sha256)
