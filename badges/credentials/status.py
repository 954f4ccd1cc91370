"""Which credentials are revoked: W3C Bitstring Status List 1.0, one bit for each.

A list is as long as the standard asks at the least (131,072 bits), so that a look at it says little about whom it
was asked for. Indices are drawn by chance for the same reason.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from badges.credentials.canon import CREDENTIALS
from badges.credentials.document import moment
from badges.credentials.issuer import Issuer
from badges.credentials.keys import base64url, from_base64url

LENGTH = 131_072
CHANCE_BYTES = 4  # for an index; a power of two, so that every index is as likely as the others
VALID_FOR = timedelta(days=1)


def index_from(chance: bytes) -> int:
    """The index of four bytes of chance."""
    return int.from_bytes(chance, "big") % LENGTH


def encoded_list(revoked: Iterable[int]) -> str:
    """The list as its document carries it: bits from the left, gzip, multibase base64url."""
    bits = bytearray(LENGTH // 8)
    for index in revoked:
        bits[index // 8] |= 0x80 >> index % 8
    return "u" + base64url(gzip.compress(bytes(bits), mtime=0))


def is_set(encoded: str, index: int) -> bool:
    """Whether the bit of `index` is set in a list of ours."""
    bits = gzip.decompress(from_base64url(encoded.removeprefix("u")))
    return bool(bits[index // 8] & 0x80 >> index % 8)


def list_credential(
    issuer: Issuer, number: int, revoked: Iterable[int], now: datetime, suffix: str = ""
) -> dict[str, Any]:
    """The list `number` before it is signed, good for a day: an old copy cannot hide a revocation for longer."""
    address = issuer.status_list(number, suffix)
    return {
        "@context": [CREDENTIALS],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer.did,
        "validFrom": moment(now),
        "validUntil": moment(now + VALID_FOR),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": encoded_list(revoked),
        },
    }
